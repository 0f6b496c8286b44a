"""Before and after a scenario: key figures, tables, and the homes that change sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.comparison import compare, counted_for_nothing
from planner.analysis.coverage.levels import Level
from planner.analysis.walks_compared import walks_compared
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import key_figures, tables
from planner.app.widgets.key_figures import Figure
from planner.app.widgets.plan_figures import signed
from planner.views.escaping import safe
from planner.views.maps.base.assets import stable_ids
from planner.views.maps.base.degrees import in_degrees
from planner.views.maps.base.drawing import Drawing
from planner.views.maps.base.raster import points_image
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.provenance import range_line
from planner.views.words.shares import percent_figures, points_between, without_telling

HEIGHT = 330
ROOM = 395
"""For the tables, pixels."""
COLOURS = {
    "gained": "#15803d",
    "perhaps_gained": "#a3b18a",
    "lost": "#be185d",
    "perhaps_lost": "#d8a0b8",
}
"""Of homes that a scenario moves across the limit; perhaps, where one side is not known."""
CHANGED = "changed"
MOST_MARKS = 2_000
"""More homes than this that change sides are drawn as one image, without tooltips."""

_HOME = {"radius": 5, "color": "#ffffff", "weight": 1, "fillOpacity": 1}


def figures(
    context: Context,
    before: Assessment,
    after: Assessment,
    old: pd.DataFrame,
    new: pd.DataFrame,
    kind: str,
    group: str,
) -> None:
    """Draw the key figures of a kind after the scenario, each with its change.

    `old` and `new` are the summaries of the assessments before and after.
    """
    was, now = _row(old, kind, group), _row(new, kind, group)
    judged = bool(now["limit_m"] == now["limit_m"])
    shown = [
        *(_judged_figures(context, after, was, now, kind, group) if judged else []),
        *_general_figures(
            context, was, now, group, _walk_change(before, after, kind, group, was, now)
        ),
    ]
    key_figures.draw(context, after, shown, "whatif")


def _judged_figures(
    context: Context,
    after: Assessment,
    was: dict[str, float],
    now: dict[str, float],
    kind: str,
    group: str,
) -> list[Figure]:
    say, labels = context.word, context.labels
    told = {"group": labels.group(group), "limit": labels.metres(now["limit_m"])}
    measure = labels.value(after.standard.measure_of(kind))
    told_of = without_telling(pd.DataFrame([was, now]))[["share"]].T
    points = float(points_between(told_of[0], told_of[1]).iloc[0])
    change = context.word("app_what_if.points", value=signed(points, 1))
    rests: dict[str, Any] = {"kinds": [kind], "unknown": range_line(now, labels)}
    return [
        Figure(
            say("app.share"),
            labels.rate(now),
            say("app.share_help", measure=measure, **told),
            "coverage",
            delta=_unless_zero(points, 1, change),
            before=labels.rate(was),
            **rests,
        ),
        Figure(
            say("app.covered"),
            meaning=say("app.covered_help", **told),
            formula="within",
            **_count(context, was["covered"], now["covered"]),
            **rests,
        ),
        Figure(
            say("app.uncovered"),
            meaning=say("app.uncovered_help", **told),
            formula="beyond",
            **_count(context, was["uncovered"], now["uncovered"], good=False),
            **rests,
        ),
    ]


def _general_figures(
    context: Context, was: dict[str, float], now: dict[str, float], group: str, moved: float
) -> list[Figure]:
    labels, word = context.labels, context.word
    metres = word("app_what_if.metres", value=signed(moved, 1))
    return [
        Figure(
            word("app_what_if.mean_distance"),  # the unit stands behind the figure
            labels.metres(now["mean_distance_m"]),
            word("provenance.mean_distance_m"),
            "mean",
            delta=_unless_zero(moved, 1, metres),
            before=labels.metres(was["mean_distance_m"]),
            more_is_better=False,
        ),
        Figure(
            context.word("app.unknown"),
            meaning=context.word("app.unknown_help", group=labels.group(group)),
            formula="unknown" if now["share_low"] == now["share_low"] else "",
            layers=("demand", "streets"),
            **_count(context, was["unknown"], now["unknown"], good=False),
        ),
        Figure(
            labels.column("facilities"),
            meaning=word("provenance.facilities"),
            layers=("facilities",),
            **_count(context, was["facilities"], now["facilities"]),
        ),
    ]


def _walk_change(
    before: Assessment,
    after: Assessment,
    kind: str,
    group: str,
    was: dict[str, float],
    now: dict[str, float],
) -> float:
    """Return by how much the mean distance changes of those who can walk to one on both sides."""
    walks = _walks(before, after, "district", [kind], group)
    return (
        walks["change_m"].iloc[0] if len(walks) else now["mean_distance_m"] - was["mean_distance_m"]
    )


def _walks(
    before: Assessment, after: Assessment, level: Level, kinds: Sequence[str], group: str
) -> pd.DataFrame:
    """Return the changes of means in which others are afterwards than before."""
    known = [kind for kind in kinds if kind in before.kinds and kind in after.kinds]
    return walks_compared(before, after, level, known, [group]).reset_index()


def not_counted(context: Context, before: Assessment, results: Sequence[Assessment]) -> None:
    """Say what of scenarios counts for nothing: no source tells of its kind, or no street is near.

    `before` is the assessment without any of them.
    """
    findings = [each for result in results for each in counted_for_nothing(before, result)]
    for finding in dict.fromkeys(findings):
        words = context.labels.finding(finding, context.district().kinds)
        st.warning(markdown(words), icon=":material/info:")


def not_known(
    context: Context, before: Assessment, after: Assessment, kind: str, group: str
) -> None:
    """Say of how many of those gained or lost it is not known on one of the two sides.

    And how many can walk to one on one side alone.
    """
    if after is before:
        return
    compared = compare(before, after)
    notes = compared.walk_notes(group, [kind])
    if after.limit_m(kind, group) is not None:
        notes += compared.unsure_notes(kind, group)
    for finding in notes:
        words = context.labels.finding(finding, context.district().kinds)
        st.warning(markdown(words), icon=":material/help:")


def kinds_table(
    context: Context,
    before: Assessment,
    after: Assessment,
    old: pd.DataFrame,
    new: pd.DataFrame,
    group: str,
) -> None:
    """Draw every kind before and after, those that changed first; see :func:`figures`."""
    walks = _walks(before, after, "district", after.kinds, group)
    both, kinds = _both(old, new, ["kind"], group, walks), context.district().kinds
    both["name"] = both["kind"].map(lambda kind: context.labels.kind(kind, kinds))
    _table(context, both, "kinds")


def communities_table(
    context: Context, before: Assessment, after: Assessment, kind: str, group: str
) -> None:
    """Draw the communities before and after for one kind, those that changed first."""
    level: Level = "community"
    old, new = before.league(level, kind), after.league(level, kind)
    walks = _walks(before, after, level, [kind], group)
    both = _both(old, new, ["area_id", "name"], group, walks)
    both["name"] = both["name"].where(both["name"] != "", both["area_id"])
    _table(context, both, "communities")


def home_layer(
    context: Context, before: Assessment, after: Assessment, kind: str, group: str
) -> folium.FeatureGroup | None:
    """Return the homes that come within the limit or fall out of it, None where there are none.

    Those of which it is not known on one of the two sides may do neither, and have a sign of their
    own.
    """
    if after is before or after.limit_m(kind, group) is None:
        return None
    was, now = before.within(kind, group), after.within(kind, group)
    people = np.nan_to_num(after.district.demand[group].to_numpy(dtype=np.float64))
    changes = _changes(was, now)
    rows = np.flatnonzero((changes != "") & (people > 0))
    if not rows.size:
        return None
    changed = changes[rows]
    homes = after.district.demand.geometry.to_numpy()[rows]
    name, crs = context.word("app_what_if.layer_homes"), before.district.crs
    if rows.size > MOST_MARKS:
        degrees = shapely.get_coordinates(in_degrees(homes, crs))
        group_ = mark_group([], crs, name, seed=CHANGED)
        signs_of = np.array([list(COLOURS).index(each) for each in changed])
        image = points_image(degrees, signs_of, list(COLOURS.values()))
        group_.add_child(Drawing("picture", *image, 1))
        stable_ids(group_, CHANGED)
        return group_
    metres = after.distances[kind].to_numpy(dtype=np.float64)
    hidden = context.word("small_numbers.withheld")
    shown = after.district.shown(after.district.demand[["demand_id", group]])[group].to_numpy()
    marks = []
    for home, row, change in zip(homes, rows.tolist(), changed.tolist(), strict=True):
        told = context.word(
            f"app_what_if.home_{change}",
            people=hidden if np.isnan(shown[row]) else context.labels.number(shown[row]),
            distance=context.labels.metres(metres[row]),
        )
        marks.append(Mark(home, {**_HOME, "fillColor": COLOURS[change]}, safe(told)))
    return mark_group(marks, crs, name, seed=CHANGED)


def _changes(was: pd.Series, now: pd.Series) -> np.ndarray:
    """Return what becomes of each home, a key of :data:`COLOURS`; nothing where it stays."""
    before, after = (each.fillna(False).to_numpy(dtype=bool) for each in (was, now))
    known = ~(was.isna() | now.isna()).to_numpy(dtype=bool)
    found = np.full(len(was), "", dtype=object)
    found[~before & after] = np.where(known[~before & after], "gained", "perhaps_gained")
    found[before & ~after] = np.where(known[before & ~after], "lost", "perhaps_lost")
    return found


def homes_legend(
    context: Context, before: Assessment, after: Assessment, kind: str, group: str
) -> str:
    """Return the signs of homes that a scenario moves across the limit, as HTML.

    What may be is in it only where something is not known.
    """
    sides = (before, after) if after.limit_m(kind, group) is not None else ()
    unknown = any(bool(each.within(kind, group).isna().any()) for each in sides)
    shown = [name for name in COLOURS if unknown or not name.startswith("perhaps")]
    return "".join(
        signs.row(signs.dot(COLOURS[name], 10), context.word(f"app_what_if.sign_{name}"), CHANGED)
        for name in shown
    )


def facility_marks(places: gpd.GeoDataFrame, words: pd.Series) -> Iterator[Mark]:
    """Return a point to click on for each facility of another kind."""
    style = {
        "radius": 6,
        "color": "#ffffff",
        "weight": 1.5,
        "fillColor": "#7c3aed",
        "fillOpacity": 0.9,
    }
    for row, word in zip(places.itertuples(), words, strict=True):
        told = f"<b>{safe(row.name)}</b><br>{safe(word)}" if row.name else f"<b>{safe(word)}</b>"
        yield Mark(row.geometry, style, told, ("facility", row.facility_id))


def _row(table: pd.DataFrame, kind: str, group: str) -> dict[str, float]:
    rows = (
        table[(table["kind"] == kind) & (table["group"] == group)]
        .select_dtypes("number")
        .astype("float64")
    )
    if rows.empty:
        return dict.fromkeys(rows.columns, float("nan"))
    return {str(name): float(value) for name, value in rows.iloc[0].items()}


def _count(context: Context, was: float, now: float, *, good: bool = True) -> dict[str, Any]:
    """Return a count before and after as parts of a figure."""
    # the difference of what is shown, so that it adds up
    labels, change = context.labels, float(np.round(now) - np.round(was))
    return {
        "value": labels.number(now),
        "delta": _unless_zero(change, 0, signed(change)),
        "before": labels.number(was),
        "more_is_better": good,
    }


def _unless_zero(value: float, digits: int, words: str) -> str:
    return words if np.isfinite(value) and round(value, digits) != 0 else ""


def _both(
    old: pd.DataFrame, new: pd.DataFrame, keys: list[str], group: str, walks: pd.DataFrame
) -> pd.DataFrame:
    """Return the shares and counts after, and their changes, the greatest first.

    `walks` has the changes of means in which others are afterwards than before.
    """
    columns = ["share", "uncovered", "mean_distance_m"]
    was, now = (
        without_telling(rows[rows["group"] == group]).set_index(keys)[columns]
        for rows in (old, new)
    )
    change = (now - was.reindex(now.index)).rename(columns=lambda name: f"{name}_change")
    own = walks.set_index(keys[0])["change_m"]
    at = now.index.get_level_values(keys[0])
    told = own.astype("float64").reindex(at).to_numpy()
    mean = change["mean_distance_m_change"]
    change["mean_distance_m_change"] = mean.where(~at.isin(own.index), told)
    both = pd.concat([now, change], axis=1)
    both["share"] = percent_figures(both["share"])
    both["share_change"] = points_between(was["share"].reindex(now.index), now["share"])
    rank = both["uncovered_change"].abs().fillna(0) + both["mean_distance_m_change"].abs().fillna(0)
    order = rank.sort_values(ascending=False, kind="stable").index
    return both.loc[order].round(2).reset_index()


def _table(context: Context, table: pd.DataFrame, name: str) -> None:
    config: Any = st.column_config
    say = context.word
    columns = {
        "name": config.TextColumn(context.word("app.col_name")),
        "share": tables.share_column(context),
        "share_change": config.NumberColumn(say("app_what_if.col_points"), format="%+.1f"),
        "uncovered_change": config.NumberColumn(say("app_what_if.col_uncovered"), format="%+.0f"),
        "mean_distance_m_change": config.NumberColumn(
            say("app_what_if.col_metres"), format="%+.1f"
        ),
    }
    tables.draw(
        context, table[list(columns)], f"whatif_{name}", config=columns, height=HEIGHT, room=ROOM
    )
