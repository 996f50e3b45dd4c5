"""A recorded run as one file that a browser replays without a network."""
