from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import planner
from planner.analysis.compliance.checklists import (
    _offers,
    _told,
    checklist_table,
    completeness,
    line_coverage,
)
from planner.analysis.hours.rules import OPEN
from planner.district import Rule, Standard
from planner.district.checklists import (
    Checklist,
    Item,
    builtin_checklists,
    builtin_lines,
    read_checklists,
)
from planner.district.kinds import SERVICE_LINES, builtin_kinds
from planner.errors import InputError


def standard(*rules):
    return Standard("own", "Own", "自定", "test", {rule.kind: rule for rule in rules})


@pytest.fixture
def clinics(town):
    facilities = town.facilities.copy()
    facilities["kind"] = "clinic"
    facilities["ownership"] = "public"
    facilities["services"] = ["医疗；Prevention;康复;tea", "", "medical_care"]
    return town.with_layers(facilities=facilities)


def test_the_lists_that_ship():
    lists, lines = builtin_checklists(), builtin_lines()
    assert [len(lists[name].items) for name in ("six_in_one", "six_in_place")] == [6, 6]
    assert set(lines) == set(SERVICE_LINES)
    used = {k for each in (*lists.values(), *lines.values()) for k in each.kinds}
    assert used <= set(builtin_kinds())


def test_what_each_facility_has(clinics):
    table = checklist_table(clinics, "six_in_one")
    first = table.loc["clinic-1"]
    assert (first["have"], first["of"], first["share"]) == (3, 6, 0.5)
    assert list(first[["medical_care", "prevention", "health_care"]]) == [True, True, False]
    assert table.loc["clinic-2", "medical_care"] is pd.NA
    assert np.isnan(table.loc["clinic-2", "share"])
    assert table.loc["library-1", "share"] == pytest.approx(1 / 6)


def test_a_list_and_a_line_of_ones_own_know_a_service_in_either_language(clinics):
    item = Item("prevention", "Prevention", "预防性服务")
    own = Checklist("own", "Own", "自定", ("clinic",), "services", (item,))
    facilities = clinics.facilities.assign(services="预防")
    district = clinics.with_layers(facilities=facilities)
    assert checklist_table(district, own)["share"].tolist() == [1.0, 1.0, 1.0]
    assert _offers(_told(facilities, "services"), ("prevention",)).tolist() == [OPEN] * 3


def test_completeness_of_a_community_is_a_range(clinics):
    table = completeness(planner.assess(clinics), "six_in_one")
    west, east = table.loc["001"], table.loc["002"]
    assert (west["facilities"], west["unknown"], west["complete"]) == (2, 0, 0)
    assert west["share"] == pytest.approx((1 / 2 + 1 / 6) / 2)
    assert (east["facilities"], east["unknown"]) == (2, 1)
    assert np.isnan(east["share"])
    assert (east["share_low"], east["share_high"]) == (pytest.approx(1 / 12), pytest.approx(7 / 12))
    assert "family_planning" in west["missing"]
    assert "medical_care" not in west["missing"]


def test_a_column_that_is_not_there_tells_nothing(town):
    facilities = town.facilities.assign(kind="labour_office", ownership="public")
    district = town.with_layers(facilities=facilities)
    table = checklist_table(district, "six_in_place")
    assert table["share"].isna().all()
    whole = completeness(planner.assess(district), "six_in_place", "district").iloc[0]
    assert (whole["facilities"], whole["unknown"]) == (3, 3)
    assert np.isnan(whole["share"])
    assert (whole["share_low"], whole["share_high"]) == (0, 1)


def test_places_without_facilities_have_no_share(town):
    bare = town.with_layers(facilities=town.facilities.assign(kind="sports"))
    table = completeness(planner.assess(bare), "six_in_place")
    assert (table["facilities"] == 0).all()
    assert table[["share", "share_low", "share_high"]].isna().all(axis=None)


def test_lines_any_and_all(town):
    facilities = town.facilities.copy()
    facilities["kind"] = ["clinic", "clinic", "health_centre"]
    facilities["services"] = ["certificates", "", "medical_care"]
    district = town.with_layers(facilities=facilities)
    rules = standard(Rule("clinic", 320.0), Rule("health_centre", 170.0))
    table = line_coverage(planner.assess(district, rules)).set_index("line")
    health = table.loc["health"]
    # the clinic at 50 covers a, b; the centre at 500 covers b, c and d (160 m and 15 m of access)
    assert health["covered_any"] == 200
    assert health["covered_all"] == 50
    assert (health["total"], health["unknown_any"], health["unknown_all"]) == (247, 7, 7)
    assert health["share_any"] == pytest.approx(200 / 240)
    assert health["kinds"].split(";") == ["health_centre", "clinic"]
    government = table.loc["government"]
    assert (government["covered_any"], government["kinds"]) == (150, "")
    assert np.isnan(government["share_all"])
    assert np.isnan(table.loc["culture", "share_all"])


def test_services_that_are_not_told_leave_the_line_open(town):
    rules = standard(Rule("clinic", 320.0))
    table = line_coverage(planner.assess(town, rules)).set_index("line")
    safety = table.loc["safety"]
    assert (safety["covered_any"], safety["unknown_any"]) == (0, 157)
    assert np.isnan(safety["share_any"])
    assert safety["share_any_low"] == 0


def test_nobody_is_without_a_line_of_which_no_source_tells(town):
    """A labour office that no source tells of may stand beside every home."""
    rules = standard(Rule("clinic", 320.0), Rule("health_centre", 320.0))
    silent = replace(town, records={})._recorded()
    table = line_coverage(planner.assess(silent, rules)).set_index("line")
    people = table.loc["health", "total"]
    for line in ("employment", "social_security", "floating"):
        row = table.loc[line]
        assert (row["covered_any"], row["unknown_any"]) == (0, people)
        assert np.isnan(row["share_any"])
        assert (row["share_any_low"], row["share_any_high"]) == (0, 1)
    health = table.loc["health"]
    assert 0 < health["covered_any"] < people
    assert health["covered_any"] + health["unknown_any"] == people
    assert np.isnan(health["share_any"])
    assert health["share_any_low"] == pytest.approx(health["covered_any"] / people)
    assert health["share_any_high"] == 1


def test_a_place_of_the_line_that_the_standard_does_not_judge_leaves_it_open(town):
    """It has no limit by which those beyond it could be told from the others."""
    offices = town.with_layers(
        facilities=town.facilities.assign(kind=["labour_office", "clinic", "clinic"], services="x")
    )
    row = line_coverage(planner.assess(offices, standard(Rule("clinic", 320.0))))
    row = row.set_index("line").loc["employment"]
    assert (row["covered_any"], row["unknown_any"]) == (0, row["total"])


def test_own_kinds_join_their_line(town):
    own = planner.District.from_layers(
        "Town",
        {
            **{name: getattr(town, name) for name in ("communities", "streets", "demand")},
            "facilities": town.facilities.assign(kind=["gym", "gym", "gym"]),
        },
        kinds=builtin_kinds()
        | {"gym": planner.district.Kind("gym", "Gym", "健身房", line="culture")},
    )
    table = line_coverage(planner.assess(own, standard(Rule("gym", 320.0)))).set_index("line")
    assert table.loc["culture", "kinds"] == "gym"


@pytest.fixture(scope="module")
def demo_judged():
    return planner.assess(planner.demo_district())


@pytest.mark.long
@pytest.mark.parametrize("level", ["community", "subdistrict", "district"])
def test_lines_of_the_demo_stay_within_bounds(demo_judged, level):
    table = line_coverage(demo_judged, level)
    shares = table[["share_any", "share_all"]]
    assert ((shares >= 0) & (shares <= 1) | shares.isna()).all(axis=None)
    both = table["covered_all"].notna()
    assert (table.loc[both, "covered_all"] <= table.loc[both, "covered_any"]).all()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nonsense", "district.not_toml"),
        ("[line.health]\nkinds = []", "district.incomplete"),
        ("[line.beauty]\nkinds = []\nservices = []", "district.unknown_line"),
        ('[checklist.a]\nen = "A"', "district.incomplete"),
    ],
)
def test_bad_files_are_refused(tmp_path, text, code):
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_checklists(file)
    assert error.value.code == code
    with pytest.raises(InputError, match="no checklist"):
        checklist_table(planner.demo_district(), "seven")
