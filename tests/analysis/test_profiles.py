"""Walking of the old and of wheelchairs, on towns whose answers are known by head."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner import InputError, assess, demo_district, find_profile, propose
from planner.analysis.compliance.checkup import checkup
from planner.analysis.gaps.links import with_links
from planner.analysis.measures.equity import equity
from planner.analysis.measures.groups import group_coverage
from planner.analysis.measures.redundancy import redundancy
from planner.analysis.profiles import SEVERAL, profile_effect, rule_effect, street_effect
from planner.district import (
    Connect,
    District,
    Open,
    Rule,
    Scenario,
    Standard,
    builtin_kinds,
    builtin_profiles,
    read_profile,
)
from planner.district.scenarios.changes import apply_scenario
from planner.sources.streets.attributes import slope_of
from planner.views.words.labels import Labels

CRS = "EPSG:32650"
STANDARD = Standard(
    id="t", en="T", zh="T", source="made up", rules={"clinic": Rule("clinic", 150.0)}
)
LINES = [
    [(0, 0), (100, 0)],
    [(0, 0), (0, 50), (100, 50), (100, 0)],
    [(-50, 0), (0, 0)],
    [(100, 0), (150, 0)],
]


def points(rows, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(xy) for xy in rows], crs=CRS)


def town(home=(-10, 0), clinic=(110, 0), **columns) -> District:
    """A home 120 m from a clinic over the first street, 220 m round over the second; limit 150 m.

    Columns give values of the four streets, or one for the first.
    """
    every = {
        name: values if isinstance(values, list) else [values, *([None] * 3)]
        for name, values in columns.items()
    }
    every.setdefault("highway", ["footway", "residential", "residential", "residential"])
    streets = gpd.GeoDataFrame(
        {"street_id": list("abcd"), **every}, geometry=list(map(shapely.LineString, LINES)), crs=CRS
    )
    communities = gpd.GeoDataFrame(
        {"community_id": ["1"], "name": ["One"]},
        geometry=[shapely.box(-99, -99, 299, 299)],
        crs=CRS,
    )
    layers = {
        "streets": streets,
        "communities": communities,
        "demand": points([home], demand_id=["h"], community_id=["1"], population=[100]),
        "facilities": points([clinic], facility_id=["c"], name=["C"], kind=["clinic"]),
    }
    return District.from_layers("Town", layers, complete=builtin_kinds())


STEPS = ["steps", "residential", "residential", "residential"]


def walked(district, profile=None, **rules):
    """Metres for certain, at best, and whether within: of the one home."""
    switched = {name.replace("_", "-"): word for name, word in rules.items()} or None
    found = assess(district, STANDARD, profile=profile, profile_rules=switched)
    return (
        float(found.distances["clinic"].iloc[0]),
        float(found.best_distances["clinic"].iloc[0]),
        found.within("clinic").iloc[0],
    )


def test_steps_in_the_short_way_make_a_detour():
    district = town(highway=STEPS)
    assert walked(district) == (120, 120, True)
    assert walked(district, "wheelchair") == (220, 220, False)


@pytest.mark.long
def test_a_ramp_opens_steps_and_one_for_whom_is_not_told_gives_both_readings():
    assert walked(town(highway=STEPS, ramp="wheelchair"), "wheelchair") == (120, 120, True)
    near, best, within = walked(town(highway=STEPS, ramp="yes"), "wheelchair")
    assert (near, best) == (220, 120)
    assert within is pd.NA
    assert walked(town(highway=STEPS, wheelchair="yes"), "wheelchair") == (120, 120, True)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("kerb", "expected"),
    [("raised", (220, 220)), ("lowered", (120, 120)), ("flush", (120, 120)), ("", (220, 120))],
)
def test_kerbs_of_a_crossing(kerb, expected):
    district = town(crossing="yes", kerb=kerb)
    assert walked(district, "wheelchair")[:2] == expected
    assert walked(district, "elderly")[:2] == (120, 120)


@pytest.mark.long
def test_an_unknown_kerb_can_be_read_one_way():
    district = town(crossing="yes")
    assert walked(district, "wheelchair", kerb="passes") == (120, 120, True)
    assert walked(district, "wheelchair", kerb="off") == (120, 120, True)
    assert walked(town(), "wheelchair", slope="both")[:2] == (np.inf, 120)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("percent", "sure"), [(5.0, 120.0), (6.0, 220.0), (8.33, 220.0), (8.4, 220.0), (None, 120.0)]
)
def test_slopes_for_wheels(percent, sure):
    assert walked(town(slope_percent=percent), "wheelchair")[0] == sure


@pytest.mark.long
def test_a_ramp_of_one_in_twelve_is_allowed():
    ramp = town(slope_percent=slope_of("1:12"))
    assert walked(ramp, "wheelchair", slope_heavy="off")[0] == 120
    assert walked(town(slope_percent=8.4), "wheelchair", slope_heavy="off")[0] == 220


@pytest.mark.long
def test_a_mapped_slope_of_unknown_steepness_gives_both_readings():
    assert walked(town(incline="steep"), "wheelchair")[:2] == (220, 120)
    assert walked(town(incline="up"), "wheelchair")[:2] == (220, 120)
    assert walked(town(incline="up", slope_percent=2.0), "wheelchair")[:2] == (120, 120)


def test_a_slope_is_longer_for_the_old_as_tobler_slows_it():
    # mean of exp(3.5·(0.15−0.05)) and exp(3.5·(0.05−0.05)) over 100 m, 20 m on the flat
    expected = 20 + 100 * (np.exp(0.35) + 1.0) / 2
    assert walked(town(slope_percent=10.0), "elderly")[0] == pytest.approx(expected, abs=0.002)
    assert walked(town(slope_percent=16.0), "elderly")[0] == 220


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("column", "value", "shut"),
    [
        ("surface", "sand", True),
        ("surface", "asphalt;sand", True),
        ("surface", "asphalt", False),
        ("smoothness", "bad", True),
        ("wheelchair", "no", True),
        ("obstacle", "stile", True),
        ("width_m", 0.8, True),
        ("width_m", 0.9, False),
    ],
)
def test_what_else_stops_wheels(column, value, shut):
    assert walked(town(**{column: value}), "wheelchair")[:2] == ((220, 220) if shut else (120, 120))


@pytest.mark.long
def test_a_rough_surface_counts_more_and_a_known_smoothness_overrules_it():
    assert walked(town(surface="sett"), "wheelchair")[0] == 20 + 150
    assert walked(town(surface="sett", smoothness="good"), "wheelchair")[0] == 120


@pytest.mark.long
def test_a_path_of_unknown_surface_gives_both_readings():
    paths = ["path", "residential", "residential", "residential"]
    assert walked(town(highway=paths), "wheelchair")[:2] == (220, 120)
    assert walked(town(highway=paths, surface="asphalt"), "wheelchair")[:2] == (120, 120)


@pytest.mark.long
def test_a_home_at_a_shut_street_is_read_both_ways():
    district = town(home=(50, 5), highway=STEPS)
    assert walked(district)[0] == 5 + 50 + 10
    sure, best, within = walked(district, "wheelchair")
    assert sure == np.inf
    assert best == 45 + 50 + 50 + 10
    assert within is False or not within
    assert "homes_kept_off" in " ".join(
        finding.code for finding in assess(district, STANDARD, profile="wheelchair").findings
    )


def test_a_facility_at_a_shut_street_counts_at_best_only():
    sure, best, _ = walked(town(clinic=(50, 5), highway=STEPS), "wheelchair")
    assert (sure, best) == (np.inf, 10 + 50 + 50 + 45)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("beside", [0.0, 5.0])
def test_a_place_where_a_shut_street_meets_an_open_one_is_on_the_open_one(beside):
    """At (100, 0) steps come first of the streets that meet; right of it the corner is nearest."""
    lines = [*LINES[:3], [(100, 0), (100, -60)]]
    district = town(clinic=(100 + beside, 0), highway=STEPS)
    streets = district.streets.copy()
    streets["geometry"] = gpd.GeoSeries(list(map(shapely.LineString, lines)), crs=CRS).to_numpy()
    district = district.with_layers(streets=streets)
    assert walked(district)[0] == 10 + 100 + beside
    assert walked(district, "wheelchair") == (210 + beside, 210 + beside, False)
    home = town(home=(100 + beside, 0), clinic=(-10, 0), highway=STEPS).with_layers(streets=streets)
    assert walked(home, "wheelchair")[:2] == (210 + beside, 210 + beside)


@pytest.mark.long
def test_with_every_rule_off_a_profile_walks_as_everyone():
    district = demo_district()
    plain = assess(district)
    for profile in builtin_profiles().values():
        off = assess(district, profile=profile.with_rules({r.id: "off" for r in profile.rules}))
        pd.testing.assert_frame_equal(plain.distances, off.distances)
        pd.testing.assert_frame_equal(plain.best_distances, off.best_distances)
        pd.testing.assert_frame_equal(plain.nearest, off.nearest)
        pd.testing.assert_frame_equal(plain.summary(), off.summary())


def test_everyone_is_no_profile():
    plain, named = assess(town(), STANDARD), assess(town(), STANDARD, profile="everyone")
    assert named.profile is None
    assert plain.findings == named.findings


@pytest.mark.long
def test_whom_a_profile_moves_and_by_which_rule():
    found = assess(town(highway=STEPS), STANDARD, profile="wheelchair")
    row = profile_effect(found).iloc[0]
    assert row[["within_everyone", "within", "within_at_best"]].tolist() == [100, 0, 0]
    assert row[["moved", "open", "moved_homes", "open_homes"]].tolist() == [100, 0, 1, 0]
    by_rule = rule_effect(found).set_index("rule")["moved"]
    assert by_rule[by_rule > 0].to_dict() == {"steps": 100}


@pytest.mark.long
def test_two_rules_on_one_street_move_only_together():
    found = assess(town(highway=STEPS, surface="sand"), STANDARD, profile="wheelchair")
    by_rule = rule_effect(found).set_index("rule")["moved"]
    assert by_rule[by_rule > 0].to_dict() == {SEVERAL: 100}


@pytest.mark.long
def test_what_rests_on_streets_that_do_not_tell():
    found = assess(town(crossing="yes"), STANDARD, profile="wheelchair")
    assert profile_effect(found).iloc[0][["moved", "open"]].tolist() == [0, 100]
    assert rule_effect(found).set_index("rule")["moved"]["kerb"] == 100
    told = assess(town(), STANDARD, profile="wheelchair")
    by_rule = rule_effect(told).set_index("rule")
    assert by_rule["resting"]["slope"] == 100
    assert by_rule["resting"]["steps"] == 0
    streets = street_effect(found).set_index("rule")
    assert streets.loc["kerb", ["km", "km_both", "km_silent"]].tolist() == [0.0, 0.1, 0.0]
    assert streets.loc["slope", "km_silent"] == pytest.approx(0.4)


@pytest.mark.long
def test_gaps_of_a_profile_name_steps_and_what_is_to_be_surveyed():
    shut = assess(town(highway=STEPS), STANDARD, profile="wheelchair").gaps("clinic").iloc[0]
    assert (shut["cause"], shut["remedy"]) == ("barrier", "clear_way")
    open_ = assess(town(crossing="yes"), STANDARD, profile="wheelchair").gaps("clinic").iloc[0]
    assert (open_["cause"], open_["remedy"]) == ("data", "survey_streets")


@pytest.mark.long
def test_a_scenario_is_judged_for_the_profile_as_from_nothing():
    district = town(highway=STEPS)
    scenario = Scenario("One more", [Open("new", "clinic", -20.0, 0.0)], crs=CRS)
    after = assess(district, STANDARD, profile="wheelchair").apply(scenario)
    assert after.profile is not None
    assert after.distances["clinic"].tolist() == [10.0]


@pytest.mark.long
def test_what_is_measured_as_everyone_walks_says_so():
    found = assess(town(highway=STEPS), STANDARD, profile="wheelchair")
    for ask in (
        found.links,
        found.map_work,
        found.departments,
        lambda: redundancy(found, "clinic"),
        lambda: equity(found),
        lambda: group_coverage(found),
        lambda: checkup(found),
        lambda: propose(found, "clinic", 1),
    ):
        with pytest.raises(InputError) as error:
            ask()
        assert error.value.code == "profiles.everyone_only"


@pytest.mark.long
def test_findings_tell_lengths_in_both_languages():
    found = assess(town(crossing="yes"), STANDARD, profile="wheelchair")
    said = {f.code: Labels("zh").finding(f) for f in found.findings if f.code.startswith("profil")}
    assert "轮椅" in said["profiles.measured"]
    assert "路缘石 0.1 km (25.0%)" in said["profiles.unknown_both"]
    assert "坡度" in said["profiles.unknown_silent"]


@pytest.mark.long
def test_findings_call_a_profile_of_ones_own_by_its_name(tmp_path):
    file = tmp_path / "pram.toml"
    head = 'id = "pram"\nen = "Pram"\nzh = "婴儿车"\n[[rule]]\nid = "r"\nreason = "x"\n'
    rule = 'asks = "steps"\nwhen = ["yes"]\neffect = "longer"\nfactor = 3\n'
    file.write_text(head + rule, encoding="utf-8")
    (told,) = [
        f
        for f in assess(town(highway=STEPS), STANDARD, profile=file).findings
        if f.code == "profiles.measured"
    ]
    assert "“婴儿车”" in Labels("zh").finding(told)
    assert "'Pram'" in Labels().finding(told)


def test_every_rule_has_a_reason_in_both_languages_and_a_source():
    for profile in builtin_profiles().values():
        for rule in profile.rules:
            assert rule.source, rule.id
            assert Labels("zh").text(rule.reason) != rule.reason, rule.id


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('effect = "shut"\nasks = "colour"', "asks"),
        ('effect = "longer"\nasks = "surface"', "factor"),
        ('effect = "longer"\nasks = "surface"\nfactor = 0.5', "factor"),
        ('effect = "away"\nasks = "surface"', "effect"),
        ('effect = "shut"\nasks = "slope_percent"', "above"),
        ('effect = "slope"\nasks = "surface"\nwhen = ["mud"]', "asks"),
        ('effect = "allowed"\nasks = "width_m"\nabove = 0.1', "asks"),
        ('effect = "allowed"\nasks = "wheelchair"\nfine = ["yes"]', "when"),
        ('effect = "shut"\nasks = "surface"', "when"),
        ('effect = "shut"\nasks = "width_m"\nbelow = 0.9\nwhen = ["narrow"]', "when"),
        ('effect = "slope"\nasks = "slope_percent"\nwhen = ["steep"]', "when"),
        ('effect = "shut"\nasks = "surface"\nof = { colour = ["red"] }', "of"),
        ('effect = "shut"\nasks = "surface"\nwhy = "no"', "why"),
    ],
)
def test_a_profile_of_ones_own_is_checked(tmp_path, text, field):
    file = tmp_path / "own.toml"
    head = 'id = "own"\nen = "Own"\nzh = "自有"\n[[rule]]\nid = "r"\nreason = "x"\n'
    file.write_text(head + text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_profile(file)
    assert (error.value.code, error.value.params["field"]) == ("profiles.bad_rule", field)


def test_a_profile_of_ones_own_is_used(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        'id = "pram"\nen = "Pram"\nzh = "婴儿车"\n[[rule]]\nid = "steps"\nreason = "x"\n'
        'asks = "steps"\nwhen = ["yes"]\neffect = "longer"\nfactor = 1.1\n',
        encoding="utf-8",
    )
    assert walked(town(highway=STEPS), str(file))[0] == 20 + 110


def test_what_is_no_profile_or_rule_is_told():
    for ask, code in (
        (lambda: find_profile("roller"), "profiles.unknown"),
        (lambda: find_profile("elderly").with_rules({"kerbs": "off"}), "profiles.unknown_rule"),
        (lambda: find_profile("elderly").with_rules({"steps": "no"}), "profiles.bad_switch"),
        (
            lambda: assess(town(), STANDARD, profile_rules={"steps": "off"}),
            "profiles.rules_of_none",
        ),
        (lambda: profile_effect(assess(town(), STANDARD)), "profiles.none"),
    ):
        with pytest.raises(InputError) as error:
            ask()
        assert error.value.code == code


def test_streets_that_a_profile_shuts_are_no_gap_of_the_map():
    far = Standard(id="f", en="F", zh="F", source="x", rules={"clinic": Rule("clinic", 100.0)})
    district = town(highway=["steps", "steps", "residential", "residential"])
    gap = assess(district, far, profile="wheelchair").gaps("clinic").iloc[0]
    assert gap["cause"] != "data"


@pytest.mark.long
def test_a_link_of_a_scenario_is_open_to_a_profile_and_judged_as_from_nothing():
    district = town(highway=STEPS)
    scenario = Scenario("Ramp", [Connect(0.0, 0.0, 100.0, 0.0, length_m=110.0)], crs=CRS)
    after = assess(district, STANDARD, profile="wheelchair").apply(scenario)
    anew = assess(apply_scenario(district, scenario), STANDARD, profile="wheelchair")
    assert after.distances["clinic"].tolist() == [130.0]
    pd.testing.assert_frame_equal(after.distances, anew.distances)
    pd.testing.assert_frame_equal(after.best_distances, anew.best_distances)
    assert profile_effect(after)["within"].tolist() == [100]


def test_a_gap_of_a_profile_has_no_link_to_show():
    result = assess(town(highway=STEPS), STANDARD, profile="wheelchair")
    (gap,) = with_links(result, result.gaps("clinic")).to_dict("records")
    assert (gap["cause"], gap["remedy"], gap["link_work"]) == ("barrier", "clear_way", "")
