import geopandas as gpd
import pandas as pd
import pytest
import shapely
from places import CRS, X, Y, layers, points, small_district

from planner.sources import check


def found(district, code):
    hits = [f for f in check(district) if f.code == f"sources.{code}"]
    assert len(hits) <= 1
    return dict(hits[0].params) if hits else None


def sound():
    tables = layers()["facilities"]
    return small_district(
        facilities=tables.assign(opening_hours="24/7", capacity=9, floor_area_m2=99)
    )


def test_a_sound_district_has_its_own_findings_only():
    assert check(sound()) == list(sound().findings)


def test_loose_streets():
    extra = gpd.GeoDataFrame(
        {"street_id": ["far"]},
        geometry=[shapely.LineString([(X, Y + 300), (X + 100, Y + 300)])],
        crs=CRS,
    )
    streets = gpd.GeoDataFrame(pd.concat([layers()["streets"], extra]), crs=CRS)
    params = found(small_district(streets=streets), "loose_streets")
    assert params == {"percent": 20.0, "pieces": 1, "km": 0.1}


def test_places_without_a_street():
    far = points([(X, Y + 400), (X, Y + 1)], facility_id=["a", "b"], kind="clinic")
    district = small_district(facilities=far)
    params = found(district, "facilities_without_street")
    assert params == {"count": 1, "metres": 250, "ids": "a"}
    demand = layers()["demand"]
    demand.loc[2, "geometry"] = shapely.Point(X, Y - 500)
    params = found(small_district(demand=demand), "demand_without_street")
    assert (params["count"], params["ids"]) == (1, "003")


def test_a_wall_keeps_a_home_from_the_street_and_a_gate_lets_it_through():
    demand = layers()["demand"]
    demand.loc[0, "geometry"] = shapely.Point(X + 10, Y - 100)
    assert found(small_district(demand=demand), "demand_without_street") is None
    shut = layers()["gates"].assign(open=False)
    assert found(small_district(demand=demand, gates=shut), "demand_without_street")["ids"] == "001"


def test_facilities_in_water():
    wet = points([(X + 50, Y + 120)], facility_id=["boat"], kind="library")
    assert found(small_district(facilities=wet), "facilities_in_barriers") == {
        "count": 1,
        "ids": "boat",
    }


def test_demand_outside_and_communities_without():
    demand = layers()["demand"].assign(community_id=["036000000001", "036000000001", ""])
    district = small_district(demand=demand)
    assert found(district, "demand_outside") == {
        "count": 1,
        "percent": pytest.approx(100 * 30.5 / 180.5, abs=0.05),
    }
    assert found(district, "communities_empty") == {"count": 1, "names": "East"}


def test_columns_not_filled():
    tables = layers()["facilities"].assign(opening_hours=["24/7", ""])
    hits = [f for f in check(small_district(facilities=tables)) if f.code == "sources.not_filled"]
    assert {f.params["column"]: (f.params["count"], f.params["total"]) for f in hits} == {
        "opening_hours": (1, 2),
        "capacity": (2, 2),
        "floor_area_m2": (2, 2),
    }


def test_control_totals_stand_among_the_findings():
    tables = layers()["communities"].assign(population=[500.0, None])
    codes = [f.code for f in check(small_district(communities=tables))]
    assert codes.count("district.control_total") == 1


def test_every_finding_has_words():
    for finding in check(small_district(facilities=layers()["facilities"].iloc[:0])):
        assert "{" not in str(finding)
