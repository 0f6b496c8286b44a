"""One district out of many: a workspace assessed by its path alone, in any process.

What runs many of them side by side (Dask, joblib, a cluster) sends a path and gets a small table
back, so that neither streets nor distances travel between processes.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.district import Standard
from planner.result import assess
from planner.sources import read_district

COLUMNS = ("kind", "limit_m", "total", "uncovered", "unknown", "share")
"""Columns taken from the summary, ``total`` in the place of the group's name there."""


def assess_workspace(
    path: str | Path, standard: str | Path | Standard | None = None, *, group: str | None = None
) -> pd.DataFrame:
    """Return the figures of one workspace: a row for each kind that its standard judges.

    It changes nothing, prints nothing and needs nothing but its arguments; what it raises can be
    sent between processes. So it may be handed to any library that works through a list.

    Parameters
    ----------
    path
        A workspace GeoPackage.
    standard
        As of :func:`planner.assess`: the district's own, else GB 50180-2018, where none is given.
    group
        People column that is counted, judged by its own limit; the total where none is given.

    Returns
    -------
    DataFrame
        ``workspace`` (the path), ``district`` (its name), ``demand_unit`` (one of
        :data:`planner.district.DEMAND_UNITS`: what is counted), ``kind``, ``limit_m`` in metres,
        ``total``, ``uncovered`` and ``unknown`` in that unit, ``share`` within the limit of those
        known, and ``gaps``, their number. Figures of several units add up to nothing.

    Raises
    ------
    MissingFileError, InputError
        As :func:`planner.read_district` and :func:`planner.assess`; ``analysis.nothing_judged``
        where the standard judges no kind of which there is data.
    """
    district = read_district(path)
    result = assess(district, standard, groups=None if group is None else [group])
    rows = result.summary()
    rows = rows[rows["judged"].fillna(False).astype(bool)].rename(
        columns={result.groups[0]: "total"}
    )
    gaps = result.gaps(group=group)["kind"].value_counts()
    table = rows[rows["group"] == result.groups[0]][list(COLUMNS)].reset_index(drop=True)
    table.insert(0, "demand_unit", result.demand_unit)
    table.insert(0, "district", district.name)
    table.insert(0, "workspace", str(path))
    return table.assign(gaps=table["kind"].map(gaps).fillna(0).astype("int64"))
