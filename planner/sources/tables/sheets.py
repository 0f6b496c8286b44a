"""A table as it stands: text or the sheet of a workbook, and the headers that a mapping names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

from planner.errors import Finding, InputError
from planner.sources.tables import text
from planner.sources.tables.cells import Cells
from planner.sources.tables.layout.header_rows import HeaderRow, find_header
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.workbooks import excel

ENDINGS = (*text.ENDINGS, *excel.ENDINGS)
"""Endings of the names of tables; other files are map layers."""

_CHOSEN = "tables.sheet_chosen"
_SEEN = (_CHOSEN, "tables.sheets_hidden", "sources.decoded")
_Key = tuple[str, int, str, str, str, str]
_known: ContextVar[dict[_Key, Cells] | None] = ContextVar("known", default=None)


def is_table(path: str | Path) -> bool:
    """Return whether a file is a text table or workbook by its name's ending."""
    return Path(path).suffix.lower() in ENDINGS


def read_cells(path: Path, layer: str, mapping: TableMapping | None = None) -> Cells:
    """Read a table as it stands: text, or the sheet of a workbook.

    Raises
    ------
    MissingFileError, InputError
        As :func:`planner.sources.tables.text.read_text` and
        :func:`planner.sources.tables.workbooks.excel.read_sheet`.
    """
    known = _known.get()
    if known is None:
        return _read_cells(path, layer, mapping)
    how = mapping or TableMapping(layer)
    key = _key(path, layer, how.sheet, how.encoding, how.separator)
    if key not in known:
        found = _read_cells(path, layer, mapping)
        # what was seen is no finding where it is said
        said = tuple(each for each in found.findings if each.code not in _SEEN)
        again = _key(path, layer, found.sheet, found.encoding, found.separator)
        known.clear()
        known[again] = replace(found, findings=said)
        known[key] = found
    return replace(known[key], rows=known[key].rows.copy())


@contextmanager
def read_once() -> Iterator[None]:
    """Read a table that is asked for again only once, while this lasts."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def told_of_all_sheets(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings of files of which some were read sheet by sheet, as of all that was read.

    Each sheet tells which others it was not; those that were read too are not told as unread, and
    nothing is where all were.
    """
    found = list(findings)
    read: dict[object, set[object]] = {}
    for each in found:
        if each.code == _CHOSEN:
            read.setdefault(each.params["file"], set()).add(each.params["layer"])
    told = []
    for each in found:
        if each.code == _CHOSEN:
            names = str(each.params["layers"]).split(", ")
            unread = [name for name in names if name not in read[each.params["file"]]]
            if not unread:
                continue
            each = replace(each, params={**each.params, "layers": ", ".join(unread)})
        told.append(each)
    return told


def _key(path: Path, layer: str, sheet: str, encoding: str, separator: str) -> _Key:
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return str(path.absolute()), changed, layer, sheet, encoding, separator


def _read_cells(path: Path, layer: str, mapping: TableMapping | None) -> Cells:
    if path.suffix.lower() in excel.ENDINGS:
        return excel.read_sheet(path, layer, sheet=mapping.sheet if mapping else "")
    if mapping is None:
        return text.read_text(path)
    return text.read_text(path, encoding=mapping.encoding, separator=mapping.separator)


def header_row(cells: Cells, mapping: TableMapping) -> HeaderRow:
    """Return the headers that a mapping names.

    Raises
    ------
    InputError
        ``tables.mapping_columns`` where the table lacks a column that has a role.
    """
    header = find_header(cells, mapping.layer, row=mapping.header_row, depth=mapping.header_depth)
    if not mapping.fits(list(header.names)):
        # the next file of the same shape may have another count of title rows
        header = find_header(cells, mapping.layer)
    if not mapping.fits(list(header.names)):
        lacking = [
            name for name, role in mapping.columns.items() if role and name not in header.names
        ]
        raise InputError(
            "tables.mapping_columns",
            file=cells.file,
            columns=", ".join(lacking),
            present=", ".join(filter(None, header.names)),
        )
    return header
