import json

import geopandas as gpd
import pytest
import shapely

from planner.district import (
    AddService,
    Close,
    Connect,
    Convert,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
    Scenario,
)
from planner.district.scenarios.changes import apply_scenario, known_by
from planner.errors import InputError


def changed(town, *changes, crs=""):
    after = apply_scenario(town, Scenario("test", changes, crs))
    return after.facilities.set_index("facility_id")


def test_every_change_of_a_facility_is_carried_out(town):
    after = changed(
        town,
        Open("new", "clinic", 300.0, 0.0, name="New", capacity=40),
        Close("clinic-1"),
        Move("library-1", 700.0, 0.0),
        OpenInternal("clinic-2"),
        Enlarge("clinic-2", 90),
        ExtendHours("clinic-2", "24/7"),
        AddService("clinic-2", "rehabilitation"),
        AddService("clinic-2", "medical"),
        AddService("clinic-2", "medical"),
        Convert("library-1", "cultural_station"),
    )
    assert after.loc["new", ["kind", "status", "ownership"]].to_list() == [
        "clinic",
        "existing",
        "public",
    ]
    assert after.loc["clinic-1", "status"] == "closed"
    assert after.loc["library-1"].geometry == shapely.Point(700, 0)
    assert after.loc["library-1", "kind"] == "cultural_station"
    inner = after.loc["clinic-2"]
    assert (inner["ownership"], inner["capacity"], inner["opening_hours"], inner["services"]) == (
        "partner",
        90,
        "24/7",
        "rehabilitation;medical",
    )


def test_a_service_that_is_offered_in_another_language_is_added_no_second_time(town):
    before = AddService("clinic-2", "prevention")
    again = [AddService("clinic-2", name) for name in ("预防", "Prevention", "康复")]
    after = changed(town, before, *again)
    assert after.loc["clinic-2", "services"] == "prevention;康复"


def test_a_scenario_does_not_change_the_facility_that_has_the_id_by_now(town, tmp_path):
    plan = known_by(town, Scenario("plan", [Close("clinic-1"), Open("new", "clinic", 1.0, 2.0)]))
    assert set(plan.of) == {"clinic-1"}
    kept = Scenario.load(plan.save(tmp_path / "plan.json"))
    assert kept == plan
    assert hash(kept.then(Close("library-1"))) != hash(kept)
    assert apply_scenario(town, kept).facilities["status"].tolist()[0] == "closed"
    # the list came again with its rows in another order
    turned = town.facilities.assign(facility_id=["library-1", "clinic-2", "clinic-1"])
    anew = town.with_layers(facilities=turned)
    with pytest.raises(InputError) as caught:
        apply_scenario(anew, kept)
    assert caught.value.code == "district.scenario_other_facility"
    assert caught.value.params["ids"] == "clinic-1"
    # a scenario that tells nothing of its facilities is taken by their ids, as before
    assert (
        "closed"
        in apply_scenario(anew, Scenario("old", plan.changes)).facilities["status"].tolist()
    )


def test_what_a_file_says_of_the_facilities_of_a_scenario_is_checked(town):
    plan = json.loads(known_by(town, Scenario("plan", [Close("clinic-1")])).to_json())
    for wrong in ([], {"clinic-1": {"name": 3}}, {"clinic-1": None}):
        with pytest.raises(InputError) as caught:
            Scenario.from_json(json.dumps(plan | {"facilities": wrong}))
        assert caught.value.code == "district.not_a_scenario"


def test_the_district_itself_stays_as_it_was(town):
    before = town.facilities.copy()
    changed(town, Close("clinic-1"), Open("new", "clinic", 0.0, 0.0))
    assert town.facilities.equals(before)


def test_a_connection_is_a_street_that_joins_by_itself(town):
    after = apply_scenario(town, Scenario("gate", [Connect(50, 0, 50, 60, length_m=80)]))
    assert isinstance(after.streets, gpd.GeoDataFrame)
    link = after.streets.iloc[-1]
    assert link["link"]
    assert link["length_m"] == 80
    assert not after.streets["link"].iloc[:-1].any()


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Close("nobody"), "district.no_such_facility"),
        (Open("clinic-1", "clinic", 0.0, 0.0), "district.facility_exists"),
        (Open("new", "martian", 0.0, 0.0), "district.unknown_kind"),
        (Enlarge("clinic-1", -5), "district.negative"),
    ],
)
def test_impossible_changes_are_refused(town, change, code):
    with pytest.raises(InputError) as caught:
        changed(town, change)
    assert caught.value.code == code


def test_coordinates_in_another_crs_are_refused(town):
    with pytest.raises(InputError) as caught:
        changed(town, Close("clinic-1"), crs="EPSG:4547")
    assert caught.value.code == "district.scenario_crs"


def test_scenarios_travel_as_files(tmp_path):
    scenario = Scenario(
        "甲",
        [Open("new", "clinic", 1.5, 2.0, capacity=3), Connect(0.0, 0.0, 1.0, 1.0)],
        "EPSG:4547",
    )
    assert Scenario.load(scenario.save(tmp_path / "a.json")) == scenario
    assert scenario.then(Close("x")).without_last() == scenario


HEAD = '"format": "planner-scenario", "version": 1'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        f'{{{HEAD}, "changes": 3}}',
        '{"format": "planner-scenario", "version": 2, "changes": []}',
        f'{{{HEAD}, "changes": [{{"do": "fly"}}]}}',
        f'{{{HEAD}, "changes": [{{"do": "close"}}]}}',
        f'{{{HEAD}, "changes": [{{"do": "close", "facility_id": 3}}]}}',
        f'{{{HEAD}, "changes": [{{"do": "move", "facility_id": "a", "x": NaN, "y": 1}}]}}',
        f'{{{HEAD}, "changes": [{{"do": "close", "facility_id": "a", "more": 1}}]}}',
    ],
)
def test_what_is_not_a_scenario_is_refused(text):
    with pytest.raises(InputError) as caught:
        Scenario.from_json(text, "file.json")
    assert "file.json" in str(caught.value)
