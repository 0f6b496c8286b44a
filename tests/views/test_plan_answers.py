"""What the pages of plans show beside an answer: where to look, and the share with its range."""

import geopandas as gpd
import numpy as np
import pytest

import planner
from planner.views.maps.base.bounds import one_stop_bounds, proposal_bounds, relocation_bounds
from planner.views.words.ranges import proposal_rows, relocation_rows

NAMES = ["share", "unknown", "share_low", "share_high"]


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district())


@pytest.fixture(scope="module")
def proposal(result):
    return planner.propose(result, "clinic", 2)


@pytest.fixture(scope="module")
def moved(result):
    return planner.relocate(result, "clinic", 2)


def inside(bounds, table) -> bool:
    (south, west), (north, east) = bounds
    degrees = table.geometry.to_crs(4326)
    across = ((degrees.x > west) & (degrees.x < east)).all()
    return bool(across and ((degrees.y > south) & (degrees.y < north)).all())


@pytest.mark.long
def test_the_map_looks_at_all_sites_and_homes_gained(result, proposal, moved):
    for bounds, parts in (
        (proposal_bounds(proposal), [proposal.sites, proposal.homes()]),
        (relocation_bounds(moved), [moved.plan, moved.homes()]),
    ):
        assert all(len(part) and inside(bounds, part) for part in parts)
    (south, west), (north, east) = proposal_bounds(proposal)
    assert north - south < 0.1
    assert east - west < 0.1
    shared = planner.propose_one_stop(result, ["police_room"], 400.0)
    bounds = one_stop_bounds(shared)
    assert inside(bounds, shared.buildings)
    assert inside(bounds, shared.homes())


def test_a_move_is_looked_at_with_both_its_ends(moved):
    bounds = relocation_bounds(moved)
    rows = moved.plan[moved.plan["does"] == "move"]
    to = gpd.GeoDataFrame(geometry=gpd.points_from_xy(rows["to_x"], rows["to_y"]), crs=rows.crs)
    assert len(to) == 2
    assert inside(bounds, to)


def test_the_share_and_its_range_are_those_of_a_new_assessment(proposal, moved):
    for row, answer in ((proposal_rows(proposal)[1], proposal), (relocation_rows(moved)[1], moved)):
        table = answer.after.summary()
        fresh = table[(table["kind"] == "clinic") & (table["group"] == answer.group)].iloc[0]
        assert row["unknown"] > 0
        assert [row[name] for name in NAMES] == pytest.approx(
            fresh[NAMES].to_numpy(dtype=np.float64), nan_ok=True
        )
