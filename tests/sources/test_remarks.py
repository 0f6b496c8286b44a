"""What lists say in free words of facilities and streets puts these in doubt, and is told."""

import pytest
from grid_town import ALL, CLINIC, Files, covered, facilities, finding, streets

from planner.sources.tables.words.name_notes import name_in_doubt
from planner.sources.tables.words.remarks import facility_in_doubt, street_in_doubt

DOUBTED = [
    "已搬迁至中山路", "迁至中山路12号", "搬迁中", "2024年起暂停营业", "正在装修，暂不开放",
    "装修中", "暂未开放", "未运营", "筹备中", "预计2099年投入使用", "2099年建成", "与东风站合并",
    "危房，已封闭", "空置", "不对外", "仅限本单位", "仅供本小区业主使用", "仅周三开放",
    "每月仅开放一天", "逢集开放", "因道路改造停业", "24小时开放，2023年已拆除", "已并入西门站",
    "closed in 2023", "moved to Main St", "not open yet", "under renovation until 2027",
    "staff only", "open once a week", "not open to the public", "Wed only", "merged with East",
    "closed for renovation", "temporarily closed", "房屋到期，现搬至隔壁",
]  # fmt: skip
CERTAIN = [
    "24小时开放", "原名东风站", "已装修完成", "2019年装修", "2019年建成", "周一闭馆",
    "周一至周五开放", "周日不开放", "17:00关闭", "北门关闭", "一楼装修中", "从未停业",
    "未关闭", "停业后已恢复营业", "封闭式管理", "拆迁安置小区内", "扶贫搬迁安置点",
    "2015年搬迁至现址", "由甲乙两站合并而成", "不存在安全隐患", "医疗废弃物有专人收",
    "办理户口注销", "预计服务人口2000人", "规划用地面积500平方米", "在建设路口", "利用闲置用房",
    "数据仅供内部使用", "每周消毒两次", "每月义诊一次", "内部设有电梯", "对外开放", "招待所旁",
    "围墙已拆除", "未建档", "靠近在建地铁", "门口正在施工",
    "closed on Sundays", "North gate closed", "Mon-Fri only",
    "reopened after it had closed in 2020", "parking for staff only", "planned maintenance",
    "moved to its present site in 1990", "renovated in 2019",
]  # fmt: skip
SHUT_STREETS = [
    "施工封闭，行人不得通行", "断头路", "禁止行人通行", "禁止机动车和行人通行", "未通车",
    "尚未贯通", "小区内部道路", "小区内部路", "道路施工中", "规划道路，未建", "no pedestrians",
    "closed until 2027", "private road", "not yet open",
]  # fmt: skip
OPEN_STREETS = [
    "施工已完成", "施工单位：市政公司", "禁止货车通行", "机动车禁止通行，行人可通行", "夜间封闭",
    "已打通断头路", "封闭式管理", "不通公交", "2019年通车", "与规划一路相交", "closed to cars",
    "closed on Sundays", "paved in 2019",
]  # fmt: skip


@pytest.mark.parametrize("text", DOUBTED)
def test_a_remark_that_a_facility_may_not_count_is_known(text):
    assert facility_in_doubt(text)


@pytest.mark.parametrize("text", CERTAIN)
def test_a_remark_of_something_else_puts_no_facility_in_doubt(text):
    assert not facility_in_doubt(text)


@pytest.mark.parametrize("text", SHUT_STREETS)
def test_a_remark_that_nobody_walks_on_a_street_is_known(text):
    assert street_in_doubt(text)


@pytest.mark.parametrize("text", OPEN_STREETS)
def test_a_remark_of_something_else_puts_no_street_in_doubt(text):
    assert not street_in_doubt(text)


@pytest.mark.parametrize(
    ("name", "doubted"),
    [
        ("规划甲卫生站", True), ("甲卫生站拟选址", True), ("甲卫生站（迁建中）", True),
        ("甲卫生站*停业", True), ("原甲卫生站", True), ("规划展览馆", False),
        ("规划一路卫生站", False), ("规划局", False), ("原平市图书馆", False),
        ("原州区卫生站", False), ("甲卫生站", False),
    ],
)  # fmt: skip
def test_names_of_what_is_planned_or_was_there_are_in_doubt(name, doubted):
    assert name_in_doubt(name) == doubted


@pytest.mark.parametrize(
    "column", ["备注", "说明", "情况说明", "描述", "运行情况", "remarks", "comment"]
)
def test_a_remark_of_a_list_is_told_by_name_column_and_words_and_counts(tmp_path, column):
    cells = ["搬迁中", "24小时开放"]
    listed = facilities(CLINIC, CLINIC, name=["甲站", "乙站"], **{column: cells})
    town = Files(tmp_path, {"facilities": listed}).district()
    assert covered(town) == ALL
    told = finding(town, "sources.facilities_doubtful")
    assert told["count"] == 1
    assert told["facilities"].startswith("甲站 (")
    assert told["facilities"].endswith(f"{column}=搬迁中")


@pytest.mark.parametrize("word", ["已停业", "已搬迁", "停业"])
def test_a_whole_cell_of_a_known_word_is_told_once_by_its_column(tmp_path, word):
    listed = facilities(CLINIC, name=["甲站"], 备注=[word])
    town = Files(tmp_path, {"facilities": listed}).district()
    assert finding(town, "tables.states_unread")["columns"] == "备注"
    assert "sources.facilities_doubtful" not in {each.code for each in town.findings}


def test_a_column_of_addresses_or_duties_holds_no_remarks(tmp_path):
    listed = facilities(CLINIC, name=["甲站"], 地址=["搬迁中路1号"], 服务内容=["户籍注销"])
    codes = {each.code for each in Files(tmp_path, {"facilities": listed}).district().findings}
    assert "sources.facilities_doubtful" not in codes


def test_what_a_street_says_of_cars_is_no_remark(tmp_path):
    roads = streets()
    roads["motor_vehicle"] = "private"
    codes = {each.code for each in Files(tmp_path, {"streets": roads}).district().findings}
    assert "sources.streets_doubtful" not in codes


def test_remarks_of_streets_that_nobody_may_walk_are_told_by_name_and_row(tmp_path):
    roads = streets()
    roads["name"] = [f"路{i}" for i in range(len(roads))]
    roads["备注"] = ["施工封闭，行人不得通行", "施工已完成", *[""] * (len(roads) - 2)]
    town = Files(tmp_path, {"streets": roads}).district()
    told = finding(town, "sources.streets_doubtful")
    assert told["count"] == 1
    assert told["facilities"].startswith("路0 (")
    assert told["facilities"].endswith("备注=施工封闭，行人不得通行")
