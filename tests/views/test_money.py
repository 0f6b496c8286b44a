"""Money that is small in its unit is not told as nothing: in tables, terminals, sentences."""

import pytest
from demo_part import part_of_demo

import planner
from planner.cli.shared.tables import rows_table
from planner.district import Money
from planner.district.defaults import YUAN
from planner.siting.budget import best_mix
from planner.siting.change_prices import money_of
from planner.siting.costs import builtin_costs
from planner.views.tables.siting.budget import mix_table
from planner.views.tables.siting.one_stop import buildings_table
from planner.views.tables.siting.proposals import sites_table
from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.plan.targets import money_range
from planner.views.words.siting.proposals import answer

UNIT = "EUR 1,000,000"


@pytest.fixture(scope="module")
def result():
    """A part of the demo with candidates of small prices, in a unit of which one is counted."""
    district = part_of_demo(3)
    costs = [0.04 + 0.001 * number for number in range(len(district.candidates))]
    own = district.with_layers(candidates=district.candidates.assign(cost=costs))
    return planner.assess(own.with_defaults(currency="EUR"))


def test_a_site_tells_its_cost_and_what_each_resident_costs(result):
    proposal = planner.propose(result, "clinic", 2, where=["candidates"])
    table = sites_table(proposal)
    assert table.iloc[:, 7].tolist() == pytest.approx(proposal.sites["cost"].tolist(), rel=5e-3)
    told = table.iloc[:, 8]
    assert told.tolist() == pytest.approx(proposal.sites["cost_per_resident"].tolist(), rel=5e-3)
    assert (told > 0).all()


@pytest.mark.long
def test_buildings_and_remedies_tell_what_each_gain_costs(result):
    proposal = planner.propose_one_stop(
        result, ["clinic", "police_room"], 0.2, where=["candidates"]
    )
    told = buildings_table(proposal)
    assert (told.filter(like="Cost") > 0).all(axis=None)
    mix = best_mix(result, 0.2, ["clinic"])
    assert len(mix.chosen) > 0
    assert (mix_table(mix).filter(like="Cost") > 0).all(axis=None)


def test_placeholders_are_in_no_money_but_their_own(result):
    """Where a district names a currency and its prices are those that ship, in 10,000 yuan."""
    bare = result.district.candidates.assign(cost=float("nan"))
    unpriced = planner.assess(result.district.with_layers(candidates=bare))
    for where, place in (("candidates", unpriced), ("homes", result)):
        proposal = planner.propose(place, "clinic", 2, where=[where])
        headings = list(sites_table(proposal, "en"))
        assert "Cost (10,000 yuan)" in headings
        assert "Cost per resident (yuan)" in headings
        said = " ".join(answer(proposal, "en"))
        assert "EUR" not in said
    # prices of candidates beside placeholders are together in neither
    few = result.district.candidates["cost"].where(result.district.candidates.index % 2 == 0)
    some = result.district.with_layers(candidates=result.district.candidates.assign(cost=few))
    told = [money_of(each, builtin_costs()) for each in (result.district, unpriced.district, some)]
    assert told == [Money("EUR"), YUAN, Money()]
    kept = planner.propose(result, "clinic", 2, where=["candidates"])
    assert "Cost (EUR)" in list(sites_table(kept, "en"))


def test_a_terminal_does_not_round_them_away(result):
    proposal = planner.propose(result, "clinic", 1, where=["candidates"])
    shown = rows_table("", sites_table(proposal), 3).columns[8]
    assert [float(str(cell)) > 0 for cell in shown.cells] == [True]


def test_a_sum_of_the_plan_is_not_told_as_nothing():
    labels = Labels("en")
    assert money_range(labels, 0.04, 0.063, "EUR 1,000,000").startswith("0.04 to 0.063 (")
    assert money_range(labels, 12.0, 12.0, "EUR 1,000").startswith("12 (")


def test_a_sentence_has_the_decimals_that_it_needs():
    labels = Labels("en")
    assert [money(each, labels) for each in (0.0, 0.0285, 5.2, 63.27, 1200.0)] == [
        "0",
        "0.0285",
        "5.2",
        "63.3",
        "1,200",
    ]
