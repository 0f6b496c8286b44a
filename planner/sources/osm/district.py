"""A district from OpenStreetMap: a file, or a place by name or polygon over the internet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from planner.district import Defaults, District, KindRecord, Kinds, Source, given_kinds
from planner.district.layers import BUFFER_M
from planner.errors import Finding, InputError
from planner.progress import Progress, untold
from planner.sources.datums.outlines import boundaries_shifted
from planner.sources.datums.recognition import Ground
from planner.sources.datums.settling import settled
from planner.sources.files.communities import in_communities
from planner.sources.files.intake import Intake
from planner.sources.files.kind_records import records_of
from planner.sources.files.lists import LISTED, by_key, merged, with_key
from planner.sources.files.options import ImportOptions
from planner.sources.files.points import read_demand
from planner.sources.files.points import read_facilities as read_facilities_table
from planner.sources.licences import ODBL, OSM_CREDIT
from planner.sources.osm.barriers import (
    gone_barriers,
    read_barriers,
    read_context,
    read_gates,
    read_water,
    without_doorless_walls,
)
from planner.sources.osm.extracts import is_osm_file, read_osm_file
from planner.sources.osm.facilities import read_facilities
from planner.sources.osm.objects import Area, OsmData
from planner.sources.osm.place import (
    VECTOR_SUFFIXES,
    Place,
    called,
    find_place,
    place_of_residents,
    taken_around,
)
from planner.sources.osm.residents import estimate_residents, read_buildings, residential_places
from planner.sources.osm.rules import walk_rules
from planner.sources.osm.stored_extract import Extract, is_large, windows_of
from planner.sources.osm.streets import read_streets
from planner.sources.osm.tracks import LesserTracks
from planner.sources.population.district import Population, population_of
from planner.sources.population.options import Residents
from planner.sources.population.places import Places
from planner.sources.streets.left_out import LeftOut, left_out_findings
from planner.sources.streets.walls import Walls
from planner.sources.tables.frames import Frame, frame, name_of
from planner.sources.tables.reading import Reading


@dataclass(frozen=True, kw_only=True)
class _Options(ImportOptions):
    """What was given beside the extract and its boundary."""

    demand: str | Path | Frame | None
    facilities: Any
    population: float | None
    name: str | None
    lesser_tracks: LesserTracks


FILE_REACH_M = 250.0
"""Facilities of a file that lie farther beyond the buffer than this are left out."""

_Facilities = tuple[gpd.GeoDataFrame, list[Source], dict[str, KindRecord], list[Finding]]
"""The layer, its sources, who tells of each kind, and what was found."""

_OSM_LAYERS = ("communities", "streets", "barriers", "gates", "context")


def from_osm(
    source: Any,
    boundary: Any = None,
    *,
    buffer_m: float = BUFFER_M,
    demand: Any = None,
    facilities: Any = None,
    population: float | None = None,
    residents: Residents | None = None,
    facility_columns: Mapping[str, str] | None = None,
    crs: Any = None,
    kinds: Kinds | str | Path | None = None,
    name: str | None = None,
    complete: Sequence[str] = (),
    lesser_tracks: LesserTracks = "rule",
    join_streets: bool | float = False,
    island_m: float | None = None,
    intake: Intake | None = None,
    datum: str | Mapping[str, str] = "auto",
    standard: str | None = None,
    benchmark: str | None = None,
    currency: str | None = None,
    progress: Progress | None = None,
) -> District:
    """Make a district of OpenStreetMap data.

    Parameters
    ----------
    source
        Path of a ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2`` file; or, fetched over the
        internet with OSMnx, the name of a place or a polygon in degrees; or what
        :func:`planner.sources.osm.extracts.read_osm_file` has read, or
        :func:`planner.sources.osm.stored_extract.windows_of` has opened. Of a large file with a
        boundary only what lies around that is held in memory.
    boundary
        The district's area: name or id (``"relation/123"``) of an administrative area, a polygon in
        degrees, a GeoDataFrame, a file of areas, or what was read of one. By default where the
        residents of `demand` live; without them the extract's own administrative area, else the
        outline of its streets less the buffer.
    buffer_m
        Metres beyond the area from which streets and facilities are taken.
    demand
        File or table of points with residents and groups, in place of the estimate from buildings.
    facilities
        File or table of facilities, or several of them, in place of those of OpenStreetMap.
    facility_columns
        Count column of that file by kind, such as ``{"clinic": "healthcare"}``.
    crs
        CRS of the coordinates of these files, where they do not say.
    population
        Residents that estimated weights are scaled to. They stay estimates.
    residents
        Totals by community, a grid or a raster in place of the estimate: they are spread over the
        homes of the extract, or those named there.
    kinds
        Facility kinds to look for, the built-in ones by default: a table of kinds, or a TOML file
        or ``"everyday"``, which add to them.
    name
        Name of the district and of its area, by default that of the area.
    complete
        Kinds of which the facilities found are all there are, none included. Any other kind of
        which none is found has no data and is not judged, see
        :meth:`planner.district.District.has_data`.
    lesser_tracks
        Which spurs, sidings and yards of a railway are walls: ``"rule"`` looks whether the map
        shows them crossed or unfenced (see :mod:`planner.sources.osm.tracks`), ``"walls"`` takes
        all, ``"open"`` none.
    join_streets, island_m, intake, datum, standard, benchmark, currency
        As of :func:`planner.sources.from_files`.
    progress
        Told a message code and the share done.

    Returns
    -------
    District in a metric CRS. Its findings tell how the area was chosen, what was estimated and what
    was left out; its sources carry the licence ODbL 1.0 and the credit it asks for.

    Raises
    ------
    MissingFileError, InputError
        Where the file, the boundary or the options cannot be used; the message says how to mend it.
        ``osm.windows_need_boundary`` where an opened extract comes without a boundary.
    WorkError
        Where the service does not answer.
    """
    if not np.isfinite(buffer_m) or buffer_m < 0:
        raise InputError("osm.bad_buffer", value=buffer_m)
    if population is not None and not (np.isfinite(population) and population > 0):
        raise InputError("osm.bad_population", value=population)
    if residents is not None and (demand is not None or population is not None):
        other = "demand" if demand is not None else "population"
        raise InputError("population.with_other", other=other)
    demand, facilities = _readable(demand, "demand"), _readable(facilities, "facilities")
    given = _Options(
        facility_columns=facility_columns,
        crs=crs,
        kinds=given_kinds(kinds),
        complete=tuple(complete),
        join_streets=join_streets,
        island_m=island_m,
        intake=(intake or Intake()).with_datum(datum),
        residents=residents,
        defaults=Defaults.said(standard, benchmark, currency),
        demand=demand,
        facilities=facilities,
        population=population,
        name=name,
        lesser_tracks=lesser_tracks,
    )
    tell = progress or untold
    tell("osm.progress_reading", 0.0)
    read = _read(source, boundary, buffer_m, given.kinds)
    tell("osm.progress_boundary", 0.4)
    try:
        made, place = _made(read, buffer_m, given, tell)
    except InputError as error:
        if error.code != "osm.no_highway" or not read.in_window:
            raise
        # the extract may well have streets, elsewhere
        outside = name or called(read.boundary)
        raise InputError("osm.boundary_outside", name=outside, file=read.data.source) from error
    asked = read.asked
    if asked is not None and not (isinstance(asked, str) and not _names_a_file(asked)):
        made = _with_outline_held(made, asked, given)
    return replace(made, buffer_m=float(place.buffer_m)).judged_by(given.defaults, first=True)


def _made(read: _Read, buffer_m: float, given: _Options, tell: Progress) -> tuple[District, Place]:
    """Return the district out of what was read, and the place that it is."""
    demand = given.demand
    if read.boundary is None and demand is not None:
        points = read_demand(demand, crs=given.crs, to_crs=4326, **given.intake.options("demand"))
        place = place_of_residents(read.data, points, buffer_m, given.name)
    else:
        place = find_place(read.data, read.boundary, buffer_m, given.name)
    return _build(read.data.projected(place.crs), place, given, tell), place


def _with_outline_held(made: District, boundary: Any, given: _Options) -> District:
    """Return the district, which tells where the area that was given beside the extract is shifted.

    Streets of OpenStreetMap lie right, homes and facilities of files that were settled by them too.
    """
    lists = {"demand": given.demand, "facilities": given.facilities}
    places = [getattr(made, layer) for layer, files in lists.items() if files is not None]
    file = Path(boundary).name if isinstance(boundary, str | Path) else made.name
    told = boundaries_shifted(made.communities, places, made.streets.geometry, file)
    return replace(made, findings=(*made.findings, *told))


@dataclass(frozen=True, eq=False)
class _Read:
    """What was read, the boundary as it was asked for and as it was read, whether more is there."""

    data: OsmData
    boundary: Any
    asked: Any
    in_window: bool = False


def _read(source: Any, boundary: Any, buffer_m: float, kinds: Kinds) -> _Read:
    if isinstance(source, OsmData):
        return _Read(source, boundary, boundary)
    if isinstance(source, Extract):
        if boundary is None:
            raise InputError("osm.windows_need_boundary")
        return _Read(*taken_around(source, boundary, buffer_m), boundary, in_window=True)
    if isinstance(source, Path) or (isinstance(source, str) and _names_a_file(source)):
        # without a boundary the district may be all of it
        if boundary is None or not is_large(source):
            return _Read(read_osm_file(source), boundary, boundary)
        with windows_of(source) as windows:
            return _read(windows, boundary, buffer_m, kinds)
    if isinstance(source, AbstractContextManager):
        with source as opened:
            return _read(opened, boundary, buffer_m, kinds)
    from planner.sources.osm.online import download  # OSMnx takes a second to import

    data, around = download(source, boundary, buffer_m, kinds)
    return _Read(data, around, around)


def _readable(given: Any, layer: str) -> Any:
    """Return a file as it is, and a table in memory as one that can be read; of lists each."""
    if isinstance(given, list | tuple) and layer in LISTED:
        return [_readable(each, layer) for each in given]
    return given if given is None or isinstance(given, str | Path) else frame(given, layer)


def _names_a_file(text: str) -> bool:
    return is_osm_file(text) or text.lower().endswith(VECTOR_SUFFIXES) or Path(text).is_file()


def _build(data: OsmData, place: Place, given: _Options, tell: Progress) -> District:
    rules = walk_rules()
    findings = list(place.findings)
    tell("osm.progress_streets", 0.5)
    water = read_water(data, place.within)
    gates = read_gates(data, place.within, rules)
    barriers, sidings = read_barriers(data, place.within, rules, water, given.lesser_tracks)
    findings += gone_barriers(data, place.within)
    walls = Walls.of(barriers, gates)
    streets, notes, left_out = read_streets(
        data, place.within, rules, place.name, join=given.join_streets, walls=walls
    )
    findings += notes
    tell("osm.progress_residents", 0.65)
    buildings = read_buildings(data)
    demand_sources: tuple[Source, ...]
    if given.residents is None:
        demand, demand_source, notes = _demand(data, place, streets, buildings, given)
        demand_sources, communities = (demand_source,), place.communities
    else:
        made = _spread(data, place, streets, buildings, given, given.residents)
        demand, notes = in_communities(made.demand, made.communities)
        notes = [*made.findings, *notes]
        demand_sources, communities = made.sources, made.communities
    findings += notes
    tell("osm.progress_facilities", 0.75)
    facilities, facilities_sources, records, notes = _facilities(data, place, streets, given)
    findings += notes
    tell("osm.progress_barriers", 0.8)
    inhabited = np.concatenate([demand.geometry.to_numpy(), facilities.geometry.to_numpy()])
    if len(sidings):
        findings.append(Finding("osm.tracks_crossed", {"tracks": len(sidings)}))
        left_out.append(LeftOut("osm.track_places", walls=sidings.geometry.to_numpy()))
    barriers, doorless = without_doorless_walls(barriers, gates, streets, inhabited)
    if len(doorless):
        findings.append(Finding("osm.walls_without_gate", {"walls": len(doorless)}))
        left_out.append(LeftOut("osm.wall_places", walls=doorless))
    layers = {
        "communities": communities,
        "facilities": facilities,
        "streets": streets,
        "demand": demand,
        "barriers": barriers,
        "gates": gates,
        "context": read_context(data, place.within, water, buildings, rules, sidings),
    }
    own = [_source(data, layer) for layer in _OSM_LAYERS]
    if place.source is not None:
        own[:1] = [place.source, own[0]] if place.from_extract else [place.source]
    district = District.from_layers(
        place.name,
        layers,
        sources=[*own, *demand_sources, *facilities_sources],
        records=records,
        findings=findings,
        kinds=given.kinds,
        complete=given.complete,
        island_m=given.island_m,
    )
    told = left_out_findings(district, left_out)
    tell("osm.progress_done", 1.0)
    return replace(district, findings=(*district.findings, *told))


def _source(data: OsmData, layer: str) -> Source:
    today = datetime.now(UTC).date().isoformat()
    return Source(layer, data.source, data.date, ODBL, OSM_CREDIT, read_on=today)


def _spread(
    data: OsmData,
    place: Place,
    streets: gpd.GeoDataFrame,
    buildings: list[Area],
    given: _Options,
    residents: Residents,
) -> Population:
    """Return residents that are known by area, spread over the extract's homes or those given."""

    def known() -> tuple[Places, Source, list[Finding]]:
        places, notes = residential_places(data, place.shape, streets, buildings)
        return places, _source(data, "demand"), notes

    return population_of(
        residents,
        place.communities,
        streets,
        place.source or _source(data, "communities"),
        given.intake,
        crs=given.crs,
        known=known,
    )


def _demand(
    data: OsmData,
    place: Place,
    streets: gpd.GeoDataFrame,
    buildings: list[Area],
    given: _Options,
) -> tuple[gpd.GeoDataFrame, Source, list[Finding]]:
    file, population = given.demand, given.population
    if file is None:
        table, unit, findings = estimate_residents(data, place.shape, streets, buildings)
        source = replace(_source(data, "demand"), unit=unit)
    else:
        own = given.intake.options("demand")
        reading = read_demand(file, crs=given.crs, to_crs=place.crs, **own)
        reading = settled(reading, _ground(streets, place))
        if place.of_residents and any(
            f.code == "datums.converted_as_recognised" for f in reading.findings
        ):
            raise InputError("datums.area_of_residents", file=reading.source.source)
        given.intake.on_reading(reading)
        table, source, findings = reading.table, reading.source, list(reading.findings)
    if population is not None:
        if "weight" not in table:
            raise InputError("osm.population_with_residents", file=source.source)
        table["weight"] *= population / table["weight"].sum()
        source = replace(source, unit="weight")
        findings.append(Finding("osm.scaled", {"population": round(population)}))
    table, notes = in_communities(table, place.communities)
    findings += notes
    home = table["community_id"].to_numpy(dtype=object)
    inside = home != ""
    if file is not None and not inside.all():
        total = "population" if "population" in table else "weight"
        if not inside.any():
            raise InputError("osm.demand_outside", file=name_of(file), name=place.name)
        params = {
            "points": int((~inside).sum()),
            "people": round(float(table.loc[~inside, total].sum())),
            "name": place.name,
        }
        findings.append(Finding("osm.demand_left_out", params))
    return table[inside].reset_index(drop=True), source, findings


def _ground(streets: gpd.GeoDataFrame, place: Place) -> Ground:
    """Return what lies right; an area that was drawn around residents tells nothing of them."""
    areas = place.communities
    return Ground(streets.geometry, areas.iloc[:0] if place.of_residents else areas)


def _listed(place: Place, streets: gpd.GeoDataFrame, given: _Options) -> _Facilities:
    """Read the facilities of one or several lists."""
    readings: dict[str, Reading] = {}
    ground = _ground(streets, place)
    for key, file in by_key("facilities", given.facilities).items():
        reading = read_facilities_table(
            file,
            given.kinds,
            kind_columns=given.facility_columns,
            crs=given.crs,
            to_crs=place.crs,
            **given.intake.options(key),
        )
        readings[key] = with_key(settled(reading, ground), key)
        given.intake.on_reading(readings[key])
    table, more = merged(readings)
    file = ", ".join(reading.source.source for reading in readings.values())
    notes = [note for reading in readings.values() for note in reading.findings] + more
    near = shapely.dwithin(place.within, table.geometry.to_numpy(), FILE_REACH_M)
    if len(near) and not near.any():
        raise InputError(
            "sources.all_left_out",
            file=file,
            layer="facilities",
            count=len(near),
            metres=round(FILE_REACH_M),
        )
    if not near.all():
        params = {"facilities": int((~near).sum()), "name": place.name}
        notes.append(Finding("osm.facilities_left_out", params))
    table = table[near].reset_index(drop=True)
    records = records_of(readings.values(), table["kind"])
    return table, [reading.source for reading in readings.values()], records, notes


def _not_taken(mapped: gpd.GeoDataFrame, listed: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of the extract's facilities in whose place a list was given, by what the list lacks."""
    counts = mapped.loc[mapped["status"] == "existing", "kind"].value_counts()
    known = counts.index.isin(listed["kind"].unique())
    for code, some in (
        ("osm.facilities_in_list", counts[known]),
        ("osm.facilities_not_in_list", counts[~known]),
    ):
        if len(some):
            yield Finding(code, {"count": int(some.sum()), "kinds": ", ".join(sorted(some.index))})


def _facilities(
    data: OsmData, place: Place, streets: gpd.GeoDataFrame, given: _Options
) -> _Facilities:
    table, notes = read_facilities(data, place.within, given.kinds)
    if given.facilities is not None:
        listed, sources, records, told = _listed(place, streets, given)
        return listed, sources, records, [*told, *_not_taken(table, listed)]
    if not len(table):
        notes.append(Finding("osm.no_facilities", {"file": data.source}))
    return table, [_source(data, "facilities")], {}, notes
