"""Pairs of proposals that one building could hold, or that want one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import shapely

from planner.arrays import F64, I64, Objects
from planner.district import Close, Connect, Open
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.houses import open_houses
from planner.plan.coordination.meeting.matter import Matter, brought_by, matter_of
from planner.plan.proposals.changes import WAYS
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED
from planner.siting.change_prices import candidate_areas_m2
from planner.siting.costs import Costs

KEPT = 0.8
"""Share of its gain that a facility must keep in another's building."""

SAME_PLACE_M = 1.0
"""Two proposals this near to each other want the same place, metres."""


def shared_buildings(gains: Gains, alive: Sequence[Proposal], costs: Costs) -> Iterable[Matter]:
    """Yield pairs of buildings for different kinds of which one could hold what both bring."""
    built = [
        each
        for each in alive
        if each.action == "build" and each.geometry and set(each.kinds) <= set(gains.kinds)
    ]
    points = [each.shape for each in built if each.shape is not None]
    if len(built) < 2 or gains.assessment.profile is not None:
        return
    kinds = sorted({kind for each in built for kind in each.kinds})
    tree = shapely.STRtree(points)
    reach_m = max(gains.limit_m(kind) for kind in kinds)
    first, second = tree.query(points, predicate="dwithin", distance=reach_m)
    holds = np.array([[kind in each.kinds for kind in kinds] for each in built])
    brings = np.column_stack([gains.at(points, kind) for kind in kinds])  # type: ignore[arg-type]
    apart = ~(holds[first] & holds[second]).any(axis=1)
    needed = holds @ np.array([gains.assessment.standard.least_m2(kind) for kind in kinds])
    fits = needed[first] + needed[second] <= _room_m2(gains, points)[first] * (1 + 1e-9)
    first, second = first[apart & fits], second[apart & fits]

    def brought(kinds_of: I64, at: I64) -> F64:
        """Return whom the kinds of some would bring at the places of others."""
        return np.asarray((holds[kinds_of] * brings[at]).sum(axis=1), dtype=np.float64)

    own, there = brought(first, first), brought(second, second)
    here, back = brought(second, first), brought(first, second)
    with np.errstate(invalid="ignore", divide="ignore"):
        kept, kept_back = here / there, np.where(own > 0, back / own, 0.0)
    # the better host of the two is told, once
    better = (kept > kept_back) | ((kept == kept_back) & (first < second))
    told = np.flatnonzero((there > 0) & (here >= KEPT * there) & better)
    spots: Objects = np.array(points, dtype=object)
    apart_m = shapely.distance(spots[first[told]], spots[second[told]]).tolist()
    for pair, metres in zip(told.tolist(), apart_m, strict=True):
        one, other = first[pair], second[pair]
        host, guest = built[one], built[other]
        saved = None if guest.cost is None else costs.one_stop_saving * guest.cost
        yield matter_of(
            "shared_building",
            (host, guest),
            (*host.kinds, *guest.kinds),
            float(own[pair] + here[pair]),
            kept=float(here[pair]),
            alone=float(there[pair]),
            saved=saved,
            currency=guest.currency,
            metres=metres,
        )


def _room_m2(gains: Gains, points: Sequence[shapely.Geometry]) -> F64:
    """Return the floor area of the listed place at each point, inf where none is listed or told."""
    areas = candidate_areas_m2(gains.assessment.district, points)
    return np.where(np.isnan(areas), np.inf, areas)


def same_places(alive: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield proposals that want the same place or facility, while one of them is still open.

    A round to the door and the end of a way take no ground that another could build on; and of
    what is approved already there is nothing to decide any more.
    """
    placed = [each for each in alive if each.geometry and each.action not in (*WAYS, "outreach")]
    points = [each.shape for each in placed if each.shape is not None]
    if not placed:
        return
    pairs = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_PLACE_M)
    seen: set[tuple[int, int]] = set()
    for one, other in pairs.T.tolist():
        if one < other:
            seen.add((one, other))
    by_facility: dict[str, list[int]] = {}
    for number, each in enumerate(placed):
        if each.facility_id:
            by_facility.setdefault(each.facility_id, []).append(number)
    for them in by_facility.values():
        seen.update(combinations(them, 2))
    for one, other in sorted(seen):
        both = placed[one], placed[other]
        if all(each.status in DECIDED for each in both):
            continue
        people = brought_by(both)
        kinds = dict.fromkeys(kind for each in both for kind in each.kinds)
        yield matter_of("same_place", both, kinds, people)


def contradictions(alive: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield decided proposals of which one closes the facility that the other changes.

    Both are carried out, so that it ends closed, and what the other did to it was for nothing.
    """
    of: dict[str, list[tuple[int, bool]]] = {}
    decided = [each for each in alive if each.status in DECIDED]
    for number, each in enumerate(decided):
        closed = {step.facility_id for step in each.changes if isinstance(step, Close)}
        named = {step.facility_id for step in each.changes if not isinstance(step, Connect | Open)}
        for own in sorted(named):
            of.setdefault(own, []).append((number, own in closed))
    seen: set[tuple[int, int]] = set()
    for them in of.values():
        for (one, closes), (other, closes_too) in combinations(them, 2):
            if closes != closes_too:
                seen.add((one, other))
    for one, other in sorted(seen):
        both = decided[one], decided[other]
        kinds = dict.fromkeys(kind for each in both for kind in each.kinds)
        yield matter_of("contradiction", both, kinds, brought_by(both))


def once_each(pairs: Sequence[Matter]) -> Iterable[Matter]:
    """Yield matters about pairs, one where a pair wants one place that could also hold both.

    Told twice, a meeting would be advised to choose one of them, and to build both.
    """
    held, wanted = (
        {frozenset(each.proposals) for each in pairs if each.code == code}
        for code in ("shared_building", "same_place")
    )
    both = held & wanted
    for each in pairs:
        if frozenset(each.proposals) not in both:
            yield each
        elif each.code == "shared_building":
            yield replace(each, code="one_place")


def with_drafts(pairs: Iterable[Matter], proposals: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield matters about pairs; for those of which a house is drafted already, that house."""
    drafted: dict[frozenset[str], Proposal] = {}
    for draft in (each for each in open_houses(proposals) if each.status == "draft"):
        for pair in combinations(draft.made_of, 2):
            drafted.setdefault(frozenset(pair), draft)
    known, told = {each.id: each for each in proposals}, dict[str, float]()
    for each in pairs:
        house = drafted.get(frozenset(each.proposals))
        if house is None:
            yield each
        else:
            told[house.id] = max(each.people, told.get(house.id, 0.0))
    for own, people in told.items():
        parts = [known[part] for part in known[own].made_of if part in known]
        yield matter_of("house_drafted", (known[own], *parts), known[own].kinds, people)
