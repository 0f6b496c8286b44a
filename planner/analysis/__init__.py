"""Measures of a district on its street network."""
