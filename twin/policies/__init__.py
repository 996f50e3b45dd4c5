"""The decisions: one module per family, each with its snapshot, its decision, its rules and its named policies."""
