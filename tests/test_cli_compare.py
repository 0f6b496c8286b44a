"""``planner compare`` as a user and as a program meet it."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import planner
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.changes import known_by
from planner.district.scenarios.scenario import ExtendHours, Move, Open

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def street(homes=("a", "b")) -> District:
    """A street of 1 km: a clinic at its start, homes 100 m and 900 m along it."""
    layers = {
        "communities": frame(
            [shapely.box(X - 50, Y - 50, X + 1050, Y + 50)], community_id=["001"], name=["East"]
        ),
        "streets": frame([shapely.LineString([(X, Y), (X + 1000, Y)])], street_id=["s"]),
        "facilities": frame(
            [shapely.Point(X, Y)], facility_id=["f"], name=["Clinic"], kind=["clinic"]
        ),
        "demand": frame(
            [shapely.Point(X + 100, Y), shapely.Point(X + 900, Y)],
            demand_id=list(homes),
            community_id=["001", "001"],
            population=[30.0, 70.0],
        ),
    }
    return District.from_layers("Street", layers, complete=builtin_kinds())


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(planner.write_district(street(), tmp_path / "street.gpkg"))


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    second = Scenario("second clinic", [Open("g", "clinic", X + 1000, Y)])
    return second.save(tmp_path / "second.json")


def clinic(document: dict) -> dict:
    return next(row for row in document["summary"] if row["kind"] == "clinic")


@pytest.mark.long
def test_a_scenario_is_set_beside_the_workspace(run, workspace, scenario):
    code, out, _ = run("compare", workspace, scenario, "--json")
    row = clinic(json.loads(out))
    assert code == 0
    assert (row["share_before"], row["share_after"]) == (0.3, 1.0)
    assert (row["covered_change"], row["limit_m"]) == (70.0, 300.0)
    assert row["mean_distance_m_change"] == pytest.approx(100 - (0.3 * 100 + 0.7 * 900))


@pytest.mark.long
def test_people_read_points_and_newly_covered(run, workspace, scenario):
    code, out, _ = run("compare", workspace, scenario)
    line = next(line for line in out.splitlines() if "300" in line and "30.0%" in line)
    assert code == 0
    assert line.split()[-5:] == ["30.0%", "100.0%", "+70.0", "+70", "-560"]


@pytest.mark.long
def test_a_scenario_tells_what_it_costs_and_brings_for_the_money(run, workspace, scenario):
    code, out, _ = run("compare", workspace, scenario, "--json")
    told = json.loads(out)
    rows = {row["measure"]: row["value"] for row in told["scenario"] if not row["kind"]}
    assert code == 0
    # the scenario tells no floor area: that of the standard
    assert (rows["gained_sum"], rows["cost"], rows["unpriced"]) == (70.0, 132.0, 0.0)
    assert rows["gained_per_cost"] == pytest.approx(70 / 132)
    assert (told["currency"], told["prices_verified"]) == ("CNY 10,000", False)
    _, words, _ = run("compare", workspace, scenario, "--language", "zh")
    assert "单位费用新增覆盖" in words
    assert "0.53" in words


def test_what_a_scenario_does_twice_is_paid_once_and_told(run, workspace, tmp_path):
    later = ExtendHours("f", "Mo-Su 08:00-22:00"), ExtendHours("f", "24/7")
    file = Scenario("late", later).save(tmp_path / "late.json")
    code, out, _ = run("compare", workspace, file, "--json", "--out", tmp_path / "out")
    told = json.loads(out)
    rows = {row["measure"]: row["value"] for row in told["scenario"] if not row["kind"]}
    assert (code, rows["cost"], rows["unpriced"]) == (0, 12.0, 0.0)
    (note,) = [each for each in told["findings"] if each["code"] == "siting.work_twice"]
    assert note["params"] == {"scenario": "late", "count": 1, "steps": "1"}
    words = (tmp_path / "out" / "changes_notes.txt").read_text(encoding="utf-8")
    assert "paid once with it (number 1)" in words


@pytest.mark.long
def test_a_scenario_that_knows_its_facilities_by_id_alone_says_so(run, workspace, tmp_path):
    file = Scenario("away", [Move("f", X + 450, Y)]).save(tmp_path / "away.json")
    code, out, _ = run("compare", workspace, file)
    assert code == 0
    assert "by their IDs alone" in " ".join(out.split())
    known = known_by(street(), Scenario("away", [Move("f", X + 450, Y)]))
    known.save(file)
    _, out, _ = run("compare", workspace, file)
    assert "by their IDs alone" not in " ".join(out.split())


@pytest.mark.long
def test_another_workspace_of_the_same_homes_may_be_given(run, workspace, tmp_path):
    moved = planner.assess(street()).apply(Scenario("away", [Move("f", X + 450, Y)])).district
    other = planner.write_district(moved, tmp_path / "moved.gpkg")
    code, out, _ = run("compare", workspace, other, "--json")
    assert code == 0
    assert clinic(json.loads(out))["covered_change"] == -30.0


@pytest.mark.long
def test_files_hold_the_changes_of_communities_and_homes(run, workspace, scenario, tmp_path):
    folder = tmp_path / "out"
    code, _, _ = run("compare", workspace, scenario, "--out", folder)
    assert code == 0
    homes = gpd.read_file(folder / "changes.gpkg", layer="homes")
    assert homes[
        ["demand_id", "kind", "distance_m_before", "distance_m_after"]
    ].to_numpy().tolist() == [["b", "clinic", 900.0, 100.0]]
    areas = gpd.read_file(folder / "changes.gpkg", layer="communities")
    assert areas["share_change_clinic"].tolist() == [0.7]
    table = pd.read_csv(folder / "changes_communities.csv", encoding="utf-8-sig")
    assert table["Covered, change"].tolist() == [70.0]
    assert sorted(file.name for file in folder.iterdir()) == sorted(
        [
            "changes.csv",
            "changes_communities.csv",
            "changes_homes.csv",
            "changes_notes.txt",
            "changes.gpkg",
            "scenario.xlsx",
        ]
    )


@pytest.mark.long
def test_other_homes_are_refused(run, workspace, tmp_path):
    other = planner.write_district(street(homes=("a", "c")), tmp_path / "other.gpkg")
    code, out, err = run("compare", workspace, other)
    assert (code, out) == (2, "")
    assert "same homes" in err


def test_a_missing_or_foreign_scenario_is_named(run, workspace, tmp_path):
    code, _, err = run("compare", workspace, tmp_path / "none.json")
    assert code == 2
    assert "none.json" in err
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    code, _, err = run("compare", workspace, tmp_path / "list.json")
    assert code == 2
    assert "list.json" in err
