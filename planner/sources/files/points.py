"""Points with columns from tables, workbooks and map layers: demand, facilities, sites, gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

import geopandas as gpd
import pandas as pd

from planner.district import Kinds, known_kinds
from planner.errors import Finding, InputError
from planner.sources.files.facility_tags import (
    asks_access,
    kinds_by_tags,
    mark_gone,
    mark_insiders,
    names_a_kind,
    says_gone,
    tag_columns,
    without_animals,
)
from planner.sources.files.kind_records import COUNTS_GUESSED, COUNTS_SAID
from planner.sources.files.overture import CATEGORY, kinds_of_places
from planner.sources.files.read_tags import still_unread
from planner.sources.files.remarks import gates_of_hours, rows_in_doubt
from planner.sources.files.rows import ReadOptions, Rows, as_points, read_rows
from planner.sources.files.shapes import reading
from planner.sources.tables.frames import Frame, name_of
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.headers.headers import folded
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import SetAside, rows_told
from planner.sources.tables.unread.remarks import unread_columns
from planner.sources.tables.values.figures import needed
from planner.sources.tables.values.ids import read_ids
from planner.sources.tables.values.numbers import cell_text, counts, number
from planner.sources.tables.words.allowed_kinds import allowed_kinds
from planner.sources.tables.words.flags import flags
from planner.sources.tables.words.gates import gate_words_of, opened
from planner.sources.tables.words.hours import read_hours
from planner.sources.tables.words.kind_rows import rows_of_kinds, several_kinds, without_wholes
from planner.sources.tables.words.kinds import WordKind, WordTable, kinds_of_words, refuse_words
from planner.sources.tables.words.states import (
    OPEN_GATE,
    SHUT_GATE,
    StateWord,
    StateWords,
    read_states,
    said_before,
)

_COUNT_WORDS = {
    "clinic": "clinics healthcare health",
    "library": "libraries",
    "police_station": "police",
    "school": "schools education",
    "sports": "sport",
    "service_centre": "servicecentres",
}


def read_demand(
    path: str | Path | Frame, *, to_crs: Any = None, **how: Unpack[ReadOptions]
) -> Reading:
    """Read points with residents and group columns.

    Parameters
    ----------
    path
        A text table or workbook with coordinates (English or Chinese headers), or a vector file
        of points or areas, which stand for a point inside them.
    to_crs
        CRS to project into; None keeps the file's.
    how
        As of :class:`planner.sources.files.rows.ReadOptions`.

    Returns
    -------
    A table with demand_id, population (residents) or weight, and pop_ columns of groups.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row (as a spreadsheet counts, header included) and column.
    """
    rows = _points(path, "demand", how)
    totals = [column for column in ("population", "weight") if column in rows.table]
    if not totals:
        raise InputError("sources.no_population", file=name_of(path), present=_present(rows.table))
    rows.read_figures()
    needed(rows.table[totals[0]], totals[0], rows.aside)
    rows.read_ids("demand_id")
    return reading("demand", rows, path, to_crs)


def read_facilities(
    path: str | Path | Frame,
    kinds: Kinds,
    *,
    kind: str | None = None,
    kind_columns: Mapping[str, str] | None = None,
    kind_words: Mapping[str, str] | None = None,
    state_words: StateWords | None = None,
    to_crs: Any = None,
    **how: Unpack[ReadOptions],
) -> Reading:
    """Read facilities with words for their kind, or with a count column per kind.

    With count columns one facility stands at each place whose count is above zero, with the
    count kept in the column ``count``.

    Parameters
    ----------
    path, to_crs, how
        As in :func:`read_demand`.
    kinds
        The kinds known. The kind column may hold ids, names or category words; without one the
        names are asked. A file that has neither, but columns of OpenStreetMap tags (``amenity``,
        ``healthcare``…, or ``fclass`` as Geofabrik has it), is read by these; rows of no kind are
        left out and told.
    kind
        Kind of all rows, where the file has no column for it.
    kind_columns
        Count column by kind id, such as ``{"clinic": "healthcare"}``. Further columns that are
        named as a kind are taken as well; findings tell which, and which are left out.
    kind_words
        Kind by word, beside and before the words known; an empty kind sets the word's rows aside.
    state_words
        What words mean by column (``status``, ``ownership``), beside and before the words known.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row (as a spreadsheet counts, header included) and column.
    """
    rows = _points(path, "facilities", how)
    rows.findings = still_unread(rows.findings, rows.table, "facilities", says_gone)
    file = name_of(path)
    for given in (*(kind_columns or {}), *([kind] if kind else [])):
        if given not in kinds:
            raise InputError("sources.kind_not_known", kind=given, known=", ".join(kinds))
    kind = kind or rows.mapping.kind
    said = {**rows.mapping.kind_words, **(kind_words or {})}
    words: tuple[WordKind, ...] = ()
    by_tags = (
        not kind_columns
        and CATEGORY not in rows.table
        and bool(tag_columns(rows.table, kinds))
        and not names_a_kind(rows.table, kinds)
    )
    if kind_columns:
        rows.table = _expanded(rows.table, file, kinds, kind_columns, rows.findings)
    elif CATEGORY in rows.table:
        rows.table, words, notes = kinds_of_places(rows.table, file, kinds, said)
        rows.findings += notes
    elif by_tags:
        rows.table, notes = kinds_by_tags(rows.table, file, kinds)
        rows.findings += notes
    elif "kind" in rows.table:
        words = _by_words(rows, WordTable(kinds, said), kinds)
    elif kind:
        rows.table["kind"] = kind
    elif _count_columns_by_kind(rows.table, kinds, {}, file, []):
        rows.table = _expanded(rows.table, file, kinds, {}, rows.findings)
    elif _names_tell(rows.table, WordTable(kinds, said)):
        words = _by_words(rows, WordTable(kinds, said), kinds)
    else:
        rows.table = _expanded(rows.table, file, kinds, {}, rows.findings)
    rows.read_figures()
    rows.read_ids("facility_id")
    told = said_before(rows.mapping.state_words, state_words)
    notes, states = read_states(rows.table, rows.aside, told)
    rows.findings += notes
    rows.findings += read_hours(rows.table, file)
    unread = unread_columns(rows.mapping.columns, rows.table)
    ask_access = asks_access(rows.table, by_tags=by_tags)
    rows.findings += mark_gone(rows.table, file, kinds, unread)
    rows.findings += mark_insiders(rows.table, file, ask_access=ask_access)
    rows.table, notes = without_animals(rows.table, file, kinds)
    rows.findings += notes
    rows.mapping = replace(rows.mapping, kind_words=said, kind=kind or "").with_state_words(told)
    return replace(reading("facilities", rows, path, to_crs), words=words, states=states)


def states_of(
    path: str | Path | Frame, *, state_words: StateWords | None = None, **how: Unpack[ReadOptions]
) -> tuple[StateWord, ...]:
    """Return the words of status and ownership of a facility list, of whatever many rows.

    Unlike :func:`read_facilities` it refuses no list whose words mean nothing.
    """
    rows = _points(path, "facilities", how)
    return read_states(rows.table, rows.aside, said_before(rows.mapping.state_words, state_words))[
        1
    ]


def words_of(
    path: str | Path | Frame,
    kinds: Kinds,
    *,
    kind_words: Mapping[str, str] | None = None,
    **how: Unpack[ReadOptions],
) -> tuple[WordKind, ...]:
    """Return the words of a facility list with what they are taken for, of whatever many rows.

    Unlike :func:`read_facilities` it refuses no list whose words mean nothing; parameters and
    other errors are the same.
    """
    rows = _points(path, "facilities", how)
    said = {**rows.mapping.kind_words, **(kind_words or {})}
    if "kind" not in rows.table and "name" not in rows.table:
        return ()
    return kinds_of_words(rows.table, WordTable(kinds, said), kinds, rows.aside)[2]


def read_candidates(
    path: str | Path | Frame,
    kinds: Kinds | None = None,
    *,
    to_crs: Any = None,
    **how: Unpack[ReadOptions],
) -> Reading:
    """Read candidate sites; parameters and errors as in :func:`read_demand`.

    `kinds` are those known beside those that ship; a site may name those that it is for.
    """
    rows = _points(path, "candidates", how)
    if "kinds" in rows.table:
        known = kinds or known_kinds()
        rows.table["kinds"], notes = allowed_kinds(rows.table["kinds"], known, rows.aside)
        rows.findings += notes
    rows.read_figures()
    for column in ("required", "forbidden"):
        if column in rows.table:
            rows.table[column], notes = flags(rows.table[column], name_of(path), column)
            rows.findings += notes
    rows.read_ids("candidate_id")
    allowed = ~rows.table["forbidden"] if "forbidden" in rows.table else None
    unread = unread_columns(rows.mapping.columns, rows.table)
    rows.findings += rows_in_doubt(rows.table, "candidates", name_of(path), unread, allowed)
    return reading("candidates", rows, path, to_crs)


def read_gates(
    path: str | Path | Frame,
    *,
    words: Mapping[str, bool] | None = None,
    state_words: StateWords | None = None,
    to_crs: Any = None,
    **how: Unpack[ReadOptions],
) -> Reading:
    """Read gates in barriers, open where nothing is said; other parameters as :func:`read_demand`.

    A word in the column ``open`` that is not known shuts the gate, and is told by row; `words`,
    or `state_words` for ``gate``, says what such words mean.
    """
    rows = _points(path, "gates", how)
    now = {word: OPEN_GATE if state else SHUT_GATE for word, state in (words or {}).items()}
    given = {"gate": {**(state_words or {}).get("gate", {}), **now}}
    rows.mapping = rows.mapping.with_state_words(said_before(rows.mapping.state_words, given))
    known = {word: state == OPEN_GATE for word, state in rows.mapping.gate_words.items() if state}
    states = gate_words_of(rows.table, known)
    rows.table["open"], notes = opened(rows.table, name_of(path), known)
    rows.findings += notes
    rows.read_ids("gate_id")
    unread = unread_columns(rows.mapping.columns, rows.table)
    is_open = rows.table["open"].tolist()
    rows.findings += rows_in_doubt(rows.table, "gates", name_of(path), unread, is_open)
    rows.findings += gates_of_hours(rows.table, name_of(path), unread, is_open)
    return replace(reading("gates", rows, path, to_crs), states=states)


def _points(path: str | Path | Frame, target: str, how: ReadOptions) -> Rows:
    rows = read_rows(path, target, **how)
    as_points(rows)
    return rows


def _present(table: pd.DataFrame) -> str:
    return ", ".join(str(column) for column in table.columns if column != "geometry") or "–"


# ---- kinds


def _by_words(rows: Rows, words: WordTable, kinds: Kinds) -> tuple[WordKind, ...]:
    """Put the kind that words mean into the column ``kind``; the words stay beside it."""
    found, notes, listed = kinds_of_words(rows.table, words, kinds, rows.aside)
    refuse_words(listed, rows.aside)
    if "kind" in rows.table and not rows.table["kind"].isin(list(kinds)).all():
        rows.table["kind_text"] = rows.table["kind"]
    rows.table, parted = rows_of_kinds(rows.table, found, rows.aside.file)
    if parted and "kind_text" in rows.table:
        rows.table["kind_text"] = _own_words(rows.table, words)
    rows.findings += [*notes, *parted]
    return listed


def _own_words(table: pd.DataFrame, words: WordTable) -> list[str]:
    """Return of a cell that names several kinds the words for that of each row.

    So that "clinic, library (under construction)" is no clinic to come.
    """
    texts = table["kind_text"].map(cell_text)
    parts = {text: words.named_parts(text) for text in pd.unique(texts)}
    return [parts[text].get(kind, text) for text, kind in zip(texts, table["kind"], strict=True)]


def _names_tell(table: pd.DataFrame, words: WordTable) -> bool:
    """Return whether some name tells a kind."""
    return "name" in table and any(
        words.kind(str(name), str(name)) for name in pd.unique(table["name"])
    )


def _expanded(
    table: gpd.GeoDataFrame,
    file: str,
    kinds: Kinds,
    given: Mapping[str, str],
    findings: list[Finding],
) -> gpd.GeoDataFrame:
    """Return one row for each place and kind whose count is above zero."""
    for column in given.values():
        if column not in table:
            raise InputError("sources.no_column", file=file, column=column, present=_present(table))
    columns = {**_count_columns_by_kind(table, kinds, given, file, findings), **given}
    findings += [
        Finding(COUNTS_SAID, {"file": file, "column": column, "kind": kind})
        for kind, column in given.items()
    ]
    if not columns:
        raise InputError(
            "sources.no_kind", file=file, present=_present(table), known=", ".join(kinds)
        )
    ids, _ = read_ids(table, "facility_id", SetAside(file))
    plain = table.drop(columns=[c for c in {*columns.values(), "kind", "population"} if c in table])
    amounts = pd.DataFrame(
        {kind: counts(table[column], file, column) for kind, column in columns.items()},
        index=table.index,
    )
    several = (amounts > 0).sum(axis=1) > 1
    findings += _told_counts(amounts, ids, several, file)
    plain = without_wholes(plain, several.to_numpy(dtype=bool))
    parts = []
    for kind, amount in amounts.items():
        found = amount > 0
        part = plain[found].assign(kind=kind, count=amount[found], facility_id=ids[found])
        part["facility_id"] = part["facility_id"] + f"/{kind}"
        parts.append(part)
    merged = pd.concat(parts)
    return gpd.GeoDataFrame(merged, geometry="geometry", crs=table.crs)


def _told_counts(
    amounts: pd.DataFrame, ids: pd.Series, several: pd.Series, file: str
) -> list[Finding]:
    """Tell which rows count several kinds, and which several facilities of one."""
    found = []
    if several.any():
        told = {
            str(ids[row]): ", ".join(amounts.columns[amounts.loc[row] > 0])
            for row in amounts.index[several]
        }
        found.append(several_kinds(told, file))
    many = amounts.index[(amounts > 1).any(axis=1)]
    if len(many):
        params = {"file": file, "count": len(many), "rows": rows_told(many.tolist())}
        found.append(Finding("sources.counted_as_one", params))
    return found


def _count_columns_by_kind(
    table: gpd.GeoDataFrame,
    kinds: Kinds,
    given: Mapping[str, str],
    file: str,
    findings: list[Finding],
) -> dict[str, str]:
    words = {folded(word): kind for kind, line in _COUNT_WORDS.items() for word in line.split()}
    for kind in kinds.values():
        words.update({folded(word): kind.id for word in (kind.id, kind.en, kind.zh)})
    found: dict[str, str] = {}
    unused = []
    known = set(known_columns("facilities", map(str, table.columns)).values())
    for column in table.columns.drop("geometry"):
        kind_id = words.get(folded(str(column)))
        if column in given.values() or column in known:
            continue
        params = {"file": file, "column": column, "kind": kind_id}
        if kind_id is not None and kind_id not in kinds:
            findings.append(Finding("sources.column_needs_kind", params))
        elif kind_id is not None and kind_id not in given and kind_id not in found:
            found[kind_id] = column
            findings.append(Finding(COUNTS_GUESSED, params))
        elif all(number(value) is not None for value in table[column]):
            unused.append(column)
    if unused:
        params = {"file": file, "columns": rows_told(unused)}
        findings.append(Finding("sources.unused_columns", params))
    return found
