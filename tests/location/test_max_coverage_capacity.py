"""Covering within capacities against every choice there is, served by networkx."""

import itertools

import networkx as nx
import numpy as np
import pytest
from effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.errors import InputError
from planner.siting import max_coverage

QUIET = settings(
    max_examples=tries(40, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def served(covers, weight, capacity, sites):
    """Greatest flow from the demand to the open sites."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    for i, people in enumerate(weight):
        graph.add_edge("from", ("demand", i), capacity=int(people))
    for j in sites:
        graph.add_edge(("site", j), "to", capacity=int(capacity[j]))
        for i in np.flatnonzero(covers[:, j]):
            graph.add_edge(("demand", int(i)), ("site", j))
    return nx.maximum_flow_value(graph, "from", "to")


@QUIET
@given(st.integers(0, 2**32), st.integers(1, 3), st.booleans())
def test_answer_serves_the_most_of_all_choices(seed, count, counted):
    rng = np.random.default_rng(seed)
    covers = rng.random((9, 6)) < 0.4
    weight, capacity = rng.integers(0, 9, 9), rng.integers(0, 15, 6)
    cost = rng.integers(1, 5, 6)
    fixed = [int(rng.integers(6))] if seed % 3 == 0 else []
    budget = 9 if seed % 2 else None
    conflicts = [(0, 1), (2, 4)]
    forbidden = [j for j in (3, 5)[: seed % 3] if j not in fixed]
    sets = [
        s
        for size in range(count + 1)
        for s in itertools.combinations(range(6), size)
        if set(fixed) <= set(s) and not set(forbidden) & set(s)
        if not {0, 1} <= set(s) and not {2, 4} <= set(s)
        if budget is None or cost[list(s)].sum() <= budget
    ]
    best = max(served(covers, weight, capacity, s) for s in sets)
    siting = max_coverage(
        covers,
        weight,
        count,
        capacity=capacity,
        cost=cost,
        budget=budget,
        fixed=fixed,
        forbidden=forbidden,
        conflicts=conflicts,
        time_limit_s=60,
        max_iterations=30 if counted else None,
    )
    assert siting.objective == pytest.approx(best)
    assert siting.optimal
    assert served(covers, weight, capacity, siting.sites.tolist()) == best
    assert tuple(siting.sites.tolist()) in sets
    assert (siting.covered * weight).sum() == pytest.approx(best)


@pytest.mark.long
@QUIET
@given(st.integers(0, 2**32))
def test_bound_holds_when_stopped_early(seed):
    rng = np.random.default_rng(seed)
    covers = rng.random((12, 7)) < 0.3
    weight, capacity = rng.integers(1, 9, 12), rng.integers(1, 20, 7)
    if not covers.any():
        return
    sets = itertools.combinations(range(7), 3)
    best = max(served(covers, weight, capacity, s) for s in sets)
    siting = max_coverage(covers, weight, 3, capacity=capacity, time_limit_s=0.0)
    assert siting.objective <= best + 1e-9
    assert siting.bound >= best - 1e-9


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"capacity": [1, -1, 1]}, "location.bad_amount"),
        ({"capacity": [1, np.nan, 1]}, "location.bad_amount"),
        ({"capacity": [1, 1]}, "location.wrong_length"),
        ({"backup": 0.5}, "covering.capacity_alone"),
        ({"covers": np.eye(3) * 0.5}, "covering.capacity_alone"),
        ({"covers": np.zeros((3, 3))}, "covering.nothing_coverable"),
        ({"fixed": [0, 1], "conflicts": [(0, 1)]}, "covering.fixed_conflict"),
    ],
)
def test_bad_capacities_are_refused(changes, code):
    question = {"covers": np.eye(3, dtype=bool), "p": 2, "capacity": [1, 2, 3]} | changes
    with pytest.raises(InputError) as refused:
        max_coverage(**question)
    assert refused.value.code == code
