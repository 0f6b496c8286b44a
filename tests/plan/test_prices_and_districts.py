"""A proposal's price is the advice's, its figures are of what it says, its data of its place."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from street_town import CRS, X, Y, covered, crowded_street

import planner
from planner.district import (
    Close,
    Connect,
    District,
    Enlarge,
    ExtendHours,
    Open,
    OpenInternal,
    Scenario,
    Source,
)
from planner.errors import InputError
from planner.plan import ConflictError, Plan
from planner.plan.coordination.fitting import misfits
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.years.years import joint_plan
from planner.plan.exchange.file import read_plan
from planner.plan.proposals import making
from planner.plan.proposals.by_hand import Described, change_by_hand
from planner.plan.proposals.computing import compute
from planner.siting import relocate
from planner.siting.budget import best_mix
from planner.siting.candidates import PlaceOptions
from planner.siting.change_prices import prices_of, unit_of_price
from planner.siting.costs import builtin_costs
from planner.sources import read_district
from planner.sources.corrections import read_corrections
from planner.views.words.labels import Labels
from planner.views.words.plan.brought import brings_sentence
from planner.views.words.plan.prices import anew_sentences, former_price_sentence
from planner.views.words.plan.proposals import cost_source_word

DEAR = replace(builtin_costs(), site_fixed=977.0, currency="CNY 10,000", verified=True)


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street(), groups=["population", "pop_65plus"])


@pytest.fixture(scope="module")
def one_stop(result):
    return planner.propose_one_stop(result, ["clinic", "police_room"], 4000.0, costs=DEAR)


@pytest.mark.long
def test_an_advice_keeps_its_prices_and_who_answers_for_them(
    file_plan: Plan, result, one_stop
) -> None:
    advices = [
        planner.propose(result, kind="clinic", new=2, where=["homes"], costs=DEAR),
        one_stop,
        best_mix(result, 3000.0, ["clinic"], links=0, costs=DEAR),
        relocate(result, "clinic", moves=1, where=["homes"], costs=DEAR),
    ]
    for advice in advices:
        made = file_plan.propose(advice, figures=False)
        assert sum(each.cost for each in made) == pytest.approx(advice.cost), type(advice)
        assert {(each.currency, each.cost_source) for each in made} == {("CNY 10,000", "verified")}


@pytest.mark.long
def test_a_price_that_a_site_tells_is_in_the_money_of_its_district(
    file_plan: Plan, result, monkeypatch
) -> None:
    layer = gpd.GeoDataFrame(
        {"candidate_id": ["a", "b"], "cost": [80.0, None]},
        geometry=[shapely.Point(X + metres, Y) for metres in (3200.0, 1500.0)],
        crs=CRS,
    )
    place = result.district.with_layers(candidates=layer).with_defaults(currency="EUR 1,000")
    sources = (*place.sources, Source("candidates", "sites.csv"))
    abroad = planner.assess(replace(place, sources=sources))
    advice = planner.propose(abroad, kind="clinic", new=2, where=["candidates"])
    made = {each.cost: each for each in file_plan.propose(advice, figures=False)}
    listed = next(cost for cost in made if cost != 80.0)
    assert (made[80.0].currency, made[80.0].cost_source) == ("EUR 1,000", "site:sites.csv")
    said = {
        language: cost_source_word(Labels(language), made[80.0].cost_source)
        for language in ("en", "zh")
    }
    assert said == {
        "en": "by the data of candidate sites: sites.csv",
        "zh": "按备选点数据：sites.csv",
    }
    assert (made[listed].currency, made[listed].cost_source) == ("CNY 10,000", "unverified")
    limit = {"department": "health", "year": 2027, "amount": 50, "currency": "EUR 1,000"}
    file_plan.set_limit(**limit)
    file_plan.edit(made[80.0].id, year=2027)
    (budget,) = file_plan.budgets()
    assert (budget.asked.low, budget.asked.unpriced) == (80.0, ())
    both = [Open("n1", "clinic", X + 3200.0, Y), Open("n2", "police_room", X + 3200.0, Y)]
    gate = Connect(X, Y, X + 10.0, Y)
    assert unit_of_price(place, both, builtin_costs()) is None
    assert unit_of_price(place, [gate], builtin_costs()) == "CNY 10,000"
    assert unit_of_price(place, [gate], replace(DEAR, currency="")) == "EUR 1,000"
    # where the district names no currency, neither its own prices nor placeholders are in yuan;
    # that it lies in China, where they are, is looked past
    monkeypatch.setattr(District, "lies_in_mainland_china", False)
    nowhere = place.with_defaults(currency="")
    for steps in (both, both[:1], [gate]):
        assert unit_of_price(nowhere, steps, builtin_costs()) == ""
    assert unit_of_price(nowhere, [gate], replace(DEAR, currency="EUR 1")) == "EUR"
    assert unit_of_price(nowhere, both[:1], replace(DEAR, currency="EUR 1")) == ""
    assert unit_of_price(nowhere, both, replace(DEAR, currency="EUR 1")) is None


def test_a_one_stop_scenario_costs_what_its_advice_costs(
    file_plan: Plan, result, one_stop, tmp_path: Path
) -> None:
    file = tmp_path / "scenario.json"
    one_stop.scenario("both").save(file)
    assert len(one_stop.buildings["kinds"].str.split(";").explode()) > len(one_stop.buildings)
    made = file_plan.propose(Scenario.load(file), assessment=result, costs=DEAR, figures=False)
    wanted = sorted(one_stop.buildings["cost"])
    assert sorted(each.cost for each in made) == pytest.approx(wanted)


def test_premises_are_shared_at_the_price_of_premises(file_plan: Plan, result) -> None:
    steps = change_by_hand(result.district, "share_premises", Described("police_room", "unit"))
    (made,) = file_plan.propose(steps, assessment=result, figures=False)
    area = result.standard.rules["police_room"].floor_area_m2
    prices = builtin_costs()
    assert made.action == "share_premises"
    assert made.cost == prices.site(area) * (1 - prices.one_stop_saving)
    assert [made.cost] == prices_of(result, made.changes, prices)


def test_what_has_no_price_makes_the_whole_have_none(file_plan: Plan, result) -> None:
    steps = [Enlarge("a", 80.0), ExtendHours("a", "24/7")]
    (made,) = file_plan.propose(steps, assessment=result, figures=False)
    assert (made.cost, made.currency, made.cost_source) == (None, "", "")


def test_prices_in_another_currency_are_refused(file_plan: Plan, result) -> None:
    euros = replace(DEAR, currency="EUR")
    with pytest.raises(InputError) as error:
        file_plan.propose([Open("n", "clinic", X, Y)], assessment=result, costs=euros)
    assert error.value.code == "siting.other_currency"


@pytest.mark.long
def test_a_proposal_that_moves_forgets_what_it_brought(file_plan: Plan, result) -> None:
    (made,) = file_plan.propose([Open("n", "clinic", X + 3200, Y)], assessment=result)
    assert made.figures.gained() > 0
    renamed = file_plan.edit(made, title="North clinic")
    assert renamed.figures == made.figures
    moved = file_plan.edit(renamed, changes=[Open("elsewhere", "clinic", X + 60, Y)])
    assert moved.figures is None
    assert file_plan.stale(moved, result) == ("never",)
    assert [step.facility_id for step in moved.changes] == [f"{made.id}/clinic"]
    anew = file_plan.recompute(moved.id, result)
    brought = covered(result.apply(moved.scenario())) - covered(result)
    assert anew.figures.gained() == brought < made.figures.gained()


@pytest.mark.long
def test_figures_of_what_was_read_are_not_those_of_another(file_plan: Plan, result) -> None:
    (read,) = file_plan.propose([Open("n", "clinic", X + 3200, Y)], assessment=result)
    file_plan.edit(read.id, changes=[Open("n", "clinic", X + 60, Y)])
    with pytest.raises(ConflictError):
        file_plan.recompute(read, result)
    assert file_plan.get(read.id).figures is None


def test_what_does_not_say_what_is_built_has_no_figures(file_plan: Plan, result) -> None:
    gaps = result.gaps("clinic")
    made = file_plan.propose(gaps, assessment=result)
    open_ended = [each for each in made if not each.changes]
    assert open_ended
    for each in open_ended:
        assert each.figures is None
        with pytest.raises(InputError) as error:
            file_plan.recompute(each, result)
        assert error.value.code == "plan.nothing_to_count"


def test_a_facility_that_is_another_by_now_is_not_closed_in_its_place(
    file_plan: Plan, result
) -> None:
    (made,) = file_plan.propose([Close("a")], assessment=result)
    ids = {"a": "b", "b": "a"}
    rows = result.district.facilities
    renumbered = rows.assign(facility_id=[ids.get(own, own) for own in rows["facility_id"]])
    now = planner.assess(result.district.with_layers(facilities=renumbered))
    with pytest.raises(InputError) as error:
        file_plan.recompute(made, now)
    assert error.value.code == "district.scenario_other_facility"


def test_a_sum_of_which_one_is_not_known_is_not_known(file_plan: Plan, result) -> None:
    (made,) = file_plan.propose([Open("n", "clinic", X + 3200, Y)], assessment=result)
    told = made.figures
    row = told.rows[0]
    other = replace(row, kind="library", covered_before=None, covered_after=None)
    assert replace(told, rows=(row, other)).gained() is None
    # of a kind without a limit there is nothing to gain
    assert replace(told, rows=(row, replace(other, limit_m=None))).gained() == row.gained


def test_two_of_one_kind_in_one_proposal_both_count(file_plan: Plan, result) -> None:
    steps = [Open("n", "clinic", X + 3200, Y), Open("m", "clinic", X + 1500, Y)]
    (one,) = file_plan.propose(steps[:1], assessment=result, figures=False)
    both = file_plan.edit(one, changes=steps)
    gains = Gains(result)
    brought = covered(result.apply(both.scenario())) - covered(result)
    assert (gains.of([both], "clinic").T @ gains.people).tolist() == [brought]
    assert brought > (gains.of([one], "clinic").T @ gains.people)[0]


TWO = [Open("n", "clinic", X + 3200, Y), Open("m", "library", X + 3200, Y)]


@pytest.mark.long
def test_a_price_by_the_list_is_of_what_is_done(file_plan: Plan, result) -> None:
    """Two kinds for the price of one would be half of what a limit is held against."""
    (one,) = file_plan.propose(TWO[:1], assessment=result)
    alone, both_cost = one.cost, sum(prices_of(result, TWO, builtin_costs()))
    assert one.cost_source == "unverified"
    assert both_cost > alone > 0
    assert file_plan.edit(one, title="Clinic").cost == alone
    both = file_plan.edit(one.id, changes=TWO, kinds=["clinic", "library"])
    assert (both.cost, both.currency, both.cost_source, both.figures) == (None, "", "", None)
    labels = Labels("en")
    told = former_price_sentence(labels, both, file_plan.priced_as(both))
    assert "Community health station (clinic) (version 1)" in told
    assert "no price until it is computed anew" in told
    anew = file_plan.recompute(both.id, result)
    assert (anew.cost, anew.currency) == (pytest.approx(both_cost), one.currency)
    assert (anew.cost_source, file_plan.priced_as(anew)) == ("unverified", None)
    # computed anew for what it is already, the price of another list stays
    assert file_plan.recompute(anew.id, result, costs=DEAR).cost == anew.cost
    assert file_plan.verify() == ()


def test_a_price_that_somebody_gave_stays_and_says_for_what(file_plan: Plan, result) -> None:
    (one,) = file_plan.propose(TWO[:1], assessment=result)
    given = file_plan.edit(one, cost=600.0, cost_source="the design institute")
    both = file_plan.edit(given, changes=TWO, kinds=["clinic", "library"])
    assert (both.cost, both.cost_source) == (600.0, "the design institute")
    anew = file_plan.recompute(both.id, result)
    assert (anew.cost, anew.cost_source) == (600.0, "the design institute")
    before = file_plan.priced_as(anew)
    assert (before.kinds, before.version) == (("clinic",), given.version)
    assert "given for" in former_price_sentence(Labels("en"), anew, before)
    again = file_plan.edit(anew, cost=900.0, cost_source="the design institute")
    assert file_plan.priced_as(again) is None
    # given with the edit, it is of what the edit makes of it
    moved = [Open("n", "clinic", X + 60, Y)]
    assert file_plan.priced_as(
        file_plan.edit(again, changes=moved, kinds=["clinic"], cost=7.0)
    ) is (None)


@pytest.mark.long
@pytest.mark.parametrize("edit", [{"cost": 60.0}, {"cost_high": 9e9}])
def test_an_amount_that_somebody_writes_is_not_the_lists(file_plan: Plan, result, edit) -> None:
    (one,) = file_plan.propose(TWO[:1], assessment=result)
    assert file_plan.edit(one, **edit).cost_source == ""


@pytest.mark.long
def test_a_price_that_an_older_version_kept_is_told_and_mended(file_plan: Plan, result) -> None:
    (one,) = file_plan.propose(TWO[:1], assessment=result)
    wanted = replace(one, changes=making.as_kept(replace(one, changes=tuple(TWO)), one.id).changes)
    wanted = replace(wanted, kinds=("clinic", "library"), figures=None)
    kept = file_plan._write_edit(one, wanted.to_row(), "")
    assert kept.cost == one.cost
    assert "compute it anew" in former_price_sentence(Labels("en"), kept, file_plan.priced_as(kept))
    assert file_plan.recompute(kept.id, result).cost > one.cost


@pytest.mark.parametrize(
    ("steps", "kinds", "fits"),
    [
        (TWO[:1], ["clinic", "library"], False),
        (TWO, ["clinic"], False),
        (TWO, ["library", "clinic"], True),
        ([OpenInternal("unit")], ["clinic"], True),
        ([OpenInternal("unit")], ["library"], False),
        ([Connect(X, Y, X + 50, Y)], ["library"], True),
    ],
)
def test_kinds_are_those_of_what_is_done(file_plan: Plan, result, steps, kinds, fits) -> None:
    (one,) = file_plan.propose(steps, assessment=result, figures=False)
    if fits:
        assert file_plan.edit(one, kinds=kinds).kinds == tuple(kinds)
        return
    with pytest.raises(InputError) as error:
        file_plan.edit(one, kinds=kinds)
    assert error.value.code == "plan.kinds_differ"
    assert file_plan.get(one.id) == one
    with pytest.raises(InputError) as error:
        file_plan.add(changes=one.changes, kinds=kinds, known_by=one.known_by, crs=one.crs)
    assert error.value.code == "plan.kinds_differ"


@pytest.fixture
def copies(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "north.gpkg", tmp_path / "south.gpkg"]
    for file in files:
        planner.write_district(crowded_street(), file)
    return files


def decided(plan: Plan, result, workspace: str, metres: float):
    steps = [Open("n", "clinic", X + metres, Y)]
    (made,) = plan.propose(steps, assessment=result, workspace=workspace)
    plan.edit(made, department="health")
    for name in ("submit", "take_up"):
        plan.step(made.id, name)
    plan.review(made.id, "support", "good", "planning")
    plan.step(made.id, "approve")
    return plan.get(made.id)


@pytest.mark.long
def test_what_is_decided_elsewhere_brings_nothing_here(file_plan: Plan, copies: list[Path]) -> None:
    north, south = copies
    result = planner.assess(read_district(north))
    own = decided(file_plan, result, north.name, 3200.0)
    other = decided(file_plan, result, south.name, 3200.0)
    assert other.figures.gained() == own.figures.gained() > 0
    assert [each.id for each in file_plan.decided(north.name)] == [own.id]
    for ask in (
        file_plan.decided,
        lambda: file_plan.joint(result),
        lambda: file_plan.agenda(result),
    ):
        with pytest.raises(InputError) as error:
            ask()
        assert error.value.code == "plan.several_workspaces"
    for ask in (
        lambda: file_plan.recompute(own, result, south.name),
        lambda: file_plan.open_in(own, south, "seen"),
    ):
        with pytest.raises(InputError) as error:
            ask()
        assert error.value.code == "plan.other_workspace"
    assert read_corrections(south).steps == ()
    assert file_plan.open_in(own, north, "seen")[0].status == "opened"


@pytest.mark.long
def test_nothing_is_corrected_by_an_outdated_version(file_plan: Plan, copies: list[Path]) -> None:
    north, _ = copies
    result = planner.assess(read_district(north))
    read = decided(file_plan, result, north.name, 3200.0)
    file_plan.edit(read, changes=[Open("n", "clinic", X + 60, Y)], why="another plot")
    with pytest.raises(ConflictError):
        file_plan.open_in(read, north, "seen")
    assert read_corrections(north).steps == ()


@pytest.mark.long
def test_places_in_another_crs_are_not_taken_for_places_here(file_plan: Plan, result) -> None:
    (made,) = file_plan.propose([Open("n", "clinic", X, Y)], assessment=result, figures=False)
    assert made.crs == CRS
    other = replace(made, crs="EPSG:4526")
    with pytest.raises(InputError) as error:
        compute(result, other)
    assert error.value.code == "district.scenario_crs"
    assert joint_plan(result, [made]).years == ("today", "open")
    both = joint_plan(result, [made, other])
    assert [(each.proposal, each.reason.code) for each in both.misfits] == [
        (other, "district.scenario_crs")
    ]
    assert both.coverage.equals(joint_plan(result, [made]).coverage)


def test_a_decided_proposal_that_no_longer_fits_hinders_no_figures(
    file_plan: Plan, result, tmp_path: Path
) -> None:
    (odd,) = file_plan.propose(
        [Close("a")], assessment=result, title="Old room", figures=False, workspace="t"
    )
    (read,) = file_plan.propose(
        [Open("n", "clinic", X + 3200, Y)], assessment=result, workspace="t"
    )
    for name in ("submit", "take_up"):
        file_plan.step(odd.id, name)
    for each in file_plan.case(odd.id).waiting_for:
        file_plan.review(odd.id, "support", "good", each.department)
    file_plan.step(odd.id, "approve")
    rows = result.district.facilities
    left = rows[rows["facility_id"] != "a"].reset_index(drop=True)
    now = planner.assess(result.district.with_layers(facilities=left))
    (fresh,) = file_plan.propose([Open("n", "clinic", X + 3200, Y)], assessment=now, workspace="t")
    again = file_plan.recompute(read, now, "t")
    alone = compute(now, fresh)
    for made in (fresh, again):
        (told,) = made.figures.left_out
        assert (told.proposal, told.reason.code) == (odd.id, "district.no_such_facility")
        assert made.figures.rows == alone.rows
        kept = file_plan.get(made.id)
        assert kept.figures.left_out[0].reason.params["facility_id"] == "a"
        # it is in the base, so that a decision that is put right makes them stale
        assert file_plan.stale(kept, now) == ()
        for language in ("en", "zh"):
            said = brings_sentence(Labels.of(now.district, language), kept)
            assert "Old room" in said
            assert odd.id in said
    with pytest.raises(InputError, match=odd.id) as error:
        file_plan.compare(now, "t")
    assert error.value.code == "plan.nothing_fits"
    file_plan.export(tmp_path / "plan.json.gz")
    assert read_plan(tmp_path / "plan.json.gz").entries


def test_an_amount_given_to_a_draft_has_no_range_or_source_of_a_list(
    file_plan: Plan, result
) -> None:
    (draft,) = making.drafts(TWO[:1], result)
    ranged = replace(draft, cost_high=9e6)
    (own,) = file_plan.propose([ranged], assessment=result, figures=False, cost=100.0)
    assert (own.cost, own.cost_high, own.cost_source) == (100.0, None, "")
    told = {"cost": 50.0, "cost_high": 90.0, "cost_source": "tender"}
    (own,) = file_plan.propose([ranged], assessment=result, figures=False, **told)
    assert {name: getattr(own, name) for name in told} == told
    (wide,) = file_plan.propose([draft], assessment=result, figures=False, cost_high=9e6)
    assert (wide.cost, wide.cost_source) == (draft.cost, "")
    # what says nothing of the price leaves it
    (kept,) = file_plan.propose([ranged], assessment=result, figures=False, title="Clinic")
    assert (kept.cost, kept.cost_high, kept.cost_source) == (draft.cost, 9e6, "unverified")
    assert file_plan.edit(kept, cost=9e7).cost_high is None


@pytest.mark.long
def test_what_departments_saw_without_a_price_gets_none_by_itself(file_plan: Plan, result) -> None:
    unpriced = {"cost": None, "currency": "", "department": "health"}
    (read,) = file_plan.propose(TWO[:1], assessment=result, **unpriced)
    for name in ("submit", "take_up"):
        file_plan.step(read.id, name)
    for asked in file_plan.case(read.id).waiting_for:
        file_plan.review(read.id, "support", "fits", asked.department)
    before = file_plan.case(read.id)
    kept = file_plan.recompute(read.id, result)
    after = file_plan.case(read.id)
    assert (kept.cost, kept.cost_source, after.waiting_for) == (None, "", ())
    assert kept.figures.gained() > 0
    assert "left without a price" in " ".join(anew_sentences(Labels("en"), before, after))
    # a draft gets that of the list: nobody spoke of it yet
    (draft,) = file_plan.propose(TWO[:1], assessment=result, **unpriced)
    assert file_plan.recompute(draft, result).cost > 0


@pytest.mark.long
def test_a_new_price_says_whose_word_it_voids(file_plan: Plan, result) -> None:
    (read,) = file_plan.propose(TWO[:1], assessment=result, department="health")
    file_plan.step(read.id, "submit")
    file_plan.edit(read.id, changes=TWO, kinds=["clinic", "library"])
    file_plan.review(read.id, "support", "fits", "planning")
    before = file_plan.case(read.id)
    assert file_plan.recompute(read.id, result).cost > 0
    after = file_plan.case(read.id)
    for language in ("en", "zh"):
        labels = Labels(language)
        (told,) = anew_sentences(labels, before, after)
        assert labels.department("planning") in told
    assert anew_sentences(Labels("en"), after, after) == []


def _abroad(costs, places=(3200.0, 1500.0)):
    """Return the street in a district of euros whose candidates tell these prices."""
    ids = [f"k{number}" for number in range(len(costs))]
    shapes = [shapely.Point(X + metres, Y) for metres in places]
    layer = gpd.GeoDataFrame({"candidate_id": ids, "cost": costs}, geometry=shapes, crs=CRS)
    place = crowded_street().with_layers(candidates=layer).with_defaults(currency="EUR 1,000")
    place = replace(place, sources=(*place.sources, Source("candidates", "sites.csv")))
    return planner.assess(place, groups=["population", "pop_65plus"])


def _approved(plan: Plan, made):
    plan.edit(made.id, department="health", year=2027)
    plan.step(made.id, "submit")
    plan.step(made.id, "take_up")
    for asked in plan.case(made.id).consultations:
        plan.consult(made.id, asked.department, "none", why="agreed")
    plan.step(made.id, "approve")
    return plan.get(made.id)


@pytest.mark.long
def test_what_is_chosen_freely_is_never_priced_in_two_units(file_plan: Plan) -> None:
    """What a site says is in euros, what the list says in yuan: their sum is in neither."""
    about = _abroad([80.0, 40.0])
    steps = [Open("n", "clinic", X + 2300.0, Y)]
    (listed,) = file_plan.propose(steps, assessment=about, figures=False)
    assert listed.currency == "CNY 10,000"
    _approved(file_plan, listed)
    at_sites = PlaceOptions(where=["candidates"])
    with pytest.raises(InputError) as refused:
        file_plan.compare(about, kinds=["clinic"], places=at_sites)
    assert refused.value.code in ("plan.other_currency", "plan.offers_in_two_currencies")


@pytest.mark.long
def test_what_is_all_priced_by_sites_is_compared_in_their_unit(file_plan: Plan) -> None:
    about = _abroad([80.0, 40.0])
    steps = [Open("n", "clinic", X + 3200.0, Y)]
    (own,) = file_plan.propose(steps, assessment=about, figures=False)
    assert own.currency == "EUR 1,000"
    _approved(file_plan, own)
    found = file_plan.compare(about, kinds=["clinic"], places=PlaceOptions(where=["candidates"]))
    assert found.decided.cost == 80.0
    assert set(found.free.actions["cost"]) <= {80.0, 40.0}


@pytest.mark.long
def test_a_newer_list_of_sites_tells_another_price(file_plan: Plan) -> None:
    before, after, gone = _abroad([80.0, 40.0]), _abroad([120.0, 40.0]), _abroad([None, 40.0])
    steps = [Open("n", "clinic", X + 3200.0, Y)]
    (draft,) = file_plan.propose(steps, assessment=before)
    (other,) = file_plan.propose(steps, assessment=before)
    kept = _approved(file_plan, other)
    assert file_plan.joint(before).findings == ()
    (told,) = file_plan.joint(after).findings
    assert (told.code, told.params["cost"], told.params["now"]) == (
        "plan.site_priced_otherwise",
        80.0,
        120.0,
    )
    assert file_plan.agenda(after).repriced == (told,)
    (lost,) = file_plan.joint(gone).findings
    assert lost.code == "plan.site_without_price"
    # nobody has seen the price of a draft: it follows; what departments saw stays as they saw it
    assert file_plan.recompute(draft.id, after).cost == 120.0
    assert file_plan.recompute(kept.id, after).cost == 80.0


def test_a_limit_is_in_the_unit_of_the_prices(file_plan: Plan) -> None:
    assert file_plan.usual_unit() == builtin_costs().currency
    steps = [Open("n", "clinic", X + 3200.0, Y)]
    file_plan.propose(steps, assessment=_abroad([80.0, 40.0]), figures=False, workspace="a.gpkg")
    assert file_plan.usual_unit("a.gpkg") == file_plan.usual_unit() == "EUR 1,000"
    assert file_plan.usual_unit("b.gpkg") == builtin_costs().currency
    file_plan.propose([Open("n", "clinic", X, Y)], assessment=planner.assess(crowded_street()))
    assert file_plan.usual_unit() == builtin_costs().currency


def _elsewhere(metres: float):
    """Return the street some way to the east, as a district of its own."""
    place = crowded_street()
    moved = {
        name: layer.assign(geometry=layer.geometry.translate(metres, 0.0))
        for name, layer in place.layers.items()
        if len(layer)
    }
    return planner.assess(District.from_layers("B", moved, kinds=place.kinds))


def test_two_districts_whose_files_bear_one_name_are_not_added_up(file_plan: Plan, result) -> None:
    about = {"figures": False, "workspace": "city.gpkg"}
    (one,) = file_plan.propose([Open("n", "clinic", X + 3200.0, Y)], assessment=result, **about)
    far = _elsewhere(9000.0)
    steps = [Open("m", "clinic", X + 12_200.0, Y)]
    with pytest.raises(InputError) as refused:
        file_plan.propose(steps, assessment=far, **about)
    assert refused.value.code == "plan.namesake"
    assert len(file_plan.proposals()) == 1
    # under a name of its own it is another district; nearby it is the same one
    file_plan.propose(steps, assessment=far, figures=False, workspace="b.gpkg")
    file_plan.propose([Open("k", "clinic", X + 900.0, Y)], assessment=_elsewhere(300.0), **about)
    assert misfits(result.district, [one]) == []


def test_what_lies_far_from_the_district_is_named_and_not_carried_out(
    file_plan: Plan, result
) -> None:
    """As where the plan of another office brings it under the same name."""
    far = _elsewhere(9000.0)
    (made,) = file_plan.propose([Open("m", "clinic", X + 12_200.0, Y)], assessment=far)
    (told,) = misfits(result.district, [made])
    assert told.reason.code == "plan.far_from_district"
    assert misfits(far.district, [made]) == []


@pytest.mark.long
def test_a_list_that_tells_no_unit_is_in_the_districts(file_plan: Plan) -> None:
    about = _abroad([80.0, None])
    own_list = replace(builtin_costs(), currency="", verified=True)
    made = file_plan.propose(
        [Open("n", "clinic", X + 2300.0, Y)], assessment=about, figures=False, costs=own_list
    )
    assert made[0].currency == "EUR 1,000"
    _approved(file_plan, made[0])
    places = PlaceOptions(where=["candidates"], costs=own_list)
    found = file_plan.compare(about, kinds=["clinic"], places=places)
    assert found.currency == "EUR 1,000"
