"""Where a facility of a kind could be: listed sites, doors to open, shared premises, any place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.analysis.distances.streets import streets_of
from planner.analysis.hours.rules import OPEN, UNKNOWN
from planner.analysis.nearby import STREET_M, street_names_near
from planner.analysis.people import people_of
from planner.arrays import F64, Bool, Shapes
from planner.errors import Finding, InputError
from planner.siting.buildable import dry, nodes_on_ground
from planner.siting.costs import Costs, builtin_costs, check_currency

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district import District

Origin = Literal["candidates", "internal", "premises", "streets", "homes", "grid"]

ORIGINS: tuple[Origin, ...] = ("candidates", "internal", "premises", "streets", "homes", "grid")
GENERATED: tuple[Origin, ...] = ("streets", "homes", "grid")
"""Places that nobody listed."""
LISTED: tuple[Origin, ...] = ("candidates", "internal")
"""Where places are looked for first: what a district lists."""

SPACING_M = 150.0
"""Least distance between generated sites."""

MOST_NODES = 1_000_000
"""Nodes that a grid may have in the boxes of all communities; counted before it is made."""

_COLUMNS = ("site_id", "origin", "name", "facility_id", "cost", "floor_area_m2", "required")


class PlaceKeywords(TypedDict, total=False):
    """The fields of :class:`PlaceOptions` as keywords."""

    where: Sequence[str] | None
    sites: gpd.GeoDataFrame | None
    spacing_m: float
    within: shapely.Geometry | None
    without: shapely.Geometry | None
    costs: Costs | None


@dataclass(frozen=True, eq=False)
class PlaceOptions:
    """Places to choose from.

    Parameters
    ----------
    where
        Origins; see :func:`candidate_sites`. None: what the district lists, and where it lists
        nothing for a kind, places along the streets.
    sites
        The places themselves, in place of `where`, as that function returns them.
    spacing_m, within, without, costs
        As that function takes them.
    """

    where: Sequence[str] | None = None
    sites: gpd.GeoDataFrame | None = None
    spacing_m: float = SPACING_M
    within: shapely.Geometry | None = None
    without: shapely.Geometry | None = None
    costs: Costs | None = None

    def __post_init__(self) -> None:
        """Take a text for one origin, and not for its letters."""
        if isinstance(self.where, str):
            object.__setattr__(self, "where", (self.where,))

    @property
    def prices(self) -> Costs:
        """Prices; the built-in ones where none are given."""
        return self.costs or builtin_costs()

    @property
    def names(self) -> str:
        """The origins in words, for messages."""
        return ", ".join(self.where or (*LISTED, "streets"))

    def along_streets(self) -> PlaceOptions:
        """Return the options with places along the streets instead."""
        return replace(self, where=("streets",))

    def offered(
        self, assessment: Assessment, kind: str, *, most_ways: float = 0.0
    ) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
        """Return the places for a kind, and what a reader must know of them.

        Parameters
        ----------
        assessment
            Of the district as it is.
        kind
            What is to be sited.
        most_ways
            Above 0 where the answer claims to be the best along the streets, so that every junction
            and end counts and not one in each square, as long as the ways from all homes to all of
            them are no more than this; where they are, it is told.
        """
        every_node = 0 < _ways_to_nodes(assessment) <= most_ways
        if self.sites is not None:
            return _as_given(self.sites, assessment.district), ()
        where, notes = self.where or LISTED, []
        sites = self._found(assessment, kind, where, every_node=every_node)
        if sites.empty and self.where is None:
            where = ("streets",)
            sites = self._found(assessment, kind, where, every_node=every_node)
            if len(sites):
                notes.append(self.finding([kind]))
        if most_ways and "streets" in where and not every_node:
            params = {"spacing": f"{self.spacing_m:g}"}
            notes.append(Finding("siting.thinned_nodes", params))
        return sites, tuple(notes)

    def doors_unsure(self, assessment: Assessment, kinds: Sequence[str]) -> tuple[Finding, ...]:
        """Tell of units' facilities that no search may choose, since nobody knows when they serve.

        Parameters
        ----------
        assessment
            Of the district as it is, at the hour and for the service that are asked for.
        kinds
            What is to be sited.

        Returns
        -------
        ``siting.doors_unsure``, where there are any.
        """
        if self.sites is not None or "internal" not in (self.where or LISTED):
            return ()
        rows = _doors(assessment, kinds, UNKNOWN)
        kept = _inside(rows.geometry.to_numpy(), self.within, self.without)
        ids = rows["facility_id"].astype(str)[kept].tolist()
        params = {"count": len(ids), "ids": ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "")}
        return (Finding("siting.doors_unsure", params),) if ids else ()

    def finding(self, kinds: Sequence[str]) -> Finding:
        """Return what a reader must know where places along the streets were made up."""
        return Finding("siting.along_streets", {"kinds": ", ".join(kinds)})

    def _found(
        self, assessment: Assessment, kind: str, where: Sequence[str], *, every_node: bool
    ) -> gpd.GeoDataFrame:
        return candidate_sites(
            assessment,
            kind,
            where,
            spacing_m=self.spacing_m,
            within=self.within,
            without=self.without,
            costs=self.costs,
            every_node=every_node,
        )


def candidate_sites(
    assessment: Assessment,
    kind: str,
    where: Sequence[str] = LISTED,
    *,
    spacing_m: float = SPACING_M,
    within: shapely.Geometry | None = None,
    without: shapely.Geometry | None = None,
    costs: Costs | None = None,
    every_node: bool = False,
) -> gpd.GeoDataFrame:
    """Collect the places where a facility of a kind could be opened.

    Parameters
    ----------
    assessment
        Of the district as it is.
    kind
        What is to be sited.
    where
        Origins, in order of preference: ``"candidates"`` (the layer, those that allow the kind
        and are not forbidden), ``"internal"`` (facilities of the kind that units keep for
        themselves and that would count once open), ``"premises"`` (open facilities of another
        kind whose floor area holds both, by the standard's least areas), ``"streets"`` (street
        junctions and ends on the ground and outside buildings, no bridges, piers, platforms or
        trunk roads), ``"homes"``
        and ``"grid"``; the last three outside water and one in each square of `spacing_m`.
    spacing_m
        Side of the squares of which each holds one generated site at most, metres.
    within, without
        Only places inside or outside these areas, in the district's CRS.
    costs
        Prices for those that name none; the built-in ones where none are given.
    every_node
        Take all street junctions and ends, not one in each square.

    Returns
    -------
    GeoDataFrame
        ``site_id``, ``origin``, ``name``, ``facility_id`` (to be opened or shared, else empty),
        ``cost``, ``floor_area_m2``, ``required`` and the point, in the district's CRS. Places
        that the network cannot reach are left out.

    Raises
    ------
    InputError
        ``siting.unknown_origin``, ``siting.bad_spacing``,
        ``siting.fine_grid``, ``siting.other_currency``, ``analysis.unknown_kind``.
    """
    assessment.rule(kind)
    where = (where,) if isinstance(where, str) else where
    unknown = [origin for origin in where if origin not in ORIGINS]
    if unknown or not where:
        given = ", ".join(unknown) or "–"
        raise InputError("siting.unknown_origin", origin=given, known=", ".join(ORIGINS))
    if not 0 < spacing_m < np.inf:
        raise InputError("siting.bad_spacing", value=spacing_m)
    prices = costs or builtin_costs()
    check_currency(prices, assessment.district.money)
    spacing = dict.fromkeys(where, spacing_m)
    if every_node and "streets" in spacing:
        spacing["streets"] = 0.0
    tables = [
        _FINDERS[origin](assessment, kind, apart_m, prices) for origin, apart_m in spacing.items()
    ]
    table = pd.concat([part for part in tables if len(part)] or tables[:1], ignore_index=True)
    sites = gpd.GeoDataFrame(table, geometry="geometry", crs=assessment.district.crs)
    kept = _inside(sites.geometry.to_numpy(), within, without)
    return sites[kept].reset_index(drop=True)


def _inside(
    points: Shapes, within: shapely.Geometry | None, without: shapely.Geometry | None
) -> Bool:
    """Whether each place lies inside one area and outside another."""
    kept = np.ones(len(points), dtype=np.bool_)
    if within is not None:
        kept &= shapely.intersects(points, within)
    if without is not None:
        kept &= ~shapely.intersects(points, without)
    return kept


def _ways_to_nodes(assessment: Assessment) -> int:
    """How many ways there are from all homes to all street nodes."""
    nodes = len(streets_of(assessment.district).ground.node_xy)
    return nodes * len(assessment.district.demand)


def _listed(assessment: Assessment, kind: str, _spacing_m: float, prices: Costs) -> pd.DataFrame:
    layer = assessment.district.candidates
    allowed = [not text or kind in {k.strip() for k in text.split(";")} for text in layer["kinds"]]
    rows = layer[np.array(allowed, dtype=bool) & ~layer["forbidden"].to_numpy(dtype=bool)]
    rule = assessment.rule(kind)
    area = rows["floor_area_m2"].astype(np.float64)
    usual = list(map(prices.site, area.fillna((rule and rule.floor_area_m2) or np.nan)))
    return _table(
        rows.geometry.to_numpy(),
        site_id=rows["candidate_id"].to_numpy(dtype=object),
        origin="candidates",
        name=rows["name"].to_numpy(dtype=object),
        cost=np.where(rows["cost"].isna(), usual, rows["cost"]),
        floor_area_m2=rows["floor_area_m2"].to_numpy(),
        required=rows["required"].to_numpy(dtype=bool),
    )


def _internal(assessment: Assessment, kind: str, _spacing_m: float, prices: Costs) -> pd.DataFrame:
    return _of_facilities(_doors(assessment, [kind], OPEN), "internal", prices.open_internal)


def _as_given(sites: gpd.GeoDataFrame, district: District) -> gpd.GeoDataFrame:
    """Return places that a caller gives, in the CRS of the district, or say what they lack.

    Raises
    ------
    InputError
        ``siting.sites_lack``, ``district.no_crs``.
    """
    if sites.empty:
        return sites
    missing = [name for name in _COLUMNS if name not in sites]
    if missing:
        raise InputError("siting.sites_lack", columns=", ".join(missing))
    if sites.crs is None:
        raise InputError("district.no_crs", layer="sites")
    # points in degrees measured as metres would all stand at one place, far from any street
    return sites if sites.crs == district.crs else sites.to_crs(district.crs)


def _doors(assessment: Assessment, kinds: Sequence[str], state: int) -> gpd.GeoDataFrame:
    """Return the facilities that units keep for themselves, in a state for what is asked."""
    facilities = assessment.district.facilities
    kept = (
        (facilities["ownership"] == "internal")
        & (facilities["status"] == "existing")
        & facilities["kind"].isin(kinds)
        & (assessment.question.states(facilities) == state)
    )
    return facilities[kept]


def _premises(assessment: Assessment, kind: str, _spacing_m: float, prices: Costs) -> pd.DataFrame:
    least_m2 = assessment.standard.least_m2
    facilities = assessment.district.open_facilities()
    both = facilities["kind"].map(least_m2).astype(np.float64) + least_m2(kind)
    with_kind = {geometry.wkb for geometry in facilities.geometry[facilities["kind"] == kind]}
    alone = np.array([geometry.wkb not in with_kind for geometry in facilities.geometry], bool)
    rooms = facilities[(facilities["kind"] != kind) & (facilities["floor_area_m2"] >= both) & alone]
    rooms = rooms[~rooms.geometry.duplicated()]
    saving = 1.0 - prices.one_stop_saving
    return _of_facilities(rooms, "premises", prices.site(least_m2(kind)) * saving)


def _of_facilities(rows: gpd.GeoDataFrame, origin: str, cost: float) -> pd.DataFrame:
    ids = rows["facility_id"].to_numpy(dtype=object)
    return _table(
        rows.geometry.to_numpy(),
        site_id=np.array([f"{origin}:{each}" for each in ids], dtype=object),
        origin=origin,
        name=rows["name"].to_numpy(dtype=object),
        facility_id=ids,
        cost=cost,
        floor_area_m2=rows["floor_area_m2"].to_numpy(),
    )


def _streets(assessment: Assessment, kind: str, spacing_m: float, prices: Costs) -> pd.DataFrame:
    nodes = nodes_on_ground(assessment.district)
    side = spacing_m or 1.0
    square = np.floor(nodes / side)
    from_middle = np.hypot(*(nodes / side - square - 0.5).T).round(9)
    # for a square stands the junction nearest to its middle, whatever the order of the streets
    order = np.lexsort([nodes[:, 1], nodes[:, 0], from_middle, square[:, 1], square[:, 0]])
    return _generated(assessment, kind, "streets", nodes[order], spacing_m, prices)


def _homes(assessment: Assessment, kind: str, spacing_m: float, prices: Costs) -> pd.DataFrame:
    xy = shapely.get_coordinates(assessment.district.demand.geometry.to_numpy())
    # for a square stands the home with most people, of equal ones that farther in the south-west
    order = np.lexsort([xy[:, 1], xy[:, 0], -people_of(assessment)])
    return _generated(assessment, kind, "homes", xy[order], spacing_m, prices)


def _grid(assessment: Assessment, kind: str, spacing_m: float, prices: Costs) -> pd.DataFrame:
    check_grid(assessment.district, spacing_m)
    nodes = [
        np.stack(np.meshgrid(np.arange(y0, y1), np.arange(x0, x1), indexing="ij"), axis=-1).reshape(
            -1, 2
        )
        for x0, y0, x1, y1 in _grid_boxes(assessment.district, spacing_m)
    ]
    by_row = np.unique(np.concatenate(nodes), axis=0)
    return _generated(assessment, kind, "grid", by_row[:, ::-1] * spacing_m, spacing_m, prices)


def check_grid(district: District, spacing_m: float, most: int = MOST_NODES) -> None:
    """Refuse a grid of more nodes than may be, before any is made.

    Parameters
    ----------
    district
        Whose communities the grid covers.
    spacing_m
        Side of its squares, metres.
    most
        Nodes in the boxes of the communities.

    Raises
    ------
    InputError
        ``siting.bad_spacing`` or ``siting.fine_grid``.
    """
    if not 0 < spacing_m < np.inf:
        raise InputError("siting.bad_spacing", value=spacing_m)
    x0, y0, x1, y1 = _grid_boxes(district, spacing_m).T
    with np.errstate(all="ignore"):  # what is too large to be counted is too many
        count = float(((x1 - x0) * (y1 - y0)).sum())
    if not count <= most:
        told = int(count) if count < 1e15 else "∞"
        raise InputError("siting.fine_grid", spacing=f"{spacing_m:g}", count=told, most=most)


def _grid_boxes(district: District, spacing_m: float) -> F64:
    """Return a grid's columns and rows in each part: the first ones, and those after the last."""
    parts = shapely.get_parts(district.communities.geometry.to_numpy())
    with np.errstate(over="ignore"):
        west, south, east, north = np.ceil(shapely.bounds(parts) / spacing_m).T
    return np.stack([west, south, east, north], axis=1)


def _generated(
    assessment: Assessment,
    kind: str,
    origin: str,
    xy: F64,
    spacing_m: float,
    prices: Costs,
) -> pd.DataFrame:
    """Return dry places inside the communities, the first of each square of `spacing_m`, 0 all."""
    area = shapely.union_all(assessment.district.communities.geometry.to_numpy())
    shapely.prepare(area)
    inside = xy[shapely.intersects_xy(area, xy)]
    inside = inside[dry(assessment.district, inside)]
    chosen = inside
    if spacing_m:
        _, first = np.unique(np.floor(inside / spacing_m), axis=0, return_index=True)
        chosen = inside[np.sort(first)]
    rule = assessment.rule(kind)
    points = np.asarray(shapely.points(chosen), dtype=object)
    return _table(
        points,
        name=street_names_near(assessment.district.streets, points, STREET_M),
        site_id=np.array([f"{origin}:{x:.0f},{y:.0f}" for x, y in chosen], dtype=object),
        origin=origin,
        cost=prices.site(rule.floor_area_m2 if rule else None),
        floor_area_m2=rule.floor_area_m2 if rule and rule.floor_area_m2 else np.nan,
    )


def _table(points: npt.NDArray[Any], **columns: Any) -> pd.DataFrame:
    given = {"name": "", "facility_id": "", "required": False, **columns}
    table = pd.DataFrame({name: given[name] for name in _COLUMNS}, index=range(len(points)))
    return table.assign(geometry=points)


_FINDERS = {
    "candidates": _listed,
    "internal": _internal,
    "premises": _premises,
    "streets": _streets,
    "homes": _homes,
    "grid": _grid,
}
