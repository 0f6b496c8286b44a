"""What an action keeps: the homes that it brings, and no number for every other home."""

import numpy as np

import planner
from planner.siting.actions import facility_actions, stacked
from planner.siting.budget import best_mix
from planner.siting.candidates import PlaceOptions, candidate_sites
from planner.siting.costs import builtin_costs
from planner.siting.walks import keeps, site_distances, uncovered


def test_an_action_holds_the_homes_that_it_brings_alone():
    result = planner.assess(planner.demo_district())
    sites = candidate_sites(result, "clinic", where="candidates")
    made = facility_actions(result, "clinic", "population", sites, builtin_costs())
    assert len(made) == len(sites) > 10
    limit = result.limit_m("clinic")
    covers = keeps(site_distances(result, sites, "clinic", limit), limit).toarray().astype(bool)
    missed = uncovered(result, "clinic", limit)
    for number, each in enumerate(made):
        assert each.gains.tolist() == np.flatnonzero(covers[:, number] & missed).tolist()
    homes = len(missed)
    below = stacked(made, ["library", "clinic"], homes)
    assert below.shape == (2 * homes, len(made))
    assert not below[:homes].nnz
    assert np.array_equal(below[homes:].toarray() > 0, covers & missed[:, None])
    assert stacked([], ["clinic"], homes).shape == (homes, 0)


def test_one_origin_is_not_its_letters():
    result = planner.assess(planner.demo_district())
    assert PlaceOptions(where="streets").where == ("streets",)
    assert best_mix(result, budget=50.0, kinds="clinic", where="candidates").kinds == ("clinic",)
