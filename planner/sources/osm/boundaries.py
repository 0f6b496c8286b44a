"""Which area a district is, and its communities and subdistricts, from administrative relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import shapely

from planner.arrays import F64
from planner.errors import Finding, InputError
from planner.sources.osm.objects import OsmData, Tags, relation_shape

WHOLE_SHARE = 0.9
"""Share of a district's street points that a level of areas must hold to be its communities."""

HALF = 0.5
REST_SHARE = 0.005
SAME_SHARE = 0.98
HOME_SHARE = 0.25
"""Share of the extract's street points that an area must hold to be taken unasked."""

_OTHER_NAMES = ("name:zh", "name:en", "official_name", "alt_name", "short_name")


@dataclass(frozen=True, eq=False)
class AdminArea:
    """An administrative area: shape in degrees, None where the extract does not hold it whole."""

    id: str
    name: str
    other_names: tuple[str, ...]
    level: int
    shape: Any

    @property
    def label(self) -> str:
        """Name, level and id, to choose by."""
        return f"{self.name} (admin_level {self.level}, {self.id})"


@dataclass(frozen=True)
class Community:
    """A community: shape in degrees."""

    id: str
    name: str
    subdistrict: str
    shape: Any


@dataclass(frozen=True)
class Boundary:
    """The district's area in degrees and what it is divided into."""

    id: str
    name: str
    shape: Any
    communities: tuple[Community, ...]
    findings: tuple[Finding, ...] = ()


def admin_areas(data: OsmData) -> list[AdminArea]:
    """Return the administrative areas of an extract, coarse levels first.

    Parameters
    ----------
    data
        Objects in degrees.
    """
    found = []
    for relation in data.relations:
        if relation.tags.get("type") in ("boundary", "multipolygon") and is_admin(relation.tags):
            shape, whole = relation_shape(data, relation)
            found.append(_area(f"relation/{relation.id}", relation.tags, shape if whole else None))
    ways = data.ways_where(is_admin)
    ways = ways[data.closed[ways]]
    for way, shape in zip(ways, data.polygons(ways), strict=True):
        found.append(_area(f"way/{data.way_id[way]}", data.way_tags[way], shape))
    return sorted(found, key=lambda area: area.level)


def is_admin(tags: Tags) -> bool:
    """Return whether tags are of an administrative area that can be a district or community."""
    return (
        tags.get("boundary") == "administrative"
        and "name" in tags
        and tags.get("admin_level", "").isdecimal()
        and tags.get("maritime") != "yes"
    )


def _area(identifier: str, tags: Tags, shape: Any) -> AdminArea:
    others = tuple(tags[key] for key in _OTHER_NAMES if key in tags)
    return AdminArea(identifier, tags["name"], others, int(tags["admin_level"]), shape)


def street_points(data: OsmData) -> F64:
    """Return the coordinates of all points of highways (k, 2)."""
    rows, _ = data.points(data.ways_where(lambda tags: "highway" in tags))
    xy = data.xy[rows]
    return np.asarray(xy[~np.isnan(xy[:, 0])])


@dataclass(frozen=True)
class Chosen:
    """The administrative area that a name means, and what must be known of the choice."""

    area: AdminArea
    findings: tuple[Finding, ...]


def named_boundary(data: OsmData, name: str | Chosen) -> Boundary:
    """Return the area of that name, of that id such as ``"relation/123"``, or that was chosen.

    Raises
    ------
    InputError
        As of :func:`choose_area`.
    """
    areas = admin_areas(data)
    chosen = name if isinstance(name, Chosen) else choose_area(areas, name, data.source)
    area = chosen.area
    found = divide(data, areas, area.id, area.name, area.shape, area.level)
    return replace(found, findings=(*found.findings, *chosen.findings))


def choose_area(areas: list[AdminArea], name: str, file: str) -> Chosen:
    """Return the area of that name or id among all of an extract.

    Names are compared as they stand, then without regard to case, then with the Chinese, English
    and other names. Areas beside the chosen one that bear the name in another of these ways, or
    that the extract does not hold whole, are told.

    Raises
    ------
    InputError
        Where no area has the name, several have, or the extract does not hold it whole.
    """
    matches = _matches(areas, name)
    if not matches:
        names = [area.name for area in areas]
        close = get_close_matches(name, names, n=3, cutoff=0.6)
        whole = [area.name for area in areas if area.shape is not None]
        known = ", ".join(dict.fromkeys([*close, *whole][:12])) or "–"
        raise InputError("osm.unknown_boundary", name=name, file=file, known=known)
    whole_ones = [area for area in matches if area.shape is not None]
    if not whole_ones:
        raise InputError("osm.boundary_incomplete", name=matches[0].label, file=file)
    distinct = _distinct(whole_ones)
    if len(distinct) > 1:
        choices = "; ".join(area.label for area in distinct)
        raise InputError("osm.ambiguous_boundary", name=name, choices=choices, id=distinct[0].id)
    chosen = distinct[0]
    if chosen.id == name.strip():
        return Chosen(chosen, ())
    return Chosen(chosen, tuple(_namesakes(areas, name, chosen, file)))


def _namesakes(
    areas: list[AdminArea], name: str, chosen: AdminArea, file: str
) -> Iterator[Finding]:
    """Tell of other areas that bear the name asked for: not whole, or as another name."""
    plain = name.strip().casefold()
    others = [
        area
        for area in areas
        if plain in {each.casefold() for each in (area.name, *area.other_names)}
        and area.id != chosen.id
        and (area.shape is None or overlap(area.shape, chosen.shape) <= SAME_SHARE)
    ]
    if others:
        params = {"name": name, "file": file, "chosen": chosen.label}
        told = "; ".join(area.label for area in others)
        yield Finding("osm.boundary_namesakes", {**params, "others": told})


def _matches(areas: list[AdminArea], name: str) -> list[AdminArea]:
    plain = name.strip().casefold()
    ways_to_match = (
        lambda area: area.id == name.strip(),
        lambda area: area.name == name.strip(),
        lambda area: area.name.casefold() == plain,
        lambda area: plain in (other.casefold() for other in area.other_names),
    )
    for fits in ways_to_match:
        found = [area for area in areas if fits(area)]
        if found:
            return found
    return []


def _distinct(areas: Iterable[AdminArea]) -> list[AdminArea]:
    """Return the areas without those of finer levels that have the same shape as a coarser one."""
    kept: list[AdminArea] = []
    for area in areas:
        twins = (overlap(area.shape, other.shape) > SAME_SHARE for other in kept)
        if not any(twins):
            kept.append(area)
    return kept


def _once(areas: Sequence[AdminArea]) -> list[AdminArea]:
    """Return the areas without those that another one of their level is, mapped a second time.

    A boundary relation whose outer way carries the same tags is one area; the relation is kept.
    """
    kept: dict[int, list[AdminArea]] = {}
    chosen: set[str] = set()
    for area in sorted(areas, key=lambda area: not area.id.startswith("relation/")):
        if area.shape is not None:
            size = area.shape.area
            level = kept.setdefault(area.level, [])
            alike = (
                other
                for other in level
                if SAME_SHARE * size < other.shape.area < size / SAME_SHARE
                and shapely.intersects(shapely.box(*other.shape.bounds), area.shape)
            )
            if any(overlap(area.shape, other.shape) > SAME_SHARE for other in alike):
                continue
            level.append(area)
        chosen.add(area.id)
    return [area for area in areas if area.id in chosen]


def overlap(a: Any, b: Any) -> float:
    """Return the share of two areas' union that is in both."""
    return float(shapely.intersection(a, b).area / max(shapely.union(a, b).area, 1e-300))


def default_boundary(data: OsmData) -> Boundary | None:
    """Return the coarsest whole area, or areas of one level, where the extract is at home.

    That is the first level whose whole areas hold a quarter of the street points or more; None
    where there is none.
    """
    areas = _once([area for area in admin_areas(data) if area.shape is not None])
    points = street_points(data)
    for level in sorted({area.level for area in areas}):
        shares = {a: _share(points, a.shape) for a in areas if a.level == level}
        here = sorted((a for a in shares if shares[a] > 0), key=lambda area: -shares[area])
        if sum(shares.values()) >= HOME_SHARE:
            return _joined(data, areas, here, level)
    return None


def _joined(data: OsmData, areas: list[AdminArea], here: list[AdminArea], level: int) -> Boundary:
    names = ", ".join(area.name for area in here[:3]) + (" …" if len(here) > 3 else "")
    shape = shapely.union_all([area.shape for area in here])
    above = level if len(here) == 1 else level - 1
    boundary = divide(data, areas, here[0].id, names, shape, above)
    note = Finding(
        "osm.boundary_chosen",
        {"name": names, "level": level, "communities": len(boundary.communities)},
    )
    return Boundary(boundary.id, names, shape, boundary.communities, (note, *boundary.findings))


def _share(points: F64, shape: Any) -> float:
    if not len(points):
        return 0.0
    shapely.prepare(shape)
    return float(shapely.intersects_xy(shape, points[:, 0], points[:, 1]).mean())


def divide(
    data: OsmData,
    areas: list[AdminArea],
    identifier: str,
    name: str,
    shape: Any,
    level: int,
) -> Boundary:
    """Divide an area into communities: its whole sub-areas of the finest level that fills it.

    Parameters
    ----------
    data
        Objects in degrees.
    areas
        Of :func:`admin_areas`.
    identifier, name, shape, level
        The area to divide; sub-areas are of finer levels than `level`.

    Returns
    -------
    Its communities; one, the area itself, where no level holds half of its street points. What a
    level leaves over is a community of its own. The subdistricts are the next coarser level.
    """
    points = street_points(data)
    shapely.prepare(shape)
    points = points[shapely.intersects_xy(shape, points[:, 0], points[:, 1])]
    levels = _levels(areas, shape, level)
    shares = {
        number: _share(points, shapely.union_all([area.shape for area in parts]))
        for number, parts in levels.items()
    }
    filling = [number for number, share in shares.items() if share >= WHOLE_SHARE]
    partly = [number for number, share in shares.items() if share >= HALF]
    if not partly:
        return Boundary(identifier, name, shape, (Community(identifier, name, "", shape),))
    finest = max(filling) if filling else max(partly, key=lambda number: shares[number])
    above = [number for number in partly if number < finest]
    subdistricts = levels[max(above)] if above else []
    communities = [
        Community(area.id, area.name, _holder(area.shape, subdistricts), area.shape)
        for area in levels[finest]
    ]
    if 1 - shares[finest] <= REST_SHARE:
        return Boundary(identifier, name, shape, tuple(communities))
    rest = shapely.difference(shape, shapely.union_all([part.shape for part in communities]))
    rest = shapely.union_all([p for p in shapely.get_parts(rest) if p.geom_type == "Polygon"])
    communities.append(Community(f"{identifier}/rest", name, "", rest))
    note = Finding(
        "osm.communities_with_rest",
        {
            "name": name,
            "communities": len(communities) - 1,
            "percent": round(100 - 100 * shares[finest]),
        },
    )
    return Boundary(identifier, name, shape, tuple(communities), (note,))


def _levels(areas: list[AdminArea], shape: Any, level: int) -> dict[int, list[AdminArea]]:
    """Return the whole areas mostly inside a shape by level, cut to the shape."""
    found: dict[int, list[AdminArea]] = {}
    for area in _once(areas):
        if area.shape is None or area.level <= level or not shapely.intersects(shape, area.shape):
            continue
        inside = shapely.intersection(area.shape, shape)
        if inside.area < HALF * area.shape.area:
            continue
        cut = area.shape if inside.area > SAME_SHARE * area.shape.area else _polygonal(inside)
        found.setdefault(area.level, []).append(
            AdminArea(area.id, area.name, area.other_names, area.level, cut)
        )
    return found


def _polygonal(shape: Any) -> Any:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.union_all(parts)


def _holder(shape: Any, areas: list[AdminArea]) -> str:
    spot = shapely.point_on_surface(shape)
    return next((area.name for area in areas if shapely.contains(area.shape, spot)), "")
