"""A layer of a workspace brought up to date from a newer file: compared, taken, taken back."""
