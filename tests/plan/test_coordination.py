"""What proposals mean for each other, counted by hand on a street; and the plan year by year."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
from street_town import CRS, X, Y, covered, crowded_street

import planner
from planner.district import Close, Connect, Convert, ExtendHours, Open, OpenInternal, Scenario
from planner.district.scenarios.changes import known_by
from planner.plan import ConflictError, Plan, Proposal
from planner.plan.coordination import fitting
from planner.plan.coordination.gains import Gains
from planner.plan.coordination.meeting.matters import matters
from planner.plan.coordination.years.areas import by_area, left_out
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points, matter_sentence, talk_sentence
from planner.views.words.plan.details import place_word_of


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street(), groups=["population", "pop_65plus"])


def at(plan: Plan, result, metres: float, kind: str = "clinic", **values: object) -> Proposal:
    steps = [Open("n", kind, X + metres, Y)]
    (made,) = plan.propose(steps, assessment=result, figures=False, **values)
    return made


def at_spot(metres: float) -> str:
    return str(shapely.to_wkb(shapely.Point(X + metres, Y), hex=True)).lower()


def decided(plan: Plan, proposal: Proposal) -> Proposal:
    plan.step(proposal, "submit")
    plan.step(proposal.id, "take_up")
    for asked in plan.case(proposal.id).consultations:
        plan.consult(proposal.id, asked.department, "none", why="agreed")
    return plan.step(proposal.id, "approve")


def people_between(result, low: float, high: float) -> float:
    """People beyond the limit of a clinic whose home lies between two metres of the street."""
    demand = result.district.demand
    x = demand.geometry.x - X
    beyond = (result.distances["clinic"] > 300).to_numpy()
    inside = (x >= low) & (x <= high) & beyond
    return float(demand["population"][inside].sum())


@pytest.mark.long
def test_gains_are_those_of_a_new_assessment(file_plan: Plan, result) -> None:
    made = [
        at(file_plan, result, 3200.0),
        at(file_plan, result, 1500.0, "library"),
        file_plan.propose([OpenInternal("unit")], assessment=result, figures=False)[0],
    ]
    gains = Gains(result)
    for each in made:
        after = result.apply(each.scenario())
        brought = covered(after) - covered(result)
        assert (gains.of([each], "clinic").T @ gains.people).tolist() == [brought]
    assert gains.at([made[0].shape], "clinic")[0] == people_between(result, 2900, 3500)
    assert gains.of([], "clinic").shape == (len(gains.people), 0)


@pytest.mark.long
def test_two_that_bring_the_same_people_double_each_other(file_plan: Plan, result) -> None:
    one = at(file_plan, result, 3200.0)
    other = at(file_plan, result, 3300.0, department="civil_affairs")
    far = at(file_plan, result, 1500.0)
    (found,) = [each for each in file_plan.agenda(result).matters if each.code == "duplicate"]
    assert set(found.proposals) == {one.id, other.id}
    assert set(found.departments) == {"health", "civil_affairs"}
    a, b = people_between(result, 2900, 3500), people_between(result, 3000, 3600)
    assert found.people == people_between(result, 3000, 3500)
    assert (found.told["sum"], found.told["together"]) == (
        a + b,
        people_between(result, 2900, 3600),
    )
    both = result.apply(Scenario("x", [*one.changes, *other.changes], CRS))
    assert covered(both) - covered(result) == found.told["together"]
    file_plan.step(other, "withdraw", "the other is nearer")
    assert not [each for each in file_plan.agenda(result).matters if each.code == "duplicate"]
    assert far.id not in found.proposals


@pytest.mark.long
def test_what_is_decided_overtakes_what_is_not(file_plan: Plan, result) -> None:
    late = at(file_plan, result, 3220.0)
    early = at(file_plan, result, 3200.0)
    assert not [each for each in file_plan.agenda(result).matters if each.code == "overtaken"]
    decided(file_plan, early)
    (found,) = [each for each in file_plan.agenda(result).matters if each.code == "overtaken"]
    assert found.proposals == (late.id, early.id)
    before = result.apply(file_plan.get(early.id).scenario())
    after = before.apply(late.scenario())
    assert found.told["left"] == covered(after) - covered(before)
    assert found.people == found.told["alone"] - found.told["left"]


def test_one_building_could_hold_two(file_plan: Plan, result) -> None:
    clinic = at(file_plan, result, 3200.0)
    station = at(file_plan, result, 3230.0, "police_room", cost=100.0, currency="CNY 10,000")
    at(file_plan, result, 600.0)
    (found,) = [each for each in file_plan.agenda(result).matters if each.code == "shared_building"]
    assert set(found.proposals) == {clinic.id, station.id}
    assert found.told["metres"] == 30.0
    assert found.told["kept"] >= 0.8 * found.told["alone"]
    guest = file_plan.get(found.proposals[1])
    host = file_plan.get(found.proposals[0])
    moved = [Open("g", guest.kinds[0], host.shape.x, host.shape.y)]
    after = result.apply(Scenario("x", moved, CRS))
    rows = [
        state.summary().query(f"kind == '{guest.kinds[0]}'").iloc[0] for state in (after, result)
    ]
    assert rows[0]["covered"] - rows[1]["covered"] == found.told["kept"]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("area_m2", "told"), [(130.0, 0), (1000.0, 1), (float("nan"), 1)])
def test_a_place_holds_no_more_than_it_has_room_for(file_plan: Plan, result, area_m2, told) -> None:
    listed = gpd.GeoDataFrame(
        {"candidate_id": ["a", "b"], "floor_area_m2": area_m2},
        geometry=[shapely.Point(X + metres, Y) for metres in (3200.0, 3230.0)],
        crs=CRS,
    )
    roomy = planner.assess(result.district.with_layers(candidates=listed))
    for metres, kind in ((3200.0, "clinic"), (3230.0, "police_room")):
        at(file_plan, roomy, metres, kind)
    codes = [each.code for each in file_plan.agenda(roomy).matters]
    assert codes.count("shared_building") == told


def test_two_that_want_the_same_place_are_told(file_plan: Plan, result) -> None:
    one = at(file_plan, result, 1500.0)
    other = at(file_plan, result, 1500.4, "library")
    doors = [
        file_plan.propose([OpenInternal("unit")], assessment=result, figures=False)[0]
        for _ in range(2)
    ]
    found = file_plan.agenda().matters
    assert [each.code for each in found] == ["same_place"] * 2
    pairs = {frozenset(each.proposals) for each in found}
    assert pairs == {frozenset((one.id, other.id)), frozenset(door.id for door in doors)}


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "said", "advice"),
    [
        ("en", "want the same place", "Build one house for both if its floor area suffices"),
        ("zh", "选用同一地点", "建筑面积足够则合建一处"),
    ],
)
def test_two_at_one_place_that_could_share_it_are_one_matter(
    file_plan: Plan, result, language: str, said: str, advice: str
) -> None:
    pair = [
        at(file_plan, result, metres, kind, cost=100.0, currency="EUR")
        for metres, kind in ((3200.0, "clinic"), (3200.4, "police_room"))
    ]
    agenda = file_plan.agenda(result)
    (matter,) = agenda.matters
    assert (matter.code, set(matter.proposals)) == ("one_place", {each.id for each in pair})
    sentence = matter_sentence(Labels(language), matter, agenda.named)
    assert all(words in sentence for words in (said, advice, "25", "EUR"))
    assert "0.4 m" not in sentence
    house = file_plan.combine([each.id for each in pair], result)
    for agenda in (file_plan.agenda(result), file_plan.agenda()):
        (matter,) = agenda.matters
        assert (matter.code, matter.proposals[0]) == ("house_drafted", house.id)
        sentence = matter_sentence(Labels(language), matter, agenda.named)
        assert advice not in sentence
        assert all(each.id in sentence for each in (house, *pair))


def test_a_round_and_the_end_of_a_way_want_nobodys_place(file_plan: Plan, result) -> None:
    at(file_plan, result, 1500.0)
    file_plan.propose([Connect(X + 1500.4, Y, X + 1500.4, Y + 9.0, "gate")], figures=False,
                      assessment=result)  # fmt: skip
    round_ = Proposal(action="outreach", kinds=("clinic",), crs=CRS, geometry=at_spot(1500.4))
    file_plan.propose([round_], assessment=result, figures=False)
    assert file_plan.agenda().matters == ()


def test_of_what_is_approved_no_place_is_to_be_decided(file_plan: Plan, result) -> None:
    one = at(file_plan, result, 1500.0, department="health")
    other = at(file_plan, result, 1500.4, "library", department="culture")
    decided(file_plan, one)
    assert [each.code for each in file_plan.agenda().matters] == ["same_place"]
    decided(file_plan, other)
    assert file_plan.agenda().matters == ()


@pytest.mark.long
def test_gaps_that_nobody_has_taken_are_told(file_plan: Plan, result) -> None:
    gaps = result.gaps("clinic")
    everything = matters(Gains(result), [], gaps)
    assert len(everything) == len(gaps)
    assert sum(each.people for each in everything) == people_between(result, 0, 4000)
    assert {each.departments for each in everything} == {("health",)}
    largest = everything[0]
    spot = gaps.set_index("gap_id").geometry[largest.told["gap_id"]].centroid
    for metres in range(-400, 401, 200):
        at(file_plan, result, spot.x - X + metres)
    left = [each for each in file_plan.agenda(result, gaps=gaps).matters if each.code == "gap"]
    assert largest.told["gap_id"] not in {each.told["gap_id"] for each in left}


def test_a_gap_is_told_as_it_is_today_and_as_it_would_be_once_all_is_built(
    file_plan: Plan, result
) -> None:
    gaps = result.gaps("clinic")
    largest = matters(Gains(result), [], gaps)[0]
    words = {"en": "once all that is proposed", "zh": "全部建成后"}
    for language in words:
        assert words[language] not in talk_sentence(Labels(language), largest)
    beyond = largest.people
    assert (largest.told["beyond"], largest.told["left"]) == (beyond, beyond)
    spot = gaps.set_index("gap_id").geometry[largest.told["gap_id"]]
    made = at(file_plan, result, spot.bounds[0] - X - 200)
    inside = spot.covers(result.district.demand.geometry).to_numpy()
    gains = Gains(result)
    helped = float(gains.people[inside] @ gains.of([made], "clinic").toarray()[inside, 0])
    assert 0 < helped < 0.5 * beyond
    agenda = file_plan.agenda(result, gaps=gaps)
    (told,) = [each for each in agenda.matters if each.told.get("gap_id") == largest.told["gap_id"]]
    assert (told.told["beyond"], told.told["left"]) == (beyond, beyond - helped)
    for language, so_far in words.items():
        labels = Labels(language)
        said = talk_sentence(labels, told)
        assert so_far in said
        assert labels.number(beyond) in said
        assert labels.number(beyond - helped) in said


def test_the_agenda_puts_each_proposal_under_its_point(file_plan: Plan, result, complete) -> None:
    draft, submitted, reviewed, ready = (complete(file_plan, title=str(n)) for n in range(4))
    for each in (submitted, reviewed, ready):
        file_plan.step(each, "submit")
    for each in (reviewed, ready):
        file_plan.step(each.id, "take_up")
    file_plan.review(reviewed.id, "object", "no land", "planning")
    file_plan.review(ready.id, "support", "good", "planning")
    found = file_plan.agenda()
    points = {
        name: [case.proposal.id for case in getattr(found, name)]
        for name in ("to_decide", "to_answer", "to_review", "to_take_up")
    }
    assert points == {
        "to_decide": [ready.id],
        "to_answer": [reviewed.id],
        "to_review": [submitted.id],
        "to_take_up": [submitted.id],
    }
    assert (found.entries, found.head) == file_plan.store.head()
    assert draft.id not in str(points)


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Health", "health station", "2031", "8 to 12", "brings 9")),
        ("zh", ("卫健", "2031", "8 至 12", "新增覆盖 9")),
    ],
)
def test_what_is_to_be_taken_up_says_what_for_what_money_and_gain(
    file_plan: Plan, result, language: str, said: tuple[str, ...]
) -> None:
    (own,) = file_plan.propose([Open("n", "clinic", X + 1500, Y)], assessment=result)
    file_plan.edit(own, year=2031, cost=8.0, cost_high=12.0, department="health")
    file_plan.step(own.id, "submit")
    labels = Labels(language)
    points = {x.heading: x for x in agenda_points(labels, file_plan.agenda(), result.district)}
    (line,) = points[labels.message("plan_words.point_to_take_up")].lines
    gained = labels.number(own.figures.gained())
    for words in (*said[:-1], f"{said[-1][:-1]}{gained}"):
        assert words in line


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_place_of_a_proposal_is_told_where_it_is_named_first(
    file_plan: Plan, result, language: str
) -> None:
    one = at(file_plan, result, 3200.0, title="Site 044")
    other = at(file_plan, result, 3201.0, title="Site 060")
    file_plan.step(one.id, "submit")
    file_plan.review(one.id, "object", "no land", "planning")
    labels = Labels(language)
    agenda = file_plan.agenda(result)
    points = list(agenda_points(labels, agenda, result.district))
    lines = [line for point in points for line in point.lines]
    for own in (one, other):
        place = place_word_of(labels, own, result.district)
        said = {"id": own.id, "name": own.title, "place": place}
        forms = [labels.message(code, **said) for code in ("places.named", "plan_words.called_at")]
        named = [line for line in lines if own.id in line]
        assert len(place) > 3
        told = [sum(line.count(form) for form in forms) for line in named]
        assert told == [1, *[0] * (len(named) - 1)]
        assert len(named) > 1
    taken_up = next(x for x in points if x.heading == labels.message("plan_words.point_to_take_up"))
    unanswered = {"en": "1 objection or wish without an answer", "zh": "有 1 条反对或修改意见"}
    assert unanswered[language] in taken_up.lines[0]


def test_places_are_not_told_by_the_streets_of_another_workspace(file_plan: Plan, result) -> None:
    spent = {"year": 2028, "cost": 50.0, "cost_high": None, "currency": "EUR"}
    own, other = (
        at(file_plan, result, 3200.0, title="Site 044", workspace=each, **spent)
        for each in ("town.gpkg", "other.gpkg")
    )
    file_plan.set_limit(department="health", year=2028, amount=10.0, currency="EUR")
    for each in (own, other):
        file_plan.step(each.id, "submit")
    agenda = file_plan.agenda(result, "town.gpkg")
    assert other.id in agenda.named
    points = agenda_points(Labels("en"), agenda, result.district)
    said = "\n".join(line for point in points for line in point.lines)
    assert said.count(place_word_of(Labels("en"), own, result.district)) == 1
    assert f"Site 044 ({other.id})" in said


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "by"),
    [("en", "is counted by: GB 50180-2018"), ("zh", "计算依据：GB 50180-2018")],
)
def test_by_what_gains_are_counted_is_told_once(
    file_plan: Plan, result, language: str, by: str
) -> None:
    for metres in (600.0, 1500.0):
        (own,) = file_plan.propose([Open("n", "clinic", X + metres, Y)], assessment=result)
        file_plan.step(file_plan.edit(own, year=2031).id, "submit")
    labels = Labels(language)
    points = {x.heading: x for x in agenda_points(labels, file_plan.agenda(), result.district)}
    point = points[labels.message("plan_words.point_to_take_up")]
    (note,) = point.notes
    assert by in note
    assert not any("GB 50180" in line for line in point.lines)
    year = {"en": "; 2031; ", "zh": "；2031 年；"}
    assert all(year[language] in line for line in point.lines)
    assert all(line.count("(") + line.count("（") <= 3 for line in point.lines)


@pytest.mark.long
def test_one_edit_measures_one_proposal(file_plan: Plan, result, monkeypatch) -> None:
    for metres in (600.0, 1500.0, 3200.0):
        at(file_plan, result, metres)
    file_plan.agenda(result)
    measured: list[int] = []
    new = Gains._new

    def counted(self, sites, kind):
        measured.append(len(sites))
        return new(self, sites, kind)

    monkeypatch.setattr(Gains, "_new", counted)
    monkeypatch.setattr(Gains, "at", lambda self, points, kind: [0.0] * len(points))
    file_plan.agenda(result)
    # nor does another window, which sees the same store as somebody else
    Plan(file_plan.store, file_plan.actor).agenda(result)
    assert measured == []
    at(file_plan, result, 2600.0)
    file_plan.agenda(result)
    assert measured == [1]


@pytest.mark.long
def test_each_year_is_a_new_assessment(file_plan: Plan, result) -> None:
    first = at(file_plan, result, 3200.0, year=2027, cost=100.0, currency="CNY 10,000")
    second = at(file_plan, result, 1500.0, year=2029)
    late = at(file_plan, result, 2600.0, department="culture")
    for each in (first, second, late):
        decided(file_plan, each)
    joint = file_plan.joint(result)
    assert joint.years == ("today", "2027", "2029", "open")
    steps: list[object] = []
    for year, more in zip(
        joint.years, ([], first.changes, second.changes, late.changes), strict=True
    ):
        steps += more
        fresh = planner.assess(
            result.apply(Scenario("x", steps, CRS)).district, groups=["population", "pop_65plus"]
        ).summary()
        rows = joint.coverage[joint.coverage["year"] == year].reset_index(drop=True)
        for column in ("kind", "group", "covered", "unknown", "share"):
            assert rows[column].equals(fresh[column]), (year, column)
    clinics = joint.coverage.query("kind == 'clinic' and group == 'population'")
    assert clinics["gained"].tolist()[0] == 0.0
    assert clinics["gained"].is_monotonic_increasing
    told = joint.costs.to_dict("records")
    assert [(row["year"], row["department"], row["unpriced"]) for row in told] == [
        ("2027", "health", 0),
        ("2029", "health", 0),
        ("open", "culture", 0),
    ]
    assert told[0]["cost"] == 100.0
    assert file_plan.joint(result, "other.gpkg").years == ("today",)


def odd_ones(plan: Plan, complete, result) -> dict[str, tuple[Proposal, str]]:
    """Return proposals that do not fit the data, with the code of the reason."""
    crs = {"crs": CRS, "workspace": ""}
    odd = {
        "closed": ([Close("gone")], "district.no_such_facility"),
        "hours": ([ExtendHours("gone", "24/7")], "district.no_such_facility"),
        "short": ([Connect(X, Y, X + 900, Y, length_m=1.0)], "district.link_too_short"),
    }
    found = {
        name: (complete(plan, title=name, changes=steps, geometry="", **crs), code)
        for name, (steps, code) in odd.items()
    }
    elsewhere = [Open("e", "clinic", X, Y)]
    other = complete(plan, title="crs", changes=elsewhere, workspace="", crs="EPSG:4547")
    return {**found, "crs": (other, "district.scenario_crs")}


def test_what_no_longer_fits_ends_the_agenda_for_nobody(file_plan: Plan, complete, result) -> None:
    one, other = at(file_plan, result, 3200.0), at(file_plan, result, 3300.0)
    before = file_plan.agenda(result)
    assert before.misfits == ()
    odd = odd_ones(file_plan, complete, result)
    for again in (file_plan, Plan(file_plan.store, file_plan.actor)):
        now = again.agenda(result)
        assert now.matters == before.matters
        told = {each.proposal.id: each.reason.code for each in now.misfits}
        missing = [name for name, (each, _) in odd.items() if each.id not in told]
        assert (missing, len(told)) == ([], len(odd))
        for each, code in odd.values():
            assert told[each.id] == code
        assert {one.id, other.id}.isdisjoint(told)
        points = agenda_points(Labels("en"), now)
        (lines,) = [each.lines for each in points if "No longer fits" in each.heading]
        assert len(lines) == len(odd)
        assert all(each.id in "\n".join(lines) for each, _ in odd.values())


@pytest.mark.long
def test_what_no_longer_fits_ends_the_years_for_nobody(file_plan: Plan, complete, result) -> None:
    first = at(file_plan, result, 3200.0, year=2027, cost=100.0)
    late = at(file_plan, result, 1500.0, year=2029)
    for each in (first, late):
        decided(file_plan, each)
    before = file_plan.joint(result)
    for each, _ in odd_ones(file_plan, complete, result).values():
        file_plan.edit(each, year=2027, geometry=first.geometry, kinds=["clinic"])
        decided(file_plan, file_plan.get(each.id))
    now = file_plan.joint(result)
    assert now.years == before.years
    assert now.coverage.equals(before.coverage)
    counted = now.costs[now.costs["state"] == "counted"].reset_index(drop=True)
    assert counted.equals(before.costs)
    assert {each.proposal.title for each in now.misfits} == {
        "closed",
        "hours",
        "short",
        "crs",
    }


@pytest.mark.long
def test_what_builds_on_an_earlier_one_is_carried_out_with_it(
    file_plan: Plan, complete, result
) -> None:
    first = at(file_plan, result, 3200.0, year=2027)
    later = [ExtendHours(f"{first.id}/clinic", "24/7")]
    made = complete(
        file_plan, changes=later, crs=CRS, workspace="", year=2028, geometry=first.geometry
    )
    odd = complete(
        file_plan,
        changes=[Connect(X, Y, X + 9, Y), Close("gone")],
        crs=CRS,
        workspace="",
        year=2029,
    )
    for each in (first, made, odd):
        decided(file_plan, each)
    joint = file_plan.joint(result)
    assert joint.years == ("today", "2027", "2028")
    (left,) = joint.misfits
    assert (left.proposal.id, left.reason.code) == (odd.id, "district.no_such_facility")
    assert (left.reason.params["scenario"], left.reason.params["number"]) == (odd.id, 2)


@pytest.mark.long
def test_an_edit_of_what_is_not_decided_carries_out_nothing_anew(file_plan: Plan, result) -> None:
    first = decided(file_plan, at(file_plan, result, 3200.0, year=2027))
    joint = file_plan.joint(result)
    at(file_plan, result, 1500.0)
    assert Plan(file_plan.store, file_plan.actor).joint(result) is joint
    file_plan.edit(first.id, year=2028, why="the land comes later")
    moved = file_plan.joint(result)
    assert moved.years == ("today", "2028")
    again = planner.assess(result.district, groups=["population"])
    assert file_plan.joint(again).after[0] is again


def test_what_could_not_be_measured_is_not_taken_for_nothing(
    file_plan: Plan, result, monkeypatch
) -> None:
    made = at(file_plan, result, 3200.0)
    gains = Gains(result)
    with monkeypatch.context() as patch:
        patch.setattr(Gains, "_new", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            gains.of([made], "clinic")
    assert (gains.of([made], "clinic").T @ gains.people)[0] > 0


@pytest.mark.long
def test_one_that_no_longer_fits_is_found_in_few_tries(
    file_plan: Plan, result, monkeypatch
) -> None:
    them = [at(file_plan, result, 1000.0 + 20 * number) for number in range(40)]
    gone = replace(them[23], changes=(OpenInternal("nowhere"),), facility_id="nowhere")
    on_top = replace(
        them[30], changes=(*them[30].changes, ExtendHours(f"{them[5].id}/clinic", "24/7"))
    )
    them[23], them[30] = gone, on_top
    tries, apply = [], fitting.apply_scenario

    def counted(*args: object) -> object:
        tries.append(1)
        return apply(*args)

    monkeypatch.setattr(fitting, "apply_scenario", counted)
    done, odd = fitting.carried_out(result.district, them)
    assert [each.id for each in done] == [each.id for each in them if each is not gone]
    assert [(each.proposal, each.reason.code) for each in odd] == [
        (gone, "district.no_such_facility")
    ]
    assert len(tries) < 12


@pytest.mark.long
def test_what_changes_what_another_opens_does_not_fit_by_itself(file_plan: Plan, result) -> None:
    first = at(file_plan, result, 3200.0, year=2027)
    (longer,) = file_plan.propose(
        [ExtendHours(f"{first.id}/clinic", "24/7")],
        assessment=result.apply(first.scenario()),
        department="health",
        year=2028,
        figures=False,
    )
    (own,) = file_plan.propose([ExtendHours("a", "24/7")], assessment=result, figures=False)
    (close,) = file_plan.propose([Close("a")], assessment=result, figures=False)
    file_plan.set_target(kind="clinic", year=2030, share=0.9)
    gains = Gains(result)
    (odd,) = gains.misfits([first, longer, own, close])
    assert (odd.proposal, odd.reason.code) == (longer, "district.no_such_facility")
    assert gains.misfits([longer])[0].reason == odd.reason
    (left,) = file_plan.agenda(result).misfits
    assert left.proposal.id == longer.id
    assert file_plan.exchanges(result) == []
    (path,) = file_plan.paths(result)
    assert (path.waiting, path.waiting_unknown) == ((first.id,), (longer.id,))


@pytest.mark.long
def test_whose_facility_is_turned_into_another_kind_is_asked(file_plan: Plan, result) -> None:
    file_plan.set_target(kind="clinic", year=2030, share=0.1)
    (made,) = file_plan.propose(
        [Convert("d", "police_room")], assessment=result, department="public_security"
    )
    assert (made.kinds, made.kinds_taken) == (("police_room",), ("clinic",))
    file_plan.step(made, "submit")
    asked = {each.department: each.need for each in file_plan.case(made.id).consultations}
    assert asked["health"] == "needed"
    # it is no help for clinics, and what is decided without a year is told
    assert file_plan.paths(result)[0].waiting == ()
    file_plan.edit(made.id, kinds=["police_room"], title="Room")
    file_plan.step(made.id, "take_up")
    file_plan.review(made.id, "support", "another is near", "health")
    file_plan.step(made.id, "approve")
    (path,) = file_plan.paths(result)
    assert path.undated == (made.id,)


@pytest.mark.long
def test_whose_facility_is_closed_or_turned_by_an_edit_is_asked(file_plan: Plan, result) -> None:
    def asked_of(own: str) -> set[str]:
        return {each.department for each in file_plan.case(own).consultations}

    def room() -> Proposal:
        steps = [Open("n", "police_room", X + 3200.0, Y)]
        (made,) = file_plan.propose(steps, assessment=result, department="public_security")
        return made

    turned = room()
    file_plan.edit(
        turned.id, changes=[Convert("d", "police_room")], kinds=["police_room"], action="convert"
    )
    file_plan.recompute(turned.id, result)  # an edit has no district: whose "d" is it tells then
    file_plan.step(turned.id, "submit")
    assert "health" in asked_of(turned.id)
    closing = room()
    marks = known_by(result.district, Scenario("", [Close("d")], CRS)).of
    steps = [Close("d"), Open("n", "police_room", X + 3200.0, Y)]
    file_plan.edit(closing.id, changes=steps, known_by=marks)
    file_plan.step(closing.id, "submit")
    assert "health" in asked_of(closing.id)


def test_who_is_not_asked_any_more_is_not_waited_for(file_plan: Plan, result) -> None:
    made = at(file_plan, result, 3200.0)
    file_plan.consult(made.id, "housing", "needed")
    assert file_plan.table()["waiting"].tolist() == [""]
    file_plan.step(made, "submit")
    assert "housing" in file_plan.table()["waiting"].tolist()[0].split(";")
    file_plan.step(made.id, "withdraw", "no land")
    assert file_plan.table()["waiting"].tolist() == [""]


def test_a_draft_that_became_another_is_not_put_aside_unseen(file_plan: Plan, result) -> None:
    read = at(file_plan, result, 3200.0)
    file_plan.edit(read.id, title="With a yard")
    with pytest.raises(ConflictError):
        file_plan.put_aside(read, "nobody wants it")
    assert file_plan.put_aside(file_plan.get(read.id), "nobody wants it").deleted


@pytest.mark.long
def test_without_subdistricts_their_tables_are_empty(result) -> None:
    communities = result.district.communities.assign(subdistrict="")
    alone = planner.assess(result.district.with_layers(communities=communities))
    assert left_out(alone, "subdistrict").empty
    assert by_area(["today"], [alone], "subdistrict").empty
    assert len(left_out(alone, "community")) == len(left_out(result, "community"))
