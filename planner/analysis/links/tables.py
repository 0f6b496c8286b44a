"""Links as tables: where they are, what they cross, what they gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.streets import streets_of
from planner.analysis.left_out_ways import left_out_along
from planner.analysis.links.gains import LinkGains
from planner.analysis.links.places import SETTLE_WAY, LinkPlaces, no_places
from planner.analysis.links.settling import settled
from planner.analysis.people import without_few
from planner.arrays import F64, I64, Objects, Shapes
from planner.district import District
from planner.network.links.candidates import walked_m

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

__all__ = [
    "Found",
    "described",
    "different_residents",
    "gains_table",
    "shown_gains",
    "street_names",
]


@dataclass(frozen=True, eq=False)
class Found:
    """A link by its row among the places, what it gains by kind, and :meth:`LinkGains.gained`."""

    places: LinkPlaces
    row: int
    gains: F64
    gained: I64


def gains_table(
    assessment: Assessment, judge: LinkGains, found: Sequence[Found]
) -> gpd.GeoDataFrame:
    """Return links as a table with their gains."""
    district = assessment.district
    places = found[0].places if found else no_places(district)
    table = described(district, places, np.array([each.row for each in found], dtype=np.int64))
    gains = np.array([each.gains for each in found]).reshape(len(found), len(judge.kinds))
    community = district.demand["community_id"].to_numpy(dtype=object)
    where, residents = [], []
    for each in found:
        people = pd.Series(judge.people(each.gained), index=each.gained // len(judge.kinds))
        where.append(str(people.groupby(community[people.index]).sum().idxmax()))
        residents.append(float(people[~people.index.duplicated()].sum()))
    table.insert(0, "rank", np.arange(1, len(found) + 1))
    table.insert(1, "community_id", pd.Series(where, dtype=object))
    table.insert(2, "gain", gains.sum(axis=1))
    table.insert(3, "residents", pd.Series(residents, dtype=np.float64))
    for number, kind in enumerate(judge.kinds):
        table.insert(4 + number, f"gain_{kind}", gains[:, number])
    return table


def shown_gains(
    assessment: Assessment, table: gpd.GeoDataFrame, group: str | None
) -> gpd.GeoDataFrame:
    """Return links without the counts of a group that are withheld since they are few."""
    gains = [name for name in map(str, table.columns) if name.startswith("gain_")]
    counts = ["gain", "total", "residents", "total_residents", *gains]
    return without_few(assessment, table, counts, group)


def different_residents(judge: LinkGains, steps: Sequence[Found]) -> F64:
    """Return how many different people gain by the steps up to each, (n,) float64."""
    total = []
    homes = np.empty(0, np.int64)
    for step in steps:
        homes = np.union1d(homes, step.gained // len(judge.kinds))
        total.append(float(judge.residents[homes].sum()))
    return np.array(total, dtype=np.float64)


def described(district: District, places: LinkPlaces, rows: I64) -> gpd.GeoDataFrame:
    """Return links, by their rows, as a table."""
    links = places.links.take(rows)
    gates = district.gates.set_index("gate_id")["name"]
    gate_id = places.gate_id[rows]
    walk_m = walked_m(links)
    with np.errstate(divide="ignore"):
        detour = np.divide(walk_m, links.length_m)
    courses = _courses(district, places.work[rows], links.lines)
    ends = np.hstack([links.a.join_xy, links.b.join_xy])
    columns = {
        "work": places.work[rows],
        "barrier": places.barrier[rows],
        "barrier_name": places.barrier_name[rows],
        "gate_id": gate_id,
        "gate_name": gates.reindex(gate_id).fillna("").to_numpy(dtype=object),
        "street_a": street_names(district, links.a.join_xy),
        "street_b": street_names(district, links.b.join_xy),
        "length_m": links.length_m,
        "walked_m": walk_m,
        "detour": detour,
        **left_out_along(district, courses),
        **dict(zip(("x1", "y1", "x2", "y2"), ends.T, strict=True)),
    }
    return gpd.GeoDataFrame(columns, geometry=courses, crs=district.crs)


def _courses(district: District, work: Objects, lines: Shapes) -> Shapes:
    """Return links as they are walked: straight, or along the cycleway that is to be settled."""
    settles = np.flatnonzero(work == SETTLE_WAY)
    way = settled(district, lines[settles])
    courses = lines.copy()
    courses[settles[way.known]] = way.lines[way.known]
    return courses


def street_names(district: District, xy: F64) -> Objects:
    """Return the names of the streets at some places, empty where they have none."""
    names = district.streets.loc[~district.streets["link"], "name"].to_numpy(dtype=object)
    return np.asarray(names[streets_of(district).ground.snap(xy, max_access_m=1.0).edge])
