"""``planner import``: any place into one workspace GeoPackage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.data.check import show
from planner.cli.data.import_options import (
    LayerFiles,
    OfMap,
    Place,
    Points,
    StreetOptions,
    Usual,
)
from planner.cli.data.intake import called, intake, keep
from planner.cli.data.intake import show as show_files
from planner.cli.data.stated import with_stated_sources
from planner.cli.data.totals import shown_totals
from planner.cli.shared import options
from planner.cli.shared.console import Console, count_in
from planner.cli.shared.option_groups import Files, SpreadResidents, StatedOfSources
from planner.cli.shared.verbs import verb
from planner.errors import Finding, InputError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.district import District, Kinds
    from planner.sources import Intake, Reading

NEEDED = ("boundaries", "streets", "facilities")
"""What an import from vector files cannot do without."""


OF_FILES = ("street_word", "access_word", "barrier_word", "gate_word")
"""Of how files are read, what is said of layers that an OpenStreetMap file brings itself."""


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
    place: Place,
    points: Points,
    of_map: OfMap,
    kinds: Annotated[
        Path | None,
        options.optional("FILE", "A kinds file that adds to the built-in kinds."),
    ] = None,
    layers: LayerFiles,
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
    joining: StreetOptions,
    spread: SpreadResidents,
    files: Files,
    stated: StatedOfSources,
    show_only: options.Show = False,
    usual: Usual,
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
    from planner.sources import with_elevation, write_district
    from planner.sources.corrections import drop_unlisted, with_added_near

    given = _Given(source, place, points, of_map, kinds, layers, crs, spread, files)
    readings: list[Reading] = []
    how = given.intake(readings)
    if show_only:
        _show(console, given, how)
        return
    if out is None:
        raise InputError("cli.missing_option", option="out")
    shared = given.shared(how) | joining.keywords() | asdict(usual)
    shared |= {"complete": complete or [], "name": usual.name or given.own_name(out)}
    with console.progress() as progress:
        read = _from_files if source is None else _from_osm
        district = read(given, shared, progress)
        # what stands on the map already: heights, what is said of files, facilities added by hand
        if joining.elevation is not None:
            district = with_elevation(district, joining.elevation)
        district = with_stated_sources(district, stated, given.files_by_option())
        district = with_added_near(district, out)
        write_district(district, out)
        gone = drop_unlisted(district, out)
    _tell(console, district, readings, gone, out)


@dataclass(frozen=True)
class _Given:
    """What is imported, from which files, and how these are read."""

    source: str | None
    place: Place
    points: Points
    of_map: OfMap
    kinds_file: Path | None
    layers: LayerFiles
    crs: str | None
    spread: SpreadResidents
    files: Files

    def kinds(self) -> Kinds | None:
        """Return the kinds known, None for those that ship."""
        from planner.district import builtin_kinds, read_kinds

        return builtin_kinds() | read_kinds(self.kinds_file) if self.kinds_file else None

    def tables(self) -> dict[str, Path | None]:
        """Return the file of each layer, list and table that is shown before an import."""
        spread = {"cells": self.spread.cells, "homes": self.spread.homes}
        return {
            **asdict(self.layers),
            "demand": self.points.demand,
            **self.points.lists(),
            **spread,
        }

    def files_by_option(self) -> dict[str, Path | None]:
        """Return every file by what it is."""
        return {**self.tables(), "totals": self.spread.totals, "raster": self.spread.raster}

    def intake(self, readings: list[Reading]) -> Intake:
        """Return how the files are read; what is read is told to `readings`.

        Raises
        ------
        InputError
            Where communities are named of which no table of residents tells.
        """
        spread = self.spread
        if spread.totals is None and spread.growth is None:
            own = {"community_name": spread.community_name}
            refuse("cli.update_passed_over", own, other="--totals")
        said = {**self.tables(), "totals": spread.totals}
        lists = {**self.points.lists(), "barriers": self.layers.barriers}
        return intake(
            self.files,
            [option for option, file in said.items() if file is not None],
            readings.append,
            called(lists),
            spread.community_name,
        )

    def own_name(self, out: Path) -> str | None:
        """Return what the district is called where nobody says; None: as the area or extract.

        Whom no boundary names is called as its workspace is, which is what the dashboard offers: a
        table of residents or a file of outlines is called after what it holds.
        """
        named = self.source is not None and (
            self.place.boundary is not None or self.points.demand is None
        )
        return None if named else out.stem

    def shared(self, how: Intake) -> dict[str, Any]:
        """Return what is given to the readers of files and of OpenStreetMap alike."""
        return {
            "demand": self.points.demand,
            "residents": self.spread.residents(),
            "facilities": self.points.facilities or None,
            "facility_columns": self.points.columns(),
            "kinds": self.kinds(),
            "buffer_m": self.place.buffer_m,
            "crs": self.crs,
            "intake": how,
        }

    def of_osm_only(self) -> dict[str, Any]:
        """Return what is said of OpenStreetMap alone."""
        return {"boundary": self.place.boundary, **asdict(self.of_map)}


def _show(console: Console, given: _Given, how: Intake) -> None:
    """Print how each file would be read, and which communities a table of residents would join."""
    from planner.district import builtin_kinds

    columns = given.points.columns()
    residents = given.spread.residents()
    more = None
    if residents is not None and residents.raster is None and given.points.demand is None:
        areas = given.layers.boundaries or given.place.area_file()
        more = partial(shown_totals, console, residents, areas, how, given.crs)
    show_files(
        console, given.tables(), how, given.kinds() or builtin_kinds(), columns, given.crs, more
    )


def refuse(code: str, options: Mapping[str, Any], **params: str) -> None:
    """Raise where an option was given that does not belong to what is done, and names it."""
    for option, value in options.items():
        if value is not None:
            raise InputError(code, option=f"--{option.replace('_', '-')}", **params)


def _from_files(given: _Given, shared: dict[str, Any], progress: Progress | None) -> District:
    """Read a district from a file a layer."""
    from planner.sources import from_files

    refuse("cli.without_source", given.of_osm_only())
    layers = asdict(given.layers)
    missing = [option for option in NEEDED if (layers | shared)[option] is None]
    if missing == list(NEEDED):
        raise InputError("cli.no_source")
    if missing:
        raise InputError("cli.missing_option", option=missing[0])
    name = shared.pop("name")
    district: District = from_files(name, **layers, **shared, progress=progress)
    return district


def _from_osm(given: _Given, shared: dict[str, Any], progress: Progress | None) -> District:
    """Read a district from OpenStreetMap."""
    from planner.sources import from_osm

    of_files = {name: getattr(given.files, name) for name in OF_FILES}
    refuse("cli.two_sources", asdict(given.layers) | of_files)
    said = {option: value for option, value in given.of_osm_only().items() if value is not None}
    district: District = from_osm(given.source, **said, **shared, progress=progress)
    return district


def _tell(
    console: Console,
    district: District,
    readings: list[Reading],
    gone: Iterable[Finding],
    out: Path,
) -> None:
    """Say what was written, keep how the files were read, and show what was found."""
    from planner.district import kind_notes
    from planner.sources.checks.district import joining_findings

    count_in(district.demand_unit)
    console.show(console.word("wrote", file=out))
    keep(console, readings, out, district.kinds)
    found = (*district.findings, *gone, *joining_findings(district), *kind_notes(district))
    show(console, district, found)
