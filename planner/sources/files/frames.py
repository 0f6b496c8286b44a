"""A district from tables in memory, read as files are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.district import Defaults, District, Kinds, given_kinds
from planner.district.layers import BUFFER_M
from planner.progress import untold
from planner.sources.files.district import joined_layers
from planner.sources.files.intake import Intake
from planner.sources.files.lists import by_key, layer_of
from planner.sources.files.options import FileOptions
from planner.sources.population.options import Residents
from planner.sources.tables.frames import frame


def from_frames(
    name: str = "District",
    *,
    communities: Any,
    streets: Any,
    facilities: Any,
    demand: Any = None,
    residents: Residents | None = None,
    barriers: Any = None,
    gates: Any = None,
    candidates: Any = None,
    context: Any = None,
    facility_columns: Mapping[str, str] | None = None,
    crs: Any = None,
    kinds: Kinds | str | Path | None = None,
    buffer_m: float = BUFFER_M,
    complete: Sequence[str] = (),
    join_streets: bool | float = False,
    gate_words: Mapping[str, bool] | None = None,
    island_m: float | None = None,
    intake: Intake | None = None,
    datum: str | Mapping[str, str] = "auto",
    standard: str | None = None,
    benchmark: str | None = None,
    currency: str | None = None,
) -> District:
    """Make a district of tables in memory, as OSMnx, geopandas and pandas users have them.

    They are read as files are: any CRS, headers in English or Chinese, OpenStreetMap tags as
    columns, streets split where they share a vertex, ids made where there are none; the same is
    told of them. The tables themselves are left as they are.

    Parameters
    ----------
    name
        Name shown to people.
    communities, streets, barriers, context
        GeoDataFrames of community areas, walkable lines (edges of ``osmnx.graph_to_gdfs`` too),
        what cannot be crossed, and what is drawn behind the map.
    facilities, demand, gates, candidates
        GeoDataFrames of points or areas (of ``osmnx.features_from_place`` too), or DataFrames
        with columns of coordinates.
    residents
        As of :func:`planner.sources.from_files`; its files may be tables in memory too.
    facility_columns, kinds, buffer_m, complete, join_streets, gate_words, island_m, intake, datum
        As of :func:`planner.sources.from_files`.
    standard, benchmark, currency
        As of :func:`planner.sources.from_files`.
    crs
        CRS of the tables that have none.

    Raises
    ------
    InputError
        Names the table, row and column of the first fault.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> def table(shapes, **columns):
    ...     return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:32650")
    >>> district = from_frames(
    ...     communities=table([shapely.box(0, -50, 900, 50)], name=["East"]),
    ...     streets=table([shapely.LineString([(0, 0), (900, 0)])]),
    ...     facilities=table([shapely.Point(60, 0)], kind=["clinic"]),
    ...     demand=table([shapely.Point(50, 5)], population=[10]),
    ... )
    >>> [len(district.streets), district.demand["community_id"].tolist()]
    [1, ['1']]
    """
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
    given = {
        "communities": communities,
        "streets": streets,
        **by_key("facilities", facilities),
        "demand": demand,
        "barriers": barriers,
        "gates": gates,
        "candidates": candidates,
        "context": context,
    }
    optional = ("demand", "barriers", "gates", "candidates", "context")
    sources = {
        key: None if table is None and key in optional else frame(table, layer_of(key))
        for key, table in given.items()
    }
    return joined_layers(name, sources, options, untold)
