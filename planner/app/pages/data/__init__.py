"""Data: the layers and where they come from, corrections, districts of one's own, files to take."""
