"""A district as one GeoPackage that QGIS opens and edits."""
