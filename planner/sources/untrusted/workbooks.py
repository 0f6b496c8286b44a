"""What a workbook holds, seen before its reader opens it: what it is, how large it gets.

A reader lays a sheet out in memory from its first to its last cell. Two cells far apart, or one
that says it is repeated a million times, make a small file a large one there; archives unpack to
more than they weigh. So each part is unpacked to the end and its cells are counted first.

Two programs may take the same bytes for two archives: where the list of the parts stands, and how
long a part is, can be said in several places that disagree. So a reader is given the parts that
were checked, packed anew, and never the file.
"""

from __future__ import annotations

import re
import threading
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from planner.errors import InputError

MOST_CELLS = 30_000_000
"""Cells from the first to the last of a sheet; a table of 100,000 rows has about two million."""

MOST_TEXT = 2_000_000_000
"""Bytes of the texts of a sheet; each cell has its own copy of one that many share."""

MOST_BYTES = 1_000_000_000
RATIO = 150.0
MOST_PARTS = 2_000

_SMALL = 64 << 20
_BLOCK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PLACE = re.compile(rb"""(?<![\w:])r\s*=\s*["']([^"']{0,40})""")
_REFERENCE = re.compile(rb"([A-Za-z]{0,4})([0-9]{0,12})")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>\s*0*([0-9]{1,9})\s*<")
_SHEET = re.compile(rb"<(?:\w+:)?sheetData\b")
_TEXTS = re.compile(rb"<(?:\w+:)?sst\b")
_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
"""How a text begins in which each sign takes two bytes; readers of sheets know none."""
_OPEN_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell)\b([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["']([^"']*)["']""")
_HOLDS = re.compile(rb"office:(?:\w+-)?value|table:formula")
_HTML = re.compile(rb"\s*+(?:\xef\xbb\xbf\s*+)?<(?:!doctype|html|table|meta|\?xml)", re.IGNORECASE)


def check_spreadsheet(path: Path) -> None:
    """Refuse a file that is no workbook, is locked, or grows beyond reason when it is read.

    Parameters
    ----------
    path
        The file, whatever its name ends in.

    Raises
    ------
    InputError
        Says what it is instead, or what is too much.
    """
    checked_spreadsheet(path)


def checked_spreadsheet(path: Path) -> BytesIO | None:
    """Return what a reader is to be given of a workbook: the parts that were checked.

    Parameters
    ----------
    path
        As :func:`check_spreadsheet`.

    Returns
    -------
    BytesIO or None
        None for a workbook of the old form, which is no archive: its reader takes the file, in a
        process of its own (:mod:`planner.sources.tables.workbooks.old_form`).

    Raises
    ------
    InputError
        As :func:`check_spreadsheet`.
    """
    key = _state_of(path)
    with _one_at_a_time:
        if key is not None and key in _last:
            return BytesIO(_last[key])
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as anew:
        old = _checked(path, anew)
    if old:
        return None
    with _one_at_a_time:
        _last.clear()
        if key is not None and packed.getbuffer().nbytes <= _MOST_KEPT:
            _last[key] = packed.getvalue()
    packed.seek(0)
    return packed


_MOST_KEPT = 32 << 20
_one_at_a_time = threading.Lock()
_last: dict[tuple[str, int, int], bytes] = {}
"""What was checked last, by the file and its state: a list of many rows is looked at, shown and
read, and checking it takes longer than reading it."""


def _state_of(path: Path) -> tuple[str, int, int] | None:
    """Return what tells a file from one that was changed since, None where it is not there."""
    try:
        told = path.stat()
    except OSError:
        return None
    return str(path.absolute()), told.st_mtime_ns, told.st_size


def _checked(path: Path, anew: zipfile.ZipFile) -> bool:
    """Check a workbook, pack its parts anew where asked to; return whether it is an old one."""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if start.startswith(_OLE):
            _check_old(path)
            return True
        if start.startswith(_ZIP):
            _check_archive(path, anew)
            return False
        if _HTML.match(start):
            raise InputError("tables.web_page_as_workbook", file=path.name)
        raise InputError("tables.not_spreadsheet", file=path.name, reason="?")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError("uploads.broken_archive", file=path.name, reason=str(error)) from error
    except OSError as error:
        raise InputError("sources.cannot_read", file=str(path), reason=str(error)) from error


def _check_old(path: Path) -> None:
    """Refuse a locked file of the old form; how far its cells reach is seen where it is read."""
    if _ENCRYPTED in path.read_bytes():
        raise InputError("tables.locked_workbook", file=path.name)


def _check_archive(path: Path, anew: zipfile.ZipFile) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if len(parts) > MOST_PARTS:
            raise InputError("sources.archive_many", file=path.name, most=MOST_PARTS)
        if len(names) < len(parts):
            raise InputError("tables.not_spreadsheet", file=path.name, reason="2 ×")
        if "xl/workbook.xml" not in names and "content.xml" not in names:
            found = "xlsb" if "xl/workbook.bin" in names else "zip"
            raise InputError("tables.not_spreadsheet", file=path.name, reason=found)
        for part in parts:
            if part.flag_bits & 1:
                raise InputError("tables.locked_workbook", file=path.name)
            if part.compress_type not in _STORED:
                raise InputError(
                    "uploads.broken_archive", file=path.name, reason=f"method {part.compress_type}"
                )
        left = min(MOST_BYTES, max(int(path.stat().st_size * RATIO), _SMALL))
        shared = _Shared(path.name)
        # what is a sheet is told by the workbook, by whatever name; texts are needed before sheets
        for part in sorted(parts, key=lambda each: not _holds_texts(archive, each)):
            left -= _check_part(archive, part, path, left, shared, anew)


def _holds_texts(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as packed:
        return _TEXTS.search(packed.read(4096)) is not None


def _check_part(
    archive: zipfile.ZipFile,
    part: zipfile.ZipInfo,
    path: Path,
    most: int,
    shared: _Shared,
    anew: zipfile.ZipFile,
) -> int:
    """Unpack a part to its end, counting its bytes and cells; return the bytes."""
    extent: _SheetExtent | _OdsExtent
    if part.filename == "content.xml":
        extent = _OdsExtent(path.name)
    else:
        extent = _SheetExtent(path.name, shared)
    size, rest = 0, b""
    kept = anew.open(part.filename, "w", force_zip64=False)
    with archive.open(part) as packed, kept as copy:
        while block := packed.read(_BLOCK):
            size += len(block)
            if size > most:
                raise InputError("uploads.bomb", file=path.name, megabytes=most // 1_000_000)
            copy.write(block)
            text = rest + block
            if size == len(block) and block.startswith(_WIDE):
                raise InputError("tables.not_spreadsheet", file=path.name, reason="UTF-16")
            if b"<!ENTITY" in text:
                raise InputError("tables.not_spreadsheet", file=path.name, reason="ENTITY")
            # only whole tags are looked at; the last one may go on in the next block
            end = text.rfind(b"<")
            rest = text[end:] if end >= 0 else b""
            extent.see(text[: max(end, 0)])
    extent.see(rest)
    return size


@dataclass
class _Shared:
    """Lengths of the texts that the cells of a workbook share, with their markup, bytes."""

    file: str
    lengths: list[int] = field(default_factory=list)
    sheets: bool = False

    def see(self, text: bytes) -> None:
        """Take in a piece of the texts that ends between two tags."""
        first, *others = _TEXT.split(text)
        if self.lengths:
            self.lengths[-1] += len(first)
        self.lengths += [len(each) for each in others]

    def take(self, text: bytes) -> int:
        """Return the bytes of the texts that the cells of a piece of a sheet may stand for."""
        count = len(self.lengths)
        return sum(self.lengths[n] for n in map(int, _VALUE.findall(text)) if n < count)


@dataclass
class _SheetExtent:
    """How far the cells of an Excel sheet reach, seen in pieces of its text.

    A part of the archive is a sheet where it has the data of one, whatever it is called.
    """

    file: str
    shared: _Shared
    rows: int = 1
    columns: int = 1
    _is_sheet: bool = False
    _holds_texts: bool = False
    _row: int = 0
    _across: int = 0
    _bytes: int = 0

    def see(self, text: bytes) -> None:
        """Take in a piece of a part that ends between two tags."""
        self._is_sheet = self._is_sheet or _SHEET.search(text) is not None
        self._holds_texts = self._holds_texts or _TEXTS.search(text) is not None
        if self._holds_texts:
            if self.shared.sheets:
                raise InputError("tables.not_spreadsheet", file=self.file, reason="sst")
            self.shared.see(text)
        if self._is_sheet:
            self.shared.sheets = True
            self._see_cells(text)

    def _see_cells(self, text: bytes) -> None:
        if b"<![CDATA[" in text:
            raise InputError("tables.not_spreadsheet", file=self.file, reason="CDATA")
        for place in set(_PLACE.findall(text)):
            found = _REFERENCE.fullmatch(place.strip())
            if found is None:
                raise InputError(
                    "tables.not_spreadsheet", file=self.file, reason=ascii(place.decode("latin-1"))
                )
            self.rows = max(self.rows, int(found[2] or 0))
            self.columns = max(self.columns, _column_number(found[1].upper()))
        # cells and rows that do not say their place follow on the one before
        first, *others = [len(_CELL.findall(each)) for each in _ROW.split(text)]
        self._across += first
        self._row += len(others)
        self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._across)
        if others:
            self.columns, self._across = max(self.columns, *others), others[-1]
        self._bytes += self.shared.take(text)
        if self._bytes > MOST_TEXT:
            raise InputError("uploads.bomb", file=self.file, megabytes=MOST_TEXT // 1_000_000)
        _check_extent(self.file, self.rows, self.columns)


@dataclass
class _OdsExtent:
    """How large an OpenDocument sheet gets by what is repeated in it.

    A sheet ends in empty cells repeated to its edge, which no reader keeps; rows and cells that
    hold something are laid out as often as they say.
    """

    file: str
    rows: int = 1
    columns: int = 1
    _times: int = 1
    _row_filled: bool = False
    _across: int = 0

    def see(self, text: bytes) -> None:
        """Take in a piece of a sheet that ends between two tags."""
        for name, inner in _OPEN_TAG.findall(text):
            times = self._repeated(inner)
            if name == b"table-row":
                self._times, self._row_filled, self._across = times, False, 0
                continue
            self._across += times
            if inner.endswith(b"/") and not _HOLDS.search(inner):
                continue
            if not self._row_filled:
                self.rows, self._row_filled = self.rows + self._times, True
            self.columns = max(self.columns, self._across)
        _check_extent(self.file, self.rows, self.columns)

    def _repeated(self, inner: bytes) -> int:
        found = _REPEATED.search(inner)
        if found is None:
            return 1
        if not found.group(1).isdigit():
            raise InputError("tables.not_spreadsheet", file=self.file, reason="repeated")
        return int(found.group(1))


def _check_extent(file: str, rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise InputError(
            "tables.large_sheet", file=file, rows=rows, columns=columns, most=MOST_CELLS
        )


def _column_number(letters: bytes) -> int:
    """Return the number of a column by its letters.

    Examples
    --------
    >>> _column_number(b"A"), _column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
