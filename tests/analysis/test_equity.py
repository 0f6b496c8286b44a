import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measured_towns import STANDARD, random_town

import planner
from planner.analysis.measures.equity import (
    distance_lorenz,
    equity,
    gini,
    lorenz,
    palma,
    percentiles,
    theil,
    theil_decomposed,
)
from planner.errors import InputError


@pytest.fixture(scope="module")
def peer():
    """The package ``inequality``, loaded late: it brings statistics and plots along."""
    import inequality.gini
    import inequality.theil

    return inequality


VALUES = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30)


@pytest.mark.long
@given(VALUES)
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    x = np.array(values)
    expected = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
    assert gini(x) == pytest.approx(expected, abs=1e-9)


@pytest.mark.long
@given(VALUES, st.integers(1, 5))
def test_copying_everyone_changes_nothing(values, copies):
    many = values * copies
    assert gini(many) == pytest.approx(gini(values), abs=1e-9)
    assert theil(many) == pytest.approx(theil(values), abs=1e-9)
    assert palma(many) == pytest.approx(palma(values), rel=1e-6)


@pytest.mark.long
@given(VALUES, st.data())
def test_theil_adds_up(values, data):
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=len(values), max_size=len(values)))
    parts = theil_decomposed(values, groups)
    assert parts["between"] + parts["within"] == pytest.approx(parts["total"], abs=1e-9)
    assert parts["between"] >= -1e-12
    assert parts["within"] >= -1e-12


def test_all_equal_is_no_inequality():
    assert gini([5, 5, 5]) == pytest.approx(0)
    assert theil([5, 5, 5]) == pytest.approx(0)


def test_nothing_to_share_is_not_a_number():
    assert math.isnan(gini([0, 0]))
    assert math.isnan(theil([0, 0]))
    assert math.isnan(palma([0, 0]))
    assert math.isnan(gini([np.nan]))


def test_the_lorenz_curve_lies_below_the_diagonal():
    curve = lorenz([4, 1, 2, 9], weights=[1, 3, 2, 1])
    assert (curve["value"] <= curve["people"] + 1e-12).all()
    assert curve.iloc[-1].to_list() == [1, 1]


def test_percentiles_tell_the_unreachable():
    result = percentiles([100, np.inf, np.nan], [1, 1, 5], [50, 90])
    assert result.to_dict() == {50: 100.0, 90: np.inf}


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="negative"):
        gini([-1, 2])
    with pytest.raises(InputError, match="weight"):
        gini([1, 2], [1, -1])
    with pytest.raises(InputError, match="shape"):
        gini([1, 2], [1])


@pytest.mark.long
@given(VALUES)
def test_figures_are_those_of_inequality(peer, values):
    x = np.array(values)
    assert gini(x) == pytest.approx(peer.gini.Gini(x).g, abs=1e-9)
    assert theil(x) == pytest.approx(peer.theil.Theil(x).T, abs=1e-9)


@pytest.mark.filterwarnings("ignore:Setting the shape on a NumPy array:DeprecationWarning")
@pytest.mark.parametrize("seed", range(5))
def test_parts_are_those_of_inequality(peer, seed):
    rng = np.random.default_rng(seed)
    x, labels = rng.uniform(1, 900, 40), rng.choice(list("abcd"), 40)
    said, parts = peer.theil.TheilD(x, labels), theil_decomposed(x, labels)
    assert parts["between"] == pytest.approx(float(said.bg[0]), abs=1e-9)
    assert parts["within"] == pytest.approx(float(said.wg[0]), abs=1e-9)


def test_palma_splits_a_person_at_the_exact_share():
    # 7 people: the top tenth is 0.7 of the last, the bottom two fifths 2.8 of the first
    assert palma([1, 1, 1, 1, 1, 1, 4]) == pytest.approx(0.7 * 4 / 2.8)
    assert palma([3, 3, 3]) == pytest.approx(0.25)


def test_equity_of_a_town_leaves_out_and_tells_the_unreachable_and_unknown():
    town = random_town(0)
    result = planner.assess(town, STANDARD, island_m=0.0)
    row = equity(result, ["clinic"], groups=["population"]).iloc[0]
    metres = result.distances["clinic"].to_numpy()
    people = town.demand["population"].to_numpy()
    assert row["unknown"] == people[0]
    assert row["unreachable"] == people[1:4].sum()
    assert row["people"] == people[4:].sum()
    assert row["gini"] == gini(metres[4:], people[4:])
    assert row["theil_between"] + row["theil_within"] == pytest.approx(row["theil"])
    assert row["theil"] > 0
    assert row["p50_m"] <= row["p90_m"]
    assert distance_lorenz(result, "clinic").iloc[-1].tolist() == [1, 1]


def test_equity_where_nothing_can_be_reached():
    row = equity(planner.assess(random_town(0), STANDARD), ["bathhouse"]).iloc[0]
    assert row["people"] == 0
    assert math.isnan(row["gini"])
    assert math.isnan(row["theil"])
    assert math.isnan(row["palma"])
    assert math.isinf(row["p10_m"])
