"""What scenarios cost and bring: each change by the list of prices, worked out by hand."""

import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import planner
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.scenario import (
    AddService,
    Close,
    Connect,
    Enlarge,
    ExtendHours,
    Open,
    OpenInternal,
)
from planner.errors import InputError
from planner.siting.costs import builtin_costs
from planner.siting.scenario_costs import change_cost, compare_scenarios, work_of
from planner.views.exports.scenarios import (
    scenarios_svg,
    write_scenarios_picture,
    write_scenarios_workbook,
)
from planner.views.tables.scenarios import scenarios_table

CRS = "EPSG:32650"


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def town() -> District:
    """A street of 1 km with homes at both ends, a clinic at the first, a candidate at the last."""
    layers = {
        "communities": layer(
            [shapely.box(-50, -150, 1050, 350)], community_id=["1"], name=["=1+1"]
        ),
        "streets": layer(
            [
                shapely.LineString([(0, 0), (1000, 0)]),
                shapely.LineString([(0, 100), (1000, 100)]),
                shapely.LineString([(0, 200), (1000, 200)]),
            ],
            street_id=["s", "t", "u"],
        ),
        "facilities": layer([shapely.Point(0, 0)], facility_id=["f"], kind=["clinic"]),
        "demand": layer(
            [shapely.Point(50, 0), shapely.Point(950, 0)],
            demand_id=["a", "b"],
            community_id=["1", "1"],
            population=[30.0, 70.0],
        ),
        "candidates": layer(
            [shapely.Point(1000, 0)], candidate_id=["c"], cost=[35.0], kinds=["clinic"]
        ),
        "barriers": layer(
            [
                shapely.LineString([(-50, 50), (500, 50)]),
                shapely.LineString([(500, 50), (1050, 50)]),
            ],
            barrier_id=["1", "2"],
            kind=["wall", "water"],
        ),
        "gates": layer([shapely.Point(200, 50)], gate_id=["g"], name=["East gate"], open=[False]),
    }
    return District.from_layers("Town", layers, complete=builtin_kinds())


@pytest.mark.parametrize(
    ("link", "work", "cost"),
    [
        (Connect(200, 0, 200, 100), "open_gate", 2.0),
        (Connect(400, 0, 400, 100), "new_gate", 6.0 + 0.1 * 100),
        (Connect(800, 0, 800, 100), "footbridge", 150.0 + 6.0 * 100),
        (Connect(800, 100, 800, 200, length_m=120.0), "path", 3.0 + 0.12 * 120),
    ],
)
def test_a_connection_costs_what_the_work_is(town, link, work, cost):
    assert work_of(town, link) == work
    assert change_cost(town, link, builtin_costs()) == pytest.approx(cost)


def test_each_change_costs_what_the_list_says(town):
    costs = builtin_costs()
    priced = {
        Open("n", "clinic", 500.0, 0.0, floor_area_m2=100.0): 60.0 + 0.6 * 100,
        Open("n", "clinic", 500.0, 0.0): 60.0,
        Open("n", "clinic", 1000.0, 0.5): 35.0,  # the candidate's own price
        OpenInternal("f"): 8.0,
        ExtendHours("f", "24/7"): 12.0,
        AddService("f", "x"): 10.0,
    }
    for change, cost in priced.items():
        assert change_cost(town, change, costs) == pytest.approx(cost)
    for change in (Close("f"), Enlarge("f", 5.0)):
        assert math.isnan(change_cost(town, change, costs))


@pytest.fixture(scope="module")
def found(town):
    result = planner.assess(town)
    built = Open("n", "clinic", 1000.0, 0.0)
    scenarios = [
        Scenario("today"),
        Scenario("built", [built]),
        Scenario("swapped", [built, Close("f")]),
    ]
    return compare_scenarios(result, scenarios)


def value(found, scenario, measure, kind=""):
    rows = found.table
    chosen = (rows["scenario"] == scenario) & (rows["measure"] == measure) & (rows["kind"] == kind)
    (only,) = rows[chosen]["value"]
    return only


def test_gained_cost_and_gained_for_the_money(found):
    assert [value(found, n, "gained_sum") for n in range(3)] == [0, 70, 40]
    assert [value(found, n, "cost") for n in range(3)] == [0, 35, 35]
    assert value(found, 1, "gained_per_cost") == pytest.approx(2.0)
    assert math.isnan(value(found, 0, "gained_per_cost"))
    assert math.isnan(value(found, 2, "gained_per_cost"))  # closing has no price
    assert [value(found, n, "unpriced") for n in range(3)] == [0, 0, 1]
    assert [value(found, n, "share", "clinic") for n in range(3)] == pytest.approx([0.3, 1.0, 0.7])
    summary = planner.compare(found.assessment, found.after[1]).summary()
    clinic = summary[(summary["kind"] == "clinic") & (summary["group"] == "population")]
    assert value(found, 1, "gained", "clinic") == clinic["covered_change"].iloc[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_and_its_files_say_the_same(found, tmp_path, language):
    names = ["<today>", "=1+1", "=1+1"]
    table = scenarios_table(found, names, language)
    assert list(table.columns[2:]) == ["<today>", "=1+1", "=1+1 (2)"]
    assert table.iloc[1].to_list()[2:] == [0, 35, 35]
    file = write_scenarios_workbook(found, names, tmp_path / "c.xlsx", language)
    read = pd.read_excel(file, engine="calamine")
    assert list(read.columns) == list(table.columns)
    cells = read.iloc[: len(table), 3].astype(float)
    assert cells.to_list() == pytest.approx(table.iloc[:, 3].to_list(), nan_ok=True)
    picture = write_scenarios_picture(found, names, tmp_path / "c.svg", language)
    text = picture.read_text(encoding="utf-8")
    assert text == scenarios_svg(found, names, language)
    assert "&lt;today&gt;" in text
    assert "<today>" not in text
    assert text.count("<text") > len(found.table[found.table["measure"] == "share"])


def test_a_group_that_is_not_counted_is_refused(found):
    with pytest.raises(InputError) as refused:
        compare_scenarios(found.assessment, [], group="pop_65plus")
    assert refused.value.code == "analysis.unknown_group"
