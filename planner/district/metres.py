"""How true the metres of a projected coordinate reference system are."""

from __future__ import annotations

import math

import numpy as np
from pyproj import CRS, Proj

from planner.district.transformers import transformer


def metre_error(crs: CRS, x: float, y: float) -> float:
    """Return the share by which a metre of a projected CRS errs at a place.

    Parameters
    ----------
    crs
        Projected CRS.
    x, y
        The place in `crs`.

    Returns
    -------
    The worse of the two scale factors' distances from 1, with the unit of length counted in;
    infinite where the CRS has no scale factor there.

    Examples
    --------
    >>> round(metre_error(CRS.from_epsg(3857), 12_793_000, 2_980_000), 2)
    0.11
    """
    lon, lat = transformer(crs, crs.geodetic_crs).transform(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return math.inf
    factors = Proj(crs).get_factors(lon, lat)
    unit = crs.axis_info[0].unit_conversion_factor
    scales = np.array([factors.meridional_scale, factors.parallel_scale]) / unit
    worst = float(np.abs(scales - 1).max())
    return worst if math.isfinite(worst) else math.inf
