"""The joint plan by community and year, what its money buys, and what its compromise costs."""

import dataclasses
import datetime as dt
import itertools
import math
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
import shapely
from docx import Document
from effort import few
from street_town import CRS, LENGTH, X, Y, crowded_street, frame
from test_coordination import at, decided

import planner
from planner.district import Close, Connect, Kinds, Open, OpenInternal, Scenario
from planner.errors import InputError
from planner.plan import Plan
from planner.plan.coordination.compromise.pricing import Pricing
from planner.plan.coordination.compromise.shared_places import shared_places
from planner.plan.coordination.compromise.standing import standing
from planner.plan.proposals import computing, figures
from planner.reports.agenda import agenda_docx
from planner.siting.actions import facility_actions
from planner.siting.candidates import PlaceOptions
from planner.views.tables.plan.joint_plan import choices_table, costs_table, money_table
from planner.views.tables.plan.plan import proposals_table
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points
from planner.views.words.plan.joint_plan import compromise_sentences, cost_words

GROUPS = ["population", "pop_65plus"]
UNIT = "CNY 10,000"


def four_communities() -> planner.District:
    """The same street in four communities of two subdistricts."""
    whole = crowded_street()
    width = LENGTH // 4
    homes = whole.demand.geometry.x.to_numpy() - X
    return whole.with_layers(
        communities=frame(
            [shapely.box(X + n * width, Y - 50, X + (n + 1) * width, Y + 50) for n in range(4)],
            community_id=[f"c{n}" for n in range(4)],
            name=[f"Community {n}" for n in range(4)],
            subdistrict=["West", "West", "East", "East"],
        ),
        demand=whole.demand.assign(community_id=[f"c{int(x // width)}" for x in homes]),
    )


@pytest.fixture(scope="module")
def of_clinics():
    """The street of whose clinics alone there is data, for what is tried in each way there is."""
    return planner.assess(crowded_street(complete=["clinic"]))


@pytest.fixture(scope="module")
def result():
    return planner.assess(four_communities(), groups=GROUPS)


def approved(plan: Plan, result, metres: float, kind: str = "clinic", **values: object):
    told = {"cost": 100.0, "currency": UNIT, **values}
    return decided(plan, at(plan, result, metres, kind, **told))


def filled(plan: Plan, result) -> list:
    """Decide a clinic in one year, a way and a closing in the next, an open door last."""
    made = [approved(plan, result, 3200.0, year=2027)]
    others = ([Connect(X + 2000, Y, X + 2600, Y), Close("d")], [OpenInternal("unit")])
    for steps, year in zip(others, (2028, None), strict=True):
        told = {"year": year, "cost": 40.0, "currency": UNIT}
        new = plan.propose(steps, assessment=result, figures=False, **told)
        made += [decided(plan, each) for each in new]
    return made


@pytest.mark.long
@pytest.mark.parametrize("level", ["community", "subdistrict"])
def test_each_year_of_each_area_is_a_new_assessment(file_plan: Plan, result, level) -> None:
    filled(file_plan, result)
    joint = file_plan.joint(result)
    assert joint.years == ("today", "2027", "2028", "open")
    areas, today = joint.areas(level), result.league(level)["covered"].to_numpy()
    order = file_plan.decided()
    for number, year in enumerate(joint.years):
        done = [
            step
            for each in order
            if number and (str(each.year or "open") in joint.years[1 : number + 1])
            for step in each.changes
        ]
        fresh = planner.assess(result.apply(Scenario("x", done, CRS)).district, groups=GROUPS)
        rows = areas[areas["year"] == year].drop(columns=["year", "gained"]).reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, fresh.league(level)[list(rows.columns)])
        gained = areas.loc[areas["year"] == year, "gained"].to_numpy()
        assert np.array_equal(
            gained, fresh.league(level)["covered"].to_numpy() - today, equal_nan=True
        )
        for mine, theirs in zip(
            (joint.after[number].distances, joint.after[number].nearest),
            (fresh.distances, fresh.nearest),
            strict=True,
        ):
            pd.testing.assert_frame_equal(mine, theirs)
    assert areas["gained"].max() > 0 > areas["gained"].min()


@pytest.mark.long
def test_who_is_left_out_is_told_by_community_and_the_unknown_apart(file_plan: Plan) -> None:
    district = four_communities()
    far = district.demand.geometry.to_numpy().copy()
    far[-1] = shapely.Point(X + LENGTH - 100, Y + 5_000.0)
    district = district.with_layers(demand=district.demand.set_geometry(far, crs=CRS))
    result = planner.assess(district, groups=GROUPS)
    approved(file_plan, result, 3200.0, year=2027)
    joint = file_plan.joint(result)
    after = joint.after[-1]
    rows = joint.left_out()
    clinics = rows[(rows["kind"] == "clinic") & (rows["group"] == "population")]
    metres = after.distances["clinic"].to_numpy()
    people = district.demand["population"].to_numpy()
    homes = district.demand["community_id"].to_numpy()
    assert np.isnan(metres[-1])
    for row in clinics.itertuples():
        own = homes == row.area_id
        assert row.uncovered == people[own & (metres > 300)].sum()
        assert row.homes == (own & (metres > 300)).sum()
        assert row.unknown == people[own & np.isnan(metres)].sum()
        assert row.homes_unknown == (own & np.isnan(metres)).sum()
    assert clinics["uncovered"].sum() == people[metres > 300].sum() > 0
    assert clinics["unknown"].sum() == people[-1]
    assert clinics["uncovered"].is_monotonic_decreasing
    assert joint.left_out("today")["uncovered"].sum() > rows["uncovered"].sum()
    assert set(joint.left_out(level="subdistrict")["area_id"]) <= {"West", "East"}


@pytest.mark.long
def test_homes_are_counted_in_every_area_whoever_lives_there(file_plan: Plan, result) -> None:
    district = result.district
    there = district.demand["community_id"].to_numpy()
    none = district.demand.assign(pop_65plus=np.where(there == "c0", 0.0, 5.0))
    state = planner.assess(district.with_layers(demand=none), groups=GROUPS)
    approved(file_plan, state, 3200.0, year=2027)
    joint = file_plan.joint(state)
    metres = state.distances["clinic"].to_numpy()
    beyond = {area: int((metres[there == area] > 300).sum()) for area in np.unique(there)}
    assert beyond["c0"] > 0
    for group in GROUPS:
        rows = joint.homes_beyond("today", kind="clinic")
        rows = rows[rows["group"] == group]
        assert dict(zip(rows["area_id"], rows["homes"], strict=True)) == beyond
        assert (rows["homes_unknown"] == 0).all()
    old = joint.left_out("today", kind="clinic").query("group == 'pop_65plus'")
    assert "c0" not in set(old["area_id"])
    assert set(joint.left_out("today")["homes"]) <= set(joint.homes_beyond("today")["homes"])
    assert "library" not in state.judged_kinds
    assert joint.homes_beyond(kind="library").empty


@pytest.mark.long
def test_that_none_are_left_out_is_not_told_of_who_is_withheld(file_plan: Plan, result) -> None:
    """An area of which counts are withheld is listed, with homes beyond and without."""
    own = result.district.demand
    few = own.assign(pop_65plus=np.where(own["community_id"] == "c2", 0.2, 5.0))
    district = result.district.with_layers(demand=few).withhold(5)
    state = planner.assess(district, groups=GROUPS)
    for metres in (2200.0, 2600.0, 2950.0):
        approved(file_plan, state, metres, year=2027)
    joint = file_plan.joint(state)
    homes = joint.homes_beyond("2027", kind="clinic").query("group == 'pop_65plus'")
    (inside,) = homes.loc[homes["area_id"] == "c2", "homes"]
    assert inside == 0
    for year in joint.years:
        rows = joint.left_out(year, kind="clinic").query("group == 'pop_65plus'")
        kept_back = rows[rows["uncovered"].isna()]
        assert set(kept_back["area_id"]) == {"c2", "c3"}


@pytest.mark.long
def test_few_who_gain_are_withheld_as_few_who_are_covered(file_plan: Plan, result) -> None:
    own = result.district.demand
    few = own.assign(pop_65plus=np.where(own["community_id"] == "c1", 2.0, 5.0))
    district = result.district.with_layers(demand=few).withhold(5)
    state = planner.assess(district, groups=GROUPS)
    approved(file_plan, state, 1900.0, year=2027)
    (more,) = file_plan.propose([Close("c")], assessment=state, figures=False, year=2028)
    decided(file_plan, more)
    joint = file_plan.joint(state)
    counted = [table.league("community", "clinic")["covered"].to_numpy() for table in joint.after]
    changes = np.concatenate([each - counted[0] for each in counted])
    rows = joint.areas(kind="clinic")
    old = (rows["group"] == "pop_65plus").to_numpy()
    small = old & (np.abs(changes) > 0) & (np.abs(changes) < 5)
    assert (changes[small] > 0).any()
    assert (changes[old & ~small] < 0).any()
    assert np.array_equal(
        rows["gained"].to_numpy(), np.where(small, np.nan, changes), equal_nan=True
    )


@pytest.mark.long
def test_the_agenda_calls_communities_and_own_kinds_by_name(file_plan: Plan, result) -> None:
    kinds = result.district.kinds
    own = dataclasses.replace(kinds["clinic"], en="Health hut", zh="卫生小屋")
    district = dataclasses.replace(result.district, kinds=kinds | Kinds({"clinic": own}))
    state = planner.assess(district, groups=GROUPS)
    file_plan.set_target(kind="clinic", year=2029, share=0.99, level="community", area="c1")
    for metres in (3200.0, 3220.0):
        file_plan.edit(at(file_plan, state, metres), title="")
    told = file_plan.agenda(state, gaps=state.gaps())
    points = agenda_points(Labels("en"), told, district)
    lines = [line for point in points for line in point.lines]
    assert [line for line in lines if line.startswith("Health hut, Community 1: 99.0%")]
    assert sum("Health hut" in line for line in lines) > 2
    assert not [line for line in lines if Labels("en").kind("clinic") in line]
    document = Document(BytesIO(agenda_docx(told, state, Labels("zh"), dt.datetime(2026, 5, 1))))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("卫生小屋" in each and "Community 1" in each for each in cells)


@pytest.mark.long
@pytest.mark.parametrize(("today", "past"), [((2020, 1, 1), False), ((2029, 1, 1), True)])
def test_the_agenda_is_told_of_its_own_day(file_plan: Plan, result, today, past) -> None:
    file_plan.set_target(kind="clinic", year=2029, share=0.99)
    agenda = file_plan.agenda(result, today=dt.date(*today))
    assert agenda.targets[0].first_missed.latest["build"] == (2027, 12)
    points = agenda_points(Labels("en"), agenda)
    ((target,),) = [each.lines for each in points if each.heading == "Targets"]
    assert ("new facility by 2027-12, which is past" in target) == past, target


@pytest.mark.long
def test_small_numbers_are_withheld_in_every_year(file_plan: Plan) -> None:
    """A reader for whom small counts are withheld is told none of them by year, nor by sums."""
    district = four_communities()
    few = np.where(district.demand["community_id"] == "c2", 0.2, 5.0)
    district = district.with_layers(demand=district.demand.assign(pop_65plus=few)).withhold(5)
    result = planner.assess(district, groups=GROUPS)
    assert result.league("community").query("group == 'pop_65plus'")["total"].isna().any()
    approved(file_plan, result, 2600.0, year=2027)
    approved(file_plan, result, 3200.0, year=2028)
    joint = file_plan.joint(result)
    fresh = {
        year: state.league("community")
        for year, state in zip(joint.years, joint.after, strict=True)
    }
    rows = joint.areas().query("group == 'pop_65plus'")
    for year, own in rows.groupby("year", sort=False):
        told = fresh[year].query("group == 'pop_65plus'")
        hidden = told["covered"].isna().to_numpy()
        assert np.array_equal(own["covered"].isna().to_numpy(), hidden)
        assert own["gained"].isna().to_numpy()[hidden].all()
        assert not own["covered"].between(0, 5, inclusive="neither").any()
        assert hidden.any()
        left = joint.left_out(year).query("group == 'pop_65plus'")
        assert not left["uncovered"].between(0, 5, inclusive="neither").any()
    agenda = file_plan.agenda(result, group="population")
    assert "pop_65plus" not in str(agenda)


@pytest.mark.long
def test_what_the_money_buys_by_year(file_plan: Plan, result) -> None:
    approved(file_plan, result, 3200.0, year=2027, cost=100.0)
    approved(file_plan, result, 1500.0, year=2027, cost=20.0)
    approved(file_plan, result, 2600.0, year=2028, cost=None, currency="")
    joint = file_plan.joint(result)
    money = joint.money()
    gained = joint.coverage.query("group == 'population' and judged")
    by_year = gained.groupby("year", sort=False)["gained"].sum()
    assert money["year"].tolist() == ["2027", "2028"]
    assert money["cost"].fillna(-1.0).tolist() == [120.0, -1.0]
    assert money["cost_most"].tolist()[0] == 120.0
    # without a price there is no upper end, and nothing is told for the money
    assert money[["cost_most", "spent_most", "gained_per_cost"]].iloc[1].isna().all()
    assert money["gained"].tolist() == [by_year["2027"], by_year["2028"]]
    assert money["added"].tolist() == [by_year["2027"], by_year["2028"] - by_year["2027"]]
    assert money["gained_per_cost"].iloc[0] == by_year["2027"] / 120.0
    assert money["gained"].iloc[1] > money["gained"].iloc[0] > 0


@pytest.mark.long
def test_what_has_no_price_costs_not_nothing(file_plan: Plan, result) -> None:
    low = approved(file_plan, result, 3200.0, year=2027, cost=0.25, cost_high=0.5)
    approved(file_plan, result, 1500.0, year=2027, cost=0.5)
    approved(file_plan, result, 2600.0, year=2028, cost=None, currency="")
    costs = file_plan.joint(result).costs.set_index("year")
    assert costs.loc["2027", ["cost", "cost_most"]].tolist() == [0.75, 1.0]
    assert costs.loc["2028", ["cost", "cost_most"]].isna().all()
    labels = Labels("en")
    assert cost_words(labels, math.nan, math.nan, "") == "no price"
    assert cost_words(labels, math.nan, math.nan, "CNY;EUR") == "not added up: several units"
    cases = file_plan.cases()
    table = proposals_table(cases, labels, result.district.kinds).set_index("Proposal")
    assert table.loc[low.id, ["Cost", "Cost, at most"]].tolist() == [0.25, 0.5]
    assert table["Cost, at most"].isna().sum() == 1


@pytest.mark.long
def test_a_price_between_two_is_a_range_and_one_of_it_is_compared(file_plan: Plan, result) -> None:
    approved(file_plan, result, 3200.0, year=2027, cost=100.0, cost_high=140.0)
    approved(file_plan, result, 1500.0, year=2027, cost=20.0)
    joint = file_plan.joint(result)
    (money,) = joint.money().to_dict("records")
    assert (money["cost"], money["cost_most"]) == (120.0, 160.0)
    assert money["gained_per_cost"] == money["gained"] / 160.0
    assert money["gained_per_cost_most"] == money["gained"] / 120.0
    spent = {price: file_plan.compare(result, price=price) for price in ("low", "mid", "high")}
    assert {price: each.budget for price, each in spent.items()} == {
        "low": 120.0,
        "mid": 140.0,
        "high": 160.0,
    }
    assert {each.decided.cost for each in spent.values()} == {120.0, 140.0, 160.0}
    assert {each.ranges for each in spent.values()} == {1}
    for price, word in (("low", "the lowest"), ("high", "the highest")):
        assert word in " ".join(compromise_sentences(spent[price]))
    with pytest.raises(InputError, match="no price of a range"):
        file_plan.compare(result, price="best")


@pytest.mark.long
def test_money_in_several_units_is_not_added_up(file_plan: Plan, result) -> None:
    approved(file_plan, result, 3200.0, year=2027, cost=100.0)
    approved(file_plan, result, 1500.0, year=2028, cost=20.0, currency="EUR")
    money = file_plan.joint(result).money()
    assert money["cost"].tolist() == [100.0, 20.0]
    assert np.isnan(money["spent"].iloc[1])
    assert np.isnan(money["gained_per_cost"].iloc[1])
    with pytest.raises(InputError, match="units"):
        file_plan.compare(result)


@pytest.mark.long
@pytest.mark.parametrize(
    ("prices", "told"),
    [
        # another unit is another sum, and none is taken from a later year
        ([(50.0, "CNY"), (7.0, "EUR")], ["50 (CNY)", "not added up: several units"]),
        ([(50.0, ""), (7.0, "CNY")], ["50", "not added up: several units"]),
        ([(50.0, "CNY"), (None, "")], ["50 (CNY)", "at least 50 (CNY)"]),
        ([(50.0, "CNY"), (7.0, "CNY")], ["50 (CNY)", "57 (CNY)"]),
    ],
)
def test_what_is_spent_by_a_year_is_in_the_units_so_far(
    file_plan: Plan, result, prices, told
) -> None:
    for (cost, currency), metres, year in zip(prices, (3200.0, 1500.0), (2027, 2028), strict=True):
        approved(file_plan, result, metres, year=year, cost=cost, currency=currency)
    labels = Labels("en")
    joint = file_plan.joint(result)
    table = money_table(joint.money(), labels, joint.costs)
    assert table[labels.message("plan_words.col_spent")].tolist() == told


@pytest.mark.long
def test_what_is_decided_is_counted_as_the_joint_plan_counts_it(file_plan: Plan, result) -> None:
    filled(file_plan, result)
    joint = file_plan.joint(result)
    for group in GROUPS:
        found = file_plan.compare(result, group=group)
        last = joint.coverage.query("year == 'open' and judged and group == @group")
        assert found.decided.gained == last["gained"].sum()
        own = found.by_kind.query("choice == 'decided'").set_index("kind")["gained"]
        assert own.to_dict() == last.set_index("kind")["gained"].to_dict()
        pd.testing.assert_frame_equal(found.decided.after.distances, joint.after[-1].distances)
        assert found.decided.cost == joint.costs["cost"].sum()


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "words"),
    few(
        [
            ("en", ("at least 100", "2 decided proposals have no price")),
            ("zh", ("至少 100", "2 个")),
        ],
        1,
    ),
)
def test_what_is_compared_without_a_price_is_told_and_costs_are_the_least(
    file_plan: Plan, result, language, words
) -> None:
    """Neither a proposal without a price nor an amount in no unit is one of nothing."""
    approved(file_plan, result, 3200.0, cost=100.0)
    whole = file_plan.compare(result)
    assert whole.unpriced == ()
    assert "at least" not in " ".join(compromise_sentences(whole))
    none = approved(file_plan, result, 2600.0, cost=None, currency="")
    no_unit = approved(file_plan, result, 1500.0, cost=70.0, cost_high=90.0, currency="")
    found = file_plan.compare(result)
    assert set(found.unpriced) == {none.id, no_unit.id} <= set(found.standing)
    assert (found.budget, found.decided.cost, found.ranges) == (100.0, 100.0, 0)
    assert found.table["unpriced"].tolist() == [2, 2, 2]
    labels = Labels(language)
    told = compromise_sentences(found, language)
    # the plan of one budget, which offers ways, may bring far more: why is said on the page
    ways = {
        "en": "Gates, footbridges and paths that are not decided are not",
        "zh": "步行通道不在其中",
    }
    assert ways[language] in " ".join(told)
    assert words[0] in told[0]
    assert words[1] in " ".join(told)
    freely = next(line for line in told[1:] if labels.number(found.free.cost) in line)
    assert words[0].split()[0] in freely
    heading = choices_table(found, labels).columns[1]
    assert labels.message("plan_words.at_least", cost="").strip() in heading


def gained_by(result, changes) -> float:
    after = result.apply(Scenario("x", changes, CRS))
    rows = [each.summary().query("group == 'population' and judged") for each in (after, result)]
    return float(rows[0]["covered"].sum() - rows[1]["covered"].sum())


@pytest.mark.long
def test_the_free_choice_is_the_best_of_all(file_plan: Plan, of_clinics) -> None:
    """Every choice that the money pays for is tried, each by an assessment of its own."""
    plans = [
        approved(file_plan, of_clinics, 1500.0, cost=50.0),
        approved(file_plan, of_clinics, 800.0, cost=90.0),
    ]
    places = PlaceOptions(where=["candidates", "internal"])
    found = file_plan.compare(of_clinics, budget=170.0, kinds=["clinic"], places=places)
    sites, _ = places.offered(of_clinics, "clinic")
    offers = [
        (each.cost, (each.change,))
        for each in facility_actions(of_clinics, "clinic", "population", sites, places.prices)
        if (each.x, each.y) != (X + 1500.0, Y)
    ]
    whole = [(each.cost, each.changes) for each in plans] + offers
    best = {True: 0.0, False: 0.0}
    for count in range(len(whole) + 1):
        for some in itertools.combinations(range(len(whole)), count):
            if sum(whole[row][0] for row in some) > 170.0:
                continue
            gained = gained_by(of_clinics, [step for row in some for step in whole[row][1]])
            best[False] = max(best[False], gained)
            if {0, 1} <= set(some):
                best[True] = max(best[True], gained)
    assert found.completed.optimal
    assert found.free.optimal
    assert found.completed.gained == best[True]
    assert found.free.gained == best[False] > best[True] > found.decided.gained > 0
    assert found.given_up == best[False] - best[True]
    assert found.given_up_most == pytest.approx(found.given_up)
    for each in found.choices.values():
        assert each.cost <= 170.0
    # at the place of the first the list asks 50 as well: it is offered once, as the plan's
    assert not any("s1" in each for each in found.free.actions["id"])
    assert set(found.differences["change"]) <= {"left_out", "instead"}


@pytest.mark.long
def test_with_no_money_left_the_plan_is_complete(file_plan: Plan, result) -> None:
    approved(file_plan, result, 800.0, cost=90.0)
    found = file_plan.compare(result)
    assert found.budget == 90.0
    assert found.completed.gained == found.decided.gained
    assert found.completed.siting is None
    assert found.free.gained > found.decided.gained
    table = found.table.set_index("choice")
    assert table["decided"]["decided"] == 1
    assert table["bound"]["free"] >= table["gained"]["free"] >= table["gained"]["completed"]


@pytest.mark.long
def test_what_cannot_be_chosen_otherwise_stays_in_every_choice(file_plan: Plan, result) -> None:
    clinic, *_ = filled(file_plan, result)
    unpriced = approved(file_plan, result, 2600.0, cost=None, currency="")
    fixed, free = standing(result, file_plan.decided(), Pricing(UNIT, "mid"))
    door = next(each for each in file_plan.decided() if each.action == "open_internal")
    assert {each.id for each in free} == {clinic.id, door.id}
    assert unpriced.id in {each.id for each in fixed}
    found = file_plan.compare(result)
    assert set(found.standing) == {each.id for each in fixed}
    for each in found.choices.values():
        facilities = each.after.district.facilities.set_index("facility_id")
        assert facilities["status"]["d"] == "closed"
        assert len(each.after.district.streets) == len(result.district.streets) + 1


@pytest.mark.long
def test_less_than_what_is_decided_is_refused(file_plan: Plan, result) -> None:
    with pytest.raises(InputError, match="nothing to compare"):
        file_plan.compare(result)
    approved(file_plan, result, 3200.0, cost=100.0)
    with pytest.raises(InputError, match="at least that"):
        file_plan.compare(result, budget=99.0)


@pytest.mark.long
def test_a_search_cut_short_still_has_a_bound(file_plan: Plan, result) -> None:
    from planner.location.limits import Limits

    approved(file_plan, result, 800.0, cost=200.0)
    whole = file_plan.compare(result)
    short = file_plan.compare(result, limits=Limits(time_limit_s=0.0))
    assert short.completed.gained <= short.free.gained <= whole.free.gained <= short.free.bound


@pytest.mark.long
def test_what_no_longer_fits_counts_in_no_choice(file_plan: Plan, result) -> None:
    filled(file_plan, result)
    left = result.district.facilities.query("facility_id != 'unit'").reset_index(drop=True)
    now = planner.assess(result.district.with_layers(facilities=left), groups=GROUPS)
    joint, found = file_plan.joint(now), file_plan.compare(now)
    (odd,) = found.misfits
    assert odd == joint.misfits[0]
    assert odd.proposal.id in " ".join(compromise_sentences(found))
    last = joint.coverage.query("year == @joint.years[-1] and judged and group == 'population'")
    assert found.decided.gained == last["gained"].sum()
    counted = joint.costs[joint.costs["state"] == "counted"]
    assert found.decided.cost == counted["cost"].sum() < joint.costs["cost"].sum()


def spent_everywhere(plan: Plan, result) -> tuple:
    """Decide two of one year of which one opens, one that no longer fits, and ask about all."""
    kept, done = (
        approved(plan, result, metres, year=2027, cost=cost, department="health")
        for metres, cost in ((3200.0, 300.0), (1500.0, 245.0))
    )
    told = {"year": 2027, "cost": 40.0, "currency": UNIT, "department": "health"}
    (door,) = plan.propose([OpenInternal("unit")], assessment=result, figures=False, **told)
    decided(plan, door)
    plan.step(done.id, "opened", source="seen")
    limit = {"department": "health", "year": 2027, "amount": 300.0, "currency": UNIT}
    plan.set_limit(**limit, workspace="")
    left = result.district.facilities.query("facility_id != 'unit'").reset_index(drop=True)
    return kept, done, planner.assess(result.district.with_layers(facilities=left), groups=GROUPS)


def test_what_opened_is_in_the_money_and_comes_to_what_limits_count(
    file_plan: Plan, result
) -> None:
    _kept, done, now = spent_everywhere(file_plan, result)
    joint = file_plan.joint(now)
    assert dict(zip(joint.costs["state"], joint.costs["cost"], strict=True)) == {
        "counted": 300.0,
        "opened": 245.0,
        "misfit": 40.0,
    }
    (budget,) = file_plan.budgets()
    assert joint.costs["cost"].sum() == budget.decided.low == 585.0
    # gained and money have one basis: what opened is gained by today already
    (row,) = joint.money().to_dict("records")
    assert (row["cost"], row["spent"]) == (300.0, 300.0)
    assert row["gained_per_cost"] == row["gained"] / 300.0
    labels = Labels("en")
    (told,) = costs_table(joint.costs, labels).to_dict("records")
    assert [told[name] for name in ("Counted in the years", "Already open", "Decided in all")] == [
        f"{amount} (10,000 yuan)" for amount in (300, 245, 585)
    ]
    first, year = money_table(joint.money(), labels, joint.costs).to_dict("records")
    assert (first["Year"], first["Cost"]) == ("Already open", "245 (10,000 yuan)")
    assert (year["Spent in all"], np.isnan(first["Gained in all"])) == ("300 (10,000 yuan)", True)
    # the answer is kept for the same state only
    file_plan.step(_kept.id, "opened", source="seen")
    after = file_plan.joint(now)
    assert after.years == ("today",)
    assert set(after.costs["state"]) == {"opened", "misfit"}
    assert after.costs["cost"].sum() == 585.0
    assert done.id in file_plan.budgets()[0].decided.proposals


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "words"),
    few(
        [
            (
                "en",
                (
                    "Compared is 1 decided",
                    "in every choice alike (cost: 245",
                ),
            ),
            ("zh", ("比较的是 1 个", "1 个方案已启用，不参与比较")),
        ],
        1,
    ),
)
def test_a_comparison_says_what_is_outside_of_it(file_plan: Plan, result, language, words) -> None:
    _, done, now = spent_everywhere(file_plan, result)
    found = file_plan.compare(now)
    assert (found.compared, found.opened.low, found.opened.proposals) == (1, 245.0, (done.id,))
    told = " ".join(compromise_sentences(found, language))
    assert all(each in told for each in words), told
    people = {"en": "residents within a limit", "zh": "名居民"}[language]
    assert people in told
    other = file_plan.propose([Open("n", "clinic", X + 800, Y)], assessment=now, figures=False)
    decided(file_plan, file_plan.edit(other[0], cost=7.0, currency="EUR"))
    file_plan.step(other[0].id, "opened", source="seen")
    # another currency is no part of the sum, and said to be missing
    told = " ".join(compromise_sentences(file_plan.compare(now), language))
    assert {"en": "at least 245", "zh": "至少 245"}[language] in told


@pytest.mark.long
def test_a_kind_without_a_limit_is_not_offered(file_plan: Plan, result) -> None:
    approved(file_plan, result, 3200.0)
    unjudged = next(kind for kind in result.kinds if kind not in result.judged_kinds)
    with pytest.raises(InputError, match="has no limit"):
        file_plan.compare(result, kinds=[unjudged])


@pytest.mark.long
def test_figures_of_several_are_those_of_each_alone(file_plan: Plan, result, monkeypatch) -> None:
    approved(file_plan, result, 3200.0)
    hashed: list[object] = []
    sign = figures.data_sign
    monkeypatch.setattr(figures, "data_sign", lambda each: hashed.append(each) or sign(each))
    steps = [Open(f"n{metres}", "clinic", X + metres, Y) for metres in (800.0, 1500.0, 3300.0)]
    made = file_plan.propose(steps, assessment=result)
    assert len(hashed) == 1
    assert len(made) == 3
    for each in made:
        alone = computing.compute(result, each, file_plan.decided())
        assert each.figures.rows == alone.rows
        assert each.figures.base == alone.base
        assert each.figures.data_sign == alone.data_sign
    assert len({each.figures.gained() for each in made}) == 3


@pytest.mark.long
def test_an_amount_without_a_unit_costs_not_nothing(file_plan: Plan, result) -> None:
    approved(file_plan, result, 3200.0, year=2027, cost=100.0, currency="")
    (row,) = file_plan.joint(result).money().to_dict("records")
    assert (row["cost"], row["spent"], row["unpriced"]) == (100.0, 100.0, 0)
    approved(file_plan, result, 800.0, year=2027, cost=50.0)
    (row,) = file_plan.joint(result).money().to_dict("records")
    assert math.isnan(row["cost"])
    assert cost_words(Labels("en"), row["cost"], row["cost_most"], row["currency"]) == (
        Labels("en").message("plan_words.several_units")
    )


def with_areas(area_m2: float) -> planner.Assessment:
    """The street of clinics and police rooms whose candidates are all as large."""
    town = crowded_street(complete=["clinic", "police_room"])
    return planner.assess(
        town.with_layers(candidates=town.candidates.assign(floor_area_m2=area_m2))
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("area_m2", "code"), [(150.0, "place_too_small"), (math.nan, "place_shared"), (500.0, "")]
)
def test_a_choice_that_one_place_cannot_hold_says_so(plan: Plan, area_m2: float, code: str) -> None:
    """Each by itself fits at a place of 150 m²; together they need 180."""
    listed, kinds = with_areas(area_m2), ["clinic", "police_room"]
    approved(plan, listed, 3200.0)
    approved(plan, listed, 3330.0, "police_room", cost=50.0)
    found = plan.compare(listed, kinds=kinds)
    places = found.free.actions.query("of == 'offer'")["id"].str.rpartition(":")[2]
    several = places.value_counts().eq(2).sum()
    assert several > 0
    told = [each for each in found.findings if each.code.startswith("plan.place_")]
    room = [each.code for each in told if each.code != "plan.place_paid_once"]
    assert room == [f"plan.{code}"] * several * bool(code)
    paid = [each.params for each in told if each.code == "plan.place_paid_once"]
    assert len(paid) == several
    assert all(each["cost"] < each["alone"] for each in paid)
    for each in told:
        assert each.params["needed_m2"] == 180
        assert sorted(each.params["kinds"].split(", ")) == kinds
    for language in ("en", "zh"):
        said = compromise_sentences(found, language)
        assert sum(" 180 " in line for line in said) == len(room)


def test_what_the_plan_builds_at_a_place_takes_room_there(file_plan: Plan) -> None:
    spot = with_areas(150.0).district.candidates.iloc[0]
    x, y = spot.geometry.x, spot.geometry.y
    steps = [Open("n", "clinic", x, y, floor_area_m2=140.0)]
    (made,) = file_plan.propose(steps, assessment=with_areas(150.0), figures=False)
    own = f"build:police_room:{spot['candidate_id']}"
    offer = {"of": "offer", "id": own, "remedy": "build", "kinds": "police_room", "name": ""}
    offer["cost"] = 60.0
    actions = pd.DataFrame([{**offer, "x": x, "y": y}])
    for area_m2, count in ((150.0, 1), (199.0, 1), (200.0, 0)):
        listed = with_areas(area_m2)
        assert len(list(shared_places(listed, actions, [made], {own: 60.0}))) == count
        assert list(shared_places(listed, actions, [], {own: 60.0})) == []
