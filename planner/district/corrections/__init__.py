"""Corrections of facilities by hand."""
