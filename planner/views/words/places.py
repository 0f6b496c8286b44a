"""Names of places: facilities, communities and sites."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd
import shapely

from planner.analysis.nearby import Nearby, nearby
from planner.arrays import F64
from planner.district import District
from planner.siting.candidates import GENERATED
from planner.views.words.labels import Labels

AT_M = 20.0
"""No farther than this from a landmark a place is said to be at it, metres."""


def facility_names(district: District) -> pd.Series:
    """Return the name of each facility by its id, the id where it has none."""
    facilities = district.facilities.set_index("facility_id")["name"]
    ids = facilities.index.to_series()
    return pd.Series(facilities.where(facilities != "", ids), dtype=object)


def community_names(district: District) -> pd.Series:
    """Return the name of each community by its id, the id where it has none."""
    communities = district.communities.set_index("community_id")["name"]
    ids = communities.index.to_series()
    return pd.Series(communities.where(communities != "", ids), dtype=object)


def nearby_word(spot: Nearby, labels: Labels) -> str:
    """Return where a place is by what is near it: street and landmark, else community and part.

    Examples
    --------
    >>> spot = Nearby("新华路", "锦绣花园南门", 78.0, "w", "锦绣社区", "n", True)
    >>> nearby_word(spot, Labels("en"))
    'in 新华路, 80 m west of 锦绣花园南门'
    >>> nearby_word(spot, Labels("zh"))
    '新华路，锦绣花园南门以西 80 米'
    >>> nearby_word(spot._replace(street="", landmark=""), Labels("en"))
    '锦绣社区, north'
    """
    if spot.landmark:
        if spot.landmark_m <= AT_M:
            told = labels.message("places.at", landmark=spot.landmark)
        else:
            metres = labels.metres(round(spot.landmark_m, -1))
            code = f"places.from_{spot.bearing}"
            told = labels.message(code, metres=metres, landmark=spot.landmark)
    elif not spot.inside:
        told = labels.message("places.outside", community=spot.community)
    elif spot.street:
        told = spot.community
    else:
        part = labels.message(f"gaps.direction_{spot.direction}")
        told = labels.message("gaps.part_of_community", community=spot.community, direction=part)
    return (
        labels.message("places.in_street", street=spot.street, spot=told) if spot.street else told
    )


def brief_word(spot: Nearby, labels: Labels) -> str:
    """Return where a place is in few words: what it is at, else its street, what is near, or area.

    Examples
    --------
    >>> spot = Nearby("新华路", "锦绣花园南门", 78.0, "w", "锦绣社区", "n", True)
    >>> brief_word(spot, Labels("en")), brief_word(spot._replace(street=""), Labels("en"))
    ('新华路', 'near 锦绣花园南门')
    >>> brief_word(spot._replace(landmark_m=9.0), Labels("zh"))
    '锦绣花园南门旁'
    """
    if spot.landmark and spot.landmark_m <= AT_M:
        return labels.message("places.at", landmark=spot.landmark)
    if spot.street:
        return spot.street
    if spot.landmark:
        return labels.message("places.near", landmark=spot.landmark)
    return nearby_word(spot, labels)


def brief_place(name: str, spot: Nearby, labels: Labels) -> str:
    """Return a name with its street or what else tells where it is, for a cell of a table.

    Examples
    --------
    >>> spot = Nearby("Mill Lane", "North Gate", 8.0, "w", "Old Town", "n", True)
    >>> brief_place("Old mill", spot, Labels("en")), brief_place("", spot, Labels("en"))
    ('Old mill, Mill Lane', 'at North Gate')
    >>> brief_place("North Gate", spot._replace(street=""), Labels("en"))
    'at North Gate'
    """
    told, name = brief_word(spot, labels), labels.place(name)
    if not name or name in told:
        return told
    place = spot.street or told
    return labels.message("places.named_briefly", name=name, place=place)


def brief_places(names: Iterable[str], spots: Iterable[Nearby], labels: Labels) -> list[str]:
    """Return names with their streets, as :func:`brief_place` does."""
    return [brief_place(name, spot, labels) for name, spot in zip(names, spots, strict=True)]


def named_place(name: str, place: str, labels: Labels) -> str:
    """Return a name with its place in brackets; the place alone where it tells the name.

    Examples
    --------
    >>> named_place("Old mill", "in Mill Lane, at North Gate", Labels("en"))
    'Old mill (in Mill Lane, at North Gate)'
    >>> named_place("North Gate", "in Mill Lane, at North Gate", Labels("en"))
    'in Mill Lane, at North Gate'
    """
    name = labels.place(name)
    if not name or name in place:
        return place
    return labels.message("places.named", name=name, place=place)


def place_words(district: District, xy: F64, labels: Labels) -> list[str]:
    """Return where places are, (n, 2) metres in the district's CRS, as :func:`nearby_word` does."""
    return [nearby_word(spot, labels) for spot in nearby(district, xy)]


def places_of(district: District, table: gpd.GeoDataFrame, labels: Labels) -> list[str]:
    """Return where the rows of a table are: their points, or the middles of their lines."""
    return [nearby_word(spot, labels) for spot in spots_of(district, table)]


def spots_of(district: District, table: gpd.GeoDataFrame) -> list[Nearby]:
    """Return what is near the rows of a table: their points, or the middles of their lines."""
    shapes = table.geometry.to_numpy()
    lines = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    middles = shapely.centroid(shapes)
    middles[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    return nearby(district, shapely.get_coordinates(middles))


def brief_sites(sites: gpd.GeoDataFrame, district: District, labels: Labels) -> list[str]:
    """Return what sites are called and their street, in few words, for cells of a table.

    Parameters
    ----------
    sites
        With ``name``, ``origin`` and points; what was made up is called by its place.
    """
    own = sites["name"].where(~sites["origin"].isin(GENERATED), "")
    return brief_places(own, spots_of(district, sites), labels)


def with_places(district: District, table: gpd.GeoDataFrame, labels: Labels) -> gpd.GeoDataFrame:
    """Return a layer that tells in words where each row is, in a column ``place``."""
    return table.assign(place=places_of(district, table, labels))


def site_names(sites: gpd.GeoDataFrame, district: District, labels: Labels) -> pd.Series:
    """Return what sites or candidates are called, by their ids; one without a name by its place.

    A site that was made up has no name of its own: that of its street names many.
    """
    made_up = sites["origin"].isin(GENERATED).to_numpy(dtype=bool)
    nameless = made_up | (sites["name"] == "").to_numpy(dtype=bool)
    names = sites["name"].to_numpy(dtype=object, copy=True)
    names[nameless] = places_of(district, sites[nameless], labels)
    return pd.Series(names, index=sites["site_id"], dtype=object)


def named_places(
    sites: gpd.GeoDataFrame, district: District, labels: Labels, column: str
) -> dict[str, list[str]]:
    """Return the columns that name sites: what each is called, and where those called so are.

    Parameters
    ----------
    sites
        With ``site_id``, ``name``, ``origin`` and points.
    district, labels
        Where they are, and the words.
    column
        Name of the first column; the second is ``place``, left out where no site has a name of its
        own.
    """
    names = site_names(sites, district, labels).to_list()
    places = places_of(district, sites, labels)
    return {column: names} | ({} if names == places else {"place": places})
