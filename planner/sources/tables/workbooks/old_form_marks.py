"""Formats, formulas, hidden and struck rows of a sheet of an Excel 97-2003 workbook (MS-XLS).

Records are read one by one in their order: first those of the whole workbook, which name formats
and styles, then those of the sheet. Workbooks of Excel 95 and before have no such part: of these
nothing is read beside the values, and the marks say so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from planner.sources.tables.workbooks.compound_file import stream_of
from planner.sources.tables.workbooks.marks import SheetMarks
from planner.sources.tables.workbooks.number_formats import BUILT_IN, tells_more

_FORMAT, _STYLE, _SHEET, _ROW = 0x041E, 0x00E0, 0x0085, 0x0208
_BEGIN, _END = 0x0809, 0x000A
_FONT, _STRUCK = 0x0031, 0x08
_NO_FONT = 4
"""There is no font of this number: those behind are counted by one more."""
_TEXTS = (0x0204, 0x00FD, 0x00D6)
_NUMBER, _RK, _MANY, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_HIDDEN = 0x20
_TO_CALCULATE, _NO_NUMBER = 0x02, b"\xff\xff"


def old_form_marks(data: bytes, sheet: str) -> SheetMarks:
    """Return the marks of a sheet, unread where the file tells none that can be read.

    Parameters
    ----------
    data
        The file.
    sheet
        Name of the sheet.
    """
    try:
        stream = stream_of(data, "Workbook")
        marks = SheetMarks()
        codes, struck, start = _styles_and_start(stream, sheet)
        if start is None:
            return SheetMarks(unread=True)
        _see(stream, start, codes, struck, marks)
    except (ValueError, IndexError, struct.error):
        return SheetMarks(unread=True)
    return marks


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from a place up to the end of their part; parts within it are skipped.

    Raises
    ------
    ValueError
        Where there is no end.
    """
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth == 0:
                return
        elif depth == 1:
            yield kind, body
    raise ValueError(at)  # what has begun has no end


def _styles_and_start(
    stream: bytes, sheet: str
) -> tuple[dict[int, str], frozenset[int], int | None]:
    """Return by style of cells what it tells more, and where the sheet's records begin.

    The formats that show more than a number, and the styles that strike through.
    """
    formats, styles, fonts, start = dict(BUILT_IN), list[tuple[int, int]](), list[bool](), None
    for kind, body in _records(stream, 0):
        if kind == _FORMAT:
            number, count = struct.unpack_from("<HH", body)
            formats[number] = _text(body, 4, count)
        elif kind == _FONT:
            fonts.append(bool(struct.unpack_from("<H", body, 2)[0] & _STRUCK))
            if len(fonts) == _NO_FONT:
                fonts.append(False)
        elif kind == _STYLE:
            font, number = struct.unpack_from("<HH", body)
            styles.append((font, number))
        elif kind == _SHEET and start is None and _text(body, 7, body[6]) == sheet:
            start = struct.unpack_from("<I", body)[0]
    codes = {
        place: formats[number]
        for place, (_, number) in enumerate(styles)
        if number in formats and tells_more(formats[number])
    }
    crossed = (place for place, (font, _) in enumerate(styles) if fonts[font : font + 1] == [True])
    return codes, frozenset(crossed), start


def _text(body: bytes, at: int, count: int) -> str:
    """Return a text of so many signs: a byte that says how wide they are, then the signs."""
    wide = body[at] & 1 if at < len(body) else 0
    raw = body[at + 1 : at + 1 + count * (1 + wide)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _see(
    stream: bytes, start: int, codes: dict[int, str], struck: frozenset[int], marks: SheetMarks
) -> None:
    for kind, body in _records(stream, start):
        if kind == _ROW and struct.unpack_from("<H", body, 12)[0] & _HIDDEN:
            marks.hidden.append(struct.unpack_from("<H", body)[0] + 1)
        if kind == _FORMULA and len(body) >= 16 and body[12:14] != _NO_NUMBER:
            row, column = struct.unpack_from("<HH", body)
            marks.formulas[row, column] = struct.unpack_from("<d", body, 6)[0]
            if struct.unpack_from("<H", body, 14)[0] & _TO_CALCULATE:
                marks.to_calculate = True
        for row, column, style in _styled(kind, body):
            if style in struck:
                marks.struck.append(row + 1)
            if style in codes and kind not in _TEXTS:
                marks.formats[row, column] = codes[style]
    marks.hidden.sort()


def _styled(kind: int, body: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield row, column and style of the filled cells of a record."""
    if kind in (_NUMBER, _RK, _FORMULA, *_TEXTS):
        row, column, style = struct.unpack_from("<HHH", body)
        yield row, column, style
    elif kind == _MANY:
        row, first = struct.unpack_from("<HH", body)
        for place in range((len(body) - 6) // 6):
            yield row, first + place, struct.unpack_from("<H", body, 4 + 6 * place)[0]
