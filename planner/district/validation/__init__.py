"""Layers checked against the table of columns, and whether they still are what was checked."""
