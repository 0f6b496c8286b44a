"""Where demand is an estimate, no page calls it people: neither texts nor axes nor columns."""

import json
import re

import pytest
from effort import few
from google.protobuf.json_format import MessageToJson
from people_words import PEOPLE

from planner.app import main
from planner.district import builtin_profiles

PAGES = [leaf.path for leaves in main.PAGES.values() for leaf in leaves]
LANGUAGES = ("en", "zh")
TURNS = [
    (page, LANGUAGES[(place + turn) % 2]) for place, page in enumerate(PAGES) for turn in (0, 1)
]
"""Each page in both languages; an ordinary run takes some of them, in either."""
USERS = "持有该地址的人"
"""Who goes on from a page's address is a person."""
WALKERS = [name for each in builtin_profiles().values() for name in (each.en, each.zh)]
"""Whose walk is measured, which may be that of elderly people, says nothing of whom is counted."""

ASKS_FOR_RESIDENTS = {"data", "standards"}
"""Pages that may speak of residents: what may be added, and what standards say."""


def said(app) -> list[str]:
    """Return all that the browser is given to show: texts, labels, help, options, axes, columns."""
    texts: list[str] = []

    def take(value: object) -> None:
        if isinstance(value, dict):
            for key, entry in value.items():
                if key not in {"id", "data", "formId", "key", "name", "queryParams", "scriptRunId"}:
                    take(entry)
        elif isinstance(value, list):
            for entry in value:
                take(entry)
        elif isinstance(value, str):
            texts.append(value)

    for node in app._tree:
        if getattr(node, "proto", None) is not None:
            take(json.loads(MessageToJson(node.proto)))
    return texts


def visible(text: str) -> str:
    """Return a text without what only programs read: styles, fields of charts, places."""
    text = re.sub(r"(?s)<style.*?</style>|window\.plannerLayers = .*?\}\)\(\);", " ", text)
    for name in (USERS, *WALKERS):
        text = text.replace(name, "")
    return re.sub(r'"(field|name|key)": ?"[^"]*"|[\w-]*[_/][\w./-]*', " ", text)


@pytest.mark.parametrize(("page", "language"), few(TURNS, 11))
def test_no_page_calls_an_estimate_people(open_app, page, language):
    app = open_app(page, district="estimated.gpkg", lang=language)
    assert not app.exception
    texts = [visible(text) for text in said(app)]
    assert len(texts) > 10
    if page in ASKS_FOR_RESIDENTS:
        return
    wrong = [
        text[max(word.start() - 70, 0) : word.end() + 70]
        for text in texts
        for word in PEOPLE.finditer(text)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_walk_sees_what_a_page_of_residents_says(open_app):
    app = open_app("coverage", district="town.gpkg", lang="en")
    assert any(PEOPLE.search(visible(text)) for text in said(app))
