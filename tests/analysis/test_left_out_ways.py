"""Cycleways that the import left out: links along them are nothing to build, gaps name them."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from test_best_links import CRS, STANDARD, points, walled_town

import planner
from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.gaps.links import with_links
from planner.analysis.links.left_out import left_out_along
from planner.analysis.links.links import best_links, link_changes
from planner.errors import InputError
from planner.siting.budget import best_mix
from planner.siting.costs import builtin_costs
from planner.siting.departments.departments import duty_name
from planner.siting.scenario_costs import work_of
from planner.views.tables.links import links_table

CYCLEWAY = shapely.LineString([(800, 0), (800, 40)])


def context(*ways, kind="cycleway", name="Corn Way"):
    sources = [f"osm:way/{n + 1}" for n in range(len(ways))]
    columns = {"kind": kind, "name": name, "source": sources}
    return gpd.GeoDataFrame(columns, geometry=list(ways), crs=CRS)


def assessed(*ways, gate=(40, 20), **told):
    gates = points([gate], gate_id=["g"], name=["North gate"], open=[False])
    town = walled_town(context=context(*ways, **told), gates=gates)
    return planner.assess(town, STANDARD)


def test_a_link_along_a_cycleway_is_to_be_settled_and_costs_nothing():
    result = assessed(CYCLEWAY)
    best = best_links(result).iloc[0]
    assert best["work"] == "settle_way"
    assert (best["left_out"], best["left_out_ways"]) == ("cycleway", "Corn Way (way/1)")
    assert best["gain"] == 180  # what the map withholds today is told all the same
    assert builtin_costs().link("settle_way", 40.0) == 0.0
    change = link_changes(best_links(result).iloc[[0]])[0]
    assert work_of(result.district, change) == "settle_way"
    told = links_table(result, best_links(result))
    assert told["Left out of the streets there"].str.contains("way/1").any()


def test_without_a_record_nothing_is_said():
    result = planner.assess(walled_town(), STANDARD)
    assert (best_links(result)["left_out"] == "").all()
    assert "Left out of the streets there" not in links_table(result, best_links(result))
    assert "analysis.cycleways_left_out" not in {each.code for each in result.findings}


def test_a_way_that_is_shut_is_named_and_settles_no_work():
    result = assessed(CYCLEWAY, kind="shut")
    found = left_out_along(result.district, np.array([CYCLEWAY], dtype=object))
    assert found.iloc[0].tolist() == ["shut", "Corn Way (way/1)"]
    assert not (best_links(result)["work"] == "settle_way").any()


def test_a_shut_gate_on_the_cycleway_is_opened_first():
    assert best_links(assessed(CYCLEWAY, gate=(800, 20)))["work"].iloc[0] == "open_gate"


@pytest.mark.parametrize(
    ("ways", "along"),
    [
        ([[(0, 0), (40, 0)]], True),
        ([[(0, 3), (40, 3)]], True),
        ([[(0, 0), (20, 0)], [(20, 0), (40, 0)]], True),  # parts that meet lead on
        ([[(0, 0), (15, 0)], [(25, 0), (40, 0)]], False),  # 25 of 40 m would still be to build
        ([[(20, -50), (20, 50)]], False),  # it is crossed, no more
        ([[(0, 30), (40, 30)]], False),
    ],
)
def test_a_way_leads_along_a_link_where_it_leads_from_end_to_end(ways, along):
    layer = context(*map(shapely.LineString, ways))
    link = np.array([shapely.LineString([(0, 0), (40, 0)])], dtype=object)
    found = left_out_along(walled_town(context=layer), link)
    assert (found["left_out"].iloc[0] == "cycleway") is along


def test_a_budget_buys_no_word_on_the_map():
    assert best_mix(planner.assess(walled_town(), STANDARD), 50.0).cost > 0  # the gate
    with pytest.raises(InputError, match=r"siting\.no_remedy|No remedy"):
        best_mix(assessed(CYCLEWAY), 50.0)


def test_a_gap_names_the_cycleways_beside_it_and_the_map_is_its_duty():
    result = assessed(CYCLEWAY)
    gaps = with_links(result, find_gaps(result, "clinic"))
    gap = next(gaps.itertuples())
    assert gap.left_out_ways == "Corn Way (way/1)"
    assert gap.link_work == "settle_way"
    assert duty_name(gap) == "map_streets"


def test_every_assessment_tells_the_metres_that_are_in_no_walk():
    told = [e for e in assessed(CYCLEWAY).findings if e.code == "analysis.cycleways_left_out"]
    assert [each.params["km"] for each in told] == [0.04]
