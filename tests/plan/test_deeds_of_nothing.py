"""What is proposed by hand and can bring nothing is refused, or says why it counts for nothing."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.district import AddService, District, Enlarge, ExtendHours, builtin_kinds
from planner.errors import InputError
from planner.plan import Plan
from planner.plan.proposals.by_hand import Described, change_by_hand
from planner.views.words.labels import Labels
from planner.views.words.plan.brought import brings_sentence

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0
HOURS = "Mo-Fr 08:00-17:00"


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def district() -> District:
    """A street with a clinic of usual hours, and a unit's own canteen."""
    homes = [shapely.Point(X + metres, Y) for metres in np.arange(50, 1050, 100.0)]
    layers = {
        "communities": layer(
            [shapely.box(X - 50, Y - 50, X + 1050, Y + 50)], community_id=["1"], name=["Long"]
        ),
        "streets": layer([shapely.LineString([(X, Y), (X + 1000, Y)])], street_id=["s"]),
        "facilities": layer(
            [shapely.Point(X, Y), shapely.Point(X + 500, Y)],
            facility_id=["f", "unit"],
            kind=["clinic", "canteen"],
            ownership=["public", "internal"],
            opening_hours=[HOURS, ""],
            capacity=[50.0, 20.0],
        ),
        "demand": layer(
            homes,
            demand_id=[f"d{n}" for n in range(len(homes))],
            community_id=["1"] * len(homes),
            population=[10.0] * len(homes),
        ),
    }
    return District.from_layers("Town", layers, complete=builtin_kinds())


@pytest.mark.parametrize("hours", ["Mo-Fr 09:00-10:00", "Mo 08:00-17:00", "off"])
def test_hours_that_open_nothing_more_are_refused(district, hours):
    with pytest.raises(InputError) as refused:
        change_by_hand(district, "extend_hours", Described(facility_id="f", hours=hours))
    assert refused.value.code == "plan.shorter_hours"
    assert refused.value.params["now"] == HOURS


@pytest.mark.parametrize("room", [50.0, 10.0, 0.0])
def test_no_more_room_than_there_is_is_no_enlargement(district, room):
    with pytest.raises(InputError) as refused:
        change_by_hand(district, "enlarge", Described(facility_id="f", capacity=room))
    assert refused.value.code == "plan.no_more_room"
    assert refused.value.params["now"] == "50"
    assert change_by_hand(district, "enlarge", Described(facility_id="f", capacity=51.0))


def test_what_is_turned_into_itself_is_refused(district):
    with pytest.raises(InputError) as refused:
        change_by_hand(district, "convert", Described(facility_id="f", kind="clinic"))
    assert refused.value.code == "plan.same_kind"


@pytest.mark.parametrize(
    ("hours", "first"),
    [("Sa 08:00-12:00", "Mo 08:00"), ("Mo-Fr 08:00-16:30; Sa 10:00-12:00", "Mo 16:30")],
)
def test_hours_that_shut_it_when_it_is_open_are_refused(district, hours, first):
    """They would take the place of today's, and the plan calls them longer."""
    with pytest.raises(InputError) as refused:
        change_by_hand(district, "extend_hours", Described(facility_id="f", hours=hours))
    assert refused.value.code == "plan.hours_lost"
    assert refused.value.params["at"] == first


@pytest.mark.parametrize(
    "hours", ["24/7", "Mo-Sa 08:00-17:00", "Mo-Fr 08:00-20:00", "Mo-Fr 07:30-17:00"]
)
def test_hours_that_open_more_are_taken(district, hours):
    told = Described(facility_id="f", hours=hours)
    assert change_by_hand(district, "extend_hours", told) == (ExtendHours("f", hours),)


def test_only_what_a_unit_keeps_to_itself_is_opened_to_all(district):
    with pytest.raises(InputError) as refused:
        change_by_hand(district, "open_internal", Described(facility_id="f"))
    assert refused.value.code == "plan.not_internal"
    assert change_by_hand(district, "open_internal", Described(facility_id="unit"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        (ExtendHours("f", "24/7"), "count at a moment only", "没有指定时刻"),
        (AddService("f", "vaccination"), "counts where it is asked for", "没有指定服务"),
        (Enlarge("f", 90.0), "does not count room", "不考虑容量"),
    ],
)
def test_it_is_said_why_nobody_gains(file_plan: Plan, district, change, en, zh):
    result = planner.assess(district)
    (made,) = file_plan.propose([change], assessment=result)
    assert not made.figures.gained()
    assert en in brings_sentence(Labels("en"), made)
    assert zh in brings_sentence(Labels("zh"), made)


def test_longer_hours_at_a_moment_bring_what_they_bring(file_plan: Plan, district):
    result = planner.assess(district, at="Su 22:00")
    (made,) = file_plan.propose([ExtendHours("f", "24/7")], assessment=result)
    assert made.figures.gained() > 0
    assert "count at a moment only" not in brings_sentence(Labels("en"), made)
