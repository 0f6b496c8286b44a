"""What sites were sought by, beside the most within the limit, and what was set beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal


def sought(proposal: Proposal, labels: Labels) -> list[str]:
    """Return in words what made one choice better than another, and how far it was reached.

    Nothing where the most within the limit were sought, as the answer itself says, and nothing was
    set beforehand.
    """
    return [*_aim(proposal, labels), *_set_beforehand(proposal, labels)]


def of_curves(proposal: Proposal, labels: Labels) -> list[str]:
    """Return in words what curves of more sites or money do not heed of what was asked."""
    asked = proposal.options
    other = proposal.goal != "coverage" or asked.floor is not None or asked.backup
    if not other and asked.budget is None:
        return []
    return [labels.message("siting.curves_heed")]


def _aim(proposal: Proposal, labels: Labels) -> list[str]:
    say, asked = labels.message, proposal.options
    if proposal.goal == "distance":
        before, after = _mean_walks(proposal)
        if np.isnan(before):
            return [say("siting.sought_distance_first")]
        told = {"before": labels.metres(round(before)), "after": labels.metres(round(after))}
        return [say("siting.sought_distance", **told)]
    if proposal.goal == "farthest":
        return [say("siting.sought_farthest", longest=labels.metres(round(proposal.objective)))]
    if proposal.goal == "worst_first":
        share = labels.percent(proposal.objective, 1)
        return [say("siting.sought_worst_first", share=share)]
    if proposal.goal == "everyone":
        by = "" if asked.budget is None else "_budget"
        return [say(f"siting.sought_everyone{by}", share=labels.percent(asked.share, 0))]
    return []


def _set_beforehand(proposal: Proposal, labels: Labels) -> list[str]:
    say, asked = labels.message, proposal.options
    found = []
    if asked.floor is not None:
        floors = asked.floor.values() if isinstance(asked.floor, Mapping) else [asked.floor]
        ends = dict.fromkeys(labels.percent(each, 0) for each in (min(floors), max(floors)))
        found.append(say("siting.sought_floor", floor="–".join(ends)))
    if asked.backup:
        found.append(say("siting.sought_backup", share=labels.percent(asked.backup, 0)))
    if asked.apart_m:
        found.append(say("siting.sought_apart", apart=labels.metres(asked.apart_m)))
    if required := int(proposal.candidates["required"].sum()):
        found.append(say("siting.sought_required", count=labels.number(required)))
    return found


def _mean_walks(proposal: Proposal) -> tuple[float, float]:
    """Return the mean walk today and with the sites, of those who can walk to one today.

    NaN where nobody can.
    """
    today = proposal.assessment.distances[proposal.kind].to_numpy(dtype=np.float64)
    kept = np.isfinite(today) & (proposal.people > 0)
    if not kept.any():
        return np.nan, np.nan
    people = proposal.people[kept]
    means = (np.average(metres[kept], weights=people) for metres in (today, proposal.walks()))
    before, after = map(float, means)
    return before, after
