"""p-center: against every set of sites, and its promises."""

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from location_reference import allowed_sets, as_csr, choices, random_graph, tables, weights

from planner.errors import InputError
from planner.siting import p_center


@settings(max_examples=tries(60, 1500), deadline=None)
@given(st.data())
def test_optimal_and_bounded_on_small_problems(data: st.DataObject):
    distances = data.draw(tables(holes=data.draw(st.booleans())))
    n, m = distances.shape
    fixed, forbidden = data.draw(choices(m))
    p = data.draw(st.integers(max(1, len(fixed)), m - len(forbidden)))
    weight = data.draw(st.none() | weights(n))
    residents = np.ones(n) if weight is None else weight
    second = data.draw(st.booleans())
    limit_s = data.draw(st.sampled_from([0.0, 60.0, 60.0]))

    def judged(sites: list[int]) -> tuple[float, float]:
        walk = distances[:, sites].min(axis=1, initial=np.inf)[residents > 0]
        return float(walk.max(initial=0)), float(walk @ residents[residents > 0])

    plans = {tuple(s): judged(s) for s in allowed_sets(m, p, fixed, forbidden)}
    best = min(plans.values())
    given_as = as_csr(distances) if data.draw(st.booleans()) else distances
    try:
        answer = p_center(
            given_as,
            p,
            weight=weight,
            fixed=fixed,
            forbidden=forbidden,
            lexicographic=second,
            time_limit_s=limit_s,
        )
    except InputError as error:
        code = error.code.removeprefix("location.")
        if code == "no_weight":
            assert not residents.any()
        elif code == "none_found":
            assert not limit_s
        else:
            assert code in {"out_of_reach_of_all", "too_few_sites"}
            assert np.isinf(best[0])
        return
    walked = plans[tuple(answer.sites.tolist())]
    assert answer.objective == walked[0]
    assert answer.bound <= best[0]
    if limit_s:
        assert answer.optimal
        assert answer.objective == best[0]
        assert not second or walked[1] == pytest.approx(best[1])
    for row in np.flatnonzero(residents > 0):
        assert distances[row, answer.assignment[row]] == distances[row, answer.sites].min()


@pytest.mark.parametrize(("n", "p"), [(60, 3), (100, 10), (150, 40)])
def test_graphs_are_solved_to_optimality(n: int, p: int):
    distances = random_graph(n, p)
    answer = p_center(distances, p)
    assert answer.optimal
    assert answer.objective == distances[:, answer.sites].min(axis=1).max()


def test_second_aim_keeps_the_longest_walk_and_shortens_the_rest():
    distances = random_graph(80, 9)
    plain = p_center(distances, 6)
    second = p_center(distances, 6, lexicographic=True)
    assert second.objective == plain.objective
    total = distances[:, second.sites].min(axis=1).sum()
    assert total <= distances[:, plain.sites].min(axis=1).sum()
    assert second.log[-1].objective == pytest.approx(total)
    assert second.log[-1].bound == pytest.approx(total)


def test_says_how_many_sites_it_takes():
    apart = as_csr(np.where(np.eye(4) > 0, 1.0, np.inf))
    with pytest.raises(InputError) as caught:
        p_center(apart, 2)
    assert caught.value.code == "location.too_few_sites"
    assert caught.value.params["least"] == 4


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("bad_p", {"p": 0}),
        ("no_limit", {"p": None}),
        ("too_many_sites", {"p": 4}),
        ("too_many_fixed", {"p": 1, "fixed": [0, 1]}),
        ("fixed_and_forbidden", {"fixed": [0], "forbidden": [0]}),
        ("all_forbidden", {"forbidden": [0, 1, 2]}),
        ("bad_amount", {"weight": [1, -1, 1]}),
        ("no_weight", {"weight": [0, 0, 0]}),
        ("nan_distance", {"distances": [[np.nan, 1, 1]]}),
        ("out_of_reach_of_all", {"distances": [[1, 1, 1], [np.inf] * 3]}),
        ("none_found", {"distances": [[1, np.inf], [np.inf, 1]], "time_limit_s": 0}),
    ],
)
def test_bad_input_is_refused(code: str, arguments: dict):
    with pytest.raises(InputError) as caught:
        p_center(**{"distances": 1.0 - np.eye(3), "p": 1} | arguments)
    assert caught.value.code == f"location.{code}"
    assert "{" not in str(caught.value)
