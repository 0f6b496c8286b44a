"""Verbs that say who lacks what, and how sure that is."""
