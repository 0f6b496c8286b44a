"""The page of many districts, run by Streamlit without a browser."""

import pandas as pd
import pytest
import streamlit as st
from towns import town

from planner import write_district
from planner.app import main
from planner.app.session.answers.many_districts import place_key
from planner.app.session.reader import permissions
from planner.batch import allot_sites, open_results, run
from planner.batch.jobs import SitesAsked


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory):
    """A data folder with the results of two runs: on two towns, then on three in two provinces."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "towns").mkdir()
    rows = []
    for name, province, people in (
        ("a", "North", "population"),
        ("b", "North", "population"),
        ("c", "South", "weight"),
    ):
        file = write_district(town(people, name=f"Town {name}"), folder / "towns" / f"{name}.gpkg")
        rows.append({"workspace": str(file), "district": name, "province": province})
    (folder / "towns" / "broken.gpkg").write_bytes(b"no GeoPackage")
    broken = {"workspace": str(folder / "towns" / "broken.gpkg"), "district": "x", "province": ""}
    how = {"also": ["siting", "curves"], "sites": SitesAsked(new=1, steps=50)}
    sited = pd.DataFrame([*rows[:2], broken])
    run(sited, folder / "earlier", standard="gb50180-2018", **how)
    run(pd.DataFrame(rows), folder / "now", standard="gb50180-2018")
    return folder


@pytest.fixture
def open_page(open_app):
    def opened(**query):
        app = open_app("districts", **{"lang": "en", "kind": "clinic", **query})
        assert not app.exception
        assert not app.error, [each.value for each in app.error]
        return app

    return opened


def said(app):
    return " ".join(each.value for each in [*app.markdown, *app.caption]).replace("\\", "")


def test_the_newest_results_are_ranked_with_what_must_be_known(open_page):
    app = open_page()
    assert app.selectbox(key="pick_results").value == "now"
    table = app.dataframe[0].value
    assert table["Area"].tolist() == ["Town a", "Town b"]
    # 3 of 10 homes on the street are within 300 m, of the one without a street nothing is known
    assert table["Coverage rate (%)"].tolist() == [30.0, 30.0]
    assert table["Coverage not known"].tolist() == [10.0, 10.0]
    told = said(app)
    assert "1 more area is judged by another standard or limit, or counted in another unit" in told
    assert "2 of these districts are made up" in told
    assert "The results were made on" in told
    assert "© River Town survey" in told


@pytest.mark.long
def test_another_unit_is_another_table(open_page):
    app = open_page()
    app.selectbox(key="pick_table").set_value("2").run()
    assert not app.exception
    shown = app.dataframe[0].value["Area"].tolist()
    assert shown in (["Town c"], ["Town a", "Town b"])
    # the choice does not outlast its question
    app.selectbox(key="pick_areas").set_value("community").run()
    assert sorted(app.dataframe[0].value["Area"]) == ["East", "East", "West", "West"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("inside", "level", "areas"),
    [
        (place_key("North"), "district", ["Town a", "Town b"]),
        (place_key("North", "b"), "community", ["East", "West"]),
        (place_key("South", "c"), "subdistrict", ["Bank"]),
    ],
)
def test_a_province_or_a_district_is_looked_at(open_page, inside, level, areas):
    app = open_page(inside=inside, areas=level)
    assert sorted(app.dataframe[0].value["Area"]) == areas
    up = [each for each in app.button if (each.key or "").startswith("districts_up_")]
    assert up[0].label == "all districts"
    up[0].click().run()
    assert app.selectbox(key="pick_inside").value == "*"
    assert app.selectbox(key="pick_areas").value == "district"


def test_the_change_since_an_earlier_run_is_told(open_page):
    table = open_page(before="earlier").dataframe[0].value
    assert table["Change (percentage points)"].tolist() == [0.0, 0.0]


def test_new_sites_stand_below_the_areas_where_the_run_sought_them(open_page, workspaces):
    assert "New sites" not in said(open_page())
    app = open_page(results="earlier")
    told = said(app)
    assert "up to 1 in each district" in told
    rows = open_results(workspaces / "earlier").siting()
    rows = rows[rows["kind"] == "clinic"]
    assert len(rows) == 2
    table = app.dataframe[1].value
    assert table["Area"].tolist() == ["Town a", "Town b"]
    assert table["Gained"].tolist() == rows["gained"].round().tolist()
    assert (table["With the sites (%)"] > table["Coverage today (%)"]).all()
    assert "Districts without results · 1" in [each.label for each in app.expander]
    assert "broken.gpkg" in app.dataframe[3].value["Why"].iloc[0]
    inside = open_page(results="earlier", inside=place_key("North", "b"), areas="community")
    assert inside.dataframe[1].value["Area"].tolist() == ["Town b"]
    zh = said(open_page(results="earlier", lang="zh"))
    assert "每区至多 1 处" in zh


def test_a_number_of_sites_is_allotted_where_the_run_asked_what_more_bring(open_page, workspaces):
    assert "New sites, allotted" not in said(open_page())
    app = open_page(results="earlier")
    assert "2 new sites in 2 of 2 districts" in said(app)
    app.number_input(key="input_allot").set_value(1).run()
    assert not app.exception
    told = said(app)
    assert "1 new site in 1 of 2 districts" in told
    assert "Proven: " in told
    expected = allot_sites(open_results(workspaces / "earlier"), "clinic", 1)
    table = app.dataframe[2].value
    assert table["Number of sites"].tolist() == expected.districts["sites"].tolist() == [1, 0]
    assert table["Gained"].sum() == round(expected.gained)
    # the address carries how many, and within one district nothing is shared out
    assert "1 new site in 1 of 2 districts" in said(open_page(results="earlier", allot="1"))
    inside = open_page(results="earlier", inside=place_key("North", "b"), areas="community")
    assert "New sites, allotted" not in said(inside)
    assert "已证明" in said(open_page(results="earlier", lang="zh"))


def test_estimates_are_not_called_people(open_page):
    app = open_page(inside=place_key("South", "c"))
    assert app.dataframe[0].value["Area"].tolist() == ["Town c"]
    words = said(app) + " ".join(app.dataframe[0].value.columns)
    assert "esidents" not in words.replace("River Town", "")


def test_from_whom_counts_are_withheld_nothing_is_shown(open_page, monkeypatch):
    monkeypatch.setattr(permissions, "is_withheld_anywhere", lambda: True)
    app = open_page()
    assert not app.dataframe
    assert app.info[0].value.startswith("Results of many districts hold all counts")


@pytest.mark.parametrize("withheld", [False, True])
def test_who_has_no_results_is_not_led_to_the_page(open_page, monkeypatch, withheld):
    monkeypatch.setattr(permissions, "is_withheld_anywhere", lambda: withheld)
    shown = []

    def navigation(sections, **how):
        shown.extend(each for pages in sections.values() for each in pages)
        return real(sections, **how)

    real = main.st.navigation
    monkeypatch.setattr(st, "navigation", navigation)
    open_page()
    (page,) = [each for each in shown if each.title == "Many districts"]
    assert page.visibility == ("hidden" if withheld else "visible")


def test_what_can_be_ranked_is_told_by_the_results(workspaces):
    asked = open_results(workspaces / "now").questions()
    assert set(asked["district"]) == {"a", "b", "c"}
    towns = asked[asked["district"] == "a"]
    assert {"clinic", "police_room"} <= set(towns["kind"])
    assert set(towns["group"]) == {"population", "pop_65plus"}
    assert (asked["is_total"] == ~asked["group"].isin(["pop_65plus"])).all()
