"""A district from files of a planner's own: areas, streets, facilities, residents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, Bool
from planner.district import Defaults, District, Kinds, Source, given_kinds
from planner.district.layers import BUFFER_M
from planner.errors import Finding, InputError
from planner.progress import Progress, untold
from planner.sources.datums.outlines import barriers_shifted, boundaries_shifted
from planner.sources.datums.recognition import Ground
from planner.sources.datums.settling import all_settled, ground_of, moved
from planner.sources.datums.shifts import SHIFTED
from planner.sources.files.communities import in_communities, named_elsewhere
from planner.sources.files.intake import Intake
from planner.sources.files.kind_records import records_of
from planner.sources.files.lists import by_key, in_order, layer_of, merged, with_key
from planner.sources.files.nearness import left_out_code, near
from planner.sources.files.options import FileOptions
from planner.sources.files.points import read_candidates, read_demand, read_facilities, read_gates
from planner.sources.files.shapes import read_boundaries, read_shapes
from planner.sources.files.streets.fast_roads import barriers_of_roads, with_roads
from planner.sources.files.streets.lines import read_streets
from planner.sources.population.district import population_of
from planner.sources.population.options import Residents
from planner.sources.projection import metric_crs_for
from planner.sources.streets.gates import cut_at_gates
from planner.sources.streets.layer import finish_streets
from planner.sources.streets.left_out import LeftOut, left_out_findings, not_walked
from planner.sources.streets.walls import Walls
from planner.sources.tables.frames import Frame
from planner.sources.tables.reading import Reading, refuse_tables
from planner.sources.tables.sheets import told_of_all_sheets
from planner.sources.tables.values.money import of_money

PathLike = str | Path


def from_files(
    name: str,
    *,
    boundaries: PathLike,
    streets: PathLike,
    facilities: PathLike | Sequence[PathLike],
    demand: PathLike | None = None,
    residents: Residents | None = None,
    barriers: PathLike | None = None,
    gates: PathLike | None = None,
    candidates: PathLike | None = None,
    context: PathLike | None = None,
    facility_columns: Mapping[str, str] | None = None,
    crs: Any = None,
    kinds: Kinds | str | Path | None = None,
    buffer_m: float = BUFFER_M,
    complete: Sequence[str] = (),
    join_streets: bool | float = False,
    gate_words: Mapping[str, bool] | None = None,
    island_m: float | None = None,
    intake: Intake | None = None,
    progress: Progress | None = None,
    datum: str | Mapping[str, str] = "auto",
    standard: str | None = None,
    benchmark: str | None = None,
    currency: str | None = None,
) -> District:
    """Make a district of vector files and tables.

    Parameters
    ----------
    name
        Name shown to people.
    boundaries, streets, barriers, context
        Vector files of community areas, walkable lines, what cannot be crossed, and what is
        drawn behind the map; the last two need a column ``kind``.
    facilities, demand, gates, candidates
        Text tables or workbooks with coordinates, or vector files of points; of facilities also
        several lists, which are joined (:mod:`planner.sources.files.lists`).
    residents
        Where the residents come from without `demand`: totals by community, a grid or a raster,
        which are spread over homes or streets; the boundaries' own column of residents if None.
    facility_columns
        Count column of `facilities` by kind id, see :func:`planner.sources.read_facilities`.
    crs
        CRS of the coordinates of files that do not say.
    kinds
        The kinds known, the built-in ones if None: a table of kinds, or a TOML file or
        ``"everyday"``, which add to them.
    buffer_m
        Streets and facilities further than this from every community are left out, metres:
        residents walk across the border, but not from afar.
    complete
        Kinds of which `facilities` lists all there are, none included. Any other kind of which
        it lists none has no data and is not judged, see
        :meth:`planner.district.District.has_data`.
    join_streets
        Whether streets that cross or nearly meet at one level are joined; a number is the longest
        gap that is closed, metres (True: 0.5). How many do not join is told either way.
    gate_words
        What words in the column ``open`` of `gates` mean, such as ``{"值班": True}``.
    island_m
        See :class:`planner.District`.
    intake
        What is known of the files: sheets, columns, words, and how many rows may be set aside.
    progress
        Told a message code and the share done.
    datum
        Datum of the points of all tables, or by layer (``{"facilities": "gcj02"}``), whatever the
        files say: ``"wgs84"``, ``"cgcs2000"``, ``"gcj02"``, ``"bd09"``. ``"auto"``: as headers
        say; where they do not and the place is in mainland China, it is recognised by streets and
        communities, and the table is refused where that is not sure.
    standard, benchmark, currency
        Ids of the standard that the district is judged by where nobody says otherwise and of the
        benchmark that it is set beside (``"none"`` for none), and the unit of its prices, such as
        ``"EUR 1,000"``; kept in its workspace. What is usual where it lies, if None.

    Returns
    -------
    A district in the boundaries' CRS where that is metric, else in the one that suits the place.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row and column of the first fault.
    """
    refuse_tables(
        boundaries=boundaries, streets=streets, facilities=facilities, demand=demand,
        barriers=barriers, gates=gates, candidates=candidates, context=context,
    )  # fmt: skip
    options = FileOptions(
        facility_columns=facility_columns,
        crs=crs,
        kinds=given_kinds(kinds),
        complete=tuple(complete),
        join_streets=join_streets,
        island_m=island_m,
        intake=(intake or Intake()).with_datum(datum),
        residents=residents,
        defaults=Defaults.said(standard, benchmark, currency),
        buffer_m=buffer_m,
        gate_words=gate_words,
    )
    sources: dict[str, PathLike | Frame | None] = {
        "communities": boundaries,
        "streets": streets,
        **by_key("facilities", facilities),
        "demand": demand,
        "barriers": barriers,
        "gates": gates,
        "candidates": candidates,
        "context": context,
    }
    return joined_layers(name, sources, options, progress or untold)


def joined_layers(
    name: str,
    sources: Mapping[str, PathLike | Frame | None],
    options: FileOptions,
    tell: Progress,
) -> District:
    """Make a district of its layers, whether they are files or tables in memory.

    Parameters
    ----------
    name
        Name shown to people.
    sources
        Of each layer, or list of a layer, what is read; None where there is none.
    options
        What was said beside them.
    tell
        Told a message code and the share done.
    """
    district = _district(name, sources, options, tell).judged_by(options.defaults, first=True)
    # money is known by now: prices that name the unit of another are told
    return replace(district, findings=of_money(district.findings, district.money))


def _district(
    name: str,
    sources: Mapping[str, PathLike | Frame | None],
    options: FileOptions,
    tell: Progress,
) -> District:
    """Read each layer and make a district of them."""
    if sources["demand"] is not None and options.residents is not None:
        raise InputError("population.with_demand", given=", ".join(options.residents.given))
    buffer_m = options.buffer_m
    areas, readings = _read(sources, options, tell)
    tables = {key: read.table for key, read in readings.items() if layer_of(key) != "facilities"}
    said = [finding for reading in readings.values() for finding in reading.findings]
    findings = told_of_all_sheets(said)
    tables["facilities"], notes = merged(readings)
    findings += notes
    for layer in ("streets", "facilities"):
        files = [readings[key].source.source for key in in_order(readings, layer)]
        tables[layer] = _within(tables, layer, buffer_m, ", ".join(files), findings)
    whole = shapely.union_all(tables["communities"].geometry.to_numpy())
    roads = barriers_of_roads(readings["streets"], whole, buffer_m, areas.table.crs)
    walls, notes = with_roads(tables.get("barriers"), roads, readings["streets"].source.source)
    tables |= walls
    findings += notes
    left_out = _finish_streets(tables, options, findings)
    made: tuple[Source, ...] = ()
    if "demand" not in tables:
        found = population_of(
            options.residents or Residents(),
            tables["communities"],
            tables["streets"],
            areas.source,
            options.intake,
            crs=options.crs,
        )
        tables |= {"demand": found.demand, "communities": found.communities}
        made = found.sources
        findings += found.findings
    tables["demand"], notes = in_communities(tables["demand"], tables["communities"])
    findings += notes
    for layer in ("demand", "facilities"):
        findings += named_elsewhere(tables[layer], tables["communities"], layer)
    district = District.from_layers(
        name,
        tables,
        sources=[*(reading.source for reading in readings.values()), *made],
        records=records_of(
            [readings[key] for key in in_order(readings, "facilities")],
            tables["facilities"]["kind"],
        ),
        findings=findings,
        kinds=options.kinds,
        complete=options.complete,
        island_m=options.island_m,
    )
    left_out = [*not_walked(readings["streets"].left_out, district.crs), *left_out]
    told = left_out_findings(district, left_out)
    return replace(district, buffer_m=float(buffer_m), findings=(*district.findings, *told))


def _read(
    sources: Mapping[str, PathLike | Frame | None], options: FileOptions, tell: Progress
) -> tuple[Reading, dict[str, Reading]]:
    """Return the communities as read, and all layers on their ground, in a metric CRS."""
    own, crs = options.intake, options.crs
    communities = sources["communities"]
    assert communities is not None
    tell("tables.progress_reading", 0.0)
    areas = read_boundaries(communities, crs=crs, **own.options("communities"))
    metric = metric_crs_for(areas.table)
    areas = replace(areas, table=areas.table.to_crs(metric))

    readers = _readers(options)
    readings = {"communities": areas}
    wanted = [key for key in sources if key != "communities" and sources[key] is not None]
    for place, key in enumerate(wanted):
        tell("tables.progress_reading", 0.1 + 0.6 * place / len(wanted))
        read = readers[layer_of(key)](sources[key], crs=crs, to_crs=metric, **own.options(key))
        readings[key] = with_key(read, key)

    tell("tables.progress_joining", 0.7)
    readings = {layer: near(reading, areas) for layer, reading in readings.items()}
    # streets are the ground that the other layers are held against, so they are moved first
    if (shifted := own.datum_of("streets")) in SHIFTED:
        readings["streets"] = moved(readings["streets"], shifted)
    ground = ground_of(readings["streets"], areas.table)
    readings = _outlines_held(all_settled(readings, ground), ground)
    for reading in readings.values():
        own.on_reading(reading)
    return areas, readings


def _outlines_held(readings: dict[str, Reading], ground: Ground) -> dict[str, Reading]:
    """Return the layers, of which boundaries and barriers tell where they look shifted."""
    areas = readings["communities"]
    homes = [readings[key].table for key in readings if layer_of(key) in ("demand", "facilities")]
    told = boundaries_shifted(areas.table, homes, ground.streets, areas.source.source)
    found = {"communities": told}
    if "barriers" in readings:
        walls, streets = readings["barriers"], readings["streets"].table
        found["barriers"] = barriers_shifted(walls.table, streets, walls.source.source)
    return readings | {
        layer: replace(readings[layer], findings=(*readings[layer].findings, *notes))
        for layer, notes in found.items()
    }


def _finish_streets(
    tables: dict[str, gpd.GeoDataFrame], options: FileOptions, findings: list[Finding]
) -> list[LeftOut]:
    """Cut streets at gates and at the edge, join them, and return what of them is left out."""
    shut = _shut(tables.get("gates"))
    if "gates" in tables:
        tables["streets"], cuts, notes = cut_at_gates(
            tables["streets"], tables["gates"], tables.get("barriers")
        )
        shut = cuts if shut is None else np.vstack([shut, cuts])
        findings += notes
    streets, communities = tables["streets"], tables["communities"]
    streets["cut"] = cut_streets(streets, communities, options.buffer_m)
    walls = Walls.of(tables.get("barriers"), tables.get("gates"))
    tables["streets"], notes, left_out = finish_streets(
        streets, join=options.join_streets, shut=shut, walls=walls
    )
    findings += notes
    return left_out


def _readers(options: FileOptions) -> dict[str, Callable[..., Reading]]:
    """Return what reads each layer but the communities."""

    def shapes(layer: str) -> Callable[..., Reading]:
        return lambda path, **given: read_shapes(path, layer, **given)

    def counted(path: PathLike | Frame, **given: Any) -> Reading:
        columns = options.facility_columns
        return read_facilities(path, options.kinds, kind_columns=columns, **given)

    def sites(path: PathLike | Frame, **given: Any) -> Reading:
        return read_candidates(path, options.kinds, **given)

    def opened(path: PathLike | Frame, **given: Any) -> Reading:
        return read_gates(path, words=options.gate_words, **given)

    return {
        "streets": read_streets,
        "facilities": counted,
        "demand": read_demand,
        "barriers": shapes("barriers"),
        "gates": opened,
        "candidates": sites,
        "context": shapes("context"),
    }


def cut_streets(streets: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, buffer_m: float) -> Bool:
    """Whether each street runs on beyond the buffer, where its neighbours were left out."""
    areas = shapely.union_all(communities.geometry.to_numpy())
    shapely.prepare(areas)
    lines = streets.geometry.to_numpy()
    away = [shapely.distance(areas, shapely.get_point(lines, end)) for end in (0, -1)]
    return np.asarray(np.maximum(*away) > buffer_m)


def _shut(gates: gpd.GeoDataFrame | None) -> F64 | None:
    """Return the places of shut gates (n, 2), at which streets may end on purpose."""
    if gates is None:
        return None
    shut = gates[~gates["open"].to_numpy(dtype=bool)]
    return np.asarray(shapely.get_coordinates(shut.geometry.to_numpy()), dtype=np.float64)


def _within(
    tables: Mapping[str, gpd.GeoDataFrame],
    layer: str,
    buffer_m: float,
    file: str,
    findings: list[Finding],
) -> gpd.GeoDataFrame:
    """Return the rows near a community."""
    table = tables[layer]
    areas = shapely.union_all(tables["communities"].geometry.to_numpy())
    shapely.prepare(areas)
    near = shapely.dwithin(areas, table.geometry.to_numpy(), buffer_m)
    if not near.any():
        raise InputError(
            "sources.all_left_out", file=file, layer=layer, count=len(near), metres=round(buffer_m)
        )
    if not near.all():
        params = {"file": file, "count": int((~near).sum()), "metres": round(buffer_m)}
        findings.append(Finding(left_out_code(layer), params))
    return table[near].reset_index(drop=True)
