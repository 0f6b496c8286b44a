"""What scenarios cost and bring: each change by the list of prices, worked out by hand."""

import math
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.distances.connections import as_walked, drawn_off
from planner.analysis.distances.streets import streets_of
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.changes import apply_scenario
from planner.district.scenarios.scenario import (
    AddService,
    Close,
    Connect,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
)
from planner.errors import InputError
from planner.siting.change_prices import change_cost, prices_of, work_of
from planner.siting.costs import builtin_costs, check_currency
from planner.siting.scenario_comparison import compare_scenarios
from planner.views.exports.siting.scenarios import (
    scenarios_svg,
    write_scenarios_picture,
    write_scenarios_workbook,
)
from planner.views.tables.siting.scenarios import scenarios_table
from planner.views.words.labels import Labels

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
        (Connect(212, 0, 212, 100), "open_gate", 2.0),  # beside it in its wall, as links say
        (Connect(400, 0, 400, 100), "new_gate", 6.0 + 0.1 * 100),
        (Connect(800, 0, 800, 100), "footbridge", 150.0 + 6.0 * 100),
        (Connect(800, 100, 800, 200, length_m=120.0), "path", 3.0 + 0.12 * 120),
    ],
)
def test_a_connection_costs_what_the_work_is(town, link, work, cost):
    assert work_of(town, link) == work
    assert change_cost(town, link, builtin_costs()) == pytest.approx(cost)


DRAWN = {
    "from street to street": (0, 100),
    "from bank to bank": (40, 60),
    "over the bank only": (48, 60),
    "past both streets": (-40, 140),
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("ends", DRAWN.values(), ids=DRAWN)
def test_a_connection_costs_the_way_that_is_walked_however_it_was_drawn(town, ends):
    """The very same way across the water cost a bridge of 20 m, or one of 180 m."""
    link, costs = Connect(800, ends[0], 800, ends[1]), builtin_costs()
    assert work_of(town, link) == "footbridge"
    assert change_cost(town, link, costs) == pytest.approx(150.0 + 6.0 * 100)
    result = planner.assess(town)
    table = compare_scenarios(result, [Scenario("S", (link,))]).table.set_index("measure")["value"]
    assert table["cost"] == pytest.approx(750.0)
    codes = {each.code for each in result.apply(Scenario("S", (link,))).findings}
    assert ("analysis.link_ends_off" in codes) is (ends != (0, 100))


def test_a_bridge_drawn_or_told_shorter_than_the_way_is_as_long_as_the_way(town):
    """A length that somebody tells of the line drawn is none of the way between the streets."""
    link = Connect(800, 10, 800, 52)
    assert work_of(town, link) == "footbridge"
    short = Connect(800, 52, 800, 10, length_m=42.0)
    for each in (link, short):
        assert change_cost(town, each, builtin_costs()) == pytest.approx(750.0)
    (told,) = drawn_off(town, [replace(short, name="Bridge")])
    assert told.params == {"street": "Bridge", "off_m": 48, "way_m": 100}
    for language, words in (("en", "48 m off"), ("zh", "48 米")):
        assert words in Labels(language).finding(told)
    assert streets_of(apply_scenario(town, Scenario("S", (short,)))).link_length_m == [100.0]


def test_who_hears_of_a_scenario_hears_that_a_way_was_drawn_off_the_streets(town):
    result = planner.assess(town)
    near = Scenario("near", (Connect(800, 3, 800, 97),))
    far = Scenario("far", (Connect(800, 30, 800, 70),))
    codes = [
        {each.code for each in planner.compare(result, result.apply(s)).findings}
        for s in (near, far)
    ]
    assert ["analysis.link_ends_off" in each for each in codes] == [False, True]
    assert as_walked(town, far.changes[0]) == Connect(800, 0, 800, 100, length_m=100.0)
    nowhere = Connect(800, 0, 800, 400)
    assert (as_walked(town, nowhere), drawn_off(town, [nowhere])) == (nowhere, [])


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


def test_kinds_in_one_building_cost_what_a_one_stop_proposal_says(town):
    result, costs = planner.assess(town), builtin_costs()

    def price(*built, building):
        opened = [
            Open(f"n{n}", kind, x, 0.0, floor_area_m2=area, building=building)
            for n, (kind, x, area) in enumerate(built)
        ]
        return sum(prices_of(result, opened, costs))

    needed = {kind: rule.floor_area_m2 for kind, rule in result.standard.rules.items()}
    clinic, police = needed["clinic"], needed["police_room"]
    usual = {"clinic": costs.site(clinic), "police_room": costs.site(police)}
    at_candidate = [("clinic", 1000.0, clinic), ("police_room", 1000.0, police)]
    least = [min(35.0, each) for each in usual.values()]
    # the site is paid for once, also where nobody says that the two share its building
    for building in ("", "c"):
        assert price(*at_candidate, building=building) == pytest.approx(35.0 + 0.75 * min(least))
    by_area = town.with_layers(
        candidates=town.candidates.assign(cost=math.nan, floor_area_m2=500.0)
    )
    both = [Open("n1", "clinic", 1000.0, 0.0), Open("n2", "police_room", 1000.0, 0.0)]
    whole, further = costs.site(500.0), 0.75 * min(usual.values())
    assert sum(prices_of(planner.assess(by_area), both, costs)) == pytest.approx(whole + further)
    apart = [replace(both[0], building="c"), both[1]]
    assert prices_of(result, apart, costs) == prices_of(result, both, costs)
    along = [("clinic", 400.0, clinic), ("police_room", 400.0, police)]
    dearest, other = sorted(usual.values(), reverse=True)
    assert price(*along, building="streets:400,0") == pytest.approx(dearest + 0.75 * other)
    premises = [("police_room", 0.0, None)]
    assert price(*premises, building="premises:f") == pytest.approx(0.75 * usual["police_room"])


def test_a_facility_without_a_floor_area_costs_that_of_the_standard(town):
    result, costs = planner.assess(town), builtin_costs()
    area = result.standard.rules["police_room"].floor_area_m2
    assert prices_of(result, [Open("n", "police_room", 500.0, 0.0)], costs) == [60 + 0.6 * area]


@pytest.mark.parametrize("verified", [True, False])
def test_prices_in_another_currency_are_refused(town, verified):
    result = planner.assess(town)
    foreign = replace(builtin_costs(), currency="EUR 1,000", verified=verified)
    with pytest.raises(InputError) as error:
        compare_scenarios(result, [Scenario("s")], costs=foreign)
    assert error.value.code == "siting.other_currency"
    abroad = replace(builtin_costs(), verified=True)
    with pytest.raises(InputError):
        check_currency(abroad, "EUR 1,000")
    check_currency(builtin_costs(), "EUR 1,000")  # placeholders, told as such


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


@pytest.fixture(scope="module")
def half_known(town):
    """The same with the home at the far end by no street, today and without the clinic."""
    demand = town.demand.copy()
    demand.geometry = [shapely.Point(50, 0), shapely.Point(950, 330)]
    far = replace(town.with_layers(streets=town.streets.iloc[:1]), records=town.records)
    result = planner.assess(far.with_layers(demand=demand))
    return compare_scenarios(result, [Scenario("today"), Scenario("closed", [Close("f")])])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_share_of_which_too_many_are_unknown_is_told_as_a_range(half_known, language, found):
    assert math.isnan(value(half_known, 0, "share", "clinic"))
    ends = [value(half_known, 0, end, "clinic") for end in ("share_low", "share_high")]
    assert ends == pytest.approx([0.3, 1.0])
    after = [value(half_known, 1, end, "clinic") for end in ("share_low", "share_high")]
    assert after == pytest.approx([0.0, 0.7])
    table = scenarios_table(half_known, ["today", "closed"], language)
    clinic = table[table.iloc[:, 0].str.contains("clinic|社区卫生服务站", regex=True)].iloc[:4]
    assert clinic["today"].iloc[1:3].to_list() == [30.0, 100.0]
    assert clinic.iloc[:3, 1].nunique() == 1, "all three are per cent"
    assert "30.0%–100.0%" in scenarios_svg(half_known, ["today", "closed"], language)
    known = set(found.table["measure"])
    assert not known & {"share_low", "share_high"}, "where one share is told, it stands alone"


def test_gained_for_the_money_is_per_one_unit(found):
    units = scenarios_table(found, ["a", "b", "c"], "en").set_index("What changes")["Figures in"]
    assert (units["Cost"], units["Gained for the money"]) == (
        "cost units",
        "residents per cost unit",
    )


NEW = Open("n", "clinic", 1000.0, 0.0)
PATH = Connect(800, 100, 800, 200, length_m=120.0)
BACK = Connect(800, 200, 800, 100.5, length_m=120.0)


@pytest.fixture(scope="module")
def places(town):
    """The clinic tells its hours and services; beside it a unit's own, and one that was closed."""
    rows = layer(
        [shapely.Point(x, 0) for x in (0, 100, 200)],
        facility_id=["f", "unit", "gone"],
        kind=["clinic"] * 3,
        ownership=["public", "internal", "public"],
        status=["existing", "existing", "closed"],
        opening_hours=["Mo-Fr 09:00-17:00", "", ""],
        services=["康复", "", ""],
    )
    return planner.assess(town.with_layers(facilities=rows))


@pytest.mark.parametrize(
    ("steps", "prices", "told"),
    [
        # of hours the last count, and are paid once
        ([ExtendHours("f", "24/7"), ExtendHours("f", "Mo-Su 08:00-22:00")], [0, 12], "twice 1"),
        ([ExtendHours("f", "Mo-Fr 09:00-17:30")], [12], ""),
        ([ExtendHours("f", "Mo-Fr 9:00-17:00")], [0], "there 1"),
        (
            [ExtendHours("f", "24/7"), ExtendHours("f", "Mo 09:00-10:00")],
            [0, 0],
            "undone 1 there 2",
        ),
        ([ExtendHours("unit", "Mo 09:00-10:00"), OpenInternal("unit")], [12, 8], ""),
        ([AddService("f", "dental"), AddService("f", "Dental ")], [10, 0], "twice 2"),
        ([AddService("f", "rehabilitation"), AddService("f", "dental")], [0, 10], "there 1"),
        ([PATH, Connect(0, 0, 0, 100), BACK], [17.4, 16, 0], "twice 3"),
        ([OpenInternal("unit"), OpenInternal("unit")], [0, 8], "twice 1"),
        ([OpenInternal("f")], [0], "there 1"),
        # opened and closed again, or closed and opened, nothing is done
        ([OpenInternal("unit"), Close("unit")], [0, 0], "undone 1, 2"),
        ([NEW, AddService("n", "dental"), Close("n")], [0, 0, 0], "undone 1, 2, 3"),
        ([Close("f"), OpenInternal("f")], [0, 0], "undone 1, 2"),
        ([OpenInternal("gone")], [8], ""),
        # what is closed in the end needs no longer hours; to close it has no price
        ([ExtendHours("f", "24/7"), Close("f")], [0, math.nan], "undone 1"),
        ([Close("unit")], [math.nan], ""),
        # a new facility is paid where it stands in the end
        ([replace(NEW, x=400.0), Move("n", 1000.0, 0.0)], [35, 0], "twice 2"),
    ],
)
def test_nothing_is_paid_twice_nor_what_leaves_all_as_it_is(places, steps, prices, told):
    assert prices_of(places, steps, builtin_costs()) == pytest.approx(prices, nan_ok=True)
    found = compare_scenarios(places, [Scenario("s", tuple(steps))])
    notes = [
        f"{each.code.removeprefix('siting.work_')} {each.params['steps']}"
        for each in found.findings
    ]
    assert " ".join(notes) == told
    unpriced = sum(map(math.isnan, prices))
    assert (value(found, 0, "cost"), value(found, 0, "unpriced")) == pytest.approx(
        (sum(price for price in prices if price == price), unpriced)
    )


def test_what_is_not_built_shares_no_building(places):
    needed = places.standard.rules["police_room"].floor_area_m2
    police = Open("p", "police_room", 1000.0, 0.0, floor_area_m2=needed)
    both = prices_of(places, [NEW, Close("n"), police], builtin_costs())
    assert both == pytest.approx([0, 0, 35.0])  # the whole candidate, no further kind in it
