"""What the page of supply and hours shows, run by Streamlit without a browser."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from measured_towns import random_town
from streamlit.testing.v1 import AppTest

from planner.app.pages.supply.page import VIEWS
from planner.errors import messages
from planner.sources import write_district


def draw(name: str, language: str, kind: str, view: str) -> None:
    """Draw the page by itself; runs as a script of its own."""
    import os
    from pathlib import Path

    from planner.app.pages.supply import page as supply
    from planner.app.session import choices
    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))[name]
    choices.choices().setdefault("kind", kind)
    choices.choices().setdefault("view", view)
    supply.page(Context(Labels(language), entry, "gb50180-2018"))


@pytest.fixture
def open_page(monkeypatch, workspaces):
    def opened(view, kind="clinic", language="en", name="town.gpkg") -> AppTest:
        monkeypatch.setenv("PLANNER_DATA", str(workspaces))
        app = AppTest.from_function(draw, args=(name, language, kind, view), default_timeout=120)
        app.run()
        assert not app.exception
        assert not app.error
        return app

    return opened


@pytest.fixture(scope="module", autouse=True)
def busy(workspaces):
    """A workspace with unknown hours and capacities, and a loose piece of street."""
    town = random_town(0, name=[f"No {n}" for n in range(11)])
    write_district(town, workspaces / "busy.gpkg")
    return town


def charts(app) -> list[dict]:
    found = [element.proto for element in app.get("vega_lite_chart")]
    return [json.loads(chart.spec) for chart in found]


def text(app) -> str:
    return " ".join(element.value for element in [*app.markdown, *app.info, *app.warning])


@pytest.mark.long(but=1)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["town.gpkg", "busy.gpkg", "estimated.gpkg"])
def test_every_view_draws(open_page, view, name):
    app = open_page(view, name=name)
    assert app.segmented_control(key="pick_view").value == view
    # of the week of a kind nothing is drawn where none of its hours is known
    weeks = 2 if name == "busy.gpkg" else 1
    count = {"hours": weeks, "load": 1, "alone": 0, "equity": 1, "range": 1}[view]
    assert len(charts(app)) == count


@pytest.mark.long(but=1)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_draws_in_chinese_words_only(open_page, view):
    app = open_page(view, language="zh", name="busy.gpkg")
    assert "{" not in text(app)
    english = {s for code, s in messages().items() if code.startswith("measures.") and len(s) > 12}
    shown = text(app) + json.dumps(charts(app), ensure_ascii=False)
    assert not [sentence for sentence in english if sentence in shown]


@pytest.mark.long
def test_hours_say_best_and_worst_and_what_is_unknown(open_page):
    shown = text(open_page("hours", name="busy.gpkg"))
    assert "At best" in shown
    assert "are not known" in shown


@pytest.mark.long
def test_nothing_invented_where_no_hours_are_known(open_page):
    app = open_page("hours")
    assert "hours of the 1 facility of this kind are not known" in text(app)
    assert "At best" not in text(app)
    app.button(key="hours_to_data").click().run()
    assert app.session_state["planner_destination"] == "data"
    assert [metric.value for metric in app.metric] == ["0.0%–36.4%", "0.0%–36.4%"]


@pytest.mark.long
def test_unknown_capacity_leaves_the_load_empty(open_page):
    app = open_page("load")
    table = app.dataframe[0].value
    assert table["residents"].tolist() == [100.0]
    assert "load" not in table
    assert "does not" not in text(app)


@pytest.mark.long
def test_redundancy_lists_what_hangs_on_one(open_page):
    app = open_page("alone")
    assert "30 of 30 covered residents depend on a single facility (100.0%)" in text(app)
    assert app.dataframe[0].value["alone"].tolist() == [30.0]


def test_ranges_name_the_loose_street(open_page):
    app = open_page("range", name="busy.gpkg")
    assert "1 piece of street" in text(app)
    assert app.dataframe[0].value["gap_m"].tolist() == [20.0]


@pytest.mark.parametrize(("view", "needs_limit"), [("range", True), ("equity", False)])
def test_a_kind_without_a_limit_says_so(open_page, view, needs_limit):
    assert VIEWS[view].needs_limit == needs_limit
    app = open_page(view, kind="canteen")
    assert ("no limit for this kind" in text(app)) == needs_limit


@pytest.mark.parametrize("view", ["load", "alone"])
def test_a_kind_without_facilities_says_so(open_page, view):
    assert "no open facility" in text(open_page(view, kind="police_room"))


@pytest.mark.long
@pytest.mark.parametrize("view", ["hours", "equity", "range"])
def test_a_kind_without_facilities_has_figures_without_facilities(open_page, view):
    assert "nan" not in text(open_page(view, kind="police_room"))


@pytest.mark.long
def test_layers_of_the_map_hold_outlines(open_page, busy):
    (spec,) = charts(open_page("load", name="busy.gpkg"))
    outlines = spec["datasets"][spec["layer"][0]["data"]["name"]]
    assert len(gpd.GeoDataFrame.from_features(outlines)) == len(busy.communities)


def test_the_load_of_a_place_without_room_rounds_no_other(open_page, workspaces):
    town = random_town(0, opening_hours="24/7")
    room = pd.Series([*[700.0] * 3, 0.0, *[700.0] * 7])
    write_district(
        town.with_layers(facilities=town.facilities.assign(capacity_residents=room)),
        workspaces / "full.gpkg",
    )
    app = open_page("load", name="full.gpkg")
    (loads,) = [each.value["load"] for each in app.dataframe if "load" in each.value]
    found = set(loads.dropna())
    assert "∞" in found
    assert all("." in each for each in found - {"∞", "0.00"})
    assert len(found) > 2
