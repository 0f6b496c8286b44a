"""How true the metres of a projected coordinate reference system are."""

from __future__ import annotations

import math

import numpy as np
from pyproj import CRS

from planner.district.transformers import transformer

STEP_M = 50.0
"""So far to both sides of a place its metres are tried."""

_DIRECTIONS = np.deg2rad([0.0, 45.0, 90.0, 135.0])


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
    How far the lengths of the CRS, in its unit, are from true metres in the worst direction: 0.11
    where what it calls 111 is 100 m; infinite where the place does not lie on the globe.

    Notes
    -----
    Lengths are asked of geodesics on the ellipsoid of the CRS (Karney, 2013, "Algorithms for
    geodesics"), since PROJ tells no scale factors of some projections.

    Examples
    --------
    >>> round(metre_error(CRS.from_epsg(3857), 12_793_000, 2_980_000), 2)
    0.12
    """
    geodetic, geod = crs.geodetic_crs, crs.get_geod()
    if geodetic is None or geod is None:
        return math.inf
    # both ends of a walk across the place in each direction, held against the ground between them
    east, north = STEP_M * np.cos(_DIRECTIONS), STEP_M * np.sin(_DIRECTIONS)
    ends_x, ends_y = np.append(x - east, x + east), np.append(y - north, y + north)
    lon, lat = (np.asarray(each) for each in transformer(crs, geodetic).transform(ends_x, ends_y))
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        return math.inf
    first, last = np.split(np.arange(len(lon)), 2)
    ground = geod.inv(lon[first], lat[first], lon[last], lat[last])[2]
    with np.errstate(divide="ignore"):
        worst = float(np.abs(2 * STEP_M / np.asarray(ground) - 1).max())
    return worst if math.isfinite(worst) else math.inf
