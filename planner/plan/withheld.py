"""What is told of a plan to whom small counts of groups are withheld from.

A plan keeps what was computed with all counts of groups: figures of proposals, and shares of
targets that ask for so much more than there is today. Which of these tell of few people, only the
data that they were computed from could tell, so all of them are left out. They are where a plan is
read (:class:`planner.plan.queries.Queries`), not where something of it is shown: what words, prints
or draws a proposal never has them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from planner.district.layers import GROUP_PREFIX
from planner.plan.proposals.figures import Figures
from planner.plan.proposals.merging import Conflict
from planner.plan.proposals.proposal import Proposal
from planner.plan.targets.aims import Target

Withheld = Callable[[str], bool]
"""Whether counts of groups are withheld in a workspace, by its name."""

BY_TODAY = "set_target_by_today"
"""In the trail, that the first share of a target was counted from the data."""

ROUND = 1000
"""Parts of the whole in which people tell a share: what is between two of them was counted."""


def everywhere(_workspace: str) -> bool:
    """Withhold counts of groups in each workspace."""
    return True


def shown_proposal(proposal: Proposal) -> Proposal:
    """Return a proposal whose figures have no counts of groups."""
    if proposal.figures is None:
        return proposal
    return replace(proposal, figures=proposal.figures.without_groups())


class CountedShares:
    """Shares of targets that were counted, of groups.

    Parameters
    ----------
    targets
        Group by id of a target.
    entries
        The trail, as it is.
    """

    def __init__(self, targets: Mapping[str, str], entries: Iterable[Mapping[str, Any]]) -> None:
        self._of_groups = {own for own, group in targets.items() if group.startswith(GROUP_PREFIX)}
        self._counted = {
            (entry["row_id"], entry["after"].get("share"))
            for entry in entries
            if entry["deed"] == BY_TODAY and isinstance(entry["after"], dict)
        }

    def hides(self, target: str, share: float) -> bool:
        """Return whether a share of a target was counted, or may have been.

        What was set before the trail said so is told by its digits: nobody asks for 48.57 %.
        """
        if target not in self._of_groups:
            return False
        parts = share * ROUND
        return (target, share) in self._counted or not math.isclose(parts, round(parts))

    def shown(self, target: Target) -> Target:
        """Return a target without the share, NaN instead, where that was counted."""
        return replace(target, share=math.nan) if self.hides(target.id, target.share) else target

    def shown_conflict(self, row_id: str, conflict: Conflict) -> Conflict | None:
        """Return a field that two people changed, without counts of groups.

        None for figures that differ only by these: who was shown them without has seen no other.
        """
        if conflict.field == "share":
            return conflict.each(lambda share: self._shown_share(row_id, share))
        if conflict.field == "figures":
            told = conflict.each(_shown_figures)
            return None if told.base == told.ours == told.theirs else told
        return conflict

    def _shown_share(self, target: str, share: Any) -> Any:
        return None if isinstance(share, float) and self.hides(target, share) else share

    def shown_entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Return an entry of the trail without counts of groups.

        Where there were any, its random id is left out too: who knew all of an entry but few small
        counts could try which of them lead to the hash that seals it.
        """
        own = entry["row_id"]
        sides = {name: self.shown_row(own, entry[name]) for name in ("before", "after")}
        told = {**entry, **sides}
        return told if told == entry else {**told, "entry_id": None}

    def shown_row(self, row_id: str, row: Any) -> Any:
        """Return a row of any layer: figures of a proposal and the share of a target as told."""
        if not isinstance(row, dict):  # of a damaged trail, which says so when it is verified
            return None
        told = dict(row)
        if "figures" in told:
            told["figures"] = _shown_figures(told["figures"])
        if "share" in told:
            told["share"] = self._shown_share(row_id, told["share"])
        return told


def _shown_figures(kept: Any) -> Any:
    if not kept or not isinstance(kept, dict):  # none yet, or of a damaged trail
        return kept if kept == {} else None
    return Figures.from_json(kept).without_groups().to_json()
