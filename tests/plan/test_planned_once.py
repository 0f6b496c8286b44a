"""Whatever becomes of houses and their parts, each proposal counts once or not at all."""

import math
import random
from collections import Counter

import pytest
from effort import tries
from street_town import X, Y, crowded_street

import planner
from planner.district import Open
from planner.errors import InputError
from planner.plan import Plan
from planner.plan.coordination.houses import planned_once
from planner.plan.proposals.statuses import DECIDED, OPEN
from planner.plan.workflow.steps import STEPS

UNIT = "CNY 10,000"
PRICES = {"clinic": 100.0, "police_room": 50.0, "library": 300.0}
ONWARD = ("combine", "submit", "take_up", "approve", "reopen")
DEEDS = ("cost", "year", *STEPS, *ONWARD * 3)
"""What is done by chance: what leads on more often than what ends, so that houses go all ways."""
COUNTING = (*OPEN, *DECIDED, "opened")


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


def planned(plan: Plan, result) -> None:
    """One proposal of each kind, and a limit for each department that proposes."""
    for number, (kind, cost) in enumerate(PRICES.items()):
        told = {"currency": UNIT, "cost_high": None, "cost_source": "tender", "year": 2028}
        steps = [Open("n", kind, X + 3200.0 + 60.0 * number, Y, kind)]
        plan.propose(steps, assessment=result, cost=cost, **told)
    for department in {each.department for each in plan.proposals()}:
        plan.set_limit(department=department, year=2028, amount=500.0, currency=UNIT)


def one_thing(plan: Plan, result, chance: random.Random) -> str:
    """Do something that may happen to a plan, or nothing where it is refused."""
    # in an order that does not hang on ids, which are by chance
    everything = sorted(plan.proposals(), key=lambda each: (each.kinds, each.status))
    own = chance.choice(everything)
    deed = chance.choice(DEEDS)
    try:
        if deed == "combine":
            singles = [each for each in everything if not each.made_of]
            plan.combine(chance.sample(singles, 2), result)
        elif deed == "cost":
            plan.edit(own, cost=own.cost and own.cost + 10.0, why="another tender")
        elif deed == "year":
            plan.edit(own, year=chance.choice((None, 2028)), why="another year")
        else:
            if deed == "approve":
                for asked in plan.case(own.id).waiting_for:
                    plan.review(own.id, "support", "fits", asked.department)
            plan.step(own, deed, "why", by=chance.choice(everything).id, source="hand-over")
    except InputError:
        return ""
    return deed


def check(plan: Plan) -> None:
    """What counts is counted once, and the limits together have the cost of all that counts."""
    everything = plan.proposals()
    counting = [each for each in planned_once(everything) if each.status in COUNTING]
    times = Counter(own for each in counting for own in each.made_of or (each.id,))
    for each in everything:
        if not each.made_of:
            lives = each.status in COUNTING
            assert times[each.id] <= 1, each.id
            assert times[each.id] == 1 or not lives, each.id
    dated = [each for each in counting if each.year == 2028]
    budgets = plan.budgets()
    told = [own for it in budgets for own in (*it.decided.proposals, *it.asked.proposals)]
    assert sorted(told) == sorted(each.id for each in dated)
    spent = math.fsum(it.decided.low + it.asked.low for it in budgets)
    assert spent == pytest.approx(math.fsum(each.cost or 0.0 for each in dated))
    for house in filter(lambda each: each.made_of and each.status in DECIDED, counting):
        assert all(plan.get(own).status not in COUNTING for own in house.made_of)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(tries(2, 8)))
def test_each_proposal_counts_once_whatever_happens(file_target, opened, result, seed) -> None:
    plan, chance = opened(file_target), random.Random(seed)
    planned(plan, result)
    plan.combine([each.id for each in plan.proposals()[:2]], result)
    done: Counter[str] = Counter()
    for _ in range(60):
        done[one_thing(plan, result, chance)] += 1
        check(plan)
    assert len(done) > 3, "most of what may happen was refused"
    assert plan.verify() == ()


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_part_decided_elsewhere_and_its_house_count_once(
    file_target, opened, result, tmp_path, side
) -> None:
    """One office approves the house while the other approves one of its parts."""
    plan, other = opened(file_target), opened(str(tmp_path / "other.sqlite"))
    planned(plan, result)
    other.merge(plan.export(tmp_path / "before.plan"))
    clinic, room, _ = plan.proposals()
    house = plan.combine([clinic.id, room.id], result)
    for where, own in ((plan, house.id), (other, room.id)):
        where.step(own, "submit")
        where.step(own, "take_up")
        for asked in where.case(own).waiting_for:
            where.review(own, "support", "fits", asked.department)
        where.step(own, "approve")
    here, there = plan.export(tmp_path / "ours.plan"), other.export(tmp_path / "theirs.plan")
    for where, file in ((plan, there), (other, here)):
        conflicts = where.merge(file).conflicts
        check(where)
        where.merge(file, {each.row_id: side for each in conflicts})
        check(where)
        assert where.get(room.id).superseded_by == house.id
        assert where.verify() == ()
