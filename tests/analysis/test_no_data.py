"""No data is not "none exists": kinds of which no source tells are not judged."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.compliance.audit import audit
from planner.analysis.compliance.benchmarks import floor_area_per_100_households, presence
from planner.analysis.compliance.checklists import line_coverage
from planner.analysis.compliance.checkup import checkup
from planner.analysis.measures.completeness import completeness
from planner.analysis.measures.week import week
from planner.analysis.notes.standards import rules_of_elsewhere
from planner.district import (
    AreaTarget,
    Close,
    Convert,
    District,
    KindRecord,
    Open,
    Rule,
    Scenario,
    Standard,
    builtin_kinds,
    kind_notes,
)
from planner.errors import InputError
from planner.views.exports.analysis.result_layers import result_layers
from planner.views.tables.analysis.assessment import demand_table
from planner.views.words.labels import Labels
from planner.views.words.siting.proposals import answer

BOTH = Standard(
    "both",
    "Both",
    "两类",
    "made up",
    {"clinic": Rule("clinic", 300.0), "police_room": Rule("police_room", 500.0)},
)


@pytest.fixture
def told_in_part(town) -> District:
    """The town of which no source says that it lists all of a kind."""
    return replace(town, records={})._recorded()


@pytest.fixture
def result(told_in_part):
    return planner.assess(told_in_part, BOTH)


def test_kinds_with_a_facility_are_known_even_where_none_counts(told_in_part):
    assert set(told_in_part.records) == {"clinic", "library"}
    assert told_in_part.data_state("clinic") == "listed"
    assert told_in_part.data_state("police_room") == "none"
    inner = told_in_part.facilities.assign(ownership="internal")
    judged = planner.assess(told_in_part.with_layers(facilities=inner), BOTH)
    row = judged.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
    assert (row["facilities"], row["share"], row["data"]) == (0, 0.0, "listed")


@pytest.mark.long
@pytest.mark.parametrize(
    "state", [{"status": "planned"}, {"status": "closed"}, {"ownership": "internal"}]
)
def test_a_list_of_which_nothing_counts_is_told(told_in_part, state):
    clinics = told_in_part.facilities["kind"] == "clinic"
    changed = told_in_part.facilities.copy()
    changed.loc[clinics, list(state)] = list(state.values())
    place = told_in_part.with_layers(facilities=changed)
    told = {"kinds": "clinic", "count": int(clinics.sum())}
    for found in (planner.assess(place, BOTH).findings, kind_notes(place)):
        assert [f.params for f in found if f.code == "district.kinds_none_counting"] == [told]
    sure = place.with_complete(["clinic"])
    for found in (planner.assess(sure, BOTH).findings, kind_notes(sure), kind_notes(told_in_part)):
        assert "district.kinds_none_counting" not in {each.code for each in found}


@pytest.mark.long
def test_what_a_scenario_shuts_is_no_list_of_projects(told_in_part):
    ids = told_in_part.open_facilities("clinic")["facility_id"]
    shut = Scenario("shut", [Close(own) for own in ids])
    after = planner.assess(told_in_part, BOTH).apply(shut)
    assert "district.kinds_none_counting" not in {each.code for each in after.findings}
    row = after.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
    assert (row["facilities"], row["share"]) == (0, 0.0)


def test_a_kind_without_data_has_no_figure_but_a_row(result):
    assert result.kinds == ["clinic", "library"]
    assert result.judged_kinds == ["clinic"]
    assert result.kinds_without_data == ["police_room"]
    table = result.summary()
    assert table["kind"].tolist()[-2:] == ["police_room", "police_room"]
    row = table.set_index(["kind", "group"]).loc[("police_room", "population")]
    assert (row["data"], row["judged"], row["population"]) == ("none", False, 247)
    assert (row["limit_m"], row["communities"]) == (500.0, 2)
    figures = ["covered", "uncovered", "unknown", "share", "share_low", "share_high"]
    figures += ["mean_distance_m", "median_distance_m", "facilities", "communities_lacking"]
    assert row[figures].isna().all()
    codes = {finding.code: finding.params for finding in result.findings}
    assert codes["analysis.kinds_without_data"] == {"kinds": "police_room"}


@pytest.mark.long
def test_it_counts_in_no_gap_score_benchmark_or_all_kinds_near(result):
    assert set(result.gaps()["kind"]) == {"clinic"}
    assert set(audit(result)["kind"]) == {"clinic"}
    only = Standard("one", "One", "一类", "made up", {"clinic": BOTH.rules["clinic"]})
    alone = planner.assess(result.district, only)
    pd.testing.assert_frame_equal(checkup(result).scores, checkup(alone).scores)
    pd.testing.assert_frame_equal(completeness(result), completeness(alone))
    marks = presence(result, "china-2005").set_index("kind")
    assert pd.isna(marks.loc["police_room", "having"])
    assert marks.loc["police_room", ["share", "difference", "missing"]].isna().all()
    assert marks.loc["clinic", "having"] == 1


def test_asking_for_it_says_what_to_do(result):
    for ask in (
        lambda: result.gaps("police_room"),
        lambda: result.rule("police_room"),
        lambda: result.league(kind="police_room"),
        lambda: result.links(["police_room"]),
        lambda: planner.propose(result, "police_room", new=1),
    ):
        with pytest.raises(InputError) as error:
            ask()
        assert error.value.code == "analysis.kind_without_data"


def test_once_it_is_said_to_be_complete_none_is_none(told_in_part):
    said = told_in_part.with_complete(["police_room"], "the police", "2026-01-02")
    assert said.records["police_room"] == KindRecord("the police", "2026-01-02", True)
    row = planner.assess(said, BOTH).summary().set_index(["kind", "group"])
    row = row.loc[("police_room", "population")]
    assert (row["data"], row["facilities"], row["share"]) == ("complete", 0, 0.0)
    with pytest.raises(InputError) as error:
        told_in_part.with_complete(["unheard_of"])
    assert error.value.code == "district.unknown_complete"


def test_what_could_be_built_is_no_data_on_what_there_is(result):
    plan = Scenario("one", (Open("new", "police_room", 500.0, 0.0),))
    after = result.apply(plan)
    assert after.kinds_without_data == ["police_room"]
    assert "police_room" not in after.kinds
    added = after.district.facilities
    known = result.district.with_layers(facilities=added)
    assert known.has_data("police_room"), "a facility that exists is data"


@pytest.mark.long
@pytest.mark.parametrize("kind", ["clinic", "library"])
@pytest.mark.parametrize("how", ["close", "convert"])
def test_a_kind_stays_known_after_its_last_place_is_gone(result, kind, how):
    places = result.district.open_facilities(kind)["facility_id"]
    gone = [Close(each) if how == "close" else Convert(each, "sports") for each in places]
    after = result.apply(Scenario("none left", tuple(gone)))
    assert after.kinds == result.kinds, "judged or not, none left is 0 and no lack of data"
    assert after.judged_kinds == result.judged_kinds
    was, now = (each.summary().set_index(["kind", "group"]) for each in (result, after))
    row = now.loc[(kind, "population")]
    assert (row["facilities"], row["data"]) == (0, was.loc[(kind, "population"), "data"])
    assert not np.isfinite(after.distances[kind]).any()
    changed = planner.compare(result, after).homes(kind)
    assert len(changed) == np.isfinite(result.distances[kind]).sum()
    assert presence(after).set_index("kind").loc[kind, "having"] == 0


def test_a_district_of_which_nothing_is_known_judges_nothing(told_in_part):
    bare = told_in_part.with_layers(facilities=told_in_part.facilities.iloc[:0])
    result = planner.assess(replace(bare, records={}), BOTH)
    assert result.kinds == []
    assert result.summary()["data"].unique().tolist() == ["none"]
    assert result.league().empty
    assert result.communities()["name"].tolist() == ["West", "East"]
    assert checkup(result).scores["score"].isna().all()
    assert completeness(result)["share"].isna().all()
    with pytest.raises(InputError) as error:
        result.gaps()
    assert error.value.code == "analysis.nothing_judged"


def test_a_floor_area_target_over_kinds_without_data_is_a_range(town):
    target = AreaTarget(("clinic", "police_room"), 30.0, "residents", 100.0)
    both = replace(BOTH, rules={}, areas=(target,))
    sized = town.with_layers(facilities=town.facilities.assign(floor_area_m2=10.0))
    whole = audit(planner.assess(sized, both), "district").iloc[0]
    assert whole["found"] == whole["found_low"] == pytest.approx(10 / 2.47)
    part = audit(planner.assess(replace(sized, records={})._recorded(), both), "district").iloc[0]
    assert np.isnan(part["found"])
    assert part["found_low"] == pytest.approx(10 / 2.47)
    assert part["found_high"] == np.inf
    police = replace(both, areas=(replace(target, kinds=("police_room",)),))
    assert audit(planner.assess(replace(sized, records={})._recorded(), police)).empty
    housed = sized.with_layers(communities=sized.communities.assign(households=50.0))
    known = floor_area_per_100_households(planner.assess(replace(housed, records={})._recorded()))
    assert known["m2_per_100_households"].isna().all()


@pytest.mark.long
def test_a_line_of_service_is_not_lacking_where_one_of_its_kinds_has_no_data(town):
    asked = planner.assess(town)
    open_end = planner.assess(replace(town, records={})._recorded())
    known = line_coverage(asked).set_index("line").loc["safety"]
    assert known["share_any_low"] == 0
    assert known["unknown_any"] < known["total"]
    nobody_known = line_coverage(open_end).set_index("line").loc["safety"]
    assert np.isnan(nobody_known["share_any"])
    assert nobody_known["unknown_any"] == nobody_known["total"]


def test_check_tells_of_which_kinds_nothing_is_known(town, told_in_part):
    assert kind_notes(town) == ()
    (note,) = kind_notes(told_in_part)
    assert note.code == "district.kinds_without_data"
    assert note.params["kinds"].split(", ") == [
        kind for kind in builtin_kinds() if kind not in ("clinic", "library")
    ]


def test_a_standard_for_a_kind_that_nobody_knows_is_refused_by_name(town):
    moon = replace(BOTH, rules={"moon_base": Rule("moon_base", 300.0)})
    with pytest.raises(InputError, match="moon_base"):
        planner.assess(town, moon)
    school = replace(BOTH, rules={"school": Rule("school", 300.0)})
    assert planner.assess(town, school).kinds_without_data == ["school"]


def test_a_line_is_not_known_to_be_lacking_where_no_source_tells_of_its_own_kind(told_in_part):
    """Whether the standard judges that kind or not; what is known is told with its range."""
    lines = line_coverage(planner.assess(told_in_part)).set_index("line")
    work = lines.loc["employment"]
    assert np.isnan(work["share_any"])
    assert (work["share_any_low"], work["share_any_high"]) == (0, 1)
    health = lines.loc["health"]
    assert health["unknown_any"] > 0
    assert 0 < health["share_any_low"] < health["share_any_high"] == 1
    assert np.isnan(health["share_any"])  # of those known it would be all of them


def clinic_far_from_streets(town):
    """The town whose one clinic stands 260 m from its street, and is open by day."""
    rows = town.facilities["facility_id"] == "clinic-1"
    away = town.facilities[rows].assign(opening_hours="Mo-Su 08:00-18:00")
    return town.with_layers(facilities=away.set_geometry([shapely.Point(350, 270)], crs=town.crs))


def words_of(result):
    """The distances to a clinic as demand.csv has them."""
    labels = Labels.of(result.district, "en")
    return demand_table(result, labels)[labels.column("distance_m_clinic")].tolist()


@pytest.mark.long
def test_a_facility_without_a_street_leaves_it_open_for_those_around(town):
    near = replace(BOTH, rules={"clinic": Rule("clinic", 300.0)})
    result = planner.assess(clinic_far_from_streets(town), near, groups=["population"])
    row = result.summary().set_index("kind").loc["clinic"]
    # homes b and c are within 300 m in a straight line, f has no street
    assert (row["covered"], row["uncovered"], row["unknown"]) == (0, 160, 87)
    assert row["unreachable"] == 160
    assert "analysis.facility_without_street" in {each.code for each in result.findings}
    assert words_of(result) == ["unreachable" if home in "ade" else "unknown" for home in "abcdef"]
    by_hour = week(result).set_index("hour")["unknown"]
    assert (by_hour.loc[12], by_hour.loc[3]) == (87, 7)
    at_night = planner.assess(result.district, near, at="Mo 03:00", groups=["population"])
    assert at_night.summary().set_index("kind").loc["clinic", "unknown"] == 7


@pytest.mark.long
def test_a_home_outside_changes_nothing_for_those_who_reach_no_facility(town):
    near = replace(BOTH, rules={"clinic": Rule("clinic", 300.0)})
    apart = town.facilities[town.facilities["kind"] == "clinic"].set_geometry(
        [shapely.Point(50, 900)] * 2, crs=town.crs
    )
    there = replace(town.with_layers(facilities=apart), buffer_m=1500.0)
    outside = there.demand.copy()
    outside.loc[outside["demand_id"] == "d", ["geometry", "community_id"]] = [
        shapely.Point(650, 1500),
        "",
    ]
    for district, lost in ((there, 240), (there.with_layers(demand=outside), 220)):
        result = planner.assess(district, near, groups=["population"])
        assert result.summary().set_index("kind").loc["clinic", "unreachable"] == lost
        states = result_layers(result)["demand"]["state_clinic"].tolist()
        words = words_of(result)
        assert (states.count("unreachable"), words.count("unreachable")) == (
            (5, 5) if lost == 240 else (4, 4)
        )


NEAR = Rule("clinic", 300.0)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"speed_m_s": 4.5}, "4.5 m/s"),
        ({"speed_m_s": 72.0}, "72 m/s"),
        ({"rules": {"clinic": Rule("clinic", 0.3)}}, "clinic: 0.3 m"),
        ({"rules": {"clinic": Rule("clinic", 300.0, limits={"pop_65plus": 18.0})}}, "clinic: 18 m"),
        ({"rules": {"clinic": replace(NEAR, residents_per_facility=0.5)}},
         "clinic: residents_per_facility 0.5"),
        ({"rules": {"clinic": replace(NEAR, floor_area_m2=0.2)}}, "clinic: floor_area_m2 0.2"),
        ({"rules": {"clinic": replace(NEAR, residents_per_facility=100, floor_area_m2=5)}}, ""),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_standard_in_other_units_is_told(town, change, told):
    found = {
        each.code: each.params for each in planner.assess(town, replace(BOTH, **change)).findings
    }
    assert found.get("analysis.standard_units", {"told": ""})["told"] == told


@pytest.mark.long
def test_a_district_abroad_says_that_it_is_judged_by_chinese_rules(town):
    layers = {name: each for name, each in vars(town).items() if isinstance(each, gpd.GeoDataFrame)}
    ganzhou = town.with_layers(
        **{
            name: each.set_geometry(each.translate(390_000, 2_850_000)).set_crs(
                32650, allow_override=True
            )
            for name, each in layers.items()
        }
    )
    assert ganzhou.lies_in_mainland_china
    assert not town.lies_in_mainland_china
    chinese = replace(BOTH, country="CN")
    for place, standard, told in ((ganzhou, chinese, 0), (town, chinese, 1), (town, BOTH, 0)):
        codes = [each.code for each in planner.assess(place, standard).findings]
        assert codes.count("analysis.standard_of_china") == told
    # and the other way round; of two countries abroad it is not known whether they are one
    british = replace(BOTH, country="GB")
    (found,) = rules_of_elsewhere(ganzhou, british)
    assert (found.code, found.params["country"]) == ("analysis.standard_of_abroad", "GB")
    assert found in planner.assess(ganzhou, british).findings
    assert rules_of_elsewhere(town, british) == ()


def test_a_limit_beyond_the_buffer_is_told(town):
    wide = replace(BOTH, rules={"clinic": Rule("clinic", 3000.0)})
    for buffer_m, told in ((1500.0, True), (3000.0, False), (None, False)):
        result = planner.assess(replace(town, buffer_m=buffer_m), wide)
        found = {each.code: each.params for each in result.findings}
        assert ("analysis.limit_beyond_buffer" in found) == told
    params = {"kinds": "clinic", "limit_m": 3000, "buffer_m": 1500}
    first = planner.assess(replace(town, buffer_m=1500.0), wide).findings
    assert next(each for each in first if "buffer" in each.code).params == params


@pytest.mark.long
def test_who_may_be_near_a_facility_beyond_the_buffer_is_not_uncovered(town, tmp_path):
    """Home e, 910 m from the clinic, lives 610 m from what was not imported."""
    near = replace(BOTH, rules={"clinic": Rule("clinic", 800.0)})
    open_always = town.facilities.assign(opening_hours="24/7")
    narrow = replace(town.with_layers(facilities=open_always), buffer_m=500.0)
    result = planner.assess(narrow, near)

    def clinics(assessed):
        return assessed.summary().set_index(["kind", "group"]).loc[("clinic", "population")]

    row = clinics(result)
    assert (row["covered"], row["uncovered"], row["unknown"]) == (200, 0, 47)
    assert (row["share_low"], row["share_high"]) == (pytest.approx(200 / 247), 1)
    gaps = result.gaps("clinic")
    assert set(zip(gaps["cause"], gaps["remedy"], strict=True)) == {
        ("data", "wider_extract"),
        ("data", "map_streets"),
    }
    assert set(week(result, groups=["population"])["unknown"]) == {47}
    site = planner.propose(result, "clinic", new=1)
    assert (site.gained, site.gained_unsure) == (40, 40)
    assert "is 81.0%–100.0% today, and then 97.2%–100.0%" in " ".join(answer(site))
    file = planner.write_district(narrow, tmp_path / "narrow.gpkg")
    assert clinics(planner.assess(planner.read_district(file), near))["unknown"] == 47
    for buffer_m in (700.0, None):
        row = clinics(planner.assess(replace(town, buffer_m=buffer_m), near))
        assert (row["uncovered"], row["unknown"]) == (40, 7)
