"""Geometries as layers of a district have them."""

from __future__ import annotations

import numpy as np
import shapely


def plain_shapes(shapes: np.ndarray) -> np.ndarray:
    """Drop heights, and turn multi-part shapes of a single part into that part.

    Parameters
    ----------
    shapes
        Shapely geometries, shape (n,); None stays.

    Examples
    --------
    >>> plain_shapes(shapely.from_wkt(["MULTIPOINT Z (1 2 3)"])).tolist()
    [<POINT (1 2)>]
    """
    flat = shapely.force_2d(shapes)
    single = (shapely.get_type_id(flat) >= shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(flat) == 1
    )
    flat[single] = shapely.get_geometry(flat[single], 0)
    return flat
