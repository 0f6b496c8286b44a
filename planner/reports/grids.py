"""The grid of a table in Word: its lines, and rows that are copied, kept whole, or may be torn."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.parfmt import ParagraphFormat

from planner.reports.official_layout import printable

_SMALL_TABLE = 10
"""A table of no more rows is not torn over two pages, where it has few signs."""

_FEW_SIGNS = 330
"""Signs of the longest cells of all rows of such a table: of more it is half a page high."""

_TOGETHER = 3
"""So many of the last rows of a long table stay together, and two of the first with its head."""

_WHOLE_ROW = 320
"""A cell of more signs may go on on the next page, as may one that is told in points."""


def append_rows(table: Any, rows: Iterable[Sequence[str]], size: float) -> None:
    """Append rows that are copies of the last one, which is taken out.

    A row that is made cell by cell takes far longer.

    Parameters
    ----------
    table
        Of python-docx; its last row is as each is to be.
    rows
        Texts of the cells.
    size
        Of the letters, points.
    """
    pattern = table._tbl.tr_lst[-1]
    table._tbl.remove(pattern)
    told = [list(row) for row in rows]
    # a small table is read as a whole
    signs = sum(max(map(len, texts), default=0) for texts in told)
    whole = len(told) <= _SMALL_TABLE and signs <= _FEW_SIGNS
    # of a long one no page has a single row
    joined = {1, *range(len(told) - _TOGETHER + 1, len(told))}
    for number, texts in enumerate(told, start=1):
        row = _row_like(pattern, texts, size)
        if (whole or number in joined) and number < len(told):
            for cell in row.tc_lst:
                cell.p_lst[0].get_or_add_pPr().get_or_add_keepNext()
        table._tbl.append(row)


def _row_like(pattern: Any, texts: Sequence[str], size: float) -> Any:
    """Return a copy of a row with other texts, of letters of that size."""
    row = copy.deepcopy(pattern)
    for cell, text in zip(row.tc_lst, texts, strict=True):
        (paragraph,) = cell.p_lst
        paragraph.r_lst[0].text = printable(text)
        if not text:
            shrink(paragraph, size)
    # a short row stays whole; a long one held together would leave half a page empty
    if all("\n" not in text and len(text) <= _WHOLE_ROW for text in texts):
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return row


def shrink(paragraph: Any, size: float) -> None:
    """Give an empty paragraph letters of a size: else it is as high as a line of usual ones."""
    letters, height = OxmlElement("w:rPr"), OxmlElement("w:sz")
    height.set(qn("w:val"), str(round(2 * size)))
    letters.append(height)
    paragraph.get_or_add_pPr().append(letters)


def rule(table: Any) -> None:
    """Draw the lines of a table where a template has no style of tables."""
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{edge}")
        line.set(qn("w:val"), "single")
        line.set(qn("w:sz"), "4")
        borders.append(line)
    table._tbl.tblPr.append(borders)


def narrow(table: Any) -> None:
    """Leave little room at the sides of cells, so that figures are not broken."""
    margins = OxmlElement("w:tblCellMar")
    for edge in ("left", "right"):
        room = OxmlElement(f"w:{edge}")
        room.set(qn("w:w"), "60")
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    table._tbl.tblPr.append(margins)


def stays_with_table(paragraph: Any) -> bool:
    """Keep the last row of a table with the paragraph below it, and return whether there is one.

    A remark on a table, or the date below signatures, must not stand alone on the next page.
    """
    above = paragraph._p.getprevious()
    if above is None or above.tag != qn("w:tbl"):
        return False
    for line in above.tr_lst[-1].iter(qn("w:p")):
        ParagraphFormat(line).keep_with_next = True
    return True
