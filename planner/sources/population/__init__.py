"""Residents from totals of communities, from grids and rasters: spread over homes, or streets."""
