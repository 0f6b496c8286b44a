"""What the columns of a table mean, guessed from its headers and cells, or as a file before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from planner.district.layers import GROUP_PREFIX
from planner.errors import Finding
from planner.sources.tables.cells import Cells
from planner.sources.tables.headers.columns import known_columns, same_meaning
from planner.sources.tables.headers.headers import PLACES, read_header
from planner.sources.tables.headers.remarks import hours_of_part, remark_of
from planner.sources.tables.headers.units import counts_others, foreign_unit
from planner.sources.tables.layout.header_rows import below, find_header
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.unread.counts import unread_counts
from planner.sources.tables.unread.days import unread_days, unread_hours
from planner.sources.tables.unread.groups import ages_not_said, unread_groups
from planner.sources.tables.unread.money import unread_money
from planner.sources.tables.unread.residents import other_residents, residents_of_buildings
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.unread.states import UNREAD, unread_states
from planner.sources.tables.values.coordinates import is_place
from planner.sources.tables.values.figures import decimal_sign, is_figure, share_of_figures
from planner.sources.tables.values.numbers import is_blank
from planner.sources.tables.words.states import said_before

_MOST_FIGURELESS = 0.5
_DECIDING = ("kind", "status", "ownership", "opening_hours", "services", "open", "locked", "access")
"""Columns of words that decide whether a facility or a gate counts."""


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
    parts = [h for h in headers if _is_part_of_hours(layer, h)]
    found = filled_columns(layer, body[[h for h in headers if h not in parts]], cut=cut)
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
    findings += ages_not_said(found, file)
    others = {h for f in findings for h in _others(f)}
    findings += unread_groups(Sheet(layer, body, {*found, *dropped, *others}, file))
    told_of = {*dropped, *parts, *others}
    taken = next((header for header, role in found.items() if role == "population"), "")
    sheet = Sheet(layer, body, {*found, *told_of}, file)
    findings += [*other_residents(sheet, taken), *unread_states(sheet), *unread_counts(sheet)]
    findings += [
        *unread_days(sheet),
        *unread_hours(sheet),
        *unread_money(sheet),
        *residents_of_buildings(sheet),
    ]
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
    yield from _same_meaning(layer, headers, found, file)
    for header, role in found.items():
        remark = remark_of(header, role)
        if remark and (role in PLACES or role in _DECIDING):
            told = {"file": file, "column": header, "role": role, "remark": remark}
            yield Finding("tables.header_remark", told)


def _same_meaning(
    layer: str, headers: list[str], found: Mapping[str, str], file: str
) -> Iterator[Finding]:
    """Tell of columns that mean what another one is read for."""
    # of streets such columns are asked too, see planner.sources.files.streets.states
    twice = {} if layer == "streets" else same_meaning(layer, headers, found)
    for header, others in twice.items():
        if is_figure(found[header]) or found[header] in _DECIDING:
            told = {"file": file, "column": header, "others": ", ".join(others)}
            yield Finding("tables.same_meaning", told)


def _others(finding: Finding) -> list[str]:
    """Return the columns of which a finding says that they mean the same as another."""
    same = finding.code == "tables.same_meaning"
    return str(finding.params["others"]).split(", ") if same else []


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
    headers = [name for name in map(str, body.columns) if name]
    # what means the same as a column that is read, and is not, is told as it is in a guess
    whole_week = [h for h in headers if not _is_part_of_hours(mapping.layer, h)]
    unused = list(_same_meaning(mapping.layer, whole_week, mapping.columns, file))
    fresh = [name for name in headers if name not in mapping.columns]
    if not fresh:
        return mapping, unused
    own, notes = guess_columns(body[fresh], mapping.layer, file, cut=cut)
    used = set(mapping.columns.values())
    more = {
        header: "" if role in used or _says_place(role) else role
        for header, role in own.columns.items()
    }
    read = [header for header, role in more.items() if role]
    if not read:  # what would shut some of the rows is told all the same
        return mapping, [*unused, *(each for each in notes if each.code in UNREAD)]
    told = {"file": file, "columns": ", ".join(read)}
    whole = replace(mapping, columns={**mapping.columns, **more})
    # what two new columns mean alike is told of the one that is read
    also = [each for each in unused if each not in notes]
    return whole, [*notes, *also, Finding("tables.mapping_new_columns", told)]


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


def filled_columns(layer: str, body: pd.DataFrame, *, cut: bool = False) -> dict[str, str]:
    """Return the role of each header; of two of one meaning an empty column has none.

    Programs add columns of their own to a map layer, such as a name to a KML file.

    Parameters
    ----------
    layer
        The layer that it becomes.
    body
        Cells under their headers.
    cut
        Whether headers may be cut at ten bytes.
    """
    headers = [str(column) for column in body.columns]
    found = known_columns(layer, headers, cut=cut)
    empty = {header for header in found if body[header].map(is_blank).all()}
    if not empty:
        return found
    filled = known_columns(layer, [h for h in headers if h not in empty], cut=cut)
    roles = set(filled.values())
    kept = {h: role for h, role in found.items() if h not in empty or role not in roles}
    instead = {h: role for h, role in filled.items() if role not in kept.values()}
    order = {**kept, **instead}
    return {header: order[header] for header in headers if header in order}


def _is_part_of_hours(layer: str, header: str) -> bool:
    """Whether a header means the hours of a part of the week."""
    return bool(hours_of_part(header)) and "opening_hours" in _meant(layer, header)


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
