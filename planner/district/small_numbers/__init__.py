"""Counts of groups that are withheld where few would be known."""
