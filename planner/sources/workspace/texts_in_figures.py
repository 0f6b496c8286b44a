"""Text in a column of figures of a workspace, which SQLite takes and GDAL cuts to a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from planner.errors import InputError
from planner.sources.untrusted.geopackages import looked_at, quoted

_FIGURES = re.compile(r"(?:TINY|SMALL|MEDIUM|BIG)?INT|REAL|DOUBLE|FLOAT|NUMERIC|BOOLEAN", re.I)


def refuse_texts(path: Path, layers: Iterable[str]) -> None:
    """Refuse a workspace in which a cell of a column of figures is text.

    An SQL tool writes ``1,000`` or ``12人`` there, and GDAL reads 1 and 12: a wrong figure without
    a word.

    Parameters
    ----------
    path
        A GeoPackage.
    layers
        Its tables that are read.

    Raises
    ------
    InputError
        ``sources.text_in_figures``, with layer, row (``fid``), column and cell.
    """
    with looked_at(path) as base:
        for layer in layers:
            table = quoted(layer)
            told = base.execute(f"PRAGMA table_info({table})").fetchall()
            columns = [str(row[1]) for row in told if _FIGURES.match(str(row[2]))]
            texts = [f"typeof({quoted(column)}) = 'text'" for column in columns]
            if not texts:
                continue
            # one pass over the rows, and only of a row with text all of its cells
            asked = f"SELECT rowid, * FROM {table} WHERE {' OR '.join(texts)} LIMIT 1"
            found = base.execute(asked).fetchone()
            if found is None:
                continue
            cells = dict(zip([str(row[1]) for row in told], found[1:], strict=True))
            column = next(each for each in columns if isinstance(cells[each], str))
            raise InputError(
                "sources.text_in_figures",
                file=path.name,
                layer=layer,
                row=found[0],
                column=column,
                value=cells[column][:40],
            )
