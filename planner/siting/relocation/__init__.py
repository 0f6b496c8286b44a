"""Existing facilities moved or closed."""
