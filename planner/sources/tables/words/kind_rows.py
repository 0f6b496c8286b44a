"""Rows that name several kinds: one facility for each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import Bool, Objects
from planner.errors import Finding
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.ids import read_ids

_ROWS_TOLD = 20


def rows_of_kinds(
    table: gpd.GeoDataFrame, kinds: Sequence[tuple[str, ...]], file: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return a table with one row for each kind of each row, in the column ``kind``.

    The first kind keeps the id of the row, the others have theirs behind it
    (``"12/library"``); a floor area, capacity or cost of the whole is not known of its parts.

    Parameters
    ----------
    table
        Facilities; the index is the row told.
    kinds
        The kinds of each row, which is kept with an empty one where there is none.
    file
        For messages.
    """
    amount = np.array([max(len(each), 1) for each in kinds], np.int64)
    first = np.array([each[0] if each else "" for each in kinds], dtype=object)
    if (amount < 2).all():
        return table.assign(kind=first), []
    ids, _ = read_ids(pd.DataFrame(table), "facility_id", SetAside(file))
    place = np.repeat(np.arange(len(table)), amount)
    number = np.arange(len(place)) - np.repeat(np.cumsum(amount) - amount, amount)
    own_kinds = [kinds[int(row)] or ("",) for row in place]
    kind: Objects = np.array(
        [each[int(n)] for each, n in zip(own_kinds, number, strict=True)], dtype=np.object_
    )
    parted = table.iloc[place].copy()
    parted["kind"] = kind
    own: Objects = ids.to_numpy(dtype=np.object_)[place]
    parted["facility_id"] = np.where(number == 0, own, own + "/" + kind)
    told = {
        str(ids.iloc[row]): ", ".join(kinds[row]) for row in np.flatnonzero(amount > 1).tolist()
    }
    return without_wholes(parted, amount[place] > 1), [several_kinds(told, file)]


def without_wholes(table: gpd.GeoDataFrame, parts: Bool) -> gpd.GeoDataFrame:
    """Return facilities of which some rows are parts, whose own figures nobody knows."""
    table = table.copy()
    for column in table.columns.intersection(_OF_THE_WHOLE):
        table[column] = table[column].astype(object).where(~parts, None)
    return table


def several_kinds(told: Mapping[str, str], file: str) -> Finding:
    """Tell which rows, by id, stand for several kinds."""
    words = [f"{key}: {kinds}" for key, kinds in told.items()]
    text = "; ".join(words[:_ROWS_TOLD]) + ("; …" if len(words) > _ROWS_TOLD else "")
    params = {"file": file, "count": len(words), "facilities": text}
    return Finding("tables.several_kinds", params)


_OF_THE_WHOLE = ("floor_area_m2", "capacity", "capacity_residents")
