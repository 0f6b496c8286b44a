"""Names that say that a place is no more, not yet, for animals or for soldiers: both doors."""

import pytest
from effort import few
from grid_town import (
    ALL,
    CLINIC,
    NOBODY,
    Files,
    covered,
    extract,
    facilities,
    finding,
    from_extract,
)

CLOSED = [
    "甲站（已并入乙站）", "甲站（合并至乙站）", "甲站（搬迁至人民路）", "甲站(停用)(东区)",
    "甲站【2019年起停用】", "甲站（维修中）", "甲站已停用", "甲站（暂停接诊）",
    "East (merged into West)", "East (closed since 2019)", "East [relocated to Mill Lane]",
]  # fmt: skip
PLANNED = [
    "甲站（待启用）", "甲站(未投入使用)", "甲站（预计2099年投用）", "甲站（尚未开放）",
    "甲站-待开业", "甲站待启用", "East (not yet open)", "East (opening 2099)",
    "East (planned for the new quarter)",
]  # fmt: skip
THERE = [
    "甲站（东区）", "甲站（周一闭馆）", "甲站（并设图书室）", "甲站（2019年启用）",
    "在建设路诊所", "甲站（建设路）", "工地路甲站", "East (closed Sundays)",
    "East (moved from West)",
]  # fmt: skip
DOUBTFUL = [
    "甲站（待拆）", "甲站（过渡用房）", "甲站（由乙丙合并）", "甲站（2099年停用）",
    "East (temporary)", "甲站（闭馆整修至2099年）", "甲站（改造）", "甲站筹建处", "甲站工地",
    "撤销的甲站", "甲站招租",
]  # fmt: skip
SOLDIERS = [
    "甲站（军队）", "某部队卫生所", "武警支队卫生所", "East Clinic (military)", "甲站（内部）",
]  # fmt: skip
OTHERS = ["解放军路诊所", "武警社区卫生服务站", "将军诊所", "Salvation Army Clinic"]


@pytest.fixture(params=["extract", "file"])
def opened(request, tmp_path):
    """Open a town whose clinics, all at one place, have these names, by either door."""

    def open_town(names, **tags):
        if request.param == "file":
            return Files(
                tmp_path, {"facilities": facilities(*[CLINIC] * len(names), name=names, **tags)}
            ).district()
        made = extract(None)
        for name in names:
            made.node(*CLINIC, amenity="clinic", name=name, **tags)
        return from_extract(made, tmp_path)

    return open_town


def by_name(town, column):
    return dict(zip(town.facilities["name"], town.facilities[column], strict=True))


@pytest.mark.long
def test_a_name_says_that_the_place_is_no_more_or_not_yet(opened):
    names = {**dict.fromkeys(CLOSED, "closed"), **dict.fromkeys(PLANNED, "planned")}
    town = opened(list(names))
    assert by_name(town, "status") == names
    assert covered(town) == NOBODY
    told = finding(town, "sources.facilities_gone")
    assert told["count"] == len(names)
    assert all(f"name={name}" in told["facilities"] for name in names)


@pytest.mark.long
def test_other_notes_close_nothing_and_those_in_doubt_are_told(opened):
    town = opened([*THERE, *DOUBTFUL])
    assert set(town.facilities["status"]) == {"existing"}
    assert covered(town) == ALL
    assert "sources.facilities_gone" not in {each.code for each in town.findings}
    told = finding(town, "sources.facilities_doubtful")
    assert told["count"] == len(DOUBTFUL)
    assert all(name in told["facilities"] for name in DOUBTFUL)


@pytest.mark.long
def test_what_is_for_soldiers_or_a_unit_by_its_name_is_internal(opened):
    town = opened([*SOLDIERS, *OTHERS])
    names = {**dict.fromkeys(SOLDIERS, "internal"), **dict.fromkeys(OTHERS, "public")}
    assert by_name(town, "ownership") == names
    told = finding(town, "sources.facilities_of_insiders")
    assert told["count"] == len(SOLDIERS)
    assert all(f"name={name}" in told["facilities"] for name in SOLDIERS)


@pytest.mark.long
@pytest.mark.parametrize(
    ("operator", "people"),
    few(
        [
            ("Bundeswehr", NOBODY),
            ("武警某支队", NOBODY),
            ("US Army", NOBODY),
            ("The Salvation Army", ALL),
        ],
        3,
    ),
)
def test_what_an_army_runs_is_not_open_to_the_public(opened, operator, people):
    town = opened(["First"], operator=operator)
    assert covered(town) == people
    codes = {each.code for each in town.findings}
    assert ("sources.facilities_of_insiders" in codes) == (people == NOBODY)


@pytest.mark.long
def test_access_lets_the_public_into_what_an_army_runs(tmp_path):
    town = from_extract(extract(operator="Bundeswehr", access="yes"), tmp_path)
    assert covered(town) == ALL


def test_who_runs_a_facility_is_asked_under_chinese_headers_too(tmp_path):
    town = Files(tmp_path, {"facilities": facilities(主办单位="某部队")}).district()
    assert covered(town) == NOBODY
    assert "operator=某部队" in finding(town, "sources.facilities_of_insiders")["facilities"]


@pytest.mark.parametrize(
    ("access", "people", "code"),
    [
        ("private", NOBODY, "sources.facilities_of_insiders"),
        ("customers; staff", ALL, None),
        ("yes", ALL, None),
        ("no", ALL, "tables.states_unread"),
    ],
)
def test_whom_a_list_with_kinds_lets_in_is_asked_or_told(tmp_path, access, people, code):
    """A plain "no" may be about steps: it is told that nobody reads it."""
    town = Files(tmp_path, {"facilities": facilities(access=access)}).district()
    assert covered(town) == people
    told = {each.code for each in town.findings}
    known = {"sources.facilities_of_insiders", "tables.states_unread"}
    assert told & known == ({code} if code else set())


@pytest.mark.long
def test_the_ownership_of_the_list_stays_and_is_told_where_the_name_says_otherwise(tmp_path):
    table = facilities(name="某部队卫生所", ownership="公立")
    town = Files(tmp_path, {"facilities": table}).district()
    assert covered(town) == ALL
    assert finding(town, "sources.insiders_stated")["count"] == 1


@pytest.mark.long
@pytest.mark.parametrize("name", ["甲诊所（宠物）", "爱心动物医院", "East Clinic (veterinary)"])
def test_a_practice_for_animals_is_no_clinic(tmp_path, name):
    both = facilities(CLINIC, (450, 500), name=[name, "远诊所"])
    town = Files(tmp_path, {"facilities": both}).district()
    assert town.facilities["name"].tolist() == ["远诊所"]
    told = finding(town, "sources.facilities_for_animals")
    assert (told["count"], name in told["facilities"]) == (1, True)
    made = extract(name=name)
    made.node(450, 500, amenity="clinic", name="远诊所")
    mapped = from_extract(made, tmp_path)
    assert mapped.facilities["name"].tolist() == ["远诊所"]
    assert finding(mapped, "sources.facilities_for_animals")["count"] == 1


@pytest.mark.long
def test_a_park_for_dogs_is_no_practice(tmp_path):
    table = facilities(CLINIC, (450, 500), name=["宠物运动公园", "诊所"], kind=["sports", "clinic"])
    town = Files(tmp_path, {"facilities": table}).district()
    assert len(town.facilities) == 2


@pytest.mark.long
def test_special_practices_of_a_list_count_and_are_told_by_name(tmp_path):
    town = Files(tmp_path, {"facilities": facilities(name="甲站（口腔）")}).district()
    assert covered(town) == ALL
    assert "甲站（口腔）" in finding(town, "sources.special_practices")["facilities"]
