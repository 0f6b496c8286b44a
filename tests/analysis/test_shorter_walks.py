"""Means and inequality of walks where nearer places may count."""

from dataclasses import replace

import numpy as np
import pytest
from measured_towns import STANDARD, random_town

import planner
from planner.analysis.measures.equity import distance_lorenz, equity, gini


@pytest.fixture(scope="module", params=[1, 2])
def results(request):
    """A town as it is, and one of which nothing is known 20 m beyond its border."""
    whole = random_town(request.param)
    near = replace(whole, buffer_m=20.0)
    return planner.assess(whole, STANDARD), planner.assess(near, STANDARD)


@pytest.mark.long
def test_it_is_told_by_how_much_a_mean_may_be_shorter(results):
    whole, near = results
    code = "analysis.walks_perhaps_shorter"
    (told,) = [each.params for each in near.findings if each.code == code]
    assert code not in {each.code for each in whole.findings}
    people = near.district.demand["population"].fillna(0).to_numpy(dtype=float)
    most = 0.0
    for kind in near.judged_kinds:
        far, best = near.distances[kind].to_numpy(), near.best_distances[kind].to_numpy()
        kept = np.isfinite(far) & (people > 0)
        if not kept.any():
            continue
        mean = near.summary().set_index(["kind", "group"]).loc[(kind, "population")]
        least = np.average(best[kept], weights=people[kept])
        most = max(most, mean["mean_distance_m"] - least)
    assert told["metres"] == round(most)


def test_who_may_have_a_nearer_one_is_in_no_measure_of_inequality(results):
    _, near = results
    kind = "clinic"
    rows = near.summary().set_index(["kind", "group"]).loc[(kind, "population")]
    found = equity(near, [kind], groups=["population"]).iloc[0]
    known = near.within(kind, "population").notna().to_numpy()
    metres = near.distances[kind].to_numpy()
    people = near.district.demand["population"].fillna(0).to_numpy(dtype=float)
    assert found["unknown"] == pytest.approx(rows["unknown"])
    assert found["unknown"] > 0
    kept = known & np.isfinite(metres)
    assert found["people"] == pytest.approx(people[kept].sum())
    assert found["gini"] == pytest.approx(gini(metres[kept], people[kept]))
    curve = distance_lorenz(near, kind, group="population")
    assert len(curve) == 1 + int((kept & (people > 0)).sum())
