"""Gaps and causes: where people lack facilities and why, a ranked list beside the map."""
