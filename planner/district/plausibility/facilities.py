"""What facilities say, and where they stand, that can hardly be so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.district.identity.doubles import doubles
from planner.district.identity.names import plain_name
from planner.district.plausibility.communities import told_first
from planner.district.plausibility.homes import tells_part
from planner.district.services import is_suspended, named_services, tells_hours
from planner.errors import Finding

CENTRE_M = 3.0
"""A facility this near to the middle of a community was hardly built there by chance, metres."""

_FEWEST = 3
_PART = 0.1
_OF_ALL = 0.5


def odd_places(communities: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of facilities that stand at the very middle of their communities.

    They were placed by the name of the community and not by their address: the walk to each may be
    wrong by half the community.

    Parameters
    ----------
    communities, facilities
        Layers of a district.
    """
    if facilities.empty or communities.empty:
        return
    shapes = communities.geometry.to_numpy()
    bounds = shapely.bounds(shapes)
    middles = np.concatenate(
        [
            shapely.centroid(shapes),
            shapely.point_on_surface(shapes),
            np.asarray(shapely.points((bounds[:, :2] + bounds[:, 2:]) / 2), dtype=object),
        ]
    )
    near, _ = shapely.STRtree(middles).query(
        facilities.geometry.to_numpy(), predicate="dwithin", distance=CENTRE_M
    )
    rows = np.unique(near)
    if len(rows) < max(_FEWEST, _PART * len(facilities)):
        return
    names = facilities["name"].where(facilities["name"] != "", facilities["facility_id"])
    params = {
        "count": len(rows),
        "of": len(facilities),
        "metres": round(CENTRE_M),
        "names": told_first(names.iloc[rows]),
    }
    yield Finding("district.facilities_at_centres", params)


def on_borders(communities: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of facilities that stand in several communities, and count as inside each of them.

    Neither community then lacks the kind, and facilities by community add up to more than there
    are, which nobody would guess of the columns.

    Parameters
    ----------
    communities, facilities
        Layers of a district.
    """
    if facilities.empty or communities.empty:
        return
    tree = shapely.STRtree(communities.geometry.to_numpy())
    rows, _ = tree.query(facilities.geometry.to_numpy(), predicate="intersects")
    several = np.bincount(rows, minlength=len(facilities)) > 1
    if several.any():
        names = facilities["name"].where(facilities["name"] != "", facilities["facility_id"])
        params = {"count": int(several.sum()), "ids": told_first(names[several])}
        yield Finding("district.facilities_on_borders", params)


def odd_services(facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of services that their own note says are not offered now, or not yet.

    Parameters
    ----------
    facilities
        Layer ``facilities``.
    """
    yield from _services(facilities, "services_suspended", is_suspended)


def services_at_hours(facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of services that their own text offers on some days or at some hours only.

    Parameters
    ----------
    facilities
        Layer ``facilities``.
    """
    yield from _services(
        facilities, "services_at_hours", lambda name: tells_hours(name) and not is_suspended(name)
    )


def _services(
    facilities: gpd.GeoDataFrame, code: str, told: Callable[[str], bool]
) -> Iterator[Finding]:
    """Tell which services of a kind there are, and of how many facilities."""
    if "services" not in facilities:
        return
    named = [list(filter(told, named_services(text))) for text in facilities["services"].fillna("")]
    counts = Counter(name for names in named for name in names)
    if counts:
        params = {
            "count": sum(map(bool, named)),
            "services": told_first(f"{name} ({times})" for name, times in counts.most_common()),
        }
        yield Finding(f"district.{code}", params)


def contradicting(facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of facilities that one row has as open and another, of name and kind alike, as closed.

    Two lists say so of one facility; one of them is the older.

    Parameters
    ----------
    facilities
        Layer ``facilities``.
    """
    named = facilities[facilities["name"].fillna("") != ""]
    if "status" not in named or not (named["status"] == "closed").any():
        return
    names = named["name"].map(plain_name).to_numpy(dtype=object)
    status = named["status"].to_numpy(dtype=object)
    xy = shapely.get_coordinates(shapely.centroid(named.geometry.to_numpy()))
    first, second, _ = doubles(xy, named["kind"].to_numpy(dtype=object), names.tolist())
    states = np.sort(np.stack([status[first], status[second]]).astype(str), axis=0)
    both = (names[first] == names[second]) & (states[0] == "closed") & (states[1] == "existing")
    if both.any():
        told = named["name"].to_numpy(dtype=object)[first[both]]
        params = {"count": len(set(told)), "names": told_first(dict.fromkeys(told))}
        yield Finding("district.facilities_contradict", params)


def facilities_in_parts(facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of facilities of one name and kind at one place, or of several years: each counts.

    Parameters
    ----------
    facilities
        Layer ``facilities``.
    """
    counts = facilities["status"] == "existing" if "status" in facilities else True
    named = facilities[(facilities["name"].fillna("") != "") & counts]
    if named.empty:
        return
    own = pd.DataFrame({"name": named["name"].map(plain_name), "kind": named["kind"]})
    twins = own.duplicated(keep=False)
    if not twins.any():
        return
    spots = np.round(shapely.get_coordinates(shapely.centroid(named.geometry.to_numpy())))
    places = {"x_of_spot": spots[:, 0], "y_of_spot": spots[:, 1]}
    again = own.assign(**places).duplicated(keep=False)
    for column in filter(tells_part, map(str, named.columns)):
        of_years = own.assign(value=named[column].astype(str))
        if not of_years.duplicated().any() and twins.mean() >= _OF_ALL:
            again |= twins
    # what is equal in every column is told elsewhere
    rest = named[again].drop(columns=["facility_id", named.geometry.name]).astype(str)
    beside = dict(zip(places, spots[again.to_numpy()].T, strict=True))
    again[again] = ~rest.assign(**beside).duplicated(keep=False).to_numpy()
    if again.any():
        names = told_first(dict.fromkeys(named.loc[again, "name"]))
        yield Finding("district.facilities_in_parts", {"count": int(again.sum()), "names": names})
