"""Gaps in their rank with cause, remedy and department, and who must act and talk."""

from __future__ import annotations

import pandas as pd

from planner.reports.content import Block, Part, Style, Table, table_of
from planner.reports.request import ReportRequest
from planner.views.tables.siting.departments import (
    departments_table,
    gaps_table,
    matters_table,
    shared_buildings_table,
)
from planner.views.words.catalogue import PAPER
from planner.views.words.siting.departments import buildings_worth, currency_word, notes

ON_PAPER = 20
"""Gaps that a document shows, a page for each half of their columns; the workbook has all."""

MOST_MATTERS = 15
"""Rows on who has what to settle with whom that a document shows; the workbook has all."""

MOST_OF = {"gaps": ON_PAPER, "matters": MOST_MATTERS}

_DECIDING = {
    "gaps": (
        "place",
        "kind",
        "beyond",
        "not_known",
        "cause",
        "remedy",
        "actor",
        "price",
        "partners",
    ),
    "departments": (
        "department",
        "beyond",
        "not_known",
        "gaps",
        "for_others",
        "agrees",
        "price_low",
    ),
    "matters": ("department", "other", "about", "kinds", "matters", "people"),
    "buildings": ("building", "departments", "kinds", "gained", "shared", "cost", "saved"),
}
"""Columns that documents show, in their order; the workbook has the others behind them."""

_PRICED = ("beyond", "not_known", "price_low", "price_high")
_MEANT = {
    "gaps": (*_PRICED, "sites_low", "sites_high"),
    "departments": (*_PRICED, "gaps", "for_others", "agrees", "unpriced"),
    "matters": ("matters", "people"),
    "buildings": ("gained", "shared", "people", "cost", "needed", "area"),
}
"""Columns of figures, of which the workbook's dictionary says what they tell."""

_OF_TABLE = {
    ("matters", "people"),
    *(("buildings", column) for column in _MEANT["buildings"]),
}
"""Those of them that tell something else than a column of the same name in another table."""

_MONEY = ("price_low", "price_high", "cost", "saved")
"""Columns of amounts, which are rounded already: a small one keeps digits that tell something."""


def gaps(request: ReportRequest) -> Part:
    """Return the gaps, the largest first, and the departments that must act on them."""
    heading = request.say("part_gaps")
    if not request.result.judged_kinds:
        return Part("gaps", heading, (request.say("no_gaps_judged"),))
    found, language = request.departments, request.language
    blocks: list[Block] = [request.say("gaps_note")]
    if len(found.gaps):
        blocks.append(_table(request, "gaps", gaps_table(found, language), rank=True))
        blocks.append(request.say("priced_as"))
    blocks += _departments(request)
    if len(found.buildings):
        blocks.append(_table(request, "buildings", shared_buildings_table(found, language)))
        blocks.append(request.labels.message("departments.buildings_order"))
        blocks.append(buildings_worth(found, request.labels))
        blocks.append(request.labels.message("departments.buildings_saved"))
    if len(found.talks):
        blocks.append(_table(request, "matters", matters_table(found, language)))
    blocks += notes(found, language, PAPER)
    return Part("gaps", heading, tuple(blocks))


def _departments(request: ReportRequest) -> list[Block]:
    """Return what each department must act on; those that have nothing to do are only named."""
    found, labels = request.departments, request.labels
    frame, rows = departments_table(found, request.language), found.departments
    # who answers for no judged kind has no price of its own gaps, which is not an unknown one
    own = (rows["kinds"] != "").to_numpy()
    for name in ("price_low", "price_high"):
        heading = _heading(request, name)
        frame[heading] = frame[heading].astype(object).where(own, "–")
    idle = ~own & (rows["for_others"] == 0).to_numpy() & (rows["agrees"] == 0).to_numpy()
    blocks: list[Block] = []
    if not idle.all():
        blocks.append(_table(request, "departments", frame[~idle].reset_index(drop=True)))
    if idle.any():
        names = labels.text(", ").join(frame.loc[idle, _heading(request, "department")])
        blocks.append(request.say("idle_departments", departments=names))
    return blocks


def _table(request: ReportRequest, name: str, frame: pd.DataFrame, *, rank: bool = False) -> Table:
    """Return a table of the departments with the columns that decide first."""
    first = [_heading(request, each) for each in _DECIDING[name]]
    frame = frame[[*first, *(each for each in frame if each not in first)]]
    if rank:
        first.insert(0, request.say("col_rank"))
        frame.insert(0, first[0], range(1, len(frame) + 1))
    styles: dict[str, Style] = {_heading(request, each): "given" for each in _MONEY}
    unknown = request.labels.message("departments.price_unknown")
    missing = dict.fromkeys(styles, unknown)
    if name == "departments" and request.result.district.withheld is None:
        # a department that answers for no judged kind has no count, which is not an unknown one
        counts = ("beyond", "not_known", "gaps")
        missing |= dict.fromkeys((_heading(request, each) for each in counts), "–")
    caption = request.say(f"caption_{name}", group=request.labels.group(request.group))
    columns = request.columns(styles=styles, missing=missing, meanings=_meanings(request, name))
    keys = 2 if name == "matters" else 1
    how = {"deciding": len(first), "keys": keys}
    how |= {"most": MOST_OF[name]} if name in MOST_OF else {}
    return table_of(request.say(f"sheet_{name}"), caption, frame, columns, **how)


def _meanings(request: ReportRequest, name: str) -> dict[str, str]:
    """Return what the figures of a table tell, by heading."""
    group, told = request.labels.group(request.group), {}
    for column in _MEANT[name]:
        own = f"means_{name}_{column}" if (name, column) in _OF_TABLE else f"means_{column}"
        told[_heading(request, column)] = request.say(own, group=group)
    if name == "buildings":
        saved = request.labels.message("departments.buildings_saved")
        told[_heading(request, "saved")] = saved
    return told


def _heading(request: ReportRequest, name: str) -> str:
    currency = currency_word(request.departments, request.labels)
    return request.labels.message(f"departments.col_{name}", currency=currency)
