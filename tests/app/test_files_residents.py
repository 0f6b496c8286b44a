"""Residents who are no points on the Data page: totals, rasters, groups, year and growth."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from towns import town

from planner import read_district
from planner.app.pages.data.files import community_names, earlier_readings, requests
from planner.app.pages.data.files.state import KEY, Given
from planner.app.server.reading import importer
from planner.app.server.reading.jobs import Job
from planner.sources.files.intake import LAYER_OF_OPTION

OPTION = {layer: name for name, layer in LAYER_OF_OPTION.items()}
SAID = {"groups": {"pop_80plus": 0.04}, "year": 2024, "to_year": 2030}


def quiet(**_told: object) -> None:
    """Heed no progress."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The town as GeoParquet and tables; its residents as totals by name, and as a raster."""
    rasterio = pytest.importorskip("rasterio")
    here, made = town(), tmp_path_factory.mktemp("files")
    here.communities.to_parquet(made / "社区.parquet")
    here.streets.to_parquet(made / "道路.parquet")
    west, south, east, north = here.communities.total_bounds
    grid = rasterio.Affine((east - west) / 12, 0, west, 0, (south - north) / 12, north)
    with rasterio.open(
        made / "worldpop.tif", "w", driver="GTiff", width=12, height=12, count=1,
        dtype="float32", crs=here.communities.crs, transform=grid,
    ) as out:  # fmt: skip
        out.write(np.full((1, 12, 12), 7.0, "float32"))
    places = here.facilities.geometry.to_crs(4326)
    rows = [f"甲,卫生服务站,{place.x:.7f},{place.y:.7f}" for place in places]
    tables = {
        "设施.csv": ["名称,类别,经度(WGS84),纬度(WGS84)", *rows],
        "社区人口.csv": ["社区名称,人口,60岁以上", "West,1000,210", "East,500,90", "Nowhere,30,5"],
        "增长率.csv": ["社区名称,年增长率", "West,1%", "East,0%"],
    }
    for name, lines in tables.items():
        (made / name).write_text("\n".join(lines), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def used(folder) -> dict[str, str]:
    given = [str(file) for file in sorted(folder.iterdir())]
    parts = importer._parts({"files": given}, quiet)["parts"]
    assert [part["error"] for part in parts if "error" in part] == []
    return {part["layer"]: part["path"] for part in parts}


def of(used: dict[str, str], kind: str) -> dict[str, str]:
    return {
        layer: path for layer, path in used.items() if layer not in {"totals", "raster"} - {kind}
    }


@pytest.mark.long
def test_each_file_is_known_for_what_it_tells(used):
    known = {"communities", "streets", "facilities", "totals", "raster", "growth"}
    assert set(used) == known


@pytest.mark.long
@pytest.mark.parametrize(("kind", "now"), [("totals", 1500), ("raster", 1008)])
def test_what_is_shown_is_what_is_imported(used, kind, now, tmp_path):
    files = of(used, kind)
    answer = importer._preview({"files": files, "residents": SAID}, quiet)
    assert [told["error"] for told in answer["layers"].values() if told["error"]] == []
    shown = answer["residents"]
    assert shown["error"] is None
    (grown,) = (f["params"] for f in shown["findings"] if f["code"] == "population.grown")
    assert grown["before"] == now
    assert shown["groups"]["population"] == pytest.approx(grown["after"], abs=1)
    assert now < grown["after"] < now * 1.01**6
    request = {
        "files": {OPTION[layer]: path for layer, path in files.items()},
        "residents": SAID,
        "buffer_m": 1500.0,
        "set_aside": "100%",
        "out": str(tmp_path / "made.gpkg"),
    }
    importer._files(request, quiet)
    made = read_district(tmp_path / "made.gpkg")
    assert made.demand[list(shown["groups"])].sum().to_dict() == shown["groups"]
    assert "pop_80plus" in made.groups
    assert [source.date for source in made.sources if source.layer == "demand"] == ["2030"]
    if kind == "totals":
        assert shown["rows"][0]["name"] == "Nowhere"
        assert (shown["rows"][0]["joins"], shown["count_rows"]) == ("", 3)


@pytest.mark.long
def test_what_cannot_be_is_told_and_hinders_no_other_file(used):
    answer = importer._preview({"files": of(used, "totals"), "residents": {"year": 2024}}, quiet)
    assert answer["residents"]["error"]["code"] == "population.growth_without_years"
    assert answer["layers"]["totals"]["error"] is None


@pytest.fixture
def page(open_app, used, tmp_path):
    def opened(lang: str, *kinds: str) -> tuple[AppTest, Given]:
        files = {layer: path for layer, path in used.items() if layer not in {"totals", "raster"}}
        files |= {kind: used[kind] for kind in kinds}
        parts = importer._parts({"files": list(files.values())}, quiet)["parts"]
        answer = importer._preview({"files": files, "residents": SAID}, quiet)
        job = cast("Job", SimpleNamespace(state="done", answer=answer, error=None))
        given = Given(tmp_path, ("a",), job, parts=parts, preview=answer, step="residents")
        given.layers = {place: part["layer"] for place, part in enumerate(parts)}
        given.residents = {**SAID, "groups": dict(SAID["groups"])}  # type: ignore[dict-item]
        app = open_app("data", district="demo", part="add", lang=lang)
        app.session_state[KEY] = given
        return app.run(), given

    return opened


@pytest.mark.long
def test_the_page_shows_totals_and_takes_groups_year_and_growth(page):
    app, given = page("zh", "totals")
    assert not app.exception
    assert app.metric[0].value == "1,562"
    assert "分摊" in "\n".join(each.value for each in (*app.info, *app.caption))
    assert app.dataframe[0].value.iloc[0, 1] == "Nowhere"
    app.selectbox("files_group").select("pop_disabled").run()
    app.number_input("files_group_share").set_value(2.5).run()
    app.button("files_group_add").click().run()
    assert given.residents["groups"] == {"pop_80plus": 0.04, "pop_disabled": 0.025}
    assert given.stale
    app.number_input(given.key("to_year")).set_value(2035).run()
    assert given.residents["to_year"] == 2035


def test_residents_that_are_told_twice_are_asked(page):
    app, given = page("en", "totals", "raster")
    assert given.rivals() == ["totals", "raster"]
    given.step = "files"
    app.run()
    assert any("Residents are given in several ways" in each.value for each in app.error)
    for step in ("columns", "places", "residents", "finish"):
        given.step = step
        app.run()
        assert not any("not foreseen" in each.value for each in app.error), step
    assert app.button("files_import").disabled


@pytest.mark.long
def test_the_map_says_that_residents_were_spread_and_within_what_range(
    used, open_app, tmp_path, monkeypatch
):
    request = {
        "files": {OPTION[layer]: path for layer, path in of(used, "totals").items()},
        "residents": SAID,
        "buffer_m": 1500.0,
        "set_aside": "100%",
        "out": str(tmp_path / "made.gpkg"),
    }
    importer._files(request, quiet)
    script = open_app("coverage", district="demo")._script_path
    monkeypatch.setenv("PLANNER_DATA", str(tmp_path))
    app = AppTest.from_file(str(script), default_timeout=120)
    for name, value in {"district": "made.gpkg", "kind": "clinic", "lang": "en"}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert any("Residents were spread" in each.value for each in app.caption)


def test_a_name_that_joins_nothing_is_answered_on_the_page_and_counted(page, used):
    app, given = page("zh", "totals")
    assert community_names.undecided(given) == ["Nowhere"]
    assert any("30 名居民" in each.value for each in app.warning)
    box = app.selectbox(given.key("community", 0))
    assert box.options[0:2] == ["– 请选择 –", "West"]
    box.select("East").run()
    assert given.community_names == {"Nowhere": "East"}
    assert given.stale
    asked = requests.said_of(given)["community_names"]
    files = {layer: path for layer, path in of(used, "totals").items() if layer != "growth"}
    answer = importer._preview({"files": files, "community_names": asked}, quiet)
    told = {f["code"]: f["params"] for f in answer["residents"]["findings"]}
    assert told["population.joined_as_said"]["count"] == 1
    given.preview, given.stale = answer, False
    assert community_names.undecided(given) == []
    app.selectbox(given.key("community", 0)).select("-").run()
    assert given.community_names == {"Nowhere": ""}


def test_boxes_are_new_in_another_language(page):
    app, given = page("zh", "totals")
    before = given.key("community", 0)
    app.segmented_control(key="pick_lang").select("en").run()
    assert given.language == "en"
    assert app.selectbox(given.key("community", 0)).options[0] == "– please choose –"
    assert given.key("community", 0) != before


def test_names_that_were_said_of_the_file_before_are_offered_where_they_are_asked(
    page, tmp_path, monkeypatch
):
    app, given = page("en", "totals")
    assert not [each for each in app.button if each.key == "files_earlier_totals_0"]
    before = {**given.shown()["totals"]["mapping"], "community_names": {"Nowhere": "West"}}
    earlier_readings.keep(tmp_path / "year2024.gpkg", [{"layer": "totals", "mapping": before}])
    monkeypatch.setenv("PLANNER_DATA", str(tmp_path))
    app.run()
    app.button("files_earlier_totals_0").click().run()
    assert not app.exception
    said = given.of("totals").mapping
    assert said is not None
    files = {layer: part["path"] for layer, part in given.used().items()}
    read = {"files": files, "residents": SAID, "mappings": {"totals": said}}
    given.preview, given.stale = importer._preview(read, quiet), False
    assert community_names.undecided(given) == []
    app.run()
    assert not [each for each in app.button if each.key == "files_earlier_totals_0"]
