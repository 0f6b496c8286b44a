"""Tables for the terminal and rows for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich import box
from rich.cells import cell_len
from rich.table import Table

from planner.cli.shared.fitting import HEADING_WIDTH
from planner.views.words.provenance import lacking_word
from planner.views.words.ranges import share_or_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd

    from planner.analysis.assessment import Assessment
    from planner.cli.shared.console import Console
    from planner.district import District

COLUMNS = (
    "kind",
    "limit_m",
    "facilities",
    "covered",
    "uncovered",
    "unknown",
    "share",
    "median_distance_m",
    "unreachable",
    "communities_lacking",
)

SPARED = {"facilities", "median_distance_m", "unreachable"}
"""Columns that a narrow terminal leaves out; the files have them."""
NARROW = 100


def table(title: str, columns: Iterable[str], numbers_from: int = 1) -> Table:
    """Return an empty table whose columns from `numbers_from` on are aligned to the right."""
    result = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for index, column in enumerate(columns):
        result.add_column(column, justify="right" if index >= numbers_from else "left")
    return result


def fold_headings(grid: Table) -> None:
    """Let headings of figures wrap, so that the first column keeps its room."""
    for column in grid.columns[1:]:
        words = [min(cell_len(word), HEADING_WIDTH) for word in str(column.header).split()]
        widths = words + [cell_len(str(cell)) for cell in column.cells]
        column.max_width = max(widths, default=1)
        column.overflow = "fold"


def point_records(points: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return points as :func:`records`, their place as x and y in metres of the CRS."""
    plain = points.drop(columns="geometry")
    return records(plain.assign(x=points.geometry.x, y=points.geometry.y))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table's rows as dictionaries of Python values."""
    # a column at a time: a city has 40,000 gaps, and pandas boxes each of their cells by itself
    names = [str(name) for name in frame.columns]
    columns = [_python_values(frame.iloc[:, place]) for place in range(frame.shape[1])]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _python_values(column: pd.Series) -> list[Any]:
    """Return the values of a column as Python has them."""
    values: list[Any] = column.astype(object).tolist()
    if isinstance(column.dtype, np.dtype) and column.dtype != object:
        return values
    return [_python_value(value) for value in values]


def _python_value(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return None if value is pd.NA else value


def district_json(district: District) -> dict[str, Any]:
    """Return what identifies a district and its data."""
    return {
        "name": district.name,
        "crs": district.crs.to_string(),
        "synthetic": district.synthetic,
        "estimated": district.estimated,
        "demand_unit": district.demand_unit,
        "groups": district.groups,
        "rows": {name: len(layer) for name, layer in district.layers.items()},
        "sources": [vars(source) for source in district.sources],
        "attribution": district.attribution,
    }


def summary_tables(console: Console, result: Assessment) -> Iterator[Table | str]:
    """Yield the coverage of all by kind, that of each group, then the notes to read them with."""
    summary = result.summary()
    yield _total_table(console, result, summary[summary["group"] == result.groups[0]])
    if len(result.groups) > 1:
        yield _groups_table(console, result, summary[summary["judged"].astype(bool)])
    judged = summary[summary["judged"].astype(bool)]
    if not judged["verified"].astype(bool).all():
        yield console.word("unverified_note")
    if result.district.synthetic:
        yield console.word("synthetic_note")
    if result.district.estimated:
        yield console.word("estimated_note")


def _total_table(console: Console, result: Assessment, rows: pd.DataFrame) -> Table:
    labels = console.labels
    names = [
        result.district.name,
        labels.standard(result.standard),
        labels.group(result.groups[0]),
    ]
    narrow = console.out.width < NARROW
    spared = SPARED if narrow else set()
    if not ((rows["unreachable"] > 0) & rows["median_distance_m"].notna()).any():
        # no median that leaves somebody out
        spared = spared | {"unreachable"}
    columns = [column for column in COLUMNS if column not in spared]
    grid = table(" · ".join(names), map(console.heading, columns))
    for row in records(rows):
        cells = _cells(console, result, row)
        grid.add_row(*(cells[column] for column in columns))
    fold_headings(grid)
    return grid


def _groups_table(console: Console, result: Assessment, rows: pd.DataFrame) -> Table:
    """Coverage of each group, a column each."""
    labels = console.labels
    headings = [console.heading("kind"), *map(labels.group, result.groups)]
    grid = table(console.word("by_group"), headings)
    for kind, cells in rows.groupby("kind", sort=False):
        of_group = {row["group"]: row for row in records(cells)}
        shares = (share_or_range(of_group[group], labels) for group in result.groups)
        grid.add_row(labels.kind(str(kind), result.district.kinds), *shares)
    return grid


def _cells(console: Console, result: Assessment, row: dict[str, Any]) -> dict[str, str]:
    """Return a row's text by column; what is not judged has no limit and no counts."""
    labels = console.labels
    judged = bool(row["judged"])
    cells = {
        name: "–" if pd.isna(row[name]) else labels.number(row[name])
        for name in ("facilities", "unknown", "unreachable")
    }
    cells["communities_lacking"] = lacking_word(row, labels)
    median = row["median_distance_m"]
    if not result.question.plain and row["data"] != "none":
        listed = int((result.district.open_facilities()["kind"] == row["kind"]).sum())
        cells["facilities"] = f"{cells['facilities']}/{labels.number(listed)}"
    cells["median_distance_m"] = "–" if pd.isna(median) else labels.whole_metres(median)
    for name in ("limit_m", "covered", "uncovered"):
        cells[name] = labels.number(row[name]) if judged else "–"
    if judged and not row["verified"]:
        cells["limit_m"] += "*"
    return cells | {
        "kind": labels.kind(row["kind"], result.district.kinds),
        "share": share_or_range(row, labels) if judged else _why_not(console, row),
    }


def _why_not(console: Console, row: dict[str, Any]) -> str:
    """Return why a kind has no share: there is no data on it, or no limit for it."""
    if row["data"] == "none":
        return console.labels.value("data_none")
    return console.word("not_judged")


def rows_table(title: str, rows: Any, numbers_from: int) -> Table:
    """Return a table of words and numbers for the terminal."""
    grid = table(title, map(str, rows.columns), numbers_from)
    for row in rows.astype(object).where(rows.notna(), None).to_numpy():
        grid.add_row(*("–" if cell is None else _cell(cell) for cell in row))
    fold_headings(grid)
    return grid


def _cell(value: object) -> str:
    if isinstance(value, float):
        if value == round(value):
            return f"{value:,.0f}"
        # one decimal would make 0.0285 nothing
        return f"{value:,.3g}" if abs(value) < 1 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
