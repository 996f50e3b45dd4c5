"""Figures at any time, equal to those of the run's observers at the same instant."""
