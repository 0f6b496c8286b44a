"""Where in a gap one would build, before places are weighed against each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.district import District

__all__ = ["middle_home"]


def middle_home(district: District, demand_ids: Sequence[str], group: str) -> tuple[float, float]:
    """Return the place of the home nearest to the middle of some, by whom they hold.

    Parameters
    ----------
    district
        The district.
    demand_ids
        Ids of the homes.
    group
        Column of those counted.

    Returns
    -------
    Its coordinates in the district's CRS, to the centimetre.
    """
    homes = district.demand[district.demand["demand_id"].isin(demand_ids)]
    xy = np.column_stack([homes.geometry.x, homes.geometry.y])
    weight = homes[group].fillna(0.0).to_numpy(dtype=np.float64)
    centre = np.average(xy, axis=0, weights=weight if weight.sum() > 0 else None)
    x, y = xy[np.hypot(*(xy - centre).T).argmin()].round(2).tolist()
    return x, y
