"""A home on the border of two communities counts in one of them, whatever the order of rows."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.sources.files.communities import in_communities
from planner.sources.population.places import area_of

CRS = "EPSG:4547"


def squares(order):
    """Three squares side by side, and a fourth over the last two."""
    boxes = [shapely.box(100 * n, 0, 100 * n + 100, 100) for n in range(3)]
    boxes.append(shapely.box(150, 50, 250, 150))
    ids = ["乙", "甲", "丙", "丁"]
    made = gpd.GeoDataFrame({"community_id": ids, "name": ids}, geometry=boxes, crs=CRS)
    return made.iloc[order].reset_index(drop=True)


POINTS = [(50, 50), (100, 50), (150, 20), (200, 20), (200, 70), (300, 50), (900, 900)]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
def test_the_order_of_communities_tells_nothing(order):
    demand = gpd.GeoDataFrame(geometry=[shapely.Point(xy) for xy in POINTS], crs=CRS)
    homes, findings = in_communities(demand, squares(order))
    first = min("乙", "甲")
    assert homes["community_id"].tolist() == ["乙", first, "甲", "丙", "丁", "丙", ""]
    (told,) = findings
    assert (told.code, told.params["count"]) == ("sources.on_borders", 3)
    areas = squares(order).rename(columns={"community_id": "area_id"})
    rows = area_of(demand, areas)
    assert np.where(rows < 0, "", areas["area_id"].to_numpy()[rows]).tolist() == (
        homes["community_id"].tolist()
    )


def test_what_a_file_says_goes_first():
    demand = gpd.GeoDataFrame(
        {"community_id": ["甲", "", "戊"]},
        geometry=[shapely.Point(100, 50)] * 3,
        crs=CRS,
    )
    homes, findings = in_communities(demand, squares([0, 1, 2, 3]))
    assert homes["community_id"].tolist() == ["甲", "乙", "乙"]
    told = {each.code: each.params["count"] for each in findings}
    assert told == {"sources.community_ids": 1, "sources.on_borders": 2}


def test_no_communities_and_no_homes():
    none = squares([]).astype({"community_id": object})
    demand = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=CRS)
    assert in_communities(demand, none)[0]["community_id"].tolist() == [""]
    assert len(in_communities(demand.iloc[:0], squares([0, 1]))[0]) == 0
