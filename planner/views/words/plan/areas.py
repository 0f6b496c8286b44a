"""The floor area of a proposal in words, where it is not simply that of what is built."""

from __future__ import annotations

from planner.plan.proposals.floor_areas import area_in, differs, known_in, untold_in
from planner.plan.proposals.proposal import Proposal
from planner.views.words.labels import Labels


def area_sentence(labels: Labels, proposal: Proposal) -> str:
    """Return what is odd about a floor area, empty where nothing is.

    That what is built has another than what was decided; or that it is known of some rooms only,
    so that there is no more than a least.
    """
    area, built = proposal.floor_area_m2, area_in(proposal.changes)
    if area is None:
        return _least_sentence(labels, proposal)
    if not differs(proposal):
        return ""
    told = labels.number(area, 2)
    if built is None:
        return labels.message("plan_words.area_not_built", area=told)
    return labels.message("plan_words.area_differs", area=told, built=labels.number(built, 2))


def _least_sentence(labels: Labels, proposal: Proposal) -> str:
    known, untold = known_in(proposal.changes), untold_in(proposal.changes)
    if known is None or not untold:
        return ""
    rooms = labels.message("plan_words.comma").join(
        room.name or labels.kind(room.kind) for room in untold
    )
    area = labels.number(known, 2)
    return labels.message("plan_words.area_at_least", area=area, rooms=rooms)
