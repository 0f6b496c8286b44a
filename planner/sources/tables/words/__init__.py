"""Words of a file that stand for a kind, a state, an hour, yes or no."""
