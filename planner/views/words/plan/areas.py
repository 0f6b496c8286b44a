"""The floor area of a proposal in words, where it is another than that of what is built."""

from __future__ import annotations

from planner.plan.proposals.floor_areas import area_in, differs
from planner.plan.proposals.proposal import Proposal
from planner.views.words.labels import Labels


def area_sentence(labels: Labels, proposal: Proposal) -> str:
    """Return that what is built has another floor area than what was decided; empty where not."""
    area, built = proposal.floor_area_m2, area_in(proposal.changes)
    if area is None or not differs(proposal):
        return ""
    told = labels.number(area, 2)
    if built is None:
        return labels.message("plan_words.area_not_built", area=told)
    return labels.message("plan_words.area_differs", area=told, built=labels.number(built, 2))
