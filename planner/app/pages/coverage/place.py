"""What the Coverage page tells of one place: a community's figures, or the ways on foot from it."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.walks import METRES_A_MINUTE
from planner.app.session import background
from planner.app.session.answers import assessments
from planner.app.session.answers.checkup import checkup_card
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.widgets import downloads, print_sheet, tables
from planner.app.widgets.change_words import facility_name
from planner.app.widgets.downloads import File
from planner.district.weights import default_weights, weights_toml
from planner.views.escaping import safe
from planner.views.maps.base.bounds import bounds_of
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.shares import metre_figures, without_telling

HEIGHT = 330
ROOM = 395
"""For a table, pixels."""
COMMUNITY = "c."
"""Before the id of a community in the page's address."""
RING = "#4338ca"
_PLACE = re.compile(r"w\.(-?\d{1,9}(?:\.\d+)?),(-?\d{1,9}(?:\.\d+)?)")


@dataclass(frozen=True)
class Card:
    """What to draw beside the map, and on it; and where to look, None where the map stays."""

    draw: Callable[[], None]
    layers: list[folium.FeatureGroup]
    look_at: list[list[float]] | None = None


def card_of(context: Context, result: Assessment, place: str, kind: str, group: str) -> Card | None:
    """Return the card of a place as an address names it, None where it names none.

    Parameters
    ----------
    context, result, kind, group
        What is shown.
    place
        ``"c.<community_id>"``, or ``"w.<x>,<y>"`` in metres of the district's CRS.
    """
    if place.startswith(COMMUNITY):
        return _community(context, result, place.removeprefix(COMMUNITY), group)
    found = _PLACE.fullmatch(place)
    if found is None:
        return None
    return _walk(context, result, float(found[1]), float(found[2]), kind, group)


def _community(context: Context, result: Assessment, community: str, group: str) -> Card | None:
    communities = result.district.communities
    rows = communities[communities["community_id"] == community]
    if rows.empty:
        return None
    league = assessments.league(context.question, "community")
    own = league[(league["area_id"] == community) & (league["group"] == group)]
    name = str(rows["name"].iloc[0] or community)
    outline = Mark(rows.geometry.iloc[0].boundary, {"color": "#111827", "weight": 4})
    layer = mark_group([outline], communities.crs, name, seed="place", control=False)

    def draw() -> None:
        labels = context.labels
        total = labels.count(own["total"].max()) if len(own) else labels.number(math.nan)
        subdistrict = context.place(str(rows["subdistrict"].iloc[0]))
        st.markdown(f"### {markdown(context.place(name))}\n{markdown(subdistrict)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            people = markdown(labels.group(group))
            st.caption(context.word("app_place_search.people", group=people, count=total))
            _checkup_card(context, result, community, name)
        told = without_telling(own)
        table = told.assign(
            kind=[labels.kind(each, result.district.kinds) for each in own["kind"]],
            share=tables.shares(context, told),
            least=told["share"].fillna(told["share_low"]),
            mean_distance_m=metre_figures(own["mean_distance_m"]),
            **{column: own[column].round() for column in ("uncovered", "unreachable")},
        ).sort_values("least", na_position="last", kind="stable")
        # a mean is of those who can walk to one
        none = ["unreachable"] if (table["unreachable"] > 0).any() else []
        _table(
            context, table, ["kind", "share", "uncovered", *none, "mean_distance_m", "facilities"]
        )

    return Card(draw, [layer], bounds_of(rows))


def _checkup_card(context: Context, result: Assessment, community: str, name: str) -> None:
    """Draw the buttons that print the check-up card of a community, one page, and offer it."""
    # the card is that of everyone's walk from doors straight, whoever's the page shows
    question = replace(context, walk="", rules_off="", unmapped_m=None).question
    html = background.worked_out(
        context,
        checkup_card,
        question,
        "community",
        weights_toml(default_weights()),
        community,
        context.labels.language,
        False,
        dt.date.today(),
        words=context.word("app_work.card"),
        size=estimates.judged_size(result, ""),
    )
    if html is None:
        return
    print_sheet.document(context.word("app_work.print_card"), html)
    label = context.word("app_work.checkup_card")
    card = File(label, f"{context.place(name)}-checkup.html", lambda: html)
    downloads.file(
        card, "place_checkup", icon="download", help=context.word("app_work.checkup_card_help")
    )


def _walk(context: Context, result: Assessment, x: float, y: float, kind: str, group: str) -> Card:
    question = replace(context, unmapped_m=None).question  # a way is drawn as it is read: straight
    ways = assessments.ways(question, x, y)
    rings = assessments.rings(question, x, y, group)
    crs = result.district.crs
    nowhere = bool(ways["distance_m"].isna().all())

    def draw() -> None:
        labels = context.labels
        people = labels.number if nowhere else labels.count  # not known, or withheld
        st.markdown(f"### {context.word('app_place_search.walk')}")
        told = [
            context.word(
                "app_place_search.ring",
                minutes=labels.number(row.minutes),
                metres=labels.metres(row.limit_m),
                people=people(row.people),
                group=markdown(labels.group(group)),
            )
            for row in rings.itertuples()
        ]
        st.caption("  \n".join(told))
        if nowhere:
            st.info(context.word("app_place_search.no_street"), icon=":material/info:")
            return
        table = _ways_table(context, result, ways, group)
        _table(context, table, ["kind", "name", "metres", "verdict"])
        st.caption(context.word("app_place_search.speed", metres=labels.number(METRES_A_MINUTE)))

    name = context.word("app_place_search.layer")
    marks = [*_ring_marks(context, rings), *_way_marks(context, result, ways, kind)]
    style = {"radius": 8, "color": "#ffffff", "weight": 2.5, "fillColor": RING, "fillOpacity": 1}
    marks.append(Mark(shapely.Point(x, y), style, safe(context.word("app_place_search.here"))))
    return Card(draw, [mark_group(marks, crs, name, seed="place")])


def _ring_marks(context: Context, rings: gpd.GeoDataFrame) -> list[Mark]:
    marks = []
    for row in rings.sort_values("minutes", ascending=False).itertuples():
        if row.geometry.is_empty:
            continue
        told = context.word(
            "app_place_search.ring_short", minutes=context.labels.number(row.minutes)
        )
        style = {"color": RING, "weight": 1.5, "fillColor": RING, "fillOpacity": 0.12}
        marks.append(Mark(row.geometry, style, safe(told)))
    return marks


def _way_marks(
    context: Context, result: Assessment, ways: gpd.GeoDataFrame, kind: str
) -> list[Mark]:
    """Return the way to each judged kind, that of the chosen kind above the others."""
    kinds = result.district.kinds
    shown = [each for each in ways.index if each in {*result.judged_kinds, kind}]
    marks = []
    for each in sorted(shown, key=lambda other: other == kind):
        line = ways.geometry[each]
        if line.is_empty:
            continue
        name, word = facility_name(context, ways["facility_id"][each], result.district)
        metres = context.labels.metres(float(ways["distance_m"][each]))
        told = f"<b>{safe(name)}</b><br>{safe(word)} · {safe(metres)}"
        colour = kinds[each].colour if each in kinds else "#475569"
        chosen = each == kind
        if chosen:
            marks.append(Mark(line, {"color": "#ffffff", "weight": 9, "opacity": 0.9}))
        style = {"color": colour, "weight": 5 if chosen else 3, "opacity": 1 if chosen else 0.75}
        marks.append(Mark(line, style, told))
        end = {
            "radius": 5,
            "color": "#ffffff",
            "weight": 1.5,
            "fillColor": colour,
            "fillOpacity": 1,
        }
        marks.append(Mark(shapely.get_point(line, -1), end, told))
    return marks


def _ways_table(
    context: Context, result: Assessment, ways: gpd.GeoDataFrame, group: str
) -> pd.DataFrame:
    """Return the ways, each judged by the group's limit as its kind is measured."""
    labels = context.labels
    rows = []
    for kind, way in zip(ways.index, ways.itertuples(), strict=True):
        limit_m = result.limit_m(kind, group)
        name, _ = facility_name(context, way.facility_id, result.district)
        verdict = "–"
        if limit_m is not None:
            verdict = _verdict(context, way.judged_m, way.best_m, limit_m)
        metres = labels.metres(way.distance_m)
        if result.standard.measure_of(kind) == "straight":
            metres = f"{metres} ({labels.value('straight')}: {labels.metres(way.judged_m)})"
        rows.append(
            {
                "kind": labels.kind(kind, result.district.kinds),
                "name": name,
                "metres": metres,
                "verdict": verdict,
            }
        )
    return pd.DataFrame(rows)


def _verdict(context: Context, judged_m: float, best_m: float, limit_m: float) -> str:
    """Return in words whether a way keeps a limit, as the figures count a home there."""
    if judged_m <= limit_m:
        return context.word("app_place_search.within")
    if math.isnan(judged_m) or best_m <= limit_m:
        return context.word("app_place_search.unknown")
    if not math.isfinite(judged_m):
        return context.word("app_place_search.none")
    excess = context.labels.metres(judged_m - limit_m)
    return context.word("app_place_search.beyond", excess=excess)


def _table(context: Context, table: pd.DataFrame, order: list[str]) -> None:
    labels, config = context.labels, st.column_config
    columns: dict[str, Any] = {
        "kind": config.TextColumn(labels.column("kind")),
        "share": tables.share_column(context, table.get("share")),
        "uncovered": tables.count_column(context.word("app.uncovered")),
        "unreachable": tables.count_column(labels.column("unreachable")),
        "mean_distance_m": tables.metres_column(labels.column("mean_distance_m")),
        "facilities": tables.count_column(context.word("app.facilities_inside")),
        "name": config.TextColumn(labels.column("nearest")),
        "metres": config.TextColumn(labels.column("distance_m")),
        "verdict": config.TextColumn(context.word("app_place_search.verdict")),
    }
    tables.draw(
        context, table[order], f"place_{order[1]}", config=columns, height=HEIGHT, room=ROOM
    )
