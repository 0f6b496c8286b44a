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
    monkeypatch.setattr(main.PageEntry, "draw", lambda entry, _context: drawn.append(entry.path))
    app = AppTest.from_file(str(SCRIPT), default_timeout=120)
    app._page_hash = calc_hash(old)
    app.query_params["lang"] = "zh"
    app.query_params["group"] = "pop_65plus"
    app.run()
    assert not app.exception
    assert drawn == [path]
    assert app.session_state["planner_choices"]["group"] == "pop_65plus"
    assert Labels("zh").message("app.language") in [each.label for each in app.segmented_control]


def address(app: AppTest) -> dict[str, str]:
    pairs = app.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in pairs}


GAP = {"kind": "clinic", "gap_kind": "clinic", "gap_cause": "all", "gap": "clinic-01"}
WENT_ALONG = {"at": "Mo 10:00", "service": "meals", "walk": "elderly", "place": "c.west", **GAP}


def test_moment_place_and_gap_stay_in_the_address_of_a_page_that_draws_none(open_app):
    app = open_app("kinds", district="town.gpkg", lang="en", **WENT_ALONG)
    assert not app.exception
    assert WENT_ALONG.items() <= address(app).items()
    assert WENT_ALONG.items() <= app.session_state["planner_choices"].items()


def test_a_gap_of_another_kind_than_is_looked_at_stays_behind(open_app):
    app = open_app("kinds", district="town.gpkg", lang="en", **GAP | {"kind": "elderly_care"})
    assert address(app)["kind"] == "elderly_care"
    assert not {"gap", "gap_kind"} & set(address(app))


def test_going_back_takes_back_what_was_not_chosen_then(open_app):
    app = open_app("kinds", district="town.gpkg", lang="en", kind="clinic")
    before = address(app)
    app.query_params["place"] = "c.west"
    app.run()
    assert address(app)["place"] == "c.west"
    app.query_params.clear()
    app.run()  # as a link of the navigation does: what was chosen stays
    assert address(app)["place"] == "c.west"
    app.query_params.clear()
    for name, value in before.items():
        app.query_params[name] = value
    app.run()  # as the browser's button does
    assert "place" not in address(app)
    assert address(app) == before


def test_the_view_of_what_if_opens_under_its_old_name(open_app):
    app = open_app("what-if", district="town.gpkg", lang="en", view="compare")
    assert address(app)["work_view"] == "compare"
    assert "view" not in address(app)


def test_the_view_of_what_if_is_none_of_supply(open_app):
    app = open_app("supply", district="town.gpkg", lang="en", view="load", work_view="compare")
    assert address(app)["view"] == "load"
