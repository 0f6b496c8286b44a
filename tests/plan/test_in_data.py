"""What the data list already of what is to be built, and what opened and is not in the data."""

from dataclasses import replace
from pathlib import Path

import pytest
from shapely import Point
from street_town import CRS, X, Y, crowded_street, frame

import planner
from planner.district import (
    AddService,
    Close,
    Convert,
    District,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
    Scenario,
)
from planner.errors import InputError
from planner.plan import Plan
from planner.plan.coordination.gains import Gains
from planner.plan.proposals.listed import gone, listed_at
from planner.sources import read_district
from planner.sources.corrections import ADDED_NEAR, change_corrections, read_corrections
from planner.views.maps.joint_plan import opened_gone
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points, matter_sentence
from planner.views.words.plan.joint_plan import compromise_sentences, nothing_sentence

AT = 3200.0
NEW = Open("n", "clinic", X + AT, Y, name="New")


def with_listed(metres: float, kind: str = "clinic", status: str = "existing") -> District:
    """Return the street whose list of this year has one more facility."""
    rows = crowded_street().facilities
    values = {name: [*rows[name], ""] for name in ("facility_id", "name", "kind", "ownership")}
    values["facility_id"][-1], values["name"][-1] = "f9", "Riverside"
    values["kind"][-1], values["ownership"][-1] = kind, "public"
    states = [*rows["status"], status]
    shapes = [*rows.geometry, Point(X + metres, Y)]
    return crowded_street().with_layers(facilities=frame(shapes, **values, status=states))


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


def approved(plan: Plan, result, *steps):
    made = plan.propose(Scenario("all", steps, CRS), assessment=result, figures=False)
    for each in made:
        plan.edit(each, department="health", year=2027)
        plan.step(each.id, "submit")
        plan.step(each.id, "take_up")
        for asked in plan.case(each.id).consultations:
            plan.consult(each.id, asked.department, "none", why="agreed")
        plan.step(each.id, "approve")
    return [plan.get(each.id) for each in made]


@pytest.mark.long
def test_what_the_data_list_by_now_is_named_and_not_counted_on_top(file_plan: Plan, result):
    (only,) = approved(file_plan, result, NEW)
    assert file_plan.joint(result).misfits == ()
    now = planner.assess(with_listed(AT + 6.0))
    joint = file_plan.joint(now)
    (told,) = joint.misfits
    assert (told.proposal.id, told.reason.code) == (only.id, "plan.facility_in_data")
    assert told.reason.params == {"facility": "Riverside (f9)", "kind": "clinic", "metres": 6}
    assert joint.years == ("today",)
    assert [each.reason.code for each in file_plan.agenda(now).misfits] == [told.reason.code]
    # somebody looked at it and says that it is another
    file_plan.recompute(only, now, another=True)
    assert file_plan.joint(now).misfits == () == file_plan.agenda(now).misfits
    assert file_plan.get(only.id).content_sign == only.content_sign


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        (with_listed(AT + 100.0), 1),
        (with_listed(AT + 101.0), 0),
        (with_listed(AT, "library"), 0),
        (with_listed(AT, status="planned"), 0),
    ],
)
def test_listed_is_one_of_the_kind_that_is_open_and_near(file_plan, result, listed, found) -> None:
    (made,) = file_plan.propose([NEW], assessment=result, figures=False)
    assert len(listed_at(listed, [made])[0]) == found


def test_what_another_proposal_opens_is_not_listed(file_plan: Plan, result) -> None:
    one, other = (file_plan.propose([NEW], assessment=result, figures=False)[0] for _ in range(2))
    later = result.apply(one.scenario()).district
    assert listed_at(later, [one, other]) == [(), ()]


@pytest.mark.long
def test_what_stood_there_when_it_was_proposed_is_known(file_plan: Plan) -> None:
    before = planner.assess(with_listed(AT + 40.0))
    (made,) = file_plan.propose([NEW], assessment=before, figures=False)
    assert listed_at(before.district, [made]) == [()]
    # under another id too, but not a second one beside it
    rows = before.district.facilities
    renamed = rows.assign(facility_id=[f"r{n}" for n in range(len(rows))])
    assert listed_at(before.district.with_layers(facilities=renamed), [made]) == [()]
    moved = rows.assign(geometry=[*rows.geometry[:-1], Point(X + AT + 10.0, Y)])
    other = moved.assign(name=[*rows["name"][:-1], "Another"])
    assert len(listed_at(before.district.with_layers(facilities=other), [made])[0]) == 1
    edited = file_plan.edit(made, changes=(replace(made.changes[0], x=X + AT + 5.0),))
    assert listed_at(before.district, [edited]) == [()]


def workspace(tmp_path: Path, district: District) -> Path:
    file = tmp_path / "street.gpkg"
    planner.write_district(district, file)
    return file


def clinics(file: Path) -> int:
    return len(read_district(file).open_facilities("clinic"))


@pytest.mark.long
def test_opening_asks_whether_what_is_listed_is_the_same(file_plan: Plan, result, tmp_path):
    file = workspace(tmp_path, with_listed(AT + 6.0))
    there = clinics(file)
    one, other = (approved(file_plan, result, NEW)[0] for _ in range(2))
    for listed in ("", "perhaps"):
        with pytest.raises(InputError) as refused:
            file_plan.open_in(one, file, "seen", listed=listed)
        assert refused.value.code in ("plan.opened_listed", "plan.bad_value")
    assert (read_corrections(file).steps, file_plan.get(one.id).status) == ((), "approved")
    done, made = file_plan.open_in(one, file, "seen", listed="same")
    assert (done.status, made, clinics(file)) == ("opened", (), there)
    assert gone(read_district(file), [done]) == []
    done, made = file_plan.open_in(other, file, "seen", listed="another")
    assert (done.status, len(made), clinics(file)) == ("opened", 1, there + 1)


@pytest.mark.long
def test_what_is_added_beside_a_listed_facility_is_told_whichever_came_first(
    file_plan: Plan, result, tmp_path
) -> None:
    file = workspace(tmp_path, with_listed(AT + 6.0))
    (only,) = approved(file_plan, result, NEW)
    assert ADDED_NEAR not in {each.code for each in read_district(file).findings}
    _, (step,) = file_plan.open_in(only, file, "seen", listed="another")
    (told,) = [each for each in read_district(file).findings if each.code == ADDED_NEAR]
    assert (told.params["ids"], told.params["others"]) == (step.facility_id, "f9")


@pytest.mark.long
def test_what_opened_and_is_not_in_the_data_any_more_is_named(file_plan: Plan, result, tmp_path):
    file = workspace(tmp_path, crowded_street())
    (only,) = approved(file_plan, result, NEW)
    done, _ = file_plan.open_in(only, file, "seen")
    there = planner.assess(read_district(file))
    joint = file_plan.joint(there)
    assert (joint.gone, file_plan.agenda(there).gone) == ((), ())
    assert opened_gone(joint, [done], "clinic") == []
    change_corrections(file, read_corrections(file).sign, lambda kept: kept.undo())
    now = planner.assess(read_district(file))
    joint, agenda = file_plan.joint(now), file_plan.agenda(now)
    assert [each.id for each in joint.gone] == [only.id] == [each.id for each in agenda.gone]
    assert opened_gone(joint, [done], "clinic") == [done]
    for language, said in (("en", "not in the data"), ("zh", "数据中没有")):
        labels = Labels(language)
        lines = [line for point in agenda_points(labels, agenda) for line in point.lines]
        assert any(said in line and only.id in line for line in lines)
        assert nothing_sentence(labels, joint) != nothing_sentence(labels, replace(joint, gone=()))


@pytest.mark.long
def test_what_opened_is_in_the_data_where_a_list_has_it_or_has_it_as_changed(
    file_plan: Plan, result
) -> None:
    opened = [replace(each, status="opened") for each in approved(file_plan, result, NEW)]
    assert gone(crowded_street(), opened) == opened
    assert gone(with_listed(AT + 6.0), opened) == []
    away = Move("d", X + 2050.0, Y)
    closed, moved = (
        replace(each, status="opened")
        for step in (Close("partner"), away)
        for each in approved(file_plan, result, step)
    )
    assert gone(crowded_street(), [closed, moved]) == [closed, moved]
    after = result.apply(Scenario("x", [Close("partner"), away], CRS)).district
    assert gone(after, [closed, moved]) == []
    without = crowded_street().facilities.query("facility_id not in ('partner', 'd')")
    assert gone(crowded_street().with_layers(facilities=without), [closed, moved]) == [moved]


def once_all_is_built(assessment, *steps) -> float:
    """Return how many are beyond the limit of a clinic once some steps are done."""
    after = assessment.apply(Scenario("all", steps, CRS))
    rows = after.summary().query("kind == 'clinic' and group == 'population'")
    return float(rows["uncovered"].iloc[0])


def test_what_another_closes_again_takes_no_gap_up(file_plan: Plan, result) -> None:
    away = Move("partner", X + 3000.0, Y)
    steps = (away, Close("partner"), Open("n", "clinic", X + 3500.0, Y))
    made = [own for step in steps for own in approved(file_plan, result, step)]
    for each, year in zip(made, (2027, 2028, 2029), strict=True):
        file_plan.edit(each.id, year=year, why="planned")
    agenda = file_plan.agenda(result, gaps=result.gaps("clinic"))
    joint = file_plan.joint(result)
    last = joint.coverage.query("year == '2029' and kind == 'clinic' and group == 'population'")
    assert last["uncovered"].iloc[0] == once_all_is_built(result, *steps)
    then = (joint.after[-1].distances["clinic"] <= 300).to_numpy()
    demand, shapes = result.district.demand, result.gaps("clinic").set_index("gap_id").geometry
    gaps = [each for each in agenda.matters if each.code == "gap"]
    assert gaps
    for gap in gaps:
        inside = shapes[gap.told["gap_id"]].covers(demand.geometry).to_numpy()
        beyond = inside & (result.distances["clinic"] > 300).to_numpy()
        assert gap.told["beyond"] == demand["population"][beyond].sum()
        assert gap.told["left"] == demand["population"][beyond & ~then].sum()
    # by itself the move would have brought some near
    assert Gains(result).of(made[:1], "clinic").sum() > 0
    # and two that cannot both stand are named, also where nobody knows whom they bring near
    for told in (agenda, file_plan.agenda()):
        (odd,) = [each for each in told.matters if each.code == "contradiction"]
        assert set(odd.proposals) == {made[0].id, made[1].id}
        for language in ("en", "zh"):
            assert made[0].id in matter_sentence(Labels(language), odd)


@pytest.mark.long
@pytest.mark.parametrize(
    ("step", "made_so"),
    [
        (Move("a", X + 900.0, Y), {"geometry": Point(X + 902.0, Y)}),
        (OpenInternal("unit"), {"ownership": "public"}),
        (Enlarge("a", 80.0), {"capacity": 80.0}),
        (ExtendHours("a", "24/7"), {"opening_hours": "24/7"}),
        (AddService("a", "dental"), {"services": "dental"}),
        (Close("a"), {"status": "closed"}),
        (Convert("unit", "library"), {"kind": "library"}),
    ],
)
def test_what_the_data_changed_by_now_is_named_and_not_counted(
    file_plan: Plan, result, step, made_so
) -> None:
    (only,) = approved(file_plan, result, step)
    assert file_plan.joint(result).misfits == ()
    rows = result.district.facilities.copy()
    row = rows.index[rows["facility_id"] == step.facility_id][0]
    for column, value in made_so.items():
        if column not in rows:
            rows[column] = None
        rows[column] = [value if at == row else each for at, each in rows[column].items()]
    now = planner.assess(result.district.with_layers(facilities=rows))
    (told,) = file_plan.joint(now).misfits
    assert (told.proposal.id, told.reason.code) == (only.id, "plan.change_in_data")
    assert step.facility_id in told.reason.params["facilities"]
    assert file_plan.joint(now).years == ("today",)


@pytest.mark.long
def test_a_comparison_names_what_opened_and_is_not_in_the_data(file_plan: Plan, result, tmp_path):
    file = workspace(tmp_path, result.district)
    one, other = approved(file_plan, result, NEW, Open("m", "clinic", X + 2300.0, Y))
    done, _ = file_plan.open_in(one, file, "the minutes", "built")
    file_plan.edit(other.id, cost=60.0, currency="CNY 10,000", why="priced")
    assert file_plan.compare(planner.assess(read_district(file)), kinds=["clinic"]).gone == ()
    found = file_plan.compare(result, kinds=["clinic"])
    assert [each.id for each in found.gone] == [done.id]
    for language in ("en", "zh"):
        said = compromise_sentences(found, language)
        assert any(done.id in line or (done.title and done.title in line) for line in said)


@pytest.mark.long
def test_another_facility_under_the_same_id_is_no_change_that_was_made(file_plan: Plan, result):
    """A list imported anew gave the id to a library far away that happens to have that room."""
    (only,) = approved(file_plan, result, Enlarge("a", 80.0))
    rows = result.district.facilities
    own = rows["facility_id"] == "a"
    other = rows.assign(
        name=["Elsewhere" if each else name for each, name in zip(own, rows["name"], strict=True)],
        kind=["library" if each else kind for each, kind in zip(own, rows["kind"], strict=True)],
        capacity=[80.0 if each else None for each in own],
    )
    now = planner.assess(result.district.with_layers(facilities=other))
    (told,) = file_plan.joint(now).misfits
    assert told.proposal.id == only.id
    assert told.reason.code == "district.scenario_other_facility"
