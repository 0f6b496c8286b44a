"""Whether a place lies in mainland China, by a coarse outline."""

from __future__ import annotations

import numpy as np

from planner.arrays import F64, Bool

# (south, west, north, east) in degrees. A coarse outline of mainland China: land in a rectangle
# of the first list and in none of the second. Near a border either CRS is a sound choice.
_CHINA = (
    (42.8899, 79.4462, 49.2204, 96.3300),
    (39.3742, 109.6872, 54.1415, 135.0002),
    (29.5297, 73.1246, 42.8899, 124.1433),
    (26.7186, 82.9684, 29.5297, 97.0352),
    (20.4141, 97.0253, 29.5297, 124.3674),
    (17.8715, 107.9758, 20.4141, 111.7441),
)
_NOT_CHINA = (
    (21.7850, 119.9213, 25.3986, 122.4976),
    (20.0988, 101.8652, 22.2840, 106.6650),
    (20.4878, 106.4525, 21.5422, 108.0510),
    (50.3257, 109.0323, 55.8175, 119.1270),
    (49.5574, 127.4568, 55.8175, 137.0227),
    (42.5692, 131.2662, 44.8922, 137.0227),
)


def in_mainland_china(lon: float, lat: float) -> bool:
    """Return whether a place lies in the coarse outline of mainland China.

    Parameters
    ----------
    lon, lat
        Degrees.

    Examples
    --------
    >>> in_mainland_china(114.93, 25.85), in_mainland_china(24.94, 60.17)
    (True, False)
    """
    return bool(mainland_china(np.asarray([lon]), np.asarray([lat]))[0])


def mainland_china(lon: F64, lat: F64) -> Bool:
    """Return which places lie in the coarse outline of mainland China, as `in_mainland_china`."""

    def inside(boxes: tuple[tuple[float, float, float, float], ...]) -> Bool:
        found = np.zeros(lon.shape, dtype=np.bool_)
        for south, west, north, east in boxes:
            found |= (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
        return found

    return inside(_CHINA) & ~inside(_NOT_CHINA)
