"""Ways that cannot be joined to the streets of a district, or that its streets have by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.analysis.distances.connections import as_walked
from planner.analysis.distances.streets import LINK_REACH_M, streets_of
from planner.analysis.links.places import SETTLE_WAY
from planner.analysis.links.settling import as_settled
from planner.arrays import F64
from planner.district import Connect, District
from planner.errors import Finding
from planner.network import WalkNetwork
from planner.plan.proposals.proposal import Proposal
from planner.siting.change_prices import shorter_than, way_m


def way_faults(district: District, proposals: Sequence[Proposal]) -> list[Finding | None]:
    """Return for each proposal why its ways do not count on the streets as they are, or None.

    A way that nobody can join would end every assessment. One that a newer file of streets has,
    opened or not, would be counted twice: its length would stand beside the one that was surveyed.
    It is there where the streets lead from end to end on a walk as long as the way. A cycleway to
    be settled counts only as long as the map leaves it open, and as long as it is.

    Parameters
    ----------
    district
        The place as it is.
    proposals
        Of these, those with ways in its CRS are looked at.
    """
    crs = district.crs.to_string()
    of = [
        (number, step)
        for number, each in enumerate(proposals)
        for step in each.changes
        if isinstance(step, Connect) and each.crs in ("", crs)
    ]
    found: list[Finding | None] = [None] * len(proposals)
    if not of:
        return found
    ends = np.array([(step.x1, step.y1, step.x2, step.y2) for _, step in of]).reshape(-1, 2)
    streets = streets_of(district)
    joined = streets.ground.snap(ends, max_access_m=LINK_REACH_M)
    lost = ~joined.known.reshape(-1, 2).all(axis=1)
    there: dict[int, list[tuple[float, bool]]] = {}
    for row, (number, step) in enumerate(of):
        own = proposals[number]
        if lost[row]:
            told = {"street": own.title or own.id, "max_access_m": round(LINK_REACH_M)}
            found[number] = Finding("analysis.link_end_far", told)
        elif found[number] is None and (own.awaits_streets or _may_be_there(own)):
            pair = ends[2 * row : 2 * row + 2]
            there.setdefault(number, []).append(_walk(streets.islands.network, pair, step))
    for number, walks in there.items():
        if found[number] is None and all(near for _, near in walks):
            walk_m = sum(metres for metres, _ in walks)
            code = "way_in_data" if proposals[number].awaits_streets else "way_walked"
            found[number] = Finding(f"plan.{code}", {"walk_m": round(walk_m, 1)})
    for number, step in of:
        if found[number] is None and proposals[number].action == SETTLE_WAY:
            found[number] = _settle_fault(district, step)
    return found


def _may_be_there(way: Proposal) -> bool:
    """Whether a way that did not open may be in the streets by now: one that was needed before.

    A gate, or what brought somebody within a limit when that was computed. Of a way that never was
    shorter than the streets nothing is told by their being as short.
    """
    if way.status == "opened" or way.action == SETTLE_WAY:
        return False
    return way.action == "gate" or (way.figures is not None and (way.figures.gained() or 0) > 0)


def _settle_fault(district: District, way: Connect) -> Finding | None:
    """Return why a cycleway that is to be settled does not count, or None."""
    way = as_walked(district, way)
    there = as_settled(district, way)
    if there is None or there.length_m is None:
        return Finding("plan.nothing_to_settle")
    if shorter_than(way, there.length_m):
        told = {"way_m": round(there.length_m), "told_m": round(way_m(district, way))}
        return Finding("plan.settled_too_short", told)
    return None


def _walk(network: WalkNetwork, ends: F64, way: Connect) -> tuple[float, bool]:
    """Return how far it is from end to end on the streets, and whether that is the way itself."""
    joined = network.snap(ends, max_access_m=LINK_REACH_M)
    if not joined.known.all():
        return float("inf"), False
    a, b = (joined.take([end]).at_streets() for end in (0, 1))
    (x1, y1), (x2, y2) = a.join_xy[0].tolist(), b.join_xy[0].tolist()
    walk_m = float(network.path(a, b).value)
    return walk_m, not shorter_than(replace(way, x1=x1, y1=y1, x2=x2, y2=y2), walk_m)
