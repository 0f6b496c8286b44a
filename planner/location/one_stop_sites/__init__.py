"""One-stop sites: several kinds share buildings under one budget."""
