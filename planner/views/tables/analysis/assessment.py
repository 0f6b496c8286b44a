"""Summary and league tables for people: headings and units in their language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from planner.analysis.notes.notes import island_table
from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures, without_telling

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def demand_table(assessment: Assessment, labels: Labels) -> pd.DataFrame:
    """Return the homes with their people and distances, headings in the language.

    Distances are metres; where one is not a number it is the word for unknown or unreachable. That
    of a home that reaches only facilities of which it is not known whether they count is unknown.
    """
    district = assessment.district
    homes = district.shown_layers["demand"]
    columns: dict[str, Any] = {
        labels.column("demand_id"): homes["demand_id"].to_numpy(),
        labels.column("community_id"): homes["community_id"].to_numpy(),
    }
    columns |= {labels.group(group): homes[group].to_numpy() for group in assessment.groups}
    for kind in assessment.kinds:
        name = f"distance_m_{kind}"
        distance_m = assessment.distances[kind]
        words = distance_m.round(3).astype(object)
        lost = np.isinf(distance_m) & np.isinf(assessment.best_distances[kind])
        words = words.mask(~np.isfinite(distance_m), labels.text("unknown"))
        words = words.mask(lost, labels.text("unreachable"))
        columns[labels.column(name, district.kinds)] = words.to_numpy()
    return pd.DataFrame(columns)


Style = Literal["text", "count", "percent", "metres", "yes_no"]

Level = Literal["community", "subdistrict"]

COVERED = (
    "total",
    "covered",
    "uncovered",
    "unknown",
    "share",
    "share_low",
    "share_high",
    "unreachable",
    "mean_distance_m",
    "median_distance_m",
)
"""What both tables tell of coverage."""

SUMMARY_COLUMNS = (
    "kind",
    "group",
    "judged",
    "data",
    "limit_m",
    "measure",
    "facilities",
    *COVERED,
    "communities_lacking",
    "communities_unknown",
    "clause",
    "verified",
)
"""Columns of :func:`summary_table`, by their names in the assessment."""

LEAGUE_COLUMNS = (
    "area_id",
    "name",
    "subdistrict",
    "kind",
    "group",
    "limit_m",
    *COVERED,
    "facilities",
)
"""Columns of :func:`league_table`, by their names in the assessment."""

_STYLES: dict[str, Style] = {
    "share": "percent",
    "share_low": "percent",
    "share_high": "percent",
    "limit_m": "metres",
    "mean_distance_m": "metres",
    "median_distance_m": "metres",
    "judged": "yes_no",
    "verified": "yes_no",
    **dict.fromkeys(
        (
            "total",
            "covered",
            "uncovered",
            "unknown",
            "unreachable",
            "facilities",
            "communities_lacking",
            "communities_unknown",
        ),
        "count",
    ),
}


def style_of(column: str) -> Style:
    """Return how a column's values are shown, by its name in the assessment."""
    return _STYLES.get(column, "text")


def heading(column: str, labels: Labels) -> str:
    """Return a column's heading, with ``(%)`` where the values are in per cent."""
    name = labels.column(column)
    return f"{name} (%)" if style_of(column) == "percent" else name


def summary_table(
    assessment: Assessment, language: str = "en", group: str | None = None
) -> pd.DataFrame:
    """Return the district's figures, one row for each kind and group.

    Parameters
    ----------
    assessment
        What is shown.
    language
        ``"en"`` or ``"zh"``.
    group
        Only this people column; all where none is given.

    Returns
    -------
    DataFrame
        Numbers stay numbers: people and metres as they are, shares in per cent. The column
        styles are in ``attrs["styles"]``, heading to one of ``"text"``, ``"count"``,
        ``"percent"``, ``"metres"`` and ``"yes_no"``.
    """
    rows = assessment.summary().rename(columns={assessment.groups[0]: "total"})
    if group is not None:
        rows = rows[rows["group"] == group]
    labels = Labels.of(assessment, language, group)
    rows = rows.assign(
        measure=[labels.value(value) for value in rows["measure"]],
        data=[labels.value(f"data_{state}") for state in rows["data"]],
        clause=[labels.clause(assessment.standard.rules.get(kind)) for kind in rows["kind"]],
    )
    return _dressed(assessment, rows, SUMMARY_COLUMNS, labels)


def league_table(
    assessment: Assessment,
    level: Level = "community",
    language: str = "en",
    *,
    kind: str | None = None,
    group: str | None = None,
) -> pd.DataFrame:
    """Return the communities or subdistricts, worst covered first within each kind and group.

    Parameters
    ----------
    assessment, language
        As for :func:`summary_table`.
    level
        ``"community"`` or ``"subdistrict"``.
    kind, group
        Only this kind and people column; all where none is given.

    Returns
    -------
    DataFrame
        As for :func:`summary_table`.
    """
    rows = assessment.league(level)
    for column, wanted in (("kind", kind), ("group", group)):
        if wanted is not None:
            rows = rows[rows[column] == wanted]
    # a group may have a limit of its own, which nobody would guess of its share
    limits = {
        (kind, group): assessment.limit_m(kind, group)
        for kind in assessment.kinds
        for group in assessment.groups
    }
    pairs = zip(rows["kind"], rows["group"], strict=True)
    rows = rows.assign(limit_m=pd.Series([limits[pair] for pair in pairs], rows.index, "float64"))
    order = {each: place for place, each in enumerate(assessment.kinds)}
    groups = {each: place for place, each in enumerate(assessment.groups)}
    rows = rows.assign(
        _kind=rows["kind"].map(order),
        _group=rows["group"].map(groups),
        _worst=rows["share"].fillna(2.0),
    ).sort_values(["_kind", "_group", "_worst", "area_id"], kind="stable")
    columns = [
        column
        for column in LEAGUE_COLUMNS
        if level == "community" or column not in ("area_id", "subdistrict")
    ]
    return _dressed(assessment, rows, columns, Labels.of(assessment, language, group))


def _dressed(
    assessment: Assessment, rows: pd.DataFrame, columns: Sequence[str], labels: Labels
) -> pd.DataFrame:
    kinds = assessment.district.kinds
    words = {
        "kind": [labels.kind(kind, kinds) for kind in rows["kind"]],
        "group": [labels.group(group) for group in rows["group"]],
    }
    rows = without_telling(rows)
    headings, dressed = {}, {}
    # beside an estimate groups count people: then each row says by its group what it counts
    mixed = len({assessment.unit_of(group) for group in rows["group"]}) > 1
    for column in columns:
        values = rows[column] if column not in words else pd.Series(words[column], rows.index)
        headings[column] = heading(column, labels)
        if column == "total" and mixed:
            headings[column] = labels.text("Number")
        dressed[headings[column]] = _scaled(values, style_of(column))
    table = pd.DataFrame(dressed).reset_index(drop=True)
    table.attrs["styles"] = {headings[column]: style_of(column) for column in columns}
    return table


def _scaled(values: pd.Series, style: Style) -> pd.Series:
    """Return shares in per cent, and counts without decimals where they are whole."""
    if style == "percent":
        return percent_figures(values, 4)
    known = values.dropna()
    if style == "count" and bool((known == known.round()).all()):
        return values.astype("Int64")
    return values


def loose_street_table(assessment: Assessment, labels: Labels) -> pd.DataFrame:
    """Return whom small loose pieces of street do not catch and whom they keep.

    The headings are in the language; lengths are metres.
    """
    table = island_table(assessment.reach)
    effects = {"moved": labels.text("joined past it"), "kept": labels.text("hangs on it")}
    table["effect"] = table["effect"].map(effects)
    headings = {
        "layer": labels.text("layer"),
        "id": labels.text("id"),
        "name": labels.column("name"),
        "effect": labels.text("loose piece of street"),
        "access_m": labels.text("straight to the street joined, m"),
        "island_access_m": labels.text("straight to the loose piece, m"),
        "piece_m": labels.text("length of the loose piece, m"),
    }
    return table.rename(columns=headings)
