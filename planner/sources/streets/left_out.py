"""Homes and facilities that join another street, or none, because of a rule of the import.

A rule that leaves streets out (platforms that hang on nothing, ways closed to walkers), or that
takes away or puts up walls (spurs, walls without a gate, expressways), changes the figures of those
who live beside them. It is told of each rule whom: every home and facility is joined once as the
district has it and once as it would be without the rule, and those are listed of whom the two
differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Bool, Shapes
from planner.district import District
from planner.errors import Finding
from planner.network import ISLAND_M, Barriers, Islands, Positions, WalkNetwork

PLACES_NAMED = 20
"""Places that one finding names."""

_ID = {"facilities": "facility_id", "demand": "demand_id"}
_SAME_M = 1e-3
_NOTHING: Shapes = np.empty(0, dtype=object)


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What one rule of the import left out, or put up.

    Parameters
    ----------
    code
        Of the finding that tells whom it concerns.
    streets
        Lines that would be joined without the rule.
    walls
        Lines that would be walls without it.
    put_up
        Kinds of barriers that would be none without it.
    """

    code: str
    streets: Shapes = field(default_factory=lambda: _NOTHING)
    walls: Shapes = field(default_factory=lambda: _NOTHING)
    put_up: tuple[str, ...] = ()


def left_out_findings(
    district: District, rules: Sequence[LeftOut], *, max_access_m: float = 250.0
) -> list[Finding]:
    """Tell of each rule which homes and facilities it has join another street, or none.

    Parameters
    ----------
    district
        The district, to which the rules were applied.
    rules
        What each left out, in metres of the district's CRS.
    max_access_m
        Longest straight way from a place to a street, metres.

    Returns
    -------
    One finding for each rule that concerns anybody, with ``homes``, ``facilities`` and their names.
    """
    layers = {name: getattr(district, name) for name in (*_ID, "streets", "barriers", "gates")}
    return places_moved(layers, rules, island_m=district.island_m, max_access_m=max_access_m)


def places_moved(
    layers: Mapping[str, gpd.GeoDataFrame],
    rules: Sequence[LeftOut],
    *,
    island_m: float | None = None,
    max_access_m: float = 250.0,
) -> list[Finding]:
    """Tell the same of layers that are no district yet; parameters and result are the same.

    Parameters
    ----------
    layers
        ``facilities``, ``demand``, ``barriers`` and ``gates`` as far as they are there, and
        ``streets``, in one metric CRS.
    island_m
        See :class:`planner.District`.
    """
    places = _Places.of(layers)
    found = []
    joining: _Joining | None = None
    for rule in rules:
        near = places.near(_shapes(layers.get("barriers"), rule), max_access_m)
        if not near.size:
            continue
        joining = joining or _Joining(layers, island_m, max_access_m)
        rows = near[joining.changed(rule, places.xy[near])]
        if rows.size:
            found.append(Finding(rule.code, places.told(rows)))
    return found


def named(layers: Iterable[str], names: Iterable[str], ids: Iterable[str]) -> str:
    """Return places by name and id, facilities first, :data:`PLACES_NAMED` at most.

    Examples
    --------
    >>> named(["demand", "facilities"], ["", "East"], ["7", "f1"])
    'East (f1), 7'
    """
    order = sorted(zip(layers, names, ids, strict=True), key=lambda each: each[0] == "demand")
    words = [f"{name} ({key})" if name and name != key else key for _, name, key in order]
    return ", ".join(words[:PLACES_NAMED]) + (", …" if len(words) > PLACES_NAMED else "")


@dataclass(frozen=True, eq=False)
class _Places:
    """The facilities and homes of a district, one below the other."""

    layer: pd.Series
    id: pd.Series
    name: pd.Series
    xy: F64

    @classmethod
    def of(cls, layers: Mapping[str, gpd.GeoDataFrame]) -> _Places:
        tables = {layer: layers[layer] for layer in _ID if layer in layers}
        if not tables:
            nothing = pd.Series(dtype=object)
            return cls(nothing, nothing, nothing, np.empty((0, 2), np.float64))
        blank = [
            table["name"] if "name" in table else pd.Series("", table.index)
            for table in tables.values()
        ]
        return cls(
            pd.Series(np.repeat(list(tables), [len(table) for table in tables.values()])),
            pd.concat([t[_ID[layer]] for layer, t in tables.items()], ignore_index=True),
            pd.concat(blank, ignore_index=True).fillna(""),
            np.vstack([shapely.get_coordinates(t.geometry.to_numpy()) for t in tables.values()]),
        )

    def near(self, shapes: Shapes, distance_m: float) -> I64:
        """Return the places that lie near some shapes; farther ones join as they do."""
        if not len(shapes) or not len(self.xy):
            return np.empty(0, np.int64)
        tree = shapely.STRtree(np.asarray(shapely.points(self.xy)))
        return np.unique(tree.query(shapes, predicate="dwithin", distance=distance_m)[1])

    def told(self, rows: I64) -> dict[str, object]:
        """Return how many homes and facilities some rows are, and their names."""
        layer = self.layer.iloc[rows]
        return {
            "homes": int((layer == "demand").sum()),
            "facilities": int((layer == "facilities").sum()),
            "ids": named(layer, self.name.iloc[rows], self.id.iloc[rows]),
        }


class _Joining:
    """The streets and barriers of a district, on which places are joined with and without a rule.

    Small loose pieces are passed over as everywhere, see :mod:`planner.network.islands`.
    """

    def __init__(
        self,
        layers: Mapping[str, gpd.GeoDataFrame],
        island_m: float | None,
        max_access_m: float,
    ) -> None:
        streets, barriers, gates = (layers.get(name) for name in ("streets", "barriers", "gates"))
        assert streets is not None
        above = np.ones(len(streets), bool)
        for column in streets.columns.intersection(["bridge", "tunnel"]):
            above &= ~streets[column].to_numpy(dtype=bool)
        network = WalkNetwork.from_lines(streets.geometry.to_numpy(), joinable=above)
        self._islands = Islands.of(network, ISLAND_M if island_m is None else island_m)
        self._walls, self._kind = _NOTHING, _NOTHING
        self._gates: F64 = np.empty((0, 2), np.float64)
        if barriers is not None:
            self._walls = barriers.geometry.to_numpy()
            self._kind = barriers["kind"].to_numpy(dtype=object)
        if gates is not None:
            is_open = gates["open"].to_numpy(dtype=bool)
            self._gates = shapely.get_coordinates(gates.geometry.to_numpy()[is_open])
        self._most = max_access_m

    def changed(self, rule: LeftOut, xy: F64) -> Bool:
        """Return which places join otherwise, or not at all, because of the rule."""
        now = self._joined(xy, self._walls)
        walls = np.concatenate([self._walls[~np.isin(self._kind, rule.put_up)], rule.walls])
        without = self._joined(xy, walls) if len(rule.walls) or rule.put_up else now
        moved = now.known != without.known
        both = now.known & without.known
        moved[both] = np.hypot(*(now.join_xy - without.join_xy)[both].T) > _SAME_M
        if len(rule.streets):
            lines = WalkNetwork.from_lines(rule.streets)
            on = lines.snap(xy, max_access_m=self._most, barriers=self._barriers(walls))
            moved |= on.known & (~without.known | (on.access_mm < without.access_mm))
        return np.asarray(moved)

    def _joined(self, xy: F64, walls: Shapes) -> Positions:
        barriers = self._barriers(walls)
        return self._islands.snap(xy, max_access_m=self._most, barriers=barriers)

    def _barriers(self, walls: Shapes) -> Barriers | None:
        return Barriers(walls, gate_xy=self._gates) if len(walls) else None


def _shapes(barriers: gpd.GeoDataFrame | None, rule: LeftOut) -> Shapes:
    """Return all that a rule left out or put up."""
    if barriers is None:
        return np.concatenate([rule.streets, rule.walls])
    put_up = barriers.geometry.to_numpy()[barriers["kind"].isin(rule.put_up).to_numpy()]
    return np.concatenate([rule.streets, rule.walls, put_up])


def not_walked(lines: gpd.GeoDataFrame | None, crs: Any) -> list[LeftOut]:
    """Return what a file leaves out, by the finding that tells whom it concerns.

    Parameters
    ----------
    lines
        As of :class:`planner.sources.tables.reading.Reading`.
    crs
        Metric CRS of the district.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (9, 0)])
    >>> lines = gpd.GeoDataFrame({"code": ["a", "b", "a"]}, geometry=[line] * 3, crs=32650)
    >>> [(rule.code, len(rule.streets)) for rule in not_walked(lines, 32650)]
    [('a', 2), ('b', 1)]
    """
    if lines is None:
        return []
    return [
        LeftOut(str(code), walkable(own.geometry.to_numpy()))
        for code, own in lines.to_crs(crs).groupby("code", sort=True)
    ]


def walkable(lines: Iterator[shapely.Geometry] | Shapes) -> Shapes:
    """Return the lines among some shapes, those of collections one by one.

    Examples
    --------
    >>> len(walkable(shapely.from_wkt(["MULTILINESTRING ((0 0, 1 0), (2 0, 3 0))", "POINT (1 1)"])))
    2
    """
    parts = shapely.get_parts(np.asarray(list(lines), dtype=object))
    keep = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & (
        shapely.length(parts) > 0
    )
    return np.asarray(parts[keep], dtype=object)
