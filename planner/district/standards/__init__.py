"""Standards: how they are made, read, written and laid side by side."""
