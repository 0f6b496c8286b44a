"""Where a table begins: the header under titles and merged cells, and rows that are totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import accumulate

import pandas as pd

from planner.errors import Finding, InputError
from planner.sources.tables.cells import Cells, Merged, has_text
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.headers.headers import (
    example_words,
    folded,
    known_headers,
    read_header,
    total_words,
)
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.values.figures import NUMBERS, figure
from planner.sources.tables.values.numbers import is_blank, number

EXAMPLE = "示例 example"
"""What stands in the first cell of a template's example, which an import leaves out."""

_LOOKED_AT = 30
_TEXT_COLUMNS = 4


@dataclass(frozen=True)
class HeaderRow:
    """Where the headers stand.

    Parameters
    ----------
    row
        The row as the user counts.
    depth
        Rows that the header takes, 1 or 2: under a merged heading stand those of its columns.
    names
        The headers, one for each column; empty where a column has none.
    """

    row: int
    depth: int
    names: tuple[str, ...]


def find_header(cells: Cells, target: str, *, row: int = 0, depth: int = 0) -> HeaderRow:
    """Return the headers of a table.

    Of the first rows the one counts that holds the most headers of the layer, then of any layer;
    without any it is the first row that has more than one cell.

    Parameters
    ----------
    cells
        The table as it stands.
    target
        The layer that is looked for.
    row, depth
        As said before; 0 where they are to be seen.

    Raises
    ------
    InputError
        Where the table is empty, there is no such row, or a known header stands twice.
    """
    table = cells.rows
    if row and row not in table.index:
        raise InputError("tables.no_header_row", file=cells.file, row=row)
    rows = [[str(cell) for cell in line] for line in table.head(_LOOKED_AT).to_numpy()]
    if row:
        at = table.index.get_loc(row)
        assert isinstance(at, int)
        if at >= len(rows):
            rows = [[str(cell) for cell in line] for line in table.head(at + 2).to_numpy()]
    else:
        at = max(range(len(rows)), key=lambda n: (*_fitness(rows[n], target), -n), default=0)
    if len(rows) < 2 or at + 1 >= len(table):
        raise InputError("sources.empty_file", file=cells.file)
    names, found = rows[at], 1
    if depth != 1:
        joined = _under(names, rows[at + 1], target)
        if joined is not None:
            names, found = joined, 2
    if at + found >= len(table):
        raise InputError("sources.empty_file", file=cells.file)
    return HeaderRow(int(table.index[at]), found, _told_apart(names, cells.file, target))


def _fitness(line: list[str], target: str) -> tuple[int, int, int]:
    filled = [cell for cell in line if cell]
    several = int(len(filled) > 1 or len(line) == 1)
    return (len(known_columns(target, dict.fromkeys(filled))), known_headers(filled), several)


def _under(upper: list[str], lower: list[str], target: str) -> list[str] | None:
    """Return the headers of two rows as one, None where the second is no header.

    It is one where it fills gaps of the first, holds no number, and names a column more.
    """
    fills = any(low and not up for up, low in zip(upper, lower, strict=True))
    if not fills or any(low and number(low) is not None and not is_blank(low) for low in lower):
        return None
    # the total under a merged heading is what the heading says, whose parts stand beside it
    spread = list(accumulate(upper, _or_before))
    totals = total_words()
    joined = [
        head if low and folded(low) in totals else low or up
        for up, low, head in zip(upper, lower, spread, strict=True)
    ]
    before = len(known_columns(target, dict.fromkeys(filter(None, upper))))
    after = len(known_columns(target, dict.fromkeys(filter(None, joined))))
    return joined if after > before else None


def _or_before(before: str, own: str) -> str:
    """Return a heading, that of the column before where it has none: a merged one spreads."""
    return own or before


def _told_apart(names: list[str], file: str, target: str) -> tuple[str, ...]:
    """Return headers without repetition; those that mean nothing to us are numbered."""
    many = {name: count for name, count in Counter(filter(None, names)).items() if count > 1}
    known = known_columns(target, many)
    if known:
        raise InputError("sources.column_twice", file=file, column=next(iter(known)))
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(f"{name} ({seen[name]})" if name in many and seen[name] > 1 else name)
    return tuple(result)


def below(cells: Cells, header: HeaderRow) -> pd.DataFrame:
    """Return the rows below the headers, one column for each header; the index is the row told.

    Words of merged cells stand in each of their rows; a figure stays in the first alone, since
    nobody knows whose share it is.
    """
    at = cells.rows.index.get_loc(header.row)
    assert isinstance(at, int)
    body = _filled_down(cells, cells.rows.iloc[at + header.depth :], header)
    repeated = (body.iloc[:, : len(header.names)] == list(header.names)).sum(axis=1)
    filled = sum(1 for name in header.names if name)
    body = body[(repeated < max(filled, 2)).to_numpy(dtype=bool)]  # a header repeated on each page
    named = [place for place, name in enumerate(header.names) if name]
    result = body.iloc[:, named]
    result.columns = pd.Index([header.names[place] for place in named], dtype=object)
    return result


def _filled_down(cells: Cells, body: pd.DataFrame, header: HeaderRow) -> pd.DataFrame:
    merged = _merged_in(cells, body, header)
    if not merged:
        return body
    body = body.copy()
    for area, text, is_amount in merged:
        inner = body.index[(body.index >= area.first) & (body.index <= area.last)]
        if is_amount:
            # a figure that was there before the cells were merged is seen by nobody, and is none
            across = [c for c in range(area.column, area.last_column + 1) if c in body.columns]
            body.loc[inner, across] = ""
            body.loc[area.first, area.column] = text
        else:
            body.loc[inner, area.column] = text
    return body


def _merged_in(
    cells: Cells, body: pd.DataFrame, header: HeaderRow
) -> list[tuple[Merged, str, bool]]:
    """Return the areas of merged cells, with what stands in them and whether it is an amount.

    Of those within a row only amounts are returned.
    """
    found = []
    for area in cells.merged:
        if area.first not in body.index or area.column not in body.columns:
            continue
        text = str(body.at[area.first, area.column])
        name = header.names[area.column] if area.column < len(header.names) else ""
        is_amount = _is_amount(text) and not _OF_NO_AMOUNT.search(read_header(name).plain)
        if text != "" and (is_amount or area.last > area.first):
            found.append((area, text, is_amount))
    return found


_OF_NO_AMOUNT = re.compile(r"(号|码|坐标|经度|纬度|lng|lon|lat|longitude|latitude|id|code|^[xy])$")
"""Ends of headers whose figures are codes or places, which rows of one building have in common."""


def _is_amount(text: str) -> bool:
    return any(figure(text, column) is not None for column in NUMBERS)


def merged_findings(cells: Cells, header: HeaderRow) -> list[Finding]:
    """Tell which merged cells were read for each of their rows, and which for the first alone."""
    at = cells.rows.index.get_loc(header.row)
    assert isinstance(at, int)
    merged = _merged_in(cells, cells.rows.iloc[at + header.depth :], header)
    findings = []
    for amounts, code in ((False, "tables.merged_words"), (True, "tables.merged_figures")):
        found = [(area, text) for area, text, is_amount in merged if is_amount == amounts]
        found = [(area, text) for area, text in found if area.last > area.first]
        if found:
            rows = [f"{area.first}–{area.last}" for area, _ in found]
            told = {"file": cells.file, "count": len(found), "value": found[0][1]}
            findings.append(Finding(code, {**told, "rows": rows_told(rows)}))
    return findings


def too_long(cells: Cells, header: HeaderRow, body: pd.DataFrame) -> pd.Index:
    """Return the rows that have a cell to the right of the last header."""
    last = max((place for place, name in enumerate(header.names) if name), default=-1)
    beyond = cells.rows.loc[body.index].iloc[:, last + 1 :]
    return body.index[has_text(beyond)]


def without_totals(body: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows that are no totals and no examples, and findings on those left out.

    A total is a row in which one of the first columns says so and nothing else, or names what other
    rows are named and says so after it, as Excel's subtotals do ("1栋 汇总" below the rows of 1栋).

    Examples
    --------
    >>> rows = pd.DataFrame({"名称": ["甲", "合 计"], "人口": ["5", "5"]}, index=[2, 3])
    >>> table, notes = without_totals(rows, "a.csv")
    >>> table["名称"].tolist(), notes[0].params["rows"]
    (['甲'], '3')
    """
    findings = []
    # most of a long list is ids, each another text: they are folded once for all words
    told_by = [
        body[column].map({cell: folded(str(cell)) for cell in pd.unique(body[column])})
        for column in list(body.columns)[:_TEXT_COLUMNS]
    ]
    for words, code in (
        (total_words(), "tables.totals_left_out"),
        (example_words(), "tables.examples_left_out"),
    ):
        if code == "tables.totals_left_out":
            words = words | _totals_of_others(told_by, words)
        found = pd.Series(False, index=body.index)
        for texts in told_by:
            found |= texts[body.index].isin(words)
        if found.any():
            rows = list(body.index[found])
            told = {"file": file, "count": len(rows), "rows": rows_told(rows)}
            findings.append(Finding(code, told))
            body = body[~found]
    return body, findings


def _totals_of_others(told_by: Sequence[pd.Series], words: Set[str]) -> frozenset[str]:
    """Return the folded texts that name what other rows are named, and then a total of it."""
    texts = {text for told in told_by for text in pd.unique(told) if text}
    summed = {text: rest for text in texts if (rest := _before_total(text, words))}
    others = texts - summed.keys() - words
    return frozenset(
        text
        for text, rest in summed.items()
        # "幸福小区合计" sums up 幸福小区1栋 too; letters may go on within a word
        if rest in others or (not rest.isascii() and any(x.startswith(rest) for x in others))
    )


def _before_total(text: str, words: Set[str]) -> str:
    """Return what stands before the word for a total at a text's end, empty where none does."""
    ends = [word for word in words if text.endswith(word)]
    return text.removesuffix(max(ends, key=len)) if ends else ""
