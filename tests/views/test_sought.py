"""What sites were sought by stands beside what they bring, and the proof is of that."""

import itertools

import numpy as np
import pandas as pd
import pytest

import planner
from planner.siting import relocate
from planner.views.words.labels import Labels
from planner.views.words.siting.proposals import answer
from planner.views.words.siting.relocations import relocation_answer
from planner.views.words.siting.sought import of_curves

PLAIN = "Proven: no other choice among these"
OF_IT = "Proven: by what was sought, "


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district(), "gb50180-2018")


def test_the_most_within_the_limit_need_no_word_of_it(result):
    told = " ".join(answer(planner.propose(result, "clinic", 2)))
    assert PLAIN in told
    assert "ought" not in told


@pytest.mark.long(but=6)
@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"objective": "distance"}, "Sought was the least walking of all together"),
        ({"objective": "farthest"}, "Sought was the shortest longest walk"),
        ({"objective": "worst_first"}, "Sought was the best for the worst-off community"),
        ({"objective": "everyone", "share": 0.5}, "Sought were the fewest sites that bring 50% of"),
        ({"floor": {"990702001001": 0.3}}, "a coverage rate of 30% at least"),
        ({"backup": 0.25}, "A second facility within the limit counts too, for 25% of each"),
        ({"apart_m": 300}, "300 m apart at least"),
        ({"fixed": 1}, "1 of the sites was required"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_else_was_sought_is_told_and_the_proof_is_of_it(result, asked, word, language):
    if "fixed" in asked:
        free = planner.propose(result, "clinic", 1).candidates["site_id"]
        asked = {"fixed": [free.iloc[0]]}
    new = 30 if asked.get("objective") == "everyone" else 3
    told = answer(planner.propose(result, "clinic", new, time_limit_s=2, **asked), language)
    if language == "zh":
        assert any("就所求目标而言" in line for line in told)
        return
    assert any(word in line for line in told), told
    assert any(line.startswith(OF_IT) for line in told), told
    assert not any(line.startswith(PLAIN) for line in told)


def test_the_mean_walk_that_is_told_is_that_of_the_sites(result):
    proposal = planner.propose(result, "clinic", 2, objective="distance")
    today = result.distances["clinic"].to_numpy()
    after = proposal.after.distances["clinic"].to_numpy()
    kept = np.isfinite(today) & (proposal.people > 0)
    assert np.allclose(proposal.walks()[kept], after[kept], atol=0.01)
    mean = np.average(after[kept], weights=proposal.people[kept])
    told = " ".join(answer(proposal))
    assert f"and {round(mean):,} m with the sites" in told


def test_relocating_by_distance_is_proven_by_distance(result):
    told = " ".join(relocation_answer(relocate(result, "clinic", 1, objective="distance")))
    assert "do all together walk less. By the limit another may be better." in told


def shares_after(proposal, sites):
    """Return the share within the limit of each community with some candidates."""
    metres = proposal.assessment.distances["clinic"].to_numpy().copy()
    part = proposal.distances[:, sites].tocoo()
    np.fmin.at(metres, part.row, part.data)
    people = pd.Series(proposal.people)
    area = proposal.assessment.district.demand["community_id"].to_numpy()
    return (people * (metres <= proposal.limit_m)).groupby(area).sum() / people.groupby(area).sum()


@pytest.mark.long
def test_swaps_keep_the_floors_of_communities(result):
    """Of all swaps that lose little, those stay after which no community is below its floor."""
    free = planner.propose(result, "clinic", 4, time_limit_s=2)
    most = shares_after(free, np.arange(len(free.candidates)))
    lacking = most - shares_after(free, free.siting.sites)
    own = str(lacking.idxmax())
    floor = {own: float(most[own] - lacking[own] / 2)}
    proposal = planner.propose(result, "clinic", 4, floor=floor, time_limit_s=2)
    offered = set(proposal.alternatives(0.5)[["site_id", "instead"]].itertuples(index=False))
    ids = proposal.candidates["site_id"].tolist()
    chosen = proposal.sites["site_id"].tolist()
    before = proposal.counts()[0][0]
    found = {True: 0, False: 0}
    for site, other in itertools.product(chosen, set(ids) - set(chosen)):
        sites = np.array([ids.index(each) for each in (*(set(chosen) - {site}), other)])
        if proposal.counts_with(sites)[0] - before < 0.5 * proposal.gained:
            continue
        keeps = bool(shares_after(proposal, sites)[own] >= floor[own] - 1e-9)
        assert ((site, other) in offered) == keeps, (site, other)
        found[keeps] += 1
    assert all(found.values()), found


def test_curves_say_what_they_do_not_heed(result):
    labels = Labels("en")
    told = [
        bool(of_curves(planner.propose(result, "clinic", 2, **asked), labels))
        for asked in ({}, {"budget": 500.0}, {"backup": 0.2}, {"objective": "farthest"})
    ]
    assert told == [False, True, True, True]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("objective", ["distance", "farthest", "worst_first", "everyone"])
def test_a_first_facility_is_sought_too(result, objective):
    """Nobody can walk to one today, so that there is no mean walk of today."""
    demo = result.district
    others = demo.facilities[demo.facilities["kind"] != "clinic"]
    first = planner.assess(demo.with_layers(facilities=others).with_complete(["clinic"]))
    new = 80 if objective == "everyone" else 3
    told = " ".join(answer(planner.propose(first, "clinic", new, objective=objective)))
    assert "ought w" in told
    assert "nan" not in told
