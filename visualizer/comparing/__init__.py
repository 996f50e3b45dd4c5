"""Two runs side by side on one clock: where they part, what it changes, one order's two stories."""
