"""Proposals as a table on a terminal, whatever its width: what decides first, names shortened."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size

from planner.cli.shared.tables import table as grid_of
from planner.views.words.plan.proposals import cost_heading, departments_words, kinds_words, word
from planner.views.words.plan.targets import money_range

if TYPE_CHECKING:
    from rich.table import Table

    from planner.cli.shared.console import Console
    from planner.views.words.labels import Labels

COLUMNS = (
    "id",
    "status",
    "title",
    "year",
    "gained",
    "gained_unsure",
    "gained_more",
    "cost",
    "standard",
    "waiting",
    "unanswered",
    "department",
    "kinds",
    "action",
)
"""Columns in the order in which a meeting asks for them; the last are left out first."""

FIGURES = ("year", "gained", "gained_unsure", "gained_more", "cost")
UNSURE = ("gained_unsure", "gained_more")
LEAST_COLUMNS = 3
"""So many columns are shown, however narrow the terminal is."""

LEAST_WIDTH = {
    "title": 14,
    "standard": 10,
    "department": 8,
    "kinds": 10,
    "waiting": 8,
    "unanswered": 8,
}
"""Cells to which a column of names is shortened at most."""

BESIDE = 3
"""Cells between two columns."""

Row = Mapping[str, Any]


def proposals_grid(
    console: Console, rows: Sequence[Row], basis: Mapping[str, str] | None = None
) -> tuple[Table, list[str]]:
    """Return the table of proposals, and the headings of the columns that found no room.

    A column in which nothing stands is not shown. Ids, statuses and figures are never cut.

    Parameters
    ----------
    console
        Where it is shown.
    rows
        Of :meth:`planner.plan.Plan.table`.
    basis
        By id, by what the figures of a proposal were computed, where that is to be told.
    """
    labels = console.labels
    units = {str(row["currency"]) for row in rows if not math.isnan(float(row["cost"]))}
    # one unit of all costs stands once, above them
    unit = next(iter(units)) if len(units) == 1 else ""
    told_by = basis or {}
    cells = [
        {**_cells(labels, row, unit), "standard": told_by.get(str(row["id"]), "")} for row in rows
    ]
    heads = {name: labels.message(f"plan_words.col_{name}") for name in COLUMNS}
    heads["cost"] = cost_heading(labels, units)
    told = [name for name in COLUMNS if any(each[name] for each in cells)]
    width = {name: _width(name, heads[name], [each[name] for each in cells]) for name in told}
    shown = list(told)
    while _taken(shown, _least(width)) > console.out.width and len(shown) > LEAST_COLUMNS:
        shown.pop()
    room = _shared_out(shown, width, console.out.width)
    title = labels.message("plan_words.title_proposals")
    grid = grid_of(title, [_cut(heads[n], room[n], n) for n in shown], len(shown))
    for name, column in zip(shown, grid.columns, strict=True):
        column.justify = "right" if name in FIGURES else "left"
        column.min_width = column.max_width = room[name]
    cut = {name: _cut_apart([each[name] for each in cells], room[name], name) for name in shown}
    for row in zip(*(cut[name] for name in shown), strict=True):
        grid.add_row(*row)
    return grid, [heads[name] for name in told if name not in shown]


def _cells(labels: Labels, row: Row, unit: str) -> dict[str, str]:
    own = "" if row["currency"] == unit else str(row["currency"])
    low, most, gained = (float(row[name]) for name in ("cost", "cost_most", "gained"))
    action = word(labels, "action", str(row["action"]))
    kinds = kinds_words(labels, filter(None, str(row["kinds"]).split(";")))
    named = labels.message("plan_words.name", action=action, kinds=kinds) if kinds else action
    year = row["year"]
    return {
        "id": str(row["id"]),
        "status": word(labels, "status", "opened_way" if row["awaits_streets"] else row["status"]),
        "title": str(row["title"]) or named,
        "year": str(year) if isinstance(year, int) else "–",
        "gained": "–" if math.isnan(gained) else labels.number(gained),
        **{name: labels.number(row[name]) if row[name] > 0 else "" for name in UNSURE},
        "cost": "–" if math.isnan(low) else money_range(labels, low, most, own),
        "waiting": departments_words(labels, filter(None, str(row["waiting"]).split(";"))),
        "unanswered": departments_words(labels, filter(None, str(row["unanswered"]).split(";"))),
        "department": departments_words(labels, filter(None, [str(row["department"])])),
        "kinds": kinds,
        "action": action,
    }


def _width(name: str, head: str, cells: Sequence[str]) -> int:
    """Return the cells that a column takes: the heading of a figure may be folded at blanks."""
    least = max(map(cell_len, head.split())) if name in FIGURES else cell_len(head)
    return max(least, *map(cell_len, cells))


def _least(width: Mapping[str, int]) -> dict[str, int]:
    return {name: min(cells, LEAST_WIDTH.get(name, cells)) for name, cells in width.items()}


def _taken(names: Sequence[str], width: Mapping[str, int]) -> int:
    return sum(width[name] + BESIDE for name in names) + 1


def _shared_out(names: Sequence[str], width: Mapping[str, int], whole: int) -> dict[str, int]:
    """Return the cells of each column: the widest column of names is shortened first."""
    found, least = {name: width[name] for name in names}, _least(width)
    while _taken(names, found) > whole:
        longer = [name for name in names if found[name] > least[name]]
        if not longer:
            break
        found[max(longer, key=found.__getitem__)] -= 1
    return found


def _cut_apart(texts: Sequence[str], cells: int, name: str) -> list[str]:
    """Return the texts of a column cut; titles that would look alike are cut in their middle.

    Names of sites often differ in the number at their end alone.
    """
    cut = [_cut(text, cells, name) for text in texts]
    if name != "title":
        return cut
    of: dict[str, set[str]] = {}
    for short, text in zip(cut, texts, strict=True):
        of.setdefault(short, set()).add(text)
    return [
        _cut_in_the_middle(text, cells) if len(of[short]) > 1 else short
        for short, text in zip(cut, texts, strict=True)
    ]


def _cut_in_the_middle(text: str, cells: int) -> str:
    """Return a text in so many cells, its beginning and its end with … between them.

    Examples
    --------
    >>> _cut_in_the_middle("Candidate site 044", 14)
    'Candid…ite 044'
    """
    end = ""
    for sign in reversed(text):
        if cell_len(sign + end) > cells // 2:
            break
        end = sign + end
    return set_cell_size(text, cells - 1 - cell_len(end)).rstrip() + "…" + end


def _cut(text: str, cells: int, name: str) -> str:
    """Return a text in so many cells, one that is longer with … at its end."""
    if cell_len(text) <= cells or name not in LEAST_WIDTH:
        return text
    return set_cell_size(text, cells - 1).rstrip() + "…"
