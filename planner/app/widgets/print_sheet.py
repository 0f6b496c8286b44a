"""What is printed around a map: whose it is, by which standard, figures, legend and credits.

And documents that are printed by themselves.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.server.map_files import paper
from planner.app.session.context import Context
from planner.app.session.reader import own_standards
from planner.app.widgets import key_figures
from planner.views.escaping import safe
from planner.views.maps.base.basemap import attribution_html
from planner.views.maps.parts.legend import figures_html

WORDS = ("print", "print_now", "print_hint", "print_figures", "print_legend")


def sheet(context: Context, what: str, legend: str = "", figures: str = "") -> dict[str, Any]:
    """Return the texts of the printed page for the map's script.

    Parameters
    ----------
    context
        Whose district and standard are shown.
    what
        What the map shows, plain text.
    legend, figures
        HTML already made safe; without figures those of the page, empty where it has none.
    """
    labels, district = context.labels, context.district()
    standard = labels.standard(own_standards.find(context.standard))
    today = labels.date(dt.date.today())
    lines = [
        safe(context.word("app_map.print_standard", standard=standard)),
        safe(context.word("app_map.print_date", date=today)),
    ]
    return {
        "title": safe(labels.text(district.name)),
        "what": safe(what),
        "lines": lines,
        "figures": figures or key_figures.printed(),
        "legend": legend,
        "credit": attribution_html(district, labels),
        "words": {name: safe(context.word(f"app_map.{name}")) for name in WORDS},
    }


def kind_sheet(
    context: Context, result: Assessment, kind: str, group: str, legend: str
) -> dict[str, Any]:
    """Return the printed page of one kind's map; that it shows a scenario is said."""
    labels = context.labels
    what = context.word(
        "app_map.print_kind",
        kind=labels.kind(kind, result.district.kinds),
        group=labels.group(group),
    )
    if result.district is not context.district():
        what = context.word("app_map.print_after", what=what)
    return sheet(context, what, legend, figures_html(result, kind, group, labels.language))


def document(label: str, html: str) -> None:
    """Draw the button that opens a document in a window of its own and asks to print it."""
    st.link_button(label, paper(html), icon=":material/print:")
