"""Check-ups, clauses and checklists in words: tables for people, sentences, files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.checkup import Checkup
from planner.district.weights import Weights
from planner.views.exports.assessment import write_csv
from planner.views.exports.folders import whole_folder
from planner.views.words.labels import Labels

FILES = ("checkup.csv", "clauses.csv", "remedies.csv", "cards.html")
"""The files that :func:`write_checkup` makes."""

_PERCENT = ("required", "found", "found_low", "found_high", "attained")
_CLAUSE_COLUMNS = (
    "area_id",
    "name",
    "subdistrict",
    "kind",
    "requirement",
    "group",
    "required",
    "found",
    "found_low",
    "found_high",
    "attained",
    "short_by",
    "of",
    "unknown",
    "met",
    "max_points",
    "points",
    "lost",
    "circle",
    "clause",
    "verified",
)


def word(labels: Labels, code: str, **params: object) -> str:
    """Return a sentence of ``messages/checkup.toml``."""
    return labels.message(f"checkup.{code}", **params)


def requirement_word(labels: Labels, requirement: str) -> str:
    """Return the name of what a clause asks."""
    return word(labels, f"requirement_{requirement}")


def kinds_word(labels: Labels, kinds: str, assessment: Assessment) -> str:
    """Return the names of kinds separated by ``;``."""
    table = assessment.district.kinds
    return labels.text(", ").join(labels.kind(kind, table) for kind in kinds.split(";") if kind)


def group_word(labels: Labels, group: str) -> str:
    """Return the name of a group, or of households and residents."""
    known = {"households": labels.column("households"), "residents": labels.group("population")}
    return known.get(group) or labels.group(group)


def score_word(labels: Labels, score: float) -> str:
    """Return a score with one decimal, or that there is none."""
    return "–" if np.isnan(score) else labels.number(score, 1)


def weights_word(labels: Labels, weights: Weights) -> str:
    """Return the weights as a sentence."""
    parts = [
        f"{requirement_word(labels, name)} {value:g}" for name, value in weights.requirement.items()
    ]
    parts += [f"{labels.kind(name)} × {value:g}" for name, value in weights.kind.items()]
    parts += [f"{group_word(labels, name)} × {value:g}" for name, value in weights.group.items()]
    text = labels.text(", ").join(parts)
    return word(labels, "weights", name=weights.name(labels.language), list=text)


def remedy_word(labels: Labels, row: Mapping[Any, Any], assessment: Assessment) -> str:
    """Return a remedy as a sentence; a place without a name by its coordinates."""
    place = row["name"] or row["id"] or f"{row['x']:.0f}, {row['y']:.0f}"
    return word(
        labels,
        f"remedy_{row['remedy']}",
        kind=kinds_word(labels, row["kind"], assessment),
        place=place,
        gain=labels.number(row["gain"]),
        lacking=labels.number(row["lacking"]),
    )


def scores_table(made: Checkup, language: str = "en") -> pd.DataFrame:
    """Return the score of each area, the best first, headings in the language."""
    labels = Labels(language)
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
    labels = Labels(language)
    table = rows[[name for name in _CLAUSE_COLUMNS if name in rows]].copy()
    shares = (table["requirement"] == "distance").to_numpy()
    for name in _PERCENT:
        values = table[name].to_numpy(dtype=np.float64)
        table[name] = np.where(shares | (name == "attained"), (values * 100).round(2), values)
    table["kind"] = [kinds_word(labels, kind, assessment) for kind in table["kind"]]
    table["requirement"] = [requirement_word(labels, name) for name in table["requirement"]]
    table["group"] = [group_word(labels, group) for group in table["group"]]
    table["circle"] = [labels.value(circle) for circle in table["circle"]]
    table["clause"] = [labels.text(clause) if clause else "" for clause in table["clause"]]
    return table.rename(columns={name: _heading(labels, str(name)) for name in table})


def _heading(labels: Labels, name: str) -> str:
    own = {"found", "found_low", "found_high", "required", "attained", "short_by", "of", "met"}
    own |= {"requirement", "max_points", "points", "lost", "unknown"}
    return word(labels, f"col_{name}") if name in own else labels.column(name)


def remedies_table(made: Checkup, rows: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return remedies as sentences with what they bring, headings in the language."""
    labels = Labels(language)
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


def write_checkup(
    made: Checkup, folder: str | Path, language: str = "en", *, links: bool = False
) -> list[Path]:
    """Write scores, clauses, remedies and a printable card of each area, all files or none.

    Parameters
    ----------
    made
        What is written.
    folder
        Made where it is missing; other files in it are left alone.
    language
        ``"en"`` or ``"zh"``.
    links
        Whether links between streets are tried as remedies; that may take long.

    Returns
    -------
    list of Path
        The files of :data:`FILES`.
    """
    from planner.views.exports.card import cards_html

    with whole_folder(folder) as part:
        write_csv(scores_table(made, language), part / "checkup.csv")
        write_csv(clauses_table(made.assessment, made.parts, language), part / "clauses.csv")
        rows = made.remedies(links=links)
        write_csv(remedies_table(made, rows, language), part / "remedies.csv")
        page = cards_html(made, list(made.scores.index), language, links=links)
        (part / "cards.html").write_text(page, encoding="utf-8")
    return [Path(folder) / name for name in FILES]
