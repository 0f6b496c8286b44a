"""Residents told by community: joined, spread, and every total kept exactly."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.errors import InputError
from planner.sources import (
    Residents,
    read_district,
    read_update,
    write_district,
    write_update,
)
from planner.sources.population.apportioning import STEP, apportioned
from planner.sources.population.growth import in_year
from planner.sources.population.homes import read_homes
from planner.sources.population.names import called, join
from planner.sources.tables.frames import frame
from planner.sources.tables.set_aside import Allowance

CRS = "EPSG:32650"
CODES = ["360702001001", "360702001002", "360702001003", "360702002001"]
NAMES = ["赣江社区", "古浮桥社区", "钟楼社区", "文清路社区"]


def table(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def communities(**more):
    areas = [shapely.box(x, y, x + 500, y + 500) for y in (0, 500) for x in (0, 500)]
    return table(areas, community_id=CODES, name=NAMES, **more)


def streets():
    """A residential street through the upper two communities and the third, none in the fourth."""
    lines = [
        shapely.LineString([(0, 250), (1000, 250)]),
        shapely.LineString([(250, 250), (250, 1000)]),
    ]
    return table(lines, highway=["residential"] * 2, street_id=["a", "b"])


def homes():
    """Four homes in the first community, a school among them; none anywhere else."""
    shapes = [shapely.box(x, 230, x + 20, 250) for x in (20, 120, 220, 320, 420)]
    use = ["住宅", "apartments", "学校", "", "别墅"]
    return table(shapes, 用途=use, 层数=["6", "12", "4", "", "2"], id=list("abcde"))


def made(residents=None, **more):
    given = {"communities": communities(), "streets": streets(), **more}
    clinic = table([shapely.Point(30, 252)], kind=["clinic"])
    return planner.from_frames("Town", facilities=clinic, residents=residents, **given)


def totals(**columns):
    plain = {"社区名称": NAMES, "常住人口": [1001, 7, 333, 50]}
    return pd.DataFrame({**plain, **columns})


def codes(district):
    return {finding.code: dict(finding.params) for finding in district.findings}


def test_every_community_keeps_its_total_to_the_last_person():
    district = made(Residents(totals=totals(**{"65岁以上人口": [101, 1, 30, 9]}), homes=homes()))
    sums = district.demand.groupby("community_id")[["population", "pop_65plus"]].sum()
    assert sums["population"].to_dict() == dict(zip(CODES, [1001, 7, 333, 50], strict=True))
    assert sums["pop_65plus"].to_dict() == dict(zip(CODES, [101, 1, 30, 9], strict=True))
    assert district.demand_unit == "residents"
    told = codes(district)["population.spread_communities"]
    assert (told["before"], told["after"], told["areas"]) == (1391, 1391, 4)
    assert (told["by_homes"], told["by_streets"], told["homes"]) == (1, 2, 4)
    assert codes(district)["population.at_point_communities"]["people"] == 50
    layers = [source.source for source in district.sources if source.layer == "demand"]
    assert layers == ["totals (DataFrame)", "homes (GeoDataFrame)"]


@pytest.mark.long
def test_a_group_larger_than_all_is_told_wherever_it_comes_from():
    table = totals(**{"65岁以上人口": [1500, 1, 30, 60]})
    with_column = {"population": [1001, 7, 333, 50], "pop_65plus": [1500, 1, 30, 60]}
    for district in (
        made(Residents(totals=table, homes=homes())),
        made(Residents(), communities=communities(**with_column)),
    ):
        told = codes(district)["population.group_exceeds"]
        assert (told["group"], told["count"]) == ("pop_65plus", 2)
        assert told["names"] == f"{NAMES[0]}, {NAMES[3]}"
    fine = made(Residents(totals=totals(**{"65岁以上人口": [1001, 7, 30, 9]})))
    assert "population.group_exceeds" not in codes(fine)


def test_storeys_heights_and_floor_areas_as_bureaux_write_them():
    shapes = [shapely.box(x, 230, x + 20, 250) for x in (20, 120, 220, 320, 420)]
    columns = {
        "用途": ["居民楼", "居民楼", "居民楼", "居民委员会", "居民楼"],
        "层数": ["6层", "3", "", "2", "多层"],
        "高度(米)": ["", "", "12米", "", ""],
        "建筑面积": [None, 900.0, None, None, None],
    }
    found = read_homes(frame(table(shapes, **columns), "homes"))
    weights = found.table["weight"].tolist()
    assert weights[:3] == [2400, 900, 1600]
    assert len(weights) == 4
    told = {note.code: note.params for note in found.findings}
    assert told["population.storeys_not_read"]["values"] == "多层 (1)"


@pytest.mark.parametrize(("storeys", "is_told"), [(99, True), (6, False)])
def test_storeys_that_mark_what_is_not_known_are_told(storeys, is_told):
    shapes = [shapely.box(x, 230, x + 20, 250) for x in range(20, 420, 40)]
    levels = [storeys if n % 2 else 6 for n in range(len(shapes))]
    found = read_homes(frame(table(shapes, 层数=levels, 用途="住宅"), "homes"))
    told = [note.params for note in found.findings if note.code == "population.storeys_marked"]
    assert bool(told) == is_told
    if told:
        assert (told[0]["count"], told[0]["storeys"]) == (5, "99")


def test_homes_share_by_floor_area_and_streets_by_metres():
    district = made(Residents(totals=totals(), homes=homes()))
    first = district.demand[district.demand["community_id"] == CODES[0]].set_index("demand_id")
    assert set(first.index) == {"a", "b", "d", "e"}, "nobody lives in the school"
    floors = np.array([6, 12, 2, 2])  # a home of unknown height is taken as high as is usual
    expected = 1001 * floors / floors.sum()
    assert np.abs(first.loc[list("abde"), "population"] - expected).max() < 0.01
    assert set(first["spread_by"]) == {"floor_area_m2"}
    second = district.demand[district.demand["community_id"] == CODES[1]]
    assert set(second["spread_by"]) == {"street_m"}
    assert np.ptp(second["population"]) <= STEP, "pieces of street of one length"


def test_parts_add_up_without_rounding():
    rng = np.random.default_rng(3)
    area = rng.integers(0, 300, 5000)
    weight = rng.uniform(0.1, 900, 5000) ** 2
    whole = rng.integers(0, 20000, 300).astype(float)
    parts = apportioned(whole, area, weight)
    held = np.bincount(area, minlength=300) > 0
    assert (np.bincount(area, parts, minlength=300)[held] == whole[held]).all()
    quota = weight / np.bincount(area, weight, minlength=300)[area] * whole[area]
    assert np.abs(parts - quota).max() <= STEP


def test_names_join_with_and_without_endings_and_others_get_suggestions():
    found = join(
        ["", "360702001002.0"[:12], "", "", ""],
        ["赣江社区居委会", "写错了", "钟楼", "文清社区", "外地"],
        [""] * 5,
        communities(),
    )
    assert found.community.tolist() == [0, 1, 2, -1, -1]
    assert found.how == ("stem", "code", "stem", "", "")
    assert found.suggestions[3] == ("文清路社区",)


def test_a_name_that_two_bear_joins_by_its_subdistrict_only():
    twice = communities(subdistrict=["东街道", "西街道", "东街道", "西街道"])
    twice["name"] = ["新村", "新村", "钟楼社区", "文清路社区"]
    found = join(["", ""], ["新村", "新村"], ["西街道", ""], twice)
    assert found.community.tolist() == [1, -1]


def test_rows_that_do_not_join_are_told_with_their_people_and_set_aside():
    rows = totals()
    rows.loc[4] = ["文清路", 900]
    rows.loc[5] = ["某某小区", 44]
    read = []
    intake = planner.sources.Intake(on_reading=read.append)
    district = made(Residents(totals=rows), intake=intake)
    told = codes(district)["population.not_joined"]
    assert (told["count"], told["people"]) == (2, 944)
    aside = next(r for r in read if r.source.layer == "totals").set_aside
    assert [(row.row, row.reason.code) for row in aside] == [
        (5, "population.twice"),
        (6, "population.no_community"),
    ]
    assert district.demand["population"].sum() == 1391


def test_names_that_contradict_their_codes_are_told_for_totals_and_growth():
    rows = totals(社区代码=[CODES[1], CODES[0], *CODES[2:]])
    told = codes(made(Residents(totals=rows)))["population.names_against_codes"]
    assert (told["count"], told["of"]) == (2, 4)
    assert told["names"] == f"{NAMES[1]} ← {NAMES[0]}, {NAMES[0]} ← {NAMES[1]}"
    growth = rows.drop(columns="常住人口").assign(增长率=["1%", "2%", "0%", "0%"])
    grown = made(Residents(totals=totals(), growth=growth, year=2020, to_year=2022))
    assert codes(grown)["population.names_against_codes"]["count"] == 2
    fine = totals(社区代码=CODES)
    fine.loc[0, "社区名称"] = "改了名的社区"
    assert "population.names_against_codes" not in codes(made(Residents(totals=fine)))


def test_two_rows_of_one_community_with_other_figures_are_told():
    rows = pd.DataFrame({"社区名称": [*NAMES, NAMES[0], NAMES[1]]})
    rows["常住人口"] = [9999, 7, 333, 50, 1001, 7]
    told = codes(made(Residents(totals=rows)))
    assert told["population.told_twice"] == {
        "file": "totals (DataFrame)", "count": 1, "names": f"{NAMES[0]}: 9,999 ← 1,001",
    }  # fmt: skip


def test_a_person_says_which_community_a_name_is_and_the_next_file_knows():
    rows = totals()
    rows.loc[1, "社区名称"] = "古桴桥社区"
    rows.loc[4] = ["外地", 44]
    read = []
    names = {"古桴桥社区": "古浮桥社区", "外地": ""}
    intake = planner.sources.Intake(on_reading=read.append, community_names=names)
    district = made(Residents(totals=rows), intake=intake)
    assert district.demand["population"].sum() == 1391
    told = codes(district)
    assert told["population.joined_as_said"]["names"] == "古桴桥社区 → 古浮桥社区"
    assert (told["population.left_out"]["people"], "population.not_joined" in told) == (44, False)
    reading = next(r for r in read if r.source.layer == "totals")
    assert [(row.row, row.reason.code) for row in reading.set_aside] == [
        (5, "population.said_none")
    ]
    again = planner.sources.Intake(mappings={"totals": reading.mapping})
    assert made(Residents(totals=rows), intake=again).demand["population"].sum() == 1391


def test_what_was_said_goes_before_names_and_is_refused_where_it_names_none():
    twice = communities(subdistrict=["东街道", "西街道", "东街道", "西街道"])
    twice["name"] = ["新村", "新村", "钟楼社区", "文清路社区"]
    assert called(twice) == ["东街道/新村", "西街道/新村", "钟楼社区", "文清路社区"]
    rows = ["", "", ""], ["新村", "新村", "钟楼社区"], ["东街道", "", "东街道"]
    said = {"新村": "西街道/新村", "东街道/新村": CODES[0], "钟楼社区": "文清路社区"}
    found = join(*rows, twice, said=said)
    assert found.community.tolist() == [0, 1, 3]
    assert found.how == ("said", "said", "said")
    for wrong in ("新村", "没有"):
        with pytest.raises(InputError) as error:
            join(*rows, twice, said={"新村": wrong})
        assert error.value.code == "population.said_unknown"
    assert join(*rows, twice, before={"新村": "没有"}).community.tolist() == [0, -1, 2]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("value", [-5, "many", ""])
def test_what_is_no_count_is_set_aside_or_refused(value):
    rows = totals()
    rows["常住人口"] = rows["常住人口"].astype(object)
    rows.loc[1, "常住人口"] = value
    with pytest.raises(InputError):
        made(Residents(totals=rows))
    half = planner.sources.Intake(allowance=Allowance(rows=1))
    district = made(Residents(totals=rows), intake=half)
    assert codes(district)["population.without_total"]["names"] == NAMES[1]
    assert "population.zero_total" not in codes(district)
    assert CODES[1] not in set(district.demand["community_id"])


def test_a_community_of_zero_residents_is_told_as_it_may_be_one_that_nobody_counted():
    table = totals()
    table.loc[1, "常住人口"] = 0
    found = codes(made(Residents(totals=table, homes=homes())))
    assert found["population.zero_total"]["names"] == NAMES[1]
    assert "population.without_total" not in found


def test_totals_of_several_years_are_told():
    table = totals()
    table["年份"] = 2020
    assert "population.several_years" not in codes(made(Residents(totals=table, homes=homes())))
    table.loc[1, "年份"] = 2010
    told = codes(made(Residents(totals=table, homes=homes())))["population.several_years"]
    assert (told["column"], told["values"]) == ("年份", "2010, 2020")


def test_strict_refuses_a_row_that_joins_nothing():
    rows = totals()
    rows.loc[4] = ["某某小区", 44]
    strict = planner.sources.Intake(allowance=Allowance(rows=0))
    with pytest.raises(InputError) as error:
        made(Residents(totals=rows), intake=strict)
    assert error.value.code == "population.no_community"


def test_totals_of_another_district_are_refused():
    with pytest.raises(InputError) as error:
        made(Residents(totals=pd.DataFrame({"名称": ["甲", "乙"], "人口": [1, 2]})))
    assert error.value.code == "population.none_joins"


def test_the_boundaries_own_column_is_spread_where_nothing_else_is_given():
    district = made(communities=communities(population=[10, 20, 30, 40]))
    assert district.demand.groupby("community_id")["population"].sum().tolist() == [10, 20, 30, 40]
    with pytest.raises(InputError) as error:
        made()
    assert error.value.code == "population.no_totals"


def test_groups_by_share_and_by_column():
    rows = totals(老人占比=["20%", "10%", "30%", "0%"], 学生=[100, 1, 30, 5])
    groups = {"pop_60plus": "老人占比", "pop_pupils": "学生", "pop_0_14": 0.1}
    district = made(Residents(totals=rows, groups=groups))
    sums = district.demand.groupby("community_id")[list(groups)].sum()
    assert np.abs(sums["pop_60plus"] - [200.2, 0.7, 99.9, 0]).max() <= STEP
    assert sums["pop_pupils"].tolist() == [100, 1, 30, 5]
    assert np.abs(sums["pop_0_14"] - [100.1, 0.7, 33.3, 5]).max() <= STEP
    assert codes(district)["population.group_by_share"]["percent"] == 10


def test_a_group_with_unknown_communities_is_unknown_there_not_zero():
    district = made(Residents(totals=totals(**{"65岁以上人口": [100, None, 30, 5]}), homes=homes()))
    of = district.demand.set_index("community_id")["pop_65plus"]
    assert of[CODES[1]].isna().all()
    assert of[CODES[0]].sum() == 100


@pytest.mark.long
def test_residents_of_a_later_year_by_rate_by_community_and_by_table():
    base = {"totals": totals(), "year": 2020, "to_year": 2030}
    one = made(Residents(**base, growth=0.01))
    expected = np.rint(np.array([1001, 7, 333, 50]) * 1.01**10)
    assert one.demand.groupby("community_id")["population"].sum().tolist() == expected.tolist()
    assert codes(one)["population.grown"]["to_year"] == 2030
    assert {s.date for s in one.sources if s.layer == "demand"} == {"2030"}
    own = made(Residents(**base, growth={CODES[0]: -0.02}))
    sums = own.demand.groupby("community_id")["population"].sum()
    assert sums.tolist() == [round(1001 * 0.98**10), 7, 333, 50]
    assert codes(own)["population.without_growth"]["count"] == 3
    growth = pd.DataFrame({"社区": NAMES, "年增长率(%)": [1.0, 2.0, 0.0, -1.0]})
    by_table = made(Residents(**base, growth=growth))
    rates = np.array([1.01, 1.02, 1.0, 0.99]) ** 10
    sums = by_table.demand.groupby("community_id")["population"].sum()
    assert sums.tolist() == np.rint(np.array([1001, 7, 333, 50]) * rates).tolist()


def test_a_district_is_carried_on_to_a_later_year():
    district = made(Residents(totals=totals(), homes=homes()))
    later = in_year(district, 2020, 2035, 0.02)
    sums = later.demand.groupby("community_id")["population"].sum()
    assert sums.tolist() == np.rint(np.array([1001, 7, 333, 50]) * 1.02**15).tolist()
    shares = later.demand["population"] / district.demand["population"]
    assert np.abs(shares[district.demand["population"] > 50] - 1.02**15).max() < 1e-3
    with pytest.raises(InputError) as error:
        in_year(district, 2020, 2035, 2.0)
    assert error.value.code == "population.bad_rate"


@pytest.mark.parametrize("header", ["户数", "households"])
def test_households_of_a_table_of_totals_are_kept_and_carried_on(header):
    rows = totals(**{header: [400, "3", None, "20户"]})
    told = made(Residents(totals=rows)).communities
    assert told["households"].fillna(-1).tolist() == [400, 3, -1, 20]
    later = made(Residents(totals=rows, year=2020, to_year=2030, growth=0.02)).communities
    assert later["households"].fillna(-1).tolist() == [round(400 * 1.02**10), 4, -1, 24]
    # what the boundaries tell themselves stays
    own = communities().assign(households=[1.0, 2.0, 3.0, 4.0])
    kept = made(Residents(totals=rows), communities=own).communities
    assert kept["households"].tolist() == [1, 2, 3, 4]


def test_households_are_carried_on_with_the_residents_of_their_community():
    now = communities().assign(households=[400.0, 3.0, None, 20.0], pop_old=[100.0, 1.0, 2.0, 3.0])
    base = {"totals": totals(), "homes": homes()}
    later = Residents(**base, year=2020, to_year=2035, growth=0.03)
    grown = 1.03**15
    carried = in_year(made(Residents(**base), communities=now), 2020, 2035, 0.03)
    for district in (made(later, communities=now), carried):
        told = district.communities
        households = told["households"].tolist()
        assert households[:2] + households[3:] == [round(400 * grown), round(3 * grown), 31]
        assert np.isnan(households[2])
        assert told["pop_old"].tolist() == np.rint(np.array([100, 1, 2, 3]) * grown).tolist()
        note = codes(district)["population.households_grown"]
        assert (note["count"], note["before"], note["after"]) == (3, 423, round(400 * grown) + 36)
        assert note["to_year"] == 2035
    # a community whose growth nobody tells keeps its residents, and so its households
    own = in_year(made(Residents(**base), communities=now), 2020, 2030, {CODES[0]: 0.01})
    assert own.communities["households"].tolist()[1] == 3
    # without households nothing is told of them
    bare = in_year(made(Residents(**base)), 2020, 2035, 0.03)
    assert "population.households_grown" not in codes(bare)


@pytest.mark.long
@pytest.mark.parametrize(
    ("to_year", "rate", "told"),
    [
        (2035, 0.02, set()),
        (2030, -0.03, set()),
        (2022, 0.08, set()),
        (2025, -0.5, {"growth_steep"}),
        (2021, 0.2, {"growth_steep"}),
        (2060, 0.01, {"growth_far"}),
    ],
)
def test_a_projection_beyond_what_such_figures_hold_is_told(to_year, rate, told):
    both = {"population.growth_steep", "population.growth_far"}
    own = Residents(totals=totals(), homes=homes(), year=2020, to_year=to_year, growth=rate)
    now = made(Residents(totals=totals(), homes=homes()))
    for district in (made(own), in_year(now, 2020, to_year, rate)):
        found = both & set(codes(district))
        assert {each.removeprefix("population.") for each in found} == told
    with pytest.raises(InputError) as error:
        in_year(now, 2020, 2200, rate)
    assert error.value.code == "population.year_too_far"


def test_residents_of_a_later_year_do_not_grow_over_the_same_years_again():
    later = in_year(made(Residents(totals=totals(), homes=homes())), 2020, 2030, 0.02)
    for year in (2020, 2029):
        with pytest.raises(InputError) as error:
            in_year(later, year, 2040, 0.02)
        assert error.value.params == {"year": year, "told": 2030}
    assert in_year(later, 2030, 2040, 0.02).demand["population"].sum() > 1391 * 1.02**19
    # the date of a file is no year of its figures
    dated = replace(later, sources=[replace(s, date="2031-05-01") for s in later.sources])
    assert in_year(dated, 2020, 2040, 0.02)


def test_who_lives_in_no_community_grows_by_one_rate_for_all_and_else_is_told():
    district = made(Residents(totals=totals(), homes=homes()))
    demand = district.demand.copy()
    demand["spread_from"] = ""
    lone = demand.index[[0, 1]]
    demand.loc[lone, "community_id"] = ""
    people = demand.loc[lone, "population"].sum()
    assert people > 1
    apart = district.with_layers(demand=demand)
    alone = apart.demand["community_id"] == ""
    one = in_year(apart, 2020, 2030, 0.1)
    assert one.demand["population"].sum() == pytest.approx(1391 * 1.1**10, rel=1e-4)
    assert "population.grown_in_none" not in codes(one)
    own = in_year(apart, 2020, 2030, dict.fromkeys(CODES, 0.1))
    assert own.demand["population"][alone].sum() == pytest.approx(people, abs=0.01)
    assert codes(own)["population.grown_in_none"]["people"] == round(people)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"totals": "a.csv", "cells": "b.csv"}, "population.two_sources"),
        ({"groups": {"pop_a": 1.5}}, "population.bad_share"),
        ({"groups": {"old": 0.5}}, "population.bad_group"),
        ({"year": 20}, "population.bad_year"),
        ({"growth": 0.1}, "population.growth_without_years"),
        ({"growth": 0.1, "year": 2030, "to_year": 2020}, "population.year_order"),
        ({"growth": 0.02, "year": 2020, "to_year": 2200}, "population.year_too_far"),
    ],
)
def test_options_that_cannot_be_are_refused(options, code):
    with pytest.raises(InputError) as error:
        Residents(**options)
    assert error.value.code == code


@pytest.mark.long
def test_a_workspace_keeps_how_residents_were_made(tmp_path):
    district = made(Residents(totals=totals(), homes=homes()))
    again = read_district(write_district(district, tmp_path / "town.gpkg"))
    for column in ("spread_from", "spread_by"):
        assert again.demand[column].tolist() == district.demand[column].tolist()
    assert again.demand_unit == "residents"
    assert "population.spread_communities" in codes(again)
    before, after = planner.assess(district), planner.assess(again)
    pd.testing.assert_frame_equal(before.summary(), after.summary())


def test_homes_that_come_on_top_of_totals_are_told(tmp_path):
    district = made(Residents(totals=totals(), homes=homes()))
    file = write_district(district, tmp_path / "town.gpkg")
    place = district.demand.geometry.iloc[0]
    new = {"demand_id": ["new"], "population": [40]}
    more = gpd.GeoDataFrame(new, geometry=[shapely.Point(place.x, place.y + 60)], crs=district.crs)
    change = read_update(file, "demand", more, "append")
    told = {each.code: dict(each.params) for each in change.findings}["update.added_to_spread"]
    assert (told["count"], told["residents"]) == (1, 40)
    write_update(change)
    assert "update.added_to_spread" in codes(read_district(file)), "as long as they are in it"
    instead = read_update(file, "demand", more, "replace")
    assert "update.added_to_spread" not in codes(instead.after)


def test_homes_of_a_file_are_read_in_degrees_too(tmp_path):
    file = tmp_path / "homes.geojson"
    homes().to_crs(4326).to_file(file, driver="GeoJSON")
    found = read_homes(file, to_crs=CRS)
    assert sorted(found.table["demand_id"]) == ["a", "b", "d", "e"]
    assert found.table["weight"].to_numpy().max() == pytest.approx(4800, rel=0.01)
    told = next(f for f in found.findings if f.code == "population.homes_of_file").params
    assert (told["homes"], told["others"], told["unknown"]) == (4, 1, 1)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("word", "lives"),
    [
        ("住宅", True), ("农房", True), ("R2", True), ("r21 二类居住", True), ("商住楼", True),
        ("住宅(在建)", False), ("拟建住宅", False), ("废弃住宅", False), ("住宅配套", False),
        ("住宅地下室", False), ("非住宅", False), ("roof", False), ("retail", False),
        ("R", True), ("R居住用地", True), ("R20", True), ("R2 residential", True), ("R2/B1", True),
        ("R&D", False), ("R&D center", False), ("R. K. church", False), ("R22", False),
        ("R12", False), ("R32 居住区服务设施", False), ("R13", False), ("R14", False),
    ],
)  # fmt: skip
def test_which_words_of_use_are_homes_is_told(tmp_path, word, lives):
    shapes = [shapely.box(100 * n, 0, 100 * n + 20, 20) for n in range(3)]
    table = gpd.GeoDataFrame({"用途": ["公寓", word, word]}, geometry=shapes, crs=CRS)
    table.to_file(tmp_path / "homes.gpkg")
    found = read_homes(tmp_path / "homes.gpkg", to_crs=CRS)
    assert len(found.table) == (3 if lives else 1)
    told = next(f for f in found.findings if f.code == "population.homes_words").params
    side, other = ("homes", "others") if lives else ("others", "homes")
    assert f"{word} (2)" in told[side]
    assert word not in told[other]


def test_thousands_of_communities_keep_their_totals_over_a_hundred_thousand_homes():
    side, count = 71, 100_000
    areas = [
        shapely.box(200 * x, 200 * y, 200 * x + 200, 200 * y + 200)
        for x in range(side)
        for y in range(side)
    ]
    rng = np.random.default_rng(0)
    frame = gpd.GeoDataFrame(
        {
            "area_id": [str(n) for n in range(side**2)],
            "name": [str(n) for n in range(side**2)],
            "population": rng.integers(0, 9000, side**2).astype(float),
        },
        geometry=areas,
        crs=CRS,
    )
    points = shapely.points(rng.uniform(0, 200 * side, (count, 2)))
    from planner.sources.population.places import Places, no_places
    from planner.sources.population.spreading import spread_over

    ids = {"demand_id": np.arange(count).astype(str), "weight": 1.0, "source": ""}
    places = Places(table(points, **ids), no_places(CRS).assign(rank=0))
    found = spread_over(frame, ["population"], places, "a.csv", "communities")
    sums = found.demand.groupby("spread_from")["population"].sum()
    kept = frame.set_index("area_id")["population"]
    assert (sums.reindex(kept.index).fillna(0) == kept).all()


def test_what_is_for_totals_is_refused_beside_points_by_its_name():
    homes = table([shapely.Point(10, 10)], population=[5.0])
    street = table([shapely.LineString([(0, 10), (900, 10)])], street_id=["s"])
    places = table([shapely.Point(20, 20)], name=["A"], kind=["clinic"])
    told = Residents(growth=table([], community_id=[]), year=2020, to_year=2025)
    layers = {"communities": communities(), "streets": street, "demand": homes}
    with pytest.raises(InputError) as refused:
        planner.from_frames("A", **layers, facilities=places, residents=told)
    assert refused.value.code == "population.with_demand"
    assert refused.value.params["given"] == "year, growth, to_year"
