"""What tables of residents may be misread for: signs of percent, namesakes, units, small cells."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.errors import InputError
from planner.sources import Residents
from planner.sources.population import growth_tables
from planner.sources.population.cells import cells_within, read_cells
from planner.sources.population.groups import add_groups, parse_rate
from planner.sources.population.growth import factors, grown_areas
from planner.sources.population.totals import read_totals
from planner.sources.tables.frames import frame

CRS = "EPSG:32650"


def communities():
    return gpd.GeoDataFrame(
        {
            "community_id": ["A", "B"],
            "name": ["和平社区", "东社区"],
            "subdistrict": ["水南街道", "水南街道"],
        },
        geometry=[shapely.box(0, 0, 500, 500), shapely.box(500, 0, 1000, 500)],
        crs=CRS,
    )


def growth(**columns):
    table = pd.DataFrame({"社区": ["和平社区", "东社区"], **columns})
    return factors(table, communities(), 1, np.array([1000.0, 2000.0]))


@pytest.mark.parametrize(
    ("header", "cells", "rates"),
    [
        ("增长率(%)", ["1.2%", "0.8"], [0.012, 0.008]),
        ("年均增长率(‰)", ["5.2", "-3.1"], [0.0052, -0.0031]),
        ("增长率", ["5.2‰", "0.8%"], [0.0052, 0.008]),
        ("增长率", ["0.3", "1.4"], [0.003, 0.014]),
        ("增长率", ["0.012", "0.8％"], [0.012, 0.008]),
        ("增长率", ["30%", "1%"], [0.3, 0.01]),
    ],
)
def test_a_rate_is_divided_once_by_what_its_sign_says(header, cells, rates):
    found, notes = growth(**{header: cells})
    assert np.allclose(found, 1 + np.array(rates), rtol=0, atol=1e-12)
    told = next(note for note in notes if note.code == "population.growth_rates").params
    assert (told["least"], told["most"]) == (
        pytest.approx(100 * min(rates)),
        pytest.approx(100 * max(rates)),
    )


def test_a_rate_that_may_be_a_share_or_percent_is_refused():
    with pytest.raises(InputError) as error:
        growth(增长率=["0.3", "0.4"])
    assert error.value.code == "population.rate_unclear"


def test_a_rate_that_does_not_lead_to_the_residents_that_stand_beside_it_is_told():
    found, notes = growth(增长率=["1%", "2%"], 人口=[1010, 2300])
    assert found.tolist() == pytest.approx([1.01, 1.02])
    told = [note.params for note in notes if note.code == "population.growth_not_agreed"]
    assert told == [{"count": 1, "names": "东社区", "by_rate": 2040, "later": 2300}]
    _, agreed = growth(增长率=["1%", ""], 人口=[1011, 2300])
    assert "population.growth_not_agreed" not in {note.code for note in agreed}


def test_a_community_whose_growth_is_told_twice_is_refused_unless_it_is_the_same():
    def told(rates):
        table = pd.DataFrame({"社区": ["和平社区", "和平社区", "东社区"], "增长率": rates})
        return factors(table, communities(), 1, np.array([1000.0, 2000.0]))[0]

    assert told(["1%", "1%", "2%"]).tolist() == pytest.approx([1.01, 1.02])
    with pytest.raises(InputError) as error:
        told(["1%", "5%", "2%"])
    assert error.value.code == "population.growth_twice"


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("残疾人占比", ["0.9%", "0.8%"], [9, 16]),
        ("占比", ["18.6%", "0.9%"], [186, 18]),
        ("老人（%）", ["18.5", "20"], [185, 400]),
        ("老人占比(‰)", ["185", "200"], [185, 400]),
        ("老人占比", [0.5, 0.8], [500, 1600]),
        ("elderlyShare", [0.5, 0.8], [500, 1600]),
        ("老人", ["18%", "20%"], [180, 400]),
        ("migration_count", ["12", "30"], [12, 30]),
        ("65岁以上比率(%)", ["18", "20"], [180, 400]),
        ("老龄化率", [0.185, 0.2], [185, 400]),
        ("old rate", [0.5, 0.8], [500, 1600]),
        ("老人(万人)", ["0.02", "0.03"], [200, 300]),
        ("老人", ["0.02万", "约30"], [200, 30]),
    ],
)
def test_a_group_is_read_by_the_sign_and_unit_of_its_column(column, cells, expected):
    areas = gpd.GeoDataFrame(
        {"area_id": ["A", "B"], "name": ["A", "B"], "population": [1000.0, 2000.0]},
        geometry=communities().geometry.to_numpy(),
        crs=CRS,
    )
    notes = add_groups(areas, {"pop_g": column}, pd.DataFrame({column: cells}), "a.csv")
    assert areas["pop_g"].tolist() == pytest.approx(expected)
    shares = [n for n in notes if n.code == "population.group_by_share_column"]
    for note in shares:
        assert note.params["percent"] == round(sum(expected) / 30, 3)


@pytest.mark.parametrize(
    ("column", "cells"), [("老人(户)", [1, 2]), ("老人", ["18%", "20"]), ("占比", ["120%", "1%"])]
)
def test_a_group_that_counts_other_things_is_refused(column, cells):
    areas = gpd.GeoDataFrame(
        {"area_id": ["A", "B"], "name": ["A", "B"], "population": [1000.0, 2000.0]},
        geometry=communities().geometry.to_numpy(),
        crs=CRS,
    )
    with pytest.raises(InputError):
        add_groups(areas, {"pop_g": column}, pd.DataFrame({column: cells}), "a.csv")


def totals(names, subdistricts, people):
    table = pd.DataFrame({"社区": names, "街道": subdistricts, "人口": people})
    return read_totals(frame(table, "totals"), communities(), groups={}).areas["population"]


def test_a_namesake_in_another_subdistrict_is_not_the_community():
    both = totals(
        ["和平社区", "和平社区", "东社区"], ["解放街道", "水南街道", "水南"], [5000, 800, 900]
    )
    assert both.tolist() == [800, 900]
    alone = totals(["和平社区", "东社区"], ["解放街道办事处", "水南街道办事处"], [5000, 900])
    assert np.isnan(alone[0])
    assert alone[1] == 900


def test_the_very_name_goes_before_a_name_without_its_ending():
    found = totals(["和平社区", "东村", "东社区"], ["水南街道"] * 3, [800, 5000, 900])
    assert found.tolist() == [800, 900]


def test_cells_of_few_people_grow_too():
    shapes = [
        shapely.box(x, y, x + 50, y + 50) for x in range(0, 500, 50) for y in range(0, 500, 50)
    ]
    cells = gpd.GeoDataFrame({"population": [3] * len(shapes)}, geometry=shapes, crs=CRS)
    read = cells_within(read_cells(frame(cells, "cells")), communities(), {})
    residents = Residents(cells=cells, year=2020, growth=0.01, to_year=2030)
    later = grown_areas(read, residents, communities())
    assert later.areas["population"].sum() == pytest.approx(300 * 1.01**10, abs=0.1)


def test_rows_that_a_person_says_are_one_community_are_added():
    rows = {"社区": ["和平社区", "新村", "新村", "东社区"], "人口": [1000, 200, 7, 2000]}
    table = frame(pd.DataFrame(rows), "totals")
    totals = read_totals(table, communities(), groups={}, community_names={"新村": "和平社区"})
    assert totals.areas["population"].tolist() == [1200, 2000]  # the same name again is no part
    told = {note.code: note.params for note in totals.findings}
    assert told["population.rows_added"]["names"] == "新村 + 和平社区"
    assert [row.reason.code for row in totals.reading.set_aside] == ["population.twice"]


@pytest.mark.parametrize(
    "header",
    ["增长率(2020-2030)", "增长率（五年）", "增长率(累计)", "增长率（月）", "growth (5 years)"],
)
def test_a_rate_that_is_none_of_a_year_is_refused(header):
    with pytest.raises(InputError) as error:
        growth_tables._rates(["9%"], header, "a.csv")
    assert error.value.code == "population.rate_of_period"


@pytest.mark.parametrize(
    "header", ["增长率", "年增长率(%)", "年均增长率", "growth a year (%)", "2024年增长率"]
)
def test_a_rate_of_a_year_is_read(header):
    assert growth_tables._rates(["1.2%"], header, "a.csv").tolist() == [0.012]


def test_a_plain_rate_that_may_be_percent_is_refused_wherever_it_is_given():
    assert [parse_rate(each) for each in ("0.3%", "30%", "0.02")] == [0.003, 0.3, 0.02]
    with pytest.raises(InputError) as error:
        parse_rate("0.3")
    assert error.value.code == "population.rate_plain"
