"""What opened becomes part of the data: corrections beside the workspace, with their source."""

import math
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from shapely import LineString, Point, box
from street_town import CRS, X, Y, covered, crowded_street, frame

import planner
from planner.district import (
    AddService,
    Close,
    Connect,
    District,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
    Scenario,
    builtin_kinds,
)
from planner.errors import InputError
from planner.plan import Plan
from planner.plan.proposals import making
from planner.plan.targets.lead_times import builtin_lead_times
from planner.reports.agenda import agenda_docx
from planner.sources import read_district
from planner.sources.corrections import read_corrections
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points
from planner.views.words.plan.brought import brings_sentence
from planner.views.words.plan.joint_plan import money_notes
from planner.views.words.plan.proposals import moved_sentence, status_word
from planner.views.words.plan.targets import money_range

SPOT = (391_000.0, 2_860_000.0)
STEPS = [
    Open("n", "clinic", *SPOT, name="New", floor_area_m2=150.0),
    Open("m", "library", *SPOT),
    OpenInternal("unit"),
    ExtendHours("a", "24/7"),
    AddService("b", "vaccination"),
    Enlarge("c", 80.0),
    Move("d", 392_050.0, 2_860_000.0),
    Close("partner"),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("town") / "street.gpkg"
    planner.write_district(crowded_street(), file)
    return file


@pytest.fixture
def copy(workspace: Path, tmp_path: Path) -> Path:
    file = tmp_path / "street.gpkg"
    file.write_bytes(workspace.read_bytes())
    return file


def approved(plan: Plan, steps, result):
    made = plan.propose(Scenario("all", steps, CRS), assessment=result, figures=False)
    for each in made:
        plan.edit(each, department="health")
        plan.step(each.id, "submit")
        plan.step(each.id, "take_up")
        for asked in plan.case(each.id).consultations:
            plan.consult(each.id, asked.department, "none", why="agreed")
        plan.step(each.id, "approve")
    return [plan.get(each.id) for each in made]


@pytest.mark.long
def test_what_opened_is_what_was_proposed(file_plan: Plan, copy: Path) -> None:
    result = planner.assess(read_district(copy))
    wanted = result.apply(Scenario("all", STEPS, CRS)).district.facilities
    decided = approved(file_plan, STEPS, result)
    for each in decided:
        done, made = file_plan.open_in(each, copy, "hand-over of 2027-05-01")
        assert (done.status, done.opened_source) == ("opened", "hand-over of 2027-05-01")
        assert made
    now = read_district(copy).facilities
    columns = [
        "name",
        "kind",
        "status",
        "ownership",
        "opening_hours",
        "services",
        "capacity",
        "floor_area_m2",
    ]

    def plain(rows):
        told = rows.assign(x=rows.geometry.x, y=rows.geometry.y)[[*columns, "x", "y"]]
        return sorted(map(str, told.astype(object).itertuples(index=False, name=None)))

    assert plain(now) == plain(wanted)
    told = now["source"][now["source"].str.contains("hand-over")]
    assert len(told) == len(STEPS)
    assert all(f"({each.id})" in " ".join(told) for each in decided)
    assert file_plan.decided() == []
    assert file_plan.verify() == ()


@pytest.mark.long
def test_nothing_is_corrected_twice(file_plan: Plan, copy: Path, monkeypatch) -> None:
    result = planner.assess(read_district(copy))
    (only,) = approved(file_plan, STEPS[:1], result)

    def fail(*_args: object, **_more: object) -> None:
        raise InputError("plan.no_such_row", id="x")

    monkeypatch.setattr(file_plan, "step", fail)
    with pytest.raises(InputError):
        file_plan.open_in(only, copy, "seen")
    monkeypatch.undo()
    kept = read_corrections(copy)
    assert len(kept.steps) == 1
    done, made = file_plan.open_in(only, copy, "seen")
    assert (done.status, made) == ("opened", ())
    assert read_corrections(copy) == kept


@pytest.mark.long
def test_who_may_not_open_corrects_nothing(file_plan: Plan, copy: Path, as_actor) -> None:
    result = planner.assess(read_district(copy))
    (only,) = approved(file_plan, STEPS[:1], result)
    for plan, source in ((as_actor(file_plan, "reviewer"), "seen"), (file_plan, " ")):
        with pytest.raises(InputError):
            plan.open_in(only, copy, source)
    draft = file_plan.propose(Scenario("x", STEPS[2:3], CRS), assessment=result, figures=False)[0]
    with pytest.raises(InputError):
        file_plan.open_in(draft, copy, "seen")
    assert read_corrections(copy).steps == ()


@pytest.mark.long
def test_a_way_that_opened_stays_in_the_joint_plan(file_plan: Plan, copy: Path) -> None:
    result = planner.assess(read_district(copy))
    way = Connect(390_000.0, 2_860_000.0, 390_050.0, 2_860_020.0)
    (only,) = approved(file_plan, [way], result)
    done, made = file_plan.open_in(only, copy, "seen")
    assert (done.status, made) == ("opened", ())
    assert [each.id for each in file_plan.decided()] == [done.id]


def river_town() -> District:
    """Two streets along a river, 100 m apart and joined at their far end; a clinic on one bank."""
    banks = [
        LineString([(X + start, Y + side), (X + end, Y + side)])
        for side in (0, 100)
        for start, end in ((0, 100), (100, 2000))
    ]
    across = LineString([(X + 2000, Y), (X + 2000, Y + 100)])
    homes = [Point(X + metres, Y + 100) for metres in range(0, 800, 100)]
    layers = {
        "communities": frame(
            [box(X - 50, Y - 50, X + 2050, Y + 150)], community_id=["1"], name=["All"]
        ),
        "streets": frame([*banks, across], street_id=["n", "n2", "f", "f2", "x"]),
        "facilities": frame(
            [Point(X + 100, Y)], facility_id=["a"], name=["A"], kind=["clinic"], ownership="public"
        ),
        "demand": frame(
            homes, demand_id=[str(n) for n in range(len(homes))], community_id="1", population=10.0
        ),
    }
    return District.from_layers("River", layers, complete=builtin_kinds())


def with_bridge(bend_m: float) -> District:
    """Return the town whose streets lead across by now, straight or by a bend."""
    streets = river_town().streets
    middle = (X + 100 + bend_m, Y + 50)
    line = LineString([(X + 100, Y), middle, (X + 100, Y + 100)])
    newer = frame([*streets.geometry, line], street_id=[*streets["street_id"], "b"])
    return river_town().with_layers(streets=newer)


@pytest.mark.long
def test_an_opened_way_shorter_than_the_streets_still_counts(file_plan: Plan) -> None:
    result = planner.assess(with_bridge(60.0))
    (only,) = approved(file_plan, [Connect(X + 100, Y, X + 100, Y + 100)], result)
    file_plan.step(only.id, "opened", source="seen")
    assert file_plan.joint(result).misfits == ()


@pytest.mark.long
@pytest.mark.parametrize("year", [None, 2090])
def test_a_way_that_opened_counts_at_once_whatever_year_it_was_planned_for(
    file_plan: Plan, year: int | None
) -> None:
    result = planner.assess(river_town())
    (only,) = approved(file_plan, [Connect(X + 100, Y, X + 100, Y + 100)], result)
    file_plan.edit(only, year=year, why="planned")
    done = file_plan.step(only.id, "opened", source="seen")
    opened = int(done.changed_at[:4])
    file_plan.set_target(kind="clinic", year=opened, share=1.0)
    joint = file_plan.joint(result)
    # its money is of the year that it was planned for, which has a row of its own
    assert joint.years == ("today", str(opened), "open" if year is None else str(year))
    (told,) = file_plan.paths(result, today=date(opened, 12, 31))
    near = [covered(state) for state in joint.after]
    assert near[2] == near[1] > near[0]
    assert told.goals[0].stand.low == pytest.approx(near[1] / 80.0)
    assert (told.undated, told.overdue) == ((), ())


def test_a_way_that_opened_early_is_gained_before_its_money_is_told(file_plan: Plan) -> None:
    result = planner.assess(river_town())
    (only,) = approved(file_plan, [Connect(X + 100, Y, X + 100, Y + 100)], result)
    price = {"cost": 50.0, "currency": "CNY 10,000"}
    file_plan.edit(only, year=2090, why="planned", **price)
    done = file_plan.step(only.id, "opened", source="seen")
    joint = file_plan.joint(result)
    first, last = joint.money().to_dict("records")
    assert first["gained"] == last["gained"] > 0
    assert (first["year"], first["spent"], last["spent"]) == (str(done.opened_in), 0.0, 50.0)
    assert (math.isnan(first["gained_per_cost"]), last["gained_per_cost"]) == (
        True,
        last["gained"] / 50.0,
    )
    told = money_notes(Labels("en"), joint)[1]
    assert f"was planned for 2090 and opened in {done.opened_in}" in told


@pytest.mark.long
@pytest.mark.parametrize("bend_m", [0.0, 4.0])
def test_an_opened_way_that_the_streets_have_by_now_counts_once(
    file_plan: Plan, bend_m: float
) -> None:
    before = planner.assess(river_town())
    way = Connect(X + 100, Y, X + 100, Y + 100, "Bridge")
    (only,) = approved(file_plan, [way], before)
    file_plan.edit(only, title="Bridge", cost=90.0, currency="CNY 10,000", why="priced", year=2027)
    done = file_plan.step(only.id, "opened", source="seen")
    gained = file_plan.joint(before).coverage.query("kind == 'clinic'")["gained"].max()
    assert gained > 0
    assert file_plan.joint(before).misfits == ()
    told = file_plan.agenda(before)
    assert ([each.id for each in told.opened_ways], told.misfits) == ([done.id], ())
    now = planner.assess(with_bridge(bend_m))
    joint = file_plan.joint(now)
    (known,) = joint.misfits
    assert (known.proposal.id, known.reason.code) == (done.id, "plan.way_in_data")
    assert joint.years == ("today",)
    # what the data have is not carried out, and its money is spent all the same
    assert joint.costs[["year", "state", "cost"]].to_numpy().tolist() == [["2027", "opened", 90.0]]
    wanted = now.summary().query("kind == 'clinic' and group == 'population'")["covered"].sum()
    assert joint.coverage.query("kind == 'clinic' and group == 'population'")["covered"].sum() == (
        wanted
    )
    told = file_plan.agenda(now)
    assert (told.opened_ways, [each.proposal.id for each in told.misfits]) == ((), [done.id])
    steps = [Open("n", "clinic", X + 1900, Y)]
    (fresh,) = file_plan.propose(steps, assessment=now)
    assert [each.proposal for each in fresh.figures.left_out] == [done.id]
    labels = Labels("zh")
    assert "不再重复计入" in brings_sentence(labels, fresh)
    assert file_plan.table().set_index("id")["awaits_streets"].to_dict() == {
        done.id: True,
        fresh.id: False,
    }
    assert "路网" in status_word(labels, done)
    points = agenda_points(labels, told)
    assert any("不再重复计入" in line for point in points for line in point.lines)


@pytest.mark.long
def test_a_way_whose_street_is_gone_ends_nothing(file_plan: Plan) -> None:
    before = planner.assess(river_town())
    (only,) = approved(file_plan, [Connect(X + 100, Y, X + 100, Y + 100, "Bridge")], before)
    streets = before.district.streets
    left = streets[~streets["street_id"].isin(["n", "n2"])].reset_index(drop=True)
    now = planner.assess(river_town().with_layers(streets=left))
    for odd in (file_plan.joint(now).misfits, file_plan.agenda(now).misfits):
        assert [(each.proposal.id, each.reason.code) for each in odd] == [
            (only.id, "analysis.link_end_far")
        ]
    (fresh,) = file_plan.propose([Open("n", "clinic", X + 500, Y + 100)], assessment=now)
    assert fresh.figures.left_out[0].proposal == only.id


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Decided and still to be built is 1 proposal", "1 proposal has opened", "2090")),
        ("zh", ("尚待建成的方案 1 个", "已启用的方案 1 个", "计划于 2090 年建设")),
    ],
)
def test_the_agenda_tells_what_was_decided_and_what_opened(
    file_plan: Plan, copy: Path, language: str, words: tuple[str, ...]
) -> None:
    result = planner.assess(read_district(copy))
    assert file_plan.agenda(result).is_quiet
    late, kept = approved(file_plan, [STEPS[0], STEPS[2]], result)
    file_plan.edit(late, year=2090, why="planned")
    done, _ = file_plan.open_in(late.id, copy, "hand-over")
    labels, told = Labels(language), file_plan.agenda(result)
    assert ([each.id for each in told.decided], [each.id for each in told.opened]) == (
        [kept.id],
        [done.id],
    )
    points = {x.heading: x.lines for x in agenda_points(labels, told, result.district)}
    amount = money_range(labels, kept.cost, kept.cost_most, kept.currency)
    assert any(amount in line for line in points[labels.message("plan_words.point_settled")])
    lines = points[labels.message("plan_words.point_settled")]
    for said in words:
        assert said in " ".join(lines)
    assert f"{done.opened_in}" in lines[-1]
    paper = Document(BytesIO(agenda_docx(told, result, labels, datetime(2027, 5, 1))))
    cells = " ".join(cell.text for table in paper.tables for cell in table._cells)
    assert lines[0] in cells
    assert lines[-1] in cells
    # opened in its year there is nothing to remark
    assert moved_sentence(labels, replace(done, year=done.opened_in)) == ""
    assert moved_sentence(labels, kept) == ""
    assert moved_sentence(labels, replace(done, year=None)) != ""


@pytest.mark.long
def test_a_way_that_opened_is_decided_in_what_is_talked_about(file_plan: Plan) -> None:
    result = planner.assess(river_town())
    gaps = result.gaps()
    (bridge,) = approved(file_plan, [Connect(X + 100, Y, X + 100, Y + 100)], result)
    beside = Connect(X + 100.5, Y, X + 100.5, Y + 100)
    (second,) = file_plan.propose([beside], assessment=result, figures=False)

    def told(state) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        for each in file_plan.agenda(state, gaps=gaps).matters:
            if each.code != "gap" or each.kinds == ("clinic",):
                found.setdefault(each.code, []).append(each.proposals)
        return found

    before = told(result)
    assert before["overtaken"] == [(second.id, bridge.id)]
    assert "gap" not in before
    opened = file_plan.step(bridge.id, "opened", source="seen")
    assert told(result) == before
    draft = making.drafts([beside], result)
    assert opened.id in {each.id for each in file_plan.already(draft, result)[0]}
    # once the streets have it, nothing of the plan is in the way
    newer = planner.assess(with_bridge(0.0))
    assert "overtaken" not in told(newer)
    assert [each.proposal.id for each in file_plan.agenda(newer).misfits] == [opened.id]
    assert [each.id for each in file_plan.already(draft, newer)[0]] == [second.id]


@pytest.mark.long
def test_two_ways_that_opened_are_not_to_be_chosen_between(file_plan: Plan) -> None:
    result = planner.assess(river_town())
    ways = [Connect(X + at, Y, X + at, Y + 100) for at in (100, 101)]
    both = approved(file_plan, ways, result)
    assert "duplicate" in {each.code for each in file_plan.agenda(result).matters}
    for each in both:
        file_plan.step(each.id, "opened", source="seen")
    assert "duplicate" not in {each.code for each in file_plan.agenda(result).matters}


@pytest.mark.long
def test_exchanges_count_whom_an_opened_way_has_near(file_plan: Plan) -> None:
    result = planner.assess(river_town())
    (bridge,) = approved(file_plan, [Connect(X + 100, Y, X + 100, Y + 100)], result)
    year = date.today().year + 1
    for number, (at, spot) in enumerate([(1900, year), (100, year + 2)]):
        steps = [Open(f"n{number}", "clinic", X + at, Y + 100)]
        file_plan.propose(steps, assessment=result, department="health", year=spot, figures=False)

    def brought() -> list[float]:
        times = builtin_lead_times().with_months({"build": 0})
        return [each.gained for each in file_plan.exchanges(result, lead_times=times)]

    file_plan.edit(bridge.id, year=year, why="planned")
    # the bridge has all but one home of the later clinic near from the earlier year on
    assert brought() == [20.0]
    done = file_plan.step(bridge.id, "opened", source="seen")
    assert done.counts_from < year
    assert brought() == [20.0]
