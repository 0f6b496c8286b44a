"""Maximal covering: most demand covered by so many sites, or for so much money."""
