"""The data check on the Data page: what is wrong, ticks that stay, a mended copy."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from towns import town

import planner
from planner import write_district
from planner.analysis.data_check import check_data
from planner.app.pages.data import check
from planner.app.session.answers.cache import SHARED, WHOLE
from planner.app.widgets.column_widths import text_width
from planner.sources.ticks import Ticks, read_ticks, ticks_file
from planner.views.words.labels import Labels


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
def page(open_app, own):
    app = open_app("data", own, district="town.gpkg", part="check", lang="en")
    assert not app.exception
    return app


@pytest.mark.long
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


@pytest.mark.long
def test_what_was_ticked_as_right_is_right_in_the_mended_copy(open_app, tmp_path):
    district, folder = town(), tmp_path / "own"
    more = district.facilities.iloc[[0, 1]].assign(facility_id=["right", "wrong"])
    both = gpd.GeoDataFrame(
        pd.concat([district.facilities, more], ignore_index=True), crs=district.crs
    )
    write_district(district.with_layers(facilities=both), folder / "town.gpkg")
    found = check_data(planner.read_district(folder / "town.gpkg")).problems
    doubles = {key for each in found if each.mend == "drop_doubles" for key in list(each.keys())}
    ticked = {key: "2026-01-01T00:00:00+00:00" for key in doubles if "right" in key}
    assert len(doubles) == 2
    assert len(ticked) == 1
    ticks_file(folder / "town.gpkg").write_text(Ticks(ticked).to_json(), encoding="utf-8")
    app = open_app("data", folder, district="town.gpkg", part="check", lang="en")
    next(each for each in app.button if each.key == "check_mend").click().run()
    copy = folder / str(app.query_params["district"])
    assert copy.name == "town-mended.gpkg"
    assert read_ticks(copy) == Ticks(ticked)
    ids = set(planner.read_district(copy).facilities["facility_id"])
    assert "right" in ids
    assert "wrong" not in ids
    # a second mend, inside the copy, has nothing left that it would mend
    assert next(each for each in app.button if each.key == "check_mend").disabled


@pytest.mark.long
def test_no_mended_district_is_kept_in_memory(page, own):
    before = {key for key in SHARED._slots if "mend" in str(key[0])}
    next(each for each in page.button if each.key == "check_mend").click().run()
    assert {key for key in SHARED._slots if "mend" in str(key[0])} == before == set()
    sizes = {key[0].rpartition(".")[2]: slot.size for key, slot in SHARED._slots.items()}
    assert sizes["data_check"] == WHOLE  # it holds its district


@pytest.mark.long
def test_the_demo_is_checked_but_not_ticked(open_app):
    app = open_app("data", district="demo", part="check", lang="zh")
    assert not app.exception
    assert any("打勾记录" in each.value for each in app.caption)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_heading_of_the_rows_to_tick_off_is_cut(language):
    say = Labels(language).message
    heads = [say(f"data_check.col_{name}") for name in ("near", "other", "place")]
    shown = pd.DataFrame({name: ["Avenue Saint-Martin, a crossing"] for name in heads})
    tick = say("data_check.col_ticked")
    shown.insert(0, tick, False)
    widths = {name: each["width"] for name, each in check._laid(shown, tick, {}).config.items()}
    assert all(widths[name] >= text_width(name) for name in [tick, *heads])
    assert widths[tick] >= text_width(tick) + 40  # the sign that it can be changed
    assert sum(widths.values()) <= check.ROOM + len(widths)  # rounded
