"""The data check on the Data page: what is wrong, ticks that stay, a mended copy."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from towns import town

import planner
from planner import write_district
from planner.analysis.data_check import check_data
from planner.sources.ticks import read_ticks, ticks_file


@pytest.fixture
def own(tmp_path):
    """A town whose first facility is listed twice."""
    district = town()
    first = district.facilities.iloc[[0]].assign(facility_id="twice")
    both = gpd.GeoDataFrame(
        pd.concat([district.facilities, first], ignore_index=True), crs=district.crs
    )
    folder = tmp_path / "own"
    write_district(district.with_layers(facilities=both), folder / "town.gpkg")
    return folder


@pytest.fixture
def page(open_app, own, monkeypatch):
    app = open_app("data", district="demo", part="layers", lang="en")
    monkeypatch.setenv("PLANNER_DATA", str(own))
    for name, value in {"district": "town.gpkg", "part": "check"}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_problems_are_listed_and_a_tick_stays(page, own):
    check = check_data(planner.read_district(own / "town.gpkg"))
    box = next(each for each in page.selectbox if "problem" in str(each.key))
    assert len(box.options) == len(check.problems)
    assert any("Facility listed twice" in each and each.endswith("(1)") for each in box.options)
    key = check.problems[0].keys()[0]
    ticks_file(own / "town.gpkg").write_text(
        json.dumps({"format": "planner-checked", "version": 1, "ticks": {key: "2026-01-01"}}),
        encoding="utf-8",
    )
    page.run()
    assert not page.exception
    assert any("ticked off: **1**" in each.value for each in page.markdown)
    assert set(read_ticks(own / "town.gpkg").at) == {key}


def test_a_mended_copy_is_made_and_opened(page, own):
    next(each for each in page.button if each.key == "check_mend").click().run()
    assert not page.exception
    made = sorted(file.name for file in own.glob("*.gpkg"))
    assert made == ["town-mended.gpkg", "town.gpkg"]
    assert "twice" not in set(planner.read_district(own / made[0]).facilities["facility_id"])
    assert "twice" in set(planner.read_district(own / made[1]).facilities["facility_id"])
    assert page.query_params["district"] == made[0]


def test_the_demo_is_checked_but_not_ticked(open_app):
    app = open_app("data", district="demo", part="check", lang="zh")
    assert not app.exception
    assert any("打勾记录" in each.value for each in app.caption)
