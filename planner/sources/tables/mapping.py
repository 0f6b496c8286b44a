"""What a file's sheet, rows, columns and words mean: guessed, shown, changed, kept and used again.

A mapping says how one file is read. It is guessed from the file, a person may change any part of
it, and it can be kept for the next file of the same shape.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from planner.district.layers import GROUP_PREFIX
from planner.documents import parse_json
from planner.errors import Finding, InputError
from planner.sources.kept_files import read_kept, write_kept
from planner.sources.tables import text
from planner.sources.tables.cells import Cells
from planner.sources.tables.headers.columns import known_columns, same_meaning
from planner.sources.tables.headers.headers import PLACES, read_header, roles
from planner.sources.tables.headers.remarks import hours_of_part, remark_of
from planner.sources.tables.layout.header_rows import HeaderRow, below, find_header
from planner.sources.tables.unread_groups import unread_groups
from planner.sources.tables.values.coordinates import is_place
from planner.sources.tables.values.figures import decimal_sign, is_figure, share_of_figures
from planner.sources.tables.values.units import counts_others, foreign_unit
from planner.sources.tables.words.states import ASKED, StateWords, check_state_words, said_before
from planner.sources.tables.workbooks import excel

ENDINGS = (*text.ENDINGS, *excel.ENDINGS)
"""Endings of the names of tables; other files are map layers."""

DATUMS = ("", "wgs84", "cgcs2000", "gcj02", "bd09")
"""Datums that a table's header or a person may name; empty where nothing is said."""

MAPPINGS = ".mappings.json"
"""Ending of the file beside a workspace that tells how its files were read."""

_FORMAT = "planner-mappings"
_VERSION = 1
_MOST_BYTES = 2_000_000
_MOST_FIGURELESS = 0.5
_DECIDING = ("kind", "status", "ownership", "opening_hours", "services", "open", "locked", "access")
"""Columns of words that decide whether a facility or a gate counts."""


@dataclass(frozen=True)
class TableMapping:
    """How one file is read.

    Parameters
    ----------
    layer
        The layer of a district that it becomes, such as ``"facilities"``.
    sheet
        Sheet of a workbook or layer of a map file, empty where there is one only.
    header_row, header_depth
        Row of the headers as the user counts, and how many rows they take; 0 in a map file.
    encoding, separator
        Of a text table.
    decimal
        Decimal sign of its numbers, ``"."`` or ``","``.
    columns
        What each header means: a role of
        :func:`planner.sources.tables.headers.headers.roles`, or empty for a column
        that is only carried along.
    turned
        Whether latitude or northing stands before longitude or easting, contrary to the headers.
    crs
        CRS of the coordinates, empty where the file or the import says it.
    datum
        Datum of the coordinates where it is not that of the CRS: one of :data:`DATUMS`.
    kind_words
        Kind of facility by word, empty for words whose rows are set aside.
    kind
        Kind of all rows of a facility list where it has no column for it, empty where it says.
    status_words, ownership_words, street_class_words, access_words, barrier_words, gate_words
        What other words mean, see :mod:`planner.sources.tables.words.states`.
    community_names
        Which community a row of a table by community is that bears another name, empty where it is
        none, see :func:`planner.sources.population.names.join`.
    """

    layer: str
    sheet: str = ""
    header_row: int = 0
    header_depth: int = 1
    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    columns: Mapping[str, str] = field(default_factory=dict)
    turned: bool = False
    crs: str = ""
    datum: str = ""
    kind_words: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    status_words: Mapping[str, str] = field(default_factory=dict)
    ownership_words: Mapping[str, str] = field(default_factory=dict)
    community_names: Mapping[str, str] = field(default_factory=dict)
    street_class_words: Mapping[str, str] = field(default_factory=dict)
    access_words: Mapping[str, str] = field(default_factory=dict)
    barrier_words: Mapping[str, str] = field(default_factory=dict)
    gate_words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = ("", *roles(self.layer))
        for header, role in self.columns.items():
            if role not in known:
                raise InputError("tables.mapping_role", column=header, role=role)
        used = [role for role in self.columns.values() if role]
        twice = next((role for role in used if used.count(role) > 1), None)
        if twice is not None:
            raise InputError("tables.mapping_twice", role=twice)
        if len(self.separator) > 1 or self.separator in ('"', "\r", "\n"):
            known_signs = ", ".join(map(repr, text.SEPARATORS))
            raise InputError(
                "tables.mapping_value", field="separator", value=self.separator, known=known_signs
            )
        for name, value, choices in (
            ("decimal", self.decimal, (".", ",")),
            ("datum", self.datum, DATUMS),
        ):
            if value not in choices:
                raise InputError(
                    "tables.mapping_value", field=name, value=value, known=", ".join(choices)
                )

    def header_of(self, role: str) -> str:
        """Return the header that has a role, empty where none has."""
        return next((header for header, known in self.columns.items() if known == role), "")

    @property
    def state_words(self) -> dict[str, Mapping[str, str]]:
        """What words mean that are no kinds of facilities, by what is asked of the layer's."""
        return {each: getattr(self, f"{each}_words") for each in ASKED.get(self.layer, ())}

    def with_state_words(self, words: StateWords) -> TableMapping:
        """Return the same with what words mean, by what is asked of them."""
        check_state_words(words)
        told: dict[str, Any] = {f"{each}_words": dict(own) for each, own in words.items()}
        return replace(self, **told)

    def fits(self, headers: list[str]) -> bool:
        """Return whether a file with these headers is of the same shape."""
        return {header for header, role in self.columns.items() if role} <= set(headers)


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


_SEEN = ("tables.sheet_chosen", "sources.decoded")
_Key = tuple[str, int, str, str, str, str]
_known: ContextVar[dict[_Key, Cells] | None] = ContextVar("known", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Read a table that is asked for again only once, while this lasts."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def _key(path: Path, layer: str, sheet: str, encoding: str, separator: str) -> _Key:
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return str(path.absolute()), changed, layer, sheet, encoding, separator


def _read_cells(path: Path, layer: str, mapping: TableMapping | None) -> Cells:
    if path.suffix.lower() in excel.ENDINGS:
        return excel.read_sheet(path, layer, sheet=mapping.sheet if mapping else "")
    if mapping is None:
        return text.read_text(path)
    return text.read_text(path, encoding=mapping.encoding, separator=mapping.separator)


def guess(cells: Cells, layer: str, *, row: int = 0) -> tuple[TableMapping, list[Finding]]:
    """Return how a table is best read, and what was seen.

    Parameters
    ----------
    cells
        The table as it stands.
    layer
        The layer that it becomes.
    row
        Row of the headers where a person said it, 0 where it is to be seen.

    Raises
    ------
    InputError
        Where it is empty or a known header stands twice.
    """
    header = find_header(cells, layer, row=row)
    body = below(cells, header)
    mapping, findings = guess_columns(body, layer, cells.file)
    mapping = replace(
        mapping,
        sheet=cells.sheet,
        header_row=header.row,
        header_depth=header.depth,
        encoding=cells.encoding,
        separator=cells.separator,
    )
    if not row and header.row != int(cells.rows.index[0]):
        params = {"file": cells.file, "row": header.row}
        findings.insert(0, Finding("tables.header_below_titles", params))
    return mapping, findings


def guess_columns(
    body: pd.DataFrame, layer: str, file: str, *, cut: bool = False
) -> tuple[TableMapping, list[Finding]]:
    """Return what the columns of a table mean, and what was seen.

    A column whose header means a figure or a place but whose cells do not is carried along.

    Parameters
    ----------
    body
        Cells under their headers.
    layer
        The layer that it becomes.
    file
        Its name.
    cut
        Whether headers may be cut at ten bytes.
    """
    headers = [str(column) for column in body.columns]
    found = known_columns(layer, headers, cut=cut)
    parts = [h for h in headers if hours_of_part(h) and "opening_hours" in _meant(layer, h)]
    if parts:
        found = known_columns(layer, [h for h in headers if h not in parts], cut=cut)
    numeric = [
        body[header]
        for header, role in found.items()
        if is_figure(role) or role in ("lon", "lat", "x", "y")
    ]
    decimal = decimal_sign(values for values in numeric if values.dtype == object)
    findings = []
    if decimal == ",":
        findings.append(Finding("tables.decimal_comma", {"file": file}))
    dropped = []
    for header, role in list(found.items()):
        own = header == role
        wrong = (role == "place" and is_place(body[header]) < _MOST_FIGURELESS) or (
            is_figure(role)
            and not own
            and share_of_figures(body[header], role, decimal) < _MOST_FIGURELESS
        )
        if wrong:
            del found[header]
            dropped.append(header)
    if dropped:
        told = {"file": file, "columns": ", ".join(dropped)}
        findings.append(Finding("tables.columns_of_words", told))
    for header, role in list(found.items()):
        unit = foreign_unit(header, role)
        if role.startswith(GROUP_PREFIX) and counts_others(unit, role):
            del found[header]
            dropped.append(header)
            params = {"file": file, "column": header, "unit": unit}
            findings.append(Finding("tables.group_not_read", params))
    findings += _doubts(layer, [h for h in headers if h not in parts], found, file)
    findings += unread_groups(layer, body, {*found, *dropped}, file)
    if parts:
        told = {"file": file, "columns": ", ".join(parts)}
        findings.append(Finding("tables.hours_of_part", told))
    used = _place_roles(set(found.values()))
    if used:  # a longitude without its latitude places nothing
        found = {h: role for h, role in found.items() if role in used or not _says_place(role)}
    datums = {read_header(header).datum for header, role in found.items() if role in used}
    datums.discard("")  # one of the two headers is enough
    datum = next(iter(datums)) if len(datums) == 1 else ""
    columns = {header: found.get(header, "") for header in headers}
    return TableMapping(layer, decimal=decimal, columns=columns, datum=datum), findings


def _doubts(
    layer: str, headers: list[str], found: Mapping[str, str], file: str
) -> Iterator[Finding]:
    """Tell of columns that mean what another was taken for, and of remarks that are not heeded."""
    # of streets such columns are asked too, see planner.sources.files.streets.states
    twice = {} if layer == "streets" else same_meaning(layer, headers, found)
    for header, others in twice.items():
        if is_figure(found[header]) or found[header] in _DECIDING:
            told = {"file": file, "column": header, "others": ", ".join(others)}
            yield Finding("tables.same_meaning", told)
    for header, role in found.items():
        remark = remark_of(header, role)
        if remark and (role in PLACES or role in _DECIDING):
            told = {"file": file, "column": header, "role": role, "remark": remark}
            yield Finding("tables.header_remark", told)


def with_new_columns(
    mapping: TableMapping, body: pd.DataFrame, file: str, *, cut: bool = False
) -> tuple[TableMapping, list[Finding]]:
    """Return a kept mapping with the columns of a file that it does not know at all, and tell them.

    A list that has a column of states since it was read last would otherwise count what is shut.

    Parameters
    ----------
    mapping
        As it was kept; a header that it names without a role stays without one.
    body
        Cells under their headers.
    file
        Its name.
    cut
        Whether headers may be cut at ten bytes.
    """
    fresh = [name for name in map(str, body.columns) if name and name not in mapping.columns]
    if not fresh:
        return mapping, []
    own, notes = guess_columns(body[fresh], mapping.layer, file, cut=cut)
    used = set(mapping.columns.values())
    more = {
        header: "" if role in used or _says_place(role) else role
        for header, role in own.columns.items()
    }
    read = [header for header, role in more.items() if role]
    if not read:
        return mapping, []
    told = {"file": file, "columns": ", ".join(read)}
    whole = replace(mapping, columns={**mapping.columns, **more})
    return whole, [*notes, Finding("tables.mapping_new_columns", told)]


def nearest_of(mappings: Iterable[TableMapping], columns: Collection[str]) -> TableMapping | None:
    """Return the mapping that gives a meaning to the most of some columns, None where none does."""
    shared = [
        (sum(bool(role) and header in columns for header, role in each.columns.items()), each)
        for each in mappings
    ]
    most, found = max(shared, key=lambda pair: pair[0], default=(0, None))
    return found if most else None


def as_before(mapping: TableMapping, before: TableMapping, kinds: Collection[str]) -> TableMapping:
    """Return a guess in which columns and words mean what they did in an earlier file.

    Parameters
    ----------
    mapping
        As guessed of a newer file.
    before
        How the earlier file was read; what it says of columns that are not there any more, of
        sheet, encoding and datum, is not heeded.
    kinds
        The kinds of facility known; words for others are asked anew.

    Examples
    --------
    >>> newer = TableMapping("facilities", columns={"a": "", "b": "name"})
    >>> older = TableMapping("facilities", columns={"a": "name", "c": "kind"})
    >>> as_before(newer, older, ()).columns
    {'a': 'name', 'b': ''}
    """
    known = {h: before.columns[h] for h in mapping.columns if h in before.columns}
    taken = {role for role in known.values() if role}
    columns = {
        header: known.get(header, "" if role in taken else role)
        for header, role in mapping.columns.items()
    }
    words = {word: kind for word, kind in before.kind_words.items() if not kind or kind in kinds}
    return replace(
        mapping,
        columns=columns,
        kind_words={**words, **mapping.kind_words},
        community_names={**before.community_names, **mapping.community_names},
    ).with_state_words(said_before(before.state_words, mapping.state_words))


def _meant(layer: str, header: str) -> tuple[str, ...]:
    """Return the column that a header means by itself, nothing where none."""
    return tuple(known_columns(layer, [header]).values())


def _says_place(role: str) -> bool:
    return role in ("lon", "lat", "x", "y", "place")


def _place_roles(found: set[str]) -> tuple[str, ...]:
    """Return the roles by which rows are placed: the first of these that is whole."""
    for roles_of_place in (("lon", "lat"), ("x", "y"), ("place",)):
        if set(roles_of_place) <= found:
            return roles_of_place
    return ()


def header_row(cells: Cells, mapping: TableMapping) -> HeaderRow:
    """Return the headers that a mapping names.

    Raises
    ------
    InputError
        ``sources.mapping_columns`` where the table lacks a column that has a role.
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


# ---- kept in a file


def write_mappings(file: str | Path, mappings: Mapping[str, TableMapping]) -> None:
    """Keep the mappings of an import, by layer, in a JSON file.

    Raises
    ------
    InputError, WorkError
        Where the file cannot be written, see :func:`planner.sources.kept_files.write_kept`.
    """
    before = read_kept(file, _MOST_BYTES)
    write_kept(file, mappings_text(mappings), before.version, _MOST_BYTES)


def mappings_text(mappings: Mapping[str, TableMapping]) -> str:
    """Return what :func:`write_mappings` writes."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "files": {layer: asdict(mapping) for layer, mapping in mappings.items()},
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read_mappings(file: str | Path) -> dict[str, TableMapping]:
    """Return the mappings that a file keeps, by layer.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or is no file of mappings.
    """
    from planner.errors import MissingFileError

    path = Path(file)
    if not path.is_file():
        raise MissingFileError("sources.missing_file", file=str(path))
    try:
        document = parse_json(read_kept(path, _MOST_BYTES).text)
        if document["format"] != _FORMAT or document["version"] != _VERSION:
            raise InputError("tables.not_mappings", file=path.name, reason="format")
        return {layer: mapping_of(entry, path.name) for layer, entry in document["files"].items()}
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError("tables.not_mappings", file=path.name, reason=str(error)) from error


def mapping_of(entry: Mapping[str, Any], file: str) -> TableMapping:
    """Return a mapping of plain values, each of the type that it must have.

    Parameters
    ----------
    entry
        The fields of a :class:`TableMapping` by name.
    file
        What is named where they are none.

    Raises
    ------
    InputError
        ``tables.not_mappings``, or what is wrong with a value.
    """
    types = {
        each.name: type(getattr(TableMapping("demand"), each.name)) for each in fields(TableMapping)
    }
    for name, value in entry.items():
        if name not in types or type(value) is not types[name]:
            raise InputError("tables.not_mappings", file=file, reason=str(name))
        if isinstance(value, dict) and not all(isinstance(each, str) for each in value.values()):
            raise InputError("tables.not_mappings", file=file, reason=str(name))
    try:
        return TableMapping(**entry)
    except KeyError as error:
        raise InputError("tables.not_mappings", file=file, reason=f"layer {error}") from error
