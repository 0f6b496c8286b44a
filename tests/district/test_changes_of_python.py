"""What somebody writes in Python for a change or for kinds is taken, or refused by its name."""

import pytest

import planner
from planner.analysis.measures.areas import area_figures
from planner.district.scenarios.scenario import Close, Connect, Enlarge, Move, Open, Scenario
from planner.errors import InputError


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Close(1), "facility_id"),
        (Open("a", "clinic", "12", 3.0), "'x'"),
        (Move("a", 1.0, None), "'y'"),
        (Enlarge("a", "many"), "capacity"),
        (Connect(0.0, 0.0, 1.0, "1"), "y2"),
        ("close f1", "none of Open, Close"),
    ],
)
def test_a_field_of_another_type_is_named(change, field):
    with pytest.raises(InputError) as caught:
        Scenario("plan", [Close("f1"), change])
    assert caught.value.code == "district.scenario_change"
    assert field in str(caught.value)
    assert "plan, change 2" in str(caught.value)


def test_one_change_alone_is_a_scenario():
    assert Scenario("plan", Close("f1")).changes == (Close("f1"),)


def test_a_kind_is_not_its_letters():
    result = planner.assess(planner.demo_district())
    area = result.district.communities.geometry.iloc[0]
    found = area_figures(result, area, kinds="clinic")
    assert set(found["kind"]) == {"clinic"}
    assert found.equals(area_figures(result, area, kinds=["clinic"]))
    complete = result.district.with_complete("clinic")
    assert complete.records["clinic"].complete
