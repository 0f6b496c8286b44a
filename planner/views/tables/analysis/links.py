"""Links to open as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.views.words.analysis.links import left_out_word, mending_word, where_words, work_word
from planner.views.words.labels import Labels
from planner.views.words.places import community_names
from planner.views.words.shares import metre_figures

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def links_table(
    assessment: Assessment, links: gpd.GeoDataFrame, language: str = "en"
) -> pd.DataFrame:
    """Return links as a table for people.

    Parameters
    ----------
    assessment, language
        What the links were judged by, and ``"en"`` or ``"zh"``.
    links
        Of :func:`planner.analysis.links.links.best_links` or ``link_sequence``.

    Returns
    -------
    DataFrame
        Headings and words in the language; metres and residents as whole numbers, the walk of
        today missing where there is no way; a column for each kind that any link gains.
    """
    labels = Labels.of(assessment, language)
    names = community_names(assessment.district)
    walked = links["walked_m"].replace(np.inf, np.nan)
    columns: dict[str, Any] = {
        "rank": links["rank"],
        "work": [work_word(work, labels) for work in links["work"]],
        "where": where_words(links, assessment.district, labels),
        "gain": links["gain"].round(),
        "residents": links["residents"].round(),
        **{name: links[name].round() for name in ("total", "total_residents") if name in links},
        "length_m": metre_figures(links["length_m"]),
        "walked_m": metre_figures(walked),
        "community": links["community_id"].map(names).fillna(""),
    }
    if (links["left_out"] != "").any():
        columns["left_out"] = [left_out_word(row, labels) for row in links.itertuples()]
    table = pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"links.col_{name}"))
    for kind in gained_kinds(links):
        word = labels.kind(kind, assessment.district.kinds)
        table[labels.message("links.gain_of_kind", kind=word)] = links[f"gain_{kind}"].round()
    return table


def map_work_table(
    assessment: Assessment, table: gpd.GeoDataFrame, language: str = "en"
) -> pd.DataFrame:
    """Return the corrections of the map as a table for people.

    Parameters
    ----------
    assessment
        What gives the places their names.
    table
        Of :func:`planner.analysis.links.map_work.map_work`.
    language
        ``"en"`` or ``"zh"``.
    """
    labels = Labels(language)
    columns: dict[str, Any] = {
        "where": where_words(table, assessment.district, labels),
        "mending": [mending_word(cut, labels) for cut in table["cut"]],
        "street_m": metre_figures(table["street_m"]),
        "homes": table["homes"],
        "facilities": table["facilities"],
        "length_m": table["length_m"].round(1),
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"links.col_{name}"))


def gained_kinds(links: pd.DataFrame) -> list[str]:
    """Return the kinds of which any link of a table gains something, in the table's order.

    A gain that is withheld since it is small is more than nothing.
    """
    names = map(str, links.columns)
    kinds = [name.removeprefix("gain_") for name in names if name.startswith("gain_")]
    return [kind for kind in kinds if not (links[f"gain_{kind}"] <= 0).all()]
