"""Residents' needs matched with places, and where more room helps."""
