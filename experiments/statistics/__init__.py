"""Statistical procedures over replications: pure functions of numbers, with the sources they come from."""
