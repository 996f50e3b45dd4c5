"""What keys, mouse and buttons ask for, and the clock of the window."""
