"""Pure folds of the stream: what came out of a run. An observer reads chunks and never answers."""
