"""What departments should talk about: proposals that double, overtake or hinder each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array

from planner.arrays import F64, I64, Objects
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.houses import (
    agreed_twice,
    handed_in,
    held_twice,
    houses,
    open_houses,
    planned_once,
)
from planner.plan.proposals.changes import WAYS
from planner.plan.proposals.one_house import beside, changed_parts, ended_parts
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.siting.costs import Costs, builtin_costs
from planner.siting.departments.departments import department_of
from planner.siting.departments.duties import builtin_duties

DOUBLE = 0.5
"""Share of the smaller gain that two proposals have in common from which they double each other."""

OVERTAKEN = 0.2
"""Share of its gain that is left to a proposal from which on what is decided has overtaken it."""

KEPT = 0.8
"""Share of its gain that a facility must keep in another's building."""

SAME_PLACE_M = 1.0
"""Two proposals this near to each other want the same place, metres."""

TAKEN = 0.5
"""Share of a gap's residents from which proposals have taken it up."""

WHERE = (
    "place",
    "gate",
    "street",
    "direction",
    "community",
    "community_id",
    "other_communities",
    "others",
)
"""Columns of a gap that tell where it is."""

HELD_HOUSES = ("house_stuck", "house_twice")
"""Matters about houses that cannot go on."""

SUGGESTIONS = {
    "duplicate": "choose_one",
    "shared_building": "share",
    "one_place": "share_or_decide_place",
    "house_drafted": "hand_in_house",
    "one_house": "decide_house",
    "house_stuck": "combine_anew",
    "house_twice": "withdraw_all_but_one",
    "house_beside": "withdraw_one",
    "overtaken": "withdraw",
    "same_place": "decide_place",
    "gap": "take_up",
    "budget_over": "postpone",
    "budget_perhaps_over": "price",
    "budget_asked_over": "choose_within",
    "budget_perhaps_asked_over": "price",
    "exchange": "exchange_years",
}


@dataclass(frozen=True)
class Matter:
    """Something to talk about.

    Parameters
    ----------
    code
        One of the keys of :data:`SUGGESTIONS`.
    departments, proposals, kinds
        Whom it concerns, ids, and about what.
    people
        How many people it is about, by which matters are sorted.
    told
        Figures of its sentence.
    """

    code: str
    departments: tuple[str, ...]
    proposals: tuple[str, ...]
    kinds: tuple[str, ...]
    people: float
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def suggestion(self) -> str:
        """What is suggested to be decided."""
        return SUGGESTIONS[self.code]


def matters(
    gains: Gains,
    proposals: Sequence[Proposal],
    gaps: gpd.GeoDataFrame | None = None,
    costs: Costs | None = None,
) -> list[Matter]:
    """Return what departments should talk about, the most people first.

    Parameters
    ----------
    gains
        Of the workspace that the proposals are about.
    proposals
        Those of the plan about that workspace; of these the open and the decided count, as far as
        they can be carried out on it, see :meth:`Gains.misfits`.
    gaps
        Its gaps, of :meth:`planner.AssessmentResult.gaps`, where gaps that nobody has taken up
        shall be told.
    costs
        Prices; those that ship where none are given.
    """
    alive = still_planned(planned_once(proposals))
    odd = {each.proposal.id for each in gains.misfits(alive)}
    alive = [each for each in alive if each.id not in odd]
    pairs = [*_shared_buildings(gains, alive, costs or builtin_costs()), *same_places(alive)]
    found = [
        *_doubled(gains, alive),
        *_overtaken(gains, alive),
        *_with_drafts(_once(pairs), proposals),
        *_houses(alive, proposals, gains),
        *_stuck_houses(proposals),
        *_houses_twice(proposals),
        *(() if gaps is None else _untaken(gains, alive, gaps)),
    ]
    return sorted(found, key=lambda each: (-each.people, each.code, each.proposals))


def matters_without_district(proposals: Sequence[Proposal]) -> list[Matter]:
    """Return what can be told without knowing whom proposals bring within a limit.

    That is who wants the same place or facility, and houses that are to be decided or are held up;
    of these it is told without how many people they bring, the most by their own figures first.
    """
    alive = still_planned(planned_once(proposals))
    found = [
        *_with_drafts(same_places(alive), proposals),
        *_houses(alive, proposals),
        *_stuck_houses(proposals),
        *_houses_twice(proposals),
    ]
    return sorted(found, key=lambda each: (-each.people, each.code, each.proposals))


def still_planned(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposals that are open or decided and not put aside.

    A way that opened counts as decided until the streets have it.
    """
    alive = [each for each in proposals if each.status in OPEN or _is_settled(each)]
    return [each for each in alive if not each.deleted]


def _is_settled(proposal: Proposal) -> bool:
    return proposal.status in DECIDED or proposal.awaits_streets


def _of_kind(proposals: Iterable[Proposal], kind: str) -> list[Proposal]:
    return [each for each in proposals if kind in each.kinds or not each.kinds]


def _matter(
    code: str, proposals: Iterable[Proposal], kinds: Iterable[str], people: float, **told: Any
) -> Matter:
    them = list(proposals)
    departments = tuple(dict.fromkeys(each.department for each in them if each.department))
    return Matter(code, departments, tuple(each.id for each in them), tuple(kinds), people, told)


def _doubled(gains: Gains, alive: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield pairs for one kind that bring much the same people: together less than the sum.

    Of two ways that opened there is nothing to choose any more.
    """
    for kind in gains.kinds:
        them = _of_kind(alive, kind)
        matrix = gains.of(them, kind) if them else csr_array((0, 0))
        alone: F64 = np.asarray(matrix.T @ gains.people) if them else np.zeros(0)
        weighted = csr_array(matrix.multiply(gains.people[:, None])) if them else matrix
        common = (matrix.T @ weighted).tocoo() if them else matrix.tocoo()
        # the pairs that count are found on arrays: most have next to nobody in common
        least = np.minimum(alone[common.row], alone[common.col])
        told = (common.row < common.col) & (common.data >= DOUBLE * least) & (common.data > 0)
        for one, other, both in zip(
            common.row[told], common.col[told], common.data[told], strict=True
        ):
            if them[one].awaits_streets and them[other].awaits_streets:
                continue
            total = float(alone[one] + alone[other])
            yield _matter(
                "duplicate",
                (them[one], them[other]),
                [kind],
                float(both),
                sum=total,
                together=total - float(both),
            )


def _overtaken(gains: Gains, alive: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield open proposals whose gain others that are decided bring already."""
    decided = [each for each in alive if _is_settled(each)]
    waiting = [each for each in alive if not _is_settled(each)]
    if not decided or not waiting:
        return
    alone, left = np.zeros(len(waiting)), np.zeros(len(waiting))
    shared = csr_array((len(decided), len(waiting)), dtype=np.float64)
    for kind in gains.kinds:
        done, hoped = gains.of(decided, kind), gains.of(waiting, kind)
        alone += hoped.T @ gains.people
        left += hoped.T @ (gains.people * ~_any(done))
        shared = csr_array(shared + done.T @ csr_array(hoped.multiply(gains.people[:, None])))
    by = shared.toarray()
    for number in np.flatnonzero((alone > 0) & (left <= OVERTAKEN * alone)):
        others = [decided[row] for row in np.flatnonzero(by[:, number] > 0)]
        each, lost = waiting[number], float(alone[number] - left[number])
        told = {"alone": float(alone[number]), "left": float(left[number])}
        yield _matter("overtaken", (each, *others), each.kinds, lost, **told)


def _any(matrix: csr_array) -> Any:
    return np.asarray(matrix.sum(axis=1)).ravel() > 0


def _shared_buildings(gains: Gains, alive: Sequence[Proposal], costs: Costs) -> Iterable[Matter]:
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
    needed = holds @ _least_m2(gains, kinds)
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
        yield _matter(
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


def _least_m2(gains: Gains, kinds: Sequence[str]) -> F64:
    """Return the least floor area of each kind by the standard, 0 where it says nothing."""
    rules = gains.assessment.standard.rules
    least = [(rules[kind].floor_area_m2 or 0.0) if kind in rules else 0.0 for kind in kinds]
    return np.array(least, dtype=np.float64)


def _room_m2(gains: Gains, points: Sequence[shapely.Geometry]) -> F64:
    """Return the floor area of the listed place at each point, inf where none is listed or told."""
    listed = gains.assessment.district.candidates
    room: F64 = np.full(len(points), np.inf)
    if len(listed):
        tree = shapely.STRtree(listed.geometry.to_numpy())
        own, at = tree.query(points, predicate="dwithin", distance=SAME_PLACE_M)
        areas = listed["floor_area_m2"].to_numpy(dtype=np.float64)[at]
        np.minimum.at(room, own, np.where(np.isnan(areas), np.inf, areas))
    return room


def _houses(
    alive: Sequence[Proposal], proposals: Sequence[Proposal], gains: Gains | None = None
) -> Iterable[Matter]:
    """Yield the houses that are to take single proposals in, which end once they are approved."""
    known = {each.id: each for each in proposals}
    told = {each.id for each in alive}
    for house in (each for each in houses(proposals) if each.id in told):
        people = _brought_by([house]) if gains is None else _brought_now(gains, house)
        singles = [known[own] for own in house.made_of if own in known]
        changed = tuple(changed_parts(house, known))
        seen = {"changed": changed, "measured": gains is not None}
        yield _matter("one_house", (house, *singles), house.kinds, people, **seen)


def _brought_now(gains: Gains, house: Proposal) -> float:
    return sum(
        float((gains.of([house], kind).T @ gains.people)[0])
        for kind in gains.kinds
        if kind in house.kinds
    )


def _houses_twice(proposals: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield the houses that are to take the same proposal in, of which only one can be built.

    Those that were agreed to in two offices are among them.
    """
    parts_of: dict[tuple[str, ...], list[str]] = {}
    named: dict[str, Proposal] = {}
    for part, them in (*held_twice(proposals).items(), *agreed_twice(proposals).items()):
        named |= {each.id: each for each in them}
        parts_of.setdefault(tuple(each.id for each in them), []).append(part)
    for ids, parts in parts_of.items():
        both = [named[own] for own in ids]
        kinds = dict.fromkeys(kind for each in both for kind in each.kinds)
        most = max(_brought_by([each]) for each in both)
        yield _matter("house_twice", both, kinds, most, twice=tuple(parts))


def _stuck_houses(proposals: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield houses whose parts are not what their decision is, or was, to be about.

    Of one handed in a part is no longer open; beside one agreed to a part is built by itself.
    """
    known = {each.id: each for each in proposals}
    for house in proposals:
        if them := [known[own] for own in beside(house, known)]:
            yield _matter("house_beside", (house, *them), house.kinds, _brought_by([house]))
    for house in handed_in(proposals):
        if ended := ended_parts(house, known):
            yield _matter(
                "house_stuck", (house,), house.kinds, _brought_by([house]), ended=tuple(ended)
            )


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
        people = _brought_by(both)
        kinds = dict.fromkeys(kind for each in both for kind in each.kinds)
        yield _matter("same_place", both, kinds, people)


def _once(pairs: Sequence[Matter]) -> Iterable[Matter]:
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


def _with_drafts(pairs: Iterable[Matter], proposals: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield matters about pairs; for those of which a house is drafted already, that house."""
    drafts = [each for each in open_houses(proposals) if each.status == "draft"]
    known, told = {each.id: each for each in proposals}, dict[str, float]()
    for each in pairs:
        pair = set(each.proposals)
        house = next((draft for draft in drafts if pair <= set(draft.made_of)), None)
        if house is None:
            yield each
        else:
            told[house.id] = max(each.people, told.get(house.id, 0.0))
    for own, people in told.items():
        parts = [known[part] for part in known[own].made_of if part in known]
        yield _matter("house_drafted", (known[own], *parts), known[own].kinds, people)


def _brought_by(proposals: Sequence[Proposal]) -> float:
    """Return the people that proposals bring as computed; the most of one where that is no sum."""
    figures = [each.figures for each in proposals if each.figures is not None]
    gained = [each.gained() or 0.0 for each in figures]
    return sum(gained) if len({each.basis for each in figures}) < 2 else max(gained)


def _untaken(gains: Gains, alive: Sequence[Proposal], gaps: gpd.GeoDataFrame) -> Iterable[Matter]:
    """Yield gaps that no proposal takes up."""
    homes = gains.assessment.district.demand.geometry.to_numpy()
    tree, duties = shapely.STRtree(homes), builtin_duties()
    for kind, rows in gaps[gaps["kind"].isin(gains.kinds)].groupby("kind", sort=False):
        them = _of_kind(alive, str(kind))
        taken = _any(gains.of(them, str(kind))) if them else np.zeros(len(homes), dtype=bool)
        rounds = [each.shape for each in them if each.action == "outreach" and each.geometry]
        owner = department_of(gains.assessment.district, str(kind), duties)
        for gap in rows.itertuples(index=False):
            inside = tree.query(gap.geometry, predicate="covers")
            lived_in = inside[gains.beyond(str(kind))[inside]]
            people = float(gains.people[lived_in].sum())
            helped = float(gains.people[lived_in[taken[lived_in]]].sum())
            visited = any(gap.geometry.covers(each) for each in rounds)
            if people > 0 and helped < TAKEN * people and not visited:
                where = {name: getattr(gap, name) for name in WHERE}
                told: dict[str, Any] = {
                    "gap_id": str(gap.gap_id),
                    "remedy": str(gap.remedy),
                    "where": where,
                }
                # what a list of gaps says of today, and what is left of it, are two figures
                told |= {"beyond": people, "left": people - helped}
                departments = (owner,) if owner else ()
                yield Matter("gap", departments, (), (str(kind),), people - helped, told)
