"""Verbs that propose what to build, open, move or close."""
