"""Columns of a table that nobody reads, and what their headers and cells say all the same."""
