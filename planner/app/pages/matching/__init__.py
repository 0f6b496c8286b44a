"""Needs and places: residents' needs matched with places that have room."""
