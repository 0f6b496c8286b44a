"""Facilities from files that carry OpenStreetMap tags as columns, as services export them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.district import Kinds
from planner.errors import Finding, InputError
from planner.sources.osm.doubts import DOUBT_KEYS, in_doubt, names_former, reasoned
from planner.sources.osm.insiders import INSIDER_KEYS, insiders_reason, is_internal
from planner.sources.osm.lifecycle import EXISTING, State, as_if_there, state_of, tells_state
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.unread.remarks import remarks_in_doubt
from planner.sources.tables.values.dates import DATE_KEYS, reads_date
from planner.sources.tables.values.numbers import is_blank, number
from planner.sources.tables.words.kind_rows import rows_of_kinds
from planner.sources.tables.words.name_notes import (
    animals_in,
    medical_kinds,
    operator_columns,
    speciality_in,
)
from planner.sources.tables.words.remarks import facility_in_doubt

_CLASS = "fclass"
"""Geofabrik's column of classes, which are values of ``amenity`` but for a few."""

_SPECIALITY = "healthcare:speciality"

_WORDS_TOLD = 10

_CLASSES = {"town_hall": "townhall", "arts_centre": "arts_centre"}


def tag_columns(table: pd.DataFrame, kinds: Kinds) -> dict[str, str]:
    """Return the columns that hold the tags by which kinds are known, by key."""
    keys = {key for kind in kinds.values() for wanted in kind.osm for key in wanted}
    columns = {str(column).casefold(): str(column) for column in table.columns}
    found = {key: columns[key] for key in keys if key in columns and _words(table[columns[key]])}
    if found and _SPECIALITY in columns:
        found[_SPECIALITY] = columns[_SPECIALITY]
    if _CLASS in columns and "amenity" not in found:
        found["amenity"] = columns[_CLASS]
    return found


def _words(cells: pd.Series) -> bool:
    """Whether a column holds words; one of numbers counts facilities."""
    return any(number(cell) is None for cell in cells)


def names_a_kind(table: pd.DataFrame, kinds: Kinds) -> bool:
    """Return whether some cell of the column ``kind`` is a word for a kind.

    A column ``type`` of ``node`` and ``way`` says what is drawn, not what is there.
    """
    if "kind" not in table:
        return False
    words = {str(cell) for cell in table["kind"] if not is_blank(cell)}
    return any(kinds.of_word(word) is not None for word in words)


def kinds_by_tags(
    table: gpd.GeoDataFrame, file: str, kinds: Kinds
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the rows whose tags make them a kind, with ``kind``, and what was left out.

    Raises
    ------
    InputError
        ``sources.no_kind_by_tags`` where no row is of any kind.
    """
    columns = tag_columns(table, kinds)
    texts = {
        key: ["" if is_blank(cell) else str(cell).strip() for cell in table[column]]
        for key, column in columns.items()
    }
    if columns.get("amenity", "").casefold() == _CLASS:
        texts["amenity"] = [_CLASSES.get(word, word) for word in texts["amenity"]]
    rows = [
        {key: value for key, value in zip(texts, row, strict=True) if value}
        for row in zip(*texts.values(), strict=True)
    ]
    found = [kinds.all_of_tags(tags) for tags in rows]
    left = np.array([not each for each in found], bool)
    names = ", ".join(sorted(columns.values()))
    if left.all():
        raise InputError("sources.no_kind_by_tags", file=file, columns=names)
    findings = [Finding("sources.kinds_by_tags", {"file": file, "columns": names})]
    if left.any():
        params = {
            "file": file,
            "count": int(left.sum()),
            "rows": rows_told(table.index[left].tolist()),
        }
        findings.append(Finding("sources.rows_without_kind", params))
    read, notes = rows_of_kinds(table[~left], [each for each in found if each], file)
    return read, [*findings, *notes]


def asks_access(table: gpd.GeoDataFrame, *, by_tags: bool) -> bool:
    """Whether a column ``access`` of facilities says whom they let in, as OpenStreetMap's does.

    In a list of a bureau a plain ``no`` may be about steps; a word such as ``private`` is not.
    """
    if by_tags or "access" not in table:
        return by_tags
    words = table["access"].astype(object).map(_cell).str.casefold()
    return any(word != "no" and is_internal(word) for word in pd.unique(words))


def mark_insiders(table: gpd.GeoDataFrame, file: str, *, ask_access: bool) -> list[Finding]:
    """Set ``ownership`` of facilities that are for the people of a unit only, and name them.

    What the file's own column ``ownership`` says stays, and is told where it says otherwise.

    Parameters
    ----------
    table
        Facilities with ``facility_id``.
    file
        Where they were read.
    ask_access
        Whether its column ``access`` is asked, see :func:`asks_access`.
    """
    keys = [key for key in INSIDER_KEYS if ask_access or key != "access"]
    unread = [] if ask_access else _unread_access(table, file)
    rows = [dict(tags) for tags in _tags(table, keys)]
    for column in operator_columns(table.columns):
        for tags, cell in zip(rows, table[column].astype(object).map(_cell), strict=True):
            tags["operator"] = "; ".join(filter(None, (tags.get("operator"), cell)))
    reasons = [insiders_reason(tags) for tags in rows]
    inside = np.array([bool(why) for why in reasons], dtype=bool)
    if not inside.any():
        return unread
    said = table["ownership"].map(_cell) if "ownership" in table else pd.Series("", table.index)
    unsaid = (said == "").to_numpy(dtype=bool)
    table["ownership"] = said.where(~(inside & unsaid), "internal")
    otherwise = inside & ~unsaid & (said != "internal").to_numpy(dtype=bool)
    return [
        *unread,
        *_reasoned("sources.facilities_of_insiders", table, inside & unsaid, reasons, file),
        *_reasoned("sources.insiders_stated", table, otherwise, reasons, file),
    ]


def _unread_access(table: gpd.GeoDataFrame, file: str) -> list[Finding]:
    """Tell that nobody reads a column ``access`` that says no of some rows."""
    cells = table["access"].astype(object).map(_cell) if "access" in table else pd.Series("")
    count = int((cells.str.casefold() == "no").sum())
    if not count:
        return []
    told = {"file": file, "columns": "access", "known": "ownership", "words": f"no: {count}"}
    return [Finding("tables.states_unread", told)]


def without_animals(
    table: gpd.GeoDataFrame, file: str, kinds: Kinds
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the facilities without practices for animals, and name these and special practices.

    The names are asked, of kinds that treat people.
    """
    if "name" not in table:
        return table, []
    medical = table["kind"].isin(medical_kinds(kinds))
    names = table["name"].map(_cell).where(medical, "")
    animals = [f"name={name}" if name and animals_in(name) else "" for name in names]
    special = [speciality_in(name) for name in names]
    out = np.array([bool(why) for why in animals], dtype=bool)
    told = np.array([bool(why) for why in special], dtype=bool) & ~out
    if "status" in table:
        told &= (table["status"] != "closed").to_numpy(dtype=bool)
    return table[~out], [
        *_reasoned("sources.facilities_for_animals", table, out, animals, file),
        *_reasoned("sources.special_practices", table, told, special, file),
    ]


def _reasoned(
    code: str, table: gpd.GeoDataFrame, rows: Bool, reasons: Sequence[str], file: str
) -> Iterator[Finding]:
    """Name facilities of a file, each with what is said of it."""
    names = table["name"].map(_cell) if "name" in table else pd.Series("", table.index)
    told = zip(names[rows], table["facility_id"].astype(str)[rows], strict=True)
    whys = [why for why, row in zip(reasons, rows, strict=True) if row]
    return reasoned(code, ((*row, why) for row, why in zip(told, whys, strict=True)), file=file)


def mark_gone(
    table: gpd.GeoDataFrame,
    file: str,
    kinds: Kinds,
    unread: Collection[str] = (),
    today: dt.date | None = None,
) -> list[Finding]:
    """Set ``status`` of facilities that are gone or not there yet, and name them.

    What the file's own column ``status`` says stays, unless it says that the facility is there.
    That something of another line of service once was at the place closes nothing. The columns
    that nobody reads (``unread``) are looked through for remarks that put a facility in doubt.
    """
    day = today or dt.datetime.now(tz=dt.UTC).date()
    states = _states(
        table.drop(columns=[table.geometry.name, "status"], errors="ignore"), kinds, day
    )
    status = pd.Series([state.status for state in states], table.index, dtype=object)
    gone = (status != "existing").to_numpy().copy()
    if "status" in table:
        said = table["status"].map(lambda cell: "" if is_blank(cell) else str(cell).strip())
        gone &= said.isin(["", "existing"]).to_numpy()
        status = status.where(pd.Series(gone, table.index), said.replace("", "existing"))
    doubts = [
        "" if said != "existing" else in_doubt(tags) or remark
        for said, tags, remark in zip(
            status,
            _tags(table, DOUBT_KEYS),
            remarks_in_doubt(table, unread, "facilities", facility_in_doubt),
            strict=True,
        )
    ]
    if gone.any():
        table["status"] = status
    reasons = [state.reason for state in states]
    doubtful = np.array([bool(why) for why in doubts], dtype=bool)
    return [
        *_reasoned("sources.facilities_gone", table, gone, reasons, file),
        *_reasoned("sources.facilities_doubtful", table, doubtful, doubts, file),
        *_unread_dates(table, file),
    ]


def says_gone(key: str, text: str) -> bool:
    """Return whether a tag by itself says that a facility is not there; :func:`mark_gone` reads it.

    Examples
    --------
    >>> says_gone("closed", "yes"), says_gone("closed", "是"), says_gone("phone", "yes")
    (True, False, False)
    """
    day = dt.datetime.now(tz=dt.UTC).date()
    return tells_state(key) and state_of({"amenity": "yes", key: text}, day) != EXISTING


def _tags(table: pd.DataFrame, keys: Collection[str]) -> Iterator[dict[str, str]]:
    """Yield what each row says of some keys, whatever the capitals of its headers."""
    columns = {
        str(name).casefold(): table[name].astype(object).map(_cell)
        for name in table.columns
        if str(name).casefold() in keys
    }
    for row in range(len(table)):
        yield {key: cells.iloc[row] for key, cells in columns.items() if cells.iloc[row]}


def _unread_dates(table: gpd.GeoDataFrame, file: str) -> Iterator[Finding]:
    """Tell of dates since or until when a facility is there that cannot be read."""
    for name in table.columns:
        if str(name).casefold() not in DATE_KEYS:
            continue
        cells = table[name].astype(object).map(_cell)
        unread = ~cells.map(reads_date).to_numpy(dtype=bool)
        if unread.any():
            words = list(dict.fromkeys(cells[unread]))
            more = ", …" if len(words) > _WORDS_TOLD else ""
            yield Finding(
                "sources.dates_unread",
                {
                    "file": file,
                    "column": str(name),
                    "count": int(unread.sum()),
                    "words": ", ".join(words[:_WORDS_TOLD]) + more,
                    "rows": rows_told(table.index[unread].tolist()),
                },
            )


def _states(plain: pd.DataFrame, kinds: Kinds, day: dt.date) -> list[State]:
    """Return whether each row is there, each set of tags that matters asked once."""
    wanted = {key for kind in kinds.values() for tags in kind.osm for key in tags} | {"kind"}
    columns: dict[str, pd.Series] = {}
    for name in plain.columns:
        key = str(name).casefold()
        if key not in wanted and not tells_state(key):
            continue
        cells = plain[name].astype(object).map(_cell)
        if key in ("name", "kind_text"):
            cells = cells.map(lambda text: text if names_former(text) else "")
        columns[key] = cells
    if not columns:
        return [EXISTING] * len(plain)
    rows = list(zip(*columns.values(), strict=True))
    known = {
        row: state_of(
            _of_itself({key: text for key, text in zip(columns, row, strict=True) if text}, kinds),
            day,
        )
        for row in dict.fromkeys(rows)
    }
    return [known[row] for row in rows]


def _cell(value: object) -> str:
    return "" if is_blank(value) else str(value).strip().removesuffix(" 00:00:00")


def _of_itself(tags: dict[str, str], kinds: Kinds) -> dict[str, str]:
    """Return a row's tags without those of what else once was, or is to be, at its place."""
    former = {key: value for key, value in as_if_there(tags).items() if tags.get(key) != value}
    if not former:
        return tags
    once, now = kinds.get(kinds.of_tags(former) or ""), kinds.get(tags.get("kind", ""))
    if once and now and (once.id == now.id or once.line == now.line != ""):
        return tags
    ends = tuple(f":{key}" for key in former)
    return {key: value for key, value in tags.items() if not key.endswith(ends)}
