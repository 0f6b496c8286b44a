"""A newer file held against a layer: which rows are new, gone, changed, and what stays of hands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64, Bool
from planner.district import LAYERS, District
from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import Corrections
from planner.district.layers import GROUP_PREFIX
from planner.district.validation.layers import DEFAULTS
from planner.errors import InputError
from planner.sources.tables.layout.running import numbers_rows, running_columns
from planner.sources.tables.reading import Reading
from planner.sources.tables.values.numbers import blank
from planner.sources.tables.words.states import ORIGINAL
from planner.sources.update.listed_again import listed_again
from planner.sources.update.matching import Matches, matches
from planner.sources.update.redrawn import counts_people, of_other_ground
from planner.sources.update.sides import FILE_ID, placed_m, side

MOVED_M = 1.0
"""A place as near as this is the same: degrees with five decimals are no finer."""

KEEPING = ("facilities", "candidates", "communities")
"""Layers whose rows keep what only the workspace knows of them."""

_NOT_COMPARED = ("geometry", "source", FILE_ID)
_UNLIKE = 0.005


@dataclass(frozen=True, eq=False)
class Compared:
    """Rows of a file matched with those of a layer.

    Parameters
    ----------
    found
        Which row of `old` each row of the file is.
    old
        The layer as the workspace has it, then facilities that were added by hand.
    stored
        How many rows of `old` the workspace has.
    ids
        (n,) id that each row of the file has in the layer.
    rows
        Row of the file, as its user counts, as text.
    called
        The same where it is of one facility; where a row stands for several its kind behind it,
        ``"5/clinic"``.
    kinds_by_hand
        By number of a row of `old` whose kind was entered by hand, the kinds that it is known as.
    """

    found: Matches
    old: gpd.GeoDataFrame
    stored: int
    ids: Any
    rows: Any
    called: Any
    kinds_by_hand: Mapping[int, Collection[str]] = field(default_factory=dict)

    @property
    def entered(self) -> list[str]:
        """Ids of the facilities that were added by hand, or whose kind was corrected."""
        ids = self.old[LAYERS["facilities"].key]
        return [str(ids.iloc[row]) for row in sorted(self.kinds_by_hand)]

    @property
    def both(self) -> I64:
        """Numbers of the rows of the file that the workspace has too."""
        return np.flatnonzero((self.found.of >= 0) & (self.found.of < self.stored))

    @property
    def new(self) -> I64:
        """Numbers of the rows of the file that it does not have."""
        return np.flatnonzero((self.found.of < 0) | (self.found.of >= self.stored))

    def gone(self, kinds: Sequence[str] | None) -> Bool:
        """Return which rows of the layer (n,) the file does not list, of some kinds or of all."""
        gone = np.ones(self.stored, bool)
        gone[self.found.of[self.both]] = False
        if kinds is not None:
            gone &= self.old["kind"].iloc[: self.stored].isin(list(kinds)).to_numpy()
        return gone


def _kinds_of(table: gpd.GeoDataFrame) -> list[str]:
    return list(dict.fromkeys(table["kind"].astype(str)))


def compare(
    district: District,
    layer: str,
    reading: Reading,
    corrections: Corrections,
    said: Mapping[str, str],
    *,
    keep_other_kinds: bool = False,
) -> Compared:
    """Match the rows of a file with those of a layer.

    Parameters
    ----------
    district
        As its workspace holds it.
    layer, reading
        The layer, and the file as read for it.
    corrections
        Those kept beside the workspace: a facility is known by what was corrected too.
    said
        By row of the file the id of the row of the layer that it is, empty where it is another.
        Where a row stands for facilities of several kinds, one of them is ``"5/clinic"``.
    keep_other_kinds
        Whether the file is about its kinds alone: facilities of others stay out of it.

    Raises
    ------
    InputError
        ``update.no_row`` or ``update.no_id`` where something was said of what is not there;
        ``update.said_twice`` or ``update.said_of_several`` where it is not said of one alone.
    """
    stored = getattr(district, layer)
    key = LAYERS[layer].key
    old, forms, owner = stored, stored, np.arange(len(stored), dtype=np.int64)
    by_hand: dict[int, set[str]] = {}
    if layer == "facilities" and corrections.steps:
        old, forms, owner = _with_corrected(district, corrections)
        by_hand = _kinds_by_hand(corrections, stored, forms, owner)
    table = reading.table
    rows = np.array([str(row) for row in reading.rows or range(1, len(table) + 1)], dtype=object)
    called = _called(rows, table)
    own = file_ids(reading, key)
    found = matches(
        side(forms, layer, owner=owner),
        side(table, layer, own),
        _said(said, rows, called, old[key].astype(str).tolist()),
        placed_m(layer),
        kinds=_kinds_of(table) if keep_other_kinds and layer == "facilities" else None,
        ordinal=numbers_rows(own, rows.tolist()),
        added_from=len(stored) if len(old) > len(stored) else None,
        kinds_by_hand=by_hand,
    )
    known = old[key].astype(str)
    again: dict[int, str] = {}
    reserved = set(known)
    if layer == "facilities":
        again = listed_again(found, own, table, corrections, reserved)
        reserved |= {step.facility_id for step in corrections.steps}
    ids = _ids(found, own, rows, known.to_numpy(dtype=object), reserved, again)
    return Compared(found, old, len(stored), ids, rows, called, by_hand)


def _called(rows: Any, table: gpd.GeoDataFrame) -> Any:
    """Return by what each row is called: by its number, and its kind where it stands for several.

    One row of a list may hold facilities of several kinds, each of which is decided by itself.
    """
    if "kind" not in table:
        return rows
    several = pd.Series(rows).duplicated(keep=False).to_numpy()
    return np.where(several, rows + "/" + table["kind"].astype(str).to_numpy(dtype=object), rows)


def _with_corrected(
    district: District, corrections: Corrections
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, I64]:
    """Return facilities with those added by hand, their forms with corrected ones, and owners."""
    stored = district.facilities
    corrected = apply_corrections(district, corrections).facilities
    place = {own: at for at, own in enumerate(stored["facility_id"])}
    touched = {step.facility_id for step in corrections.steps if step.do != "complete"}
    rows = corrected[corrected["facility_id"].isin(touched)]
    added = rows[~rows["facility_id"].isin(place)]
    place |= {own: len(stored) + at for at, own in enumerate(added["facility_id"])}
    old = _joined([stored, added])
    forms = _joined([stored, added, rows[rows["facility_id"].isin(stored["facility_id"])]])
    owner = np.array([place[own] for own in forms["facility_id"]], dtype=np.int64)
    return old, forms, owner


def _kinds_by_hand(
    corrections: Corrections, stored: gpd.GeoDataFrame, forms: gpd.GeoDataFrame, owner: I64
) -> dict[int, set[str]]:
    """Return by row of the layer whose kind a standing correction tells the kinds of its forms."""
    steps = corrections.standing(set(stored["facility_id"]))
    entered = {step.facility_id for step in steps if "kind" in step.new}
    kinds: dict[int, set[str]] = defaultdict(set)
    for own, kind, row in zip(forms["facility_id"], forms["kind"], owner.tolist(), strict=True):
        if own in entered:
            kinds[row].add(str(kind))
    return dict(kinds)


def _joined(tables: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    filled = [table for table in tables if len(table)] or tables[:1]
    both = pd.concat(filled, ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=tables[0].crs)


def file_ids(reading: Reading, key: str) -> Any:
    """Return the ids that the file itself has, empty ones where they were made of row numbers."""
    table, mapping = reading.table, reading.mapping
    if key not in table or (mapping is not None and not mapping.header_of(key)):
        return np.full(len(table), "", dtype=object)
    return table[key].fillna("").astype(str).to_numpy(dtype=object)


def _said(said: Mapping[str, str], rows: Any, called: Any, ids: list[str]) -> dict[int, int | None]:
    """Return by number of a row the number of the row that it is, None for another."""
    place: dict[str, int] = {own: at for at, own in enumerate(ids)}
    found: dict[int, int | None] = {}
    taken: set[str] = set()
    for row, own in said.items():
        numbers = np.flatnonzero((rows == str(row)) | (called == str(row))).tolist()
        if not numbers:
            raise InputError("update.no_row", row=row)
        if own and own not in place:
            raise InputError("update.no_id", id=own)
        if own and own in taken:
            raise InputError("update.said_twice", id=own, row=row)
        if own and len(numbers) > 1:
            names = ", ".join(dict.fromkeys(called[numbers]))
            raise InputError("update.said_of_several", row=row, names=names)
        taken.add(own)
        found |= dict.fromkeys(numbers, place[own] if own else None)
    return found


def _ids(
    found: Matches, own: Any, rows: Any, old: Any, reserved: set[str], again: Mapping[int, str]
) -> Any:
    """Return the id of each row: that which it has, else its own where no other bears it."""
    ids = np.full(len(rows), "", dtype=object)
    matched = found.of >= 0
    ids[matched] = old[found.of[matched]]
    taken = {*reserved, *again.values()}
    for row in np.flatnonzero(~matched).tolist():
        if row in again:
            ids[row] = again[row]
            continue
        first = own[row] or rows[row]
        name, number = first, 1
        while name in taken:
            number += 1
            name = f"{first}-{number}"
        taken.add(name)
        ids[row] = name
    return ids


# ---- the layer as the file would have it


def merged(
    compared: Compared, layer: str, reading: Reading
) -> tuple[gpd.GeoDataFrame, dict[str, int], dict[str, int]]:
    """Return the rows of a file with their ids and what only the workspace knows, and how much.

    Rows that were there come first, in their order.

    Returns
    -------
    table
        The rows.
    kept, lost
        By column, how many values of the workspace stay where the file has none; and how many do
        not, since they count who lived inside a boundary that is another one now.
    """
    key = LAYERS[layer].key
    table = reading.table.copy()
    own = file_ids(reading, key)
    table[key] = compared.ids
    if layer == "facilities" and ((own != "") & (own != compared.ids)).any():
        table[FILE_ID] = np.where(own == compared.ids, "", own)
    both, of = compared.both, compared.found.of
    before = compared.old.iloc[of[both]]
    shapes = table.geometry.to_numpy().copy()
    near = distances(before.geometry.to_numpy(), shapes[both]) <= MOVED_M
    shapes[both[near]] = before.geometry.to_numpy()[near]
    plain = pd.DataFrame(table).assign(geometry=shapes)
    kept: dict[str, int] = {}
    lost: dict[str, int] = {}
    if layer in KEEPING:
        other = _of_other_ground(layer, before, shapes[both])
        for column in before.columns.drop(["geometry", key]):
            stays = ~(other & counts_people(column))
            _keep(plain, str(column), both, before[column].where(stays, None), kept)
            gone = _held(plain, str(column), both, before[column]) & ~stays
            if gone.any():
                lost[str(column)] = int(gone.sum())
    as_stored(plain, compared.old, layer)
    order = np.concatenate([both[np.argsort(of[both], kind="stable")], compared.new])
    result = plain.iloc[order].reset_index(drop=True)
    return gpd.GeoDataFrame(result, geometry="geometry", crs=table.crs), kept, lost


def _of_other_ground(layer: str, before: gpd.GeoDataFrame, shapes: Any) -> Bool:
    """Return which rows that are in both (n,) are communities of another boundary now."""
    if layer != "communities":
        return np.zeros(len(before), dtype=bool)
    return of_other_ground(before.geometry, gpd.GeoSeries(shapes, index=before.index))


def as_stored(table: pd.DataFrame, stored: pd.DataFrame, layer: str) -> None:
    """Give columns that are none of ours the types that they have in a layer, where values allow.

    Figures would else be kept as text where a row of the file has none.
    """
    for column in stored.columns.intersection(table.columns):
        held, kind = table[column], stored[column].dtype
        known = LAYERS[layer].column(str(column)) or str(column).startswith(GROUP_PREFIX)
        if known or column == "geometry" or held.dtype == kind:
            continue
        filled = held.where(~blank(held), None)
        if pd.api.types.is_bool_dtype(kind):
            if filled.dropna().map(type).isin([bool, np.bool_]).all():
                table[column] = filled.astype("boolean")
        elif pd.api.types.is_numeric_dtype(kind):
            numbers = pd.to_numeric(filled, errors="coerce")
            if numbers.notna().sum() == filled.notna().sum():
                table[column] = numbers.astype(np.float64)


def _keep(
    table: pd.DataFrame, column: str, both: I64, before: pd.Series, kept: dict[str, int]
) -> None:
    """Put the workspace's values where the file has none."""
    if column == FILE_ID or _has_original(table, column):
        return
    known = _held(table, column, both, before)
    if not known.any():
        return
    values = (
        table[column].to_numpy(dtype=object).copy()
        if column in table
        else np.full(len(table), None, dtype=object)
    )
    values[both[known]] = before.to_numpy(dtype=object)[known]
    table[column] = values
    usual = DEFAULTS.get(column, False if before.dtype == bool else None)
    count = int((known & (before != usual).to_numpy()).sum())
    if count and column != "source" and not column.endswith(ORIGINAL):
        kept[column] = count


def _held(table: pd.DataFrame, column: str, both: I64, before: pd.Series) -> Bool:
    """Return which rows that are in both (n,) have a value in the workspace and none in a file."""
    held = ~blank(before).to_numpy()
    if column in table:
        held &= blank(table[column].iloc[both]).to_numpy()
    return np.asarray(held, dtype=bool)


def _has_original(table: pd.DataFrame, column: str) -> bool:
    """Whether a column of a list's words belongs to one that the file has itself."""
    return column.endswith(ORIGINAL) and column.removesuffix(ORIGINAL) in table


# ---- what differs


def changes(
    compared: Compared, layer: str, typed: gpd.GeoDataFrame, reading: Reading
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return a line for each value that differs, and one for each row matched.

    Parameters
    ----------
    compared, layer, reading
        As of :func:`compare`.
    typed
        The layer as :func:`merged` makes it, its values of the types that it has.
    """
    key = LAYERS[layer].key
    both = compared.both
    both = both[np.argsort(compared.found.of[both], kind="stable")]
    old = compared.old.iloc[compared.found.of[both]].reset_index(drop=True)
    now = typed.iloc[: len(both)].reset_index(drop=True)
    shapes = now.geometry.to_numpy()
    metres = np.round(distances(old.geometry.to_numpy(), shapes), 1)
    about = pd.DataFrame(
        {
            "id": now[key].astype(str),
            "name": now.get("name", ""),
            "row": compared.rows[both],
            "how": compared.found.how[both],
        }
    )
    parts = []
    for column in _compared(old, now, layer, reading):
        unlike = _unlike(old[column], now[column])
        values = {"column": column, "old": old[column][unlike], "new": now[column][unlike]}
        part = about[unlike].assign(**dict(values.items()), metres=np.nan)
        parts.append(part.assign(geometry=shapes[unlike]))
    moved = metres > MOVED_M
    spots = {"old": _spot(old, moved), "new": _spot(now, moved)}
    part = about[moved].assign(column="geometry", **spots, metres=metres[moved])
    parts.append(part.assign(geometry=shapes[moved]))
    lines = pd.concat([part.astype(object) for part in parts]).sort_index(kind="stable")
    lines["metres"] = lines["metres"].astype(float)
    found = gpd.GeoDataFrame(lines.reset_index(drop=True), geometry="geometry", crs=typed.crs)
    return found, about.assign(metres=metres)


def _compared(old: pd.DataFrame, now: pd.DataFrame, layer: str, reading: Reading) -> list[str]:
    """Return the columns that are held against each other: those that the file has."""
    passed = {*_NOT_COMPARED, LAYERS[layer].key, *running(reading, layer)}
    return [
        str(column)
        for column in now.columns
        if column not in passed
        and not str(column).endswith(ORIGINAL)
        and (column in reading.table or str(column).startswith(GROUP_PREFIX))
        and column in old
    ]


def running(reading: Reading, layer: str) -> list[str]:
    """Return the columns of a file that only number its rows, so that another one is no change."""
    ours = [column.name for column in LAYERS[layer].columns]
    rows = reading.rows or range(1, len(reading.table) + 1)
    return running_columns(reading.table, list(rows), ours)


def _unlike(old: pd.Series, now: pd.Series) -> Bool:
    if pd.api.types.is_numeric_dtype(old) and pd.api.types.is_numeric_dtype(now):
        a, b = old.to_numpy(dtype=np.float64), now.to_numpy(dtype=np.float64)
        neither = np.isnan(a) & np.isnan(b)
        return np.asarray(~(np.abs(a - b) <= _UNLIKE) & ~neither)
    empty = blank(old).to_numpy() & blank(now).to_numpy()
    same = old.astype(str).str.strip().to_numpy() == now.astype(str).str.strip().to_numpy()
    return np.asarray(~(same | empty))


def _spot(table: gpd.GeoDataFrame, which: Bool) -> list[str]:
    spots = shapely.get_coordinates(shapely.centroid(table.geometry.to_numpy()[which]))
    return [f"{x:.1f}, {y:.1f}" for x, y in spots]


def distances(old: Any, new: Any) -> Any:
    """Return by how many metres shapes differ, the greatest distance of one from the other."""
    if not len(old):
        return np.zeros(0)
    points = (shapely.get_dimensions(old) == 0) & (shapely.get_dimensions(new) == 0)
    same = shapely.equals_exact(shapely.normalize(old), shapely.normalize(new), 1e-6)
    result = np.zeros(len(old))
    result[points] = shapely.distance(old[points], new[points])
    rest = ~points & ~same
    result[rest] = shapely.hausdorff_distance(old[rest], new[rest])
    return result
