"""What a click on the map means while a scenario is drawn."""

from __future__ import annotations

import numpy as np
import shapely

from planner.analysis.distances.connections import as_walked
from planner.analysis.links.gates import gate_link
from planner.analysis.links.settling import as_settled
from planner.app.session.drafts.current import FirstClick
from planner.app.widgets.map_view import Pick
from planner.arrays import Bool
from planner.district import District
from planner.district.scenarios.scenario import (
    Change,
    Close,
    Connect,
    Convert,
    Move,
    Open,
    OpenInternal,
)
from planner.errors import InputError

TOOLS = ("open", "move", "close", "convert", "open_internal", "connect", "gate")
NEAR_PIXELS = 22
"""A click this near to a facility means it."""


def read(
    district: District, tool: str, kind: str, pick: Pick, before: FirstClick | None, name: str = ""
) -> Change | FirstClick:
    """Return the change that a click makes, or the first click of two.

    Parameters
    ----------
    district
        The district as the scenario leaves it so far.
    tool
        One of :data:`TOOLS`.
    kind
        Kind of facility to open, to look for, or to convert into.
    pick
        The click.
    before
        The click before, where there was one.
    name
        Name of a facility that is opened.

    Where a new facility is to stand and one of its kind is hit, that one is taken up, and moves to
    where the next click is: two of a kind in one place are meant by nobody. What was taken up for
    another kind is forgotten.

    Raises
    ------
    InputError
        Where nothing stands there that the tool could change, where what was taken up is hit
        again, and stays, and where it would move onto another of its kind.
    """
    same = before is not None and (before.tool, before.kind) == (tool, kind)
    first = before if same else None
    if tool == "open":
        return _open(district, kind, pick, first, name)
    if tool == "connect":
        if first is None:
            return FirstClick(tool, kind, pick.x, pick.y)
        x1, y1, x2, y2 = (round(value, 2) for value in (first.x, first.y, pick.x, pick.y))
        drawn = Connect(x1, y1, x2, y2)
        # a cycleway that lies there as drawn, or as it would be walked, is taken for what it is
        ways = (drawn, as_walked(district, drawn))
        lies = (as_settled(district, each, bent=False) for each in ways)
        return next(filter(None, lies), drawn)
    if tool == "gate":
        return gate_link(district, _gate(district, pick))
    if tool == "move" and first is not None:
        return _move(district, kind, pick, first)
    facility_id = _facility(district, tool, kind, pick)
    if tool == "move":
        return FirstClick(tool, kind, pick.x, pick.y, facility_id)
    if tool == "close":
        return Close(facility_id)
    if tool == "convert":
        return Convert(facility_id, kind)
    return OpenInternal(facility_id)


def _open(
    district: District, kind: str, pick: Pick, first: FirstClick | None, name: str
) -> Change | FirstClick:
    """Return a new facility, the one that was hit as taken up, or where it moves to."""
    if first is not None:
        return _move(district, kind, pick, first)
    if pick.what == "facility" and _fits(district, kind, pick.id):
        return FirstClick("open", kind, pick.x, pick.y, pick.id)
    return Open(new_id(district), kind, round(pick.x, 2), round(pick.y, 2), name=name)


def _move(district: District, kind: str, pick: Pick, first: FirstClick) -> Move:
    """Return where what was taken up moves to: neither to itself nor onto another of its kind."""
    if pick.what == "facility" and pick.id == first.facility_id:
        raise InputError("app_what_if.put_down")
    if pick.what == "facility" and _fits(district, kind, pick.id):
        row = district.facilities.set_index("facility_id").loc[pick.id]
        raise InputError("app_what_if.stands_there", place=str(row["name"] or pick.id))
    return Move(first.facility_id, round(pick.x, 2), round(pick.y, 2))


def new_id(district: District) -> str:
    """Return an id that no facility has, ``new-1`` or the next."""
    taken = set(district.facilities["facility_id"])
    return next(f"new-{n}" for n in range(1, len(taken) + 2) if f"new-{n}" not in taken)


def fitting(district: District, tool: str, kind: str) -> Bool:
    """Return which facilities a tool can change, a boolean by row of ``facilities``."""
    table = district.facilities
    counts = ((table["status"] == "existing") & (table["ownership"] != "internal")).to_numpy()
    same = (table["kind"] == kind).to_numpy()
    if tool == "convert":
        return np.asarray(counts & ~same)
    if tool == "open_internal":
        return np.asarray(~counts & same)
    return np.asarray(counts & same)


def _fits(district: District, kind: str, facility_id: str) -> bool:
    """Whether a facility is one of a kind that can be moved."""
    fits = fitting(district, "move", kind)
    return bool((district.facilities["facility_id"][fits] == facility_id).any())


def _facility(district: District, tool: str, kind: str, pick: Pick) -> str:
    table = district.facilities
    fits = fitting(district, tool, kind)
    if pick.what == "facility" and (table["facility_id"][fits] == pick.id).any():
        return pick.id
    away = np.where(fits, shapely.distance(table.geometry, shapely.Point(pick.x, pick.y)), np.inf)
    if not away.size or away.min() > NEAR_PIXELS * pick.metres_per_pixel:
        raise InputError(f"app_what_if.nothing_to_{tool}")
    return str(table["facility_id"].iloc[int(away.argmin())])


def _gate(district: District, pick: Pick) -> str:
    if pick.what == "gate":
        return pick.id
    shut = district.gates[~district.gates["open"].to_numpy(dtype=bool)]
    away = shapely.distance(shut.geometry.to_numpy(), shapely.Point(pick.x, pick.y))
    if not away.size or away.min() > NEAR_PIXELS * pick.metres_per_pixel:
        raise InputError("app_what_if.nothing_to_gate")
    return str(shut["gate_id"].iloc[int(away.argmin())])
