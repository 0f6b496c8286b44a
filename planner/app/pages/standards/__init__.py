"""Standards: all of them, two side by side, and one's own in a table."""
