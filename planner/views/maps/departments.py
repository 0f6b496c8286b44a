"""Buildings that departments could share, and a department's list for a printed map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium

from planner.views.escaping import safe
from planner.views.maps.gaps import legend_html as causes_html
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.analysis.gaps import place_word
from planner.views.words.siting.departments import (
    building_words,
    currency_word,
    departments_text,
    mend_word,
    people_word,
    price_word,
    words_of,
)
from planner.views.words.siting.one_stop import kinds_text

if TYPE_CHECKING:
    from planner.siting.departments.departments import Departments

MOST_LISTED = 12
"""Gaps in the list beside a printed map."""

_SHARED = "shared-buildings"
_COLOUR = "#b45309"
_BUILDING = {
    "radius": 9,
    "color": "#ffffff",
    "weight": 2.5,
    "fillColor": _COLOUR,
    "fillOpacity": 1,
}


def building_groups(found: Departments, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layer of buildings that departments could share, none where there is none."""
    labels, kinds = words_of(found, language), found.assessment.district.kinds
    marks = [
        Mark(
            row.geometry,
            _BUILDING,
            "<br>".join(
                [
                    f"<b>{safe(where)}</b>",
                    safe(departments_text(row.departments, labels)),
                    safe(kinds_text(row.kinds, kinds, labels)),
                    safe(people_word(row.residents, labels)),
                ]
            ),
        )
        for where, row in zip(
            building_words(found, labels), found.buildings.itertuples(index=False), strict=True
        )
    ]
    if not marks:
        return []
    name = labels.message("departments.buildings")
    return [mark_group(marks, found.assessment.district.crs, name, seed=_SHARED)]


def legend_html(found: Departments, language: str = "en") -> str:
    """Return the colours of causes, and the sign of a building to share, as HTML."""
    labels = words_of(found, language)
    shown = causes_html(found.gaps, language)
    if found.buildings.empty:
        return shown
    words = labels.message("departments.buildings")
    return shown + signs.row(signs.mark_sign(_BUILDING), words, _SHARED)


def list_html(found: Departments, language: str = "en") -> str:
    """Return the first gaps with remedy and price as HTML, for a printed sheet."""
    labels, district = words_of(found, language), found.assessment.district
    gaps = district.shown_areas(found.gaps.head(MOST_LISTED), "beyond", "unknown")
    currency = currency_word(found, labels)
    lines = [
        "<p>{}</p>".format(
            safe(
                labels.message(
                    "departments.printed",
                    place=place_word(row, labels),
                    kind=labels.kind(str(row.kind), district.kinds),
                    people=people_word(row.beyond, labels),
                    remedy=mend_word(row, labels),
                    price=price_word(row.price_low, row.price_high, labels),
                    currency=currency,
                )
            )
        )
        for row in gaps.itertuples(index=False)
    ]
    return "".join(lines)
