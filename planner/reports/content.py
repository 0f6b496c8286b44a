"""What a report says before it has a form: parts of sentences, tables and figures.

Every figure is rounded here, once, so that Word, workbook and page cannot tell it differently.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from planner.views.words.labels import Labels

Style = Literal["text", "whole", "tenth", "percent", "given"]

Cell = float | str
"""A figure, or words; a figure that is missing is a word that says why."""

DIGITS: dict[Style, int] = {"whole": 0, "tenth": 1, "percent": 1, "given": 9}
"""Decimals of the styles that are figures; of what is given, such as a price, as many as it has."""

ON_PAPER = 40
"""Rows of a long table that a document shows; the workbook has all."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    heading
        With its unit in brackets, in the reader's language.
    style
        How its figures are written; ``"percent"`` holds per cent, not shares.
    meaning
        What it tells, in a sentence; may be empty.
    summed
        Whether its rows have nothing in common, so that their sum is a figure too.
    """

    heading: str
    style: Style = "text"
    meaning: str = ""
    summed: bool = False

    @property
    def is_figure(self) -> bool:
        """Whether it holds figures."""
        return self.style != "text"

    @property
    def unit(self) -> str:
        """Its unit: per cent, or what stands in brackets behind its heading; empty where none."""
        if self.style == "percent":
            return "%"
        found = re.search(r"[(（]([^()（）]+)[)）]\s*$", self.heading)
        return found[1] if found and self.is_figure else ""


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Parameters
    ----------
    name
        Its sheet in the workbook, in the reader's language, at most 31 signs.
    caption
        What it shows, without its number.
    columns, rows
        Cells as wide as the columns.
    keys
        So many of the first columns say what a row is about; they are repeated where a table is
        too wide for a page.
    in_documents
        False where only the workbook holds it.
    deciding
        So many of the first columns are shown in documents; the workbook has all.
    most
        So many of the first rows likewise.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: int = 1
    in_documents: bool = True
    deciding: int | None = None
    most: int = ON_PAPER

    def on_paper(self) -> Table:
        """Return what documents show of it: the first rows, and the columns that decide."""
        columns = self.columns[: self.deciding]
        rows = tuple(row[: self.deciding] for row in self.rows[: self.most])
        return replace(self, columns=columns, rows=rows)

    def sums(self) -> tuple[float | None, ...]:
        """Return the sum of each column that has one; what is withheld is not in it."""
        return tuple(
            math.fsum(row[place] for row in self.rows if not isinstance(row[place], str))  # type: ignore[misc]
            if column.summed
            else None
            for place, column in enumerate(self.columns)
        )

    def sums_lack(self, places: Sequence[int]) -> bool:
        """Whether a figure of these columns that their sums are of is withheld or not known."""
        summed = [place for place in places if self.columns[place].summed]
        return any(isinstance(row[place], str) for row in self.rows for place in summed)

    @property
    def has_sums(self) -> bool:
        """Whether there is a row of sums."""
        return any(column.summed for column in self.columns) and len(self.rows) > 1


@dataclass(frozen=True)
class Figure:
    """A map or chart.

    Parameters
    ----------
    caption
        What it shows, without its number.
    png
        The picture.
    note
        What stands below a map: the number of its approval, or that it is for internal use; empty
        for a chart, and where no rule asks for a number.
    """

    caption: str
    png: bytes
    note: str = ""


@dataclass(frozen=True)
class Points:
    """A sentence, and below it point by point what more is said of the same.

    Parameters
    ----------
    said
        The sentence.
    points
        The points.
    """

    said: str
    points: tuple[str, ...]

    @classmethod
    def of(cls, outline: str) -> Points:
        """Return what an outline says, a line a point but for the first."""
        said, *points = outline.split("\n")
        return cls(said, tuple(points))


Block = str | Points | Table | Figure


@dataclass(frozen=True)
class Part:
    """A part of a report: a heading and what stands below it."""

    name: str
    heading: str
    blocks: tuple[Block, ...]

    def tables(self) -> Iterator[Table]:
        """Yield its tables."""
        yield from (block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True)
class Form:
    """What a bureau writes on its papers; empty fields are left out.

    Parameters
    ----------
    map_number
        Number under which maps were approved (审图号); without one they are for internal use.
    document_number
        Number of the document (发文字号).
    issuing_unit
        Who issues it.
    classification
        Such as 内部.
    """

    map_number: str = ""
    document_number: str = ""
    issuing_unit: str = ""
    classification: str = ""

    def lines(self, labels: Labels) -> list[str]:
        """Return the fields that are filled in, a line each."""
        return [
            labels.message(f"reports.form_{name}", value=value)
            for name, value in vars(self).items()
            if value
        ]

    def map_line(self, labels: Labels) -> str:
        """Return what stands below each map."""
        if self.map_number:
            return labels.message("reports.form_map_number", value=self.map_number)
        return labels.message("reports.internal_map")


@dataclass(frozen=True)
class Columns:
    """How columns are read: styles and meanings by heading, words for what is missing.

    Parameters
    ----------
    styles
        By heading; figures without one are whole, texts are texts.
    meanings
        By heading.
    missing
        Word for a figure that is not there, by heading; :attr:`withheld` where none is given.
    summed
        Headings of columns whose rows have nothing in common.
    withheld
        Word for figures that are missing.
    """

    styles: Mapping[str, Style] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    summed: Sequence[str] = ()
    withheld: str = "–"


def table_of(name: str, caption: str, frame: pd.DataFrame, columns: Columns, **how: Any) -> Table:
    """Return a table of a data frame whose headings are words.

    Parameters
    ----------
    name, caption
        As of :class:`Table`.
    frame
        Figures and words.
    columns
        How they are read.
    how
        Further fields of :class:`Table`.
    """
    made = tuple(_column(str(heading), frame[heading], columns) for heading in frame)
    cells = [
        _cells(frame[heading], column, columns.missing.get(column.heading, columns.withheld))
        for heading, column in zip(frame, made, strict=True)
    ]
    return Table(name, caption, made, tuple(zip(*cells, strict=True)), **how)


def _column(heading: str, values: pd.Series, columns: Columns) -> Column:
    usual: Style = "text"
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        usual = "whole"
    style = columns.styles.get(heading, usual)
    return Column(heading, style, columns.meanings.get(heading, ""), heading in columns.summed)


def _cells(values: pd.Series, column: Column, missing: str) -> list[Cell]:
    """Return the cells of a column: figures rounded as they are shown, all else as words."""
    if not column.is_figure:
        return ["" if pd.isna(value) else str(value) for value in values]
    digits = DIGITS[column.style]
    return [
        value
        if isinstance(value, str)
        else missing
        if pd.isna(value) or math.isinf(value)
        else round(float(value), digits) + 0.0
        for value in values
    ]


def shown(cell: Cell, column: Column, labels: Labels) -> str:
    """Return a cell as documents write it."""
    if column.style == "given" and not isinstance(cell, str):
        _, _, decimals = f"{cell:.{DIGITS['given']}f}".rstrip("0").partition(".")
        return labels.number(cell, len(decimals))
    return cell if isinstance(cell, str) else labels.number(cell, DIGITS[column.style])
