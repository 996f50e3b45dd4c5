"""The regression gate: recorded figures, checked on the same seeds, honest about what it cannot tell."""
