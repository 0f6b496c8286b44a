"""A row that is chosen in a table of an answer, to which the map beside it moves."""

import geopandas as gpd
import pytest
from streamlit.testing.v1 import AppTest
from street_town import crowded_street

import planner
from planner.app.widgets import map_view
from planner.siting.budget import best_mix
from planner.sources import write_district
from planner.views.maps.base.bounds import bounds_of, relocation_bounds, remedy_bounds

STREET = {"district": "street.gpkg", "kind": "clinic", "kinds": "clinic", "lang": "en"}


@pytest.fixture(scope="module", autouse=True)
def street(workspaces):
    file = write_district(crowded_street(), workspaces / "street.gpkg")
    yield planner.assess(planner.read_district(file))
    file.unlink()


@pytest.fixture
def looked(monkeypatch):
    """What the maps of a page look at, one after another."""
    seen = []
    monkeypatch.setattr(map_view, "show", lambda *_, look_at=None, **__: seen.append(look_at))
    return seen


def chosen_in(app) -> bool:
    """Whether a row of the page's first table can be chosen, one at a time."""
    return len(app.dataframe[0].proto.selection_mode) == 1


@pytest.mark.long
def test_the_map_of_sites_goes_to_the_row_until_something_else_is_asked(open_app, street, looked):
    sites = planner.propose(street, "clinic", 2).sites
    app = open_app("siting", sites="2", site="2", **STREET)
    assert not app.exception
    assert chosen_in(app)
    assert looked == [bounds_of(sites[sites["rank"] == 2])]
    app.selectbox(key="pick_sites").set_value("1").run()
    assert looked[1] != looked[0]
    assert app.session_state["planner_choices"]["site"] == ""


def test_the_map_of_moves_goes_to_both_ends_of_the_row(open_app, street, looked):
    moved = planner.relocate(street, "clinic", 1)
    app = open_app("siting", question="move", moves="1", move="1", **STREET)
    assert not app.exception
    assert chosen_in(app)
    assert looked == [relocation_bounds(moved, 1)]
    assert looked != [relocation_bounds(moved)]


@pytest.mark.long
def test_the_map_of_one_budget_goes_to_the_row(open_app, street, looked):
    mix, crs = best_mix(street, 100.0, ["clinic"]), street.district.crs
    assert len(mix.chosen)
    app = open_app("budget", budget="100", remedy="1", **STREET)
    assert not app.exception
    assert chosen_in(app)
    assert looked == [remedy_bounds(mix, 1)]
    (south, west), (north, east) = looked[0]
    (there,) = gpd.GeoSeries.from_xy(*mix.table[["x", "y"]].iloc[:1].T.to_numpy(), crs=crs).to_crs(
        4326
    )
    assert west < there.x < east
    assert south < there.y < north


@pytest.mark.long
def test_the_map_of_one_stop_sites_goes_to_the_row(open_app, street, looked):
    buildings = planner.propose_one_stop(street, ["clinic"], 200.0).buildings
    assert len(buildings)
    app = open_app("one-stop", budget="200", building="1", **STREET)
    assert not app.exception
    assert chosen_in(app)
    assert looked == [bounds_of(buildings.iloc[[0]])]


def test_a_row_that_is_chosen_is_kept_and_one_that_is_left_is_not():
    def page() -> None:
        from types import SimpleNamespace

        import streamlit as st

        from planner.app.widgets import numbered_row

        st.session_state["rows"] = SimpleNamespace(selection=SimpleNamespace(rows=[1]))
        numbered_row.taken("site")("rows")
        st.write(str(numbered_row.chosen("site", "a question", 2)))
        st.write(str(numbered_row.chosen("site", "another question", 2)))

    shown = [each.value for each in AppTest.from_function(page).run().markdown]
    assert shown == ["2", "None"]
