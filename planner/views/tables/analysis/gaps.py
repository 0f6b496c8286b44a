"""Gaps as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.views.words.analysis.gaps import (
    cause_word,
    kind_word,
    left_out_word,
    link_word,
    remedy_word,
    rows_of,
    words_of_places,
)
from planner.views.words.labels import Labels
from planner.views.words.places import facility_names
from planner.views.words.shares import metre_figures

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def gaps_table(assessment: Assessment, gaps: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return gaps as a table for people.

    Parameters
    ----------
    assessment
        What the gaps were judged by.
    gaps
        Of :func:`planner.analysis.gaps.gaps.find_gaps`.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    DataFrame
        Headings and words in the language; people and metres as whole numbers, a walk that is
        unknown or leads nowhere missing.
    """
    labels, kinds = Labels.of(assessment, language), assessment.district.kinds
    names = facility_names(assessment.district)
    gaps = assessment.district.shown_areas(gaps, "unknown")
    rows = list(rows_of(gaps))
    told = {kind: kind_word(str(kind), labels, kinds) for kind in {row.kind for row in rows}}
    columns: dict[str, Any] = {
        "place": words_of_places(rows, labels),
        "kind": [told[row.kind] for row in rows],
        **{group: gaps[group].round() for group in assessment.groups},
        "not_known": gaps["unknown"].round(),
        "cause": [cause_word(row, labels) for row in rows],
        "remedy": [remedy_word(row, labels) for row in rows],
        "facility": [names.get(each, "") for each in gaps["facility_id"]],
        "straight_m": metre_figures(gaps["straight_m"]),
        "walked_m": metre_figures(gaps["walked_m"].replace(np.inf, np.nan)),
        "detour": gaps["detour_ratio"].replace(np.inf, np.nan).round(1),
        "gap_id": gaps["gap_id"],
    }
    if (gaps["left_out_ways"] != "").any():
        columns["left_out"] = [left_out_word(row, labels) for row in rows]
    if "link_work" in gaps:
        columns["link"] = [link_word(row, assessment.district, labels) for row in rows]
    return _named(columns, assessment, labels)


def largest_table(
    assessment: Assessment, areas: pd.DataFrame, group: str, language: str = "en"
) -> pd.DataFrame:
    """Return the largest areas of people who lack a kind as a table for people.

    Parameters
    ----------
    assessment, language
        As of :func:`gaps_table`.
    areas
        Of :func:`planner.analysis.gaps.largest.largest_lacking`.
    group
        Whom they are counted by.
    """
    labels, kinds = Labels.of(assessment, language, group), assessment.district.kinds
    areas = assessment.district.shown_areas(areas, "unknown")
    rows = list(rows_of(areas))
    columns: dict[str, Any] = {
        "place": words_of_places(rows, labels),
        "kind": [kind_word(str(row.kind), labels, kinds) for row in rows],
        group: areas[group].round(),
        "not_known": areas["unknown"].round(),
    }
    return _named(columns, assessment, labels)


def _named(columns: dict[str, Any], assessment: Assessment, labels: Labels) -> pd.DataFrame:
    return pd.DataFrame(columns).rename(
        columns={
            name: labels.group(name)
            if name in assessment.groups
            else labels.message(f"gaps.col_{name}")
            for name in columns
        }
    )
