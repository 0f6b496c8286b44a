"""Allocation: needs matched with places that have room, and what more room is worth."""
