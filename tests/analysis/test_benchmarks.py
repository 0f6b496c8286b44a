from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.compliance.audit import audit
from planner.analysis.compliance.benchmarks import floor_area_per_100_households, premises, presence
from planner.district.benchmarks import find_benchmark, read_benchmark
from planner.errors import InputError

BENCHMARK = "china-2005"


def test_presence_counts_communities_and_what_is_missing(town):
    table = presence(planner.assess(town), BENCHMARK).set_index("kind")
    clinic = table.loc["clinic"]
    assert (clinic["having"], clinic["communities"], clinic["share"]) == (1, 2, 0.5)
    assert clinic["benchmark"] == 0.85
    assert clinic["missing"] == 1
    assert table.loc["labour_office", "having"] == 0
    assert np.isnan(table.loc["elderly_care", "benchmark"])


@pytest.mark.long
@pytest.mark.parametrize("asked", [{"at": "Su 22:00"}, {"service": "dentist"}])
def test_a_benchmark_knows_no_hour_and_no_service(town, asked):
    # the clinic of West is shut then, and what East's library has is not told
    facilities = town.facilities.assign(
        opening_hours=["Mo-Fr 08:00-17:00", None, None], services=["vaccination", None, None]
    )
    town = town.with_layers(facilities=facilities)
    result = planner.assess(town, **asked)
    assert result.presence()["clinic"].sum() == 0
    for table in (presence, premises):
        told, plain = (table(each, BENCHMARK) for each in (result, planner.assess(town)))
        pd.testing.assert_frame_equal(told, plain)
    assert presence(result, BENCHMARK).set_index("kind").loc["clinic", "having"] == 1


def test_premises_of_unknown_size_make_a_range(town):
    facilities = town.facilities.copy()
    facilities["kind"] = ["service_centre", "service_station", "service_station"]
    facilities["ownership"] = "public"
    facilities["floor_area_m2"] = [100.0, 99.0, np.nan]
    result = planner.assess(town.with_layers(facilities=facilities))
    row = premises(result, BENCHMARK).iloc[0]
    assert (row["premises"], row["reaching"], row["below"], row["unknown"]) == (3, 1, 1, 1)
    assert np.isnan(row["share"])
    assert (row["share_low"], row["share_high"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


@pytest.mark.long
def test_premises_of_kinds_without_data_are_not_none(town):
    facilities = town.facilities.assign(kind="clinic", ownership="public", floor_area_m2=200.0)
    without = replace(town.with_layers(facilities=facilities), records={})._recorded()
    row = premises(planner.assess(without), BENCHMARK).iloc[0]
    assert row[["premises", "reaching", "below", "unknown"]].isna().all()
    assert row["without_data"] == "service_centre;service_station"
    facilities.loc[0, "kind"] = "service_station"
    one = replace(town.with_layers(facilities=facilities), records={})._recorded()
    row = premises(planner.assess(one), BENCHMARK).iloc[0]
    assert (row["premises"], row["reaching"], row["without_data"]) == (1, 1, "service_centre")
    none = without.with_complete(["service_centre", "service_station"])
    row = premises(planner.assess(none), BENCHMARK).iloc[0]
    assert (row["premises"], row["without_data"]) == (0, "")


@pytest.mark.long
def test_floor_area_for_100_households(town):
    communities = town.communities.copy()
    communities["households"] = [1000, 500]
    facilities = town.facilities.copy()
    facilities["kind"] = "service_station"
    facilities["ownership"] = "public"
    facilities["floor_area_m2"] = [240.0, 200.0, np.nan]
    district = town.with_layers(communities=communities, facilities=facilities)
    table = floor_area_per_100_households(planner.assess(district))
    assert table.loc["001", "m2_per_100_households_low"] == 24
    assert np.isnan(table.loc["001", "m2_per_100_households"])
    assert table.loc["002", "m2_per_100_households_low"] == 40
    assert table.loc["001", "missing_m2"] == 60
    assert table.loc["002", "missing_m2"] == 0
    assert table.loc["", "households"] == 1500
    assert table.loc["001", "unknown"] == 1
    # the third facility lies on the common boundary: in both communities, once in the district
    assert list(table["facilities"]) == [2, 2, 3]
    assert table.loc["", "unknown"] == 1
    assert table.loc["", "floor_area_m2"] == 440


def test_unknown_households_stay_unknown(town):
    table = floor_area_per_100_households(planner.assess(town))
    figures = ["households", "m2_per_100_households_low", "target_m2", "missing_m2"]
    assert table[figures].isna().all(axis=None)


def test_bad_benchmarks_are_refused(tmp_path):
    with pytest.raises(InputError, match="no benchmark"):
        find_benchmark("mars-2005")
    file = tmp_path / "b.toml"
    file.write_text('en="a"\nzh="a"\nsource="a"\ndate="2005"\n[presence]\nclinic=85\n')
    with pytest.raises(InputError, match="0 to 1"):
        read_benchmark(file)


def test_what_a_benchmark_says_in_vain_is_refused(town, tmp_path):
    text = "".join(f'{name} = "a"\n' for name in ("en", "zh", "source", "date"))
    file, shares = tmp_path / "b.toml", "[presence]\nclinic = 0.85\n"
    for unread, entry in (
        ("[premisses]", "premisses"),
        ("[premises]\nfloor_area = 9", "floor_area"),
    ):
        file.write_text(f"{text}{shares}{unread}\n", encoding="utf-8")
        with pytest.raises(InputError, match=entry):
            read_benchmark(file)
    file.write_text(f"{text}{shares}[premises]\nshare = 40\n", encoding="utf-8")
    with pytest.raises(InputError, match="0 to 1"):
        read_benchmark(file)
    file.write_text(f"\ufeff{text}{shares.replace('clinic', 'clinc')}", encoding="utf-8")
    with pytest.raises(InputError, match="clinc"):
        presence(planner.assess(town), file)
    file.write_text(f'{text}{shares}[premises]\nfloor_area_m2 = 30\nkinds = ["clinic", "clinc"]\n')
    for table in (presence, premises):
        with pytest.raises(InputError, match="clinc"):
            table(planner.assess(town), file)


def test_premises_across_the_border_are_not_the_districts(town):
    """They serve residents, but the floor area of a district is that inside it."""
    communities = town.communities.assign(households=[1000, 500])
    facilities = town.facilities.assign(
        kind="service_station", ownership="public", floor_area_m2=[30.0, 1000.0, 40.0]
    )
    facilities.loc[1, "geometry"] = shapely.Point(1400, 0)
    result = planner.assess(town.with_layers(communities=communities, facilities=facilities))
    table = floor_area_per_100_households(result)
    assert table.loc["", "floor_area_m2"] == 70
    assert table.loc["", "facilities"] == 2
    assert premises(result, BENCHMARK).iloc[0][["premises", "below"]].tolist() == [2, 2]
    judged = planner.assess(result.district, "national-floor-area")
    clauses = audit(judged, "district")
    assert (clauses.loc[clauses["requirement"] == "area", "short_by"] > 0).all()
