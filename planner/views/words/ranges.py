"""Shares covered after an answer, with what is not known: rows as those of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal
    from planner.siting.relocation.relocation import Relocation


def proposal_row(proposal: Proposal) -> dict[str, float]:
    """Return ``share``, ``unknown``, ``share_low`` and ``share_high`` once the sites are open."""
    distance_m = proposal.assessment.distances[proposal.kind].to_numpy(dtype=np.float64)
    covered = proposal.people[distance_m <= proposal.limit_m].sum() + proposal.gained
    unknown = proposal.people[np.isnan(distance_m)].sum()
    return _row(float(covered), float(unknown), float(proposal.people.sum()))


def relocation_row(found: Relocation) -> dict[str, float]:
    """Return the same once facilities have moved."""
    people, known = found.ground.people, found.ground.known
    return _row(found.covered_after, float(people[~known].sum()), float(people.sum()))


def _row(covered: float, unknown: float, total: float) -> dict[str, float]:
    known = total - unknown
    return {
        "unknown": unknown,
        "share": covered / known if known > 0 else np.nan,
        "share_low": covered / total if total > 0 else np.nan,
        "share_high": (covered + unknown) / total if total > 0 else np.nan,
    }
