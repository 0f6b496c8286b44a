"""The heuristics of maximal covering alone: what they keep up to date, and what they answer."""

import dataclasses
import itertools

import numpy as np
import pytest
from effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.location.covering import moves
from planner.location.covering.annealing import anneal
from planner.location.covering.bounds import Prices
from planner.location.covering.exact import program
from planner.location.covering.heuristics import empty_plan
from planner.location.covering.inputs import Table, areas, conflict_pairs, reduced
from planner.location.covering.model import CoverModel
from planner.location.covering.regions import rebuild_regions
from planner.location.covering.solve import choose
from planner.location.inputs import candidate_kinds
from planner.location.limits import Limits
from planner.location.search import Search

QUIET = settings(
    max_examples=tries(30, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@st.composite
def models(draw):
    """Models with money, pairs and second covers in all combinations."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows, columns = draw(st.integers(1, 30)), draw(st.integers(1, 12))
    table = rng.random((rows, columns)) < 0.3
    start = np.append(0, np.cumsum(table.sum(axis=1)))
    index = np.nonzero(table)[1].astype(np.int32)
    plain = CoverModel.plain(start, index, rng.integers(0, 9, rows).astype(float), columns)
    apart = np.zeros((columns, columns), bool)
    if draw(st.booleans()):
        apart = np.triu(rng.random((columns, columns)) < 0.2, 1)
        apart |= apart.T
    second = rng.integers(0, 9, rows) * float(draw(st.booleans()))
    money = draw(st.booleans())
    return CoverModel(
        plain.r_start,
        plain.r_col,
        plain.first,
        second,
        plain.group,
        plain.site,
        rng.integers(0, 6, columns) * float(money),
        draw(st.integers(1, columns)),
        float(draw(st.integers(0, 12))) if money else np.inf,
        np.append(0, np.cumsum(apart.sum(axis=1))),
        np.nonzero(apart)[1].astype(np.int32),
    )


@QUIET
@given(models(), st.integers(1, 2**32), st.sampled_from([0.0, 0.5]))
def test_annealing_keeps_its_books_and_the_limits(model, seed, price):
    cover = model.cover
    plan = empty_plan(cover, seed)
    moves.fill_greedily(cover, plan, model.p, model.budget, False)
    anneal(500, 3.0, 0.1, cover, plan, model.p, model.budget, price, model.limited)
    now, best = plan.opens[: plan.sizes[0]], plan.best[: plan.sizes[1]]
    for chosen in (now, best):
        assert len(set(chosen.tolist())) == len(chosen)
        assert model.feasible(chosen)
    assert plan.totals[0] == pytest.approx(model.value(now))
    assert plan.totals[1] == pytest.approx(model.cost[now].sum())
    assert plan.totals[2] == pytest.approx(model.value(best))
    assert plan.totals[2] >= plan.totals[0] - 1e-9
    assert np.flatnonzero(plan.is_open).tolist() == sorted(now.tolist())
    for j in range(model.shape[1]):
        other = np.setdiff1d(now, [j]) if plan.is_open[j] else np.append(now, j)
        assert plan.gain[j] == pytest.approx(abs(model.value(other) - model.value(now)), abs=1e-9)
        near = model.k_other[model.k_start[j] : model.k_start[j + 1]]
        assert plan.blocked[j] == plan.is_open[near].sum()


@QUIET
@given(
    st.integers(0, 2**32),
    st.integers(1, 5),
    st.sampled_from([0.0, 0.4, 1.0]),
    st.sampled_from([None, 7, 12]),
    st.booleans(),
)
def test_search_without_early_proof_finds_the_best(seed, count, backup, budget, apart):
    """Every part of the search is asked, though HiGHS would settle such a question at once."""
    rng = np.random.default_rng(seed)
    covers = rng.random((40, 10)) < 0.2
    weight = rng.integers(1, 9, 40).astype(float)
    cost = rng.integers(1, 6, 10).astype(float)
    pairs = rng.integers(0, 10, (3, 2)) if apart else np.empty((0, 2), int)

    def worth(sites):
        times = covers[:, list(sites)].sum(axis=1)
        return float((weight * ((1 - backup) * (times >= 1) + backup * (times >= 2))).sum())

    sets = [
        sites
        for size in range(count + 1)
        for sites in itertools.combinations(range(10), size)
        if budget is None or cost[list(sites)].sum() <= budget
        if not any(a != b and a in sites and b in sites for a, b in pairs)
    ]
    best = max(worth(sites) for sites in sets)
    model = reduced(
        Table.of(covers),
        weight,
        candidate_kinds((), (), 10),
        count,
        np.inf if budget is None else float(budget),
        cost,
        backup=backup,
        conflicts=conflict_pairs(pairs, 10),
        group=areas(None, 40)[1],
        lean=True,
        wanted=count,
    )
    search = Search(Limits(60.0, max_iterations=20_000), "maximise", whole=backup != 0.4)
    sites = choose(model, search, outright=-1)
    siting = search.answer(sites=sites)
    assert tuple(siting.sites.tolist()) in sets
    assert siting.objective == pytest.approx(worth(siting.sites))
    assert siting.bound >= best - 1e-9
    assert siting.objective == pytest.approx(best)


@st.composite
def towns(draw):
    """Places within a reach of one another, as neighbours in a town are: columns much alike."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    places = rng.random((draw(st.integers(30, 120)), 2))
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    weight = rng.integers(1, 200, len(places)).astype(float)
    table = Table.of(apart < draw(st.sampled_from([0.1, 0.2, 0.35])))
    return CoverModel.plain(table.start, table.site, weight, len(places))


@QUIET
@given(st.one_of(models(), towns()), st.integers(0, 2**32))
def test_sums_from_column_to_column_are_those_of_their_rows(model, seed):
    price = np.random.default_rng(seed).random(model.shape[0])
    sums = model.sums
    found = np.zeros(model.shape[1])
    for j, parent in enumerate(sums.parent):
        assert parent < j
        found[j] = found[parent] if parent >= 0 else 0.0
        found[j] += price[sums.more[sums.more_start[j] : sums.more_start[j + 1]]].sum()
        found[j] -= price[sums.fewer[sums.fewer_start[j] : sums.fewer_start[j + 1]]].sum()
    assert found == pytest.approx(model.pattern.T @ price, abs=1e-9)


def test_neighbours_are_summed_by_what_differs():
    rng = np.random.default_rng(4)
    places = rng.random((600, 2))
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    table = Table.of(apart < 0.2)
    model = CoverModel.plain(table.start, table.site, np.ones(600), 600)
    assert len(model.sums.more) + len(model.sums.fewer) < 0.5 * model.entries


@pytest.mark.long
@QUIET
@given(towns(), st.integers(1, 12), st.sampled_from([0.8, 0.97, 1.0, 1.05]))
def test_bounds_of_prices_hold_whatever_they_aim_at(model, p, aim):
    """No bound on the way is below the best choice, nor below the linear relaxation."""
    model = dataclasses.replace(model, p=p).undominated()
    search = Search(Limits(60.0), "maximise")
    best = -program(model).solve(search).bound
    least = -program(model).solve(search, relaxed=True).bound
    prices = Prices(model)
    for _ in range(80):
        prices.improve(50, aim * best)
        assert prices.bound >= max(best, least) * (1 - 1e-7)
    better = prices.alive(best - 0.5)
    assert -program(model.taking(better)).solve(search).bound == pytest.approx(best)
    if aim <= 1.0:
        assert prices.bound <= 1.01 * least


@pytest.mark.long
@QUIET
@given(towns(), st.integers(2, 12), st.integers(1, 2**32))
def test_rebuilt_neighbourhoods_keep_their_books(model, p, seed):
    cover = model.cover
    plan = empty_plan(cover, seed)
    moves.fill_greedily(cover, plan, p, np.inf, False)
    greedy, size = plan.totals[0], plan.sizes[0]
    if size < 2:
        return
    rebuild_regions(40, 30.0, 1.0, cover, plan)
    now, best = plan.opens[: plan.sizes[0]], plan.best[: plan.sizes[1]]
    assert len(set(now.tolist())) == len(now) <= p
    assert plan.totals[0] == pytest.approx(model.value(now))
    assert plan.totals[2] == pytest.approx(model.value(best))
    assert plan.totals[2] >= greedy - 1e-9
    assert np.flatnonzero(plan.is_open).tolist() == sorted(now.tolist())
    for j in range(model.shape[1]):
        other = np.setdiff1d(now, [j]) if plan.is_open[j] else np.append(now, j)
        assert plan.gain[j] == pytest.approx(abs(model.value(other) - model.value(now)), abs=1e-9)


def test_neighbourhoods_find_what_exchanges_of_single_sites_do_not():
    """Twenty crossings where two sites must move together, and no single move gains anything."""
    one, two = [0, 1, 2, 3], [4, 5, 6, 7]
    columns, weight = [], []
    for k in range(20):
        rows = np.array([*one, *two]) + 8 * k
        columns += [rows[:4], rows[4:], rows[[0, 1, 4]], rows[[2, 3, 5, 6]]]
        weight += [10, 10, 10, 10, 10, 10, 10, 3]
    covers = np.zeros((160, 80), bool)
    for j, rows in enumerate(columns):
        covers[rows, j] = True
    table = Table.of(covers)
    model = CoverModel.plain(table.start, table.site, np.array(weight, float), 80)
    plan = empty_plan(model.cover, 1)
    for k in range(20):
        moves.append(np.int64(4 * k + 2), model.cover, plan)
        moves.append(np.int64(4 * k + 3), model.cover, plan)
    moves.keep_best(plan)
    rebuild_regions(2000, 0.5, 0.1, model.cover, plan)
    assert plan.totals[2] == 20 * 73.0
