"""From one place: the way to the nearest facility of each kind, and what lies within minutes."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.distances.border import longest_m
from planner.analysis.distances.measured import measure
from planner.analysis.distances.streets import join
from planner.analysis.people import people_of
from planner.arrays import F64, Bool
from planner.network import Positions
from planner.sources.checks.district import barriers_of

METRES_A_MINUTE = 75.0
"""Walking speed of the rings; planners reckon with 60 to 80 metres a minute."""

RINGS_MIN = (5.0, 10.0, 15.0)


def ways_from(assessment: Assessment, x: float, y: float) -> gpd.GeoDataFrame:
    """Return the nearest facility of each kind that counts, and the way walked to it.

    Parameters
    ----------
    assessment
        The assessed district; its question decides which facilities count.
    x, y
        The place, metres in the district's CRS.

    Returns
    -------
    GeoDataFrame
        Index ``kind``: ``facility_id`` (empty where none can be reached), ``distance_m`` (NaN
        where no street is near the place, inf where none can be reached), ``judged_m`` (what the
        standard holds against its limit, as of a home there: straight to the nearest that counts
        where it measures so), ``best_m`` (what that may be at best, as of ``best_distances``), and
        the walked line with both access legs, empty where there is none.
    """
    reach, district = assessment.reach, assessment.district
    network, on_network = reach.streets.network, reach.streets.on_network
    start, there = _start(assessment, x, y), reach.of_place(x, y)
    places = on_network(reach.places)
    ids = district.facilities["facility_id"].to_numpy(dtype=object)
    rows = []
    for kind in assessment.kinds:
        which = np.flatnonzero(reach.counting(kind, if_unknown=False) & places.known)
        found = network.nearest(places.take(which), start)
        source = int(found.source[0])
        line, facility_id = shapely.LineString(), ""
        if source >= 0:
            row = int(which[source])
            facility_id = str(ids[row])
            way = network.path(start, places.take([row])).xy
            line = shapely.LineString(way) if len(way) > 1 else line
        distance_m = float(found.distance_m[0]) if start.known[0] else np.nan
        judged = measure(there, kind)
        best_m = float(judged.best_m[0])
        rule = assessment.standard.rules.get(kind)
        if rule is not None:
            best_m = np.minimum(best_m, there.perhaps_m(kind, longest_m(rule))[0])
        rows.append((kind, facility_id, distance_m, float(judged.distance_m[0]), best_m, line))
    columns = ["kind", "facility_id", "distance_m", "judged_m", "best_m", "geometry"]
    table = pd.DataFrame(rows, columns=columns)
    return gpd.GeoDataFrame(table.set_index("kind"), geometry="geometry", crs=district.crs)


def rings_from(
    assessment: Assessment,
    x: float,
    y: float,
    minutes: Sequence[float] = RINGS_MIN,
    metres_a_minute: float = METRES_A_MINUTE,
    group: str | None = None,
) -> gpd.GeoDataFrame:
    """Return the ground that can be reached from a place within minutes on foot.

    Parameters
    ----------
    assessment
        The assessed district.
    x, y
        The place, metres in the district's CRS.
    minutes
        One ring for each.
    metres_a_minute
        Walking speed.
    group
        Whose people are counted; the total where none is given.

    Returns
    -------
    GeoDataFrame
        ``minutes``, ``limit_m``, the ring's polygon (see
        :func:`planner.network.service_areas`), and ``people`` of the group who live no farther
        away, their own access legs included; NaN where no street is near the place, and where the
        count is withheld: see :func:`_shown`.
    """
    district = assessment.district
    limits_m = np.asarray(minutes, dtype=np.float64) * metres_a_minute
    areas = assessment.reach.streets.network.service_areas(
        _start(assessment, x, y), limits_m, barriers=barriers_of(district)
    )
    polygons = areas.polygons if areas.polygons is not None else []
    network, on_network = assessment.reach.streets.network, assessment.reach.streets.on_network
    start = _start(assessment, x, y)
    walked_m = network.nearest(start, on_network(assessment.reach.homes)).distance_m
    people = people_of(assessment, group, untold=_any_gone(assessment, group))
    inside = [walked_m <= limit_m for limit_m in limits_m]
    counts = _shown(assessment, group, inside, np.array([people[ring].sum() for ring in inside]))
    counts = counts if start.known[0] else np.full(len(limits_m), np.nan)
    table = {"minutes": list(minutes), "limit_m": limits_m, "people": counts}
    return gpd.GeoDataFrame(table, geometry=list(polygons), crs=district.crs)


def _any_gone(assessment: Assessment, group: str | None) -> bool:
    """Return whether a group is withheld of whole communities, and so told at no home there."""
    withheld = assessment.district.withheld
    return withheld is not None and group in withheld.groups and bool(withheld.gone[group].any())


def _shown(assessment: Assessment, group: str | None, inside: list[Bool], counts: F64) -> F64:
    """Return the people of rings without what is withheld from who looks.

    As of any other area: no ring is counted that holds part of a community of which the group is
    withheld, and no count below the threshold is shown. Rings lie one inside the other, so two of
    them tell a third figure, that between them. The larger one is left out where that is small:
    so each count that is left differs from the one before it by nobody, or by enough.
    """
    withheld = assessment.district.withheld
    if withheld is None or group not in withheld.groups:
        return counts
    homes = assessment.district.demand["demand_id"]
    areas = range(len(inside))
    own = pd.DataFrame({"area_id": [str(n) for n in areas], "group": group, "covered": counts})
    gone = [
        withheld.areas(["0"], np.where(ring, 0, -1), homes, whole=False)[group].iloc[0]
        for ring in inside
    ]
    hidden = pd.DataFrame({group: gone}, index=own["area_id"])
    shown = withheld.without_small(own, hidden)["covered"].to_numpy(dtype=np.float64, copy=True)
    last = 0.0
    for ring in np.argsort(counts, kind="stable"):
        if withheld.few(shown[ring] - last):
            shown[ring] = np.nan
        elif not np.isnan(shown[ring]):
            last = shown[ring]
    return shown


def _start(assessment: Assessment, x: float, y: float) -> Positions:
    """Return where a place joins the network that is walked on, as a home there would."""
    point = gpd.GeoDataFrame(geometry=[shapely.Point(x, y)], crs=assessment.district.crs)
    joined = join(assessment.district, point, assessment.max_access_m)
    return assessment.reach.streets.on_network(joined)
