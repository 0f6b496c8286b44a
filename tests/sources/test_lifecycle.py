"""Facilities that are gone, shut for good or not there yet do not count, by whichever door."""

import datetime as dt

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

import planner
from planner.sources import write_district
from planner.sources.osm.lifecycle import state_of

GONE = {
    "disused": ({"disused": "yes"}, "closed"),
    "abandoned": ({"abandoned": "yes"}, "closed"),
    "prefix": ({"disused:amenity": "clinic"}, "closed"),
    "prefix of what is gone": ({"demolished:amenity": "clinic"}, "closed"),
    "to be built": ({"construction:amenity": "clinic"}, "planned"),
    "end": ({"end_date": "2019"}, "closed"),
    "end in a month": ({"end_date": "2019-03"}, "closed"),
    "start": ({"opening_date": "2999-01-01"}, "planned"),
    "hours": ({"opening_hours": "closed"}, "closed"),
    "hours off": ({"opening_hours": 'off "for good"'}, "closed"),
    "name": ({"name": "First (historical)"}, "closed"),
    "Chinese name": ({"name": "第一诊所（已拆除）"}, "closed"),
}
THERE = {
    "old house": {"historic": "building"},
    "end ahead": {"end_date": "2999"},
    "since long": {"start_date": "1850"},
    "not disused": {"disused": "no"},
    "was another": {"disused:amenity": "bank"},
    "hours": {"opening_hours": "Mo-Fr 08:00-18:00; PH off"},
}


def several(cases):
    """An extract with a clinic for each case, all at one place, and who carries which tags."""
    made = extract(None)
    nodes = {}
    for case in cases:
        tags = {"amenity": "clinic", "name": case, **tags_of(cases, case)}
        if any(":amenity" in key for key in tags) and cases is GONE:
            del tags["amenity"]
        nodes[f"node/{made.node(*CLINIC, **tags)}"] = case
    return made, nodes


def tags_of(cases, case):
    return cases[case][0] if cases is GONE else cases[case]


def as_rows(cases):
    """The same clinics as a file: columns that a row does not fill are empty."""
    keys = {key for case in cases for key in tags_of(cases, case)}
    columns = {key: [tags_of(cases, case).get(key) for case in cases] for key in keys}
    columns["name"] = [tags_of(cases, case).get("name", case) for case in cases]
    return facilities(*[CLINIC] * len(cases), **columns), dict(
        zip([f"f{n + 1}" for n in range(len(cases))], cases, strict=True)
    )


@pytest.fixture(params=["extract", "file"])
def door(request):
    return request.param


def opened(door, cases, folder):
    if door == "extract":
        made, names = several(cases)
        return from_extract(made, folder), names
    table, names = as_rows(cases)
    return Files(folder, {"facilities": table}).district(), names


@pytest.mark.long(but=1)
def test_what_is_gone_does_not_count_and_is_named(tmp_path, door):
    town, names = opened(door, GONE, tmp_path)
    status = dict(zip(town.facilities["facility_id"], town.facilities["status"], strict=True))
    assert {names[key]: state for key, state in status.items()} == {
        case: state for case, (_, state) in GONE.items()
    }
    assert covered(town) == NOBODY
    found = finding(town, "sources.facilities_gone")
    assert found["count"] == len(GONE)
    told = found["facilities"].split("; ")
    for key, case in names.items():
        (tag,) = (f"{tag}={value}" for tag, value in tags_of(GONE, case).items())
        assert any(key in each and each.endswith(tag) for each in told), case
    again = planner.read_district(write_district(town, tmp_path / "town.gpkg"))
    assert finding(again, "sources.facilities_gone") == found
    assert again.facilities["status"].tolist() == town.facilities["status"].tolist()


@pytest.mark.long
def test_what_is_there_counts(tmp_path, door):
    town, _ = opened(door, THERE, tmp_path)
    assert town.facilities["status"].tolist() == ["existing"] * len(THERE)
    assert "sources.facilities_gone" not in {f.code for f in town.findings}
    assert covered(town) == ALL


def test_something_else_that_was_at_the_place_closes_nothing(tmp_path):
    once = ["library", "clinic", "bank"]
    table = facilities(*[CLINIC] * 3, **{"disused:amenity": once})
    town = Files(tmp_path, {"facilities": table}).district()
    assert town.facilities["status"].tolist() == ["existing", "closed", "existing"]


def test_one_that_is_gone_does_not_hide_one_that_is_there(tmp_path):
    made = extract(end_date="2019")
    made.node(50, 0, amenity="clinic", name="First")
    town = from_extract(made, tmp_path)
    assert covered(town) == ALL
    assert sorted(town.facilities["status"]) == ["closed", "existing"]


@pytest.mark.long
def test_the_column_status_of_a_file_is_kept(tmp_path):
    both = facilities((50, 0), (250, 0), status=["planned", "existing"], end_date=[None, "2019"])
    town = Files(tmp_path, {"facilities": both}).district()
    assert town.facilities["status"].tolist() == ["planned", "closed"]


@pytest.mark.parametrize(
    ("tags", "day", "state"),
    [
        ({"end_date": "2026-05"}, dt.date(2026, 5, 31), "existing"),
        ({"end_date": "2026-05"}, dt.date(2026, 6, 1), "closed"),
        ({"opening_date": "2026-05"}, dt.date(2026, 4, 30), "planned"),
        ({"opening_date": "2026-05"}, dt.date(2026, 5, 1), "existing"),
    ],
)
def test_dates_hold_to_the_day(tags, day, state):
    assert state_of({"amenity": "clinic", **tags}, day).status == state


@pytest.mark.parametrize(
    ("column", "said", "status"),
    [
        ("opening_date", "43831", "existing"),
        ("end_date", "43831", "closed"),
        ("end_date", "1/1/2020", "closed"),
        ("opening_date", "01.01.2999", "planned"),
        ("opening_date", "Jan 2999", "planned"),
        ("end_date", "2999年1月", "existing"),
    ],
)
def test_dates_in_the_forms_of_spreadsheets_count(column, said, status):
    assert state_of({"amenity": "clinic", column: said}, dt.date(2026, 5, 1)).status == status


def test_a_date_that_cannot_be_read_is_told_with_its_row(tmp_path):
    table = facilities((50, 0), (450, 0)).assign(end_date=["soon", "2999"])
    told = finding(Files(tmp_path, {"facilities": table}).district(), "sources.dates_unread")
    assert (told["column"], told["count"], told["words"]) == ("end_date", 1, "soon")


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("header", "cell", "status"),
    few(
        [
            ("停用日期", "2020-01-01", "closed"),
            ("关闭时间", "2020年1月", "closed"),
            ("date closed", "2020-01-01", "closed"),
            ("启用日期", "2999-01-01", "planned"),
            ("建成时间", "2999年", "planned"),
            ("竣工日期", "2019-05", "existing"),
        ],
        4,
    ),
)
def test_dates_under_the_headers_of_bureaux_count(tmp_path, header, cell, status):
    table = facilities((50, 0), (450, 0)).assign(**{header: [cell, ""]})
    town = Files(tmp_path, {"facilities": table}).district()
    assert town.facilities["status"].tolist() == [status, "existing"]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("东湖诊所（已停业）", "closed"),
        ("东湖诊所(暂停营业)", "closed"),
        ("东湖诊所（歇业）", "closed"),
        ("东湖诊所（已搬）", "closed"),
        ("东湖诊所（装修中）", "closed"),
        ("东湖诊所【停用】", "closed"),
        ("东湖诊所-停用", "closed"),
        ("东湖诊所（停诊）", "closed"),
        ("东湖诊所（撤并）", "closed"),
        ("东湖诊所（老址）", "closed"),
        ("东湖诊所_拟建", "planned"),
        ("东湖诊所（即将开业）", "planned"),
        ("东湖诊所（选址中）", "planned"),
        ("Saint-Former", "existing"),
        ("东湖-停用路诊所", "existing"),
        ("East Clinic - permanently closed", "closed"),
        ("East Clinic (temporarily closed)", "closed"),
        ("East Clinic - under construction", "planned"),
        ("东湖诊所（未启用）", "planned"),
        ("East Clinic (north)", "existing"),
        ("East - West Clinic", "existing"),
        ("Closed Circuit Clinic", "existing"),
        ("停用路诊所（新）", "existing"),
    ],
)
def test_what_is_shut_or_to_come_is_told_by_the_end_of_a_name(name, status):
    assert state_of({"amenity": "clinic", "name": name}, dt.date(2026, 5, 1)).status == status


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ({"end_date": "before 2010"}, "closed"),
        ({"end_date": "~2010"}, "closed"),
        ({"end_date": "early 2010"}, "closed"),
        ({"end_date": "C20"}, "closed"),
        ({"end_date": "Dec 2015"}, "closed"),
        ({"end_date": "after 2096"}, "existing"),
        ({"start_date": "mid 2096"}, "planned"),
        ({"start_date": "after 2096"}, "planned"),
        ({"start_date": "C22"}, "planned"),
        ({"start_date": "C19"}, "existing"),
        ({"opening_hours": "Mo-Su off"}, "closed"),
        ({"opening_hours": "Mo-Su,PH off"}, "closed"),
        ({"opening_hours": "PH off"}, "existing"),
        ({"opening_hours": "Su off"}, "existing"),
        ({"opening_hours": "2096+"}, "planned"),
        ({"opening_hours": "2020+"}, "existing"),
        ({"opening_hours": "2020 Jan 01-2020 Dec 31"}, "closed"),
        ({"opening_hours": "2029 Mo-Fr 10:00-12:00"}, "planned"),
        ({"opening_hours": "Mo-Fr 08:00-18:00; 2026 Dec 24 off"}, "existing"),
        ({"opening_hours": "Mo-Fr 08:00-18:00; 2024 Jan 01-2030 Dec 31 off"}, "closed"),
        ({"opening_hours": "Mo-Fr 08:00-18:00; 2020 Mar 01-2021 Jun 30 off"}, "existing"),
        ({"opening_hours": "2025 off"}, "existing"),
        ({"operational_status": "non_functional"}, "closed"),
        ({"operational_status": "Not operational"}, "closed"),
        ({"operational_status": "operational"}, "existing"),
        ({"operational_status": "proposed"}, "planned"),
        ({"closed": "yes"}, "closed"),
        ({"closed": "Mo"}, "existing"),
        ({"permanently_closed": "yes"}, "closed"),
        ({"vacant": "yes"}, "closed"),
        ({"damage": "collapsed"}, "closed"),
        ({"damage": "minor"}, "existing"),
        ({"not:amenity": "clinic"}, "closed"),
        ({"not:amenity": "bank"}, "existing"),
        ({"mobile": "yes"}, "closed"),
    ],
)
def test_other_words_for_what_is_not_there(tags, status):
    told = {"amenity": "clinic", "name": "A", **tags}
    assert state_of(told, dt.date(2026, 5, 1)).status == status


@pytest.mark.parametrize(
    ("building", "status"),
    [("construction", "planned"), ("ruins", "closed"), ("yes", "existing"), ("", "existing")],
)
def test_a_building_not_there_yet_or_in_ruins_holds_no_facility(building, status):
    tags = {"amenity": "clinic", "building": building}
    assert state_of(tags, dt.date(2026, 5, 1)).status == status


def test_what_is_for_students_is_not_the_publics():
    from planner.sources.osm.insiders import is_internal

    assert [is_internal(word) for word in ("students", "pupils", "yes")] == [True, True, False]
