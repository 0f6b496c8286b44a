"""Shares covered after an answer, with what is not known: rows as those of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal
    from planner.siting.relocation.relocation import Relocation


def proposal_row(proposal: Proposal) -> dict[str, float]:
    """Return the people counted, and ``share`` with its range, once the sites are open."""
    _, (covered, unknown) = proposal.counts()
    return _row(covered, unknown, float(proposal.people.sum()))


def relocation_row(found: Relocation) -> dict[str, float]:
    """Return the same once facilities have moved."""
    return _row(found.covered_after, found.unknown_after, float(found.ground.people.sum()))


def share_of_known(covered: float, unknown: float, total: float) -> float:
    """Return the share covered of those of whom it is known, NaN where it is of nobody."""
    return covered / (total - unknown) if total > unknown else float("nan")


def unsure(
    gained: float,
    before: tuple[float, float],
    after: tuple[float, float],
    total: float,
    labels: Labels,
) -> list[str]:
    """Return the sentences on those gained who may be covered today, none where there are none.

    Parameters
    ----------
    gained
        How many they are.
    before, after
        People covered, and those of whom it is not known, today and once the answer stands.
    total
        All people.
    labels
        Words.
    """
    if not gained > 0:
        return []
    low, high, low_after, high_after = (
        labels.percent(row[end])
        for row in (_row(*before, total), _row(*after, total))
        for end in ("share_low", "share_high")
    )
    return [
        labels.message("siting.gained_unsure", count=labels.number(gained)),
        labels.message(
            "siting.rate_between",
            low=low,
            high=high,
            low_after=low_after,
            high_after=high_after,
        ),
    ]


def _row(covered: float, unknown: float, total: float) -> dict[str, float]:
    return {
        "covered": covered,
        "uncovered": total - covered - unknown,
        "unknown": unknown,
        "share": share_of_known(covered, unknown, total),
        "share_low": covered / total if total > 0 else np.nan,
        "share_high": (covered + unknown) / total if total > 0 else np.nan,
    }
