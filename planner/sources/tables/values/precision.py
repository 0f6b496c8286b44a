"""How exactly a table tells its places: degrees with few decimals are off by hundreds of metres."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.errors import Finding
from planner.sources.tables.values.coordinates import Spots

COARSE_DECIMALS = 3
"""Degrees with no more decimals are told: a third decimal is a hundred metres."""

FEW_ROWS = 5
"""Of fewer places nothing is said, since they may be round by chance."""

_METRES = 111_320.0


def coarse_findings(spots: Spots, file: str) -> Iterator[Finding]:
    """Tell of degrees that are written with so few decimals that a short walk cannot be judged.

    Parameters
    ----------
    spots
        Places that are settled.
    file
        Its name.
    """
    if spots.crs is None or not spots.crs.is_geographic:
        return
    values = np.concatenate([spots.x, spots.y])
    values = values[np.isfinite(values)]
    if len(values) < 2 * FEW_ROWS:
        return
    for decimals in range(COARSE_DECIMALS + 1):
        scaled = values * 10.0**decimals
        if np.abs(scaled - np.rint(scaled)).max() < 1e-6:
            metres = round(_METRES * 10.0**-decimals / 2 * 2**0.5)
            params = {"file": file, "decimals": decimals, "metres": metres}
            yield Finding("tables.coarse_coordinates", params)
            return
