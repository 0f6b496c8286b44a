"""Set covering: against every set of sites, and its promises."""

import numpy as np
import pytest
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from location_reference import allowed_sets, choices, random_graph, weights
from scipy import sparse

from planner.errors import InputError, WorkError
from planner.siting import set_cover


@settings(max_examples=tries(80, 2000), deadline=None)
@given(st.data())
def test_optimal_and_bounded_on_small_problems(data: st.DataObject):
    n, m = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 7))
    cells = st.lists(st.sampled_from([0, 0, 1]), min_size=n * m, max_size=n * m)
    covers = np.array(data.draw(cells)).reshape(n, m)
    fixed, forbidden = data.draw(choices(m))
    cost = data.draw(st.none() | weights(m))
    weight = data.draw(st.none() | weights(n))
    share = data.draw(st.sampled_from([1.0, 1.0, 0.9, 0.5, 0.2]))
    limit_s = data.draw(st.sampled_from([0.0, 60.0, 60.0]))
    residents = np.ones(n) if weight is None else weight
    price = np.ones(m) if cost is None else cost
    need = share * residents.sum() * (1 - 1e-9)
    plans = {
        tuple(sites): price[sites].sum()
        for sites in allowed_sets(m, None, fixed, forbidden)
        if residents[covers[:, sites].any(axis=1)].sum() >= need
    }
    given_as = sparse.csr_array(covers.astype(bool)) if data.draw(st.booleans()) else covers
    try:
        answer = set_cover(
            given_as,
            cost,
            weight=weight,
            share=share,
            fixed=fixed,
            forbidden=forbidden,
            time_limit_s=limit_s,
        )
    except InputError as error:
        code = error.code.removeprefix("location.")
        assert code == "no_weight" if not residents.any() else code == "out_of_reach"
        assert code == "no_weight" or not plans
        return
    best = min(plans.values())
    assert tuple(answer.sites.tolist()) in plans
    assert answer.objective == pytest.approx(plans[tuple(answer.sites.tolist())])
    assert answer.bound <= best + 1e-9
    assert answer.covered.tolist() == covers[:, answer.sites].any(axis=1).tolist()
    if limit_s:
        assert answer.optimal
        assert answer.objective == pytest.approx(best)


@pytest.mark.parametrize("radius", [20.0, 35.0, 60.0])
def test_graphs_agree_with_the_plain_model(radius: float):
    from scipy.optimize import Bounds, LinearConstraint, milp

    covers = random_graph(120, 5) <= radius
    model = milp(
        np.ones(120),
        constraints=LinearConstraint(covers.astype(float), 1, np.inf),
        integrality=np.ones(120),
        bounds=Bounds(0, 1),
    )
    answer = set_cover(covers)
    assert answer.optimal
    assert answer.objective == round(model.fun)


def test_parts_that_do_not_touch_are_proven_together():
    random = np.random.default_rng(2)
    blocks = [block[block.any(axis=1)] for block in random.random((4, 40, 30)) < 0.12]
    cost = random.random(120)
    whole = set_cover(
        sparse.block_diag([sparse.coo_array(each) for each in blocks], format="csr"),
        cost,
        time_limit_s=60,
    )
    apart = sum(
        set_cover(block, cost[30 * k : 30 * k + 30], time_limit_s=60).objective
        for k, block in enumerate(blocks)
    )
    assert whole.optimal
    assert whole.objective == pytest.approx(apart)


def test_same_seed_and_iterations_same_answer():
    covers = random_graph(120, 1) <= 30
    first, second = (
        set_cover(covers, share=0.8, seed=3, max_iterations=5, time_limit_s=600) for _ in range(2)
    )
    assert first.sites.tolist() == second.sites.tolist()
    assert first.bound == second.bound


def test_stops_when_cancelled_and_still_answers():
    covers = random_graph(120, 1) <= 30
    answer = set_cover(covers, cancel=lambda: True)
    assert answer.stopped in {"cancelled", "optimal"}
    assert answer.covered.all()


def test_says_which_share_can_be_had():
    covers = np.array([[1, 0], [0, 1], [0, 0]])
    with pytest.raises(InputError) as caught:
        set_cover(covers, weight=[2, 1, 1])
    assert caught.value.params["most"] == 0.75
    assert caught.value.params["row"] == 2
    assert set_cover(covers, weight=[2, 1, 1], share=0.75).objective == 2


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("bad_share", {"share": 0}),
        ("bad_share", {"share": 1.1}),
        ("bad_share", {"share": np.nan}),
        ("out_of_reach", {"forbidden": [1]}),
        ("all_forbidden", {"forbidden": [0, 1, 2]}),
        ("fixed_and_forbidden", {"fixed": [0], "forbidden": [0]}),
        ("bad_amount", {"cost": [1, -1, 1]}),
        ("bad_amount", {"weight": [1, np.inf, 1]}),
        ("wrong_length", {"cost": [1, 1]}),
        ("no_weight", {"weight": [0, 0, 0]}),
        ("not_a_table", {"covers": np.empty((0, 3))}),
        ("bad_option", {"time_limit_s": -1}),
    ],
)
def test_bad_input_is_refused(code: str, arguments: dict):
    with pytest.raises(InputError) as caught:
        set_cover(**{"covers": np.eye(3)} | arguments)
    assert caught.value.code == f"location.{code}"
    assert "{" not in str(caught.value)


def test_public_names_are_functions_whatever_was_imported_first():
    import sys

    import planner.siting

    for name in ("allocate", "one_stop", "p_center", "p_median", "set_cover"):
        assert f"planner.siting.{name}" not in sys.modules
        assert callable(getattr(planner.siting, name))


def test_others_in_the_process_may_run_highs_with_other_threads():
    import highspy

    from planner.location.mip import quiet_highs

    covers = random_graph(150, 3) <= 12
    expected = set_cover(covers, time_limit_s=60)
    highspy.Highs.resetGlobalScheduler(True)
    other = quiet_highs()
    other.setOptionValue("threads", 2)
    other.addVar(0.0, 1.0)
    other.run()
    answer = set_cover(covers, share=0.9, time_limit_s=60)
    assert answer.optimal
    assert expected.optimal
    assert answer.objective <= expected.objective


def test_a_model_that_highs_refuses_is_an_error():
    from planner.location.mip import Model
    from planner.location.search import Search

    huge = sparse.csr_array(np.array([[1e300]]))
    model = Model(-np.ones(1), huge, np.zeros(1), np.ones(1), np.ones(1), np.ones(1, np.bool_))
    with pytest.raises(WorkError, match="did not accept"):
        model.solve(Search())


@pytest.mark.parametrize("weight", [[1e12, 5.0], [1.0, 1e-12]])
def test_nobody_is_too_few_to_count_among_all(weight):
    """Whom no site reaches cannot be covered, however little of all they are."""
    with pytest.raises(InputError) as error:
        set_cover([[1, 0], [0, 0]], weight=weight)
    assert error.value.code == "location.out_of_reach"
    assert set_cover([[1, 0], [0, 0]], weight=weight, share=0.99).optimal == (weight[1] < weight[0])
