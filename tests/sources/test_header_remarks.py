"""What a header says beside its name, several kinds of one row, and columns a mapping never saw."""

import pandas as pd
import pytest

from planner.district import builtin_kinds
from planner.errors import InputError
from planner.sources import read_demand, read_facilities
from planner.sources.tables.guessing import guess_columns

KINDS = builtin_kinds()
PLACE = "114.93,25.85"


@pytest.fixture
def write(tmp_path):
    def written(*lines, name="list.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def told(reading):
    return {finding.code: finding.params for finding in reading.findings}


def roles(layer, *headers):
    mapping, notes = guess_columns(pd.DataFrame({h: ["1"] for h in headers}), layer, "list.csv")
    found = {header: role for header, role in mapping.columns.items() if role}
    return found, {note.code: note.params for note in notes}


@pytest.mark.parametrize("header", ["population_households", "人口户", "population_km2"])
def test_the_unit_of_another_thing_behind_a_name_is_refused(write, header):
    with pytest.raises(InputError) as caught:
        read_demand(write(f"lon,lat,{header}", f"{PLACE},2"))
    assert caught.value.code == "tables.unit_of_others"


def test_a_unit_of_its_own_behind_a_name_counts(write):
    table = read_demand(write("lon,lat,人口万人", f"{PLACE},0.2")).table
    assert table["population"].tolist() == [2000]


def test_room_for_residents_is_no_room_for_visits(write):
    rows = ("lon,lat,kind,capacity_residents", f'{PLACE},clinic,"1,000"')
    table = read_facilities(write(*rows), KINDS).table
    assert table["capacity_residents"].tolist() == [1000]
    assert "capacity" not in table


def test_a_building_counted_in_two_columns_has_no_floor_area_for_each(write):
    rows = (
        "id,lon,lat,sc,ss,area,capacity",
        f"a,{PLACE},1,1,40,50",
        f"b,{PLACE},0,1,30,20",
    )
    columns = {"service_centre": "sc", "service_station": "ss"}
    reading = read_facilities(write(*rows), KINDS, kind_columns=columns)
    figures = reading.table.set_index("facility_id")[["floor_area_m2", "capacity"]]
    assert figures.loc["b/service_station"].tolist() == [30, 20]
    assert figures.loc[["a/service_centre", "a/service_station"]].isna().all(axis=None)
    assert told(reading)["tables.several_kinds"]["facilities"] == (
        "a: service_centre, service_station"
    )


def test_a_count_above_one_is_told(write):
    rows = ("id,lon,lat,clinic", f"a,{PLACE},3", f"b,{PLACE},1")
    reading = read_facilities(write(*rows), KINDS, kind_columns={"clinic": "clinic"})
    assert told(reading)["sources.counted_as_one"] == {
        "file": "list.csv",
        "count": 1,
        "rows": "2",
    }


@pytest.mark.parametrize("header", ["服务时间(周末)", "营业时间（冬季）", "opening hours (PH)"])
def test_hours_of_a_part_of_the_week_are_not_those_of_the_week(write, header):
    rows = (f"lon,lat,kind,{header}", f"{PLACE},clinic,09:00-12:00")
    reading = read_facilities(write(*rows), KINDS)
    assert "opening_hours" not in reading.table
    assert told(reading)["tables.hours_of_part"]["columns"] == header


def test_hours_of_the_week_go_beside_those_of_a_part():
    found, notes = roles("facilities", "服务时间(周末)", "服务时间", "办公时间(每天)")
    assert found == {"服务时间": "opening_hours"}
    assert notes["tables.same_meaning"]["others"] == "办公时间(每天)"
    assert notes["tables.hours_of_part"]["columns"] == "服务时间(周末)"


def test_of_several_years_the_last_counts_and_the_others_are_told():
    found, notes = roles("facilities", "状态(2015)", "状态(2025)")
    assert found == {"状态(2025)": "status"}
    assert notes["tables.same_meaning"]["others"] == "状态(2015)"
    assert notes["tables.header_remark"]["remark"] == "2025"
    assert roles("demand", "人口(2020年)", "人口(2010年)")[0] == {"人口(2020年)": "population"}


@pytest.mark.parametrize(
    "header", ["类别（必填）", "类别", "经度(度)", "经度(WGS84)", "建筑面积(㎡)"]
)
def test_orders_units_and_datums_are_no_remarks(header):
    assert "tables.header_remark" not in roles("facilities", header, "纬度")[1]


@pytest.mark.long
def test_a_column_that_a_kept_mapping_never_saw_is_read_and_told(write):
    first = write("名称,类别,经度,纬度,备注", f"甲,图书馆,{PLACE},x", name="first.csv")
    kept = read_facilities(first, KINDS).mapping
    rows = ("名称,类别,经度,纬度,备注,状态", f"甲,图书馆,{PLACE},x,停用", f"乙,图书馆,{PLACE},x,")
    reading = read_facilities(write(*rows), KINDS, mapping=kept)
    assert reading.table["status"].tolist() == ["closed", ""]
    assert told(reading)["tables.mapping_new_columns"]["columns"] == "状态"
    again = read_facilities(write(*rows), KINDS, mapping=reading.mapping)
    assert "tables.mapping_new_columns" not in told(again)


@pytest.mark.parametrize("second", ["设施类型", "类型"])
def test_a_second_column_of_kinds_is_told_beside_a_mapping_too(write, second):
    rows = (f"名称,类别,{second},经度,纬度", f"甲,图书馆,诊所,{PLACE}")
    guessed = read_facilities(write(*rows), KINDS)
    same = told(guessed)["tables.same_meaning"]
    assert same["others"] == second
    # as it was kept, and as of a list that had one column of them alone
    alone = read_facilities(write("名称,类别,经度,纬度", f"甲,图书馆,{PLACE}", name="b.csv"), KINDS)
    for kept in (guessed.mapping, alone.mapping):
        reading = read_facilities(write(*rows), KINDS, mapping=kept)
        assert reading.table["kind"].tolist() == guessed.table["kind"].tolist()
        assert told(reading)["tables.same_meaning"] == same
        assert [each.code for each in reading.findings].count("tables.same_meaning") == 1


def test_a_column_that_a_mapping_sets_aside_stays_aside(write):
    first = write("名称,类别,经度,纬度,状态", f"甲,图书馆,{PLACE},停用")
    kept = read_facilities(first, KINDS).mapping
    unread = type(kept)(**{**vars(kept), "columns": {**kept.columns, "状态": ""}})
    table = read_facilities(first, KINDS, mapping=unread).table
    assert "status" not in table


@pytest.mark.long
@pytest.mark.parametrize(("decimals", "metres"), [(2, 787), (3, 79), (4, None)])
def test_coordinates_with_few_decimals_are_told(write, decimals, metres):
    rows = [
        f"{114.9312 + n * 0.0111:.{decimals}f},{25.8513 + n * 0.0111:.{decimals}f},1"
        for n in range(6)
    ]
    reading = read_demand(write("lon,lat,population", *rows))
    found = told(reading).get("tables.coarse_coordinates")
    assert (found and found["metres"]) == metres
    few = read_demand(write("lon,lat,population", *rows[:3]))
    assert "tables.coarse_coordinates" not in told(few)


def test_a_row_of_totals_with_coordinates_is_no_home(write):
    rows = ["a,114.93001,25.85001,100", "b,114.93101,25.85001,200", "合计,114.93051,25.85001,300"]
    reading = read_demand(write("编号,经度,纬度,人口", *rows))
    assert reading.table["population"].tolist() == [100, 200]
    assert "tables.totals_left_out" in told(reading)
