"""What can hardly be so is told, wherever the layers came from."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.district import District, plausibility
from planner.district.plausibility.layers import IMPLAUSIBLE
from planner.sources import read_district, write_district
from planner.views.words.labels import Labels

CRS = "+proj=tmerc +lat_0=25.8 +lon_0=114.9 +ellps=GRS80 +units=m +type=crs"
"""True around its origin, where the town of these tests lies."""


def points(*xy, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(p) for p in xy], crs=CRS)


def layers(**changed):
    usual = {
        "communities": gpd.GeoDataFrame(
            {"community_id": ["a", "b"], "name": ["West", "East"]},
            geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)],
            crs=CRS,
        ),
        "streets": gpd.GeoDataFrame(
            {"street_id": ["s1", "s2"]},
            geometry=[shapely.LineString([(x, 50), (x + 100, 50)]) for x in (0, 100)],
            crs=CRS,
        ),
        "facilities": points((10, 40), (150, 40), facility_id=["f1", "f2"], kind="clinic", name=""),
        "demand": points(
            (20, 60), (80, 60), (160, 60),
            demand_id=["h1", "h2", "h3"], community_id=["a", "a", "b"],
            population=[10.0, 20.0, 70.0], pop_65plus=[2.0, 20.4, 7.0],
        ),
    }  # fmt: skip
    return usual | changed


def told(tables):
    """Return what is told of a district by its code; each of it can be said in both languages."""
    findings = District.from_layers("T", tables).findings
    for finding in findings:
        for language in ("en", "zh"):
            assert "{" not in Labels(language).finding(finding)
    return {finding.code: finding.params for finding in findings}


def test_of_a_sound_district_nothing_is_told():
    codes = [code for code in told(layers()) if code != "district.kinds_without_data"]
    assert codes == []


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("people", "of_group", "names"),
    [
        ([300.0, 300.0, 600.0], [30.0, 30.0, 0.0], "East"),
        ([300.0, 300.0, 600.0], [0.0, 0.0, 0.0], None),  # six in 600 may be none
        ([500.0, 600.0, 99.0], [0.0, 0.0, 0.0], "West"),
        ([300.0, 300.0, 90.0], [30.0, 30.0, 0.0], None),
        ([300.0, 300.0, 600.0], [60.0, 0.0, 40.0], None),
    ],
)
def test_a_group_that_no_one_of_a_community_is_of_is_told(people, of_group, names):
    tables = layers()
    tables["demand"][["population", "pop_65plus"]] = np.column_stack([people, of_group])
    assert told(tables).get("district.groups_of_zero", {}).get("names") == names


def test_a_group_larger_than_all_is_told_by_home():
    tables = layers()
    tables["demand"].loc[1, "pop_65plus"] = 50.0
    assert told(tables)["district.group_exceeds"] == {
        "column": "pop_65plus", "count": 1, "ids": "h2",
    }  # fmt: skip


@pytest.mark.long
def test_ages_that_exclude_one_another_are_no_more_than_all():
    tables = layers()
    ages = {"pop_0_14": [6.0, 0.0, 30.0], "pop_60plus": [6.0, 20.4, 38.0], "pop_65plus": [5.0] * 3}
    tables["demand"] = tables["demand"].assign(**ages)
    assert "district.ages_exceed" not in told(tables)  # 12 of 10 may be rounding, 38 holds the 5
    tables["demand"].loc[0, "pop_60plus"] = 8.0
    assert told(tables)["district.ages_exceed"] == {
        "columns": "pop_0_14, pop_60plus, pop_65plus", "count": 1, "ids": "h1",
    }  # fmt: skip
    tables["demand"].loc[0, "pop_60plus"] = 50.0  # that one alone is too many, which is told
    assert "district.ages_exceed" not in told(tables)


@pytest.mark.long
def test_a_community_without_the_subdistrict_that_others_have_is_told():
    tables = layers()
    names = tables["communities"]["name"].tolist()
    tables["communities"]["subdistrict"] = ["S1", *[""] * (len(names) - 1)]
    found = told(tables)["district.without_subdistrict"]
    assert (found["count"], found["total"]) == (len(names) - 1, len(names))
    tables["communities"]["subdistrict"] = ["S1", *["Ｓ 1"] * (len(names) - 1)]
    assert told(tables)["district.same_subdistricts"]["names"] == "S1 / Ｓ 1"
    tables["communities"]["subdistrict"] = ["S1", *["S1街道"] * (len(names) - 1)]
    assert told(tables)["district.same_subdistricts"]["names"] == "S1 / S1街道"
    tables["communities"]["subdistrict"] = ""
    assert not {"district.without_subdistrict", "district.same_subdistricts"} & set(told(tables))


@pytest.mark.parametrize("counting", [True, False])
def test_rows_pasted_twice_are_told(counting):
    tables = layers()
    for layer, key in (("demand", "demand_id"), ("facilities", "facility_id")):
        table = tables[layer]
        again = table.tail(1).assign(**{key: "again"})
        tables[layer] = pd.concat([table, again], ignore_index=True)
        if counting:
            tables[layer]["row"] = range(len(tables[layer]))
    found = told(tables)
    assert found["district.same_homes"] == {"count": 1, "ids": "again", "percent": 41.2}
    assert found["district.same_facilities"] == {"count": 1, "ids": "again"}


def test_homes_at_one_place_that_differ_are_not_the_same():
    tables = layers()
    again = tables["demand"].tail(1).assign(demand_id="h4", population=71.0)
    tables["demand"] = pd.concat([tables["demand"], again], ignore_index=True)
    assert "district.same_homes" not in told(tables)


def test_communities_that_overlap_are_told_with_the_homes_in_both():
    tables = layers()
    tables["communities"].geometry = [shapely.box(0, 0, 170, 100), shapely.box(100, 0, 200, 100)]
    assert told(tables)["district.communities_overlap"] == {
        "count": 1, "names": "West / East", "area_m2": 7000, "homes": 1, "percent": 70.0,
    }  # fmt: skip


def test_a_sliver_without_a_home_is_no_overlap_worth_telling():
    tables = layers()
    tables["communities"].geometry = [shapely.box(0, 0, 100.2, 100), shapely.box(100, 0, 200, 100)]
    assert "district.communities_overlap" not in told(tables)


def test_a_length_below_the_line_is_told_and_one_far_above():
    tables = layers()
    tables["streets"]["length_m"] = [0.1, 400.0]
    found = told(tables)
    assert found["district.length_below_drawn"]["ids"] == "s1"
    assert found["district.length_far_above"]["ids"] == "s2"
    tables["streets"]["length_m"] = [99.6, 130.0]
    assert not {code for code in told(tables) if code.startswith("district.length")}


def street_rows(count, times):
    """Streets one after the other, walked so many times as long as they are drawn."""
    lines = [shapely.LineString([(12 * x, 50), (12 * x + 12, 50)]) for x in range(count)]
    return gpd.GeoDataFrame(
        {"street_id": [f"s{n}" for n in range(count)], "length_m": [12 * each for each in times]},
        geometry=lines,
        crs=CRS,
    )


def test_lengths_that_are_their_lines_by_one_factor_are_told():
    feet = told(layers(streets=street_rows(20, [3.2808] * 18 + [1.0, 9.0])))
    assert feet["district.length_scaled"] == {"count": 18, "times": "3.28"}
    assert feet["district.length_far_above"]["ids"] == "s19"
    mercator = told(layers(streets=street_rows(20, [1.16] * 20)))
    assert mercator["district.length_scaled"] == {"count": 20, "times": "1.16"}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("times", [[1.04] * 20, [1 + n / 20 for n in range(20)], [2.0] * 9])
def test_lengths_of_hills_of_detours_and_of_few_streets_are_no_unit(times):
    assert "district.length_scaled" not in told(layers(streets=street_rows(len(times), times)))


def test_what_was_mended_is_told_no_longer():
    tables = layers()
    tables["demand"].loc[1, "pop_65plus"] = 50.0
    before = District.from_layers("T", tables)
    after = before.with_layers(demand=before.demand.assign(pop_65plus=1.0))
    assert "district.group_exceeds" in [finding.code for finding in before.findings]
    assert "district.group_exceeds" not in [finding.code for finding in after.findings]


@pytest.mark.long
def test_weights_that_tables_would_round_away_are_told():
    tables = layers()
    people = tables["demand"].drop(columns=["population", "pop_65plus"])
    tables["demand"] = people.assign(weight=[0.1, 0.2, 0.7])
    assert told(tables)["district.small_weights"] == {"total": "1", "times": "1,000"}
    tables["demand"] = people.assign(weight=[100.0, 200.0, 700.0])
    assert "district.small_weights" not in told(tables)
    assert "district.small_weights" not in told(layers())


@pytest.mark.long
@pytest.mark.parametrize(
    ("layer", "column", "value", "most"),
    [
        ("demand", "population", 13_812_345_678.0, 100_000),
        ("facilities", "floor_area_m2", 13_812_345_678.0, 1_000_000),
        ("facilities", "capacity", 200_000.0, 100_000),
    ],
)
def test_a_telephone_number_among_figures_is_told(layer, column, value, most):
    tables = layers()
    assert "district.figures_too_large" not in told(tables)
    tables[layer][column] = [value, *[20.0] * (len(tables[layer]) - 1)]
    found = told(tables)["district.figures_too_large"]
    assert (found["layer"], found["column"], found["count"], found["most"]) == (
        layer,
        column,
        1,
        most,
    )
    assert found["ids"] in ("h1", "f1")


def sites(**cost):
    return points(*[(30 + n, 40) for n in range(len(cost))],
                  candidate_id=list(cost), cost=list(cost.values()))  # fmt: skip


CODE = "district.prices_in_single_units"


def codes(district):
    return [finding.code for finding in district.findings]


def test_prices_of_sites_in_single_yuan_are_told_and_follow_the_unit():
    tables = layers(candidates=sites(a=1_200_000.0, b=90.0))
    district = District.from_layers("T", tables).with_defaults(currency="CNY 10,000")
    (found,) = [finding for finding in district.findings if finding.code == CODE]
    assert (found.params["count"], found.params["ids"], found.params["unit"]) == (
        1, "a", "CNY 10,000",
    )  # fmt: skip
    assert CODE not in codes(district.with_defaults(currency="EUR"))
    assert CODE in codes(district.with_defaults(currency="EUR").with_defaults(currency="EUR 1,000"))
    assert CODE not in codes(district.with_layers(candidates=sites(a=120.0, b=90.0)))
    assert CODE in codes(district.withhold(5))


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("currency", "cost", "told"),
    [
        ("CNY 10,000", 9_000.0, False),
        ("EUR 1,000", 60_000.0, False),
        ("EUR 1,000", 850_000.0, True),
        ("JPY 1,000,000", 3_000.0, False),
        ("JPY 1,000,000", 300_000_000.0, True),
        ("", 900_000.0, True),
    ],
)
def test_dear_sites_are_none_in_single_units(currency, cost, told):
    district = District.from_layers("T", layers(candidates=sites(a=cost)))
    assert (CODE in codes(district.with_defaults(currency=currency))) == told


@pytest.mark.long
def test_prices_in_single_yuan_are_told_of_a_workspace_by_its_unit(tmp_path):
    made = District.from_layers("T", layers(candidates=sites(a=1_200_000.0)))
    write_district(made.with_defaults(currency="EUR"), tmp_path / "w.gpkg")
    assert CODE not in codes(read_district(tmp_path / "w.gpkg"))
    write_district(made.with_defaults(currency="CNY 10,000"), tmp_path / "w.gpkg")
    assert codes(read_district(tmp_path / "w.gpkg")).count(CODE) == 1


def homes(**columns):
    spots = [(15 * n + 5, 60) for n in range(6)]
    usual = {"demand_id": [f"h{n}" for n in range(6)], "community_id": "a", "population": 30.0}
    return points(*spots, **(usual | columns))


@pytest.mark.long
def test_homes_that_name_another_community_than_theirs_are_told():
    """Once communities are numbered anew, residents follow the code and facilities do not."""
    table = homes(community_id=["a", "b", "b", "a", "b", "a"])
    found = told(layers(demand=table))["district.other_community"]
    # of the three that name East, one stands within 50 m of its border
    assert (found["count"], found["percent"], found["names"]) == (2, 33.3, "West → East (2)")
    for right in (homes(), homes(community_id="")):
        assert "district.other_community" not in told(layers(demand=right))


@pytest.mark.long
def test_communities_of_one_name_are_told():
    two = layers()["communities"].assign(name="River", subdistrict="S")
    assert told(layers(communities=two))["district.community_names"]["names"] == "River (2)"
    apart = two.assign(subdistrict=["S", "T"])
    assert "district.community_names" not in told(layers(communities=apart))


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "said"),
    [
        ([0.21, 0.34, 0.1, 0.2, 0.15, 1.0], True),
        ([0.0, 1.0, 0.0, 1.0, 1.0, 0.0], False),
        ([0.4, 2.6, 0.1, 0.2, 0.15, 1.0], False),
        ([2.0, 3.0, 1.0, 4.0, 2.0, 3.0], False),
    ],
)
def test_a_group_of_shares_is_told(old, said):
    found = told(layers(demand=homes(pop_65plus=old)))
    assert ("district.group_of_shares" in found) == said


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        "pop_65plus (%)",
        "pop_65plus_pct",
        "pop_old_Percent",
        "pop_65plus占比",
        "pop_65plus_prop",
        "pop_65plus_km2",
        "pop_density",
        "pop_growth",
        "pop_age_mean",
        "pop_households",
    ],
)
def test_a_column_of_shares_or_measures_counts_nobody_and_is_told(name):
    """15 per cent at each of three homes are no 45 people, however the column is called."""
    tables = layers(demand=homes(pop_80plus=[1.0] * 6, **{name: [15.0] * 6}))
    assert District.from_layers("T", tables).groups == ["population", "pop_80plus"]
    assert told(tables)["district.shares_not_counted"] == {"columns": name, "count": 1}


@pytest.mark.long
@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"pop_60plus": [1.0, 2.0, 3.0], "pop_65plus": [9.0, 2.0, 3.0]}, "district.ages_nested"),
        ({"pop_0_14": [9.0, 2.0, 3.0], "pop_0_17": [1.0, 2.0, 3.0]}, "district.ages_nested"),
        ({"pop_65plus": [400.0, 300.0, 700.0]}, "district.ages_all"),
        ({"pop_65plus": [10.0, 2.0, 3.0]}, "district.ages_hardly_any"),
        ({"pop_80plus": [1.0, 1.0, 0.0]}, "district.ages_hardly_any"),
    ],
)
def test_ages_that_can_hardly_be_so_are_told(columns, code):
    tables = layers()
    people = {"population": [400.0, 300.0, 700.0], "pop_65plus": [60.0, 50.0, 90.0]}
    tables["demand"] = tables["demand"].assign(**people)
    assert "district.ages" not in "".join(told(tables))
    tables["demand"] = tables["demand"].assign(**columns)
    assert code in told(tables)


def test_few_in_few_years_are_no_oddity():
    tables = layers()
    tables["demand"] = tables["demand"].assign(
        population=[400.0, 300.0, 700.0], pop_65plus=[60.0, 50.0, 90.0], pop_3_5=[5.0, 4.0, 6.0]
    )
    assert "district.ages" not in "".join(told(tables))


@pytest.mark.long
@pytest.mark.parametrize("households", [0.03, 3.0, 30000.0])
def test_households_that_do_not_fit_the_residents_are_told(households):
    tables = layers()
    tables["demand"]["population"] = [400.0, 300.0, 700.0]
    for right in (250.0, float("nan")):
        tables["communities"]["households"] = [right, 260.0]
        assert "district.households_odd" not in told(tables)
    tables["communities"]["households"] = [households, 260.0]
    found = told(tables)["district.households_odd"]
    assert (found["count"], found["names"]) == (1, "West")


@pytest.mark.long
@pytest.mark.parametrize(
    ("column", "right", "wrong", "code"),
    [
        ("slope_percent", 0.8, 0.01, "district.slopes_of_shares"),
        ("width_m", 1.5, 150.0, "district.widths_too_large"),
        ("layer", -2, 10, "district.layers_of_drawing"),
    ],
)
def test_columns_of_streets_in_another_unit_are_told(column, right, wrong, code):
    lines = [shapely.LineString([(x, 50), (x + 10, 50)]) for x in range(0, 200, 10)]
    ids = [f"s{n}" for n in range(len(lines))]
    for value, said in ((right, False), (wrong, True)):
        streets = gpd.GeoDataFrame({"street_id": ids, column: value}, geometry=lines, crs=CRS)
        assert (code in told(layers(streets=streets))) == said


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("value", "said"), [(99_999.0, 1), (9_999.0, 1), (30.0, 0), (9_998.0, 0)])
def test_the_sign_of_no_data_is_told(value, said):
    found = told(layers(demand=homes(population=[30.0, value, 20.0, 10.0, 5.0, 1.0])))
    assert ("district.no_data_numbers" in found) == bool(said)


PARTS = [13.0, 8.0, 21.0, 5.0, 30.0, 7.0, 11.0, 2.0, 19.0]


def sums(names, figures, **columns):
    places = [(10 + 15 * n, 60) for n in range(len(figures))]
    ids = [f"h{n}" for n in range(len(figures))]
    homes = points(*places, demand_id=ids, population=figures, name=names, **columns)
    return told(layers(demand=homes)).get("district.sums_beside_parts", {}).get("ids")


@pytest.mark.long
def test_a_compound_beside_its_buildings_is_told_by_its_name():
    names = ["小区1-1栋", "小区1-2栋", "小区1", "小区10-1栋", "小区10-2栋", "小区10"]
    assert sums(names, [40.0, 8.0, 48.0, 5.0, 30.0, 35.0]) == "h2, h5"
    assert sums(names, [40.0, 8.0, 47.0, 5.0, 30.0, 35.0]) == "h5"
    assert sums(names, [40.0, 8.0, 47.0, 5.0, 30.0, 36.0]) is None


def test_sums_of_several_levels_are_told():
    names = ["幸福", "幸福甲", "幸福甲1栋", "幸福甲2栋", "幸福乙", "幸福乙1栋", "幸福乙2栋"]
    assert sums(names, [96.0, 48.0, 40.0, 8.0, 48.0, 20.0, 28.0]) == "h0, h1, h4"


def test_a_compound_without_a_building_is_told_by_what_the_rows_share():
    block = ["1", "2", "", "1", "2", "3", ""]
    compound = ["甲苑"] * 3 + ["乙苑"] * 4
    figures = [40.0, 8.0, 48.0, 5.0, 30.0, 7.0, 42.0]
    assert sums(compound, figures, block=block) == "h2, h6"
    assert sums(compound, figures, block=["1", "2", "3", "1", "2", "3", "4"]) is None


@pytest.mark.long(but=1)
@pytest.mark.parametrize("turned", [False, True])
def test_sums_without_a_name_are_told_where_the_whole_list_is_made_so(turned):
    figures = [*PARTS[:4], 47.0, *PARTS[4:], 69.0]
    expected = "h4, h10" if not turned else "h0, h6"
    names = ["东苑", "西苑", "南苑", "北苑", "幸福社区", "甲", "乙", "丙", "丁", "戊", "和平社区"]
    assert sums(names, figures[::-1] if turned else figures) == expected
    assert sums(names, [*figures[:-1], 70.0]) is None


def test_the_whole_list_beside_its_rows_is_told():
    names = [*"甲乙丙丁戊己庚辛壬", "全区"]
    assert sums(names, [*PARTS, sum(PARTS)]) == "h9"
    assert sums(names, [*PARTS, sum(PARTS) + 1]) is None


def test_houses_whose_people_are_a_sum_by_chance_are_not_told():
    names = ["Main 3", "Main 3a", "Main 3b", "Main 5", "Main 5a", "Main 5b", "Main 7"]
    names += ["Main 7a", "Main 7b"]
    assert sums(names, [3.0, 1.0, 2.0, 4.0, 4.0, 1.0, 6.0, 2.0, 2.0]) is None


def test_a_layer_that_changes_is_looked_at_anew_and_what_was_told_of_others_stays():
    tables = layers()
    tables["demand"].loc[1, "pop_65plus"] = 50.0
    district = District.from_layers("T", tables)
    twice = points((10, 40), (10, 40), facility_id=["f1", "f2"], kind="clinic", name="")
    changed = district.with_layers(facilities=twice)
    assert {"district.group_exceeds", "district.same_facilities"} <= {
        finding.code for finding in changed.findings
    }
    mended = changed.with_layers(demand=layers()["demand"], facilities=tables["facilities"])
    assert not {finding.code for finding in mended.findings} & IMPLAUSIBLE
    assert len(changed.with_layers(facilities=twice).findings) == len(changed.findings)


def test_every_check_names_all_that_it_finds():
    folder = Path(plausibility.__file__).parent
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.py")))
    made = set(re.findall(r'Finding\(\s*"(district\.\w+)"', text))
    made |= set(re.findall(r'for code, which in \(\("(district\.\w+)"', text))
    assert len(made) > 15
    assert made <= IMPLAUSIBLE


def offered(**columns):
    usual = {"candidate_id": ["c1", "c2"], "cost": [30.0, None], "required": True}
    return points((30, 40), (60, 40), **usual | columns)


def test_a_site_that_is_required_and_forbidden_is_told():
    found = told(layers(candidates=offered(forbidden=[True, False])))
    assert found["district.required_and_forbidden"] == {"count": 1, "ids": "c1"}
    assert "district.required_and_forbidden" not in told(
        layers(candidates=offered(forbidden=False))
    )


def test_figures_of_zero_are_told_as_what_may_not_be_known():
    assert "district.figures_of_zero" not in told(layers(candidates=offered()))
    found = told(layers(candidates=offered(cost=[0.0, 5.0])))["district.figures_of_zero"]
    assert found == {"layer": "candidates", "column": "cost", "count": 1, "ids": "c1"}
    tables = layers()
    tables["facilities"]["capacity"] = [0.0, 0.0]
    found = told(tables)["district.figures_of_zero"]
    assert (found["column"], found["ids"]) == ("capacity", "f1, f2")


def test_facilities_at_the_middle_of_communities_are_told():
    tables = layers()
    middles = points(
        (50, 50), (50, 50.5), (151, 50), (20, 20),
        facility_id=["f1", "f2", "f3", "f4"], kind="clinic", name=["A", "", "C", "D"],
    )  # fmt: skip
    found = told(tables | {"facilities": middles})["district.facilities_at_centres"]
    assert (found["count"], found["of"], found["names"]) == (3, 4, "A, f2, C")
    apart = middles.set_geometry(middles.translate(0, 8))
    assert "district.facilities_at_centres" not in told(tables | {"facilities": apart})


def test_facilities_that_count_as_inside_several_communities_are_told():
    assert "district.facilities_on_borders" not in told(layers())
    tables = layers()
    between = points(
        (100, 40), (150, 40), (100, 70),
        facility_id=["f1", "f2", "f3"], kind="clinic", name=["A", "B", ""],
    )  # fmt: skip
    found = told(tables | {"facilities": between})["district.facilities_on_borders"]
    assert found == {"count": 2, "ids": "A, f3"}


def test_services_that_are_not_offered_are_told():
    tables = layers()
    tables["facilities"]["services"] = ["全科；接种（暂停）", "接种（计划免疫）"]
    found = told(tables)["district.services_suspended"]
    assert found == {"count": 1, "services": "接种（暂停） (1)"}
    tables["facilities"]["services"] = "接种"
    assert "district.services_suspended" not in told(tables)


def test_homes_of_zero_beside_others_are_told():
    tables = layers()
    homes = tables["demand"]
    most = homes["population"].gt(0)
    assert not {"district.homes_of_zero", "district.homes_of_zero_but"} & told(tables).keys()
    first = np.arange(len(homes)) == 0
    tables["demand"] = homes.assign(population=homes["population"].where(~first, 0))
    found = told(tables)["district.homes_of_zero"]
    assert found == {"column": "population", "count": 1, "of": len(homes)}
    tables["demand"] = tables["demand"].assign(weight=np.where(first, 12.0, 0.0))
    assert "district.homes_of_zero" not in told(tables)
    found = told(tables)["district.homes_of_zero_but"]
    assert (found["count"], found["others"]) == (1, "weight")
    assert found["ids"] == homes["demand_id"].iloc[0]
    assert most.all()


@pytest.mark.parametrize("column", ["households", "户数", "Number of households"])
def test_more_households_than_residents_are_told(column):
    tables = layers()
    homes = tables["demand"]
    tables["demand"] = homes.assign(**{column: homes["population"] / 2.5})
    assert "district.households_above" not in told(tables)
    tables["demand"] = homes.assign(**{column: homes["population"] * 3.0})
    found = told(tables)["district.households_above"]
    assert found["count"] == found["of"] == int((homes["population"] > 0).sum())
    assert found["households"] == round(3 * found["residents"])
    one = homes["population"].where(np.arange(len(homes)) > 0, homes["population"] * 3)
    tables["demand"] = homes.assign(**{column: one})
    assert "district.households_above" not in told(tables)
    tables["demand"] = homes.assign(**{column: "many"})
    assert "district.households_above" not in told(tables)


def test_services_that_are_offered_at_some_hours_are_told():
    tables = layers()
    tables["facilities"]["services"] = [
        "全科；接种（仅周三）",
        "vaccination (Wed only);接种（6月龄以上）",
    ]
    found = told(tables)["district.services_at_hours"]
    assert found == {"count": 2, "services": "接种（仅周三） (1), vaccination (Wed only) (1)"}
    tables["facilities"]["services"] = "接种；急诊（24小时）；体检（暂停）"
    assert "district.services_at_hours" not in told(tables)


@pytest.mark.parametrize(("steep", "is_told"), [(12, True), (3, False)])
def test_a_network_of_steep_streets_is_told(steep, is_told):
    tables = layers()
    lines = [shapely.LineString([(0, y), (100, y)]) for y in range(12)]
    ids = [f"s{n}" for n in range(12)]
    slopes = [9.0] * steep + [1.0] * (12 - steep)
    tables["streets"] = gpd.GeoDataFrame(
        {"street_id": ids, "slope_percent": slopes}, geometry=lines, crs=CRS
    )
    found = told(tables).get("district.slopes_too_steep")
    assert (found is not None) == is_told
    if found:
        assert (found["percent"], found["km"]) == (100, 1.2)


@pytest.mark.parametrize(("east", "is_told"), [(500_000, False), (680_000, False), (833_000, True)])
def test_a_crs_whose_metres_are_not_those_of_the_ground_is_told(east, is_told):
    """A metre of UTM is 0.04 % short at the middle of a zone, true 180 km beside it, then long."""
    utm = "EPSG:32650"
    tables = {
        name: table.set_geometry(table.translate(east, 2_860_000).set_crs(utm, allow_override=True))
        for name, table in layers().items()
    }
    found = told(tables).get("district.crs_scale")
    assert (found is not None) == is_told
    if found:
        assert (found["crs"], found["percent"], found["metres"]) == (utm, "0.097", "0.97")


@pytest.mark.long
@pytest.mark.parametrize(
    ("column", "values", "is_told"),
    [
        ("年份", ["2010", "2020"], True),
        ("性别", ["男", "女"], True),
        ("age_group", ["all", "65+"], True),
        ("建成年份", ["2010", "2020"], False),
        ("楼栋", ["1", "2"], False),
    ],
)
def test_rows_that_are_parts_of_one_home_are_told(column, values, is_told):
    tables = layers()
    parts = [tables["demand"].assign(**{column: value}) for value in values]
    parts[1]["demand_id"] = ["p1", "p2", "p3"]
    parts[1]["population"] += 1.0
    tables["demand"] = pd.concat(parts, ignore_index=True)
    found = told(tables).get("district.homes_in_parts")
    assert (found is not None) == is_told
    if found:
        assert (found["column"], found["count"], found["percent"]) == (column, 6, 100.0)
    one = layers()
    one["demand"][column] = [*values, values[0]]
    assert "district.homes_in_parts" not in told(one)


def test_a_home_with_far_more_people_than_others_is_told():
    tables = layers()
    spots = [(x, y) for x in range(5, 95, 10) for y in (20, 40, 60)]
    ids = [f"h{n}" for n in range(len(spots))]
    people = [20.0 + n for n in range(len(spots))]
    homes = points(*spots, demand_id=ids, community_id="a", population=people)
    assert "district.homes_far_above" not in told(tables | {"demand": homes})
    homes.loc[3, "population"] = 23_000.0
    found = told(tables | {"demand": homes})["district.homes_far_above"]
    assert (found["ids"], found["count"]) == ("h3", 1)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("people", "is_told"),
    [(0.0045, True), (0.45, True), ([0.3] * 5 + [2.0], True), (1.0, False), (20.0, False)],
)
def test_homes_of_less_than_one_person_are_told(people, is_told):
    tables = layers()
    spots = [(x, 60) for x in range(5, 65, 10)]
    homes = points(*spots, demand_id=[f"h{n}" for n in range(6)], community_id="a")
    homes["population"] = people
    found = told(tables | {"demand": homes}).get("district.homes_below_one")
    assert (found is not None) == is_told
    if found and people == 0.45:
        assert found == {"count": 6, "below": 6, "sum": "2.7"}


@pytest.mark.long
@pytest.mark.parametrize(("off", "is_told"), [(0.5, True), (4.0, True), (20.0, False)])
def test_homes_that_stand_in_the_list_twice_are_told(off, is_told):
    tables = layers()
    spots = [(x, y) for x in range(5, 95, 30) for y in range(5, 95, 30)] + [(150, 50)]
    people = [20.0 + n for n in range(len(spots))]
    ids = [f"h{n}" for n in range(len(spots))]
    homes = points(*spots, demand_id=ids, community_id="a", population=people)
    again = homes.assign(demand_id=[f"b{n}" for n in range(len(spots))], source="outline")
    again = again.set_geometry(again.translate(off, 0))
    twice = pd.concat([homes, again], ignore_index=True)
    found = told(tables | {"demand": twice}).get("district.homes_twice")
    assert (found is not None) == is_told
    if found:
        assert (found["count"], found["percent"]) == (20, 100.0)
    alike = homes.assign(population=30.0)
    near = pd.concat([alike, again.assign(population=30.0)], ignore_index=True)
    assert "district.homes_twice" not in told(tables | {"demand": near})


def _recounted(ids, people=(300.0, 310.0), spot=(10, 60), **columns):
    """Return what is told of homes of which the first and the last may stand at one place."""
    spots = [(10, 60), (50, 60), (90, 60), (50, 20), spot]
    homes = points(*spots, demand_id=ids, community_id="a")
    homes["population"] = [people[0], 120.0, 75.0, 45.0, people[1]]
    return told(layers(demand=homes.assign(**columns))).get("district.homes_recounted")


@pytest.mark.long
@pytest.mark.parametrize("ids", [["h1", "h2", "h3", "h4", "h5"], list("23456")])
def test_homes_at_one_place_with_near_figures_are_told_where_nothing_tells_them_apart(ids):
    found = _recounted(ids, 年份=[*["2010"] * 4, "2020"], 备注="")
    assert (found["count"], found["ids"]) == (1, f"{ids[0]} / {ids[4]}")
    assert found["percent"] == pytest.approx(100 * 610 / 850, abs=0.1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("people", "columns"),
    [
        ((300.0, 60.0), {}),  # two buildings rather than two counts of one
        ((300.0, 300.0), {}),  # equal rows are told otherwise
        ((0.0, 0.0), {}),
        ((300.0, 310.0), {"name": ["1栋", "甲", "乙", "丙", "2栋"]}),
        ((300.0, 310.0), {"地址": ["甲路1号", "", "", "", "甲路3号"]}),
        ((300.0, 310.0), {"floor_area_m2": [9000.0, 1.0, 2.0, 3.0, 9500.0]}),
        ((300.0, 310.0), {"demand_id": ["H2207", "H1480", "H5177", "H0032", "H8801"]}),
        ((300.0, 310.0), {"demand_id": ["甲1", "丙1", "乙1", "丁1", "甲2"]}),
    ],
)
def test_homes_at_one_place_that_something_tells_apart_are_not_told(people, columns):
    ids = ["h1", "h2", "h3", "h4", "h5"]
    assert _recounted(ids, people, **columns) is None
    assert _recounted(ids, spot=(11, 60)) is None


def test_buildings_of_a_compound_at_its_point_are_no_second_count():
    spots = [(10, 60)] * 3 + [(50, 60)] * 2 + [(90, 60)]
    homes = points(*spots, demand_id=[f"h{n}" for n in range(6)], community_id="a")
    homes["population"] = [300.0, 310.0, 290.0, 200.0, 210.0, 50.0]
    assert "district.homes_recounted" not in told(layers(demand=homes))


@pytest.mark.long
def test_facilities_with_a_row_for_each_service_or_year_are_told():
    tables = layers()
    spots = [(10, 40), (10, 40), (150, 40)]
    ids = {"facility_id": ["f1", "f2", "f3"], "kind": "clinic"}
    rows = points(*spots, **ids, name=["A", "A", "C"], services=["全科", "接种", "全科"])
    found = told(tables | {"facilities": rows})["district.facilities_in_parts"]
    assert (found["count"], found["names"]) == (2, "A")
    years = points((10, 40), (90, 40), **{**ids, "facility_id": ["f1", "f2"]}, name="A")
    years["年份"] = ["2015", "2025"]
    assert "district.facilities_in_parts" in told(tables | {"facilities": years})
    years["年份"] = "2025"
    assert "district.facilities_in_parts" not in told(tables | {"facilities": years})


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("other", "is_told"),
    [
        ({"status": "closed"}, True),
        ({"status": "closed", "name": "春风诊所"}, True),
        ({"status": "planned"}, False),
        ({"status": "closed", "kind": "library"}, False),
        ({"status": "closed", "name": "河湾诊所"}, False),
    ],
)
def test_lists_that_have_one_facility_as_open_and_as_closed_are_told(other, is_told):
    first = {"facility_id": "f1", "kind": "clinic", "name": "春风诊所", "status": "existing"}
    second = {**first, "facility_id": "f2", **other}
    rows = points((10, 40), (10, 40), **{key: [first[key], second[key]] for key in first})
    found = told(layers(facilities=rows))
    assert ("district.facilities_contradict" in found) == is_told
    # of these only one counts
    assert "district.facilities_in_parts" not in found


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("name", "highway", "is_told"),
    [
        ("京沪高速", "residential", True),
        ("沪昆高速公路（G60）", "tertiary", True),
        ("G4", "", True),
        ("二环快速路", "residential", True),
        ("二环快速路", "primary", False),
        ("G323", "residential", False),
        ("高速路口社区道路", "residential", False),
        ("京沪高速辅路", "residential", False),
        ("京沪高速", "footway", False),
        ("Autobahn A8", "tertiary", True),
        ("An der Autobahn", "residential", False),
        ("Rue de l'Autoroute", "residential", False),
        ("Freeway Drive", "residential", False),
        ("Motorway Service Road", "residential", False),
    ],
)
@pytest.mark.parametrize("other", ["中山路", "Ringstraße"])
def test_streets_with_names_of_motorways_are_told(name, highway, is_told, other):
    tables = layers()
    classes = [highway, "residential"]
    tables["streets"] = tables["streets"].assign(name=[name, other], highway=classes)
    # elsewhere than in China a letter and a number are no motorway
    is_told = is_told and (name != "G4" or other == "中山路")
    found = told(tables).get("district.fast_by_name")
    assert (found is not None) == is_told
    if found:
        assert (found["count"], found["names"]) == (1, f"{name} (1)")


def test_neighbours_of_like_figures_are_not_a_home_twice():
    rng = np.random.default_rng(3)
    spots = [(7 * x, 12 * y) for x in range(40) for y in range(8)]
    ids = [f"h{n}" for n in range(len(spots))]
    row = points(*spots, demand_id=ids, community_id="", population=rng.poisson(3.0, len(spots)))
    row["population"] = row["population"].astype(float)
    found = told(layers(demand=row[row["population"] > 0]))
    assert "district.homes_twice" not in found
    assert "district.homes_far_above" not in told(
        layers(demand=row.assign(population=[0.0] * (len(row) - 9) + [3.0] * 9))
    )


def areas(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def dense(people: float, spots: int, apart: float) -> dict:
    """Return what is told of a square of homes of so many people each, in one community."""
    homes = points(
        *[(apart * x, apart * y) for x in range(spots) for y in range(spots)],
        demand_id=[f"h{n}" for n in range(spots**2)],
        community_id="a",
        population=people + np.arange(spots**2) % 3,
    )
    wide = apart * spots + 20.0
    square = areas(shapely.box(-20, -20, wide, wide), community_id=["a"], name=["A"])
    return told(layers(communities=square, demand=homes))


@pytest.mark.parametrize(
    ("people", "spots", "apart", "code"),
    [
        # a square kilometre of towers as in Mong Kok, and ten times as many
        (80.0, 40, 25.0, None),
        (800.0, 40, 25.0, "district.too_dense"),
        # one estate of 200 × 200 m with 8,000 people, and 80,000
        (125.0, 8, 25.0, None),
        (1250.0, 8, 25.0, "district.too_dense"),
        # cells of a grid of 500 m, each with 12,000 people
        (12_000.0, 5, 500.0, None),
        (120_000.0, 5, 500.0, "district.too_dense"),
    ],
)
def test_more_people_than_there_is_room_for_are_told(people, spots, apart, code):
    found = {each for each in dense(people, spots, apart) if each.endswith("too_dense")}
    assert found == ({code} if code else set())


def test_estimates_have_no_density_of_people():
    ids = [f"h{n}" for n in range(40)]
    homes = points(*[(5.0 * n, 50.0) for n in range(40)], demand_id=ids, community_id="a")
    weights = layers(demand=homes.assign(weight=1e6))
    people = layers(demand=homes.assign(population=1e5))
    assert "district.too_dense" in told(people)
    assert "district.too_dense" not in told(weights)


def test_one_community_of_too_many_people_is_told_by_name():
    spots = [(25.0 * x, 25.0 * y) for x in range(160) for y in range(10)]
    homes = points(*spots, demand_id=[f"h{n}" for n in range(len(spots))], population=20.0)
    first = np.array([x < 250 for x, _ in spots])
    homes["community_id"] = np.where(first, "a", "b")
    both = areas(
        shapely.box(-20, -20, 237, 260),
        shapely.box(237, -20, 4100, 260),
        community_id=["a", "b"],
        name=["East", "West"],
    )
    made = layers(communities=both, demand=homes)
    assert not [each for each in told(made) if each.endswith("too_dense")]
    homes.loc[first, "population"] = 600.0
    found = told(layers(communities=both, demand=homes))
    assert found["district.communities_too_dense"]["count"] == 1
    assert found["district.communities_too_dense"]["names"].startswith("East (")
    assert "district.too_dense" not in found
    # counted at one point, the people live all over the community
    spot = points((1000, 100), demand_id=["s"], community_id=["b"], population=[15_000.0])
    alone = layers(communities=both.iloc[[1]], demand=spot)
    assert not [each for each in told(alone) if each.endswith("too_dense")]


def one_house(areas, kinds=("clinic", "library"), away_m=0.0, **columns):
    """Return what is told of facilities of these kinds and floor areas in one house."""
    count = len(areas)
    spots = [(10.0 + away_m * n, 40.0) for n in range(count)]
    ids = [f"f{n}" for n in range(count)]
    usual = {"name": [f"House {n}" for n in "ABCDEFG"[:count]], "kind": list(kinds)}
    table = points(*spots, facility_id=ids, floor_area_m2=areas, **(usual | columns))
    return told(layers(facilities=table))


def test_one_floor_area_of_two_kinds_at_one_place_is_told_by_name():
    for away_m in (0.0, 9.0):
        found = one_house([500.0, 500.0], away_m=away_m)["district.floor_area_twice"]
        assert (found["count"], found["area"]) == (1, 500)
        assert found["names"] == "House A, House B (f0, f1: 500 m²)"
    three = one_house([500.0] * 3, ["clinic", "library", "sports"], name="")
    assert three["district.floor_area_twice"]["names"] == "f0, f1, f2: 500 m²"
    assert three["district.floor_area_twice"]["area"] == 1000


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    "changed",
    [
        {"areas": [500.0, 400.0]},
        {"areas": [500.0, np.nan]},
        {"areas": [np.nan, np.nan]},
        {"areas": [0.0, 0.0]},
        {"areas": [500.0, 500.0], "away_m": 11.0},
        {"areas": [500.0, 500.0], "kinds": ["clinic", "clinic"]},
        {"areas": [500.0, 500.0], "status": ["existing", "planned"]},
        {"areas": [500.0, 500.0], "ownership": ["public", "internal"]},
    ],
)
def test_floor_areas_that_count_once_are_not_told(changed):
    codes = one_house(**changed)
    assert not {code for code in codes if "floor_area_twice" in code}


def usual_areas(name):
    """Return what is told of 40 houses of two kinds each, all of the area that a list fills in."""
    spots = [(10.0 + 20 * (n // 2 % 10), 10.0 + 20 * (n // 20)) for n in range(80)]
    table = points(
        *spots,
        facility_id=[f"f{n}" for n in range(80)],
        kind=["clinic", "library"] * 40,
        name=[name(n) for n in range(80)],
        floor_area_m2=100.0,
    )
    return told(layers(facilities=table))


def test_a_floor_area_that_a_list_fills_in_everywhere_is_told_as_a_count():
    found = usual_areas(lambda n: f"{'Clinic' if n % 2 else 'Library'} {n}")
    assert "district.floor_area_twice" not in found
    usual = found["district.floor_area_twice_usual"]
    assert (usual["count"], usual["area"]) == (40, 40 * 100)
    assert usual["names"].endswith(", …")
    alike = usual_areas(lambda n: f"Community centre {n // 2}")
    assert "district.floor_area_twice_usual" not in alike
    assert alike["district.floor_area_twice"]["area"] == 40 * 100


def test_a_crowd_of_one_floor_area_on_one_spot_is_told_in_one_line():
    crowd = one_house([500.0] * 3000, ["clinic", "library"] * 1500, name="")
    assert crowd["district.floor_area_twice"]["count"] == 1
    assert crowd["district.floor_area_twice"]["area"] == 2999 * 500
    assert len(crowd["district.floor_area_twice"]["names"]) < 1000


def test_sites_that_are_nobodys_are_told():
    assert "district.candidates_outside" not in told(layers(candidates=offered()))
    far = points((30, 40), (9_000, 40), candidate_id=["c1", "c2"], cost=[30.0, None])
    found = told(layers(candidates=far))["district.candidates_outside"]
    assert found == {"count": 1, "metres": 2000, "km": 8.8, "ids": "c2"}


def test_groups_of_communities_that_were_spread_over_homes_are_told_by_their_sums():
    spread = homes(pop_60plus=[10.0] * 6, pop_65plus=[10.9] * 6)
    found = told(layers(demand=spread))
    assert "district.ages_nested_sums" not in found, "each home may be rounded"
    many = [(1.5 * n, 60) for n in range(60)]
    table = points(
        *many,
        demand_id=[f"h{n}" for n in range(60)],
        community_id="a",
        population=50.0,
        pop_60plus=10.0,
        pop_65plus=10.9,
    )
    found = told(layers(demand=table))["district.ages_nested_sums"]
    assert found == {"inner": "pop_65plus", "outer": "pop_60plus", "count": 1}
