"""Shares covered after an answer, with what is not known: rows as those of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.analysis.coverage.population_within import share_of_known
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal
    from planner.siting.relocation.relocation import Relocation


Row = dict[str, float]


def proposal_rows(proposal: Proposal) -> tuple[Row, Row]:
    """Return the figures of a summary's row on coverage, today and with the sites."""
    total = float(proposal.people.sum())
    before, after = proposal.counts()
    return _row(*before, total), _row(*after, total)


def relocation_rows(found: Relocation) -> tuple[Row, Row]:
    """Return the same today and once facilities have moved."""
    total = float(found.ground.people.sum())
    before = _row(found.covered_before, found.unknown_before, total)
    return before, _row(found.covered_after, found.unknown_after, total)


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
    today, then = (
        labels.percent_range(row["share_low"], row["share_high"])
        for row in (_row(*before, total), _row(*after, total))
    )
    return [
        labels.message("siting.gained_unsure", count=labels.number(gained)),
        labels.message("siting.rate_between", today=today, then=then),
    ]


def gains_unsure_words(gained: float, labels: Labels) -> list[str]:
    """Return the sentence on gains, summed over kinds, that may be none; none where all are."""
    if not gained > 0:
        return []
    return [labels.message("siting.gains_unsure", count=labels.number(gained))]


def _row(covered: float, unknown: float, total: float) -> Row:
    return {
        "covered": covered,
        "uncovered": total - unknown - covered,
        "unknown": unknown,
        "share": float(share_of_known(covered, total - unknown - covered, unknown)),
        "share_low": covered / total if total > 0 else np.nan,
        "share_high": (covered + unknown) / total if total > 0 else np.nan,
    }
