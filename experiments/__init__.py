"""The room of the experiments: studies, comparisons and gates over runs."""
