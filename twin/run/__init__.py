"""The composition root: scenario, seed, policies, commands and observers in; a run and its result out."""
