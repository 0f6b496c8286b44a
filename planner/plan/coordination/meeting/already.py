"""What a plan has already of that which somebody is about to propose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import shapely

from planner.plan.coordination.fitting import misfits
from planner.plan.coordination.meeting.matters import still_planned
from planner.plan.coordination.meeting.one_building import SAME_PLACE_M
from planner.plan.proposals.proposal import Proposal

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def alike(
    drafts: Sequence[Proposal], existing: Iterable[Proposal], assessment: Assessment
) -> list[list[Proposal]]:
    """Return for each draft the proposals that would do the same.

    These are about the same facility, or they do the same for one of its kinds no farther away,
    in a straight line, than the limit of that kind: they can be for the same people. Of ways,
    which have no kind, it is those in the same place, and of kinds without a limit too.

    Parameters
    ----------
    drafts
        What is about to be proposed.
    existing
        Proposals of the plan about the same workspace; those that ended or were put aside do not
        count, but for ways that opened and that its streets do not have yet.
    assessment
        By whose limits, of everybody.
    """
    alive = still_planned(existing)
    opened = [each for each in alive if each.awaits_streets]
    there = {each.proposal.id for each in misfits(assessment.district, opened)}
    alive = [each for each in alive if each.id not in there]
    return [
        [each for each in alive if _same(draft, each, _reach_m(assessment, draft, each))]
        for draft in drafts
    ]


def _reach_m(assessment: Assessment, draft: Proposal, other: Proposal) -> float:
    """Return how near two proposals for the same are, metres: the greatest limit of their kinds."""
    kinds = set(draft.kinds) & set(other.kinds)
    limits = [assessment.limit_m(each) for each in kinds if each in assessment.judged_kinds]
    return max([SAME_PLACE_M, *(each for each in limits if each is not None)])


def _same(draft: Proposal, other: Proposal, reach_m: float) -> bool:
    if draft.action != other.action or draft.crs != other.crs:
        return False
    if draft.facility_id or other.facility_id:
        return draft.facility_id == other.facility_id
    one, another = draft.shape, other.shape
    kinds = bool(set(draft.kinds) & set(other.kinds)) or not (draft.kinds or other.kinds)
    if not kinds or one is None or another is None:
        return False
    far_m = shapely.hausdorff_distance(one, another)
    return bool(far_m <= reach_m)
