"""Licence and credit of OpenStreetMap's data, by whichever door they come."""

ODBL = "ODbL 1.0"
OSM_CREDIT = "© OpenStreetMap contributors"
