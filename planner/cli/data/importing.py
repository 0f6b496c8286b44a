"""``planner import``: any place into one workspace GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.data.check import show
from planner.cli.data.intake import called, intake, keep
from planner.cli.data.intake import show as show_files
from planner.cli.data.stated import with_stated_sources
from planner.cli.data.totals import shown_totals
from planner.cli.shared import options
from planner.cli.shared.console import Console, count_in
from planner.cli.shared.option_groups import Files, SpreadResidents, StatedOfSources
from planner.cli.shared.verbs import verb
from planner.errors import InputError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.district import District, Kinds
    from planner.sources import Reading

NEEDED = ("boundaries", "streets", "facilities")
"""What an import from vector files cannot do without."""


OF_FILES = ("street_word", "access_word", "barrier_word", "gate_word")
"""Of how files are read, what is said of layers that an OpenStreetMap file brings itself."""


def _file(text: str) -> Any:
    return options.optional("FILE", text)


@verb
def import_(
    console: Console,
    *,
    out: Annotated[
        Path | None, options.optional("FILE", "The workspace to write; not needed with --show.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="An OpenStreetMap file (.osm.pbf, .osm, .osm.gz) or the name of a place, which is "
            "then asked of the OpenStreetMap services online. None with --boundaries.",
            show_default=False,
        ),
    ] = None,
    boundary: Annotated[
        str | None,
        options.optional(
            "NAME|FILE",
            "The district: name of an administrative area in SOURCE, or a polygon file.",
        ),
    ] = None,
    buffer_m: Annotated[
        float,
        options.at_least(
            "METRES", "Take streets and facilities this far beyond the boundary, metres."
        ),
    ] = 1500.0,
    demand: Annotated[
        Path | None,
        _file("Points with residents and group columns (map layer, CSV, Excel)."),
    ] = None,
    facilities: Annotated[
        list[Path] | None,
        _file(
            "Facilities with words for their kind, or a count column for each kind; may be "
            "repeated, a list for each department."
        ),
    ] = None,
    facility_column: Annotated[
        list[str] | None,
        options.optional(
            "KIND=COLUMN", "A count column of --facilities that stands for a kind; may be repeated."
        ),
    ] = None,
    population: Annotated[
        float | None, options.optional("N", "Scale estimated weights to this total.")
    ] = None,
    lesser_tracks: Annotated[
        str | None,
        typer.Option(
            metavar="rule|walls|open",
            help="Spurs, sidings and yards: barriers unless the map shows them crossed or "
            "unfenced, all of them, or none. [default: rule]",
            show_default=False,
        ),
    ] = None,
    kinds: Annotated[Path | None, _file("A kinds file that adds to the built-in kinds.")] = None,
    boundaries: Annotated[Path | None, _file("Community areas, for an import from files.")] = None,
    streets: Annotated[Path | None, _file("Streets, for an import from files.")] = None,
    barriers: Annotated[
        Path | None, _file("Barriers (rivers, railways, walls), for an import from files.")
    ] = None,
    gates: Annotated[
        Path | None, _file("Openings in the barriers, for an import from files.")
    ] = None,
    candidates: Annotated[
        Path | None, _file("Sites where one could build, for an import from files.")
    ] = None,
    context: Annotated[
        Path | None, _file("What is drawn behind the map, for an import from files.")
    ] = None,
    crs: Annotated[
        str | None,
        options.optional("EPSG:N", "CRS of the files' coordinates, where the files do not say."),
    ] = None,
    complete: Annotated[
        list[str] | None,
        options.optional(
            "KIND",
            "The source lists all facilities of this kind, none included; may be repeated. "
            "A kind of which it lists none is otherwise one without data and is not judged.",
        ),
    ] = None,
    elevation: options.ElevationFile = None,
    join_streets: Annotated[
        bool,
        typer.Option(
            "--join-streets",
            help="Join streets that cross or nearly meet at one level, never across bridges, "
            "tunnels and layers.",
        ),
    ] = False,
    join_gap_m: Annotated[
        float,
        options.at_least("METRES", "Longest gap that --join-streets closes, metres."),
    ] = 0.5,
    island_m: Annotated[
        float | None,
        options.optional(
            "METRES",
            "A loose piece of less street than this catches no home or facility while other "
            "streets are within reach; 0: every piece does. [default: 2000]",
            min=0,
        ),
    ] = None,
    spread: SpreadResidents,
    files: Files,
    stated: StatedOfSources,
    show_only: options.Show = False,
    name: Annotated[
        str | None,
        options.optional(
            "NAME",
            "Name shown to people. [default: that of the area or extract; where residents or files "
            "make the district, that of the workspace]",
        ),
    ] = None,
    standard: Annotated[
        str | None,
        options.optional(
            "ID",
            "The standard that verbs and pages take for this district. [default: gb50180-2018]",
        ),
    ] = None,
    benchmark: Annotated[
        str | None,
        options.optional(
            "ID|none",
            "What its communities are set beside. [default: china-2005 in mainland China, "
            "else none]",
        ),
    ] = None,
    currency: Annotated[
        str | None,
        options.optional(
            "UNIT",
            "Unit of prices and budgets, such as 'EUR 1,000'. [default: CNY 10,000 in mainland "
            "China, else units of no currency]",
        ),
    ] = None,
) -> None:
    """Bring any place into one workspace GeoPackage.

    SOURCE is an OpenStreetMap file, or a place to ask of the OpenStreetMap services; without it,
    --boundaries, --streets and --facilities name vector files. Residents come from --demand, or are
    spread over homes or streets from --totals, --cells, --raster or the boundaries' own column;
    without any an import from OpenStreetMap estimates weights, and says so.

    How each file is read is guessed and told; --show prints it and writes nothing. It is kept
    beside the workspace (.mappings.json), for --mapping of the next file of the same shape. Rows
    that do not fit are set aside up to 5 % of a file, and listed (.set_aside.csv).

    A kind of which the source lists no facility has no data and is not judged, unless --complete
    says that the source lists all of this kind.
    """
    from planner.district import builtin_kinds, kind_notes
    from planner.sources import with_elevation, write_district
    from planner.sources.checks.district import joining_findings
    from planner.sources.corrections import drop_unlisted, with_added_near
    from planner.sources.files.lists import by_key

    readings: list[Reading] = []
    lists = by_key("facilities", facilities) if facilities else {"facilities": None}
    points = {"demand": demand, **lists}
    layers = {
        "boundaries": boundaries,
        "streets": streets,
        "barriers": barriers,
        "gates": gates,
        "candidates": candidates,
        "context": context,
    }
    placed = {"cells": spread.cells, "homes": spread.homes}
    given = [
        option
        for option, file in (layers | points | placed | {"totals": spread.totals}).items()
        if file is not None
    ]
    if spread.totals is None and spread.growth is None:
        own = {"community_name": spread.community_name}
        refuse("cli.update_passed_over", own, other="--totals")
    how = intake(
        files, given, readings.append, called(lists | {"barriers": barriers}), spread.community_name
    )
    residents = spread.residents()
    if show_only:
        columns = facility_columns(facility_column or [])
        every = layers | points | placed
        more = None
        if residents is not None and residents.raster is None and demand is None:
            areas = boundaries or _file_of(boundary)
            more = partial(shown_totals, console, residents, areas, how, crs)
        show_files(console, every, how, _kinds(kinds) or builtin_kinds(), columns, crs, more)
        return
    if out is None:
        raise InputError("cli.missing_option", option="out")
    # whom no boundary names is called as its workspace is, which is what the dashboard offers:
    # a table of residents or a file of outlines is called after what it holds
    if source is None or (boundary is None and demand is not None):
        name = name or out.stem
    shared: dict[str, Any] = {
        "demand": demand,
        "residents": residents,
        "facilities": facilities or None,
        "facility_columns": facility_columns(facility_column or []),
        "kinds": _kinds(kinds),
        "buffer_m": buffer_m,
        "crs": crs,
        "name": name,
        "complete": complete or [],
        "join_streets": join_gap_m if join_streets else False,
        "island_m": island_m,
        "intake": how,
        "standard": standard,
        "benchmark": benchmark,
        "currency": currency,
    }
    from_osm_only = {
        "boundary": boundary,
        "population": population,
        "lesser_tracks": lesser_tracks,
    }
    with console.progress() as progress:
        if source is None:
            refuse("cli.without_source", from_osm_only)
            district = _from_files(layers, shared | {"progress": progress})
        else:
            refuse("cli.two_sources", layers | {name: getattr(files, name) for name in OF_FILES})
            district = _from_osm(source, from_osm_only, shared, progress)
        if elevation is not None:
            district = with_elevation(district, elevation)
        every = layers | points | placed | {"totals": spread.totals, "raster": spread.raster}
        district = with_stated_sources(district, stated, every)
        district = with_added_near(district, out)
        write_district(district, out)
        gone = drop_unlisted(district, out)
    count_in(district.demand_unit)
    console.show(console.word("wrote", file=out))
    keep(console, readings, out, district.kinds)
    found = (*district.findings, *gone, *joining_findings(district), *kind_notes(district))
    show(console, district, found)


def facility_columns(pairs: list[str]) -> dict[str, str]:
    """Return count column by kind of the ``KIND=COLUMN`` pairs.

    Examples
    --------
    >>> facility_columns(["clinic=healthcare"])
    {'clinic': 'healthcare'}
    """
    columns = {}
    for pair in pairs:
        kind, equals, column = pair.partition("=")
        if not (equals and kind.strip() and column.strip()):
            raise InputError("cli.facility_column", value=pair)
        columns[kind.strip()] = column.strip()
    return columns


def _file_of(boundary: str | None) -> Path | None:
    """Return the file of areas that a boundary names, None for the name of an area."""
    return Path(boundary) if boundary and Path(boundary).is_file() else None


def _kinds(file: Path | None) -> Kinds | None:
    from planner.district import builtin_kinds, read_kinds

    return builtin_kinds() | read_kinds(file) if file else None


def refuse(code: str, options: Mapping[str, Any], **params: str) -> None:
    """Raise where an option was given that does not belong to what is done, and names it."""
    for option, value in options.items():
        if value is not None:
            raise InputError(code, option=f"--{option.replace('_', '-')}", **params)


def _from_files(layers: dict[str, Path | None], shared: dict[str, Any]) -> District:
    from planner.sources import from_files

    given = layers | shared
    missing = [option for option in NEEDED if given[option] is None]
    if missing == list(NEEDED):
        raise InputError("cli.no_source")
    if missing:
        raise InputError("cli.missing_option", option=missing[0])
    district: District = from_files(shared.pop("name"), **layers, **shared)
    return district


def _from_osm(
    source: str, place: dict[str, Any], shared: dict[str, Any], progress: Progress | None
) -> District:
    from planner.sources import from_osm

    given = {option: value for option, value in place.items() if value is not None}
    district: District = from_osm(source, **given, **shared, progress=progress)
    return district
