"""The map of the overview: communities by how many of the judged kinds their people have near."""

from __future__ import annotations

import math
from itertools import pairwise

import folium
import pandas as pd

from planner.analysis.measures.completeness import all_of
from planner.district import District
from planner.views.escaping import safe
from planner.views.maps.base import drawing
from planner.views.maps.base.assets import stable_ids
from planner.views.maps.base.drawing import Drawing
from planner.views.maps.parts import signs
from planner.views.maps.parts.communities import community_shapes
from planner.views.maps.parts.palettes import COVERAGE, NO_DATA
from planner.views.words.analysis.overview import TOLD_ALIKE, mean_kinds
from planner.views.words.labels import Labels

_COLOURED = "completeness"


def completeness_groups(
    district: District, table: pd.DataFrame, judged: int, language: str = "en"
) -> list[folium.FeatureGroup]:
    """Return the communities coloured by the kinds near, and their figures.

    Parameters
    ----------
    district
        The place.
    table
        What :func:`planner.analysis.measures.completeness.completeness` gives.
    judged
        How many kinds are judged.
    language
        ``"en"`` or ``"zh"``.
    """
    labels = Labels.of(district, language)
    communities = district.communities
    # a share would tell a count that is withheld
    told_of = table["share"].mask(all_of(table).isna())
    shares = told_of.reindex(communities["community_id"]).tolist()
    rows = table.reindex(communities["community_id"])
    # an area of which it is not known how many kinds are near has no colour of so many
    kinds = rows["kinds"].where(rows["kinds_high"] - rows["kinds"] < TOLD_ALIKE).tolist()
    means = [mean_kinds(row, labels) for _, row in rows.iterrows()]
    names = communities["name"].where(communities["name"] != "", communities["community_id"])
    places = drawing.places(communities.geometry.representative_point())
    areas, figures = [], []
    for name, share, mean, told_mean, (y, x) in zip(
        names, shares, kinds, means, places, strict=True
    ):
        known = judged > 0 and not math.isnan(mean)
        shown = labels.percent(share) if not math.isnan(share) else "–"
        figure = told_mean if judged else "–"
        told = [
            f"<b>{safe(name)}</b>",
            safe(labels.text("All kinds within their limits: {share}", share=shown)),
            safe(
                labels.text("On average {mean} of {judged} kinds", mean=figure, judged=judged)
                if judged
                else labels.text("no figure")
            ),
        ]
        areas.append(
            [
                COVERAGE.colour(mean / judged if known else math.nan),
                0.82 if known else 0.55,
                "<br>".join(told),
            ]
        )
        figures.append([y, x, f"<b>{safe(figure)}</b><span>{safe(name)}</span>"])
    coloured = folium.FeatureGroup(name=safe(labels.text("Kinds near, by community")))
    coloured.add_child(community_shapes(district))
    coloured.add_child(Drawing("areas", "communities", areas))
    stable_ids(coloured, _COLOURED)
    written = folium.FeatureGroup(name=safe(labels.text("Figures and names")))
    written.add_child(Drawing("labels", figures))
    stable_ids(written, "figures")
    return [coloured, written]


def completeness_legend(labels: Labels, judged: int) -> str:
    """Return the legend of :func:`completeness_groups` as HTML, in kinds as the map's figures."""
    none = signs.row(signs.swatch(NO_DATA), labels.text("no figure"))
    if not judged:
        return signs.section(labels.text("Kinds near, by community"), [none], _COLOURED)
    heading = labels.text(
        "Kinds that people have within the limit on average, of {judged}", judged=judged
    )
    breaks = [labels.number(share * judged, 1) for share in COVERAGE.breaks]
    middle = [f"{low}–{high}" for low, high in pairwise(breaks)]
    names = [f"< {breaks[0]}", *middle, f"≥ {breaks[-1]}"]
    cells = "".join(
        f'<span><i style="background:{colour}"></i>{safe(name)}</span>'
        for colour, name in zip(COVERAGE.colours, names, strict=True)
    )
    return signs.section(heading, [f'<div class="pl-steps">{cells}</div>', none], _COLOURED)
