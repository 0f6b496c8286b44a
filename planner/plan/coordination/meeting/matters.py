"""What departments should talk about: proposals that double, overtake or hinder each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array

from planner.arrays import F64
from planner.district import Close, Convert, Move
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.houses import planned_once
from planner.plan.coordination.meeting.house_matters import (
    houses_to_decide,
    houses_twice,
    stuck_houses,
)
from planner.plan.coordination.meeting.matter import Matter, matter_of
from planner.plan.coordination.meeting.one_building import (
    contradictions,
    once_each,
    same_places,
    shared_buildings,
    with_drafts,
)
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.siting.costs import Costs, builtin_costs
from planner.siting.departments.departments import department_of
from planner.siting.departments.duties import builtin_duties

DOUBLE = 0.5
"""Share of the smaller gain that two proposals have in common from which they double each other."""

OVERTAKEN = 0.2
"""Share of its gain that is left to a proposal from which on what is decided has overtaken it."""

TAKEN = 0.5
"""Share of a gap's residents from which proposals have taken it up."""

TAKING = (Close, Move, Convert)
"""Changes by which a facility is where it was no more."""

WHERE = (
    "place",
    "gate",
    "street",
    "direction",
    "community",
    "community_id",
    "other_communities",
    "others",
    "near",
)
"""Columns of a gap that tell where it is."""


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
    pairs = [*shared_buildings(gains, alive, costs or builtin_costs()), *same_places(alive)]
    found = [
        *_doubled(gains, alive),
        *_overtaken(gains, alive),
        *contradictions(alive),
        *with_drafts(once_each(pairs), proposals),
        *houses_to_decide(alive, proposals, gains),
        *stuck_houses(proposals),
        *houses_twice(proposals),
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
        *with_drafts(same_places(alive), proposals),
        *contradictions(alive),
        *houses_to_decide(alive, proposals),
        *stuck_houses(proposals),
        *houses_twice(proposals),
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
            yield matter_of(
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
        yield matter_of("overtaken", (each, *others), each.kinds, lost, **told)


def _any(matrix: csr_array) -> Any:
    return np.asarray(matrix.sum(axis=1)).ravel() > 0


def _untaken(gains: Gains, alive: Sequence[Proposal], gaps: gpd.GeoDataFrame) -> Iterable[Matter]:
    """Yield gaps that no proposal takes up."""
    homes = gains.assessment.district.demand.geometry.to_numpy()
    tree, duties = shapely.STRtree(homes), builtin_duties()
    # where one closes what another improves, what each brings by itself is not what all bring
    undone = any(isinstance(step, TAKING) for each in alive for step in each.changes)
    for kind, rows in gaps[gaps["kind"].isin(gains.kinds)].groupby("kind", sort=False):
        them = _of_kind(alive, str(kind))
        taken = np.zeros(len(homes), dtype=bool)
        if them:
            taken = gains.by_all(alive, str(kind)) if undone else _any(gains.of(them, str(kind)))
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
