"""What every map stands on: its ground, its files, how coordinates become layers."""
