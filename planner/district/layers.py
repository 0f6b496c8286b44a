"""The columns of each layer of a district: one table for validation, empty layers and docs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Dtype = Literal["str", "float", "int", "bool"]

GROUP_PREFIX = "pop_"
"""Columns that start so count residents of one group, such as ``pop_65plus``."""

WEIGHT = "weight"
"""Column of ``demand`` that stands in for residents where only an estimate is known."""

SPREAD_FROM = "spread_from"
"""Column of ``demand`` where residents were spread: the community or cell whose total a row shares,
empty where they were counted at the place itself."""

SPREAD_BY = "spread_by"
"""Column of ``demand`` beside it: what they were spread by, ``"floor_area_m2"`` of homes or
``"street_m"`` of residential street, or ``"point"`` where they stand at one point inside
their area, which has neither."""

DEMAND_UNITS = ("residents", "floor_area_m2", "street_m", "weight")
"""What the counts of ``demand`` are: people, or an estimate by floor area or metres of street;
``weight`` where the estimate's unit is not known or was scaled."""

BUFFER_M = 1500.0
"""Metres beyond a district from which streets and facilities are usually taken."""

STATUSES = ("existing", "planned", "proposed", "closed")
OWNERSHIPS = ("public", "partner", "internal")
BARRIER_KINDS = ("water", "railway", "motorway", "wall")
LEFT_OUT = ("cycleway", "shut")
"""Kinds of ``context`` that the import left out of the streets."""

CONTEXT_KINDS = ("water", "rail", "green", "building", "road", "siding", "private", *LEFT_OUT)
"""The first four are drawn; links heed buildings, roads and sidings that nobody walks along but
that are crossed, closed compounds, and ways that the import left out of the streets: a
``cycleway`` that does not say whether one may walk there, or what is ``shut`` to walkers."""


@dataclass(frozen=True)
class Column:
    """One column of a layer.

    Parameters
    ----------
    name, dtype, meaning
        The column's name, its type and what it holds, in English for the docs.
    unit
        Unit of measure, empty where there is none.
    required
        Whether a layer without the column is refused.
    unique
        Whether each value may stand once only.
    choices
        The only values allowed, empty where any is.
    minimum
        The least value allowed, if any.
    """

    name: str
    dtype: Dtype
    meaning: str
    unit: str = ""
    required: bool = False
    unique: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None


@dataclass(frozen=True)
class Layer:
    """A layer's name, allowed geometry types, meaning and columns."""

    name: str
    geometry: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def key(self) -> str:
        """Name of the column of ids, empty where the layer has none."""
        return next((column.name for column in self.columns if column.unique), "")

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None for one the table does not know."""
        return next((column for column in self.columns if column.name == name), None)


def _id(name: str, meaning: str) -> Column:
    return Column(name, "str", meaning, required=True, unique=True)


_NAME = Column("name", "str", "name shown on maps and in tables")
_SOURCE = Column("source", "str", "where the row came from, such as 'osm:node/123'")
_POPULATION = Column("population", "float", "residents", "residents", minimum=0)
_LINES = ("LineString",)
_POINTS = ("Point",)
_AREAS = ("Polygon", "MultiPolygon")

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        Layer(
            "communities",
            _AREAS,
            "community areas (社区)",
            (
                _id("community_id", "identifier; a 12-digit code keeps its leading zeros"),
                _NAME,
                Column("subdistrict", "str", "name of the subdistrict (街道) it belongs to"),
                _POPULATION,
                Column("households", "float", "households", "households", minimum=0),
            ),
            required=True,
        ),
        Layer(
            "facilities",
            _POINTS,
            "facilities that residents walk to",
            (
                _id("facility_id", "identifier"),
                _NAME,
                Column("kind", "str", "a kind of the kinds table", required=True),
                Column("status", "str", "only 'existing' ones count", choices=STATUSES),
                Column(
                    "ownership",
                    "str",
                    "'internal' ones do not count until a scenario opens them",
                    choices=OWNERSHIPS,
                ),
                Column("department", "str", "the department that runs it"),
                Column("floor_area_m2", "float", "floor area", "m2", minimum=0),
                Column("capacity", "float", "people it can serve a day", "people/day", minimum=0),
                Column("opening_hours", "str", "in the OpenStreetMap opening_hours syntax"),
                Column("services", "str", "services offered, separated by ';'"),
                _SOURCE,
            ),
            required=True,
        ),
        Layer(
            "streets",
            _LINES,
            "walkable centre lines, split wherever one may turn: lines join at their ends only",
            (
                _id("street_id", "identifier of the piece"),
                _NAME,
                Column("highway", "str", "OpenStreetMap highway class"),
                Column("access", "str", "OpenStreetMap access tag"),
                Column("foot", "str", "OpenStreetMap foot tag"),
                Column("bridge", "bool", "lies on a bridge: homes and facilities do not join it"),
                Column("tunnel", "bool", "lies in a tunnel: homes and facilities do not join it"),
                Column("steps", "bool", "is a flight of steps"),
                Column("layer", "int", "OpenStreetMap layer, 0 is the ground"),
                Column("surface", "str", "OpenStreetMap surface tag"),
                Column("smoothness", "str", "OpenStreetMap smoothness tag"),
                Column("tracktype", "str", "OpenStreetMap tracktype tag"),
                Column("wheelchair", "str", "OpenStreetMap wheelchair tag"),
                Column("crossing", "str", "crosses a carriageway: how, 'yes' where not told"),
                Column("kerb", "str", "its highest kerb: raised, rolled, lowered, no or flush"),
                Column(
                    "ramp",
                    "str",
                    "ramp beside steps: wheelchair, yes (not told for whom), no; else unknown",
                ),
                Column("handrail", "str", "OpenStreetMap handrail tag"),
                Column(
                    "obstacle",
                    "str",
                    "barrier on it that only people on foot get past; other words: unknown",
                ),
                Column("width_m", "float", "width", "m", minimum=0),
                Column("incline", "str", "OpenStreetMap incline tag"),
                Column("slope_percent", "float", "its steepest part, up or down", "%", minimum=0),
                Column("ascent_m", "float", "climb from first to last point", "m", minimum=0),
                Column("descent_m", "float", "fall from first to last point", "m", minimum=0),
                Column("signals", "int", "signal-controlled crossings on it", minimum=0),
                Column("cut", "bool", "runs on beyond the data: what it joins is not here"),
                Column("link", "bool", "added by a scenario: its ends join the nearest street"),
                Column(
                    "length_m", "float", "walked length, where longer than drawn", "m", minimum=0
                ),
                _SOURCE,
            ),
            required=True,
        ),
        Layer(
            "demand",
            _POINTS,
            "where residents live: buildings, grid cells or pieces of residential street",
            (
                _id("demand_id", "identifier"),
                Column("community_id", "str", "the community it lies in, empty where in none"),
                _POPULATION,
                Column(
                    WEIGHT,
                    "float",
                    "estimated share of demand, used where residents are unknown",
                    "estimate",
                    minimum=0,
                ),
                _SOURCE,
            ),
            required=True,
        ),
        Layer(
            "candidates",
            _POINTS,
            "sites where a facility could be built",
            (
                _id("candidate_id", "identifier"),
                _NAME,
                Column("cost", "float", "cost of building there", "10 000 yuan", minimum=0),
                Column("floor_area_m2", "float", "floor area available", "m2", minimum=0),
                Column("kinds", "str", "kinds allowed there, separated by ';'; empty: any"),
                Column("required", "bool", "must be chosen"),
                Column("forbidden", "bool", "must not be chosen"),
            ),
        ),
        Layer(
            "barriers",
            (*_LINES, "MultiLineString", *_AREAS),
            "what cannot be crossed on foot except over a street or through a gate",
            (
                _id("barrier_id", "identifier"),
                _NAME,
                Column("kind", "str", "what it is", required=True, choices=BARRIER_KINDS),
                _SOURCE,
            ),
        ),
        Layer(
            "gates",
            _POINTS,
            "openings in barriers",
            (
                _id("gate_id", "identifier"),
                _NAME,
                Column("open", "bool", "whether residents may pass", required=True),
                _SOURCE,
            ),
        ),
        Layer(
            "context",
            (*_LINES, "MultiLineString", *_AREAS),
            "drawn behind the map or heeded by links, never walked on",
            (
                Column("kind", "str", "what it is", required=True, choices=CONTEXT_KINDS),
                _NAME,
                _SOURCE,
            ),
        ),
    )
}


def group_columns(columns: list[str]) -> list[str]:
    """Return the columns that count people: the total first, then the groups in their order.

    Examples
    --------
    >>> group_columns(["demand_id", "pop_65plus", "population", "pop_65plus (%)"])
    ['population', 'pop_65plus']
    """
    totals = [name for name in ("population", WEIGHT) if name in columns]
    groups = [name for name in columns if name.startswith(GROUP_PREFIX)]
    return totals[:1] + [name for name in groups if not counts_nobody(name)]


def counts_nobody(column: str) -> bool:
    """Return whether a column says by its name that it holds shares, means or another measure.

    A density or an average age adds up to no number of people, however it is called before.

    Examples
    --------
    >>> counts_nobody("pop_65plus_pct"), counts_nobody("pop_65plus (%)"), counts_nobody("pop_old")
    (True, True, False)
    >>> counts_nobody("pop_density"), counts_nobody("pop_age_mean"), counts_nobody("pop_65plus占比")
    (True, True, True)
    """
    return bool(_OF_SHARES.search(column) or _OF_MEASURES.search(column))


_OF_SHARES = re.compile(
    r"[%％‰]|占比|比例|比重|百分比|率\s*(?:[(（]|$)|"
    r"_(?:pct|perc|percent|percentage|shares?|ratio|rate|prop|proportion|fraction)$",
    re.IGNORECASE,
)
_OF_MEASURES = re.compile(
    r"密度|增长|平均|均值|中位|指数|户数|"
    r"[_ (](?:density|dens|growth|change|mean|average|avg|median|index|households?|hh|"
    r"k?m2|k?m²|sq_?km|ha|hectares?)(?:[_ )]|$)",
    re.IGNORECASE,
)
