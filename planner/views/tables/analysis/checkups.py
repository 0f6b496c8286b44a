"""Check-ups, clauses and remedies as tables for people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.checkup import Checkup
from planner.analysis.compliance.clauses import clause_finding, verdict
from planner.views.words.analysis.checkups import (
    group_word,
    kinds_word,
    remedy_word,
    requirement_word,
    word,
)
from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures

_PERCENT = ("required", "found", "found_low", "found_high", "attained")
_CLAUSE_COLUMNS = (
    "area_id",
    "name",
    "subdistrict",
    "sentence",
    "kind",
    "requirement",
    "group",
    "required",
    "found",
    "found_low",
    "found_high",
    "attained",
    "short_by",
    "short_by_low",
    "short_by_high",
    "unit",
    "of",
    "unknown",
    "met",
    "harm",
    "max_points",
    "points",
    "lost",
    "circle",
    "clause",
    "verified",
)


def scores_table(made: Checkup, language: str = "en") -> pd.DataFrame:
    """Return the score of each area, the best first, headings in the language."""
    labels = Labels.of(made.assessment, language)
    scores = made.scores.sort_values("rank", kind="stable", na_position="last")
    columns = {
        word(labels, "rank"): scores["rank"],
        labels.column("area_id"): scores.index,
        labels.column("name"): scores["name"],
        labels.column("subdistrict"): scores["subdistrict"],
        labels.group(made.assessment.groups[0]): scores["residents"].round(),
        word(labels, "score"): scores["score"],
        word(labels, "col_score_low"): scores["score_low"],
        word(labels, "col_score_high"): scores["score_high"],
        word(labels, "col_met"): scores["met"],
        word(labels, "col_missed"): scores["missed"],
        word(labels, "col_open"): scores["open"],
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def clauses_table(assessment: Assessment, rows: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return clauses, with points where they have any, headings and words in the language.

    Parameters
    ----------
    assessment
        What was judged.
    rows
        Of :func:`planner.analysis.compliance.audit.audit` or ``Checkup.parts``; shares become per
        cent.
    language
        ``"en"`` or ``"zh"``.
    """
    labels, kinds = Labels.of(assessment, language), assessment.district.kinds
    records = rows.to_dict("records")
    found = [clause_finding(row, assessment) for row in records]
    rows = rows.assign(
        sentence=[labels.finding(each, kinds) if each else "" for each in found],
        unit=[word(labels, f"unit_{name}") for name in rows["requirement"]],
        met=[word(labels, f"verdict_{verdict(row)}") for row in records],
    )
    if "harm" in rows:
        rows["harm"] = rows["harm"].round()
    table = rows[[name for name in _CLAUSE_COLUMNS if name in rows]].copy()
    shares = (table["requirement"] == "distance").to_numpy()
    for name in _PERCENT:
        values = table[name].astype("float64")
        if name == "attained":  # made of those known, which may be few
            values = values.where(table["found"].notna().to_numpy())
        table[name] = np.where(shares | (name == "attained"), percent_figures(values, 2), values)
    table["kind"] = [kinds_word(labels, kind, assessment) for kind in table["kind"]]
    table["requirement"] = [requirement_word(labels, name) for name in table["requirement"]]
    table["group"] = [group_word(labels, group) for group in table["group"]]
    table["circle"] = [labels.value(circle) for circle in table["circle"]]
    table["clause"] = [labels.text(clause) if clause else "" for clause in table["clause"]]
    return table.rename(columns={name: _heading(labels, str(name)) for name in table})


def _heading(labels: Labels, name: str) -> str:
    own = {"found", "found_low", "found_high", "required", "attained", "of"}
    own |= {"short_by", "short_by_low", "short_by_high"}
    own |= {"requirement", "max_points", "points", "lost", "unknown", "sentence", "unit", "harm"}
    if name == "met":
        return word(labels, "col_verdict")
    return word(labels, f"col_{name}") if name in own else labels.column(name)


def remedies_table(made: Checkup, rows: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return remedies as sentences with what they bring, headings in the language."""
    labels = Labels.of(made.assessment, language)
    names = made.scores["name"]
    records = rows.to_dict("records")
    return pd.DataFrame(
        {
            labels.column("area_id"): [row["area_id"] for row in records],
            word(labels, "col_area"): [names[row["area_id"]] for row in records],
            labels.column("kind"): [
                kinds_word(labels, row["kind"], made.assessment) for row in records
            ],
            word(labels, "col_remedy"): [
                remedy_word(labels, row, made.assessment) for row in records
            ],
            word(labels, "col_gain"): [row["gain"] for row in records],
            word(labels, "col_lacking"): [row["lacking"] for row in records],
        }
    )
