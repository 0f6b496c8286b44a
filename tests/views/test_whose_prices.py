"""Whose prices a plan was made with: those of the list of candidates, or placeholders."""

import numpy as np
import pytest
from demo_part import part_of_demo

import planner
from planner.siting.budget import best_mix
from planner.views.words.labels import Labels
from planner.views.words.siting.budget import mix_sentences
from planner.views.words.siting.one_stop import building_prices

SAY = Labels("en").message
LISTED, ASSUMED = SAY("siting.own_costs"), SAY("siting.unverified_costs")


def priced(cost: float):
    """A part of the demo whose candidates all name their price, and no unit has doors to open."""
    part = part_of_demo(3)
    facilities = part.facilities[part.facilities["ownership"] != "internal"]
    return part.with_layers(
        candidates=part.candidates.assign(cost=cost), facilities=facilities.reset_index(drop=True)
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("cost", "told"), [(60.0, [LISTED]), (np.nan, [ASSUMED])], ids=["listed", "assumed"]
)
def test_prices_of_the_list_are_called_no_placeholders(cost, told):
    result = planner.assess(priced(cost), groups=["population"])
    mix = best_mix(result, 260.0, ["clinic"], links=0)
    assert set(mix.table["remedy"]) == {"build"}
    assert [line for line in mix_sentences(mix) if line in (LISTED, ASSUMED)] == told
    alone = planner.propose_one_stop(
        result, ["clinic"], 260.0, where=["candidates"], max_iterations=50
    )
    assert len(alone.buildings)
    assert building_prices(alone, Labels("en")) == told


def test_what_shares_a_building_is_of_the_assumed_prices_too():
    result = planner.assess(priced(60.0), groups=["population"])
    shared = planner.propose_one_stop(
        result,
        ["clinic", "service_station"],
        150.0,
        where=["candidates"],
        buildings=1,
        fitting=False,
        max_iterations=50,
    )
    assert shared.buildings["kinds"].str.contains(";").any()
    assert building_prices(shared, Labels("en")) == [LISTED, ASSUMED]
