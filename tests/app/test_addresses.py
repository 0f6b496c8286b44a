"""Addresses of pages: the names of verbs and former modules lead to the page of today."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from planner.app import main
from planner.views.words.labels import Labels

SCRIPT = Path(__file__).parents[2] / "app_streamlit.py"
PATHS = {entry.path: entry for entries in main.PAGES.values() for entry in entries}


def test_no_page_has_two_addresses_and_none_lies_under_an_old_one():
    assert set(main.OLD_ADDRESSES.values()) <= set(PATHS)
    assert not set(main.OLD_ADDRESSES) & set(PATHS)
    assert len(PATHS) == sum(map(len, main.PAGES.values()))


@pytest.mark.parametrize(("old", "path"), main.OLD_ADDRESSES.items())
def test_an_old_address_opens_the_page_with_its_choices(monkeypatch, old, path):
    monkeypatch.delenv("PLANNER_DATA", raising=False)
    drawn = []
    pages = {
        "plan": tuple(
            main.PageEntry(each, "map", entry.title, lambda _context, own=each: drawn.append(own))
            for each, entry in PATHS.items()
        )
    }
    monkeypatch.setattr(main, "PAGES", pages)
    app = AppTest.from_file(str(SCRIPT), default_timeout=120)
    app._page_hash = calc_hash(old)
    app.query_params["lang"] = "zh"
    app.query_params["group"] = "pop_65plus"
    app.run()
    assert not app.exception
    assert drawn == [path]
    assert app.session_state["planner_choices"]["group"] == "pop_65plus"
    assert Labels("zh").message("app.language") in [each.label for each in app.segmented_control]
