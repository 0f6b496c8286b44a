"""Results as small tables of HTML, which a notebook shows where one stands at a cell's end."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.district import District, Scenario, builtin_kinds
from planner.plan.plan import Plan
from planner.siting.proposals.proposal import Proposal
from planner.views.escaping import safe
from planner.views.tables.plan.plan import proposals_table
from planner.views.tables.siting.proposals import sites_table
from planner.views.words.catalogue import LANGUAGES
from planner.views.words.labels import Labels
from planner.views.words.siting.prices import answer_labels
from planner.views.words.siting.proposals import answer

if TYPE_CHECKING:
    from planner.district.scenarios.scenario import Change

LANGUAGE = "PLANNER_LANGUAGE"
"""The variable of the environment that says in which language, as for the command line."""

MOST_ROWS = 20
"""Rows of a table; a line says how many more there are."""

_CELL = "text-align:left;padding:2px 10px 2px 0;vertical-align:top"


def html_of(shown: Any, language: str | None = None) -> str:
    """Return a district, assessment, proposal, scenario or plan as a small piece of HTML.

    Parameters
    ----------
    shown
        One of these.
    language
        ``"en"`` or ``"zh"``; that of the environment where none is given, else English.
    """
    told = language or os.environ.get(LANGUAGE, "")
    told = told if told in LANGUAGES else "en"
    for kind, write in _WRITERS.items():
        if isinstance(shown, kind):
            return str(write(shown, told))
    raise TypeError(type(shown).__name__)


def _district(district: District, language: str) -> str:
    labels = Labels.of(district, language)
    rows = [
        (labels.message(f"app.layer_{name}"), labels.number(len(layer)))
        for name, layer in district.layers.items()
    ]
    groups = labels.text(", ").join(map(labels.group, district.groups))
    told = labels.text("{name}: {value}", name=labels.message("reports.param_groups"), value=groups)
    lines = [told, *_remarks(district, labels)]
    if district.attribution:
        names = labels.text(district.attribution)
        lines.append(labels.message("reports.credits", names=names))
    heads = (labels.message("reports.col_layer"), labels.message("notebooks.rows"))
    return _piece(f"{district.name} ({district.crs.to_string()})", lines, heads, rows, labels)


def _assessment(result: Assessment, language: str) -> str:
    """Return the kinds with whom they cover; counts that are withheld stay so."""
    labels, group = Labels.of(result, language), result.groups[0]
    summary = result.summary()
    own = summary[(summary["group"] == group).to_numpy()]
    columns = ("covered", "uncovered", "unknown")
    rows = []
    for row in own.to_dict("records"):
        limit = labels.number(row["limit_m"]) if row["judged"] else "–"
        counts = [labels.count(row[name]) if row["judged"] else "–" for name in columns]
        gone = row["judged"] and pd.isna([row[name] for name in columns]).any()
        share = labels.count(math.nan) if gone else labels.rate(row) if row["judged"] else "–"
        name = labels.kind(row["kind"], result.district.kinds)
        rows.append((name, limit, *counts, share))
    heads = (
        labels.column("kind"),
        labels.message("reports.col_limit"),
        *(labels.column(name) for name in columns),
        labels.text("covered ({group})", group=labels.group(group)),
    )
    title = labels.text("; ").join([result.district.name, labels.standard(result.standard)])
    lines = [*labels.asked(result), *_remarks(result.district, labels)]
    return _piece(title, lines, heads, rows, labels, most=len(rows))


def _proposal(proposal: Proposal, language: str) -> str:
    labels = answer_labels(proposal, language)
    kind = labels.kind(proposal.kind, proposal.assessment.district.kinds)
    title = labels.message("notebooks.sites", kind=kind)
    lines = [*answer(proposal, language), *_remarks(proposal.assessment.district, labels)]
    return _framed(title, lines, sites_table(proposal, language), labels)


def _scenario(scenario: Scenario, language: str) -> str:
    labels = Labels(language)
    rows = [
        (number, labels.message(f"notebooks.do_{change.do}"), *_about(change, labels))
        for number, change in enumerate(scenario.changes, start=1)
    ]
    heads = tuple(labels.message(f"notebooks.{name}") for name in ("step", "what", "about"))
    return _piece(scenario.name or labels.message("notebooks.scenario"), [], heads, rows, labels)


def _about(change: Change, labels: Labels) -> tuple[str]:
    """Return what a change is about: kind and name, as far as the change itself tells them."""
    kind, name = getattr(change, "kind", ""), getattr(change, "name", "")
    told = [labels.kind(kind, builtin_kinds()) if kind in builtin_kinds() else kind]
    told += [name or getattr(change, "facility_id", "")]
    return (labels.text(", ").join(filter(None, told)),)


def _plan(plan: Plan, language: str) -> str:
    labels, cases = Labels(language), plan.cases()
    title = labels.message("reports.plan_holds", count=labels.number(len(cases)))
    return _framed(title, [], proposals_table(cases, labels, builtin_kinds()), labels)


def _remarks(district: District, labels: Labels) -> list[str]:
    """Return what nobody may miss: made-up data, estimates, counts that are withheld."""
    lines = []
    if district.synthetic:
        lines.append(labels.message("app.synthetic_note"))
    if district.estimated:
        lines.append(labels.message("app.estimated_note"))
    if district.withheld is not None:
        threshold = labels.number(district.withheld.threshold)
        lines.append(labels.message("small_numbers.badge", threshold=threshold))
    return lines


def _framed(title: str, lines: Sequence[str], frame: pd.DataFrame, labels: Labels) -> str:
    """Return a data frame of words and figures; columns that are empty are left out."""
    kept = frame.loc[:, [bool((frame[each].notna() & (frame[each] != "")).any()) for each in frame]]
    rows = [tuple(_cell(value, labels) for value in row) for row in kept.itertuples(index=False)]
    return _piece(title, lines, [str(each) for each in kept], rows, labels)


def _cell(value: Any, labels: Labels) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    digits = 0 if float(value).is_integer() else 1 if abs(value) >= 10 else 3
    return labels.number(value, digits)


def _piece(
    title: str,
    lines: Iterable[str],
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    labels: Labels,
    most: int = MOST_ROWS,
) -> str:
    """Return a heading, sentences and a table; every text of a file shows as itself."""
    head = "".join(f'<th style="{_CELL}">{safe(each)}</th>' for each in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{safe(cell)}</td>' for cell in row) + "</tr>"
        for row in rows[:most]
    )
    told = "".join(f"<div>{safe(line)}</div>" for line in lines)
    if len(rows) > most:
        more = labels.message("notebooks.more", count=labels.number(len(rows) - most))
        told += f"<div>{safe(more)}</div>"
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    return f"<div><strong>{safe(title)}</strong>{table}{told}</div>"


_WRITERS: dict[type, Any] = {
    District: _district,
    Assessment: _assessment,
    Proposal: _proposal,
    Scenario: _scenario,
    Plan: _plan,
}
