"""Facilities: listed twice, placed where they cannot be or where nobody measured, not filled in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from planner.analysis.data_check.border import facilities_end
from planner.analysis.data_check.problem import Problem, Severity, rows_of
from planner.analysis.distances.streets import points_xy
from planner.analysis.misplaced import FAR_M, misplaced
from planner.arrays import Objects
from planner.district import District
from planner.district.identity.doubles import ALIKE_M, PLACED_M, SPOT_M, doubles
from planner.district.identity.names import plain_name
from planner.district.plausibility.layers import same_rows
from planner.errors import Finding
from planner.sources.checks.district import not_filled
from planner.sources.tables.set_aside import rows_told

CENTROID_M = 1.0
"""A facility as near as this to the middle of a community was probably placed by its address."""

STACKED = 3
"""So many facilities with names of their own on one spot were probably placed by their address."""

OUTSIDE_M = 2_000.0
"""A facility farther than this from every community is told: nobody walks so far for it."""


def facility_problems(district: District) -> Iterator[Problem]:
    """Yield what is wrong with the facilities of a district."""
    if district.facilities.empty:
        return
    yield from _misplaced(district)
    yield from _same(district)
    yield from _alike(district)
    yield from _outside(district)
    yield from _by_address(district)
    if (end := facilities_end(district)) is not None:
        yield end
    yield from _not_filled(district)


def _misplaced(district: District) -> Iterator[Problem]:
    """Tell of facilities in water or on rails, without a street, and far from one."""
    found = misplaced(district)
    row_of = pd.Series(range(len(district.facilities)), index=district.facilities["facility_id"])
    told_as: dict[str, tuple[str, Severity]] = {
        "barrier": ("sources.facilities_in_barriers", "wrong"),
        "unreachable": ("sources.facilities_without_street", "wrong"),
        "far": ("data_check.facilities_far", "doubtful"),
    }
    for problem, (code, severity) in told_as.items():
        rows = found[found["problem"] == problem]
        if rows.empty:
            continue
        own = rows["facility_id"]
        metres = 250 if problem == "unreachable" else round(FAR_M)
        params = {"count": len(rows), "metres": metres, "ids": rows_told(own)}
        table = rows_of(
            district, "facilities", row_of[own].to_numpy(), metres=rows["street_m"].to_numpy()
        )
        yield Problem(Finding(code, params), severity, "facilities", table)


def _same(district: District) -> Iterator[Problem]:
    """Tell of rows that are the same in everything but their id: one of them is too many."""
    twice, first = same_rows(district.facilities, "facility_id")
    if not twice.any():
        return
    own = district.facilities["facility_id"].astype(str).to_numpy(dtype=object)
    params = {"count": int(twice.sum()), "ids": rows_told(own[twice])}
    rows = rows_of(district, "facilities", twice, other=own[first[twice]])
    yield Problem(
        Finding("district.same_facilities", params), "wrong", "facilities", rows, "drop_doubles"
    )


def _alike(district: District) -> Iterator[Problem]:
    """Tell of pairs of one kind that stand by each other and may be one."""
    table = district.facilities
    twice, _ = same_rows(table, "facility_id")
    first, second, away = doubles(points_xy(table), table["kind"].to_numpy(), table["name"])
    status, spot = table["status"].to_numpy(), _stacked(district)
    fits = (status[first] == status[second]) & ~twice[first] & ~twice[second]
    fits &= (spot[first] != spot[second]) | (spot[first] == "")  # that is told of the spot
    if not fits.any():
        return
    own = table["facility_id"].astype(str).to_numpy(dtype=object)
    rows = rows_of(district, "facilities", second[fits], other=own[first[fits]], metres=away[fits])
    ids = list(dict.fromkeys(rows["id"]))
    params = {
        "count": len(ids),
        "metres": round(ALIKE_M),
        "spot": round(SPOT_M),
        "nameless": round(PLACED_M),
        "ids": rows_told(ids),
    }
    yield Problem(Finding("data_check.facilities_alike", params), "doubtful", "facilities", rows)


def _stacked(district: District) -> Objects:
    """Return the spot of each facility (n,) where many names stand on it, else an empty text."""
    table = district.facilities
    spot = pd.Series([f"{x:.1f} {y:.1f}" for x, y in points_xy(table)])
    names = pd.Series([plain_name(name) for name in table["name"]])
    many = names.groupby(spot).transform("nunique") >= STACKED
    return spot.where(many, "").to_numpy(dtype=object)


def _outside(district: District) -> Iterator[Problem]:
    union = shapely.union_all(district.communities.geometry.to_numpy())
    away = shapely.distance(district.facilities.geometry.to_numpy(), union)
    # what was imported around the district on purpose is not odd
    far = away > max(OUTSIDE_M, district.buffer_m or 0.0)
    if far.any():
        rows = rows_of(district, "facilities", far, metres=away[far])
        params = {
            "count": len(rows),
            "km": round(float(away[far].max()) / 1000, 1),
            "ids": rows_told(rows["id"]),
        }
        yield Problem(
            Finding("data_check.facilities_outside", params), "doubtful", "facilities", rows
        )


def _by_address(district: District) -> Iterator[Problem]:
    """Tell of facilities that stand where a search for an address puts what it does not find."""
    from scipy.spatial import cKDTree

    table = district.facilities
    shapes = district.communities.geometry.to_numpy()
    middle = np.concatenate(
        [shapely.get_coordinates(of(shapes)) for of in (shapely.centroid, shapely.point_on_surface)]
    )
    xy = points_xy(table)
    away, nearest = cKDTree(middle).query(xy)
    central = away <= CENTROID_M
    if central.any():
        own = district.communities["community_id"].astype(str).to_numpy(dtype=object)
        other = own[nearest[central] % len(own)]
        rows = rows_of(district, "facilities", central, other=other)
        params = {"count": len(rows), "ids": rows_told(rows["id"])}
        yield Problem(
            Finding("data_check.facilities_at_middle", params), "doubtful", "facilities", rows
        )
    spot = _stacked(district)
    stacked = spot != ""
    if stacked.any():
        rows = rows_of(district, "facilities", stacked, other=spot[stacked].tolist())
        params = {
            "count": len(rows),
            "spots": len(set(spot[stacked])),
            "ids": rows_told(rows["id"]),
        }
        yield Problem(
            Finding("data_check.facilities_stacked", params), "doubtful", "facilities", rows
        )


def _not_filled(district: District) -> Iterator[Problem]:
    for finding, blank in not_filled(district):
        rows = rows_of(district, "facilities", blank, other=str(finding.params["column"]))
        yield Problem(finding, "missing", "facilities", rows)
