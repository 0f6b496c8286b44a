"""Text tables as people save them: encodings, separators, ``sep=`` lines, invisible signs."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from planner.errors import Finding, InputError, MissingFileError
from planner.sources.tables.cells import Cells, check_extent, cleaned
from planner.sources.tables.headers.headers import known_headers

ENDINGS = (".csv", ".txt", ".tsv")
SEPARATORS = (",", ";", "\t", "|")

_SEP_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*\r?\n", re.IGNORECASE)
_LOOKED_AT = 20
_MOST_FIELD = 50_000_000
"""Characters of one cell, which may be the outline of an area."""


def read_text(path: Path, *, encoding: str = "", separator: str = "") -> Cells:
    """Read a text table as it stands.

    UTF-8 with or without a mark, UTF-16 with one, and GB18030 (GBK) are told apart, as are comma,
    semicolon, tab and bar; a first line ``sep=;`` decides.

    Parameters
    ----------
    path
        The file.
    encoding, separator
        As said before; empty where they are to be seen.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, no text, empty, or its quotation marks do not close.
    """
    if not path.is_file():
        raise MissingFileError("sources.missing_file", file=str(path))
    text, encoding, findings = _decoded(path, encoding)
    said = _SEP_LINE.match(text)
    skipped = 0
    if said:
        separator, skipped, text = said.group(1), 1, text[said.end() :]
    separator = separator or _separator(text)
    csv.field_size_limit(_MOST_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError("sources.not_table", file=path.name, reason=str(error)) from error
    numbered = [(n, row) for n, row in enumerate(rows, start=1 + skipped) if any(row)]
    width = max((len(row) for _, row in numbered), default=0)
    check_extent(path.name, len(numbered), width)
    table = pd.DataFrame(
        [row + [""] * (width - len(row)) for _, row in numbered],
        index=[n for n, _ in numbered],
        dtype=object,
    )
    table, notes = cleaned(table, path.name)
    return Cells(
        table, path.name, encoding=encoding, separator=separator, findings=(*findings, *notes)
    )


def _separator(text: str) -> str:
    """Return the sign that splits some line into the most known headers, else steadily.

    How often a sign stands says little: a decimal comma stands as often as the semicolons around
    it, and semicolons stand in opening hours.
    """
    lines = [line for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]

    def fitness(sign: str) -> tuple[int, int]:
        found = [line.count(sign) for line in lines]
        headers = max((known_headers(line.split(sign)) for line in lines), default=0)
        steady = max((found.count(each) * each for each in set(found)), default=0)
        return (headers if any(found) else 0, steady)

    return max(SEPARATORS, key=fitness)


def _decoded(path: Path, encoding: str) -> tuple[str, str, list[Finding]]:
    data = path.read_bytes()
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    wanted = ("utf-16",) if utf16 else ("utf-8-sig", "gb18030")
    for candidate in (encoding, *wanted) if encoding else wanted:
        try:
            text = data.decode(candidate)
        except (ValueError, LookupError):  # codecs of a mapping raise more than UnicodeDecodeError
            continue
        if "\x00" in text:
            break
        guessed = candidate == "gb18030" and not encoding
        params = {"file": path.name, "encoding": "GB18030"}
        return text, candidate, [Finding("sources.decoded", params)] if guessed else []
    raise InputError("sources.not_text", file=str(path))


def read_listed(path: Path) -> pd.DataFrame:
    """Return a list of our own, a text table with headings, as a spreadsheet may have saved it.

    Raises
    ------
    MissingFileError, InputError
        As of :func:`read_text`.
    """
    cells = read_text(path).rows
    headings = cells.iloc[0].tolist() if len(cells) else []
    return cells.iloc[1:].set_axis(headings, axis="columns").reset_index(drop=True)
