"""What was decided, and what the free choice does instead, on a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import folium
import pandas as pd
import shapely

from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels
from planner.views.words.plan.joint_plan import choice_title, price_words
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.plan.coordination.compromise.compromise import Compromise
    from planner.plan.proposals.proposal import Proposal

_BOTH = {"radius": 6, "color": "#ffffff", "weight": 2, "fillColor": "#57534e", "fillOpacity": 1}
_LEFT_OUT = {"radius": 11, "color": "#b45309", "weight": 4, "fillOpacity": 0}
_INSTEAD = {"radius": 8, "color": "#ffffff", "weight": 2.5, "fillColor": "#1d4ed8"}
_INSTEAD["fillOpacity"] = 1
_WAY = {"color": "#57534e", "weight": 4, "opacity": 0.95}

_LAYERS: dict[str, Mapping[str, Any]] = {
    "both": _BOTH,
    "left_out": _LEFT_OUT,
    "instead": _INSTEAD,
}
"""Layers, the lowest first, with their sign: a ring, so that a dot at the same place is seen."""


def compromise_groups(
    found: Compromise, decided: Sequence[Proposal], language: str = "en"
) -> list[folium.FeatureGroup]:
    """Return the layers: what is in both choices, what only the decision has, what is instead.

    Parameters
    ----------
    found
        The comparison.
    decided
        The proposals that it is about; those that stay in every choice are drawn from them.
    language
        Of the words.
    """
    labels, district = answer_labels(found, language), found.assessment.district
    own, differences = found.decided.actions, found.differences
    left = differences[differences["change"] == "left_out"]
    shared = own[~own["id"].isin(left["id"])]
    rows = {
        "both": shared,
        "left_out": left,
        "instead": differences[differences["change"] == "instead"],
    }
    marks = {name: _marks(found, name, some, labels) for name, some in rows.items()}
    marks["both"] = [*_standing(found, decided, labels), *marks["both"]]
    return [
        mark_group(drawn, district.crs, _word(name, labels), seed=_seed(name))
        for name, drawn in marks.items()
        if drawn
    ]


def compromise_legend(found: Compromise, language: str = "en") -> str:
    """Return the signs of :func:`compromise_groups` as HTML, those that matter most first."""
    labels = answer_labels(found, language)
    return "".join(
        signs.row(signs.mark_sign(style), _word(name, labels), _seed(name))
        for name, style in reversed(_LAYERS.items())
    )


def _marks(found: Compromise, name: str, rows: pd.DataFrame, labels: Labels) -> list[Mark]:
    """Return a mark for each action with a place: what it is, what it costs, whom it brings."""
    placed = rows[rows["x"].notna()]
    marks = []
    for row in placed.to_dict("records"):
        title = choice_title(labels, found, row["id"], row["name"])
        gain = labels.message("plan_words.map_alone", gained=labels.number(row["alone"]))
        told = [_name(found, title, row["remedy"], row["kinds"].split(";"), labels)]
        told += [_word(name, labels), price_words(found, row["cost"], labels), gain]
        marks.append(Mark(shapely.Point(row["x"], row["y"]), _LAYERS[name], _tooltip(told)))
    return marks


def _standing(found: Compromise, decided: Sequence[Proposal], labels: Labels) -> Iterator[Mark]:
    """Yield what is decided and in every choice, since it does not add up with the rest."""
    for each in decided:
        if each.id not in found.standing or each.shape is None:
            continue
        title = choice_title(labels, found, each.id, each.title)
        told = [_name(found, title, each.action, each.kinds, labels)]
        tooltip = _tooltip([*told, labels.message("plan_words.map_standing")])
        style = _BOTH if isinstance(each.shape, shapely.Point) else _WAY
        yield Mark(each.shape, style, tooltip)


def _name(found: Compromise, name: str, action: str, kinds: Sequence[str], labels: Labels) -> str:
    """Return what people call it; what it does for which kinds where it has no name."""
    known = found.assessment.district.kinds
    about = labels.message("plan_words.comma").join(labels.kind(x, known) for x in kinds if x)
    told = labels.message(f"plan_words.action_{action}") + (f" · {about}" if about else "")
    return f"{name} · {told}" if name else told


def _tooltip(lines: Sequence[str]) -> str:
    first, *rest = map(safe, lines)
    return "<br>".join([f"<b>{first}</b>", *rest])


def _word(name: str, labels: Labels) -> str:
    return labels.message(f"plan_words.map_{name}")


def _seed(name: str) -> str:
    return f"compromise-{name}"
