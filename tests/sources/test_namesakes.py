"""One facility in two lists that place it far apart is told, whatever its ids."""

import pytest
from grid_town import Files, extract, facilities, finding, from_extract

from planner.sources import from_files

CODE = "district.facilities_apart"


def town(folder, names, kinds="clinic", **columns):
    spots = [(50 + 400 * (n % 2), 500 * (n // 2)) for n in range(len(names))]
    table = facilities(*spots, name=names, kind=kinds, **columns)
    return Files(folder, {"facilities": table}).district()


def codes(district):
    return {each.code for each in district.findings}


def test_one_facility_of_two_lists_far_apart_is_told_by_name_and_distance(tmp_path):
    files = Files(tmp_path)
    health = files.written(
        "health", facilities((50, 0), facility_id="h1", name="幸福社区卫生服务站")
    )
    civil = facilities((450, 0), facility_id="m9", name="章贡区幸福社区卫生服务站 ")
    lists = [health, files.written("civil", civil)]
    district = from_files("Grid", **{**files.paths(), "facilities": lists})
    told = finding(district, CODE)
    assert (told["count"], told["metres"]) == (1, 100)
    assert told["names"] == "幸福社区卫生服务站 (h1, m9: 400 m)"
    assert len(district.open_facilities()) == 2


@pytest.mark.long
def test_one_facility_mapped_twice_far_apart_is_told(tmp_path):
    made = extract(name="Mill Lane Surgery")
    made.node(450, 500, amenity="doctors", name="Mill lane surgery")
    assert finding(from_extract(made, tmp_path), CODE)["count"] == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (["卫生室", "卫生室"], "clinic"),
        (["社区文化活动中心", "社区文化活动中心"], "cultural_centre"),
        (["Public Library", "Public Library"], "library"),
        (["City Shop", "City Shop"], "convenience_outlet"),
        (["幸福诊所", "幸福诊所"], ["clinic", "library"]),
        (["城关镇幸福卫生站", "解放镇幸福卫生站"], "clinic"),
        (["Happy Care 1", "Happy Care 2"], "clinic"),
        (["Happy Gym"] * 4, "sports"),
        (["", ""], "clinic"),
    ],
)
def test_usual_names_chains_and_different_ones_are_not_told(tmp_path, names, kinds):
    assert CODE not in codes(town(tmp_path, names, kinds))


@pytest.mark.long
def test_what_does_not_count_is_no_second_one(tmp_path):
    names = ["幸福诊所", "幸福诊所（停用）"]
    assert CODE not in codes(town(tmp_path, names))
    assert CODE not in codes(town(tmp_path, ["幸福诊所"] * 2, ownership=["public", "internal"]))
    assert CODE in codes(town(tmp_path, ["幸福诊所"] * 2))


@pytest.mark.long
def test_it_is_told_anew_once_facilities_change(tmp_path):
    district = town(tmp_path, ["幸福诊所"] * 2)
    facilities_now = district.facilities.assign(status=["existing", "closed"])
    assert CODE in codes(district)
    assert CODE not in codes(district.with_layers(facilities=facilities_now))


@pytest.mark.long
@pytest.mark.parametrize(
    ("names", "metres", "told"),
    [
        (["幸福社区卫生服务站"] * 2, 4, "幸福社区卫生服务站 (f1, f2: 4 m)"),
        (["甲卫生站", "甲卫生站"], 4, "甲卫生站 (f1, f2: 4 m)"),
        (["幸福社区卫生服务站", "和平社区卫生服务站"], 4, None),
        (["幸福社区卫生服务站", ""], 4, None),
        (["幸福社区卫生服务站"] * 2, 120, None),
    ],
)
def test_one_facility_listed_twice_a_few_metres_apart_is_told(tmp_path, names, metres, told):
    table = facilities((50, 0), (50 + metres, 0), facility_id=["f1", "f2"], name=names)
    found = {
        each.code: each.params
        for each in Files(tmp_path, {"facilities": table}).district().findings
    }
    assert found.get("district.facilities_near", {}).get("names") == told
