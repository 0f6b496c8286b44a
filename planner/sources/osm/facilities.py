"""Facilities of every kind from tagged nodes, buildings and grounds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district import Kinds
from planner.district.identity.doubles import ALIKE_M, SPOT_M, doubles
from planner.district.identity.names import names_alike, plain_name
from planner.district.tags import is_for_animals, tag_values
from planner.errors import Finding
from planner.sources.osm.buildings import is_shared, levels
from planner.sources.osm.cut_outlines import cut_outlines
from planner.sources.osm.doubts import NAMED, in_doubt, reasoned
from planner.sources.osm.insiders import insiders_reason
from planner.sources.osm.lifecycle import EXISTING, State, as_if_there, state_of
from planner.sources.osm.objects import Area, OsmData, Tags, areas_where, sites_where
from planner.sources.tables.words.name_notes import animals_in, medical_kinds, speciality_in

_EXTRA = {"operator": "operator", "name_zh": "name:zh", "name_en": "name:en"}
_NEAR_M = 1.0
_GENERAL = frozenset(
    ("general", "general_practice", "family_medicine", "community", "primary_care", "yes")
)
_PRACTICES = frozenset(
    (
        "centre", "clinic", "doctor", "doctors", "hospital", "health_post", "nurse", "yes", "no",
        "community_health_worker", "community_health_centre", "pharmacy", "vaccination_centre",
    )
)  # fmt: skip
"""Values of ``healthcare`` that name no speciality."""

_MEDICAL = frozenset(("clinic", "doctors", "hospital", "health_post"))
FAMILIES: dict[str, tuple[str, ...]] = {
    "amenity": (
        "hospital",
        "social_facility",
        "public_building",
        "community_centre",
        "social_centre",
        "townhall",
        "police",
        "library",
        "public_bookcase",
        "clinic",
        "doctors",
        "health_post",
        "first_aid",
        "nursing_home",
        "retirement_home",
    ),
    "social_facility": (),
    "healthcare": ("hospital", "centre", "clinic", "doctor", "community_health_worker", "nurse"),
    "government": (),
    "office": ("government", "administrative", "employment_agency", "public", "social_services"),
    "police": (),
    "community_centre": (),
    "building": ("public", "civic", "government", "hospital"),
}
"""Tags near those of the built-in kinds, by key; all values where none is named."""


@dataclass(frozen=True)
class _Found:
    id: str
    kind: str
    tags: Tags
    point: Any
    shape: Any = None
    state: State = EXISTING
    object_id: str = ""
    parts: bool = False


def read_facilities(
    data: OsmData, within: Any, kinds: Kinds, today: dt.date | None = None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the facilities of an area, and what was found about them.

    What is gone, shut for good or not there yet is kept with the status ``closed`` or ``planned``,
    so that it does not count, and is named; see :mod:`planner.sources.osm.lifecycle`.

    A facility mapped as a point and again as the building or ground around it is one: same kind,
    one inside the other, and not two different names. An area stands where its main entrance is
    mapped, else at a point inside it. An object of several kinds is a facility of each.

    Parameters
    ----------
    data
        Projected objects.
    within
        Area in the same CRS.
    kinds
        The kinds to look for, by their tags.
    today
        The day that dates are held against, today's where none is given.

    Returns
    -------
    The layer ``facilities``, empty where there is none, with ``operator``, ``name_zh`` and
    ``name_en`` where some facility has them; and findings on those that do not count and on tags
    of the kinds' families that no kind reads.
    """
    keys = {key for kind in kinds.values() for wanted in kind.osm for key in wanted}

    def kinds_of(tags: Tags) -> tuple[str, ...]:
        told = as_if_there(tags)
        return kinds.all_of_tags(told) if not keys.isdisjoint(told) else ()

    doors = _entrances(data)
    areas = [
        _Found(area.id, kind, area.tags, _door(data, area, doors), area.shape)
        for area in (*areas_where(data, kinds_of), *sites_where(data, kinds_of))
        for kind in kinds_of(area.tags)
    ]
    nodes = [
        _Found(f"node/{data.node_id[i]}", kind, data.node_tags[i], shapely.Point(data.node_xy[i]))
        for i in data.nodes_where(kinds_of)
        for kind in kinds_of(data.node_tags[i])
    ]
    shapely.prepare(within)
    day = today or dt.datetime.now(tz=dt.UTC).date()
    here = [
        replace(f, state=state_of(f.tags, day))
        for f in (*areas, *nodes)
        if shapely.intersects(within, f.point)
    ]
    found, animals = _without_animals(_parted(_without_doubles(here)), kinds)
    findings = [*_told_with_why(found, animals, data.source)]
    findings += _parts_told(found)
    findings += _floor_areas_told(found)
    findings += _specialities(found)
    findings += _twice(found)
    findings += cut_outlines(data, within, kinds_of, day)
    findings += _not_read(data, within, kinds)
    return _table(found, kinds, data.crs), findings


def _without_animals(
    found: list[_Found], kinds: Kinds
) -> tuple[list[_Found], list[tuple[str, str, str]]]:
    """Return the facilities without practices that are for animals by their names, and these."""
    medical = medical_kinds(kinds)
    by_name = {
        f.id: f"name={f.tags['name']}"
        for f in found
        if f.kind in medical and animals_in(f.tags.get("name", ""))
    }
    left = [(f.tags["name"], f.id, by_name[f.id]) for f in found if f.id in by_name]
    return [f for f in found if f.id not in by_name], left


def _told_with_why(
    found: list[_Found], animals: list[tuple[str, str, str]], file: str
) -> Iterator[Finding]:
    """Name the facilities that do not count, or perhaps should not, each with what says so."""
    there = [f for f in found if f.state.status == "existing"]
    reasons = {
        "facilities_gone": [(f, f.state.reason) for f in found if f.state.status != "existing"],
        "facilities_doubtful": [(f, in_doubt(f.tags)) for f in there],
        "facilities_of_insiders": [(f, insiders_reason(f.tags)) for f in there],
    }
    yield from reasoned("sources.facilities_for_animals", animals, file=file)
    for code, rows in reasons.items():
        told = [(f.tags.get("name", ""), f.id, why) for f, why in rows if why]
        yield from reasoned(f"sources.{code}", told, file=file)


def _parted(found: list[_Found]) -> list[_Found]:
    """Give the further facilities of an object with several kinds an id of their own."""
    count = Counter(f.id for f in found)
    first: set[str] = set()
    parted = []
    for item in found:
        parts = count[item.id] > 1
        own = item.id if item.id not in first else f"{item.id}/{item.kind}"
        first.add(item.id)
        parted.append(replace(item, id=own, object_id=item.id, parts=parts))
    return parted


def _parts_told(found: list[_Found]) -> Iterator[Finding]:
    """Tell of which objects several facilities were made."""
    parts: dict[str, list[str]] = {}
    for item in found:
        if item.parts:
            parts.setdefault(item.object_id, []).append(item.kind)
    if parts:
        words = [f"{key}: {', '.join(kinds)}" for key, kinds in parts.items()]
        told = "; ".join(words[:NAMED]) + ("; …" if len(words) > NAMED else "")
        yield Finding("osm.several_kinds", {"count": len(parts), "facilities": told})


def _specialities(found: list[_Found]) -> Iterator[Finding]:
    """Tell of practices and clinics whose specialities are none of general practice."""
    count: Counter[str] = Counter()
    special = 0
    for item in found:
        named = _named_specialities(item.tags)
        if named and item.state.status == "existing":
            special += 1
            count.update(named)
    if special:
        told = ", ".join(f"{name} {number}" for name, number in count.most_common(NAMED))
        yield Finding("osm.specialists", {"count": special, "specialities": told})


def _named_specialities(tags: Tags) -> list[str]:
    """Return what an object says of its speciality by any tag or by its name, unless it is general.

    Examples
    --------
    >>> _named_specialities({"amenity": "clinic", "healthcare": "dentist"})
    ['dentist']
    >>> _named_specialities({"amenity": "clinic", "healthcare": "hospital"})
    ['hospital']
    >>> _named_specialities({"amenity": "clinic", "healthcare:speciality": "general;dentist"})
    []
    """
    told = tag_values(tags.get("healthcare:speciality", ""))
    if told:
        return [] if not _GENERAL.isdisjoint(told) else list(told)
    practice = tag_values(tags.get("amenity", ""))
    # a hospital that is tagged as a clinic as well is none of those near at hand
    usual = _PRACTICES - {"hospital"} if "clinic" in practice else _PRACTICES
    named = [v for v in tag_values(tags.get("healthcare", "")) if v not in usual]
    if _MEDICAL.isdisjoint(practice) and "healthcare" not in tags:
        return named
    named += [v for v in tag_values(tags.get("clinic", "")) if v not in _GENERAL]
    special = speciality_in(tags.get("name", ""))
    return named or ([special] if special else [])


def _twice(found: list[_Found]) -> Iterator[Finding]:
    """Tell of facilities of a kind, with names alike, that stand by each other: mapped twice.

    Two points some way apart are none: stops on either side of a street, branches of a chain.
    """
    there = [f for f in found if f.state.status == "existing" and f.tags.get("name")]
    if len(there) < 2:
        return
    xy = np.array([(f.point.x, f.point.y) for f in there], np.float64).reshape(-1, 2)
    names = [plain_name(f.tags.get("name", "")) for f in there]
    kinds = np.array([f.kind for f in there], object)
    pairs = [
        (a, b)
        for a, b, away in zip(*(each.tolist() for each in doubles(xy, kinds, names)), strict=True)
        if names_alike(names[a], names[b])
        and (away <= SPOT_M or there[a].shape is not None or there[b].shape is not None)
    ]
    if pairs:
        told = [f"{there[a].tags['name']} ({there[a].id} = {there[b].id})" for a, b in pairs]
        words = "; ".join(told[:NAMED]) + ("; …" if len(told) > NAMED else "")
        params = {"count": len(pairs), "metres": round(ALIKE_M), "facilities": words}
        yield Finding("osm.facilities_twice", params)


def _not_read(data: OsmData, within: Any, kinds: Kinds) -> Iterator[Finding]:
    """Tell how many objects have tags of the kinds' families that no kind reads."""
    nodes = data.nodes_where(_in_families)
    tags = [
        data.node_tags[i]
        for i, (x, y) in zip(nodes.tolist(), data.node_xy[nodes], strict=True)
        if shapely.intersects_xy(within, x, y)
    ]
    tags += [a.tags for a in areas_where(data, _in_families) if shapely.intersects(within, a.shape)]
    left = [rest for each in tags if (rest := _left(each, kinds))]
    count = Counter(tag for rest in left for tag in rest)
    if count:
        told = ", ".join(f"{tag} {number}" for tag, number in count.most_common())
        yield Finding("osm.tags_not_read", {"count": len(left), "tags": told})


def _in_families(tags: Tags) -> list[tuple[str, str]]:
    """Return the tags, one value each, that are near those of the built-in kinds."""
    return [
        (key, value)
        for key, values in FAMILIES.items()
        if key in tags
        for value in tag_values(tags[key])
        if value != "no" and (not values or value in values)
    ]


def _left(tags: Tags, kinds: Kinds) -> list[str]:
    """Return the family tags of an object that made it none of its kinds.

    Of an object without a kind the first; of one with kinds those values that stand in one list
    with what gave them and would be no kind by themselves.
    """
    near = _in_families(tags)
    if not kinds.all_of_tags(as_if_there(tags)):
        animals = " (veterinary)" if is_for_animals(tags) else ""
        return [f"{key}={value}{animals}" for key, value in near[:1]]
    lists = [(key, value) for key, value in near if ";" in tags[key]]
    return [f"{key}={value}" for key, value in lists if not kinds.all_of_tags({**tags, key: value})]


def _entrances(data: OsmData) -> dict[int, int]:
    """Return the row of each entrance node by its id, main entrances only where they are known."""
    main = data.nodes_where(lambda tags: tags.get("entrance") == "main")
    return {int(data.node_id[i]): int(i) for i in main}


def _door(data: OsmData, area: Area, doors: dict[int, int]) -> Any:
    kind, number = area.id.split("/")
    if kind == "way":
        rows, _ = data.points([data.way_position[int(number)]])
        for node in data.ref[rows].tolist():
            if node in doors:
                return shapely.Point(data.node_xy[doors[node]])
    return shapely.point_on_surface(area.shape)


def _without_doubles(found: list[_Found]) -> list[_Found]:
    """Drop what lies inside an area of the same kind, handing its tags to that area."""
    order = sorted(found, key=lambda f: (f.shape is None, -_size(f.shape)))
    kept: list[_Found] = []
    areas: dict[tuple[str, str], list[int]] = {}
    for item in order:
        spot = item.point if item.shape is None else shapely.point_on_surface(item.shape)
        holder = next(
            (
                i
                for i in areas.get((item.kind, item.state.status), [])
                if shapely.dwithin(kept[i].shape, spot, _NEAR_M) and _same_name(kept[i], item)
            ),
            None,
        )
        if holder is not None:
            kept[holder] = replace(kept[holder], tags={**item.tags, **kept[holder].tags})
            continue
        if item.shape is not None:
            areas.setdefault((item.kind, item.state.status), []).append(len(kept))
        kept.append(item)
    return sorted(kept, key=lambda f: f.id)


def _size(shape: Any) -> float:
    return 0.0 if shape is None else float(shape.area)


def _same_name(a: _Found, b: _Found) -> bool:
    names = {f.tags["name"].strip().casefold() for f in (a, b) if f.tags.get("name")}
    return len(names) < 2


def _table(found: list[_Found], kinds: Kinds, crs: Any) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        {
            "facility_id": [f.id for f in found],
            "name": [f.tags.get("name", "") for f in found],
            "kind": [f.kind for f in found],
            "status": [f.state.status for f in found],
            "ownership": ["internal" if insiders_reason(f.tags) else "public" for f in found],
            "department": [kinds[f.kind].department for f in found],
            "floor_area_m2": np.array([_floor_area(f) for f in found], np.float64),
            "opening_hours": [f.tags.get("opening_hours", "") for f in found],
            "services": [f.tags.get("healthcare:speciality", "") for f in found],
            "source": [f"osm:{f.object_id}" for f in found],
        }
    )
    for column, key in _EXTRA.items():
        values = [f.tags.get(key, "") for f in found]
        if any(values):
            table[column] = values
    return gpd.GeoDataFrame(table, geometry=[f.point for f in found], crs=crs)


def _floor_area(found: _Found) -> float:
    """Return footprint × storeys of a building, NaN where it is none of the facility's own."""
    if not _is_building(found) or _shares(found):
        return np.nan
    return round(_size(found.shape) * (levels(found.tags) or 1.0), 1)


def _shares(found: _Found) -> bool:
    return found.parts or is_shared(found.tags)


def _is_building(found: _Found) -> bool:
    return found.shape is not None and found.tags.get("building", "no") != "no"


def _floor_areas_told(found: list[_Found]) -> Iterator[Finding]:
    """Tell that floor areas are estimates, and which are not known for the building is shared."""
    shared = [_shares(f) for f in found if _is_building(f)]
    if sum(shared) < len(shared):
        yield Finding("osm.floor_areas_estimated", {"count": len(shared) - sum(shared)})
    if any(shared):
        yield Finding("osm.floor_areas_shared", {"count": sum(shared)})
