"""``planner import`` of files: shown before, rows set aside, mappings kept and used again."""

import csv
import json

import geopandas as gpd
import pytest
import shapely

from planner.cli import main
from planner.sources import read_district

CRS = "EPSG:32650"
LIST = """设施一览表,,,
名称,类别,坐标,面积
甲,图书馆,"{spot}",约120平方米
乙,养老院,"{spot}",80
合计,,,200
"""


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_LANGUAGE", "en")

    def call(*arguments) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return int(stopped.value.code or 0), captured.out, captured.err

    return call


@pytest.fixture
def files(tmp_path):
    """Boundaries and streets in one GeoPackage, homes and facilities in tables."""
    both = tmp_path / "map.gpkg"
    area = gpd.GeoDataFrame({"id": ["1"]}, geometry=[shapely.box(0, -9, 900, 9)], crs=CRS)
    area.to_file(both, layer="areas")
    line = shapely.LineString([(0, 0), (900, 0)])
    gpd.GeoDataFrame({"id": ["s"]}, geometry=[line], crs=CRS).to_file(both, layer="roads")
    (spot,) = gpd.GeoSeries([shapely.Point(50, 5)], crs=CRS).to_crs(4326)
    homes = tmp_path / "homes.csv"
    rows = "".join(f"{n},{spot.x},{spot.y},1\n" for n in range(60))
    homes.write_text(f"id,lon,lat,population\n{rows}x,,{spot.y},1\n", encoding="utf-8")
    listed = tmp_path / "list.csv"
    listed.write_text(LIST.format(spot=f"{spot.x},{spot.y}"), encoding="gb18030")
    return [
        f"--boundaries={both}",
        f"--streets={both}",
        f"--demand={homes}",
        f"--facilities={listed}",
        "--layer=boundaries=areas",
        "--layer=streets=roads",
        "--crs=EPSG:32650",
    ]


@pytest.mark.long
def test_what_would_be_read_is_shown_and_nothing_is_written(run, files, tmp_path):
    before = sorted(tmp_path.iterdir())
    code, out, err = run("import", *files, "--show", "--kind-word", "养老院=elderly_care")
    assert code == 0, err
    assert sorted(tmp_path.iterdir()) == before
    for told in ("list.csv → facilities: 2", "gb18030", "约120平方米", "rows 5"):
        assert told in out
    code, out, _ = run("import", files[3], "--show", "--json", "--set-aside", "50%")
    shown = json.loads(out)["files"][0]
    assert (code, shown["mapping"]["header_row"], shown["rows"]) == (0, 2, 1)
    assert [(row["row"], row["value"]) for row in shown["set_aside"]] == [(4, "养老院")]


@pytest.mark.long
def test_rows_set_aside_and_mappings_are_kept_beside_the_workspace(run, files, tmp_path):
    out = tmp_path / "town.gpkg"
    code, _, err = run("import", *files, "--out", out)
    assert code == 2
    assert "养老院" in err
    assert not out.exists()
    told = ["--kind-word", "养老院=Day care for the elderly"]
    code, text, err = run("import", *files, *told, "--out", out)
    assert code == 0, err
    assert sorted(read_district(out).facilities["kind"]) == ["elderly_care", "library"]
    assert "1 of 61 rows do not fit" in text
    with (tmp_path / "town.set_aside.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["File"], row["Row"], row["Column"]) == ("homes.csv", "62", "lon")
    assert "the cell is empty" in row["Reason"]
    code, _, err = run("import", *files, *told, "--strict", "--out", out)
    assert (code, "row 62" in err) == (2, True)
    kept = tmp_path / "town.mappings.json"
    again = tmp_path / "again.gpkg"
    code, _, err = run("import", *files, "--mapping", kept, "--out", again)
    assert code == 0, err
    assert len(read_district(again).facilities) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--strict", "--set-aside", "3"], "exclude one another"),
        (["--set-aside", "many"], "no number of rows"),
        (["--layer", "roads"], "of which file"),
        (["--kind-word", "养老院"], "which kind a word"),
        (["--kind-word", "养老院=moon"], "Unknown facility kind 'moon'"),
        (["--mapping", "none.json"], "no file none.json"),
    ],
)
def test_options_that_make_no_sense_are_named(run, files, tmp_path, options, message):
    code, _, err = run("import", *files, *options, "--out", tmp_path / "x.gpkg")
    assert (code, message in err) == (2, True), err


def test_licence_date_and_credit_are_stated_at_the_import(run, files, tmp_path):
    out = tmp_path / "town.gpkg"
    said = ["--licence", "demand=CC BY 4.0", "--licence", "list.csv=MIT", "--dated", "demand=2023"]
    credit = ["--attribution", "demand=© Bureau, a=b"]
    asked = ("import", *files, "--set-aside=50%", "--out", out)
    code, told, err = run(*asked, *said, *credit)
    assert code == 0, err
    assert "not stated: to be settled" in told  # of the map, of which nothing was said
    held = {each.layer: each for each in read_district(out).sources}
    assert (held["demand"].licence, held["demand"].date) == ("CC BY 4.0", "2023")
    assert held["demand"].attribution == "© Bureau, a=b"
    assert (held["facilities"].licence, held["facilities"].date) == ("MIT", "")
    assert held["streets"].licence == ""
    code, _, err = run(*asked, "--licence", "gates=MIT")
    assert (code, "no source is meant" in err) == (2, True)
    code, _, err = run(*asked, "--dated", "soon")
    assert (code, "is no date" in err) == (2, True)


@pytest.mark.parametrize("first", [["--language", "zh"], ["--language=zh"]])
def test_a_language_before_the_verb_is_that_of_the_verb(run, first):
    code, before, err = run(*first, "kinds")
    assert code == 0, err
    assert before == run("kinds", "--language", "zh")[1] != run("kinds")[1]
    assert run(*first, "standards", "list")[1] == run("standards", "list", *first)[1]
