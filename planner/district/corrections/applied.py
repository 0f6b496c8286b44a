"""A district with its corrections applied, and what a reader must know of them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.district.corrections.corrections import (
    BY_HAND,
    NUMBERS,
    TEXTS,
    Correction,
    Corrections,
    Value,
)
from planner.district.district import District
from planner.district.identity.known_again import KNOWN_BY, Namesakes, Spots, is_another, same_value
from planner.district.layers import LAYERS
from planner.district.records import KindRecord
from planner.district.source import Source
from planner.errors import Finding, InputError

__all__ = ["apply_corrections", "ids_of_others"]

_CORRECTED = re.compile(r"(; |^)corrected [0-9-]{10}$")


def apply_corrections(district: District, corrections: Corrections) -> District:
    """Return the district as corrected; the one given stays as it is.

    Parameters
    ----------
    district
        As read from its file.
    corrections
        The steps. One about a facility that the file no longer holds is left out, and told; so is
        one whose id belongs to another facility by now, as where a list without ids of its own was
        imported anew with its rows in another order. Where the list was said to go before what was
        entered by hand, only later steps are made, and none where a later list dropped it.

    Returns
    -------
    District
        With a source "corrected by hand" for ``facilities``, the date in the column ``source`` of
        each facility changed, and findings that tell how many were. A kind of which no listed
        facility is left has *no data* then, unless all of it are said to be listed; one that only
        entries by hand have is recorded as told by hand.

    Raises
    ------
    InputError
        Where the coordinates are in another CRS, or a value cannot stand in the layer.
    """
    if not corrections.steps:
        return district
    crs = district.crs.to_string()
    if corrections.crs and corrections.crs != crs:
        raise InputError("corrections.other_crs", crs=corrections.crs, expected=crs)
    rows = _Rows(district.facilities)
    seen = _Seen()
    said: dict[str, str] = {}
    for step in corrections.steps:
        if step.do == "complete":
            said[str(step.new["kind"])] = step.at[:10]
    steps = corrections.standing(rows.listed)
    for step in steps:
        _make(rows, step, seen)
    undone = seen.others.keys() | seen.lost.keys()
    deeds = [step for step in steps if step.facility_id not in undone]
    after = district
    if deeds:
        date = deeds[-1].at[:10]
        after = replace(
            district.with_layers(facilities=rows.table()),
            sources=(*district.sources, Source("facilities", BY_HAND, date)),
        )
    for kind, when in said.items():
        after = after.with_complete([kind], BY_HAND, when)
    after, of_kinds = _recorded(district, after)
    told = [*_told(deeds, seen), *_told_complete(said), *of_kinds]
    return replace(after, findings=tuple(dict.fromkeys([*after.findings, *told])))


def _recorded(before: District, after: District) -> tuple[District, list[Finding]]:
    """Return the corrected district with records of what its sources tell, and what changed of it.

    A kind whose every listed facility was given another kind or taken out is one of which the
    source lists none: no data, as where the list itself is mended and imported anew. Of a kind
    that only entries by hand have, nobody told whether there are others.
    """
    listed, left = (set(each.facilities["kind"]) for each in (before, after))
    known = {kind for kind in after.records if after.data_state(kind) == "complete"}
    emptied = [kind for kind in before.records if kind in listed - left - known]
    only = [kind for kind in after.records if kind in left - before.records.keys() - known]
    by_hand = {kind: KindRecord(*_said_by_hand(after)) for kind in only}
    records = {kind: each for kind, each in after.records.items() if kind not in emptied}
    told = []
    if emptied:
        told.append(Finding("corrections.emptied_kinds", {"kinds": ", ".join(emptied)}))
    if only:
        count = int(after.facilities["kind"].isin(only).sum())
        told.append(Finding("corrections.only_by_hand", {"kinds": ", ".join(only), "count": count}))
    return replace(after, records={**records, **by_hand}), told


def _said_by_hand(after: District) -> tuple[str, str]:
    """Return who told of what was entered by hand, and when last."""
    dates = [each.date for each in after.sources if each.source == BY_HAND]
    return BY_HAND, max(dates, default="")


def ids_of_others(district: District, corrections: Corrections) -> list[str]:
    """Return the ids of corrected facilities that belong to other facilities by now.

    Their corrections are not applied, see :func:`apply_corrections`.
    """
    rows, seen = _Rows(district.facilities), _Seen()
    for step in corrections.standing(rows.listed):
        _make(rows, step, seen)
    return list(seen.others)


def _told_complete(said: Mapping[str, str]) -> Iterable[Finding]:
    """Tell which kinds were said to be complete, by the date of it."""
    if said:
        params = {"kinds": ", ".join(said), "date": max(said.values())}
        yield Finding("corrections.said_complete", params)


@dataclass
class _Seen:
    """Facilities by id: those lost, changed meanwhile, another by now, and touched so far."""

    lost: dict[str, None] = field(default_factory=dict)
    stale: dict[str, None] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)


def _make(rows: _Rows, step: Correction, seen: _Seen) -> None:
    """Make one step on the rows, unless its facility is lost or another by now."""
    own = step.facility_id
    row = rows.get(own)
    if row is not None and own not in seen.touched and _is_another(row, step, rows.namesakes(row)):
        seen.others[own] = None
    if own in seen.others:
        return
    if step.do == "remove":
        rows.remove(own)
        return
    if row is None and step.do == "edit":
        seen.lost[own] = None
        return
    if row is not None and own not in seen.touched and _moved_on(row, step):
        seen.stale[own] = None
    seen.touched.add(own)
    if row is None:
        rows.add(_new_row(step))
    else:
        _set(row, step)


def _told(steps: list[Correction], seen: _Seen) -> Iterable[Finding]:
    if steps:
        deeds, date = [step.do for step in steps], steps[-1].at[:10]
        counts = {do: deeds.count(do) for do in ("edit", "add", "remove")}
        yield Finding("corrections.applied", {"count": len(deeds), "date": date, **counts})
    for code in ("lost", "stale", "others"):
        ids = list(getattr(seen, code))
        if ids:
            yield Finding(f"corrections.{code}", {"count": len(ids), "ids": _some(ids)})


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")


class _Rows:
    """The rows of a table by id, changed one by one and put together once.

    Parameters
    ----------
    table
        The layer ``facilities``; it stays as it is.
    """

    def __init__(self, table: gpd.GeoDataFrame) -> None:
        self._table = table.reset_index(drop=True)
        self._place = {own: at for at, own in enumerate(table["facility_id"])}
        self._cells = {str(name): table[name].to_numpy(dtype=object) for name in table}
        self._gone: set[int] = set()
        self._changed: dict[str, dict[str, Any]] = {}
        self._fresh: dict[str, dict[str, Any]] = {}
        self._namesakes: Namesakes | None = None

    @property
    def listed(self) -> Collection[str]:
        """Ids of the facilities of the table as it was given."""
        return self._place.keys()

    def get(self, own: str) -> dict[str, Any] | None:
        """Return a row to read and change, None where there is none of that id."""
        if own in self._fresh:
            return self._fresh[own]
        at = self._place.get(own)
        if at is None or at in self._gone:
            return None
        if own not in self._changed:
            self._changed[own] = {name: cells[at] for name, cells in self._cells.items()}
        return self._changed[own]

    def namesakes(self, row: Mapping[str, Any]) -> Spots:
        """Return where other rows of the file stand that have a row's name and kind."""
        if self._namesakes is None:
            self._namesakes = Namesakes(self._table)
        return self._namesakes.of(row)

    def add(self, row: dict[str, Any]) -> None:
        """Put a row at the end."""
        self._fresh[row["facility_id"]] = row

    def remove(self, own: str) -> None:
        """Take a row out, if there is one of that id."""
        self._fresh.pop(own, None)
        self._changed.pop(own, None)
        if own in self._place:
            self._gone.add(self._place[own])

    def table(self) -> gpd.GeoDataFrame:
        """Return the table as changed."""
        result, crs = self._table.copy(), self._table.crs
        at = [self._place[own] for own in self._changed]
        for name in ("geometry", "source", *TEXTS, *NUMBERS):
            if at and name in result:
                cells = result[name].copy()
                cells.iloc[at] = [row[name] for row in self._changed.values()]
                result[name] = cells
        result = result.drop(index=list(self._gone))
        if not self._fresh:
            return result.reset_index(drop=True)
        fresh = gpd.GeoDataFrame(list(self._fresh.values()), geometry="geometry", crs=crs)
        parts = [part for part in (result, fresh) if len(part)]
        both = pd.concat(parts, ignore_index=True)
        return gpd.GeoDataFrame(both, geometry="geometry", crs=crs)


def _moved_on(row: Mapping[str, Any], step: Correction) -> bool:
    """Whether the file has another value than the one that was corrected, nor the corrected one."""
    now = dict(row) | {"x": row["geometry"].x, "y": row["geometry"].y}
    return any(
        not same_value(now[name], old) and not same_value(now[name], step.new.get(name))
        for name, old in step.old.items()
    )


def _is_another(row: Mapping[str, Any], step: Correction, namesakes: Spots) -> bool:
    """Whether a row is another facility than the one that a step is about."""
    of: Mapping[str, Value] = step.of or (step.new if step.do == "add" else step.old)
    if not set(KNOWN_BY) - {"name"} <= set(of):
        return False  # kept before facilities were told apart
    now = dict(row) | {"x": row["geometry"].x, "y": row["geometry"].y}
    return is_another(now, of, {**of, **step.new}, namesakes=namesakes)


def _set(row: dict[str, Any], step: Correction) -> None:
    for name, value in step.new.items():
        if name not in ("x", "y"):
            row[name] = math.nan if value is None else value
    if "x" in step.new:
        row["geometry"] = _spot(step)
    if step.do != "add":
        first = _CORRECTED.sub("", str(row["source"]))
        told = (first, step.source, f"corrected {step.at[:10]}")
        row["source"] = "; ".join(each for each in told if each)


def _new_row(step: Correction) -> dict[str, Any]:
    row = {name: value for name, value in step.new.items() if name not in ("x", "y")}
    told = (step.source, f"by hand {step.at[:10]}")
    row |= {"facility_id": step.facility_id, "source": "; ".join(each for each in told if each)}
    for column in LAYERS["facilities"].columns:
        row.setdefault(column.name, "" if column.dtype == "str" else math.nan)
    return row | {"geometry": _spot(step)}


def _spot(step: Correction) -> shapely.Point:
    return shapely.Point([float(step.new[name] or 0.0) for name in ("x", "y")])
