"""Shares covered after an answer, with what is not known: rows as those of the summary."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.analysis.coverage.population_within import share_of_known
from planner.analysis.coverage.spacing import ShareRange, share_ranges
from planner.analysis.people import WithheldCounts
from planner.district import Kinds
from planner.errors import Finding
from planner.views.words.labels import Labels
from planner.views.words.shares import COUNTED, all_counted

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.siting.proposals.proposal import Proposal
    from planner.siting.relocation.relocation import Relocation


Row = dict[str, float]

WIDE_RANGE = 0.01
"""From this width on the range of a share is shown instead of the share."""

MOST_RANGES = 4
"""So many kinds are told with the range of their share, the widest first; the rest is counted."""


def proposal_rows(proposal: Proposal) -> tuple[Row, Row]:
    """Return the figures of a summary's row on coverage, today and with the sites."""
    total = float(proposal.people.sum())
    before, after = proposal.counts()
    withheld = WithheldCounts.of(proposal.assessment, proposal.group)
    return _row(*before, total, withheld), _row(*after, total, withheld)


def relocation_rows(found: Relocation) -> tuple[Row, Row]:
    """Return the same today and once facilities have moved."""
    total = float(found.ground.people.sum())
    withheld = WithheldCounts.of(found.assessment, found.group)
    before = _row(found.covered_before, found.unknown_before, total, withheld)
    return before, _row(found.covered_after, found.unknown_after, total, withheld)


def unsure(gained: float, rows: tuple[Row, Row], labels: Labels) -> list[str]:
    """Return the sentences on those gained who may be covered today, none where there are none.

    Parameters
    ----------
    gained
        How many they are.
    rows
        Those of :func:`proposal_rows` or :func:`relocation_rows`.
    labels
        Words.
    """
    if not gained > 0:
        return []
    told = [labels.message("siting.gained_unsure", count=labels.number(gained))]
    if any(pd.isna(row[count]) for row in rows for count in COUNTED):
        return told  # the ends of a range would tell a count that is withheld
    today, then = (labels.percent_range(row["share_low"], row["share_high"]) for row in rows)
    return [*told, labels.message("siting.rate_between", today=today, then=then)]


def gains_unsure_words(
    gained: float, labels: Labels, more: float = 0.0, lost: float = 0.0
) -> list[str]:
    """Return the sentences on gains, summed over kinds, that may be others; none where all hold.

    Parameters
    ----------
    gained
        How many of them may be none.
    labels
        Words.
    more
        How many are not counted, and may gain.
    lost
        How many are not counted, and may lose.
    """
    counts = {"gains_unsure": gained, "gains_more": more, "gains_lost": lost}
    return [
        labels.message(f"siting.{name}", count=labels.count(count))
        for name, count in counts.items()
        if not count <= 0  # one that is withheld since it is small is more than nobody
    ]


def is_wide(rows: Any) -> Any:
    """Return whether the share of rows of coverage, or of one, is told as a range."""
    return rows["share_high"] - rows["share_low"] >= WIDE_RANGE


def share_or_range(row: Mapping[Any, Any], labels: Labels) -> str:
    """Return the share of a row, or the range it lies in where what is not known weighs in it."""
    if not pd.isna(row["share_low"]) and pd.isna(all_counted(row)):
        return labels.rate(row)
    if not is_wide(row):
        return labels.percent(row["share"])
    return labels.percent_range(row["share_low"], row["share_high"])


def spread_words(
    result: Assessment, group: str, labels: Labels, kinds: Collection[str] | None = None
) -> list[str]:
    """Return the ranges that the places of homes leave in shares: no figure here is surer.

    One sentence; none where homes are known one by one.

    Parameters
    ----------
    result
        What the figures come from.
    group
        Whom they count.
    labels
        Words.
    kinds
        Of which the figures are; all where not given.
    """
    return spread_note_words(result.range_notes(group), labels, result.district.kinds, kinds)


def spread_note_words(
    notes: Iterable[Finding],
    labels: Labels,
    own: Kinds | None = None,
    kinds: Collection[str] | None = None,
) -> list[str]:
    """Return the same of ranges that were kept, see :meth:`Assessment.range_notes`.

    Parameters
    ----------
    notes
        The ranges.
    labels
        Words.
    own
        Kinds of the district, for the names of its own.
    kinds
        Of which the figures are; all where not given.
    """
    return _sentence(_side_words("today", _ranges(notes, kinds), own, labels, kinds), labels)


def spread_after_words(
    before: Assessment,
    after: Assessment,
    group: str,
    labels: Labels,
    kinds: Collection[str] | None = None,
) -> list[str]:
    """Return the same before and after a change, each where shares are ranges."""
    found = [_ranges(each.range_notes(group), kinds) for each in (before, after)]
    today, then = (
        _side_words(side, ranges, before.district.kinds, labels, kinds)
        for side, ranges in zip(("today", "then"), found, strict=True)
    )
    return _sentence(today if found[0] == found[1] else [*today, *then], labels)


def _side_words(
    side: str,
    ranges: Mapping[str, ShareRange],
    own: Kinds | None,
    labels: Labels,
    kinds: Collection[str] | None,
) -> list[str]:
    """Return how sure the shares of one side are: of one kind with its share, else of several."""
    if kinds is not None and len(kinds) == 1:
        return [
            labels.message(f"siting.spread_{side}", **_told(each, labels))
            for each in ranges.values()
        ]
    return [_kinds_told(side, own, ranges, labels)] if ranges else []


def _ranges(notes: Iterable[Finding], kinds: Collection[str] | None) -> dict[str, ShareRange]:
    found = share_ranges(notes)
    return {kind: each for kind, each in found.items() if kinds is None or kind in kinds}


def _told(each: ShareRange, labels: Labels) -> dict[str, str]:
    ends = {name: labels.percent(getattr(each, name)) for name in ("share", "low", "high")}
    return {"limit": labels.metres(each.limit_m), **ends}


def _kinds_told(
    side: str, own: Kinds | None, ranges: Mapping[str, ShareRange], labels: Labels
) -> str:
    """Return the kinds with their ranges, the widest first, the rest counted."""
    widest = sorted(ranges.items(), key=lambda each: each[1].low - each[1].high)
    names = labels.text(", ").join(
        f"{labels.kind(kind, own)} {labels.percent_range(each.low, each.high)}"
        for kind, each in widest[:MOST_RANGES]
    )
    more = len(widest) - MOST_RANGES
    if more > 0:
        names = labels.message("gaps.and_more", names=names, count=more)
    return labels.message(f"siting.spread_kinds_{side}", ranges=names)


def _sentence(told: list[str], labels: Labels) -> list[str]:
    joined = labels.text(", ").join(told)
    return [labels.message("siting.spread", told=joined)] if told else []


def _row(covered: float, unknown: float, total: float, withheld: WithheldCounts) -> Row:
    uncovered = total - unknown - covered
    hidden = withheld.hidden(covered, uncovered, unknown)
    if any(hidden):
        counts = zip(COUNTED, (covered, uncovered, unknown), hidden, strict=True)
        told = {name: np.nan if is_hidden else count for name, count, is_hidden in counts}
        return told | {"share": np.nan, "share_low": 0.0, "share_high": 1.0}
    return {
        "covered": covered,
        "uncovered": uncovered,
        "unknown": unknown,
        "share": float(share_of_known(covered, uncovered, unknown)),
        "share_low": covered / total if total > 0 else np.nan,
        "share_high": (covered + unknown) / total if total > 0 else np.nan,
    }
