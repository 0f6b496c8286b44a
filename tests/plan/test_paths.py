"""Paths against targets, budgets against limits, and years exchanged, counted by hand."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from itertools import combinations

import numpy as np
import pytest
import shapely
from docx import Document
from street_town import X, Y, covered, crowded_street

import planner
from planner.analysis.assessment import Assessment
from planner.district import Open, OpenInternal, Source
from planner.errors import InputError
from planner.plan import Plan, Proposal
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.years.years import joint_plan
from planner.plan.proposals.together import together
from planner.plan.store.memory import Memory
from planner.plan.targets.lead_times import LeadTimes, builtin_lead_times, read_lead_times
from planner.plan.targets.path import Growth, Stand
from planner.plan.targets.paths import paths
from planner.reports.agenda import agenda_docx
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points
from planner.views.words.plan.targets import (
    asked_word,
    goal_digits,
    goal_sentence,
    goal_stand_word,
    ids_word,
    path_outline,
    path_sentences,
    stand_word,
)


def test_a_long_list_of_ids_says_how_many_more_there_are() -> None:
    ids = [f"P-{number}" for number in range(7)]
    assert ids_word(Labels("en"), ids) == "P-0, P-1, P-2, P-3, P-4 and 2 more"
    assert ids_word(Labels("en"), ids[:5]) == "P-0, P-1, P-2, P-3, P-4"
    assert "另有 2 个" in ids_word(Labels("zh"), ids)


TODAY = date(2026, 5, 1)
MONEY = "CNY 10,000"


@pytest.fixture(scope="module")
def of_clinics():
    """The street of whose clinics alone there is data, for what is tried in each way there is."""
    return planner.assess(crowded_street(complete=["clinic"]))


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street(), groups=["population", "pop_65plus"])


def at(plan: Plan, result, metres: float, kind: str = "clinic", **values: object) -> Proposal:
    steps = [Open("n", kind, X + metres, Y)]
    given = {"department": "health", **values}
    (made,) = plan.propose(steps, assessment=result, figures=False, **given)
    return made


def decided(plan: Plan, proposal: Proposal) -> Proposal:
    plan.step(proposal, "submit")
    plan.step(proposal.id, "take_up")
    for asked in plan.case(proposal.id).consultations:
        plan.consult(proposal.id, asked.department, "none", why="agreed")
    return plan.step(proposal.id, "approve")


def people(result) -> float:
    return float(result.district.demand["population"].sum())


def path(plan: Plan, result, **values: object):
    own = plan.set_target(**{"kind": "clinic", **values})
    return next(each for each in plan.paths(result, today=TODAY) if each.target == own)


@pytest.mark.long
def test_the_path_is_that_of_the_joint_plan_and_says_what_lacks(file_plan: Plan, result) -> None:
    first = decided(file_plan, at(file_plan, result, 3200.0, year=2027))
    second = decided(file_plan, at(file_plan, result, 1500.0, year=2029))
    total = people(result)
    states = [covered(state) for state in file_plan.joint(result).after]
    told = path(file_plan, result, year=2028, share=0.9)
    shares = {stand.year: stand.low for stand in told.stands}
    assert shares == {
        2026: pytest.approx(states[0] / total),
        2027: pytest.approx(states[1] / total),
        2028: pytest.approx(states[1] / total),
        2029: pytest.approx(states[2] / total),
    }
    assert [(stand.low, stand.total) for stand in told.stands] == [
        (stand.high, total) for stand in told.stands
    ]
    (goal,) = told.goals
    assert (told.state, goal.state) == ("missed", "missed")
    assert goal.lacking_low == goal.lacking_high == np.ceil(0.9 * total - states[1])
    assert goal.latest["build"] == (2026, 12)
    assert goal.latest["open_internal"] == (2028, 9)
    near = states[2] / total
    later = path(file_plan, result, year=2028, share=near - 0.001)
    assert later.first_missed.reached_in == 2029
    assert path(file_plan, result, year=2029, share=near).state == "met"
    waiting = at(file_plan, result, 2600.0, year=2028)
    undated = decided(file_plan, at(file_plan, result, 3600.0))
    overdue = decided(file_plan, at(file_plan, result, 600.0, year=2025))
    told = file_plan.paths(result, today=TODAY)[0]
    assert (told.waiting, told.undated) == ((waiting.id,), (undated.id,))
    assert told.overdue == (overdue.id,)
    assert first.id not in told.undated + told.waiting
    # what should have been done before is done by the end of this year at the earliest
    assert told.stands[0].low > states[0] / total
    old = path(file_plan, result, year=2025, share=0.99)
    assert old.goals[0].stand.low == pytest.approx(states[0] / total)
    assert second.year == 2029


def test_only_open_proposals_that_help_a_target_are_told_and_whether_they_suffice(
    file_plan: Plan, result
) -> None:
    decided(file_plan, at(file_plan, result, 3200.0, year=2027))
    helps = [at(file_plan, result, metres, year=2028) for metres in (1500.0, 3700.0)]
    at(file_plan, result, 1500.0, year=2029)  # after the year of the target
    at(file_plan, result, 1500.0)  # in no year
    at(file_plan, result, 3200.0, year=2028)  # overtaken by what is decided
    at(file_plan, result, 1500.0, "library", year=2028)  # of another kind
    total = people(result)
    after = file_plan.joint(result).after[-1]
    reached = covered(after.apply(together("all", helps))) / total
    for share, state, words in (
        (reached, "met", ("would suffice", "足够")),
        (reached + 0.001, "missed", ("would not suffice. Still lacking then: ", "仍不够，尚缺")),
    ):
        told = path(file_plan, result, year=2028, share=share)
        assert (told.waiting, told.waiting_unknown) == (tuple(each.id for each in helps), ())
        assert told.with_waiting.state == state
        assert told.with_waiting.stand.low == pytest.approx(reached)
        for language, word in zip(("en", "zh"), words, strict=True):
            said = path_outline(Labels(language), told, TODAY)
            assert word in said
            assert "[" not in said
            assert all(each.id in said for each in helps)
    enough = covered(after) / total
    assert path(file_plan, result, year=2028, share=enough).waiting == ()


@pytest.mark.long
def test_what_is_decided_for_a_year_before_it_can_be_built_is_named(
    file_plan: Plan, result
) -> None:
    soon = decided(file_plan, at(file_plan, result, 3200.0, title="Clinic of the north", year=2027))
    late = decided(file_plan, at(file_plan, result, 1500.0, year=2100))
    approved = file_plan.approved_in()
    assert set(approved) == {soon.id, late.id}
    times = builtin_lead_times()
    year = max(approved[soon.id][0], 2027)
    dated = file_plan.edit(soon.id, year=year, why="sooner")
    told = path(file_plan, result, year=year, share=0.01)
    assert told.state == "met"
    (named,) = told.too_soon
    assert (named.proposal, named.counted) == (dated, year)
    assert named.built == times.built_by("build", approved[soon.id]) > year
    for language in ("en", "zh"):
        said = path_outline(Labels(language), told, TODAY)
        assert soon.id in said
        assert "Clinic of the north" in said
        assert str(named.built) in said
    quick = times.with_months(dict.fromkeys(times.months, 0))
    assert file_plan.paths(result, today=TODAY, lead_times=quick)[0].too_soon == ()


def test_until_when_to_approve_is_past_from_the_month_after(file_plan: Plan, result) -> None:
    told = path(file_plan, result, year=2028, share=0.99)
    assert told.goals[0].latest["build"] == (2026, 12)
    for day, past in ((date(2026, 12, 31), False), (date(2027, 1, 1), True)):
        assert ("2026-12, which is past" in path_outline(Labels("en"), told, day)) == past
    assert told.goals[0].latest["open_internal"] == (2028, 9)
    for day, past in ((date(2028, 9, 30), False), (date(2028, 10, 1), True)):
        assert ("2028-09, which is past" in path_outline(Labels("en"), told, day)) == past


def test_what_no_longer_fits_is_left_out_of_the_path_and_named(file_plan: Plan, result) -> None:
    steps = [OpenInternal("unit")]
    (made,) = file_plan.propose(
        steps, department="health", assessment=result, figures=False, year=2025
    )
    decided(file_plan, made)
    places = result.district.facilities
    without = result.district.with_layers(facilities=places[places["facility_id"] != "unit"])
    now = planner.assess(without, groups=["population"])
    for share, state in ((0.99, "missed"), (0.01, "met")):
        assert path(file_plan, result, year=2028, share=share).misfits == ()
        told = next(each for each in file_plan.paths(now, today=TODAY) if each.state == state)
        assert (told.misfits, told.overdue, told.undated) == ((made.id,), (), ())
        for language, words in (("en", "no longer fits the data"), ("zh", "不再相符")):
            (line,) = [
                each for each in path_sentences(Labels(language), told, TODAY) if made.id in each
            ]
            assert words in line
    assert path(file_plan, now, kind="nursery", year=2028, share=0.9).misfits == ()


@pytest.mark.long
def test_a_goal_whose_year_has_passed_is_held_against_today_and_says_so(
    file_plan: Plan, result
) -> None:
    decided(file_plan, at(file_plan, result, 3200.0, year=2026))
    today = covered(result) / people(result)
    for share, state in ((0.99, "missed"), (today, "met")):
        told = path(file_plan, result, year=2024, share=share)
        (goal,) = told.goals
        assert (goal.state, goal.by_today, goal.latest) == (state, True, None)
        assert goal.stand.low == pytest.approx(today)
        assert [(each.year, each.low is None) for each in told.stands] == [
            (2024, True),
            (2026, False),
        ]
        assert goal_stand_word(Labels("en"), told, goal).endswith("(today)")
        for language, words in (("en", "The end of 2024 has passed"), ("zh", "2024 年已过")):
            said = path_outline(Labels(language), told, TODAY)
            assert words in said
            assert "By the end of 2024 the plan reaches" not in said
    rising = path(file_plan, result, year=2025, share=0.97, step=0.01, years=3)
    assert [goal.by_today for goal in rising.goals] == [True, False, False]
    assert rising.first_missed.year == 2026


@pytest.mark.long
def test_people_are_counted_once_between_two_changes(file_plan: Plan, result, monkeypatch) -> None:
    decided(file_plan, at(file_plan, result, 3200.0, year=2029))
    target = file_plan.set_target(kind="clinic", year=2090, share=0.9)
    joint, counted, league = file_plan.joint(result), [], Assessment.league

    def noted(state, *about):
        counted.append(state)
        return league(state, *about)

    monkeypatch.setattr(Assessment, "league", noted)
    (told,) = paths([target], joint, file_plan.proposals(), builtin_lead_times(), 2026)
    assert [each.year for each in told.stands] == list(range(2026, 2091))
    assert told.stands[2].low < told.stands[3].low == told.stands[-1].low
    assert len(counted) == 2  # until 2028, and from 2029


@pytest.mark.long
@pytest.mark.parametrize("growth", [None, Growth(2026, 0.01)])
def test_what_open_proposals_bring_is_measured_once_for_all_targets_and_calls(
    file_plan: Plan, result, monkeypatch, growth
) -> None:
    own = at(file_plan, result, 3200.0, year=2027)
    for share in (0.97, 0.98, 0.99):
        file_plan.set_target(kind="clinic", year=2028, share=share)
    made = []

    class Counted(Gains):
        def __init__(self, *about) -> None:
            made.append(about)
            super().__init__(*about)

    monkeypatch.setattr(planner.plan.targets.course, "Gains", Counted)
    first = file_plan.paths(result, today=TODAY, growth=growth)
    assert len(made) == 1
    assert {each.waiting for each in first} == {(own.id,)}
    later = at(file_plan, result, 3250.0, year=2027)
    file_plan.edit(own.id, title="Nearer")
    told = file_plan.paths(result, today=TODAY, growth=growth)
    assert len(made) == 1
    assert {each.waiting for each in told} == {(own.id, later.id)}
    decided(file_plan, own)
    after = file_plan.paths(result, today=TODAY, growth=growth)
    assert len(made) == 2  # on top of what is decided now
    assert {each.waiting for each in after} != {(own.id, later.id)}


@pytest.mark.long
def test_answers_about_three_districts_are_kept_beside_one_another(
    file_plan: Plan, result, monkeypatch
) -> None:
    decided(file_plan, at(file_plan, result, 3200.0, year=2027))
    at(file_plan, result, 3250.0, year=2027)
    file_plan.set_target(kind="clinic", year=2028, share=0.99)
    districts = [result, *(planner.assess(crowded_street()) for _ in range(2))]
    for each in districts:
        file_plan.agenda(each, today=TODAY)
    get, made = Memory.get, []

    def noted(memory, question, about, make):
        return get(memory, question, about, lambda: made.append(question) or make())

    monkeypatch.setattr(Memory, "get", noted)
    for each in districts:
        file_plan.agenda(each, today=TODAY)
    assert made == []


@pytest.mark.long
def test_groups_and_areas_have_their_own_path(file_plan: Plan, result) -> None:
    everyone = path(file_plan, result, year=2027, share=0.9)
    old = path(file_plan, result, year=2027, share=0.9, group="pop_65plus")
    assert old.goals[0].stand.total == result.district.demand["pop_65plus"].sum()
    assert old.goals[0].stand.low < everyone.goals[0].stand.low
    asked = planner.assess(crowded_street(), groups=["pop_65plus"])
    for own in (everyone, old):
        assert own in file_plan.paths(asked, today=TODAY)
    here = path(file_plan, result, year=2027, share=0.9, level="community", area="1")
    assert here.goals[0].stand == everyone.goals[0].stand


@pytest.mark.long(but=1)
@pytest.mark.parametrize("asked", ["weight", "pop_65plus"])
def test_what_lacks_is_called_what_the_group_of_the_target_counts(file_plan: Plan, asked) -> None:
    district = crowded_street()
    demand = district.demand.rename(columns={"population": "weight"})
    estimate = planner.assess(district.with_layers(demand=demand), groups=[asked])
    labels = Labels.of(estimate, "en", asked)
    for group, unit in (("", "weight"), ("pop_65plus", "residents")):
        told = path(file_plan, estimate, year=2027, share=0.99, group=group)
        assert (told.state, told.unit) == ("missed", unit)
        lacking = told.goals[0].lacking_low
        words = Labels("en", unit).message("departments.people", count=labels.number(lacking))
        assert f"Still lacking: {words}" in path_outline(labels, told, TODAY, district)


@pytest.mark.long
def test_what_is_not_known_is_neither_met_nor_missed(file_plan: Plan, result) -> None:
    bare = planner.assess(
        planner.District.from_layers("Street", crowded_street().layers), groups=["population"]
    )
    file_plan.set_target(kind="library", year=2027, share=0.9)
    (told,) = file_plan.paths(bare, today=TODAY)
    assert (told.state, told.why_unknown) == ("unknown", "no_data")
    assert told.goals[0].stand.low is told.goals[0].lacking_low is told.goals[0].latest is None
    for values, why in (
        ({"group": "pop_0_3"}, "no_group"),
        ({"level": "community", "area": "99"}, "no_area"),
        ({"kind": "bakery"}, "no_data"),
    ):
        told = path(file_plan, result, year=2027, share=0.9, **values)
        assert (told.state, told.why_unknown) == ("unknown", why)


def test_a_target_of_ground_that_was_drawn_anew_is_not_compared(file_plan: Plan, tmp_path) -> None:
    street = crowded_street(complete=["clinic"])
    halves = [
        shapely.box(X - 50, Y - 50, X + 2000, Y + 50),
        shapely.box(X + 2000, Y - 50, X + 4050, Y + 50),
    ]
    areas = street.communities.iloc[[0, 0]].assign(
        community_id=["1", "2"], name=["West", "East"], subdistrict="Long street", geometry=halves
    )
    homes = street.demand.assign(
        community_id=np.where(street.demand.geometry.x < X + 2000, "1", "2")
    )
    street = street.with_layers(communities=areas, demand=homes)
    file = planner.write_district(street, tmp_path / "street.gpkg")
    asked = [
        {"level": "community", "area": "2"},
        {"level": "subdistrict", "area": "Long street"},
        {"measure": "communities"},
        {},
    ]
    targets = [file_plan.set_target(kind="clinic", year=2027, share=0.99, **one) for one in asked]

    def told() -> dict[str, tuple[str, str]]:
        now = planner.assess(planner.read_district(file), groups=["population"])
        found = file_plan.paths(now, today=TODAY)
        return {each.target.id: (each.state, each.why_unknown) for each in found}

    before = told()
    assert [state for state, _ in before.values()] == ["missed"] * 4
    # the border between the two moves; the street as a whole stays what it is
    moved = areas.assign(
        geometry=[
            shapely.box(X - 50, Y - 50, X + 1500, Y + 50),
            shapely.box(X + 1500, Y - 50, X + 4050, Y + 50),
        ]
    )
    planner.write_update(planner.read_update(file, "communities", moved, "replace"))
    anew = ("unknown", "redrawn")
    assert [told()[each.id] for each in targets] == [anew, ("missed", ""), anew, ("missed", "")]
    result = planner.assess(planner.read_district(file), groups=["population"])
    (path, *_) = file_plan.paths(result, today=TODAY)
    for language, words in (("en", "the boundary was drawn anew"), ("zh", "边界已重新划定")):
        assert words in path_outline(Labels(language), path, TODAY, result.district)
    # who looked at it and said that it fits the new ground has it compared again
    file_plan.edit_target(targets[0].id, share=0.98, why="new boundary")
    assert told()[targets[0].id] == ("missed", "")


def test_what_is_withheld_is_neither_met_nor_missed(file_plan: Plan) -> None:
    district = crowded_street()
    demand = district.demand.copy()
    demand["pop_65plus"] = 0.0
    demand.loc[[3, 30], "pop_65plus"] = 1.0
    shown = planner.assess(district.with_layers(demand=demand).withhold(), groups=["pop_65plus"])
    file_plan.set_target(kind="clinic", year=2027, share=0.99, group="pop_65plus")
    (told,) = file_plan.paths(shown, today=TODAY)
    assert (told.state, told.why_unknown) == ("unknown", "withheld")


@pytest.mark.long
def test_a_range_on_both_sides_of_the_target_is_not_known(file_plan: Plan) -> None:
    """A clinic of which nobody knows whether it counts leaves the share open between two values."""
    street = crowded_street()
    facilities = street.facilities.copy()
    hours = np.where(facilities["facility_id"] == "d", "", "Mo-Su 08:00-18:00")
    facilities["opening_hours"] = hours
    asked = planner.assess(
        street.with_layers(facilities=facilities), at="Tu 10:00", groups=["population"]
    )
    low, high = asked.summary().set_index("kind").loc["clinic", ["share_low", "share_high"]]
    assert low < high
    for share, state in ((low, "met"), ((low + high) / 2, "unknown"), (high, "unknown")):
        told = path(file_plan, asked, year=2027, share=float(share))
        assert (told.state, told.why_unknown) == (state, "")
    missed = path(file_plan, asked, year=2027, share=float(high) + 0.05)
    assert missed.state == "missed"
    assert missed.goals[0].lacking_low < missed.goals[0].lacking_high


def two_communities(result):
    import shapely

    district = crowded_street()
    areas = district.communities.iloc[[0, 0, 0]].copy()
    areas["community_id"], areas["name"] = ["a", "b", "c"], ["A", "B", "C"]
    areas["subdistrict"] = ["West", "West", "East"]
    cuts = [(-50, 1000), (1000, 2500), (2500, 4050)]
    areas["geometry"] = [shapely.box(X + low, Y - 50, X + high, Y + 50) for low, high in cuts]
    demand = district.demand.copy()
    x = demand.geometry.x - X
    demand["community_id"] = np.select([x < 1000, x < 2500], ["a", "b"], "c")
    return planner.assess(district.with_layers(communities=areas, demand=demand))


@pytest.mark.long
def test_communities_that_reach_their_share_are_counted(file_plan: Plan, result) -> None:
    three = two_communities(result)
    table = three.league("community", "clinic").query("group == 'population'")["share"]
    reached = float(table.sort_values().iloc[-2])
    target = {"measure": "communities", "reached": reached, "year": 2027}
    told = path(file_plan, three, **target, share=0.5, step=0.25, years=3)
    assert [(goal.year, goal.share) for goal in told.goals] == [
        (2027, 0.5),
        (2028, 0.75),
        (2029, 1.0),
    ]
    assert [goal.stand.low for goal in told.goals] == [2 / 3] * 3
    assert [goal.state for goal in told.goals] == ["met", "missed", "missed"]
    assert [goal.lacking_low for goal in told.goals] == [None, 1.0, 1.0]
    assert told.first_missed.year == 2028
    for language, word in (("en", "of the communities"), ("zh", "的社区")):
        labels = Labels(language)
        assert word in goal_stand_word(labels, told, told.goals[0])
        said = list(path_sentences(labels, told, TODAY))
        for goal in told.goals:
            assert goal_sentence(labels, told, goal) in said
    agenda = file_plan.agenda(three, today=TODAY)
    points = agenda_points(Labels("en"), agenda)
    ((line,),) = [each.lines for each in points if each.heading == "Targets"]
    assert line.splitlines() == list(path_sentences(Labels("en"), told, TODAY))
    paper = Document(BytesIO(agenda_docx(agenda, three, Labels("en"), datetime(2026, 5, 1))))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    first, *below = line.splitlines()
    # the three years, until when to approve, and whom all of it counts
    assert len(below) == 5
    assert "\n• ".join([first, *below]) in cells
    east = path(file_plan, three, **target, share=1.0, level="subdistrict", area="East")
    assert east.goals[0].stand.total == 1.0


def test_residents_grow_where_a_growth_is_told(file_plan: Plan, result) -> None:
    file_plan.set_target(kind="clinic", year=2028, share=0.9)
    (still,) = file_plan.paths(result, today=TODAY)
    (grown,) = file_plan.paths(result, today=TODAY, growth=Growth(2026, 0.1))
    assert (still.residents, grown.residents) == ("", "grown")
    assert grown.goals[0].stand.total == pytest.approx(people(result) * 1.1**2, abs=0.1)
    assert grown.stands[0].total == still.stands[0].total
    assert grown.goals[0].lacking_low > still.goals[0].lacking_low
    # nobody is carried on before the year of the figures
    (ahead,) = file_plan.paths(result, today=TODAY, growth=Growth(2030, 0.1))
    assert ahead.residents == "2030"
    assert ahead.goals[0].stand.total == still.goals[0].stand.total
    with pytest.raises(InputError):
        file_plan.paths(result, today=TODAY, growth=Growth(2026, 5.0))


@pytest.mark.long
def test_growth_from_a_year_before_that_of_the_residents_is_refused(file_plan, result) -> None:
    file_plan.set_target(kind="clinic", year=2035, share=0.9)
    sources = (*result.district.sources, Source("demand", "a.csv", "2030", "own"))
    later = replace(result, district=replace(result.district, sources=sources))
    with pytest.raises(InputError) as error:
        file_plan.paths(later, today=TODAY, growth=Growth(2026, 0.1))
    assert error.value.code == "population.later_already"
    (grown,) = file_plan.paths(later, today=TODAY, growth=Growth(2030, 0.1))
    assert grown.residents == "grown"


def test_lead_times_are_an_assumption_that_may_be_another(tmp_path) -> None:
    times = builtin_lead_times()
    assert times.verified is False
    assert times.latest_month("build", 2030) == (2028, 12)
    assert times.with_months({"build": 36}).latest_month("build", 2030) == (2027, 12)
    assert times.with_months({"gate": 0}).latest_month("gate", 2030) == (2030, 12)
    rows = "\n".join(f"{name} = {months}" for name, months in times.months.items())
    file = tmp_path / "own.toml"
    file.write_text(f"verified = true\n{rows}\n".replace("gate = 4", "gate = 5"), encoding="utf-8")
    assert read_lead_times(file) == LeadTimes({**times.months, "gate": 5}, True)
    for text in ("build = 3", f"{rows}\nbuild = 4", f"{rows}\nbridge = 4", rows[:-1] + "-3", "x"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as error:
            read_lead_times(file)
        assert error.value.code == "plan.bad_lead_times"
        assert str(error.value)
    with pytest.raises(InputError):
        read_lead_times(tmp_path / "none.toml")


def test_budgets_tell_what_is_over_for_sure_and_what_may_be(
    file_plan: Plan, result, complete
) -> None:
    limit = file_plan.set_limit(department="health", year=2027, amount=100, currency=MONEY)

    def state() -> str:
        (budget,) = file_plan.budgets()
        return budget.state

    def costs(**values: object) -> Proposal:
        return complete(file_plan, year=2027, workspace="", **{"currency": MONEY, **values})

    assert state() == "within"
    one = decided(file_plan, costs(cost=60.0, cost_high=90.0))
    assert state() == "within"
    other = costs(cost=20.0)
    assert state() == "perhaps_asked_over"
    file_plan.edit(other, cost=41.0)
    (budget,) = file_plan.budgets()
    assert (budget.state, budget.over) == ("asked_over", (1.0, 31.0))
    decided(file_plan, file_plan.get(other.id))
    (matter,) = file_plan.agenda().matters[:1]
    assert (matter.code, matter.suggestion) == ("budget_over", "postpone")
    assert (matter.departments, set(matter.proposals)) == (("health",), {one.id, other.id})
    assert (matter.told["over_low"], matter.told["over_high"]) == (1.0, 31.0)
    file_plan.edit(other.id, cost=20.0, why="tender")
    assert state() == "perhaps_over"
    file_plan.edit(one.id, cost_high=None, why="tender")
    assert state() == "within"
    abroad = costs(cost=1.0, currency="EUR")
    (budget,) = file_plan.budgets()
    assert (budget.state, budget.asked.unpriced) == ("perhaps_asked_over", (abroad.id,))
    for values in ({"department": "culture"}, {"year": 2028}):
        file_plan.edit(abroad.id, **values)
        assert state() == "within"
    file_plan.edit_limit(limit, amount=79, why="cut")
    assert state() == "over"


def person_years(result, proposals: list[Proposal], years: dict[str, int], end: int) -> float:
    """People times years within the limit of a clinic, as the joint plan of these years has it."""
    from dataclasses import replace

    moved = [replace(each, year=years[each.id]) for each in proposals]
    plan = joint_plan(result, sorted(moved, key=lambda each: each.year or 0))
    table = plan.coverage.query("group == 'population'").groupby("year")["gained"].sum()
    done = {int(year): float(gained) for year, gained in table.items() if year.isdigit()}
    now, total = 0.0, 0.0
    for year in range(2027, end + 1):
        now = done.get(year, now)
        total += now
    return total


@pytest.mark.long
def test_exchanging_years_brings_what_the_joint_plan_says(file_plan: Plan, of_clinics) -> None:
    """Every pair against the plan carried out anew; overlapping gains are counted once."""
    spots = {600.0: 2027, 2600.0: 2028, 3200.0: 2029, 3400.0: 2027, 2750.0: 2030, 1500.0: 2030}
    made = [at(file_plan, of_clinics, metres, year=year) for metres, year in spots.items()]
    inside = file_plan.propose(
        [OpenInternal("unit")], department="health", assessment=of_clinics, figures=False, year=2029
    )
    made += inside
    years = {each.id: each.year for each in made}
    by_pair = {}
    before = person_years(of_clinics, made, years, 2031)
    for one, other in combinations(made, 2):
        if years[one.id] == years[other.id]:
            continue
        early, late = sorted((one, other), key=lambda each: years[each.id])
        turned = {**years, early.id: years[late.id], late.id: years[early.id]}
        by_pair[early.id, late.id] = person_years(of_clinics, made, turned, 2031) - before
    times = builtin_lead_times().with_months(dict.fromkeys(builtin_lead_times().months, 0))
    found = file_plan.exchanges(of_clinics, lead_times=times, today=TODAY)
    assert found
    for each in found:
        assert each.gained == pytest.approx(by_pair[each.early, each.late])
    assert found[0].gained == pytest.approx(max(by_pair.values()))
    used = [own for each in found for own in (each.early, each.late)]
    assert len(used) == len(set(used))
    late = [each for each in file_plan.exchanges(of_clinics, today=TODAY) if each.years[0] < 2028]
    assert all(each.late == inside[0].id for each in late)  # no clinic is built by then


@pytest.mark.long
def test_exchanges_keep_limits_departments_and_what_is_begun(file_plan: Plan, result) -> None:
    times = builtin_lead_times().with_months({"build": 0})
    priced = {"currency": MONEY}
    small = at(file_plan, result, 600.0, year=2027, cost=10.0, **priced)
    large = at(file_plan, result, 3200.0, year=2029, cost=50.0, **priced)

    def pairs() -> list[tuple[str, str]]:
        found = file_plan.exchanges(result, lead_times=times, today=TODAY)
        return [(each.early, each.late) for each in found]

    assert pairs() == [(small.id, large.id)]
    (matter,) = [
        each
        for each in file_plan.agenda(result, lead_times=times, today=TODAY).matters
        if each.code == "exchange"
    ]
    assert (matter.proposals, matter.suggestion) == ((small.id, large.id), "exchange_years")
    limit = file_plan.set_limit(department="health", year=2027, amount=20, **priced)
    assert pairs() == []
    file_plan.edit_limit(limit, amount=50, why="more")
    assert pairs() == [(small.id, large.id)]
    file_plan.edit(large.id, cost=None, cost_high=None)
    assert pairs() == []
    file_plan.put_limit_aside(limit.id, "none")
    assert pairs() == [(small.id, large.id)]
    file_plan.edit(large.id, department="culture")
    assert pairs() == []
    file_plan.edit(large.id, department="health")
    decided(file_plan, file_plan.get(small.id))
    assert pairs() == [(small.id, large.id)]
    file_plan.step(small.id, "start")
    assert pairs() == []


def test_no_exchange_passes_a_limit_of_all_districts(file_plan: Plan, result) -> None:
    times = builtin_lead_times().with_months({"build": 0})
    priced, here = {"currency": MONEY}, "town.gpkg"
    small = at(file_plan, result, 600.0, year=2027, cost=10.0, workspace=here, **priced)
    large = at(file_plan, result, 3200.0, year=2029, cost=50.0, workspace=here, **priced)
    file_plan.set_limit(department="health", year=2027, amount=50, **priced)

    def pairs() -> list[tuple[str, str]]:
        found = file_plan.exchanges(result, here, lead_times=times, today=TODAY)
        return [(each.early, each.late) for each in found]

    assert pairs() == [(small.id, large.id)]
    at(file_plan, result, 600.0, year=2027, cost=10.0, workspace="south.gpkg", **priced)
    assert pairs() == []


def test_what_is_built_by_a_year_was_approved_in_time() -> None:
    times = builtin_lead_times()
    for action in times.months:
        for month in range(1, 13):
            year = times.built_by(action, (2026, month))
            assert times.latest_month(action, year) >= (2026, month)
            assert times.latest_month(action, year - 1) < (2026, month)


def test_what_is_missed_by_little_is_not_told_as_the_same_share(file_plan: Plan, result) -> None:
    row = result.league("district", "clinic").query("group == 'population'").iloc[0]
    reached = float(row["covered"] / row["total"])
    asked = reached + 0.0004
    told = path(file_plan, result, year=2030, share=asked)
    (goal,) = told.goals
    assert goal.state == "missed"
    for language in ("en", "zh"):
        labels = Labels(language)
        assert labels.percent(asked) == labels.percent(reached)
        shares = (goal_stand_word(labels, told, goal), asked_word(labels, goal))
        assert shares == (labels.percent(reached, 2), labels.percent(asked, 2))
        assert shares[0] != shares[1]
        said = goal_sentence(labels, told, goal)
        assert all(each in said for each in shares)
    range_ = replace(goal, state="unknown", stand=Stand(2030, asked - 4e-4, asked + 4e-4, 515.0))
    labels = Labels("en")
    words = stand_word(labels, range_.stand, goal_digits(labels, range_))
    assert all(labels.percent(each, 2) in words for each in (asked - 4e-4, asked + 4e-4))
    met = replace(goal, state="met", stand=Stand(2030, asked, asked, 515.0))
    assert asked_word(labels, met) == labels.percent(asked)
