"""Points with columns from tables and vector files."""
