"""What lists say in free words of their rows puts these in doubt, and is told."""

import pytest
from effort import few
from grid_town import (
    ALL,
    CLINIC,
    Files,
    covered,
    facilities,
    finding,
    frame,
    line,
    point,
    streets,
)

from planner.sources.tables.words.name_notes import name_in_doubt
from planner.sources.tables.words.remarks import (
    barrier_in_doubt,
    facility_in_doubt,
    gate_in_doubt,
    gate_of_hours,
    site_in_doubt,
    street_in_doubt,
)

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


@pytest.mark.long
@pytest.mark.parametrize(
    "column", few(["备注", "说明", "情况说明", "描述", "运行情况", "remarks", "comment"], 3)
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


@pytest.mark.long(but=1)
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


SHUT_GATES = [
    "已封闭", "仅限业主", "大门常年上锁", "长期关闭", "已停用", "刷卡进出", "消防通道，仅应急使用",
    "行人禁止通行", "仅限机动车通行", "暂不开放", "尚未启用", "已砌死", "仅供师生", "北门已封堵",
    "permanently closed", "residents only", "closed since 2020", "locked", "private", "no entry",
    "fire exit", "vehicles only", "key required", "blocked off",
]  # fmt: skip
OPEN_GATES = [
    "封闭式管理小区", "全封闭小区", "24小时开放", "禁止货车通行", "机动车禁止通行，行人可通行",
    "未上锁", "从不关闭", "门卫值守", "人行门", "禁止停车", "居民主要出入口", "已取消门禁",
    "夜间关闭", "6:00-22:00", "main entrance", "never locked", "closed to cars", "unlocked",
    "open to pedestrians only", "closed at night",
]  # fmt: skip
GATES_OF_HOURS = [
    "夜间关闭", "6:00-22:00开放", "22点后锁门", "仅上下学开放", "6时至22时", "locked at night",
]  # fmt: skip
GATES_OF_ALL_DAY = ["24小时开放", "全天开放", "2024-05-01 10:00更新", "夜间有路灯", "主入口"]
DOUBTED_SITES = [
    "已另作他用", "已建成住宅", "位于河道内", "权属有争议", "已出让给开发商", "被菜场占用",
    "现为住宅", "处于行洪区", "在生态保护红线内", "不宜建设", "不具备建设条件", "尚未征收",
    "居民反对", "选址已否决", "地块已开工", "存在地质灾害隐患", "占用基本农田",
    "sold", "sold in 2021", "under water", "in dispute", "occupied", "no longer available",
    "cannot be built on", "owner refuses", "contaminated", "leased until 2040",
]  # fmt: skip
CERTAIN_SITES = [
    "建成后移交社区", "封闭式管理小区", "权属清晰", "无权属争议", "位于河道北侧", "河道旁",
    "不在河道管理范围", "不涉及生态红线", "已建成区内", "已建小区旁", "可征用", "未被占用",
    "争议已解决", "土地已征收完成", "建筑已建成20年", "闲置厂房", "退让道路红线5米", "用地规模充足",
    "规划为公服用地", "出让条件要求配建", "位于保护区外", "一楼出租", "政府储备用地",
    "unsold", "near the river", "not in dispute", "never flooded", "vacant", "for sale",
    "owned by the city", "not occupied",
]  # fmt: skip
DOUBTED_BARRIERS = [
    "规划河道", "围墙已拆除", "拟建", "已填埋", "暗渠", "可步行通过", "有缺口", "季节性河流",
    "planned", "demolished", "culverted", "dry", "crossable",
]  # fmt: skip
CERTAIN_BARRIERS = [
    "规划局提供", "规划资料显示", "未拆除", "不可通行", "禁止通行", "通航河道", "没有缺口",
    "建设路旁", "拆除重建", "铁路干线", "never dry", "not crossable", "river",
]  # fmt: skip


@pytest.mark.parametrize(
    ("doubts", "texts", "doubted"),
    [
        (gate_in_doubt, SHUT_GATES, True), (gate_in_doubt, OPEN_GATES, False),
        (gate_of_hours, GATES_OF_HOURS, True), (gate_of_hours, GATES_OF_ALL_DAY, False),
        (site_in_doubt, DOUBTED_SITES, True), (site_in_doubt, CERTAIN_SITES, False),
        (barrier_in_doubt, DOUBTED_BARRIERS, True), (barrier_in_doubt, CERTAIN_BARRIERS, False),
    ],
)  # fmt: skip
def test_remarks_of_gates_sites_and_barriers_are_known_and_others_are_not(doubts, texts, doubted):
    assert [text for text in texts if doubts(text) != doubted] == []


def gates(**columns):
    names = ["东门", "西门"]
    return frame([point(5, 0), point(105, 0)], gate_id=["g1", "g2"], name=names, **columns)


@pytest.mark.long
@pytest.mark.parametrize("word", ["已封闭", "仅限业主", "residents only"])
def test_remarks_of_gates_are_told_by_name_and_row_where_they_count_as_open(tmp_path, word):
    listed = gates(open=["yes", "no"], 备注=[word, word])
    town = Files(tmp_path, {"gates": listed}).district()
    told = finding(town, "sources.gates_doubtful")
    assert told["count"] == 1
    assert told["facilities"] == f"东门 (1): 备注={word}"
    assert town.gates["open"].tolist() == [True, False]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("column", ["开放时间", "opening_hours", "备注"])
def test_hours_of_gates_are_told_with_how_they_count(tmp_path, column):
    listed = gates(open=["yes", "no"], **{column: ["06:00-22:00", "6:00-18:00"]})
    town = Files(tmp_path, {"gates": listed}).district()
    told = finding(town, "sources.gates_of_hours")
    assert (told["count"], told["open"], told["shut"]) == (2, 1, 1)
    assert told["facilities"] == f"东门 (1): {column}=06:00-22:00; 西门 (2): {column}=6:00-18:00"


@pytest.mark.long(but=1)
@pytest.mark.parametrize("text", few(["24小时", "24/7", "全天开放", "00:00-24:00", ""], 3))
def test_gates_that_are_open_all_day_have_no_hours_to_tell(tmp_path, text):
    listed = gates(open=["yes", "yes"], 开放时间=[text, text])
    codes = {each.code for each in Files(tmp_path, {"gates": listed}).district().findings}
    assert "sources.gates_of_hours" not in codes


def test_hours_of_streets_are_told(tmp_path):
    roads = streets()
    roads["opening_hours"] = ["06:00-22:00", "24/7", *[""] * (len(roads) - 2)]
    told = finding(Files(tmp_path, {"streets": roads}).district(), "sources.streets_of_hours")
    assert told["facilities"] == "S0 (1): opening_hours=06:00-22:00"


@pytest.mark.long(but=1)
@pytest.mark.parametrize("word", ["已另作他用", "已建成住宅", "位于河道内", "权属有争议"])
def test_remarks_of_sites_are_told_where_they_may_be_chosen(tmp_path, word):
    sites = frame(
        [point(50, 0), point(150, 0), point(250, 0)],
        candidate_id=["s1", "s2", "s3"],
        forbidden=["no", "yes", "no"],
        备注=[word, word, "建成后移交社区"],
    )
    town = Files(tmp_path, {"candidates": sites}).district()
    told = finding(town, "sources.candidates_doubtful")
    assert told["facilities"] == f"1: 备注={word}"


def test_remarks_of_barriers_are_told(tmp_path):
    walls = frame(
        [line((0, 55), (90, 55)), line((0, 155), (90, 155))],
        kind=["river", "river"],
        备注=["规划河道", "通航河道"],
    )
    town = Files(tmp_path, {"barriers": walls}).district()
    assert finding(town, "sources.barriers_doubtful")["facilities"] == "1: 备注=规划河道"
