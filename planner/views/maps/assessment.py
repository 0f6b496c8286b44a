"""Maps of an assessment that need no server: coverage by community, who is beyond the limit."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import pandas as pd

from planner.errors import InputError
from planner.views.escaping import safe
from planner.views.maps.base import drawing
from planner.views.maps.base.assets import AssetUrls, OfflineMap, stable_ids
from planner.views.maps.base.basemap import base_map, district_bounds
from planner.views.maps.base.drawing import Chooser, Drawing, ForKind
from planner.views.maps.parts.communities import community_shapes
from planner.views.maps.parts.facilities import facility_drawings, facility_group
from planner.views.maps.parts.homes import home_circles, home_places
from planner.views.maps.parts.legend import figures_html, legend_html
from planner.views.maps.parts.palettes import COVERAGE, DISTANCE_M, NO_DATA, UNREACHABLE
from planner.views.words.labels import Labels
from planner.views.words.measured import mostly_unreachable
from planner.views.words.provenance import range_line
from planner.views.words.shares import without_telling

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

LAYERS = ("coverage", "uncovered", "unknown", "facilities", "other_facilities", "labels")
"""What :func:`assessment_map` can draw over the base map."""


def assessment_map(
    assessment: Assessment,
    kind: str | None = None,
    group: str | None = None,
    language: str = "en",
    layers: Collection[str] = LAYERS,
    online_tiles: str | folium.TileLayer | None = None,
    *,
    urls: AssetUrls | None = None,
) -> OfflineMap:
    """Return the map of an assessment; a list in its corner changes the kind.

    Parameters
    ----------
    assessment
        What is shown.
    kind
        Kind shown first; the first judged kind where none is given.
    group
        People column that is counted; the total where none is given.
    language
        ``"en"`` or ``"zh"``.
    layers
        Some of :data:`LAYERS`.
    online_tiles
        A tile service to lay below, asked over the internet; none by default.
    urls
        Where a server offers the assets, None to embed them.

    Returns
    -------
    OfflineMap
        Its page, ``save()`` and notebook view work without the internet.

    Raises
    ------
    InputError
        For a kind, group, language or layer that is not known.
    """
    labels = Labels.of(assessment, language, group)
    unknown = [layer for layer in layers if layer not in LAYERS]
    if unknown:
        raise InputError("views.unknown_layer", layer=unknown[0], known=", ".join(LAYERS))
    shown = _checked_kind(assessment, kind)
    people = _checked_group(assessment, group)
    district = assessment.district

    result = base_map(district, language=language, urls=urls, online_tiles=online_tiles)
    result.add_child(community_shapes(district))
    result.add_child(home_places(district, people, labels))
    titles = _titles(labels)
    groups = {
        layer: folium.FeatureGroup(name=safe(titles[layer]))
        for layer in LAYERS
        if layer in layers and layer != "other_facilities"
    }
    league = assessment.league("community")
    for each in assessment.kinds:
        made = _kind_drawings(assessment, league, each, people, labels)
        made["facilities"] = facility_drawings(district, each, labels, assessment.question)
        for layer, drawings in made.items():
            if layer in groups and drawings:
                groups[layer].add_child(ForKind(each, drawings))
    for feature_group in groups.values():
        result.add_child(feature_group)
    if "other_facilities" in layers:
        everything = facility_group(
            district, None, language, question=assessment.question, show=False
        )
        result.add_child(everything)
    result.add_child(folium.LayerControl(position="bottomleft", collapsed=True))
    kinds = [(each, _kind_option(assessment, each, labels)) for each in assessment.kinds]
    summary = assessment.summary()
    pages = {
        each: figures_html(assessment, each, people, language, summary=summary)
        for each in assessment.kinds
    }
    head = f"<h1>{safe(district.name)}</h1>"
    choose = labels.text("Kind of facility")
    bounds = district_bounds(district)
    result.add_child(Chooser(list(groups.values()), head, kinds, pages, shown, choose, bounds))
    legends = {each: legend_html(assessment, each, people, language) for each in assessment.kinds}
    result.add_child(drawing.panel("bottomright", legends, shown, "pl-card pl-legend"))
    stable_ids(result, "map")
    return result


def coverage_groups(
    assessment: Assessment,
    kind: str,
    group: str | None = None,
    language: str = "en",
    *,
    labelled: Sequence[str] | None = None,
) -> list[folium.FeatureGroup]:
    """Return the layers of one kind, to be added to a :func:`base_map`.

    Parameters
    ----------
    assessment, kind, group, language
        As for :func:`assessment_map`; `kind` may be judged or not.
    labelled
        Ids of the communities whose figure is written on the map, those that matter most first,
        since where two would touch the later waits; all of them where none are given.

    Returns
    -------
    list of folium.FeatureGroup
        Coverage by community, homes beyond the limit, homes of unknown distance, and labels;
        those without content are left out.
    """
    labels = Labels.of(assessment, language, group)
    shown, people = _checked_kind(assessment, kind), _checked_group(assessment, group)
    titles = _titles(labels)
    league = assessment.league("community", shown)
    made = _kind_drawings(assessment, league, shown, people, labels, labelled)
    homes = home_places(assessment.district, people, labels)
    shared = {"coverage": community_shapes(assessment.district)}
    shared["uncovered" if made["uncovered"] else "unknown"] = homes
    groups = []
    for layer in ("coverage", "uncovered", "unknown", "labels"):
        if not made[layer]:
            continue
        feature_group = folium.FeatureGroup(name=safe(titles[layer]))
        for each in ([shared[layer]] if layer in shared else []) + made[layer]:
            feature_group.add_child(each)
        stable_ids(feature_group, layer)
        groups.append(feature_group)
    return groups


def _titles(labels: Labels) -> dict[str, str]:
    return {
        "coverage": labels.text("Coverage rate by community"),
        "uncovered": labels.text("Homes beyond the limit"),
        "unknown": labels.text("Homes whose distance is unknown"),
        "facilities": labels.text("Facilities of this kind"),
        "other_facilities": labels.text("All facilities"),
        "labels": labels.text("Figures and names"),
    }


def _checked_kind(assessment: Assessment, kind: str | None) -> str:
    if kind is None:
        kinds = [*assessment.judged_kinds, *assessment.kinds]
        if not kinds:
            raise InputError("analysis.nothing_judged", standard=assessment.standard.id)
        return kinds[0]
    if kind not in assessment.kinds:
        raise InputError("views.unknown_kind", kind=kind, known=", ".join(assessment.kinds))
    return kind


def _checked_group(assessment: Assessment, group: str | None) -> str:
    if group is None:
        return assessment.groups[0]
    if group not in assessment.groups:
        raise InputError("views.unknown_group", group=group, known=", ".join(assessment.groups))
    return group


def _kind_option(assessment: Assessment, kind: str, labels: Labels) -> str:
    name = labels.kind(kind, assessment.district.kinds)
    if assessment.limit_m(kind) is None:
        return safe(labels.text("{kind} (not judged)", kind=name))
    return safe(name)


def _kind_drawings(
    assessment: Assessment,
    league: pd.DataFrame,
    kind: str,
    group: str,
    labels: Labels,
    labelled: Sequence[str] | None = None,
) -> dict[str, list[Drawing]]:
    """Return the drawings of one kind by layer name, from the league table of communities."""
    rows = league[(league["kind"] == kind) & (league["group"] == group)].set_index("area_id")
    rows = rows.reindex(assessment.district.communities["community_id"])
    uncovered, unknown = home_circles(assessment, kind, group, labels)
    return {
        "coverage": [_coverage(assessment, kind, group, rows, labels)],
        "uncovered": uncovered,
        "unknown": unknown,
        "labels": [_labels(assessment, kind, rows, labels, labelled)],
    }


def _coverage(
    assessment: Assessment, kind: str, group: str, rows: pd.DataFrame, labels: Labels
) -> Drawing:
    judged = assessment.limit_m(kind) is not None
    classes, figure = (COVERAGE, "share") if judged else (DISTANCE_M, "mean_distance_m")
    drawn = []
    # a mean of the few who can walk to one tells nothing of the area
    nowhere = np.zeros(len(rows), np.bool_) if judged else mostly_unreachable(rows)
    for row, none in zip(rows.itertuples(), nowhere.tolist(), strict=True):
        colour = UNREACHABLE if none else classes.colour(getattr(row, figure))
        opacity = 0.55 if colour == NO_DATA else 0.82
        drawn.append([colour, opacity, _community_tooltip(row, judged, group, labels)])
    return Drawing("areas", "communities", drawn)


def _community_tooltip(row: Any, judged: bool, group: str, labels: Labels) -> str:
    people = labels.group(group)
    lines = [f"<b>{safe(row.name or row.Index)}</b>"]
    if row.subdistrict:
        lines[0] += f' <span class="pl-quiet">{safe(row.subdistrict)}</span>'
    if judged:
        lines.append(
            safe(labels.text("Coverage rate: {share}", share=_rate(row._asdict(), labels)))
        )
        lines.append(
            safe(
                labels.text(
                    "Beyond the limit: {count} of {total} ({group})",
                    count=labels.count(row.uncovered),
                    total=labels.count(row.total),
                    group=people,
                )
            )
        )
    if row.unknown != 0:
        unknown = (
            range_line(row._asdict(), labels)
            if judged
            else labels.text("Distance unknown: {count}", count=labels.count(row.unknown))
        )
        lines.append(safe(unknown))
    if row.unreachable > 0:
        none = labels.count(row.unreachable)
        lines.append(safe(labels.text("Can walk to none: {count}", count=none)))
    nobody = math.isnan(row.mean_distance_m) and row.unreachable > 0
    mean = labels.metres(math.inf if nobody else row.mean_distance_m)
    lines.append(safe(labels.text("Mean distance: {distance}", distance=mean)))
    count = labels.number(row.facilities)
    lines.append(safe(labels.text("Facilities inside: {count}", count=count)))
    return "<br>".join(lines)


def _rate(row: dict[str, Any], labels: Labels) -> str:
    total = row["total"]
    return labels.rate(row) if total == total else labels.count(total)


def _labels(
    assessment: Assessment,
    kind: str,
    rows: pd.DataFrame,
    labels: Labels,
    labelled: Sequence[str] | None,
) -> Drawing:
    communities = assessment.district.communities
    if labelled is not None:
        communities = communities.set_index("community_id", drop=False).loc[list(labelled)]
        rows = rows.loc[list(labelled)]
    places = drawing.places(communities.geometry.representative_point())
    judged = assessment.limit_m(kind) is not None
    drawn = []
    rows = without_telling(rows)
    figures = rows["share" if judged else "mean_distance_m"]
    star = [""] * len(rows)
    if not judged:
        figures = figures.mask(mostly_unreachable(rows))
        star = ["*" if some else "" for some in rows["unreachable"] > 0]
    names = [name or area_id for area_id, name in rows["name"].items()]
    for (y, x), figure, name, sign in zip(places, figures.tolist(), names, star, strict=True):
        shown = labels.percent(figure, 0) if judged else f"{labels.metres(figure)}{sign}"
        shown = "–" if math.isnan(figure) else shown
        drawn.append([y, x, f"<b>{safe(shown)}</b><span>{safe(name)}</span>"])
    return Drawing("labels", drawn)
