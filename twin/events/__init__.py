"""The only language spoken out of the twin: catalogue, columns, stream, journal."""
