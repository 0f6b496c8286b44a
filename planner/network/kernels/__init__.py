"""The compiled loops: integers in, integers out; nothing in here checks its input."""
