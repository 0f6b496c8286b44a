"""Which lines meet others is what GEOS says, also where they only touch."""

import numpy as np
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.network.links import candidates
from planner.network.links.candidates import crosses_any

CORNERS = st.tuples(st.integers(0, 6), st.integers(0, 6))
LINES = st.lists(st.tuples(CORNERS, CORNERS).filter(lambda ends: ends[0] != ends[1]), min_size=1)
FAR = np.array([548_521.3300875254, 3_404_786.851969659])


@pytest.mark.parametrize("cell_m", [1.0, 0.1, 37.3])
@settings(max_examples=tries(60, 1500), deadline=None)
@given(
    lines=LINES,
    streets=st.lists(st.lists(CORNERS, min_size=2, max_size=4, unique=True), min_size=1),
)
def test_lines_meet_as_geos_tells(lines, streets, cell_m):
    asked = FAR + cell_m * np.array(lines, dtype=np.float64)
    shapes = np.array([shapely.LineString(FAR + cell_m * np.array(each)) for each in streets])
    tree = shapely.STRtree(shapes)
    wanted = tree.query(shapely.linestrings(asked), predicate="intersects")[0]
    met = crosses_any(asked.reshape(-1, 4), shapes)
    assert np.flatnonzero(met).tolist() == np.unique(wanted).tolist()


def test_only_lines_that_may_just_touch_are_asked_of_geos(monkeypatch):
    rng = np.random.default_rng(7)
    asked = FAR[[0, 1, 0, 1]] + rng.uniform(0, 1000, (5000, 4))
    shapes = shapely.linestrings(FAR + rng.uniform(0, 1000, (50, 3, 2)))
    monkeypatch.setattr(candidates.shapely, "STRtree", None)  # whoever asked it would fail
    met = crosses_any(asked, shapes)
    monkeypatch.undo()
    tree = shapely.STRtree(shapes)
    wanted = tree.query(shapely.linestrings(asked.reshape(-1, 2, 2)), predicate="intersects")[0]
    assert np.flatnonzero(met).tolist() == np.unique(wanted).tolist()


def test_nothing_meets_nothing():
    assert crosses_any(np.empty((0, 4)), [shapely.LineString([(0, 0), (1, 1)])]).tolist() == []
    assert crosses_any(np.array([[0.0, 0.0, 1.0, 1.0]]), []).tolist() == [False]
