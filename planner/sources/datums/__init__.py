"""Coordinates of Chinese map services: converted, recognised, and told."""
