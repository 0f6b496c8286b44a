"""Tables as a bureau has them: titles, totals, units, powers for codes, odd places, workbooks."""

import datetime as dt
from dataclasses import replace
from io import BytesIO

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import xlsxwriter
from places import CRS, X, Y

from planner.district import Kind, builtin_kinds, known_kinds
from planner.errors import InputError
from planner.sources import read_boundaries, read_demand, read_facilities
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.headers.headers import read_header
from planner.sources.tables.headers.units import header_factor
from planner.sources.tables.kept_mappings import read_mappings, write_mappings
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import STRICT, Allowance, SetAside, parse_allowance
from planner.sources.tables.sheets import told_of_all_sheets
from planner.sources.tables.values.coordinates import angle
from planner.sources.tables.values.figures import figure, figures
from planner.sources.tables.words.hours import plain_hours

KINDS = builtin_kinds()


@pytest.fixture
def table(tmp_path):
    def write(text, name="a.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def workbook(path, **sheets):
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def codes(reading):
    return [finding.code for finding in reading.findings]


# ---- where the table is


def test_titles_merged_cells_totals_and_the_sheet_of_a_workbook(tmp_path):
    rows = [
        ["章贡区养老设施一览表（2024年）"],
        ["制表：民政局"],
        ["设施名称", "类别", "坐标", "", "面积(㎡)"],
        ["", "", "经度", "纬度", ""],
        ["甲", "图书馆", 114.93, 25.85, "约120平方米"],
        ["乙", "图书馆", 114.94, 25.86, "1,200"],
        ["合计", "", "", "", 1320],
    ]
    path = workbook(tmp_path / "list.xlsx", 说明=[["填表说明"]], 设施=rows)
    reading = read_facilities(path, KINDS)
    assert reading.table["name"].tolist() == ["甲", "乙"]
    assert reading.table["floor_area_m2"].tolist() == [120, 1200]
    assert reading.table["facility_id"].tolist() == ["5", "6"]
    assert (reading.mapping.sheet, reading.mapping.header_row) == ("设施", 3)
    told = {finding.code: finding.params for finding in reading.findings}
    assert told["tables.sheet_chosen"]["layers"] == "说明"
    assert told["tables.totals_left_out"]["rows"] == "7"
    assert told["tables.about_figures"]["value"] == "约120平方米"
    with pytest.raises(InputError, match=r"no layer '无'. Its layers: 说明, 设施"):
        read_facilities(path, KINDS, layer="无")


def test_the_sheet_that_a_mapping_names_is_told_where_there_are_others(tmp_path):
    """A newer workbook keeps the sheet of the year before, and last year's mapping names it."""
    head, places = ["设施名称", "类别", "经度", "纬度"], [["甲", "图书馆", 114.93, 25.85]]
    old = read_facilities(workbook(tmp_path / "2024.xlsx", **{"2024": [head, *places]}), KINDS)
    assert "tables.sheet_chosen" not in codes(old)
    newer = [head, *places, ["乙", "图书馆", 114.94, 25.86]]
    path = workbook(tmp_path / "2025.xlsx", **{"2025": newer, "2024": [head, *places]})
    again = read_facilities(path, KINDS, mapping=old.mapping)
    assert again.table["name"].tolist() == ["甲"]
    told = {finding.code: finding.params for finding in again.findings}
    assert told["tables.sheet_chosen"]["layer"] == "2024"
    assert told["tables.sheet_chosen"]["layers"] == "2025"


def test_of_two_sheets_that_were_read_neither_is_told_as_unread(tmp_path):
    rows = [["设施名称", "类别", "经度", "纬度"], ["甲", "图书馆", 114.93, 25.85]]
    path = workbook(tmp_path / "list.xlsx", 一=rows, 二=rows, 三=rows)
    readings = [read_facilities(path, KINDS, layer=sheet) for sheet in ("一", "二", "三")]
    said = [finding for reading in readings[:2] for finding in reading.findings]
    told = [f.params for f in told_of_all_sheets(said) if f.code == "tables.sheet_chosen"]
    assert [(each["layer"], each["layers"]) for each in told] == [("一", "三"), ("二", "三")]
    said += readings[2].findings
    assert "tables.sheet_chosen" not in {finding.code for finding in told_of_all_sheets(said)}


@pytest.mark.parametrize("names", [["旧表"], ["dropdown"], ["旧表", "dropdown"]])
def test_a_hidden_sheet_of_the_layer_is_told_and_a_list_of_words_is_not(tmp_path, names):
    rows = [["设施名称", "类别", "经度", "纬度"], ["甲", "图书馆", 114.93, 25.85]]
    hidden = {"旧表": rows, "dropdown": [["图书馆"], ["文化站"]]}
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, cells in {"设施": rows, **{name: hidden[name] for name in names}}.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
    reading = read_facilities(path, KINDS)
    assert reading.table["name"].tolist() == ["甲"]
    told = [x.params["layers"] for x in reading.findings if x.code == "tables.sheets_hidden"]
    assert told == (["旧表"] if "旧表" in names else [])
    named = read_facilities(path, KINDS, mapping=reading.mapping)
    assert "tables.sheets_hidden" not in {x.code for x in named.findings}


@pytest.mark.parametrize(
    "below",
    [
        ["制表人：张三,,,,"],
        ["制表人：张三,,审核：李四,,填表日期：2025-3-1"],
        [",,,,", "单位（盖章）,,,,", "备注：1.不含在建项目,,,,", "2.坐标为 WGS84,,,,"],
        ["填报单位,区卫健局,,,"],
        ["Prepared by: Li,,,,", "Date: 3 May 2025,,,,"],
    ],
)
def test_lines_below_a_table_are_told_and_no_facilities(table, below):
    head = "设施名称,类别,经度(WGS84),纬度(WGS84),备注"
    rows = [
        head,
        "甲,图书馆,114.93,25.85,备注：在用",
        "乙,图书馆,114.94,25.86,",
        "合计,,2,,",
        *below,
    ]
    reading = read_facilities(table("\n".join(rows)), KINDS, allowance=STRICT)
    assert reading.table["name"].tolist() == ["甲", "乙"]
    told = {finding.code: finding.params for finding in reading.findings}
    assert told["tables.closing_left_out"]["count"] == sum(bool(line.strip(",")) for line in below)
    assert told["tables.totals_left_out"]["rows"] == "4"


def test_a_facility_called_like_a_closing_line_stays(table):
    rows = "设施名称,类别,经度(WGS84),纬度(WGS84)\n甲,图书馆,114.93,25.85\n说明,图书馆,114.94,25.86"
    assert len(read_facilities(table(rows), KINDS).table) == 2


def test_a_number_of_a_workbook_is_a_code_and_a_time_is_one(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "经度", "纬度", "人口", "更新"])
        sheet.write_row(1, 0, [360702001001, 114.93, 25.85, 12])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, 4, dt.datetime(2024, 5, 6), day)
    row = read_demand(path).table.iloc[0]
    assert (row["demand_id"], row["population"], row["更新"]) == ("360702001001", 12, "2024-05-06")


def test_what_is_no_workbook_says_what_it_is(tmp_path):
    for text, message in (
        ("<html><table><tr><td>1</td></tr></table></html>", "is a web page"),
        ("lon,lat\n1,2\n", "cannot be read as a workbook"),
    ):
        path = tmp_path / "a.xls"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=message):
            read_demand(path)


def test_a_first_line_of_the_separator_and_a_bar(table):
    text = "sep=|\nid|lon|lat|population\n1|114|25|5\n"
    reading = read_demand(table(text))
    assert reading.mapping.separator == "|"
    assert reading.mapping.header_row == 2


# ---- figures


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("约120平方米", "floor_area_m2", 120),
        ("1.2万", "population", 12_000),
        ("3.5万人", "population", 35_000),
        ("50床", "capacity", 50),
        ("1200余人", "population", 1200),
        ("２亩", "floor_area_m2", 4000 / 3),
        ("120万元", "cost", 120),
        ("5000元", "cost", 0.5),
        ("1,234.5 m²", "floor_area_m2", 1234.5),
    ],
)
def test_figures_with_units_and_words(text, column, value):
    assert figure(text, column)[0] == pytest.approx(value)


@pytest.mark.parametrize(
    ("header", "cell", "unit"),
    [
        ("床位数", "36", "床"),
        ("beds", "36", "beds"),
        ("number of seats", "36", "seats"),
        ("学位", "36", "学位"),
        ("服务能力", "36张", "张"),
        ("服务能力", "36床", "床"),
        ("服务能力", "36人次/日", None),
        ("服务人数", "36", None),
        ("床位数", "", None),
    ],
)
def test_beds_and_seats_as_a_capacity_are_told(header, cell, unit):
    aside = SetAside("a.csv", total=2)
    values, findings = figures(pd.Series([cell, cell]), "capacity", aside, header=header)
    assert values.tolist() == pytest.approx([36.0] * 2 if cell else [float("nan")] * 2, nan_ok=True)
    told = [each.params["unit"] for each in findings if each.code == "tables.capacity_of_rooms"]
    assert told == ([unit] if unit else [])


@pytest.mark.parametrize("text", ["50床", "12-15", "一百二十", "1,23", "12 34", "0x10", "1e999"])
def test_what_is_no_figure_of_residents(text):
    assert figure(text, "population") is None


def test_units_in_headers_and_decimal_commas(table):
    reading = read_demand(table("lon;lat;人口（万人）\n114,931;25,8512;1,25\n114,94;25,86;0,5\n"))
    assert reading.table["population"].tolist() == [12_500, 5_000]
    assert reading.table.geometry.x.tolist() == [114.931, 114.94]
    assert codes(reading) == ["tables.decimal_comma", "tables.unit_of_header"]
    plain = read_demand(table('lon,lat,人口\n114.931,25.8512,"1,234"\n'))
    assert plain.table["population"].tolist() == [1234]


def test_headers_say_units_datums_and_are_cut():
    assert header_factor("面积(亩)", "floor_area_m2") == pytest.approx(2000 / 3)
    assert read_header("纬度_bd09").datum == "bd09"
    assert known_columns("facilities", ["bd_lon", "lng", "wgs84_lng"]) == {"wgs84_lng": "lon"}
    assert known_columns("demand", ["常住人", "65岁以"], cut=True) == {
        "常住人": "population",
        "65岁以": "pop_65plus",
    }
    assert known_columns("demand", ["常住人"]) == {}


def test_a_column_of_words_under_a_header_of_figures_is_carried_along(table):
    text = "name,kind,area,lon,lat\na,clinic,north,114,25\nb,clinic,south,114,26\n"
    reading = read_facilities(table(text), KINDS)
    assert reading.table["area"].tolist() == ["north", "south"]
    assert "tables.columns_of_words" in codes(reading)


# ---- ids


def test_codes_of_powers_are_put_together_or_refused(table):
    whole = read_demand(table("编号,经度,纬度,人口\n3.60702001001E+11,114,25,5\n"))
    assert whole.table["demand_id"].tolist() == ["360702001001"]
    assert codes(whole) == ["tables.ids_of_powers"]
    with pytest.raises(InputError, match="has lost digits"):
        read_demand(table("编号,经度,纬度,人口\n3.60702E+11,114,25,5\n3.60703E+11,114,25,5\n"))


# ---- places


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("114°55'50.5\"E", 114.93069444),
        ("东经114度55分50.5秒", 114.93069444),
        ("W 114°30′", -114.5),
        ("114 55 50.5", 114.93069444),
        ("114-55-50.5", 114.93069444),
    ],
)
def test_degrees_minutes_seconds(text, degrees):
    assert angle(text) == pytest.approx(degrees)


@pytest.mark.parametrize("text", ["114°61′", "1 14", "赣江", "13800138000"])
def test_what_is_no_angle(text):
    assert angle(text) is None


@pytest.mark.long
@pytest.mark.parametrize(
    "place",
    ["114.93,25.83", "114.93，25.83", "(114.93 25.83)", "25.83;114.93", "POINT (114.93 25.83)"],
)
def test_a_pair_in_one_cell(table, place):
    spot = read_demand(table(f'坐标,人口\n"{place}",5\n')).table.geometry.iloc[0]
    assert (spot.x, spot.y) == (114.93, 25.83)


def test_latitude_first_where_the_header_says_so(table):
    spot = read_demand(table('latlng,population\n"45.5,9.2",5\n')).table.geometry.iloc[0]
    assert (spot.x, spot.y) == (9.2, 45.5)


def test_survey_axes_and_zone_numbers(table):
    east, north = 493_000.5, 2_860_000.25
    turned = read_demand(table(f"X,Y,人口\n{north},{east},5\n"), crs="EPSG:4547")
    assert turned.table.geometry.iloc[0].coords[0] == (east, north)
    assert codes(turned) == ["tables.north_first"]
    prefixed = read_demand(table(f"X,Y,人口\n{north},{38_000_000 + east},5\n"))
    assert prefixed.table.crs.to_epsg() == 4526
    assert codes(prefixed) == ["tables.north_first", "tables.zone_guessed"]
    stripped = read_demand(table(f"X,Y,人口\n{38_000_000 + east},{north},5\n"), crs="EPSG:4547")
    assert stripped.table.geometry.iloc[0].coords[0] == (east, north)
    assert codes(stripped) == ["tables.zone_prefix"]
    with pytest.raises(InputError, match="begin with the zone 39"):
        read_demand(table(f"X,Y,人口\n{39_000_000 + east},{north},5\n"), crs="EPSG:4547")


def test_metres_beyond_their_system_set_the_row_aside(table):
    path = table("X,Y,人口\n493000,2860000,5\n500000,38500000000,5\n")
    reading = read_demand(path, crs="EPSG:4547", allowance=Allowance(rows=1))
    assert len(reading.table) == 1
    assert [(row.row, row.reason.code) for row in reading.set_aside] == [(3, "tables.not_in_crs")]


def test_a_datum_of_a_column_that_is_not_used_is_not_taken(table):
    reading = read_demand(table("gcj02_lng,X,Y,人口\n1,493000,2860000,5\n"), crs="EPSG:4547")
    assert reading.mapping.datum == ""
    assert reading.table.geometry.iloc[0].coords[0] == (493000, 2860000)


def test_communities_from_a_table_with_well_known_text(table):
    text = '社区名称,所属街道,wkt\n甲,乙街道,"POLYGON ((114 25, 115 25, 115 26, 114 26, 114 25))"\n'
    reading = read_boundaries(table(text))
    assert shapely.area(reading.table.geometry.iloc[0]) == 1
    assert reading.table["subdistrict"].tolist() == ["乙街道"]


def test_well_known_text_that_is_none_or_endless_sets_its_row_aside(table):
    rows = ["POINT (114 25)", "POINT (nan nan)", "POINT EMPTY", "POINT (1", "inf", ""]
    text = "人口,wkt\n" + "".join(f'5,"{row}"\n' for row in rows)
    reading = read_demand(table(text), allowance=Allowance(percent=90))
    assert len(reading.table) == 1
    assert [row.row for row in reading.set_aside] == [3, 4, 5, 6, 7]
    assert {row.reason.code for row in reading.set_aside} == {
        "tables.not_a_place",
        "sources.missing_value",
    }


# ---- rows that do not fit


def many(bad):
    rows = [f"{n},114.{n:03d},25,5" for n in range(1, 101)]
    return "id,lon,lat,population\n" + "\n".join([*rows, *bad]) + "\n"


def test_rows_that_do_not_fit_are_set_aside_and_told(table):
    path = table(many(["x,,25,5", "y,114,25,many", "1,114,25,5"]))
    reading = read_demand(path)
    assert len(reading.table) == 100
    assert [(row.row, row.column, row.value, row.reason.code) for row in reading.set_aside] == [
        (102, "lon", "", "sources.missing_value"),
        (103, "population", "many", "sources.not_a_number"),
        (104, "id", "1", "sources.duplicate_id"),
    ]
    (told,) = [f for f in reading.findings if f.code == "tables.set_aside"]
    assert (told.params["count"], told.params["total"], told.params["rows"]) == (
        3,
        103,
        "102, 103, 104",
    )
    with pytest.raises(InputError, match="row 102, column lon: the cell is empty"):
        read_demand(path, allowance=STRICT)
    with pytest.raises(InputError, match=r"3 of 103 rows do not fit, and up to 2 may be"):
        read_demand(path, allowance=Allowance(rows=2))


@pytest.mark.long
def test_what_a_row_set_aside_counts_is_told(table, tmp_path):
    rows = "\n".join(f"h{n},115,25.8,10" for n in range(40))
    reading = read_demand(table(f"编号,经度,纬度,人口\nx,999,25.8,200\n{rows}\n"))
    (told,) = [f for f in reading.findings if f.code == "tables.set_aside_demand"]
    assert (told.params["count"], told.params["percent"]) == (1, 33.3)
    shapes = [shapely.MultiPoint([(115, 25.8), (115, 25.81)]), *[shapely.Point(115, 25.8)] * 40]
    frame = gpd.GeoDataFrame({"population": [200, *[10] * 40]}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "a.gpkg")
    reading = read_demand(tmp_path / "a.gpkg")
    (told,) = [f for f in reading.findings if f.code == "tables.set_aside_demand"]
    assert told.params["percent"] == 33.3
    few = read_demand(table(f"编号,经度,纬度,人口\nx,999,25.8,0\n{rows}\n"))
    assert "tables.set_aside_demand" not in codes(few)


def test_map_rows_without_a_place_are_set_aside(tmp_path):
    shapes = [shapely.Point(X + n, Y) for n in range(40)]
    shapes[7], shapes[8] = None, shapely.LineString([(X, Y), (X, Y + 1)])
    layer = gpd.GeoDataFrame({"population": [1.0] * 40}, geometry=shapes, crs=CRS)
    layer.to_file(tmp_path / "a.gpkg")
    reading = read_demand(tmp_path / "a.gpkg", allowance=parse_allowance("10%"))
    assert len(reading.table) == 38
    assert [(row.row, row.reason.code) for row in reading.set_aside] == [
        (8, "sources.empty_geometry"),
        (9, "sources.wrong_geometry"),
    ]


@pytest.mark.parametrize("text", ["many", "-1", "101%", "1.5", ""])
def test_what_is_no_allowance(text):
    with pytest.raises(InputError):
        parse_allowance(text)


# ---- words


LIST = """名称,类别,状态,性质,服务时间,经度,纬度
解放街道党群服务中心,党群服务中心,在用,公办,周一至周五 8:30-17:30,114.1,25
东街社区党群服务中心,党群服务中心,在用,民办,24小时,114.2,25
东街社区养老服务驿站,养老服务驿站,停用,公办,,114.3,25
东街图书馆,图书馆,在建,,另行通知,114.4,25
"""


def test_words_tell_kinds_levels_states_and_hours(table):
    reading = read_facilities(table(LIST), KINDS)
    found = reading.table
    assert found["kind"].tolist() == [
        "service_centre",
        "service_station",
        "elderly_care",
        "library",
    ]
    assert found["status"].tolist() == ["existing", "existing", "closed", "planned"]
    assert found["ownership"].tolist() == ["public", "partner", "public", ""]
    assert found["opening_hours"].tolist() == ["Mo-Fr 08:30-17:30", "24/7", "", "另行通知"]
    assert found["opening_hours_text"].tolist()[:2] == ["周一至周五 8:30-17:30", "24小时"]
    assert found["kind_text"].tolist()[0] == "党群服务中心"
    assert {(w.word, w.kind, w.count) for w in reading.words} == {
        ("党群服务中心", "service_centre", 1),
        ("党群服务中心", "service_station", 1),
        ("养老服务驿站", "elderly_care", 1),
        ("图书馆", "library", 1),
    }
    assert "tables.hours_not_understood" in codes(reading)


def test_names_tell_kinds_where_there_is_no_category(table):
    reading = read_facilities(table("名称,经度,纬度\n东街社区警务室,114,25\n"), KINDS)
    assert reading.table["kind"].tolist() == ["police_room"]
    assert "tables.kinds_of_names" in codes(reading)


def test_words_in_doubt_are_asked_and_can_be_told(table):
    path = table("名称,类别,经度,纬度\na,党群服务中心,114,25\nb,咖啡馆,114,26\nc,图书馆,114,27\n")
    with pytest.raises(InputError, match=r"党群服务中心 → service_centre/service_station \(1\)"):
        read_facilities(path, KINDS)
    told = {"党群服务中心": "service_station", "咖啡馆": ""}
    reading = read_facilities(path, KINDS, kind_words=told, allowance=Allowance(rows=1))
    assert reading.table["kind"].tolist() == ["service_station", "library"]
    assert [row.reason.code for row in reading.set_aside] == ["tables.word_set_aside"]
    assert reading.mapping.kind_words == told
    with pytest.raises(InputError, match="Unknown facility kind 'spaceport'"):
        read_facilities(path, KINDS, kind_words={"咖啡馆": "spaceport"})


def test_a_kinds_file_of_ones_own_goes_before_the_words_that_ship(table):
    path = table("名称,类别,经度,纬度\na,养老院,114,25\nb,图书馆,114,26\n")
    kinds = KINDS | {"home": Kind("home", "Old people's home", "敬老机构", poi=("养老院",))}
    assert read_facilities(path, kinds).table["kind"].tolist() == ["home", "library"]
    with pytest.raises(InputError, match="may be one of several kinds"):
        read_facilities(path, KINDS)


def test_words_of_kinds_that_are_not_asked_for_say_so(table):
    path = table("名称,类别,经度,纬度\na,小学,114,25\nb,图书馆,114,26\n")
    with pytest.raises(InputError, match="Add it with --kinds everyday"):
        read_facilities(path, KINDS)
    assert read_facilities(path, known_kinds()).table["kind"].tolist() == ["school", "library"]


def test_a_layer_that_is_turned_by_its_mapping_stays_so(tmp_path):
    layer = gpd.GeoDataFrame({"人口": [5]}, geometry=[shapely.Point(25.83, 84.93)], crs=4326)
    layer.to_file(tmp_path / "a.gpkg")
    mapping = replace(read_demand(tmp_path / "a.gpkg").mapping, turned=True)
    found = read_demand(tmp_path / "a.gpkg", mapping=mapping)
    assert found.table.geometry.iloc[0].coords[0] == (84.93, 25.83)
    assert found.table["population"].tolist() == [5]


@pytest.mark.long
def test_the_outline_of_an_area_may_be_long(table):
    ring = ", ".join(f"{114 + n * 1e-6:.9f} 25" for n in range(9000))
    text = f'名称,wkt\n甲,"POLYGON ((114 25, {ring}, 115 26, 114 25))"\n'
    assert len(read_boundaries(table(text)).table) == 1


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("每天（周一除外）9:00-17:00", "Tu-Su 09:00-17:00; Mo off"),
        ("除周一外每天9:00-17:00", "Tu-Su 09:00-17:00; Mo off"),
        ("周一至周五 每天 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("周一至周五上午8:00-12:00，周一至周五下午2:00-6:00", "Mo-Fr 08:00-12:00,14:00-18:00"),
        (
            "每天8:00-12:00，周一至周五14:00-17:00",
            "Mo-Fr 08:00-12:00,14:00-17:00; Sa-Su 08:00-12:00",
        ),
        ("9:00～17:00 周一至周六；周日 9:00～12:00", "Mo-Sa 09:00-17:00; Su 09:00-12:00"),
        ("早8点至晚12点", "08:00-24:00"),
        ("晚上6点-12点", "18:00-24:00"),
        ("上午9点至中午1点", "09:00-13:00"),
        ("夜间20:00-6:00", "20:00-06:00"),
        ("20:00-次日6:00", "20:00-06:00"),
        ("每周二、四 14:00-17:00", "Tu,Th 14:00-17:00"),
        ("周一至周五9:00-17:00（节假日除外）", "Mo-Fr 09:00-17:00; PH off"),
        ("周一至周五 9:00-5:00", None),
        ("8:30-12:00 2:30-5:30", "08:30-12:00,14:30-17:30"),
        ("周一至周日 8:30-17:30，周六 9:00-12:00", None),
        ("8:00-18:00（周末9:00-16:00）", None),
    ],
)
def test_hours_in_chinese_are_right_or_not_understood(words, hours):
    assert plain_hours(words) == hours


def test_each_reading_of_hours_is_told(table):
    path = table("名称,类别,开放时间,经度,纬度\na,图书馆,每天9-17点,114,25\nb,图书馆,全天,114,26\n")
    told = {finding.code: finding.params for finding in read_facilities(path, KINDS).findings}
    assert told["tables.hours_of_words"]["cases"] == "全天 → 24/7"
    assert told["tables.hours_not_understood"]["value"] == "每天9-17点"


def test_about_takes_no_unit_from_its_header(table):
    path = table("经度,纬度,人口(万人)\n114,25,1.2\n114,26,约2\n114,27,3万\n")
    assert read_demand(path).table["population"].tolist() == [12000, 20000, 30000]


@pytest.mark.parametrize("header", ["人口(户)", "人口(%)", "人口(㎡)"])
def test_a_column_of_people_counts_nothing_else(table, header):
    with pytest.raises(InputError, match="counts in"):
        read_demand(table(f"经度,纬度,{header}\n114,25,12\n"))


def test_households_under_people_are_no_people(table):
    path = table("经度,纬度,人口,户数\n114,25,1200户,400户\n114,26,90,30\n114,27,80,20\n")
    reading = read_demand(path, allowance=Allowance(rows=1))
    assert reading.table["population"].tolist() == [90, 80]
    assert [row.column for row in reading.set_aside] == ["人口"]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("1.234", "900"), "maybe"),
        (("1.234", "2.5"), ""),  # two decimals beside three are decimals
        (("1.234", "900.000"), "all"),  # three decimals everywhere, or thousands
        (("1.234", "900.000", "0.512"), ""),  # below 1 nothing parts thousands
        (("1.234", "1900.000"), ""),
        (("１．２３４", "900"), "maybe"),
        (("1234", "900"), ""),
        (("1,234", "900"), ""),  # read as a thousand
    ],
)
def test_a_point_that_may_part_thousands_is_told(table, cells, told):
    rows = "".join(f'11{n}.1234567,25,"{cell}"\n' for n, cell in enumerate(cells))
    reading = read_demand(table(f"经度,纬度,人口\n{rows}"))
    found = {finding.code: finding.params for finding in reading.findings}
    codes = [code for code in ("maybe", "all") if f"tables.{code}_thousands" in found]
    assert codes == ([told] if told else [])
    if told:
        assert found[f"tables.{told}_thousands"]["value"] == "1.234"
    wan = read_demand(table("经度,纬度,人口(万人)\n114,25,1.234\n114,26,2\n"))
    assert "tables.maybe_thousands" not in {finding.code for finding in wan.findings}


def test_headers_of_sites_that_must_not_be_chosen():
    for word in ("禁用", "不可选", "是否禁用"):
        assert known_columns("candidates", [word]) == {word: "forbidden"}


def test_units_that_are_not_known_and_columns_that_mean_the_same_are_told(table):
    path = table("经度,纬度,人口(2020),常住人口,65岁以上人口(%)\n114,25,900,100,18.5\n")
    reading = read_demand(path)
    told = {finding.code: finding.params for finding in reading.findings}
    assert reading.table["population"].tolist() == [100]
    assert told["tables.same_meaning"]["others"] == "人口(2020)"
    assert told["tables.group_not_read"]["unit"] == "%"
    assert "pop_65plus" not in reading.table
    unknown = {
        f.code: f.params for f in read_demand(table("经度,纬度,人口(打)\n114,25,9\n")).findings
    }
    assert unknown["tables.unit_not_known"]["unit"] == "打"


def test_letters_at_a_pair_say_which_is_north(table):
    path = table('坐标,人口\n"47.14N, 9.52E",5\n"9.53E 47.15N",6\n')
    found = read_demand(path).table.geometry
    assert found.x.tolist() == [9.52, 9.53]
    assert found.y.tolist() == [47.14, 47.15]


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("8:30-12:00；14:30-18:00", "08:30-12:00,14:30-18:00"),
        ("8:30-12:00;14:30-18:00", "08:30-12:00,14:30-18:00"),
        ("Mo-Fr 08:30-12:00; Mo-Fr 14:30-18:00", "Mo-Fr 08:30-12:00,14:30-18:00"),
        ("Mo-Fr 08:30-12:00; 14:30-18:00", "Mo-Fr 08:30-12:00,14:30-18:00"),
        ("周一至周五 8:30-12:00；14:30-18:00", "Mo-Fr 08:30-12:00,14:30-18:00"),
        (
            "周一至周五8:30-12:00；14:30-18:00；周六9:00-11:00",
            "Mo-Fr 08:30-12:00,14:30-18:00; Sa 09:00-11:00",
        ),
        ("周一休息；9:00-17:00", "Tu-Su 09:00-17:00; Mo off"),
        ("8:30-12:00,2:30-6:00", "08:30-12:00,14:30-18:00"),
        ("08:00-11:30;01:30-05:00", "08:00-11:30,13:30-17:00"),
        ("周一至周五 8:30-12:00，2:30-6:00", "Mo-Fr 08:30-12:00,14:30-18:00"),
        # a clock of twelve hours that nobody can tell
        ("9:00-5:00", None),
        ("09:00-05:00", None),
        ("9:00-2:00", None),
        ("Mo-Fr 9:00-5:00", None),
        ("2:30-6:00", None),
        # as they stand: other days, nights, what is not only hours
        ("08:00-18:00; Sa 08:00-12:00", "08:00-18:00; Sa 08:00-12:00"),
        ("Mo-Su 08:00-18:00; We off", "Mo-Su 08:00-18:00; We off"),
        ("18:00-02:00", "18:00-02:00"),
        ("07:00-02:00", "07:00-02:00"),
        ("09:00-02:00", "09:00-02:00"),
        ("Mo-Fr 09:00-02:00; Sa 10:00-03:00", "Mo-Fr 09:00-02:00; Sa 10:00-03:00"),
        ("00:00-06:00,06:00-24:00", "00:00-06:00,06:00-24:00"),
        ("20:00-24:00; Sa 08:00-12:00", "20:00-24:00; Sa 08:00-12:00"),
        ("Apr-Oct 08:00-12:00; Nov-Mar 14:00-18:00", "Apr-Oct 08:00-12:00; Nov-Mar 14:00-18:00"),
    ],
)
def test_hours_of_lists_are_read_as_they_are_meant(words, hours):
    assert plain_hours(words) == hours


def test_valid_hours_that_can_hardly_be_meant_count_as_unknown_and_are_told(table):
    rows = "a,图书馆,9:00-5:00,114,25\nb,图书馆,9:00-17:00,114,26\n"
    reading = read_facilities(table(f"名称,类别,开放时间,经度,纬度\n{rows}"), KINDS)
    assert reading.table["opening_hours"].tolist() == ["", "9:00-17:00"]
    assert reading.table["opening_hours_text"].tolist() == ["9:00-5:00", ""]
    assert "tables.hours_not_understood" in codes(reading)
    assert "tables.hours_of_words" not in codes(reading)


def test_hours_that_are_not_understood_stay_as_they_are():
    assert plain_hours("夏季8:00-12:00") is None
    assert plain_hours("Mo-Fr 08:00-18:00; PH off") == "Mo-Fr 08:00-18:00; PH off"


# ---- the mapping


def test_a_mapping_is_kept_and_used_for_the_next_file_of_the_same_shape(table, tmp_path):
    first = table("点位,东,北,人数\na,114,25,5\n")
    with pytest.raises(InputError, match="no coordinates"):
        read_demand(first)
    columns = {"点位": "demand_id", "东": "lon", "北": "lat", "人数": "population"}
    mapping = TableMapping("demand", header_row=1, columns=columns)
    write_mappings(tmp_path / "kept.json", {"demand": mapping})
    kept = read_mappings(tmp_path / "kept.json")
    assert kept == {"demand": mapping}
    later = table("2025年点位表,,,\n点位,东,北,人数\nb,114,25,6\n", "b.csv")
    reading = read_demand(later, mapping=kept["demand"])
    assert reading.table["demand_id"].tolist() == ["b"]
    with pytest.raises(InputError, match="lacks columns that the mapping names: 东, 北"):
        read_demand(table("点位,x,人数\na,114,5\n", "c.csv"), mapping=mapping)


@pytest.mark.parametrize(
    "change",
    [
        {"columns": {"a": "spaceship"}},
        {"columns": {"a": "lon", "b": "lon"}},
        {"decimal": "x"},
        {"datum": "moon"},
    ],
)
def test_a_mapping_of_nonsense_is_refused(change):
    with pytest.raises(InputError):
        TableMapping("demand", **change)


def test_a_file_of_mappings_that_is_none_is_refused(tmp_path):
    path = tmp_path / "kept.json"
    for text in ("{}", "[1]", '{"format": "planner-mappings", "version": 1, "files": {"a": 1}}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="no file of mappings"):
            read_mappings(path)


def test_a_workbook_in_memory_is_what_the_guard_sees(tmp_path):
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("a").write_row(0, 0, ["lon", "lat", "population"])
        book.get_worksheet_by_name("a").write_row(1, 0, [114, 25, 5])
    path = tmp_path / "a.et"
    path.write_bytes(content.getvalue())
    assert len(read_demand(path).table) == 1


@pytest.mark.parametrize("word", ["待核实", "不明", "?", "缺", "TBD", "–", "to be confirmed"])
def test_a_figure_that_is_not_known_sets_no_facility_aside(tmp_path, word):
    file = tmp_path / "a.csv"
    rows = ["lon,lat,kind,name,capacity", f"115,25,clinic,A,{word}", "115.01,25,clinic,B,10"]
    file.write_text("\n".join(rows), encoding="utf-8")
    read = read_facilities(file, KINDS)
    assert read.table["name"].tolist() == ["A", "B"]
    assert read.table["capacity"].isna().tolist() == [True, False]
    # a word that tells nothing of a state is asked all the same, and no facility counts by it
    file.write_text(f"lon,lat,kind,name,status\n115,25,clinic,A,{word}\n", encoding="utf-8")
    with pytest.raises(InputError, match="does not tell whether the facility is in use"):
        read_facilities(file, KINDS)


def test_of_two_columns_of_one_meaning_the_empty_one_is_passed_over(tmp_path):
    """A program adds a name of its own to a KML file, and leaves it empty."""
    rows = {"名称": ["甲诊所", "乙书屋"], "类别": ["卫生站", "图书馆"]}
    points = [shapely.Point(114.93, 25.85), shapely.Point(114.94, 25.86)]
    path = tmp_path / "list.kml"
    gpd.GeoDataFrame(rows, geometry=points, crs=4326).to_file(path, driver="KML")
    reading = read_facilities(path, KINDS)
    assert reading.table["name"].tolist() == rows["名称"]
    # where no other means the same, an empty column stays what it is called
    assert (
        read_facilities(
            workbook(
                tmp_path / "bare.xlsx",
                表=[["设施名称", "类别", "经度", "纬度"], ["", "图书馆", 114.93, 25.85]],
            ),
            KINDS,
        ).mapping.columns["设施名称"]
        == "name"
    )
