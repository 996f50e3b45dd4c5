"""The floor on paper: where things are, and how far it is from one to another."""
