"""``planner import --totals``: shown with what joins, imported with every total kept."""

import json

import geopandas as gpd
import pytest
import shapely

from planner.cli import main
from planner.sources import read_district

CRS = "EPSG:32650"


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
    def layer(name, shapes, **columns):
        file = tmp_path / f"{name}.gpkg"
        gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(file)
        return file

    areas = layer(
        "areas",
        [shapely.box(0, -50, 450, 50), shapely.box(450, -50, 900, 50)],
        code=["360702001001", "360702001002"],
        名称=["赣江社区", "钟楼社区"],
    )
    streets = layer("streets", [shapely.LineString([(0, 0), (900, 0)])], highway=["residential"])
    clinics = layer("clinics", [shapely.Point(50, 5)], kind=["clinic"])
    homes = layer(
        "homes", [shapely.box(20, 5, 40, 25), shapely.box(300, 5, 340, 25)], building=["yes", "yes"]
    )
    totals = tmp_path / "人口.csv"
    totals.write_text(
        '各社区人口,,\n代码,社区,人口(人)\n360702001001,,1001\n,钟楼居委会,"2,000"\n,钟搂社区,5\n'
        "合计,,3006\n",
        encoding="utf-8",
    )
    return [
        f"--boundaries={areas}",
        f"--streets={streets}",
        f"--facilities={clinics}",
        f"--totals={totals}",
        f"--homes={homes}",
    ]


@pytest.mark.long
def test_what_would_join_is_shown_and_nothing_is_written(run, files, tmp_path):
    before = sorted(tmp_path.iterdir())
    code, out, _ = run("import", *files, "--show")
    assert code == 0
    assert "none; alike: 钟楼社区" in out
    assert "2 of 3 rows are joined" in out
    assert sorted(tmp_path.iterdir()) == before
    code, out, _ = run("import", *files, "--show", "--json")
    rows = json.loads(out)["totals"]["rows"]
    assert [row["how"] for row in rows] == ["code", "stem", ""]


@pytest.mark.long
def test_totals_are_imported_and_kept(run, files, tmp_path):
    file = tmp_path / "town.gpkg"
    growth = ("--population-year=2020", "--to-year=2030", "--growth=1%")
    groups = "--group-from=pop_60plus=20%"
    code, out, err = run("import", *files, groups, f"--out={file}")
    assert code == 0, err
    assert "SPREAD" in out
    people = read_district(file).demand.groupby("community_id")[["population", "pop_60plus"]].sum()
    assert people["population"].tolist() == [1001, 2000]
    assert people["pop_60plus"].tolist()[1] == 400
    aside = (tmp_path / "town.set_aside.csv").read_text(encoding="utf-8-sig")
    assert "钟搂社区" in aside
    code, _, err = run("import", *files, *growth, f"--out={file}")
    assert code == 0, err
    people = read_district(file).demand.groupby("community_id")["population"].sum()
    assert people.tolist() == [round(1001 * 1.01**10), round(2000 * 1.01**10)]


@pytest.mark.long
def test_strict_refuses_what_does_not_join(run, files, tmp_path):
    code, _, err = run("import", *files, "--strict", f"--out={tmp_path / 'town.gpkg'}")
    assert code == 2
    assert "钟搂社区" in err
    assert "钟楼社区" in err


def test_totals_beside_points_are_refused(run, files, tmp_path):
    points = tmp_path / "points.csv"
    points.write_text("x,y,population\n50,5,1\n", encoding="utf-8")
    code, _, err = run("import", *files, f"--demand={points}", f"--out={tmp_path / 'town.gpkg'}")
    assert code == 2
    assert "totals, homes: such things are for residents that are told by community" in err


def test_a_name_that_is_written_otherwise_is_said_by_option(run, files):
    code, out, _ = run("import", *files, "--community-name", "钟搂社区=", "--show", "--json")
    assert code == 0
    told = {each["code"] for each in json.loads(out)["totals"]["findings"]}
    assert "population.left_out" in told
    assert "population.not_joined" not in told
    code, _, err = run("import", *files, "--community-name", "钟搂社区=无", "--show")
    assert (code, "none of the communities" in err) == (2, True)
    without = [each for each in files if not each.startswith("--totals")]
    code, _, err = run("import", *without, "--community-name", "a=b", "--show")
    assert (code, "belongs to --totals" in err) == (2, True)
