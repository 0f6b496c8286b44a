"""The largest areas beyond the limit, told before their causes: gaps are they, or parts of them."""

import pytest
from gap_towns import LIMIT, line, town

from planner.analysis.gaps.largest import largest_lacking
from planner.result import assess

CLINIC = [{"at": (0, 0)}]


@pytest.mark.long
def test_the_most_people_come_first_and_only_so_many():
    homes = [(400, 0), (1000, 0), (1600, 0), (100, 0)]
    result = assess(town(homes, CLINIC, people=[10.0, 30.0, 20.0, 5.0]), LIMIT)
    areas = largest_lacking(result, "clinic", most=2)
    assert areas["population"].tolist() == [30.0, 20.0]
    assert areas["gap_id"].tolist() == ["clinic-01", "clinic-02"]
    assert set(areas.geom_type) == {"Polygon"}
    assert "cause" not in areas


@pytest.mark.long
def test_an_area_of_two_causes_is_one_that_the_gaps_divide():
    wall = line((-100, 90), (1950, 90))
    loop = (line((2000, 0), (2000, 200)), line((2000, 200), (0, 200)))
    homes = [(x, 200) for x in range(50, 1951, 100)]
    result = assess(town(homes, CLINIC, streets=loop, barriers=[wall], people=100.0), LIMIT)
    (area,) = largest_lacking(result, "clinic").itertuples()
    gaps = result.gaps("clinic")
    assert len(gaps) == 2
    assert area.population == gaps["population"].sum()
    assert area.geometry.area == pytest.approx(gaps.geometry.area.sum())


@pytest.mark.long(but=1)
@pytest.mark.parametrize("kind", [None, "any", "several", "all"])
def test_several_kinds_have_as_many_people_as_their_gaps(kind):
    result = assess(town([(100, 0), (900, 0), (900, 300)], CLINIC), "gb50180-2018")
    areas, gaps = largest_lacking(result, kind, most=99), result.gaps(kind)
    assert areas["population"].sum() == gaps["population"].sum()
    assert areas["unknown"].sum() == gaps["unknown"].sum()


def test_where_nobody_lacks_anything_there_is_no_area():
    assert largest_lacking(assess(town([(100, 0)], CLINIC), LIMIT), "clinic").empty
