"""Addresses of pages: the names of verbs and former modules lead to the page of today."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from planner.app import main
from planner.app.session import districts
from planner.app.session import plan as session_plan
from planner.app.session.catalogue import catalogue
from planner.app.widgets import frame
from planner.plan import open_plan
from planner.sources import read_district
from planner.views.words.labels import Labels

SCRIPT = Path(__file__).parents[2] / "app_streamlit.py"
PATHS = {entry.path: entry for entries in main.PAGES.values() for entry in entries}


def test_no_page_has_two_addresses_and_none_lies_under_an_old_one():
    assert set(main.OLD_ADDRESSES.values()) <= set(PATHS)
    assert not set(main.OLD_ADDRESSES) & set(PATHS)
    assert len(PATHS) == sum(map(len, main.PAGES.values()))


@pytest.mark.long(but=1)
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


@pytest.mark.long
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


@pytest.mark.long
def test_the_view_of_what_if_is_none_of_supply(open_app):
    app = open_app("supply", district="town.gpkg", lang="en", view="load", work_view="compare")
    assert address(app)["view"] == "load"


def test_an_address_names_a_district_by_file_or_by_its_own_name(open_app, workspaces, tmp_path):
    for asked in ("town", "TOWN.gpkg"):
        app = open_app("kinds", district=asked, lang="en")
        assert not app.exception
        assert address(app)["district"] == "town.gpkg"
        assert not [each for each in app.warning if "asks for the district" in each.value]
    inner = read_district(workspaces / "town.gpkg").name
    shutil.copy(workspaces / "town.gpkg", tmp_path / "town.gpkg")
    assert districts.named(inner.upper(), catalogue(tmp_path)) == "town.gpkg"
    shutil.copy(workspaces / "town.gpkg", tmp_path / "copy.gpkg")
    assert districts.named(inner, catalogue(tmp_path)) == ""  # which is meant is not known
    (tmp_path / "odd.gpkg").write_text("no GeoPackage", encoding="utf-8")
    assert districts.named("odd", catalogue(tmp_path)) == "odd.gpkg"
    assert districts.named("atlantis", catalogue(tmp_path)) == ""


@pytest.mark.long
def test_a_district_that_is_not_there_is_told_with_those_that_are(open_app):
    app = open_app("kinds", district="atlantis", lang="en")
    (told,) = [each.value for each in app.warning if "atlantis" in each.value]
    assert "asks for the district" in told
    assert "Demo district" in told
    assert "town" in told


@pytest.mark.long
def test_the_district_of_the_folders_plan_goes_before_the_demo(
    open_app, workspaces, tmp_path, monkeypatch
):
    file = tmp_path / "plan.sqlite"
    monkeypatch.setattr(session_plan, "place", lambda: str(file))
    assert address(open_app("kinds", lang="en"))["district"] == "demo"
    with open_plan(file) as plan:
        for workspace in ("town.gpkg", "demo", "demo", "gone.gpkg", "gone.gpkg"):
            plan.add(workspace=workspace, department="health")
    app = open_app("kinds", lang="en")
    assert address(app)["district"] == "town.gpkg"
    offered = next(each for each in app.selectbox if each.key == "pick_district").options
    assert offered[-1] == "Demo district"
    assert address(open_app("kinds", district="demo", lang="en"))["district"] == "demo"
    file.write_bytes(b"no plan" * 200)
    assert address(open_app("kinds", lang="en"))["district"] == "demo"


def test_the_address_of_a_page_that_waits_keeps_what_it_says(open_app, monkeypatch):
    monkeypatch.setattr(frame, "loaded", lambda _context: None)
    app = open_app("siting", district="town.gpkg", lang="en", budget="900", sites="2")
    assert not app.exception
    assert {"budget": "900", "sites": "2"}.items() <= address(app).items()
