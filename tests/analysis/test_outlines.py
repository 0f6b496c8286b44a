"""Outlines of many sets of pieces, told at once, against what GEOS makes of each set."""

import numpy as np
import pytest
import shapely

from planner.analysis.gaps.outlines import united
from planner.analysis.gaps.shapes import GRID_M, Ground
from tests.effort import tries

WEST, SOUTH = np.indices((7, 7)).reshape(2, -1)
SQUARES = shapely.box(WEST, SOUTH, WEST + 1, SOUTH + 1)


def by_geos(pieces):
    whole = shapely.normalize(shapely.coverage_union_all(pieces))
    return shapely.get_geometry(whole, 0) if shapely.get_num_geometries(whole) == 1 else whole


def same(found, wanted):
    assert [shape.wkb_hex for shape in found] == [shape.wkb_hex for shape in wanted]


def random_sets(rng, count):
    """Sets of which several share pieces, from one piece to nearly all."""
    return [np.flatnonzero(rng.random(count) < share) for share in rng.uniform(0.02, 0.98, 40)]


@pytest.mark.parametrize("seed", range(tries(3, 100)))
@pytest.mark.parametrize("form", ["squares", "cells", "large numbers"])
def test_outlines_are_those_that_geos_makes(seed, form):
    """Squares touch at corners: holes that touch their shell, one another, and islands in them."""
    rng = np.random.default_rng(seed)
    pieces = SQUARES
    if form != "squares":
        spots = rng.uniform(0, 500, (300, 2)) + (form == "large numbers") * 3_400_000
        pieces = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots)))
    sets = [rows for rows in random_sets(rng, len(pieces)) if len(rows)]
    same(united(pieces, sets), [by_geos(pieces[rows]) for rows in sets])


def test_pieces_with_holes_are_united():
    ring = shapely.difference(shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6))
    pieces = np.array([ring, shapely.box(3, 3, 6, 6), shapely.box(9, 0, 12, 9)])
    sets = [np.array(rows) for rows in ([0], [1], [0, 1], [0, 2], [0, 1, 2], [1, 2])]
    found = united(pieces, sets)
    assert [len(shapely.get_parts(shape)) for shape in found] == [1, 1, 1, 1, 1, 2]
    assert shapely.area(found).tolist() == [72, 9, 81, 99, 108, 36]


def test_no_sets_and_no_pieces():
    assert united(SQUARES, []).shape == (0,)
    assert united(SQUARES[:0], []).shape == (0,)


def test_pieces_that_lie_on_one_another_are_not_told():
    pieces = shapely.box([0, 0, 2, 2, 9], 0, [2, 2, 4, 5, 10], 2)
    sets = [[0, 1], [2, 3], [0, 2], [0, 1, 2, 3], [0, 1, 4], [4]]
    found = united(pieces, [np.array(rows) for rows in sets])
    # 2 and 3 begin with one side, beyond which lies 0 or 1: nobody knows which of them fit
    assert [shape is None for shape in found] == [True] * 5 + [False]


@pytest.mark.parametrize("seed", range(tries(4, 100)))
def test_ground_that_does_not_fit_together_is_united_on_a_grid(seed, monkeypatch):
    """Corners of one piece within the side of another, slivers, and pieces that overlap."""
    rng = np.random.default_rng(seed)
    pieces = SQUARES.copy()
    halved = rng.choice(len(pieces), 15, replace=False)
    west, south, east, north = shapely.bounds(pieces[halved]).T
    pieces[halved] = shapely.box(west, south, east, south + 0.5)
    upper = shapely.box(west, south + 0.5, east, north)
    pieces = np.concatenate([pieces, upper, shapely.box([1.3, 2.5], 1.3, [2.9, 4.25], 3.0001)])
    moved = rng.choice(len(pieces), 5, replace=False)
    pieces[moved] = shapely.transform(pieces[moved], lambda xy: xy + 1e-9)
    rows = np.arange(len(pieces))
    sets = [rows for rows in random_sets(rng, len(pieces)) if len(rows)]
    asked, union = [], shapely.union_all

    def on_grid(part, grid_size):
        asked.append(part)
        return union(part, grid_size=grid_size)

    monkeypatch.setattr(shapely, "union_all", on_grid)
    found = Ground(pieces, rows, rows).of(sets)
    assert len(sets) > len(asked) > 0
    assert shapely.is_valid(found).all()
    wanted = [union(pieces[rows]) for rows in sets]
    off = shapely.area(shapely.symmetric_difference(found, wanted))
    assert off.max() < len(pieces) * GRID_M
