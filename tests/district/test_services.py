"""Services of one cell, however they are parted."""

import pytest
from places import small_district

from planner.district.checklists import meant_services, one_service
from planner.district.services import named_services


@pytest.mark.parametrize(
    "cell",
    [
        "康复/预防",
        "康复+预防",
        "康复＋预防",
        "康复|预防",
        "康复 预防",
        "康复及预防",
        "康复以及预防",
        "康复、预防",
    ],
)
def test_services_are_parted_by_what_lists_use(cell):
    assert named_services(cell) == ["康复", "预防"]


@pytest.mark.parametrize(
    "cell", ["home care", "24/7 ward", "健康知识普及教育", "及时救护", "康 复"]
)
def test_one_service_stays_one(cell):
    assert named_services(cell) == [cell]


@pytest.mark.parametrize(
    "cell",
    ["预防接种（暂停）", "预防接种(已停止)", "预防接种（拟开展）", "预防接种(suspended since May)"],
)
def test_a_service_that_is_not_offered_now_is_none_that_is_asked_for(cell):
    asked = one_service("预防接种")
    assert asked not in meant_services(f"全科;{cell}")
    assert asked in meant_services("全科;预防接种（周三）")


@pytest.mark.parametrize("word", ["—", "不详", "N/A", " 未知 ", "－", "not stated"])
def test_a_subdistrict_that_is_not_told_is_none(word):
    district = small_district()
    communities = district.communities.assign(subdistrict=word)
    changed = district.with_layers(communities=communities)
    assert set(changed.communities["subdistrict"]) == {""}
    named = district.with_layers(communities=communities.assign(subdistrict="无锡街道"))
    assert set(named.communities["subdistrict"]) == {"无锡街道"}
