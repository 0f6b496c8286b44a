"""The dashboard: what Streamlit runs for every page."""

from __future__ import annotations

import locale
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from planner.app.server.settings.settings import LANGUAGES, Settings, settings
from planner.app.session import choices, districts, sent_files
from planner.app.session.answers import assessments, many_districts
from planner.app.session.catalogue import DEMO, Entry, catalogue
from planner.app.session.context import Context, counting, entry_word, usual_standard
from planner.app.session.errors import markdown, showing_errors
from planner.app.session.jobs import compiling
from planner.app.session.reader import own_standards, permissions, sign_in
from planner.app.widgets import frame, tour
from planner.app.widgets.column_widths import text_width
from planner.district import Standard
from planner.errors import PlannerError
from planner.sources import own_process
from planner.views.words.catalogue import BROWSER
from planner.views.words.labels import Labels
from planner.views.words.name_order import name_order
from planner.views.words.standards import rules_words

_ASSETS = Path(__file__).parent / "assets"


class PageEntry(NamedTuple):
    """A page: its address, its icon and the code of its title.

    Its module is imported when somebody opens it: all of them together take a second, which the
    first reader would wait for.
    """

    path: str
    icon: str
    title: str

    def draw(self, context: Context) -> None:
        """Draw the page."""
        page: Callable[[Context], None] = self.module().page
        page(context)

    def module(self) -> ModuleType:
        """Return the module that draws it."""
        return import_module(f"planner.app.pages.{self.path.replace('-', '_')}.page")


PAGES: dict[str, tuple[PageEntry, ...]] = {
    "explore": (
        PageEntry("overview", "dashboard", "app_overview.page"),
        PageEntry("coverage", "map", "app.page_coverage"),
        PageEntry("kinds", "checklist", "app.page_kinds"),
    ),
    "understand": (
        PageEntry("gaps", "troubleshoot", "gaps.page"),
        PageEntry("departments", "groups", "departments.page"),
        PageEntry("checkup", "health_metrics", "checkup.page"),
        PageEntry("supply", "balance", "measures.page"),
        PageEntry("matching", "handshake", "matching.page"),
    ),
    "plan": (
        PageEntry("links", "add_road", "links.page"),
        PageEntry("siting", "add_location", "siting.page"),
        PageEntry("one-stop", "apartment", "one_stop.page"),
        PageEntry("budget", "payments", "budget.page"),
        PageEntry("what-if", "tactic", "app_what_if.page"),
        PageEntry("plan", "assignment_turned_in", "app_plan.page"),
        PageEntry("report", "description", "reports.page"),
    ),
    "data": (
        PageEntry("data", "database", "app.page_sources"),
        PageEntry("districts", "public", "app_districts.page"),
        PageEntry("standards", "gavel", "standards.page"),
        PageEntry("help", "help", "app_help.page"),
    ),
}
"""The pages of the navigation by section; the first of all is the one opened first."""

BOX = 135.0
"""Room for words in a box of the sidebar, in pixels of a table's font."""

OLD_ADDRESSES = {
    "mix": "budget",
    "one_stop": "one-stop",
    "sources": "data",
    "what_if": "what-if",
}
"""Addresses of pages by the name of their verb or former module, and the pages they lead to."""


def run() -> None:
    """Draw the page that the address asks for."""
    own_process.claim()
    sent_files.sweep()
    given = settings()
    choices.read_address()
    labels = Labels(choices.settle("lang", LANGUAGES, _language(given)), door=BROWSER)
    wanted = sign_in.is_wanted()
    st.set_page_config(
        page_title=labels.message("app.title"),
        page_icon=None if wanted else str(_ASSETS / "icon.png"),
        layout="wide",
    )
    st.html(f"<style>{_style(labels)}</style>")
    compiling.begin()
    if wanted:
        sign_in.page(labels, [*_paths(), *OLD_ADDRESSES])
        return
    with showing_errors(labels):
        offered = {
            name: replace(entry, withheld=permissions.withheld_below(name))
            for name, entry in catalogue(given.offered).items()
        }
        # before the district is read: the browser lays it out meanwhile
        opened: list[Context] = []
        page, pages = _navigation(labels, opened)
        context = _sidebar(labels, offered)
        opened.append(context)
        st.set_page_config(page_title=_title(page, context))
        tour.draw(context, page, pages)
        frame.refused_choices(context, offered)
        page.run()
    choices.write_address()


def _title(page: StreamlitPage, context: Context) -> str:
    """Return what the browser's tab says: the page, then the district, then the program."""
    district = entry_word(context.labels, context.entry.id)
    return " · ".join([page.title, district, context.word("app.title")])


def _paths() -> list[str]:
    """Return the addresses of all pages, the first first."""
    return [entry.path for entries in PAGES.values() for entry in entries]


def _language(given: Settings) -> str:
    """Return the language for who has not chosen one: what is set, the browser's, the server's."""
    browser = [st.context.locale or "", *accepted(st.context.headers.get("Accept-Language", ""))]
    said = list(filter(None, [given.language or "", *browser])) or [locale.getlocale()[0] or ""]
    return next(filter(None, map(_known_language, said)), LANGUAGES[0])


def accepted(header: str) -> list[str]:
    """Return the languages that a browser takes, those first that its reader likes best.

    Examples
    --------
    >>> accepted("fr;q=0.5, zh-CN, en;q=0.8, de;q=x")
    ['zh-CN', 'en', 'fr', 'de']
    """
    told = []
    for part in header.split(","):
        name, _, weight = part.partition(";q=")
        number = weight.strip()
        plain = number.replace(".", "", 1).isdecimal()
        told.append((float(number) if plain else float(not number), name.strip()))
    return [name for _, name in sorted(told, key=lambda each: -each[0]) if name]


def _known_language(name: str) -> str:
    """Return the language of ours that a name means, empty where none."""
    folded = name.casefold()
    if folded.startswith(("zh", "chinese")):
        return "zh"
    return "en" if folded.startswith("en") else ""


def _sidebar(labels: Labels, offered: dict[str, Entry]) -> Context:
    known = own_standards.offered()
    districts.settle_asked(offered)
    chosen = choices.choices().get("district") in offered
    with st.sidebar:
        district = choices.pick(
            "district",
            labels.message("app.district"),
            sorted(offered, key=lambda each: (each == DEMO, name_order(entry_word(labels, each)))),
            DEMO if chosen else districts.first(offered),
            lambda entry_id: entry_word(labels, entry_id),
            help=labels.message("app.district_help"),
        )
        labels = counting(labels, offered[district])
        standard = choices.pick(
            "standard",
            labels.message("app.standard"),
            known,
            usual_standard(offered[district]),
            lambda standard_id: labels.standard(known[standard_id]),
            help=labels.message("app.standard_help"),
        )
        for line in _rules_of_elsewhere(labels, offered[district], known[standard]):
            st.caption(f":material/info: {markdown(line)}")
        if text_width(name := labels.standard(known[standard])) > BOX:
            st.caption(markdown(name))
        context = Context(labels, offered[district], standard)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            choices.switch(
                "lang",
                labels.message("app.language"),
                LANGUAGES,
                labels.language,
                {"en": "English", "zh": "中文"}.__getitem__,
            )
            tour.start_button(context, "tour_sidebar")
        sign_in.badge(labels)
    return context


def _rules_of_elsewhere(labels: Labels, entry: Entry, standard: Standard) -> list[str]:
    """Return that the rules are of another country than the district's; none of one not read."""
    try:
        return rules_words(assessments.district(entry), standard, labels)
    except PlannerError:
        return []  # what is wrong with the file is told by the page that opens it


def _navigation(
    labels: Labels, opened: Sequence[Context]
) -> tuple[StreamlitPage, dict[str, StreamlitPage]]:
    """Draw the navigation; return the page that is asked for, and all pages by address.

    Parameters
    ----------
    labels
        Words of the chosen language.
    opened
        What a page is given, there by the time that it is drawn.
    """
    st.logo(_logo(labels.message("app.title")), size="large", icon_image=str(_ASSETS / "icon.svg"))
    first = next(iter(PAGES.values()))[0]
    # who has no results of many districts is not led to an empty page
    unasked = () if many_districts.datasets(settings().offered) else ("districts",)
    pages = {
        entry.path: st.Page(
            partial(_draw, entry, opened),
            title=labels.message(entry.title),
            url_path=entry.path,
            icon=f":material/{entry.icon}:",
            default=entry is first,
            visibility="hidden" if entry.path in unasked else "visible",
        )
        for entries in PAGES.values()
        for entry in entries
    }
    sections = {
        labels.message(f"app.section_{section}"): [pages[entry.path] for entry in entries]
        for section, entries in PAGES.items()
        if entries
    }
    old = {
        address: st.Page(_draw_nothing, title=address, url_path=address, visibility="hidden")
        for address, path in OLD_ADDRESSES.items()
        if path in pages
    }
    sections[next(reversed(sections))] += old.values()
    page = st.navigation(sections, expanded=True)
    for address, hidden in old.items():
        if page is hidden:
            st.switch_page(pages[OLD_ADDRESSES[address]])
    if (asked := choices.destination()) in pages:
        st.switch_page(pages[asked])
    return page, pages


def _draw(entry: PageEntry, opened: Sequence[Context]) -> None:
    entry.draw(opened[-1])


def _draw_nothing() -> None:
    """Draw nothing: an old address leads to its page."""


def _style(labels: Labels) -> str:
    """Return the looks of all pages; what Streamlit words in English only is worded here."""
    own = (_ASSETS / "style.css").read_text(encoding="utf-8")
    words = {name: labels.message(f"app.uploader_{name}") for name in ("choose", "drop")}
    words |= {name: labels.message(f"app.select_{name}") for name in ("all", "matches", "none")}
    own += ":root {" + "".join(f' --{name}: "{word}";' for name, word in words.items()) + " }"
    return own


def _logo(title: str) -> str:
    """Return the sign of the program with its name beside it."""
    sign = (_ASSETS / "icon.svg").read_text(encoding="utf-8")
    inside = sign[sign.index(">") + 1 : sign.rindex("</svg>")]
    fonts = "Source Sans 3, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, Segoe UI, sans-serif"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 430 64" width="430" height="64">'
        f'{inside}<text x="78" y="42" font-family="{fonts}" font-size="27" font-weight="600" '
        f'fill="#134e4a">{escape(title)}</text></svg>'
    )


if __name__ == "__main__":
    run()
