"""What ``planner import`` is told beside what other verbs are told too, each group one parameter.

The options stand in help in the order of the groups, and within them in the order of the fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from planner.cli.shared import options
from planner.errors import InputError


def _file(text: str) -> Any:
    return options.optional("FILE", text)


@dataclass(frozen=True)
class Place:
    """Which place is imported, and how far beyond it one may walk."""

    boundary: Annotated[
        str | None,
        options.optional(
            "NAME|FILE",
            "The district: name of an administrative area in SOURCE, or a polygon file.",
        ),
    ] = None
    buffer_m: Annotated[
        float,
        options.at_least(
            "METRES", "Take streets and facilities this far beyond the boundary, metres."
        ),
    ] = 1500.0

    def area_file(self) -> Path | None:
        """Return the file of areas that the boundary names, None for the name of an area."""
        boundary = self.boundary
        return Path(boundary) if boundary and Path(boundary).is_file() else None


@dataclass(frozen=True)
class Points:
    """Residents and facilities as lists of their own, whatever the rest comes from."""

    demand: Annotated[
        Path | None,
        _file("Points with residents and group columns (map layer, CSV, Excel)."),
    ] = None
    facilities: Annotated[
        list[Path] | None,
        _file(
            "Facilities with words for their kind, or a count column for each kind; may be "
            "repeated, a list for each department."
        ),
    ] = None
    facility_column: Annotated[
        list[str] | None,
        options.optional(
            "KIND=COLUMN", "A count column of --facilities that stands for a kind; may be repeated."
        ),
    ] = None

    def lists(self) -> dict[str, Path | None]:
        """Return the lists of facilities by their layer, each of several under a key of its own."""
        from planner.sources.files.lists import by_key

        found: dict[str, Path | None] = {"facilities": None}
        return {**by_key("facilities", self.facilities)} if self.facilities else found

    def columns(self) -> dict[str, str]:
        """Return the count column of each kind that has one."""
        return facility_columns(self.facility_column or [])


def facility_columns(pairs: list[str]) -> dict[str, str]:
    """Return count column by kind of the ``KIND=COLUMN`` pairs.

    Raises
    ------
    InputError
        ``cli.facility_column`` where a pair is none.

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


@dataclass(frozen=True)
class OfMap:
    """What is said of OpenStreetMap alone."""

    population: Annotated[
        float | None, options.optional("N", "Scale estimated weights to this total.")
    ] = None
    lesser_tracks: Annotated[
        str | None,
        typer.Option(
            metavar="rule|walls|open",
            help="Spurs, sidings and yards: barriers unless the map shows them crossed or "
            "unfenced, all of them, or none. [default: rule]",
            show_default=False,
        ),
    ] = None


@dataclass(frozen=True)
class LayerFiles:
    """A file for each layer that OpenStreetMap has itself."""

    boundaries: Annotated[Path | None, _file("Community areas, for an import from files.")] = None
    streets: Annotated[Path | None, _file("Streets, for an import from files.")] = None
    barriers: Annotated[
        Path | None, _file("Barriers (rivers, railways, walls), for an import from files.")
    ] = None
    gates: Annotated[Path | None, _file("Openings in the barriers, for an import from files.")] = (
        None
    )
    candidates: Annotated[
        Path | None, _file("Sites where one could build, for an import from files.")
    ] = None
    context: Annotated[
        Path | None, _file("What is drawn behind the map, for an import from files.")
    ] = None


@dataclass(frozen=True)
class StreetOptions:
    """How streets are made a network that can be walked."""

    elevation: options.ElevationFile = None
    join_streets: Annotated[
        bool,
        typer.Option(
            "--join-streets",
            help="Join streets that cross or nearly meet at one level, never across bridges, "
            "tunnels and layers.",
        ),
    ] = False
    join_gap_m: Annotated[
        float,
        options.at_least("METRES", "Longest gap that --join-streets closes, metres."),
    ] = 0.5
    island_m: Annotated[
        float | None,
        options.optional(
            "METRES",
            "A loose piece of less street than this catches no home or facility while other "
            "streets are within reach; 0: every piece does. [default: 2000]",
            min=0,
        ),
    ] = None

    def keywords(self) -> dict[str, Any]:
        """Return what the readers are given; heights are put on what was read."""
        joined = self.join_gap_m if self.join_streets else False
        return {"join_streets": joined, "island_m": self.island_m}


@dataclass(frozen=True)
class Usual:
    """What the district is called, and what counts in it where nobody says otherwise."""

    name: Annotated[
        str | None,
        options.optional(
            "NAME",
            "Name shown to people. [default: that of the area or extract; where residents or files "
            "make the district, that of the workspace]",
        ),
    ] = None
    standard: Annotated[
        str | None,
        options.optional(
            "ID",
            "The standard that verbs and pages take for this district. [default: gb50180-2018]",
        ),
    ] = None
    benchmark: Annotated[
        str | None,
        options.optional(
            "ID|none",
            "What its communities are set beside. [default: china-2005 in mainland China, "
            "else none]",
        ),
    ] = None
    currency: Annotated[
        str | None,
        options.optional(
            "UNIT",
            "Unit of prices and budgets, such as 'EUR 1,000'. [default: CNY 10,000 in mainland "
            "China, else units of no currency]",
        ),
    ] = None
