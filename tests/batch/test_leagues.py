"""Ranked areas of many districts for people: table, map, files and the command."""

import io
import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from rich.console import Console
from small_towns import small_town
from typer.testing import CliRunner

import planner
from planner.batch import find_league
from planner.batch.leagues import FILES, League
from planner.cli import app
from planner.cli.league import _as_json, _grid
from planner.cli.shared.json_parts import json_parts
from planner.district import District
from planner.views.maps.base.assets import self_contained_html
from planner.views.words.analysis.leagues import area_names, unranked_words

GROUPS = ["population"]


@pytest.mark.long
def test_areas_have_the_outline_of_their_communities(made, results):
    found = find_league(results, "district", "clinic")
    assert len(found.areas) == 3
    for name, outline in zip(found.areas["district"], found.areas.geometry, strict=True):
        district = planner.read_district(made / f"{name}.gpkg")
        own = district.communities.to_crs(4326).union_all()
        assert shapely.area(outline.symmetric_difference(own)) < 1e-9 * own.area


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("level", "rows"), [("district", 3), ("community", 6)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_of_readers_says_what_the_league_says(results, level, rows, language):
    found = find_league(results, level, "clinic")
    labels = found.labels(language)
    table = found.for_readers(labels)
    assert len(table) == rows
    assert table[labels.message("leagues.col_rank")].tolist() == found.areas["rank"].tolist()
    share = table[f"{labels.column('share')} (%)"].to_numpy(dtype=float)
    assert share == pytest.approx(found.areas["share"].to_numpy(dtype=float) * 100, abs=0.1)
    assert labels.kind("clinic") in found.title(labels)


@pytest.mark.long
def test_only_areas_of_a_district_with_their_ranks_among_all(results):
    every = find_league(results, "community", "clinic").areas
    own = find_league(results, "community", "clinic", district="d2", province="").areas
    assert set(own["district"]) == {"d2"}
    expected = every[every["district"] == "d2"]
    assert own["rank"].tolist() == expected["rank"].tolist()
    with pytest.raises(planner.InputError) as raised:
        find_league(results, "community", "clinic", province="nowhere")
    assert raised.value.code == "leagues.nothing_there"


def made_up(**columns):
    """Two areas of one table."""
    usual = {
        "province": "p",
        "district": ["a", "b"],
        "district_name": ["A", "B"],
        "attribution": ["© OpenStreetMap contributors (ODbL)", ""],
        "synthetic": [False, True],
        "doubts": [0, 2],
        "demand_unit": "residents",
        "standard": "s",
        "kind": "clinic",
        "kind_en": "Clinic",
        "kind_zh": "卫生站",
        "group": "population",
        "measure": "walk",
        "limit_m": 300.0,
        "total": [10.0, 10.0],
        "covered": [9.0, 4.0],
        "uncovered": [1.0, 4.0],
        "unknown": [0.0, 2.0],
        "share": [0.9, 0.5],
        "share_low": [0.9, 0.4],
        "share_high": [0.9, 0.6],
        "table": 1,
        "rank": [1, 2],
        "rank_best": [1, 2],
        "rank_worst": [1, 2],
        "ranked": 2,
    }
    shapes = [shapely.box(x, 30, x + 0.1, 30.1) for x in (114.0, 114.1)]
    areas = gpd.GeoDataFrame(pd.DataFrame(usual | columns), geometry=shapes, crs="EPSG:4326")
    states = pd.DataFrame(
        {
            "province": ["p", "p", "", "q"],
            "district": ["a", "b", "c", "d"],
            "state": ["done", "done", "failed", "done"],
        }
    )
    return League(areas, 1, 2, 5, states, pd.DataFrame(areas[["province", "district"]]))


def test_what_a_reader_must_know_is_said():
    found = made_up()
    notes = "\n".join(found.notes(found.labels()))
    assert "1 of 4 districts have no results" in notes
    assert ": c." in notes
    assert "1 of 4 districts are in no ranking of this kind" in notes
    assert ": q/d." in notes
    assert "5 more areas are judged by another standard" in notes
    assert "share is a range" in notes
    assert "Remarks on 1 of these districts" in notes
    assert "1 of these districts is made up" in notes


@pytest.mark.parametrize("language", ["en", "zh"])
def test_areas_without_a_rank_are_told_by_the_reason(language):
    nan = float("nan")
    ranks = {"rank": pd.array([None, None], dtype="Int64")}
    ranks["rank_best"] = pd.array([1, None], dtype="Int64")
    found = made_up(share=[nan, nan], share_low=[0.7, nan], share_high=[0.9, nan], **ranks)
    unknown, nobody = unranked_words(found.areas, found.labels(language))
    assert {"en": "more than a tenth", "zh": "超过十分之一"}[language] in unknown
    assert {"en": "nobody lives there", "zh": "无人居住"}[language] in nobody


def shown(found):
    """Return what the terminal shows of a league."""
    console = Console(width=200, file=io.StringIO())
    console.print(_grid(found, found.labels()))
    return console.file.getvalue()


def test_the_command_shows_both_ends_of_a_share_that_is_a_range():
    """Residents that were spread leave a range though all distances are known."""
    spread = made_up(unknown=[0.0, 0.0], uncovered=[1.0, 6.0], covered=[9.0, 4.0], share=[0.9, 0.4])
    told = shown(spread)
    assert "40.0%–60.0%" in told
    assert "Range" in told
    assert "Range" not in shown(made_up(share_low=[0.9, 0.5], share_high=[0.9, 0.5]))


def test_the_map_carries_credits_and_asks_for_nothing():
    found = made_up()
    labels = found.labels()
    page = self_contained_html(found.map(labels))
    assert "openstreetmap.org/copyright" in page
    assert "Rank 1 of 2" in page
    assert r"90.0\u0025" in page


def test_an_area_of_which_nothing_is_known_has_no_rank_and_is_shown():
    nan = float("nan")
    ranks = {"rank": pd.array([1, None], dtype="Int64"), "rank_worst": [2, 2]}
    found = made_up(share=[0.9, nan], share_low=[0.9, 0.0], share_high=[0.9, 1.0], **ranks)
    labels = found.labels()
    table = found.for_readers(labels)
    assert pd.isna(table[labels.message("leagues.col_rank")].iloc[1])
    told = " ".join(found.notes(labels))
    assert "1 area has no rank, since the distance is not known for more than a tenth" in told
    assert json.loads("".join(json_parts(_as_json(found, labels, []))))["areas"][1]["rank"] is None


def test_districts_of_one_name_are_told_apart():
    assert area_names(made_up().areas) == ["A", "B"]
    assert area_names(made_up(district_name="A").areas) == ["A (a)", "A (b)"]
    assert area_names(made_up(district_name="").areas) == ["a", "b"]


def test_a_withheld_count_is_told_by_no_share():
    found = made_up(uncovered=[float("nan"), 4.0])
    labels = found.labels()
    table = found.for_readers(labels)
    assert pd.isna(table[f"{labels.column('share')} (%)"].iloc[0])
    page = self_contained_html(found.map(labels))
    assert r"90.0\u0025" not in page


def test_the_command_shows_and_writes(results, tmp_path):
    given = ["league", str(results.folder), "--kind", "clinic", "--level", "community"]
    shown = CliRunner().invoke(app, [*given, "--out", str(tmp_path / "out")])
    assert shown.exit_code == 0, shown.output
    assert "made up" in shown.output
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(FILES)
    layer = gpd.read_file(tmp_path / "out" / "league.geojson")
    assert len(layer) == 6
    assert layer.crs == "EPSG:4326"
    about = (tmp_path / "out" / "about.txt").read_text(encoding="utf-8-sig")
    assert small_town(1).attribution in about
    told = json.loads(CliRunner().invoke(app, [*given, "--json"]).output)
    assert [row["rank"] for row in told["areas"]] == layer["rank"].tolist()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--kind", "clinic", "--level", "street"], "street"),
        (["--kind", "zoo"], "No district's results judge 'zoo'"),
        (["--kind", "clinic", "--table", "4"], "There is no table 4"),
        (["--kind", "clinic", "--group", "pop_90plus"], "count 'pop_90plus'"),
    ],
)
def test_what_is_not_there_is_said(results, given, words):
    failed = CliRunner().invoke(app, ["league", str(results.folder), *given])
    assert failed.exit_code != 0
    assert words in " ".join(failed.output.split())


@pytest.mark.long
def test_a_district_of_which_no_source_tells_the_kind_is_named(made, tmp_path):
    layers = planner.read_district(made / "d2.gpkg").layers
    posts = layers["facilities"].assign(kind="police_room")
    untold = District.from_layers("Untold", {**layers, "facilities": posts})
    planner.write_district(untold, tmp_path / "d2.gpkg")
    found = find_league(
        planner.batch.run([made / "d1.gpkg", tmp_path / "d2.gpkg"], tmp_path / "o", groups=GROUPS),
        "district",
        "clinic",
    )
    assert found.areas["district"].tolist() == ["d1"]
    assert "1 of 2 districts are in no ranking of this kind" in found.notes(found.labels())[0]
