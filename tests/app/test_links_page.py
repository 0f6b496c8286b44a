"""What the page of links shows, run by Streamlit without a browser."""

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from planner.app.pages.links import files
from planner.app.pages.links import page as links_page
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.links import (
    LinkQuestion,
    homes_gained,
    links_in_sequence,
    map_work,
    ranked_links,
)
from planner.app.session.catalogue import catalogue
from planner.app.session.context import Context
from planner.app.widgets import downloads
from planner.app.widgets.column_widths import laid_out
from planner.app.widgets.tables import HALF, TICKS
from planner.district import District, Scenario, builtin_kinds
from planner.sources import write_district
from planner.views.maps.base.bounds import bounds_of
from planner.views.maps.links import legend_html, link_groups
from planner.views.maps.map_work import PIECE, map_work_groups, map_work_legend
from planner.views.words.labels import Labels

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0
NAME = "<b>*Gate*</b>"


def draw(language: str, choices: dict[str, str], workspace: str) -> None:
    """Draw the page by itself; runs as a script of its own."""
    import os
    from pathlib import Path

    from planner.app.pages.links import page as links
    from planner.app.session import choices as state
    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))[workspace]
    for name, value in choices.items():
        state.choices().setdefault(name, value)
    links.page(Context(Labels(language), entry, "gb50180-2018"))


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def walled() -> District:
    """Two streets 40 m apart, a wall and a shut gate between; clinic and police on the south one.

    A second gate farther east helps nobody, since the first is nearer to all homes.
    """
    lines = [[(X, Y), (X + 1000, Y)], [(X, Y + 40), (X + 1000, Y + 40)], [(X, Y), (X, Y + 40)]]
    layers = {
        "communities": frame(
            [shapely.box(X - 9, Y - 9, X + 1009, Y + 60)], community_id=["1"], name=["East"]
        ),
        "streets": frame(map(shapely.LineString, lines), street_id=list("snw")),
        "facilities": frame(
            [shapely.Point(X + 800, Y)] * 2, facility_id=["c", "p"], kind=["clinic", "police_room"]
        ),
        "demand": frame(
            [shapely.Point(X + x, Y + 40) for x in (600, 700, 800)],
            demand_id=list("abc"),
            community_id="1",
            population=[30.0, 100.0, 50.0],
            pop_65plus=[1.0, 9.0, 1.0],
        ),
        "barriers": frame(
            [shapely.LineString([(X + 30, Y + 20), (X + 1000, Y + 20)])],
            barrier_id=["w"],
            kind=["wall"],
        ),
        "gates": frame([shapely.Point(X + 800, Y + 20)], gate_id=["g"], name=[NAME], open=[False]),
    }
    return District.from_layers("Walled", layers, complete=builtin_kinds())


@pytest.fixture(scope="module", autouse=True)
def file(workspaces):
    return write_district(walled(), workspaces / "walled.gpkg")


@pytest.fixture
def context(workspaces) -> Context:
    return Context(Labels("en"), catalogue(workspaces)["walled.gpkg"], "gb50180-2018")


@pytest.fixture
def open_page(monkeypatch, workspaces):
    def opened(language="en", workspace="walled.gpkg", **choices) -> AppTest:
        monkeypatch.setenv("PLANNER_DATA", str(workspaces))
        given = (language, choices, workspace)
        app = AppTest.from_function(draw, args=given, default_timeout=120).run()
        assert not app.exception
        assert not app.error
        return app

    return opened


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.long
def test_links_of_all_kinds(open_page):
    app = open_page()
    # 180 gain a clinic (300 m), as many a police room (500 m)
    assert metrics(app) == {
        "Benefits of the best link": "360",
        "Benefits of the first 1 together": "360",
        "Gates among the best 1": "1",
    }
    (table,) = (element.value for element in app.dataframe)
    row = table.iloc[0]
    assert row["What to do"] == "Open the shut gate"
    assert row["Where"] == f"at {NAME}"
    assert (row["Benefits, all kinds"], row["Different residents"], row["Length (m)"]) == (
        360,
        180,
        40,
    )
    assert row["Serves most in"] == "East"
    assert row["Police room: gained"] == 180


@pytest.mark.long
def test_one_kind_and_a_group(open_page):
    app = open_page(links="clinic", group="pop_65plus")
    assert metrics(app)["Population (65 and over) of the best link"] == "11"
    app.selectbox(key="pick_links").select("police_room").run()
    assert not app.exception
    assert metrics(app)["Population (65 and over) of the best link"] == "11"


def test_one_after_another(open_page):
    app = open_page(order="sequence")
    assert app.dataframe[0].value[
        ["Benefits so far", "Different residents so far"]
    ].to_numpy().tolist() == [[360, 180]]


def test_chinese(open_page):
    app = open_page("zh")
    assert "最佳单条连接的受益人次" in metrics(app)
    assert app.dataframe[0].value["怎么做"].tolist() == ["开放已关闭的大门"]


def test_nothing_gains(open_page):
    app = open_page(links="cultural_station")
    assert "No link brings anyone" in app.info[0].value
    assert "Looked for were links of 80 m at most" in app.info[0].value


def test_a_link_picked_on_the_map_is_told_with_what_it_brings(open_page, monkeypatch):
    from planner.app.widgets import map_view

    seen = {}
    monkeypatch.setattr(map_view, "show", lambda _context, _panes, **options: seen.update(options))
    app = open_page(link="1")
    assert seen["on_pick"] is not None
    told = " ".join(element.value for element in app.markdown)
    assert "1. Open the shut gate" in told
    assert "<b>" not in told.replace("\\<", "")
    assert "Police room **180**" in told
    app.segmented_control(key="pick_order").select("sequence").run()
    assert "Police room **180**" not in " ".join(element.value for element in app.markdown)


def loose() -> District:
    """The walled town, whose north street joins no other and is short beside the south one."""
    here = walled()
    streets = here.streets[here.streets["street_id"] != "w"].copy()
    streets.loc[streets["street_id"] == "s", "geometry"] = shapely.LineString(
        [(X - 12_000, Y), (X, Y), (X + 1000, Y)]
    )
    return here.with_layers(streets=streets)


@pytest.fixture(scope="module")
def loose_file(workspaces):
    return write_district(loose(), workspaces / "loose.gpkg")


def test_work_at_the_map_stands_apart_and_can_be_taken_away(
    open_page, loose_file, workspaces, tmp_path, monkeypatch
):
    offered = {}
    monkeypatch.setattr(
        downloads, "files", lambda _context, _key, given: offered.update(by_ending(given))
    )
    app = open_page(order="map_work", workspace="loose.gpkg")
    assert metrics(app) == {"Loose pieces near a street": "1", "Homes beside one": "3"}
    row = app.dataframe[0].value.iloc[0]
    assert row["What to do"] == "Draw on the map what joins it"
    assert row[["Loose street (m)", "Homes beside it", "Length (m)"]].tolist() == [1000, 3, 40]
    assert b"Draw on the map" in offered[".csv"].content()
    file = tmp_path / "work.gpkg"
    file.write_bytes(offered[".gpkg"].content())
    assert gpd.read_file(file, layer="map_work").geometry.length.tolist() == [40]
    for view in ("ranked", "sequence"):
        app = open_page(order=view, workspace="loose.gpkg")
        assert not any("Draw on the map" in str(each.value) for each in app.dataframe)


def test_no_work_at_the_map_says_so(open_page):
    app = open_page(order="map_work")
    assert "nothing is to be joined on the map" in app.info[0].value
    assert "地图" in open_page("zh", order="map_work").info[0].value


def test_pieces_and_their_joins_are_drawn_and_can_be_clicked(loose_file, workspaces):
    entry = catalogue(workspaces)["loose.gpkg"]
    question = Question(entry, "gb50180-2018")
    work, pieces = map_work(question)
    groups = map_work_groups(question.assessment(), work, pieces, "en", chosen=1)
    drawn = "".join(child.arguments for group in groups for child in group._children.values())
    assert "Draw on the map what joins it" in drawn
    assert PIECE in drawn
    assert map_work_groups(question.assessment(), work.iloc[:0], pieces.iloc[:0]) == []
    assert "Loose pieces of street" in map_work_legend()


def test_layers_hold_links_numbers_and_homes_and_no_live_html(context):
    asked = LinkQuestion(context.entry, context.standard, kind="", group="population")
    links, gained = ranked_links(asked), homes_gained(asked, False, 1)
    assert gained.any(axis=1).sum() == 3
    groups = link_groups(asked.assessment(), links, "en", chosen=1, gained=gained)
    calls = [child.call for group in groups for child in group._children.values()]
    assert calls == ["dots", "paths", "dots", "badges"]
    drawn = "".join(child.arguments for group in groups for child in group._children.values())
    assert NAME not in drawn
    assert "Open the shut gate" in drawn
    assert link_groups(asked.assessment(), links.iloc[:0]) == []
    assert "Open the shut gate" in legend_html(links)
    (south, west), (north, east) = bounds_of(links)
    assert south < north
    assert west < east


def test_files_to_take_away(context, tmp_path, monkeypatch):
    asked = LinkQuestion(context.entry, context.standard, kind="clinic", group="population")
    links, result = links_in_sequence(asked), asked.assessment()
    offered = {}
    monkeypatch.setattr(
        downloads, "files", lambda _context, _key, given: offered.update(by_ending(given))
    )
    files.draw(context, result, links, "sequence")
    scenario = Scenario.from_json(offered[".json"].content())
    assert result.apply(scenario).within("clinic").sum() == 3
    assert scenario.crs == CRS
    file = tmp_path / "links.gpkg"
    file.write_bytes(offered[".gpkg"].content())
    assert {name for name, _ in pyogrio.list_layers(file)} == {"links", "provenance", "about"}
    assert b"Open the shut gate" in offered[".csv"].content()
    assert context.assessment() is result


def by_ending(files) -> dict[str, downloads.File]:
    """Return files by their ending, the first of each."""
    found = {}
    for file in files:
        found.setdefault(file.name[file.name.rindex(".") :], file)
    return found


@pytest.mark.parametrize("unit", ["floor_area_m2", "street_m", "weight", "residents"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_link_brings_has_room_beside_where_it_is(unit, language):
    labels = Labels(language, unit=unit)
    heads = [labels.message(f"links.col_{name}") for name in links_page._FIRST]
    table = pd.DataFrame({name: [1.0] for name in heads})
    table[heads[1]] = labels.message("links.work_path")
    table[heads[2]] = "in Boulevard Charles III, 170 m south-west of Commissariat"
    laid = laid_out(table, heads, {}, HALF - TICKS, deciding=len(heads))
    assert labels.message("links.col_gain") in laid.names
