"""What the schema of a GeoPackage may hold: tables, their indexes, and what keeps a spatial index.

A GeoPackage is an SQLite file, and SQLite runs what a file defines: reading a view, a virtual table
or a generated column executes its statement, which may never end. None of that is needed here, so
a file that holds it is refused before anything is read.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from planner.errors import InputError

SECONDS = 30.0
"""Time that a look at one file may take."""

_STEPS = 20_000
_MOST_OBJECTS = 5_000
_MOST_SQL = 1_000_000
_MOST_STATEMENT = 4_000
_MOST_VALUE = 250_000_000
_HIDDEN = {2, 3}
_EXPRESSION = -2
_BESIDE = ("-wal", "-journal")

_PLAIN = "CREATE TABLE "
_RTREE = re.compile(
    r"""CREATE VIRTUAL TABLE\s+(?P<q>["'`]?)rtree_.+?(?P=q)\s+USING\s+"?rtree"?\s*"""
    r"""\(\s*id\s*,\s*minx\s*,\s*maxx\s*,\s*miny\s*,\s*maxy\s*\)\s*;?\s*""",
    re.IGNORECASE | re.DOTALL,
)
_CALLED = frozenset(
    {"lower", "st_isempty", "st_minx", "st_maxx", "st_miny", "st_maxy", "raise"}
    | {"and", "or", "not", "when", "where", "in", "values"}
)
"""What may stand before a bracket in a trigger that keeps a spatial index."""

_WORDS = _CALLED | frozenset(
    {"create", "trigger", "before", "after", "insert", "update", "delete", "of", "on", "for"}
    | {"each", "row", "begin", "end", "null", "notnull", "isnull", "is", "into", "replace", "set"}
    | {"from", "select", "abort", "old", "new", "id", "minx", "maxx", "miny", "maxy"}
    | {"feature_count", "table_name", "gpkg_ogr_contents"}
)
"""The words of the triggers that keep a spatial index and the count of features."""

_SQL_TOKEN = re.compile(
    r"""(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])|(?P<word>\w+)|(?P<sign>\S)"""
)


def check_schema(path: Path) -> None:
    """Refuse a GeoPackage whose schema holds more than tables and what indexes them.

    Refused are views, triggers that do more than keep a spatial index, virtual tables other than
    spatial indexes, generated columns, and indexes of expressions.

    Raises
    ------
    InputError
        Names what is there and should not be.
    """
    with looked_at(path) as base:
        check_objects(base, path.name)


@contextmanager
def looked_at(path: Path, seconds: float = SECONDS) -> Iterator[sqlite3.Connection]:
    """Open an SQLite file of unknown origin to look at: read-only, and not for long.

    Raises
    ------
    InputError
        Where it is damaged, or looking takes longer than `seconds`.
    """
    # what a program that has the file open wrote beside it counts: GDAL will read that, too
    beside = any(path.with_name(path.name + ending).exists() for ending in _BESIDE)
    address = f"{path.absolute().as_uri()}?mode=ro{'' if beside else '&immutable=1'}"
    end = time.monotonic() + seconds
    try:
        with closing(sqlite3.connect(address, uri=True)) as base:
            base.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
            base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_VALUE)
            base.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _MOST_SQL)
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
                base.execute(f"PRAGMA {pragma}")
            yield base
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        code = "uploads.too_slow" if "interrupt" in str(error) else "uploads.broken_geopackage"
        if "not a database" in str(error):
            code = "uploads.not_geopackage"
        raise InputError(code, file=path.name, reason=str(error)) from error


def check_objects(base: sqlite3.Connection, file: str) -> None:
    """Refuse whatever `sqlite_master` holds beyond tables and their indexes; see check_schema."""
    objects = base.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT ?", (_MOST_OBJECTS + 1,)
    ).fetchall()
    if "gpkg_contents" not in {name for kind, name, _, _ in objects if kind == "table"}:
        raise InputError("uploads.not_geopackage", file=file)
    if len(objects) > _MOST_OBJECTS:
        raise InputError("sources.gpkg_objects", file=file, most=_MOST_OBJECTS)
    for kind, name, table, sql in objects:
        text = str(sql or "").strip()
        # SQLite itself writes how a statement begins; whatever begins otherwise was put there
        is_plain = kind == "table" and text.startswith(_PLAIN)
        if not is_plain:
            text = text[:_MOST_STATEMENT]
        if kind == "table" and not is_plain:
            if not _RTREE.fullmatch(text):
                raise _refused("virtual", file, name)
        elif kind == "table":
            _check_columns(base, file, str(name))
        elif kind == "trigger":
            if not _keeps_an_index(base, str(table), text):
                raise _refused("trigger", file, name)
        elif kind != "index":
            raise _refused("view", file, name)
    _check_contents(base, file)


def _check_contents(base: sqlite3.Connection, file: str) -> None:
    """Refuse a table of contents that names anything but a plain table of a layer."""
    made = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    tables = {str(name).casefold() for name, sql in made if str(sql).startswith(_PLAIN)}
    listed = base.execute("SELECT table_name FROM gpkg_contents LIMIT ?", (_MOST_OBJECTS,))
    for name in (str(row[0]).casefold() for row in listed):
        if name not in tables or name.startswith(("sqlite_", "gpkg_")):
            raise InputError("uploads.not_a_table", file=file, layer=name[:80])


def quoted(name: str) -> str:
    """Return a name as SQL spells it."""
    return '"' + name.replace('"', '""') + '"'


def _refused(what: str, file: str, name: object) -> InputError:
    return InputError(f"sources.gpkg_{what}", file=file, name=str(name)[:80])


def _check_columns(base: sqlite3.Connection, file: str, table: str) -> None:
    """Refuse columns and indexes whose values are worked out while they are read."""
    for row in base.execute(f"PRAGMA table_xinfo({quoted(table)})"):
        if row[6] in _HIDDEN:
            raise _refused("generated", file, f"{table}.{row[1]}")
    for index in base.execute(f"PRAGMA index_list({quoted(table)})").fetchall():
        parts = base.execute(f"PRAGMA index_xinfo({quoted(str(index[1]))})").fetchall()
        if index[4] or any(part[1] == _EXPRESSION for part in parts):
            raise _refused("index", file, index[1])


def _keeps_an_index(base: sqlite3.Connection, table: str, sql: str) -> bool:
    """Return whether a trigger uses nothing but the words of those that keep an index."""
    columns = {
        str(row[1]).casefold() for row in base.execute(f"PRAGMA table_info({quoted(table)})")
    }
    allowed = _WORDS | columns | {table.casefold()}
    before, plain = "", True
    for found in _SQL_TOKEN.finditer(sql):
        token, word = found.group().casefold(), found["word"] is not None
        if token == "(" and not (before in _CALLED or before in "(,=<>+-"):
            return False
        if token == "from" and before != "delete":
            return False
        if before == "select" and token != "raise":
            return False
        index = word and token.startswith(("rtree_", "trigger_", "gpkg_"))
        plain = plain and (not word or token in allowed or token.isdecimal() or index)
        before = token if word or found["sign"] is not None else '"'
    return plain
