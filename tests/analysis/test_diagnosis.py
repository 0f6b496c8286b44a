"""Causes home by home, on a street short enough to work them out by hand."""

import pytest
import shapely
from gap_towns import LIMIT, STRAIGHT, line, town

from planner.analysis.gaps.causes import CAUSES, REMEDIES
from planner.analysis.gaps.diagnosis import diagnose
from planner.analysis.gaps.gaps import find_gaps
from planner.district import Rule, Standard
from planner.errors import InputError
from planner.result import assess


def told(district, standard=LIMIT, *, capacity=False, **question):
    """Return cause, remedy and facility of each home; empty where it lacks nothing."""
    found = diagnose(assess(district, standard, **question), "clinic", capacity=capacity)
    return [
        (CAUSES[c], REMEDIES[r], f) if c >= 0 else ""
        for c, r, f in zip(found.cause, found.remedy, found.facility, strict=True)
    ]


def test_near_far_and_off_the_map():
    homes = [(300, 0), (301, 0), (900, 600)]
    assert told(town(homes, [{"at": (0, 0)}])) == [
        "",
        ("none_near", "build", 0),
        ("data", "map_streets", 0),
    ]


@pytest.mark.long
@pytest.mark.parametrize(("apart", "remedy"), [(250, "finer_points"), (100, "map_streets")])
def test_the_centre_of_a_coarse_cell_without_a_street_wants_finer_points(apart, remedy):
    """A cell's people do not live at its centre, between the rails or in the river."""
    lost = -(-260 // apart)
    cells = [(apart * n, 0) for n in range(8)]
    cells += [(apart * 4, apart * n) for n in range(1, lost + 1)]
    assert told(town(cells, [{"at": (0, 0)}]))[-1] == ("data", remedy, 0)


LOOP = (line((2000, 0), (2000, 200)), line((2000, 200), (0, 200)))


NARROW = (line((2000, 0), (2000, 60)), line((2000, 60), (0, 60)))


def test_a_great_detour_is_a_barrier_where_a_link_would_mend_it():
    district = town([(100, 60), (1800, 60), (1900, 60)], [{"at": (1800, 0)}], streets=NARROW)
    # 60 and 117 m in a straight line but 460 and 360 m on foot; the first is far in any case
    assert told(district) == [
        ("none_near", "build", 0),
        ("barrier", "link", 0),
        ("barrier", "link", 0),
    ]


@pytest.mark.long
def test_streets_too_far_apart_for_a_link_and_nothing_between_are_no_barrier():
    wide = town([(1900, 200)], [{"at": (1900, 0)}], streets=LOOP)
    # 200 m in a straight line, 400 m on foot: but no link is that long
    assert told(wide) == [("none_near", "build", 0)]
    corner = town([(2000, 180)], [{"at": (1850, 0)}], streets=LOOP)
    # 234 m in a straight line, 330 m on foot: a detour of 1.4 that no gate would mend
    assert told(corner) == [("none_near", "build", 0)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("home", "gates", "found"),
    [
        ((1900, 200), (), ("barrier", "build", 0)),
        ((1900, 200), ((1900, 90),), ("none_near", "build", 0)),
        ((1900, 200), ((1500, 90),), ("barrier", "build", 0)),
        ((2000, 180), (), ("none_near", "build", 0)),  # the way round is 1.4 times the line
    ],
)
def test_a_wall_is_a_barrier_but_for_a_way_through_it_or_a_short_way_round(home, gates, found):
    wall = line((1400, 90), (1990, 90))
    clinic = (1900, 0) if home == (1900, 200) else (1850, 0)
    district = town([home], [{"at": clinic}], streets=LOOP, barriers=[wall], gates=gates)
    assert told(district) == [found]


def test_an_outline_counts_but_not_the_ground_inside_it():
    inside = shapely.box(1700, -50, 2100, 300)
    district = town([(2000, 180)], [{"at": (1850, 0)}], streets=LOOP, barriers=[inside])
    assert told(district)[0][0] == "none_near"


@pytest.mark.long
def test_hours_and_services():
    facilities = [
        {"at": (0, 0), "opening_hours": "Mo-Fr 08:00-18:00", "services": "care;rest"},
        {"at": (1000, 0), "services": ""},
    ]
    district = town([(100, 0), (900, 0), (500, 0)], facilities)
    shut = [("closed", "longer_hours", 0), "", ("none_near", "build", 1)]
    assert told(district, at="Su 22:00") == shut
    lacks = [("closed", "add_service", 0), ("data", "ask", 1), ("none_near", "build", 0)]
    assert [each[:2] for each in told(district, service="repair")] == [e[:2] for e in lacks]
    both = told(district, at="Su 22:00", service="repair")
    assert both[0] == ("closed", "hours_and_service", 0)
    assert both[1] == ("data", "ask", 1)


def test_a_shut_facility_behind_a_detour_leaves_the_barrier():
    facilities = [{"at": (1800, 0), "opening_hours": "Mo-Fr 08:00-18:00"}]
    wall = line((0, 30), (1990, 30))
    district = town([(1800, 60)], facilities, streets=NARROW, barriers=[wall])
    assert told(district) == [("barrier", "link", 0)]
    # a gate alone would lead to a shut door
    assert told(district, at="Su 22:00") == [("barrier", "build", 0)]


def test_a_units_own_facility_is_to_be_opened():
    facilities = [{"at": (0, 0), "ownership": "internal"}, {"at": (2000, 0)}]
    assert told(town([(100, 0), (700, 0)], facilities)) == [
        ("none_near", "open_internal", 0),
        ("none_near", "build", 1),
    ]


@pytest.mark.long
def test_loose_pieces_of_street_are_faults_of_the_map():
    loose = (line((0, 100), (200, 100)),)
    district = town([(100, 110), (100, -10)], [{"at": (100, -20)}], streets=loose)
    assert told(district) == [("data", "map_streets", 0), ""]
    facility_on_it = town([(100, -10)], [{"at": (100, 110)}], streets=loose)
    assert told(facility_on_it) == [("data", "map_streets", 0)]


def cut_off(district, *streets):
    """Return the district with some streets running on beyond the data."""
    layer = district.streets
    return district.with_layers(streets=layer.assign(cut=layer["street_id"].isin(streets)))


@pytest.mark.long
def test_streets_cut_off_at_the_edge_want_more_data_and_no_map_work():
    loose = (line((0, 100), (200, 100)),)
    plain = town([(100, 110), (100, -10)], [{"at": (100, -20)}], streets=loose)
    assert told(cut_off(plain, "s1")) == [("data", "wider_extract", 0), ""]
    assert told(cut_off(plain, "s0")) == [("data", "map_streets", 0), ""]
    facility_on_it = cut_off(town([(100, -10)], [{"at": (100, 110)}], streets=loose), "s1")
    assert told(facility_on_it) == [("data", "wider_extract", 0)]


@pytest.mark.long
def test_who_lives_on_streets_cut_off_at_the_edge_is_told_and_where_far_from_all_too():
    far = (line((0, 800), (300, 800)),)
    plain = town([(100, 810), (100, 790), (100, -10)], [{"at": (100, -20)}], streets=far)
    assert told(plain)[:2] == [("data", "map_streets", 0)] * 2
    district = cut_off(plain, "s1")
    assert told(district) == [("data", "wider_extract", 0)] * 2 + [""]
    found = {each.code: each.params for each in assess(district, LIMIT).findings}
    assert found["analysis.homes_cut_off"] == {"rows": 2, "people": 20}
    plain_codes = {each.code for each in assess(plain, LIMIT).findings}
    assert "analysis.homes_cut_off" not in plain_codes
    weights = district.demand.drop(columns="population").assign(weight=[1.0, 2.0, 3.0])
    told_of = {
        each.code: each.params
        for each in assess(district.with_layers(demand=weights), LIMIT).findings
    }
    assert told_of["analysis.homes_cut_off_estimated"] == {"rows": 2, "percent": 50.0}


def test_a_facility_nearer_than_any_street_is_work_at_the_map_and_nothing_to_build():
    district = town([(100, 160), (104, 165), (900, 160)], [{"at": (104, 160)}])
    assert told(district) == [("data", "map_streets", 0)] * 2 + [("none_near", "build", 0)]


@pytest.mark.long
def test_room_is_shared_among_those_within_the_limit():
    facilities = [
        {"at": (0, 0), "capacity_residents": 15.0},
        {"at": (1000, 0), "capacity_residents": 40.0},
    ]
    district = town([(100, 0), (200, 0), (900, 0)], facilities)
    found = diagnose(assess(district, LIMIT), "clinic", capacity=True)
    assert found.uncovered.tolist() == [0.25, 0.25, 0.0]
    assert told(district, capacity=True) == [("full", "enlarge", 0)] * 2 + [""]
    facilities = [{"at": (0, 0), "capacity_residents": 15.0}, {"at": (0, 0)}]
    unknown = town([(100, 0), (200, 0)], facilities)
    found = diagnose(assess(unknown, LIMIT), "clinic", capacity=True)
    assert found.uncovered.tolist() == [0.0, 0.0]
    assert found.unknown.tolist() == [0.25, 0.25]
    assert {each[:2] for each in told(unknown, capacity=True)} == {("data", "ask")}


def judged_by_group(homes, old, room, limit_m):
    """The assessment where people of 65 and over have a limit of their own, by one clinic at 0."""
    plain = town(homes, [{"at": (0, 0), "capacity_residents": room}])
    district = plain.with_layers(demand=plain.demand.assign(pop_65plus=old))
    own = {"clinic": Rule("clinic", 300.0, limits={"pop_65plus": limit_m})}
    return assess(district, Standard(**{**vars(LIMIT), "rules": own}))


@pytest.mark.long
def test_a_group_with_a_shorter_limit_shares_room_with_everybody():
    result = judged_by_group([(100, 0), (200, 0)], [4.0, 5.0], 15.0, 150.0)
    # 20 residents share the 15, wherever the old ones are judged
    found = diagnose(result, "clinic", group="pop_65plus", capacity=True)
    assert found.uncovered.tolist() == [0.25, 1.0]
    everybody = diagnose(result, "clinic", capacity=True)
    assert everybody.uncovered.tolist() == [0.25, 0.25]
    gaps = find_gaps(result, "clinic", group="pop_65plus", capacity=True)
    assert gaps["pop_65plus"].sum() == 0.25 * 4 + 5
    assert gaps["unknown"].sum() == 0


@pytest.mark.long
def test_a_group_with_a_longer_limit_adds_its_own_people_to_those_who_share_room():
    result = judged_by_group([(100, 0), (400, 0)], [4.0, 5.0], 12.0, 450.0)
    # 10 residents within 300 m, and 5 of the group beyond
    found = diagnose(result, "clinic", group="pop_65plus", capacity=True)
    assert found.uncovered.tolist() == pytest.approx([0.2, 0.2])
    nobody = judged_by_group([(400, 0), (900, 0)], [0.0, 5.0], 5.0, 450.0)
    found = diagnose(nobody, "clinic", group="pop_65plus", capacity=True)
    assert found.uncovered.tolist() == [0.0, 1.0]


def test_straight_standards_know_no_barrier_and_no_street():
    district = town([(1900, 200), (100, 0), (900, 800)], [{"at": (1900, 0)}], streets=LOOP)
    assert told(district, STRAIGHT) == ["", ("none_near", "build", 0), ("none_near", "build", 0)]


def test_no_facility_of_the_kind():
    district = town([(100, 0), (900, 600)], [{"at": (0, 0), "ownership": "internal"}])
    assert told(district) == [("none_near", "open_internal", 0), ("data", "map_streets", -1)]


def test_a_kind_that_is_not_judged_is_refused():
    with pytest.raises(InputError):
        diagnose(assess(town([(0, 0)], [{"at": (0, 0)}]), "15-minute"), "canteen")
