"""A district from OpenStreetMap."""
