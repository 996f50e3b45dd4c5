"""Pictures, films and pages of a run, with or without a window."""
