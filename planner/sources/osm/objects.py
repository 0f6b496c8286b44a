"""OpenStreetMap objects as flat arrays, the same whether they come from a file or a server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from planner.arrays import F64, I64, Bool
from planner.district.transformers import transformer

Tags = Mapping[str, str]


SITE = "site"
"""Type of relations that group what makes one facility together."""


@dataclass(frozen=True)
class Relation:
    """One relation: its id, tags and members as (``"n"``, ``"w"`` or ``"r"``, id, role)."""

    id: int
    tags: Tags
    members: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, eq=False)
class OsmData:
    """Tagged nodes, all ways and all relations of an extract.

    Parameters
    ----------
    source
        Name of the file or service.
    date
        ISO 8601 date of the data, empty where unknown.
    node_id, node_xy, node_tags
        The nodes that carry tags: ids (n,), coordinates (n, 2), tags.
    way_id, way_tags, way_start
        Ways: ids (w,), tags, and where each one's points start in the next two (w + 1,).
    ref, xy
        Node ids (m,) and coordinates (m, 2) of the ways' points; NaN where the node is missing.
    relations
        All relations.
    box
        West, south, east, north in degrees that the extract was cut to, where it says so.
    crs
        Of the coordinates; degrees as read, metres after :meth:`projected`.
    """

    source: str
    date: str
    node_id: I64
    node_xy: F64
    node_tags: list[Tags]
    way_id: I64
    way_tags: list[Tags]
    way_start: I64
    ref: I64
    xy: F64
    relations: list[Relation]
    box: tuple[float, float, float, float] | None = None
    crs: Any = 4326

    def projected(self, crs: CRS) -> OsmData:
        """Return the same objects with their coordinates in another CRS."""
        change = transformer(self.crs, crs).transform

        def project(xy: F64) -> F64:
            return np.column_stack(change(xy[:, 0], xy[:, 1])) if len(xy) else xy

        xy = project(self.xy)
        xy[~np.isfinite(xy)] = np.nan
        return replace(self, node_xy=project(self.node_xy), xy=xy, crs=crs)

    def ways_where(self, fits: Callable[[Tags], object]) -> I64:
        """Return the positions of the ways whose tags fit."""
        return np.array(
            [i for i, tags in enumerate(self.way_tags) if tags and fits(tags)], np.int64
        )

    def nodes_where(self, fits: Callable[[Tags], object]) -> I64:
        """Return the positions of the nodes whose tags fit."""
        return np.array([i for i, tags in enumerate(self.node_tags) if fits(tags)], np.int64)

    @cached_property
    def whole(self) -> Bool:
        """Whether a way has two points or more and none of them is missing (w,)."""
        missing = np.concatenate([[0], np.cumsum(np.isnan(self.xy[:, 0]))])
        some_missing = missing[self.way_start[1:]] > missing[self.way_start[:-1]]
        return ~some_missing & (np.diff(self.way_start) >= 2)

    @cached_property
    def closed(self) -> Bool:
        """Whether a way is a whole ring (w,)."""
        long = np.diff(self.way_start) >= 4
        result = np.zeros(len(self.way_id), bool)
        first, last = self.way_start[:-1][long], self.way_start[1:][long] - 1
        result[long] = self.ref[first] == self.ref[last]
        return result & self.whole

    @cached_property
    def way_position(self) -> dict[int, int]:
        """Position of each way by its id."""
        return {int(way): i for i, way in enumerate(self.way_id)}

    def points(self, ways: Iterable[int] | I64) -> tuple[I64, I64]:
        """Return the rows of `ref` and `xy` of some ways, and each row's place among them."""
        chosen = np.asarray(ways, np.int64)
        sizes = self.way_start[chosen + 1] - self.way_start[chosen]
        owner = np.repeat(np.arange(len(chosen)), sizes)
        ends = np.cumsum(sizes)
        rows = np.arange(len(owner)) - np.repeat(ends - sizes, sizes)
        return rows + np.repeat(self.way_start[chosen], sizes), owner

    def lines(self, ways: I64) -> NDArray[Any]:
        """Return LineStrings of whole ways (k,)."""
        if not len(ways):
            return np.array([], object)
        rows, owner = self.points(ways)
        return np.asarray(shapely.linestrings(self.xy[rows], indices=owner))

    def polygons(self, ways: I64) -> NDArray[Any]:
        """Return valid polygons or multipolygons of closed ways (k,), None where none is left."""
        if not len(ways):
            return np.array([], object)
        rows, owner = self.points(ways)
        rings = shapely.linearrings(self.xy[rows], indices=owner)
        return areal(np.asarray(shapely.polygons(rings)))


def joined(parts: Sequence[OsmData]) -> OsmData:
    """Return the objects of parts of an extract one after the other; the last tells the date."""
    sizes = [np.zeros(1, np.int64), *(np.diff(part.way_start) for part in parts)]
    return replace(
        parts[-1],
        node_id=np.concatenate([part.node_id for part in parts]),
        node_xy=np.concatenate([part.node_xy for part in parts]),
        node_tags=[tags for part in parts for tags in part.node_tags],
        way_id=np.concatenate([part.way_id for part in parts]),
        way_tags=[tags for part in parts for tags in part.way_tags],
        way_start=np.cumsum(np.concatenate(sizes)),
        ref=np.concatenate([part.ref for part in parts]),
        xy=np.concatenate([part.xy for part in parts]),
        relations=[relation for part in parts for relation in part.relations],
    )


def areal(shapes: NDArray[Any]) -> NDArray[Any]:
    """Return shapes made valid and reduced to their areas, None where none is left.

    Examples
    --------
    >>> bow_tie = shapely.from_wkt("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    >>> float(areal(np.array([bow_tie]))[0].area)
    2.0
    """
    result = np.array(shapes, object)
    wrong = ~shapely.is_valid(result) & ~shapely.is_missing(result)
    result[wrong] = shapely.make_valid(result[wrong])
    mixed = np.flatnonzero(shapely.get_type_id(result) == 7)
    for i in mixed:
        result[i] = shapely.union_all([p for p in result[i].geoms if p.area > 0])
    kinds = shapely.get_type_id(result)
    result[~np.isin(kinds, (3, 6)) | shapely.is_empty(result)] = None
    return result


def assemble(outer: list[Any], inner: list[Any]) -> tuple[Any, bool]:
    """Join the member lines of an area into one shape.

    Parameters
    ----------
    outer, inner
        LineStrings of the outer and inner members, in any order and direction.

    Returns
    -------
    The polygon or multipolygon, None where no ring closes; and whether every line is part of a
    closed ring.
    """
    shell, shell_whole = _rings(outer)
    holes, holes_whole = _rings(inner)
    if not shell:
        return None, False
    area = shapely.union_all(shell)
    if holes:
        area = shapely.difference(area, shapely.union_all(holes))
    return areal(np.array([area], object))[0], shell_whole and holes_whole


def _rings(lines: list[Any]) -> tuple[list[Any], bool]:
    if not lines:
        return [], True
    merged = shapely.line_merge(shapely.union_all(lines))
    found, cuts, dangles, invalid = shapely.polygonize_full([merged])
    whole = all(shapely.is_empty(rest) for rest in (cuts, dangles, invalid))
    return list(found.geoms), whole


@dataclass(frozen=True)
class Area:
    """A polygon with its tags and its id, such as ``"way/12"`` or ``"relation/7"``."""

    id: str
    tags: Tags
    shape: Any


def areas_where(data: OsmData, fits: Callable[[Tags], object]) -> list[Area]:
    """Return closed ways and multipolygon relations whose tags fit, as areas.

    Open relations are left out: nobody can say where they end. Old multipolygons carry their tags
    on the outer way alone; they are found as that closed way.
    """
    ways = data.ways_where(fits)
    ways = ways[data.closed[ways]]
    found = [
        Area(f"way/{data.way_id[way]}", data.way_tags[way], shape)
        for way, shape in zip(ways, data.polygons(ways), strict=True)
        if shape is not None
    ]
    for relation in data.relations:
        if relation.tags.get("type") in ("multipolygon", "boundary") and fits(relation.tags):
            shape, whole = relation_shape(data, relation)
            if shape is not None and whole:
                found.append(Area(f"relation/{relation.id}", relation.tags, shape))
    return found


def sites_where(data: OsmData, fits: Callable[[Tags], object]) -> list[Area]:
    """Return relations of the type ``site`` whose tags fit: the grounds and buildings they group.

    A site is what several objects make together, such as a school of three houses. Of its members
    closed ways are taken, and where the extract holds none of these its tagged nodes; one of which
    it holds neither is left out.
    """
    nodes = {int(node): place for place, node in enumerate(data.node_id)}
    found = []
    for relation in data.relations:
        if relation.tags.get("type") != SITE or not fits(relation.tags):
            continue
        ways = [data.way_position.get(own) for kind, own, _ in relation.members if kind == "w"]
        closed = np.array([way for way in ways if way is not None and data.closed[way]], np.int64)
        grounds = [shape for shape in data.polygons(closed) if shape is not None]
        points = [
            shapely.Point(data.node_xy[nodes[own]])
            for kind, own, _ in relation.members
            if kind == "n" and own in nodes
        ]
        if parts := grounds or points:
            shape = shapely.union_all(parts)
            found.append(Area(f"relation/{relation.id}", relation.tags, shape))
    return found


def relation_shape(data: OsmData, relation: Relation) -> tuple[Any, bool]:
    """Return a relation's area, and whether all of it is there: every member, every ring closed."""
    positions = data.way_position
    parts: dict[str, list[int]] = {"outer": [], "inner": []}
    whole = True
    for kind, member, role in relation.members:
        side = {"": "outer", "exclave": "outer", "enclave": "inner"}.get(role, role)
        if kind != "w" or side not in parts:
            continue
        position = positions.get(member)
        if position is None or not data.whole[position]:
            whole = False
        else:
            parts[side].append(position)
    if not whole:
        return None, False
    outer, inner = (list(data.lines(np.array(parts[k], np.int64))) for k in ("outer", "inner"))
    return assemble(outer, inner)
