"""New sites in each of many districts, as tables for people."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.views.words.analysis.leagues import area_names
from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures

_ENDS = {
    "share": ("share_low", "share_high"),
    "share_after": ("share_low_after", "share_high_after"),
}
"""Between which shares each lies."""

SHARES = tuple(_ENDS)
"""Shares today and with the sites, which are shown in per cent."""


def brought_by_sites(districts: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return what new sites bring in each district, with headings in the reader's language.

    Parameters
    ----------
    districts
        Of :class:`planner.batch.proposed_sites.ProposedSites`.
    labels
        Words for the unit that they count.

    Returns
    -------
    DataFrame
        Numbers stay numbers, shares in per cent; where data leave a share open, both its ends.
    """
    say = labels.message
    columns: dict[str, Any] = {say("leagues.col_area"): area_names(districts)}
    if (districts["province"].fillna("") != "").any():
        columns[say("leagues.col_province")] = districts["province"]
    columns[say("siting.col_sites")] = districts["sites"].astype("Int64")
    for name in SHARES:
        heading = say(f"leagues.col_{name}")
        columns[heading] = percent_figures(districts[name].astype("float64"))
        ends = zip(*(districts[each] for each in _ENDS[name]), strict=True)
        ranges = [labels.percent_range(low, high) if low < high else "" for low, high in ends]
        if any(ranges):
            columns[say("leagues.col_range", heading=heading)] = ranges
    columns[say("siting.col_gained")] = districts["gained"].astype("float64").round()
    unsure = districts["gained_unsure"].astype("float64")
    if (unsure > 0).any():
        columns[say("leagues.col_gained_unsure")] = unsure.round()
    columns[say("siting.col_bound")] = districts["bound"].astype("float64").round()
    # a bound is told in whole people and a gap in hundredths of per cent, as on the siting page
    columns[say("leagues.col_gap")] = (districts["gap"].astype("float64") * 100).round(2)
    columns[say("leagues.col_known")] = _known(districts, labels)
    columns[say("leagues.col_district")] = districts["district"]
    # each column keeps its type: a number of sites that is missing makes no words of the others
    told = {name: pd.Series(cells).reset_index(drop=True) for name, cells in columns.items()}
    return pd.DataFrame(told)


def sites_of_districts(
    sites: pd.DataFrame, districts: pd.DataFrame, labels: Labels
) -> pd.DataFrame:
    """Return the sites themselves: which district, which place, what it brings, where it is.

    Parameters
    ----------
    sites, districts
        Of :class:`planner.batch.proposed_sites.ProposedSites`, sites in degrees.
    labels
        As of :func:`brought_by_sites`.
    """
    say = labels.message
    columns: dict[str, Any] = {
        say("leagues.col_area"): districts_of_sites(sites, districts),
        say("siting.col_rank"): sites["rank"].astype("int64"),
        say("siting.col_site"): site_words(sites, labels),
        say("siting.col_gained"): sites["gained"].astype("float64").round(),
        say("siting.col_alone"): sites["alone"].astype("float64").round(),
        say("siting.col_serves"): sites["serves"].astype("float64").round(),
        say("siting.col_lon"): sites["geometry"].map(lambda place: round(place.x, 6)),
        say("siting.col_lat"): sites["geometry"].map(lambda place: round(place.y, 6)),
        say("leagues.col_district"): sites["district"],
    }
    return pd.DataFrame({name: pd.Series(list(cells)) for name, cells in columns.items()})


def districts_of_sites(sites: pd.DataFrame, districts: pd.DataFrame) -> list[str]:
    """Return what the district of each site is called."""
    keys = zip(districts["province"], districts["district"], strict=True)
    called = dict(zip(keys, area_names(districts), strict=True))
    return [called[key] for key in zip(sites["province"], sites["district"], strict=True)]


def site_words(sites: pd.DataFrame, labels: Labels) -> list[str]:
    """Return what each site is called: by its name, else what it is."""
    return [
        str(name) if isinstance(name, str) and name else labels.message(f"siting.where_{origin}")
        for name, origin in zip(sites["name"], sites["origin"], strict=True)
    ]


def _known(districts: pd.DataFrame, labels: Labels) -> list[str]:
    """Return what must be known of each row: remarks, or why there are no sites."""
    pairs = zip(
        *(districts[f"{name}_{labels.language}"] for name in ("why_not", "remarks")), strict=True
    )
    return [labels.paragraph(filter(None, [why, *remarks.split("\n")])) for why, remarks in pairs]
