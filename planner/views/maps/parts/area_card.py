"""What stands in the map of an area that somebody drew: its figures, short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.district import Kinds
from planner.views.escaping import safe
from planner.views.words.labels import Labels

HECTARE_M2, KM2_M2 = 1e4, 1e6
LEAST_OUTSIDE = 0.005
"""A smaller share of the area beyond the district is not told."""


def area_card(
    figures: pd.DataFrame, labels: Labels, kinds: Kinds, *, kind: str = "", group: str = ""
) -> str:
    """Return the figures of one area as HTML, the inside of a ``details``.

    Parameters
    ----------
    figures
        Of :func:`planner.analysis.measures.areas.area_figures`, one area.
    labels, kinds
        Words.
    kind
        The kind that the map shows: then its groups are listed. Where none is given the judged
        kinds are, for `group`.
    group
        Who is counted where no kind is given.
    """
    first: Any = next(figures.itertuples(index=False))
    say = labels.message
    parts = [_head(size_word(first.area_m2, labels), labels)]
    if kind:
        rows = figures[figures["kind"] == kind]
        parts += _of_kind(rows, labels, kinds)
    else:
        rows = figures[(figures["group"] == group) & figures["judged"]]
        told = figures[figures["group"] == group].iloc[0]
        people = say("areas.people", group=labels.group(group), count=labels.count(told["total"]))
        parts.append(_p(people))
        parts += _by_kind(rows, labels, kinds)
    parts += [_p(each) for each in area_notes(figures, labels)]
    return "".join(parts)


def compared_card(
    figures: Mapping[str, pd.DataFrame], labels: Labels, kinds: Kinds, kind: str, group: str
) -> str:
    """Return the figures of one area in several scenarios, one kind and group, as HTML.

    Parameters
    ----------
    figures
        As of :func:`area_card`, by the name of the scenario.
    labels, kinds, kind, group
        Words, and what is counted.
    """
    say, rows = labels.message, []
    columns = ["total", "covered", "uncovered", "facilities"]
    for name, table in figures.items():
        row = table[(table["kind"] == kind) & (table["group"] == group)].iloc[0]
        rows.append([name, *(labels.count(row[column]) for column in columns)])
    first = next(iter(figures.values()))
    size = size_word(first["area_m2"].iloc[0], labels)
    return "".join(
        [
            _head(size, labels),
            _p(f"{labels.kind(kind, kinds)} · {labels.group(group)}"),
            _table(["", *(say(f"areas.col_{column}") for column in columns)], rows),
            *map(_p, area_notes(first, labels)),
        ]
    )


def size_word(area_m2: float, labels: Labels) -> str:
    """Return how large an area is, in hectares or square kilometres."""
    if area_m2 < KM2_M2:
        return labels.message("areas.size_ha", size=labels.number(area_m2 / HECTARE_M2, 1))
    return labels.message("areas.size_km2", size=labels.number(area_m2 / KM2_M2, 2))


def area_notes(figures: pd.DataFrame, labels: Labels) -> list[str]:
    """Return what a reader of the figures of one area must know."""
    first: Any = next(figures.itertuples(index=False))
    say, notes = labels.message, []
    if first.homes == 0:
        notes.append(say("areas.nobody"))
    if first.outside >= LEAST_OUTSIDE:
        notes.append(say("areas.outside", share=labels.percent(first.outside)))
    if first.total_high - first.total_low >= 0.5:
        low, high = (labels.number(value) for value in (first.total_low, first.total_high))
        notes.append(say("areas.spread", group=labels.group(first.group), low=low, high=high))
    if figures["part_of_block"].any():
        notes.append(say("areas.part"))
    return notes


def _of_kind(rows: pd.DataFrame, labels: Labels, kinds: Kinds) -> list[str]:
    """Return a table of the groups, and how many facilities of the kind there are."""
    first: Any = next(rows.itertuples(index=False))
    say, judged = labels.message, bool(first.judged)
    name = labels.kind(first.kind, kinds)
    heading = (
        say("areas.of_kind", kind=name, limit=labels.metres(first.limit_m))
        if judged
        else labels.text("{kind} (not judged)", kind=name)
    )
    columns = ["total", *(["covered", "uncovered"] if judged else [])]
    if not judged or (rows["unknown"].fillna(0) > 0).any():
        columns.append("unknown")
    table = [
        [labels.group(row["group"]), *(labels.count(row[column]) for column in columns)]
        for row in rows.to_dict("records")
    ]
    words = ["", *(_heading(column, labels) for column in columns)]
    facilities = say("areas.facilities", kind=name, count=labels.number(first.facilities))
    return [_p(heading), _table(words, table), _p(facilities)]


def _heading(column: str, labels: Labels) -> str:
    return labels.column(column) if column == "unknown" else labels.message(f"areas.col_{column}")


def _by_kind(rows: pd.DataFrame, labels: Labels, kinds: Kinds) -> list[str]:
    """Return a table of the judged kinds, those that most lack first."""
    if rows.empty:
        return []
    say = labels.message
    rows = rows.sort_values("uncovered", ascending=False, kind="stable", na_position="last")
    columns = ["uncovered", "share", "facilities"]
    table = [
        [
            labels.kind(row["kind"], kinds),
            labels.count(row["uncovered"]),
            labels.rate(row) if row["total"] == row["total"] else labels.count(row["total"]),
            labels.number(row["facilities"]),
        ]
        for row in rows.to_dict("records")
    ]
    return [_table(["", *(say(f"areas.col_{column}") for column in columns)], table)]


def _head(size: str, labels: Labels) -> str:
    return f"<summary>{safe(labels.message('areas.title', size=size))}</summary>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{safe(each)}</th>" for each in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _p(words: str) -> str:
    return f"<p>{safe(words)}</p>"
