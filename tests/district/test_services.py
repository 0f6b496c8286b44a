"""Services of one cell, however they are parted."""

import pytest

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
