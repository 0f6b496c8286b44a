"""A column that nobody reads and whose words shut rows is told, whatever it is called."""

import pandas as pd
import pytest

from planner.sources.tables.guessing import guess_columns, with_new_columns
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.unread.counts import unread_counts
from planner.sources.tables.unread.groups import unread_groups
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.unread.states import unread_states


def codes(notes):
    return [each.code for each in notes]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("layer", "header", "cells"),
    [
        ("facilities", "备注", ["", "已关闭"]),
        ("facilities", "是否停用", ["否", "是"]),
        ("facilities", "对外开放", ["是", "不开放"]),
        ("facilities", "是否运营", ["是", "否"]),
        ("facilities", "note", ["under construction", ""]),
        ("facilities", "是否存在", ["否", "是"]),
        ("facilities", "是否有效", ["无效", "有效"]),
        ("facilities", "是否有效", [0, 1]),
        ("facilities", "enabled", [False, True]),
        ("facilities", "opening_year", ["2098", ""]),
        ("facilities", "planned_opening", ["2098", ""]),
        ("facilities", "opens", ["2098-05", ""]),
        ("facilities", "commissioned", ["2098", ""]),
        ("facilities", "expected_completion", ["2098-05", ""]),
        ("facilities", "in_service", ["2098", ""]),
        ("facilities", "预计开放", ["2098年5月", ""]),
        ("facilities", "计划投用", ["2098", ""]),
        ("facilities", "closed_year", ["2015", ""]),
        ("facilities", "year_closed", ["2015", ""]),
        ("facilities", "closure", ["2015", ""]),
        ("facilities", "搬迁时间", ["2015-03", ""]),
        ("facilities", "existing", ["no", ""]),
        ("facilities", "停办日期", ["2019", ""]),
        ("facilities", "有效期至", ["2019-12-31", "2098-12-31"]),
        ("facilities", "许可证有效期", ["2018-01-01至2020-12-31", ""]),
        ("facilities", "valid_to", ["2019-12-31", ""]),
        ("facilities", "经营状态", ["吊销", ""]),
        ("facilities", "business_status", ["CLOSED_PERMANENTLY", "OPERATIONAL"]),
        ("facilities", "is_deleted", [1, 0]),
        ("facilities", "del_flag", ["1", "0"]),
        ("facilities", "删除标志", [1, 0]),
        ("facilities", "审核状态", ["未通过", "通过"]),
        ("facilities", "项目状态", ["立项", ""]),
        ("facilities", "建设方式", ["规划新增", ""]),
        ("facilities", "年份", ["2098", "2015"]),
        ("facilities", "建设时序", ["2096-2099年", ""]),
        ("facilities", "开放对象", ["内部职工", "居民"]),
        ("streets", "AR_PEDEST", ["N", "Y"]),
        ("streets", "WALK", [0, 1]),
        ("streets", "Ped_allow", ["0", "1"]),
        ("streets", "foot_allowed", ["false", "true"]),
        ("streets", "是否允许行人", ["否", "是"]),
        ("streets", "人行", ["不可", ""]),
        ("streets", "通车年份", ["2098", "2010"]),
        ("streets", "规划年限", ["远期", ""]),
        ("streets", "实施状态", ["未实施", ""]),
        ("streets", "code", [5111, 5122]),
        ("streets", "FC", [1, 4]),
        ("streets", "名目", ["高速公路", "支路"]),
        ("streets", "kind2", ["motorway", "residential"]),
        ("streets", "MTFCC", ["S1100", "S1400"]),
        ("streets", "备注", ["规划道路", ""]),
        ("streets", "是否封闭", ["是", "否"]),
        ("streets", "PRIVATE", ["Y", "N"]),
        ("streets", "可步行性好", ["否", "是"]),
        ("candidates", "是否可用", ["否", "是"]),
        ("candidates", "available", ["no", "yes"]),
        ("candidates", "可用年份", ["2099", "2020"]),
        ("candidates", "备选状态", ["已出让", ""]),
        ("candidates", "类别", ["图书馆", ""]),
        ("candidates", "use", ["library", ""]),
        ("gates", "closed", ["yes", "no"]),
        ("gates", "备注", ["常闭", ""]),
        ("communities", "状态", ["已撤销", "正常"]),
        ("communities", "备注", ["2019年并入南门社区", ""]),
        ("communities", "撤销时间", ["2019-05", ""]),
        ("demand", "备注", ["已拆除", ""]),
        ("demand", "是否空置", ["是", "否"]),
        ("demand", "是否入住", ["否", "是"]),
        ("demand", "建成年份", ["2098", "2001"]),
        ("totals", "状态", ["撤并", ""]),
        ("demand", "用途", ["商业", "住宅"]),
        ("demand", "building_use", ["office", "apartments"]),
        ("homes", "status", ["demolished", "existing"]),
    ],
)
def test_a_column_that_would_shut_rows_is_told(layer, header, cells):
    notes = unread_states(Sheet(layer, pd.DataFrame({header: cells}), [], "a.csv"))
    rows = layer in ("communities", "demand", "totals", "homes")
    assert codes(notes) == ["tables.rows_unread" if rows else "tables.states_unread"]
    assert notes[0].params["columns"] == header


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("layer", "header", "cells"),
    [
        ("facilities", "是否停用", ["否", "否"]),
        ("facilities", "是否运营", ["是", "是"]),
        ("facilities", "节假日开放", ["是", "否"]),
        ("facilities", "有无电梯", ["有", "无"]),
        ("facilities", "opens", ["08:00", "08:00"]),
        ("facilities", "closes", ["17:00", "17:00"]),
        ("facilities", "closed", ["no", "no"]),
        ("facilities", "预计投资", ["2098", "2098"]),
        ("facilities", "in_service", ["2015", "2015"]),
        ("facilities", "existing", ["yes", "yes"]),
        ("facilities", "年服务人次", ["2098", "2015"]),
        ("facilities", "有效期至", ["2098-12-31", "长期"]),
        ("facilities", "租赁到期时间", ["2098-01-01", ""]),
        ("facilities", "年份", ["2015", "2020年"]),
        ("facilities", "存在问题", ["否", ""]),
        ("facilities", "服务对象", ["老年人", ""]),
        ("streets", "bicycle", ["no", "yes"]),
        ("streets", "sidewalk", ["no", "both"]),
        ("streets", "人行道", ["无", "有"]),
        ("streets", "code", [5122, 5153]),
        ("streets", "建成年份", ["1998", "2010"]),
        ("streets", "motor_vehicle", ["private", "no"]),
        ("streets", "lit", ["no", "yes"]),
        ("streets", "机动车通行", ["否", "是"]),
        ("candidates", "状态", ["规划", ""]),
        ("demand", "备注", ["已关闭", ""]),
        ("demand", "用途", ["商住", "学生宿舍"]),
        ("demand", "地址", ["拆迁安置小区3栋", "未拆除的老楼"]),
        ("communities", "是否封闭小区", ["是", "否"]),
        ("communities", "valid_to", ["2098-12-31", ""]),
        ("totals", "状态", ["正常", "现状"]),
    ],
)
def test_what_shuts_nothing_is_not_told(layer, header, cells):
    assert not unread_states(Sheet(layer, pd.DataFrame({header: cells}), [], "a.csv"))


def test_a_code_beside_the_word_of_a_class_is_not_told():
    body = pd.DataFrame({"fclass": ["motorway", "primary"], "code": [5111, 5113]})
    assert not unread_states(Sheet("streets", body, ["fclass"], "a.csv"))
    assert unread_states(Sheet("streets", body, [], "a.csv"))


def test_the_reader_of_headers_tells_it_and_not_of_what_it_reads():
    body = pd.DataFrame({"名称": ["a", "b"], "状态": ["规划", "在用"], "说明": ["停用", ""]})
    notes = guess_columns(body, "facilities", "a.csv")[1]
    told = [each for each in notes if each.code == "tables.states_unread"]
    assert [each.params["columns"] for each in told] == ["说明"]


def test_a_newer_list_with_such_a_column_is_told():
    mapping = TableMapping("facilities", columns={"名称": "name"})
    body = pd.DataFrame({"名称": ["a", "b"], "说明": ["停用", ""]})
    assert codes(with_new_columns(mapping, body, "a.csv")[1]) == ["tables.states_unread"]


@pytest.mark.parametrize(
    ("layer", "header", "role"),
    [
        ("streets", "type", "highway"),
        ("streets", "类型", "highway"),
        ("streets", "road_class", "highway"),
        ("facilities", "建设情况", "status"),
        ("gates", "开放情况", "open"),
        ("candidates", "估算造价(万元)", "cost"),
        ("candidates", "适用设施", "kinds"),
    ],
)
def test_everyday_headers_of_classes_and_states_are_read(layer, header, role):
    cell = {"streets": "motorway", "candidates": "12"}.get(layer, "关闭")
    cells = pd.DataFrame({header: [cell]})
    assert guess_columns(cells, layer, "a.csv")[0].columns[header] == role


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("状态", ["已拆除", "现状"], True),
        ("status", ["demolished", ""], True),
        ("construction", ["yes", ""], True),
        ("end_date", ["2019", ""], True),
        ("地下", ["是", "否"], True),
        ("layer", ["-1", "0"], True),
        ("layer", ["1", "0"], True),
        ("height", [0.2, 2.0], True),
        ("高度", ["1.8", "2.0"], False),
        ("layer", ["0", ""], False),
        ("tunnel", ["yes", "no"], False),
        ("bridge", ["yes", "no"], False),
        ("status", ["existing", ""], False),
    ],
)
def test_barriers_that_bar_nobody_are_told(header, cells, said):
    notes = unread_states(Sheet("barriers", pd.DataFrame({header: cells}), [], "a.csv"))
    assert codes(notes) == ["tables.barriers_unread"] * said


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("备注", "在建", True),
        ("备注", "已并入和平社区", True),
        ("备注", "在建设路5号", False),
        ("地址", "拟建路3号", False),
        ("备注", "由A、B两村撤并而成", False),
        ("备注", "由东村并入", False),
        ("备注", "空置率低", False),
        ("name", "Vacant Lot Road", False),
    ],
)
def test_words_of_addresses_and_histories_say_nothing_of_a_community(header, cell, said):
    body = pd.DataFrame({header: [cell, ""]})
    notes = unread_states(Sheet("communities", body, [], "a.csv"))
    assert codes(notes) == ["tables.rows_unread"] * said


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("营业至", "2019-12-31", True),
        ("开放截止日期", "2019年", True),
        ("营业至", "22:00", False),
        ("营业至", "2099-12-31", False),
    ],
)
def test_until_when_a_facility_is_open_is_told_where_that_is_past(header, cell, said):
    notes = unread_states(Sheet("facilities", pd.DataFrame({header: [cell, ""]}), [], "a.csv"))
    assert codes(notes) == ["tables.states_unread"] * said


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"开门时间": "8:00", "关门时间": "18:00"}, ["开门时间, 关门时间"]),
        ({"上午": "8:00-12:00", "下午": "14：00-17：30"}, ["上午, 下午"]),
        ({"opens": "8 am", "closes": "6 pm"}, ["opens, closes"]),
        ({"更新时间": "2024-01-01 10:00"}, []),
        ({"电话": "0797-8123456"}, []),
        ({"开放时间": "8:00-18:00", "夜间": "18:00-20:00"}, []),
    ],
)
def test_hours_in_several_columns_are_told(columns, told):
    body = pd.DataFrame(
        {"名称": ["a", "b"], **{name: [cell, ""] for name, cell in columns.items()}}
    )
    notes = guess_columns(body, "facilities", "a.csv")[1]
    found = [each.params["columns"] for each in notes if each.code == "tables.hours_unread"]
    assert found == told


@pytest.mark.parametrize("header", ["年租金(万元)", "单价(元/平方米)", "annual rent"])
def test_money_that_is_no_price_of_a_site_is_told_alone_too(header):
    body = pd.DataFrame({"名称": ["a", "b"], header: ["12", "5"], "经度": [1, 2], "纬度": [1, 2]})
    notes = guess_columns(body, "candidates", "a.csv")[1]
    found = [each.params["columns"] for each in notes if each.code == "tables.prices_unread"]
    assert found == [header]


def test_a_year_of_the_last_century_ends_a_facility():
    body = pd.DataFrame({"停办日期": ["1998-05", ""]})
    assert codes(unread_states(Sheet("facilities", body, [], "a.csv"))) == ["tables.states_unread"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("休息日", True),
        ("周末是否开放", True),
        ("closed days", True),
        ("周末开放时间", False),
        ("电话", False),
    ],
)
def test_days_beside_hours_are_told(header, said):
    body = pd.DataFrame({"名称": ["a", "b"], "开放时间": ["9:00-17:00"] * 2, header: ["周一", ""]})
    notes = guess_columns(body, "facilities", "a.csv")[1]
    told = [each.params["columns"] for each in notes if each.code == "tables.days_unread"]
    assert told == [header] * said
    without = body.drop(columns="开放时间")
    assert "tables.days_unread" not in codes(guess_columns(without, "facilities", "a.csv")[1])
    assert "tables.days_unread" not in codes(
        guess_columns(body.assign(**{header: ""}), "facilities", "a.csv")[1]
    )


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("土地费用(万元)", ["500", "40"], True),
        ("annual rent", [12, 5], True),
        ("土地费用(万元)", ["", ""], False),
        ("费用来源", ["区财政", "街道"], False),
        ("备注", ["5", "6"], False),
    ],
)
def test_other_money_beside_the_price_of_sites_is_told(header, cells, said):
    body = pd.DataFrame({"造价": ["120", "90"], header: cells, "经度": [1, 2], "纬度": [1, 2]})
    told = [
        f for f in guess_columns(body, "candidates", "a.csv")[1] if f.code == "tables.money_unread"
    ]
    assert [each.params["columns"] for each in told] == [header] * said


def test_a_group_that_is_called_as_ours_counts_and_is_not_told_as_unread():
    body = pd.DataFrame({"pop_0_17": ["1", "2"], "60岁以上": ["1", "2"]})
    (note,) = unread_groups(Sheet("demand", body, [], "a.csv"))
    assert note.params["columns"] == "60岁以上"
    assert not unread_groups(Sheet("demand", body[["pop_0_17"]], [], "a.csv"))


def test_a_row_that_stands_for_no_facility_or_for_several_is_told():
    body = pd.DataFrame({"类别": ["诊所"] * 4, "数量": ["0", 1, "2 ", ""]})
    (note,) = unread_counts(Sheet("facilities", body, ["类别"], "a.csv"))
    assert (note.params["none"], note.params["several"]) == (1, 1)
    assert not unread_counts(Sheet("facilities", body, ["类别", "数量"], "a.csv"))
    assert not unread_counts(Sheet("facilities", body.assign(数量=1), ["类别"], "a.csv"))
    assert not unread_counts(Sheet("demand", body, ["类别"], "a.csv"))


@pytest.mark.parametrize("header", ["可建", "是否可建", "buildable", "适宜建设"])
def test_sites_that_cannot_be_built_on_are_told(header):
    notes = unread_states(Sheet("candidates", pd.DataFrame({header: ["否", "是"]}), [], "a.csv"))
    assert codes(notes) == ["tables.states_unread"]


@pytest.mark.parametrize(
    ("column", "headers"),
    [
        (
            "forbidden",
            ["禁止", "禁止建设", "不可建", "排除", "已占用", "excluded", "not_available"],
        ),
        ("required", ["必须", "是否必建", "must"]),
    ],
)
def test_headers_of_sites_are_known(column, headers):
    for header in headers:
        assert known_columns("candidates", [header]) == {header: column}
