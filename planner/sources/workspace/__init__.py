"""A district as one GeoPackage that QGIS opens and edits.

The file holds a table for each layer that has rows, a ``provenance`` table (layer, source, date,
licence, attribution) and a ``planner_metadata`` table (key, value as JSON). Findings of the
validation are not kept: they are drawn anew from the layers, which may have been edited.
"""
