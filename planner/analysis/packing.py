"""The distances of an assessment, packed to be had again without measuring.

Of everyone's walk at no moment in particular, as pages ask first. Packed is what the compiled
programs found: where homes and facilities join the streets, and how far each home is from what.
The rest of an assessment is its district and its standard, from which all figures are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.distances.reach import Reach
from planner.analysis.distances.table import Distances
from planner.analysis.questions import Question
from planner.district import District, Standard
from planner.network import Positions
from planner.sources.packed import DamagedError, UnpackableError, table_bytes, table_of

A = TypeVar("A", bound=Assessment)

_PLACED = ("homes", "places")
_WHOLE_MM = ("edge", "offset_mm", "access_mm")
_TABLES = ("distances", "nearest", "best_distances")


def packed_assessment(result: Assessment) -> dict[str, bytes]:
    """Return the distances of an assessment, in parts.

    Raises
    ------
    UnpackableError
        Where a moment, a service or a profile of walking was asked for.
    """
    reach = result.reach
    asked = not reach.question.plain, reach.unmapped_m is not None, reach.at_best is not None
    if any(asked) or result.district.walking is not None:
        raise UnpackableError("more was asked than how far everyone walks")
    parts = {name: table_bytes(_placed(getattr(reach, name))) for name in _PLACED}
    for name in _TABLES:
        parts[name] = table_bytes(pd.DataFrame(getattr(result, name)).reset_index(drop=True))
    return parts


def unpacked_assessment(
    made: type[A],
    parts: Mapping[str, bytes],
    district: District,
    standard: Standard,
    max_access_m: float,
) -> A:
    """Return the assessment of the parts that :func:`packed_assessment` made.

    Parameters
    ----------
    made
        What is made.
    parts
        Of the same question about the same district by the same standard.
    district, standard, max_access_m
        What was judged, by which rules, and how far homes were led to streets.

    Raises
    ------
    DamagedError
        Where a part is missing, cannot be read or does not fit the district.
    """
    try:
        tables = {name: table_of(parts[name]) for name in (*_PLACED, *_TABLES)}
        homes, places = (_positions(tables[name]) for name in _PLACED)
    except (LookupError, AttributeError) as error:
        raise DamagedError("a part of it is missing") from error
    rows = {name: district.facilities if name == "places" else district.demand for name in tables}
    if any(len(tables[name]) != len(rows[name]) for name in tables):
        raise DamagedError("it has other homes or facilities than the district")
    index = pd.Index(district.demand["demand_id"], name="demand_id")
    distances, nearest, best = (dict(tables[name].items()) for name in _TABLES)
    by_home = {name: column.to_numpy() for name, column in distances.items()}
    at_best = {name: column.to_numpy() for name, column in best.items()}
    ids = {name: column.to_numpy(dtype=object) for name, column in nearest.items()}
    return made(
        district=district,
        standard=standard,
        groups=tuple(district.groups),
        distances=Distances(by_home, index=index),
        nearest=pd.DataFrame(ids, index=index, dtype=object),
        best_distances=Distances(at_best, index=index),
        reach=Reach.placed(
            district,
            Question.of(),
            standard.measure,
            max_access_m,
            homes,
            places,
            {kind: standard.measure_of(kind) for kind in standard.rules},
        ),
    )


def _placed(positions: Positions) -> pd.DataFrame:
    """Return positions as a table, coordinates a column each."""
    columns = {name: getattr(positions, name) for name in _WHOLE_MM}
    for name in ("xy", "join_xy"):
        columns |= dict(zip(_pair(name), getattr(positions, name).T, strict=True))
    return pd.DataFrame(columns)


def _positions(table: pd.DataFrame) -> Positions:
    whole = (table[name].to_numpy() for name in _WHOLE_MM)
    xy, join_xy = (
        np.column_stack([table[part].to_numpy() for part in _pair(name)])
        for name in ("xy", "join_xy")
    )
    return Positions(*whole, xy, join_xy)


def _pair(name: str) -> tuple[str, str]:
    return f"{name} x", f"{name} y"
