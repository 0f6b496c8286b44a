"""The layer ``demand`` made of totals, grids or rasters: read, joined and spread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from planner.district import Source
from planner.district.layers import SPREAD_FROM
from planner.errors import Finding
from planner.sources.datums.recognition import Ground
from planner.sources.datums.settling import settled
from planner.sources.files.intake import Intake
from planner.sources.population.cells import cells_within, read_cells
from planner.sources.population.groups import groups_exceeding
from planner.sources.population.growth import grown_areas, grown_communities
from planner.sources.population.homes import read_homes
from planner.sources.population.options import Residents
from planner.sources.population.places import Places, no_places
from planner.sources.population.rasters import read_raster
from planner.sources.population.spreading import spread_over
from planner.sources.population.street_points import ranked_points
from planner.sources.population.totals import Totals, own_totals, read_totals
from planner.sources.tables.frames import frame


@dataclass(frozen=True, eq=False)
class Population:
    """Residents of a district that were spread.

    Parameters
    ----------
    demand
        The layer ``demand`` without communities.
    sources
        Where the totals, and the homes they were spread over, came from.
    findings
        What was read, joined and spread.
    communities
        The communities with their totals, where these were told by community.
    totals
        The residents by community or cell, before they were spread.
    """

    demand: gpd.GeoDataFrame
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    communities: gpd.GeoDataFrame
    totals: Totals


def read_population(
    residents: Residents,
    communities: gpd.GeoDataFrame,
    source: Source,
    intake: Intake | None = None,
    *,
    crs: Any = None,
    streets: gpd.GeoDataFrame | None = None,
) -> Totals:
    """Read what an import knows of its residents, by community or cell, before it is spread.

    Parameters
    ----------
    residents
        What is known.
    communities
        The layer, metric.
    source
        Of the communities, for totals that are a column of theirs.
    intake
        What is known of the files.
    crs
        CRS of coordinates where files do not say.
    streets
        By which the datum of the cells' middles is recognised where nobody says it.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row and column of the first fault.
    """
    own = intake or Intake()
    if residents.totals is not None:
        given = _readable(residents.totals, "totals")
        options = own.options("totals")
        totals = read_totals(given, communities, groups=residents.groups, **options)
    elif residents.cells is not None:
        given = _readable(residents.cells, "cells")
        cells = read_cells(given, crs=crs, **own.options("cells"))
        if streets is not None and (cells.table.geom_type == "Point").all():
            cells = settled(cells, Ground(streets.geometry, communities))
        own.on_reading(cells)
        totals = cells_within(cells, communities, residents.groups)
    elif residents.raster is not None:
        totals = read_raster(residents.raster, communities, residents.groups)
    else:
        totals = own_totals(communities, source, residents.groups)
    notes = groups_exceeding(totals.areas, totals.source.source)
    totals = replace(totals, findings=(*totals.findings, *notes))
    return grown_areas(totals, residents, communities, **own.options("growth"))


def population_of(
    residents: Residents,
    communities: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    source: Source,
    intake: Intake | None = None,
    *,
    crs: Any = None,
    known: Callable[[], tuple[Places, Source, list[Finding]]] | None = None,
) -> Population:
    """Read the residents of a district and spread them.

    Parameters
    ----------
    residents, communities, source, intake, crs
        As of :func:`read_population`.
    streets
        The layer.
    known
        Homes and points of streets that the district's own source tells, with their source and
        what was found; asked where `residents` names no homes.

    Raises
    ------
    MissingFileError, InputError
        Names the file, row and column of the first fault.
    """
    own = intake or Intake()
    totals = read_population(residents, communities, source, own, crs=crs, streets=streets)
    if totals.reading is not None:
        own.on_reading(totals.reading)
    findings = list(totals.findings)
    sources = [_dated(totals.source, residents)]
    if residents.homes is not None:
        homes = read_homes(
            _readable(residents.homes, "homes"),
            crs=crs,
            to_crs=communities.crs,
            **own.options("homes"),
        )
        own.on_reading(homes)
        findings += homes.findings
        sources.append(replace(homes.source, layer="demand"))
        places = Places(homes.table, _points(streets, communities))
    elif known is not None:
        places, of_places, notes = known()
        findings += notes
        sources.append(of_places)
    else:
        places = Places(no_places(communities.crs), _points(streets, communities))
    by_cell = residents.cells is not None or residents.raster is not None
    nouns = "cells" if by_cell else "communities"
    spread = spread_over(totals.areas, totals.counted, places, totals.source.source, nouns)
    findings += spread.findings
    demand = spread.demand
    told = communities if by_cell else _with_households(communities, totals)
    year, later = residents.year, residents.to_year
    if totals.growth is not None and year is not None and later is not None:
        # what the boundaries count themselves is of the first year too
        told, of_households = grown_communities(told, totals.growth, year, later)
        findings += of_households
    if not by_cell:
        demand.insert(1, "community_id", demand[SPREAD_FROM])
        told = _with_totals(told, totals, grown=totals.growth is not None)
    return Population(demand, tuple(sources), tuple(findings), told, totals)


def _points(streets: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    place = shapely.union_all(communities.geometry.to_numpy())
    return ranked_points(streets, place)


def _readable(given: Any, layer: str) -> Any:
    """Return a file as it is, and a table in memory as one that can be read."""
    return given if isinstance(given, str | Path) else frame(given, layer)


def _dated(source: Source, residents: Residents) -> Source:
    """Return the provenance with the year that the figures are of."""
    year = residents.to_year or residents.year
    return source if year is None else replace(source, date=str(year))


def _with_households(communities: gpd.GeoDataFrame, totals: Totals) -> gpd.GeoDataFrame:
    """Return communities with the households of the table of totals; their own stay."""
    own = "households" in communities and communities["households"].notna().any()
    if own or "households" not in totals.areas:
        return communities
    return communities.assign(households=totals.areas["households"].to_numpy(dtype=np.float64))


def _with_totals(communities: gpd.GeoDataFrame, totals: Totals, *, grown: bool) -> gpd.GeoDataFrame:
    """Return communities with the totals; their own stay unless they are of a past year."""
    own = "population" in communities and communities["population"].notna().any()
    if own and not grown:
        return communities
    figures = totals.areas["population"].to_numpy(dtype=np.float64)
    return communities.assign(population=figures)
