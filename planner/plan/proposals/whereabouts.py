"""Whether a proposal lies where its district is: two workspaces may bear the same file name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import shapely

from planner.district import Connect, District, Move, Open
from planner.errors import Finding, InputError

if TYPE_CHECKING:
    from planner.plan.proposals.proposal import Proposal

BESIDE_M = 1000.0
"""How far from the streets' frame a place may lie, metres; beyond it is rather another district's
or has its coordinates swapped."""

Frame = tuple[float, float, float, float]


def frame_of(district: District) -> Frame:
    """Return west, south, east and north within which the places of a district lie."""
    west, south, east, north = shapely.box(*district.streets.total_bounds).buffer(BESIDE_M).bounds
    return float(west), float(south), float(east), float(north)


def is_within(frame: Frame, x: float, y: float) -> bool:
    """Whether a place lies there, its edge included."""
    west, south, east, north = frame
    return west <= x <= east and south <= y <= north


def far_faults(district: District, proposals: Sequence[Proposal]) -> list[Finding | None]:
    """Return for each proposal that it lies far from the streets of a district, or None.

    Ways are asked by :func:`planner.plan.coordination.ways.way_faults`, and one in another CRS by
    what carries it out.
    """
    crs, frame = district.crs.to_string(), frame_of(district)
    return [
        None
        if each.crs not in ("", crs) or all(is_within(frame, *place) for place in _places(each))
        else Finding("plan.far_from_district", {"proposal": each.title or each.id})
        for each in proposals
    ]


def refuse_namesake(district: District, there: Iterable[Proposal], workspace: str) -> None:
    """Refuse a district in whose name a plan has proposals that all lie elsewhere.

    Money, limits and comparisons would count those of both.

    Parameters
    ----------
    district
        The place as it is.
    there
        What the plan has under the name of its workspace.
    workspace
        That name.

    Raises
    ------
    InputError
        ``plan.namesake``.
    """
    crs, frame = district.crs.to_string(), frame_of(district)
    own = [each for each in there if each.crs == crs]
    places = [(each, place) for each in own for place in _places(each)]
    if places and not any(is_within(frame, *place) for _, place in places):
        first = places[0][0]
        raise InputError("plan.namesake", workspace=workspace, proposal=first.title or first.id)


def _places(proposal: Proposal) -> list[tuple[float, float]]:
    """Return the places where a proposal opens or moves something, or one end of its ways."""
    found = [(step.x, step.y) for step in proposal.changes if isinstance(step, Open | Move)]
    ways = [(step.x1, step.y1) for step in proposal.changes if isinstance(step, Connect)]
    return found or ways
