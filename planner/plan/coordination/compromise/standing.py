"""What stays in every choice of a compromise, since nothing could be proven of it."""

from __future__ import annotations

from collections.abc import Sequence

from planner.analysis.assessment import Assessment
from planner.district import AddService, ExtendHours, Open, OpenInternal
from planner.plan.coordination.compromise.pricing import Pricing
from planner.plan.proposals.proposal import Proposal

_FACILITIES = (Open, OpenInternal, ExtendHours, AddService)


def standing(
    assessment: Assessment, decided: Sequence[Proposal], pricing: Pricing
) -> tuple[list[Proposal], list[Proposal]]:
    """Return the decided proposals that stay in every choice, and those that can be chosen.

    Those stay that have no price, that open ways, close, move, convert or enlarge, or that build on
    one another: what they bring does not add up with the rest, or cannot be bought otherwise.
    """
    built_on = _built_on(set(assessment.district.facilities["facility_id"]), decided)
    fixed: list[Proposal] = []
    free: list[Proposal] = []
    for each in decided:
        plain = bool(each.changes) and all(isinstance(step, _FACILITIES) for step in each.changes)
        can = plain and pricing.cost(each) is not None and each.id not in built_on
        (free if can else fixed).append(each)
    return fixed, free


def _built_on(there: set[str], decided: Sequence[Proposal]) -> set[str]:
    """Return the ids of proposals that change what another opens, or both the same facility."""
    made = {
        step.facility_id: each.id
        for each in decided
        for step in each.changes
        if isinstance(step, Open)
    }
    touched: dict[str, set[str]] = {}
    for each in decided:
        for step in each.changes:
            named = getattr(step, "facility_id", "")
            if named and not isinstance(step, Open):
                touched.setdefault(named, set()).add(each.id)
    for named, ids in touched.items():
        if named not in there and named in made:
            ids.add(made[named])
    # the one may do nothing without the other
    return {own for ids in touched.values() if len(ids) > 1 for own in ids}
