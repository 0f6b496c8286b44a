"""The floor area of a proposal: one figure, as departments read it and as it is built."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from planner.district.scenarios.scenario import Change, Open
from planner.errors import InputError
from planner.plan.proposals.proposal import Proposal

SAME_M2 = 0.005
"""Figures that differ by less are one, square metres: sums of decimals are no binary numbers."""


def area_in(steps: Sequence[Change]) -> float | None:
    """Return the floor area of all rooms that open together; None where one tells none.

    Examples
    --------
    >>> area_in([Open("a", "clinic", 0.0, 0.0, floor_area_m2=250.0)])
    250.0
    """
    return None if untold_in(steps) else known_in(steps)


def known_in(steps: Sequence[Change]) -> float | None:
    """Return the floor area of the rooms that tell theirs together; None where none does."""
    areas = [step.floor_area_m2 for step in steps if isinstance(step, Open)]
    known = [area for area in areas if area is not None]
    return math.fsum(known) if known else None


def untold_in(steps: Sequence[Change]) -> list[Open]:
    """Return the rooms that tell no floor area."""
    return [step for step in steps if isinstance(step, Open) and step.floor_area_m2 is None]


def with_one_area(edited: Proposal, before: Proposal, given: Collection[str]) -> Proposal:
    """Return an edited proposal whose field and whose rooms tell one floor area.

    The field is what departments read and decide, the rooms are what is built and goes into the
    data: an edit of one writes the other. The field of a house of which a room tells no area is the
    house's whole.

    Parameters
    ----------
    edited, before
        As somebody wants it, and as it was.
    given
        The fields that somebody gave.

    Raises
    ------
    InputError
        ``plan.area_of_rooms`` for an area of several rooms that is not what they come to.
    """
    rooms = [step for step in edited.changes if isinstance(step, Open)]
    if not rooms:
        return edited
    if "floor_area_m2" not in given:
        built = area_in(edited.changes)
        anew = built != area_in(before.changes)
        return replace(edited, floor_area_m2=built) if anew else edited
    area = edited.floor_area_m2
    if len(rooms) == 1:
        steps = (
            replace(step, floor_area_m2=area) if step is rooms[0] else step
            for step in edited.changes
        )
        return replace(edited, changes=tuple(steps))
    _refuse_other_area(area, rooms)
    return edited


def _refuse_other_area(area: float | None, rooms: Sequence[Open]) -> None:
    built = known_in(rooms) or 0.0
    # rooms that tell none take what is left of the whole
    least_only = bool(untold_in(rooms))
    if area is None or abs(area - built) < SAME_M2 or (least_only and area > built):
        return
    raise InputError("plan.area_of_rooms", area=f"{area:g}", built=f"{built:g}", count=len(rooms))


def differs(proposal: Proposal) -> bool:
    """Whether the floor area that a proposal tells is another than that of what it builds."""
    rooms = [step for step in proposal.changes if isinstance(step, Open)]
    built, area = area_in(proposal.changes), proposal.floor_area_m2
    if not rooms or area is None:
        return False
    if built is None:
        # of several rooms it is the whole
        return len(rooms) == 1
    return abs(built - area) >= SAME_M2
