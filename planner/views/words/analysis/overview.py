"""The finding that answers at once: what is lacking most, how many lack it, where."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.district.layers import WEIGHT
from planner.views.words.labels import Labels
from planner.views.words.shares import all_counted

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

FEW = 1.0
"""What a withheld count is ranked as: more than nothing."""

MOST_PLACES = 3
"""Communities named in the sentence at most."""


def most_lacking(assessment: Assessment, summary: pd.DataFrame, group: str) -> str:
    """Return the judged kind that most are known to lack, empty where none is judged.

    Where two are lacked by as many, the one of which more is unknown: a share of which too much is
    unknown is not stated, and must not hide who is known to lack it.

    Parameters
    ----------
    assessment, summary
        What was judged, and its table of :meth:`planner.Assessment.summary`.
    group
        Whom to count.
    """
    rows = summary[(summary["group"] == group) & summary["kind"].isin(assessment.judged_kinds)]
    rows = rows.fillna({"uncovered": FEW, "unknown": FEW})
    rows = rows.sort_values(["uncovered", "unknown"], ascending=False, kind="stable")
    return str(rows["kind"].iloc[0]) if len(rows) else ""


def finding_sentences(
    assessment: Assessment,
    row: Any,
    league: pd.DataFrame,
    labels: Labels,
    escape: Callable[[str], str] = str,
) -> list[str]:
    """Return who lacks a kind, how many, and where; figures stand between pairs of asterisks.

    Parameters
    ----------
    assessment
        What was judged.
    row
        Figures of the kind for the group, a row of the summary.
    league
        The communities' figures of the kind.
    labels
        The language, and what is counted.
    escape
        Makes names safe for where the sentences go.
    """
    group = str(row["group"])
    # a count that is withheld is small, and not nothing
    lacking = row["uncovered"] != 0
    said = {
        "kind": labels.kind(row["kind"], assessment.district.kinds),
        "limit": labels.metres(assessment.limit_m(row["kind"], group)),
        "uncovered": labels.count(row["uncovered"]),
        "total": labels.count(all_counted(row)),
        "covered": labels.count(row["covered"]),
        "group": labels.group(group),
    }
    told = {name: escape(word) for name, word in said.items()}
    everybody = "" if group in ("population", WEIGHT) else "_group"
    # of a single kind it is not said that it is lacking most
    answer = "answer_only" if len(assessment.judged_kinds) == 1 else "answer"
    if not lacking:
        answer = "near" if _all_known(assessment, group) else "near_known"
    code = f"app_overview.{answer}{everybody}"
    sentences = [labels.message(code, **told)]
    if lacking and (places := _places(league, group, labels)):
        sentences.append(labels.message("app_overview.answer_where", places=escape(places)))
    return sentences


TOLD_ALIKE = 0.05
"""Mean numbers of kinds that are no farther apart are told as one."""


def mean_kinds(row: Any, labels: Labels) -> str:
    """Return how many kinds are near on average, a range where something is not known.

    Parameters
    ----------
    row
        Of :func:`planner.analysis.measures.completeness.completeness`.
    labels
        The language.
    """
    ends = float(row["kinds"]), float(row["kinds_high"])
    if any(map(math.isnan, ends)):
        return "–"
    low, high = (labels.number(end, 1) for end in ends)
    return low if low == high else labels.text("{low}–{high}", low=low, high=high)


def unknown_sentence(row: Any, labels: Labels, escape: Callable[[str], str] = str) -> str:
    """Return of how many it is not known, empty where that is nobody."""
    if row["unknown"] == 0:
        return ""
    count = escape(labels.count(row["unknown"]))
    return labels.message("app_overview.answer_unknown", unknown=count)


def _all_known(assessment: Assessment, group: str) -> bool:
    """Return whether of each judged kind it is known of everybody if one is near."""
    summary = assessment.summary()
    rows = summary[(summary["group"] == group) & summary["judged"]]
    return bool((rows["unknown"] == 0).all())


def _places(league: pd.DataFrame, group: str, labels: Labels) -> str:
    """Return the communities with the most of those who lack it, most first; none of only one."""
    rows = league[(league["group"] == group) & (league["uncovered"] > 0)]
    if len(league["area_id"].unique()) < 2:
        return ""
    first = rows.sort_values("uncovered", ascending=False, kind="stable").head(MOST_PLACES)
    named = [
        labels.message(
            "app_overview.answer_place", name=name or area, uncovered=labels.count(uncovered)
        )
        for area, name, uncovered in zip(
            first["area_id"], first["name"], first["uncovered"], strict=True
        )
    ]
    return labels.text(", ").join(named)
