"""One workspace out of many: its figures by its path, and failures that travel as they are."""

import pickle
from dataclasses import replace

import pandas as pd
import pytest
from demo_part import part_of_demo
from effort import few
from small_towns import small_town

import planner
from planner import assess_workspace
from planner.district import Source, Standard


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return planner.write_district(part_of_demo(2), tmp_path_factory.mktemp("many") / "a.gpkg")


@pytest.mark.long
@pytest.mark.parametrize("group", few(["pop_65plus", None], 1))
def test_figures_are_those_of_the_assessment(workspace, group):
    table = assess_workspace(workspace, "gb50180-2018", group=group)
    column = group or "population"
    result = planner.assess(planner.read_district(workspace), "gb50180-2018", groups=[column])
    summary = result.summary().set_index("kind")
    gaps = result.gaps(group=column)
    assert table["kind"].tolist() == list(result.judged_kinds)
    assert set(table["workspace"]) == {str(workspace)}
    assert set(table["district"]) == {result.district.name}
    for row in table.itertuples():
        own = summary.loc[row.kind]
        assert (row.uncovered, row.unknown, row.share) == (own.uncovered, own.unknown, own.share)
        assert row.total == own.covered + own.uncovered + own.unknown
        assert row.gaps == (gaps["kind"] == row.kind).sum()
    assert table["gaps"].sum() == len(gaps) > 0
    assert set(table["demand_unit"]) == {"residents"}


@pytest.mark.long
@pytest.mark.parametrize("unit", ["floor_area_m2", "street_m"])
def test_what_is_counted_is_told(tmp_path, unit):
    town = small_town(1)
    demand = town.demand.drop(columns=town.groups).assign(weight=12.0)
    source = Source("demand", "buildings", "", "", "", unit=unit)
    path = planner.write_district(
        replace(town.with_layers(demand=demand), sources=(source,)), tmp_path / "b.gpkg"
    )
    assert set(assess_workspace(path, "gb50180-2018")["demand_unit"]) == {unit}


@pytest.mark.long
def test_nothing_is_judged_where_there_are_no_limits(workspace):
    nothing = Standard("none", "None", "无", "made up", {})
    with pytest.raises(planner.InputError, match="no data on any kind"):
        assess_workspace(workspace, nothing)


def test_a_table_and_a_failure_come_back_from_another_process(tmp_path):
    workspace = planner.write_district(small_town(1), tmp_path / "town.gpkg")
    table = assess_workspace(workspace)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(table)), table)
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"no GeoPackage")
    with pytest.raises(planner.InputError) as raised:
        assess_workspace(broken)
    back = pickle.loads(pickle.dumps(raised.value))
    assert (back.code, str(back)) == (raised.value.code, str(raised.value))
    assert "broken.gpkg" in str(back)
