"""One large network asked tile by tile, with the same answers."""
