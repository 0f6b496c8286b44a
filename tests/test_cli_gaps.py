"""``planner gaps`` as a user and as a program meet it."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from effort import few

import planner
from planner.district import District, builtin_kinds

pytestmark = pytest.mark.usefixtures("small_demo")

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A street of 1 km with a clinic at its start that shuts at night and has room for 20."""
    layers = {
        "communities": frame(
            [shapely.box(X - 50, Y - 50, X + 1050, Y + 50)], community_id=["001"], name=["East"]
        ),
        "streets": frame(
            [shapely.LineString([(X, Y), (X + 1000, Y)])], street_id=["s"], name=["Long Street"]
        ),
        "facilities": frame(
            [shapely.Point(X, Y)],
            facility_id=["f"],
            name=["=Clinic"],
            kind=["clinic"],
            opening_hours=["Mo-Fr 08:00-18:00"],
            capacity_residents=[20.0],
        ),
        "demand": frame(
            [shapely.Point(X + x, Y) for x in (100, 900)],
            demand_id=["a", "b"],
            community_id=["001", "001"],
            population=[40.0, 70.0],
        ),
    }
    district = District.from_layers("Street", layers, complete=builtin_kinds())
    return Path(planner.write_district(district, tmp_path / "street.gpkg"))


def answer(run, *arguments) -> dict:
    code, out, _ = run("gaps", *arguments, "--json")
    assert code == 0
    return json.loads(out)


@pytest.mark.long
@pytest.mark.parametrize("group", few(["pop_65+ (own)", "pop_low income", "pop_class"], 1))
def test_a_group_of_any_name_has_its_gaps(run, workspace, tmp_path, group):
    district = planner.read_district(workspace)
    demand = district.demand.assign(**{group: [4.0, 7.0]})
    path = planner.write_district(district.with_layers(demand=demand), tmp_path / "odd.gpkg")
    code, out, _ = run("gaps", path, "--kind", "clinic", "--group", group, "--out", tmp_path / "o")
    assert code == 0
    assert "7" in out


def test_a_program_reads_gaps_with_cause_and_homes(run, workspace):
    document = answer(run, workspace, "--kind", "clinic")
    (gap,) = document["gaps"]
    assert (gap["gap_id"], gap["cause"], gap["remedy"]) == ("clinic-01", "none_near", "build")
    assert (gap["population"], gap["unknown"], gap["homes"]) == (70.0, 0.0, 1)
    assert (gap["straight_m"], gap["walked_m"], gap["detour_ratio"]) == (900.0, 900.0, 1.0)
    assert (gap["demand_ids"], gap["communities"], gap["kinds"]) == (["b"], ["001"], ["clinic"])
    assert gap["name"] == "Long Street, East"
    assert (document["capacity"], document["group"]) == (False, "population")


@pytest.mark.long
def test_the_question_changes_the_gaps(run, workspace):
    shut = answer(run, workspace, "--kind", "clinic", "--at", "Su 22:00")["gaps"]
    assert [(gap["cause"], gap["population"]) for gap in shut] == [
        ("none_near", 70.0),
        ("closed", 40.0),
    ]
    full = answer(run, workspace, "--kind", "clinic", "--capacity")["gaps"]
    assert [(gap["cause"], gap["population"]) for gap in full] == [
        ("none_near", 70.0),
        ("full", 20.0),
    ]


@pytest.mark.long
def test_people_read_place_cause_and_remedy(run, workspace):
    code, out, _ = run("gaps", workspace, "--kind", "clinic")
    line = next(line for line in out.splitlines() if "Long Street" in line)
    assert code == 0
    assert all(word in line for word in ("None within reach", "build here", "70", "900"))


@pytest.mark.long
def test_nobody_lacks_anything(run, workspace):
    code, out, _ = run("gaps", workspace, "--standard", "15-minute", "--kind", "clinic")
    assert code == 0
    assert "there is no gap" in out


@pytest.mark.long
def test_files_open_in_a_spreadsheet_and_on_a_map(run, workspace, tmp_path):
    folder = tmp_path / "out"
    code, _, _ = run("gaps", workspace, "--out", folder, "--language", "zh")
    assert code == 0
    table = pd.read_csv(folder / "gaps.csv", encoding="utf-8-sig")
    assert "'=Clinic" in table["最接近能服务的设施"].tolist()
    layer = gpd.read_file(folder / "gaps.gpkg")
    assert len(layer) == len(table) == len(gpd.read_file(folder / "gaps.geojson"))
    assert layer.geometry.is_valid.all()


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "pub"), "pub"),
        (("--group", "pop_cats"), "pop_cats"),
        (("--at", "soon"), "soon"),
        (("--kind", "police_room", "--capacity"), "room"),
    ],
)
def test_bad_questions_are_refused(run, workspace, arguments, words):
    code, out, err = run("gaps", workspace, *arguments)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.long
def test_the_demo_needs_no_file(run):
    code, out, _ = run("gaps", "demo", "--kind", "elderly_care")
    assert code == 0
    assert "made up" in out
