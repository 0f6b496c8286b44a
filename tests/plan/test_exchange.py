"""Backups that come back whole, and the plans of two offices that become one."""

import gzip
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from effort import few
from sqlalchemy import select

from planner.errors import PlannerError
from planner.plan import Plan, Proposal
from planner.plan.proposals.figures import Figures
from planner.plan.store.tables import STORE, canonical
from planner.views.words.labels import Labels
from planner.views.words.plan.proposals import contradiction_sentence, review_sentence


@pytest.fixture
def lived(plan: Plan, complete: Callable[..., Proposal]) -> Plan:
    made = complete(plan)
    plan.step(made, "submit")
    plan.step(made.id, "take_up")
    plan.review(made.id, "object", "no land", "planning")
    plan.comment(made.id, "seen on site")
    return plan


def everything(plan: Plan) -> tuple[object, ...]:
    with plan.store.reading() as connection:
        store = connection.execute(select(STORE)).mappings().one()
    return plan.cases(), plan.trail(), dict(store)


@pytest.mark.long(but=1)
def test_a_backup_comes_back_whole_in_either_database(
    lived: Plan,
    file_target: str,
    server_target: str,
    opened: Callable[..., Plan],
    tmp_path: Path,
    as_actor: Callable[..., Plan],
) -> None:
    file = lived.export(tmp_path / "plan.backup")
    for target in (file_target, server_target):
        again = as_actor(opened(target), "administrator")
        if again.store.place == lived.store.place:
            with pytest.raises(PlannerError) as error:
                again.restore(file)
            assert error.value.code == "plan.not_empty"
            continue
        assert again.restore(file) == 5 + 1
        assert everything(again) == everything(lived)
        assert again.verify() == ()
        own = again.proposals()[0]
        again.comment(own.id, "after the restoring")
        assert again.verify() == ()
        assert again.export(tmp_path / "b").read_bytes() != file.read_bytes()


def test_equal_plans_make_equal_files(lived: Plan, tmp_path: Path) -> None:
    files = [lived.export(tmp_path / name).read_bytes() for name in ("a", "b")]
    assert files[0] == files[1]


def changed(file: Path, change: Callable[[dict[str, object]], object]) -> Path:
    told = json.loads(gzip.decompress(file.read_bytes()))
    change(told)
    file.write_bytes(gzip.compress(canonical(told).encode()))
    return file


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda told: told.update(version=99), "plan.newer_export"),
        (lambda told: told.update(format="other"), "plan.not_an_export"),
        (lambda told: told.pop("layers"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].pop("title"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(status="mine"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(title=5), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(geometry="00"), "plan.not_an_export"),
        (lambda told: told["layers"]["proposal"][0].update(title="x"), "plan.export_damaged"),
        (lambda told: told["trail"][0].update(after=5), "plan.not_an_export"),
        (lambda told: told["trail"][0].update(layer="other"), "plan.not_an_export"),
        (lambda told: told["trail"][1].update(why="x"), "plan.export_damaged"),
        (lambda told: told["trail"].pop(), "plan.export_damaged"),
        (lambda told: told["layers"]["comment"].clear(), "plan.export_damaged"),
    ],
)
def test_a_file_that_was_changed_is_refused(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    tmp_path: Path,
    change: Callable[[dict[str, object]], object],
    code: str,
) -> None:
    made = complete(file_plan)
    file_plan.comment(made.id, "seen")
    file = changed(file_plan.export(tmp_path / "plan"), change)
    before = everything(file_plan)
    for call in (file_plan.restore, file_plan.merge):
        with pytest.raises(PlannerError) as error:
            call(file)
        assert error.value.code == code
        assert str(error.value)
    assert everything(file_plan) == before


@pytest.mark.parametrize(
    "content",
    [b"", b"no plan", gzip.compress(b"\xff\xfe", mtime=0), b"\x1f\x8b\x08"],
    ids=["empty", "text", "packed", "cut"],
)
def test_another_file_is_refused(file_plan: Plan, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "plan"
    file.write_bytes(content)
    with pytest.raises(PlannerError) as error:
        file_plan.merge(file)
    assert error.value.code == "plan.not_an_export"


@pytest.mark.long
def test_a_file_that_was_cut_or_damaged_is_refused(
    lived: Plan, tmp_path: Path, file_plan: Plan
) -> None:
    whole = lived.export(tmp_path / "whole").read_bytes()
    text = gzip.decompress(whole)
    step = len(text) // 40
    files = [whole[: len(whole) * part // 20] for part in range(20)]
    files += [gzip.compress(text[:size]) for size in range(0, len(text), step)]
    files += [
        gzip.compress(text[:at] + sign + text[at + 1 :])
        for at in range(1, len(text), step)
        for sign in (b"{", b'"', b"\x00", b"\xff")
    ]
    files.append(gzip.compress(text.replace(b'"entries":', b'"entries":1e999,"x":', 1)))
    files.append(gzip.compress(b"[" * 100_000))
    same = 0
    for content in files:
        if content == whole or gzip_text(content) == text:
            same += 1
            continue
        file = tmp_path / "damaged"
        file.write_bytes(content)
        with pytest.raises(PlannerError) as error:
            file_plan.merge(file)
        known = ("plan.not_an_export", "plan.export_damaged", "plan.newer_export")
        assert error.value.code in known
        assert str(error.value)
    assert same < 10


def gzip_text(content: bytes) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError):
        return b""


class Offices:
    """Two offices without a common server."""

    def __init__(self, ours: Plan, theirs: Plan, folder: Path) -> None:
        self.ours, self.theirs, self.folder = ours, theirs, folder

    def to_us(self, **take: str) -> object:
        chosen = {name.replace("_", "-"): side for name, side in take.items()}
        return self.ours.merge(self.theirs.export(self.folder / "t"), chosen)  # type: ignore[arg-type]

    def to_them(self) -> object:
        return self.theirs.merge(self.ours.export(self.folder / "o"))

    def content(self) -> list[list[tuple[object, ...]]]:
        return [
            [
                (each.id, each.status, each.title, each.cost, each.year, each.kinds)
                for each in sorted(plan.proposals(), key=lambda each: each.id)
            ]
            for plan in (self.ours, self.theirs)
        ]

    def agree(self) -> bool:
        assert self.ours.verify() == self.theirs.verify() == ()
        ours, theirs = self.content()
        return ours == theirs


@pytest.fixture
def offices(
    file_plan: Plan,
    server_target: str,
    opened: Callable[..., Plan],
    tmp_path: Path,
    as_actor: Callable[..., Plan],
) -> Offices:
    theirs = as_actor(opened(server_target), *file_plan.actor.roles, name="Zhang")
    return Offices(file_plan, theirs, tmp_path)


@pytest.mark.long
def test_what_only_one_office_changed_is_taken(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    mine, yours = complete(offices.ours), complete(offices.theirs, title="theirs")
    merged = offices.to_us()
    assert merged.added == (yours.id,)
    offices.to_them()
    assert offices.agree()
    offices.theirs.edit(mine.id, year=2028)
    offices.theirs.step(yours.id, "submit")
    offices.theirs.comment(mine.id, "seen by us")
    merged = offices.to_us()
    assert set(merged.changed) == {mine.id, yours.id}
    assert offices.agree()
    assert offices.ours.case(mine.id).comments[0].by == "Zhang"
    who = {(entry["actor"], entry["deed"]) for entry in offices.ours.trail(mine.id)}
    assert ("Zhang", "edit") in who
    assert offices.to_us().changed == ()
    offices.to_them()
    assert offices.agree()
    assert offices.to_them().changed == ()


def test_edits_of_different_fields_merge_by_themselves(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    offices.ours.edit(own, cost=50.0)
    offices.theirs.edit(own, year=2029)
    assert offices.to_us().conflicts == ()
    found = offices.ours.get(own)
    assert (found.cost, found.year) == (50.0, 2029)
    offices.to_them()
    assert offices.agree()


@pytest.mark.long
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_the_same_field_shows_all_three_and_somebody_chooses(
    offices: Offices, complete: Callable[..., Proposal], side: str
) -> None:
    own = complete(offices.ours, cost=10.0).id
    offices.to_them()
    offices.ours.edit(own, cost=50.0, title="ours")
    offices.theirs.edit(own, cost=60.0, year=2029)
    before = everything(offices.ours)
    (conflict,) = offices.to_us().conflicts
    told = conflict.conflict
    assert (conflict.row_id, told.field) == (own, "cost")
    assert (told.base, told.ours, told.theirs) == (10.0, 50.0, 60.0)
    assert everything(offices.ours) == before
    assert offices.to_us(**{own.replace("-", "_"): side}).conflicts == ()
    found = offices.ours.get(own)
    cost = {"ours": 50.0, "theirs": 60.0}[side]
    assert (found.cost, found.title, found.year) == (cost, "ours", 2029)
    assert offices.to_them().conflicts == ()
    assert offices.agree()


def test_a_place_of_one_and_a_kind_of_the_other_is_nobodys_proposal(
    offices: Offices, complete: Callable[..., Proposal], for_kinds
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    offices.ours.edit(own, **for_kinds("library"))
    offices.theirs.edit(own, geometry="010100000000000000000034400000000000003440")
    found = {each.conflict.field: each.conflict for each in offices.to_us().conflicts}
    assert set(found) == {"geometry", "kinds", "changes"}
    assert (found["kinds"].base, found["kinds"].ours) == (["clinic"], ["library"])
    assert found["kinds"].theirs == ["clinic"]


@pytest.mark.long
def test_what_was_put_back_stays_put_back(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours, title="first", cost=10.0).id
    offices.to_them()
    offices.theirs.edit(own, year=2029)
    offices.ours.edit(own, title="second", cost=20.0)
    offices.to_them()
    offices.ours.edit(own, title="first")
    offices.ours.edit(own, cost=30.0)
    offices.theirs.edit(own, funding="the city")
    assert offices.to_us().conflicts == ()
    found = offices.ours.get(own)
    assert (found.title, found.cost, found.year) == ("first", 30.0, 2029)
    assert found.funding == "the city"
    offices.to_them()
    assert offices.agree()


@pytest.mark.long
def test_offices_that_import_at_the_same_time_agree(
    offices: Offices, complete: Callable[..., Proposal], tmp_path: Path
) -> None:
    own = complete(offices.ours, title="first").id
    offices.to_them()
    offices.ours.edit(own, title="second")
    offices.theirs.edit(own, year=2029)
    files = [offices.ours.export(tmp_path / "a"), offices.theirs.export(tmp_path / "b")]
    offices.theirs.merge(files[0])
    offices.ours.merge(files[1])
    offices.ours.edit(own, title="first")
    assert offices.to_us().conflicts == ()
    assert (offices.ours.get(own).title, offices.ours.get(own).year) == ("first", 2029)
    offices.to_them()
    assert offices.agree()
    offices.to_us()
    length = len(offices.ours.trail())
    offices.to_them()
    offices.to_us()
    assert len(offices.ours.trail()) == length


@pytest.mark.long
def test_offices_that_chose_each_their_own_are_told(
    offices: Offices, complete: Callable[..., Proposal], tmp_path: Path
) -> None:
    own = complete(offices.ours, cost=10.0).id
    offices.to_them()
    offices.ours.edit(own, cost=50.0)
    offices.theirs.edit(own, cost=60.0)
    files = [offices.ours.export(tmp_path / "a"), offices.theirs.export(tmp_path / "b")]
    offices.theirs.merge(files[0], {own: "ours"})
    offices.ours.merge(files[1], {own: "ours"})
    (conflict,) = offices.to_us().conflicts
    told = conflict.conflict
    assert (told.field, told.base, told.ours, told.theirs) == ("cost", 10.0, 50.0, 60.0)
    offices.to_us(**{own.replace("-", "_"): "theirs"})
    assert offices.to_them().conflicts == ()
    assert offices.agree()
    assert offices.ours.get(own).cost == 60.0


@pytest.mark.long
def test_three_offices_keep_what_one_put_back(
    offices: Offices,
    complete: Callable[..., Proposal],
    blank_file: Path,
    opened: Callable[..., Plan],
    tmp_path: Path,
) -> None:
    centre = opened(shutil.copyfile(blank_file, tmp_path / "centre.sqlite"))
    own = complete(centre, title="first").id
    for office in (offices.ours, offices.theirs):
        office.merge(centre.export(tmp_path / "c"))
    centre.edit(own, title="second")
    for office in (offices.ours, offices.theirs):
        office.merge(centre.export(tmp_path / "c"))
    offices.ours.edit(own, title="first")
    offices.theirs.edit(own, year=2029)
    assert offices.to_us().conflicts == ()
    assert (offices.ours.get(own).title, offices.ours.get(own).year) == ("first", 2029)
    assert offices.ours.as_of(own, 2).title == "second"


def as_kept(plan: Plan, own: str) -> tuple[Proposal, list[dict[str, object]]]:
    """Return a proposal and what the trail says of it, but not what belongs to it."""
    return plan.get(own), [entry for entry in plan.trail(own) if entry["layer"] == "proposal"]


def under_review(offices: Offices, complete: Callable[..., Proposal]) -> str:
    own = complete(offices.ours, cost=10.0).id
    offices.ours.step(own, "submit")
    offices.ours.step(own, "take_up")
    offices.ours.review(own, "support", "good", "planning")
    offices.to_them()
    return own


CONTENT = {
    "cost": 90.0,
    "currency": "EUR",
    "year": 2031,
    "department": "culture",
    "floor_area_m2": 900.0,
    "kinds": ["library"],
    "geometry": "010100000000000000000034400000000000003440",
    "workspace": "other.gpkg",
}


@pytest.mark.long
@pytest.mark.parametrize("field", few(CONTENT, 3))
@pytest.mark.parametrize("decider", ["ours", "theirs"])
def test_a_decision_and_another_content_are_a_conflict(
    offices: Offices, complete: Callable[..., Proposal], for_kinds, field: str, decider: str
) -> None:
    own = under_review(offices, complete)
    one, another = offices.ours, offices.theirs
    if decider == "theirs":
        one, another = another, one
    one.step(own, "approve")
    content = for_kinds("library") if field == "kinds" else {field: CONTENT[field]}
    another.edit(own, note="a word more", **content)
    before = as_kept(offices.ours, own)
    found = {each.conflict.field: each.conflict for each in offices.to_us().conflicts}
    # the area is that of what is built, too
    built = {"changes"} if field == "floor_area_m2" else set()
    assert set(found) == {"status", *content, *built}
    assert found["status"].base == "under_review"
    assert getattr(found["status"], decider) == "approved"
    assert as_kept(offices.ours, own) == before
    offices.to_us(**{own.replace("-", "_"): decider})
    now = offices.ours.get(own)
    assert now.status == "approved"
    assert now.to_row()[field] == one.get(own).to_row()[field]
    assert now.note == "a word more"  # nothing that a decision turns on
    offices.to_them()
    assert offices.agree()


@pytest.mark.long
def test_who_chooses_the_content_takes_the_decision_back(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = under_review(offices, complete)
    offices.ours.step(own, "approve")
    offices.theirs.edit(own, cost=90.0)
    offices.to_us(**{own.replace("-", "_"): "theirs"})
    assert (offices.ours.get(own).status, offices.ours.get(own).cost) == ("under_review", 90.0)
    assert offices.ours.trail(own)[-1]["deed"] == "import"


def test_what_was_put_aside_here_and_handed_in_there_is_a_conflict(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    offices.ours.put_aside(own, "entered twice")
    offices.theirs.step(own, "submit")
    assert {each.conflict.field for each in offices.to_us().conflicts} == {"status", "deleted"}


@pytest.mark.long
def test_figures_of_the_old_content_do_not_stand_beside_the_new(
    offices: Offices, complete: Callable[..., Proposal], for_kinds
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    old = Figures("2027-01-01", "1", "gb50180-2018", "sign", "sign", {}, (), ())
    offices.theirs.edit(own, figures=old)
    offices.ours.edit(own, **for_kinds("library"))
    offices.to_us()
    assert (offices.ours.get(own).kinds, offices.ours.get(own).figures) == (("library",), None)


@pytest.mark.long
def test_a_department_that_both_asked_is_asked_once(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    offices.ours.consult(own, "housing", "wished", "2927-03-01", "the yard")
    offices.theirs.consult(own, "housing", "needed", "2927-04-01", "the gate")
    offices.theirs.consult(own, "culture", "wished")
    offices.to_us()
    asked = {each.department: each for each in offices.ours.case(own).consultations}
    assert len(offices.ours.case(own).consultations) == len(asked) == 2
    housing = asked["housing"]
    assert (housing.need, housing.due) == ("needed", "2927-04-01")
    assert housing.note == "the yard\nthe gate"
    offices.to_them()
    assert offices.ours.case(own) == offices.theirs.case(own)
    assert offices.agree()
    assert offices.to_us().changed == ()


def test_partners_that_both_offices_asked_at_once_are_asked_once(
    offices: Offices, complete: Callable[..., Proposal], tmp_path: Path
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    for office in (offices.ours, offices.theirs):
        office.step(own, "submit")
    files = [offices.ours.export(tmp_path / "a"), offices.theirs.export(tmp_path / "b")]
    offices.ours.merge(files[1])
    offices.theirs.merge(files[0])
    for office in (offices.ours, offices.theirs):
        (asked,) = office.case(own).consultations
        assert (asked.department, asked.need) == ("planning", "needed")
    assert offices.to_us().conflicts == offices.to_them().conflicts == ()
    assert offices.ours.case(own).consultations == offices.theirs.case(own).consultations


@pytest.mark.long
@pytest.mark.parametrize("first", ["support", "object", "change"])
@pytest.mark.parametrize("second", ["support", "object", "change"])
def test_what_a_department_said_otherwise_in_two_offices_is_told_and_the_stricter_stands(
    offices: Offices, complete: Callable[..., Proposal], tmp_path: Path, first: str, second: str
) -> None:
    own = under_review(offices, complete)
    offices.to_them()
    here = offices.ours.review(own, first, "said here", "health")
    there = offices.theirs.review(own, second, "said there", "health")
    files = [offices.ours.export(tmp_path / "a"), offices.theirs.export(tmp_path / "b")]
    told = [
        offices.ours.merge(files[1]).contradictions,
        offices.theirs.merge(files[0]).contradictions,
    ]
    assert told[0] == told[1]
    for plan in (offices.ours, offices.theirs):
        case = plan.case(own)
        assert {here.id, there.id} <= {each.id for each in case.reviews}
        assert plan.verify() == ()
    if first == second:
        assert told[0] == ()
        return
    (one,) = told[0]
    rank = ["object", "change", "support"].index
    stricter = here if rank(first) < rank(second) else there
    assert (one.proposal_id, one.department, one.stands) == (own, "health", stricter.id)
    labels = Labels("zh")
    for plan in (offices.ours, offices.theirs):
        case = plan.case(own)
        assert case.positions["health"].id == stricter.id
        assert [each.department for each in case.unanswered] == ["health"]
        with pytest.raises(PlannerError) as error:
            plan.step(own, "approve")
        assert error.value.code == "plan.unanswered"
        said = [review_sentence(labels, case, each) for each in case.reviews]
        assert sum("不作数" in each for each in said) == 1
        assert "卫" in contradiction_sentence(labels, one)
    assert offices.to_us().contradictions == offices.to_them().contradictions == ()
    offices.ours.review(own, "support", "agreed in the meeting", "health")
    assert offices.ours.step(own, "approve").status == "approved"


@pytest.mark.long
@pytest.mark.parametrize("milder", [("support", "support"), ("object", "support")])
def test_an_objection_stands_whatever_the_milder_office_heard_before_its_last_word(
    offices: Offices, complete: Callable[..., Proposal], tmp_path: Path, milder: tuple[str, str]
) -> None:
    own = under_review(offices, complete)
    offices.to_them()
    strict = offices.theirs.review(own, "change", "too near", "health")
    milder_ids = {offices.ours.review(own, each, "said here", "health").id for each in milder}
    files = [offices.ours.export(tmp_path / "a"), offices.theirs.export(tmp_path / "b")]
    assert len(offices.ours.merge(files[1]).contradictions) == 1
    assert len(offices.theirs.merge(files[0]).contradictions) == 1
    for plan in (offices.ours, offices.theirs):
        case = plan.case(own)
        assert case.positions["health"].id == strict.id
        assert {each.id for each in case.reviews if each.overruled} == milder_ids
        with pytest.raises(PlannerError) as error:
            plan.step(own, "approve")
        assert error.value.code == "plan.unanswered"
    assert offices.agree()
    assert offices.to_us().contradictions == offices.to_them().contradictions == ()
    assert offices.ours.case(own) == offices.theirs.case(own)


def test_who_knew_of_the_objection_and_supports_has_the_last_word(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = under_review(offices, complete)
    offices.ours.review(own, "object", "no land", "health")
    offices.to_them()
    offices.theirs.review(own, "support", "land was found", "health")
    assert offices.to_us().contradictions == ()
    assert offices.ours.case(own).unanswered == ()


def test_two_offices_that_object_for_different_reasons_are_both_heard(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours).id
    offices.ours.step(own, "submit")
    offices.to_them()
    offices.ours.review(own, "object", "no land", "planning")
    offices.theirs.review(own, "object", "too dear", "planning")
    offices.to_us()
    assert {each.reason for each in offices.ours.case(own).unanswered} == {"no land", "too dear"}


def test_a_choice_that_names_nothing_is_refused(
    offices: Offices, complete: Callable[..., Proposal]
) -> None:
    own = complete(offices.ours, cost=10.0).id
    offices.to_them()
    offices.ours.edit(own, cost=50.0)
    offices.theirs.edit(own, cost=60.0)
    before = everything(offices.ours)
    for wrong in (own.lower(), "P-0000-0000"):
        with pytest.raises(PlannerError) as error:
            offices.to_us(**{wrong.replace("-", "_"): "theirs"})
        assert (error.value.code, error.value.params["id"]) == ("plan.no_such_row", wrong)
    assert everything(offices.ours) == before


@pytest.mark.long
@pytest.mark.parametrize("newer", ["ours", "theirs"])
def test_figures_that_both_computed_anew_are_no_conflict(
    offices: Offices, complete: Callable[..., Proposal], newer: str
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    late = Figures("2028-01-01", "1", "gb50180-2018", "sign", "sign", {}, (), ())
    early = replace(late, computed_at="2027-01-01")
    offices.ours.edit(own, figures=late if newer == "ours" else early)
    offices.theirs.edit(own, figures=early if newer == "ours" else late)
    offices.theirs.edit(own, note="theirs")
    assert offices.to_us().conflicts == ()
    assert (offices.ours.get(own).figures, offices.ours.get(own).note) == (late, "theirs")
    offices.to_them()
    assert offices.agree()
    assert offices.theirs.get(own).figures == late


@pytest.mark.long
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_of_two_contents_the_chosen_one_keeps_its_own_figures(
    offices: Offices, complete: Callable[..., Proposal], for_kinds, side: str
) -> None:
    own = complete(offices.ours).id
    offices.to_them()
    told = Figures("2028-01-01", "1", "gb50180-2018", "sign", "sign", {}, (), ())
    figures = {"ours": told, "theirs": replace(told, computed_at="2027-01-01")}
    for name, plan, kind in (
        ("ours", offices.ours, "library"),
        ("theirs", offices.theirs, "police_room"),
    ):
        plan.edit(own, **for_kinds(kind))
        plan.edit(own, figures=figures[name])
    assert "figures" not in {each.conflict.field for each in offices.to_us().conflicts}
    offices.to_us(**{own.replace("-", "_"): side})
    assert offices.ours.get(own).figures == figures[side]


def holding(plan: Plan) -> list[tuple[str, float]]:
    return [(each.id, each.amount) for each in plan.limits()]


def limits_of(offices: Offices, *amounts: float) -> list[str]:
    told = {"department": "health", "year": 2028, "currency": "CNY 10,000"}
    plans = (offices.ours, offices.theirs)
    pairs = zip(plans, amounts, strict=True)
    return [plan.set_limit(amount=amount, **told).id for plan, amount in pairs]


@pytest.mark.long
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_two_limits_for_the_same_money_are_a_conflict(offices: Offices, side: str) -> None:
    ours, theirs = limits_of(offices, 500.0, 90.0)
    (conflict,) = offices.to_us().conflicts
    told = conflict.conflict
    assert (conflict.layer, conflict.row_id, told.field) == ("limit", ours, "amount")
    assert (told.ours, told.theirs) == (500.0, 90.0)
    assert holding(offices.ours) == [(ours, 500.0)]
    assert offices.to_us(**{ours.replace("-", "_"): side}).conflicts == ()
    kept = {"ours": (ours, 500.0), "theirs": (theirs, 90.0)}[side]
    assert holding(offices.ours) == [kept]
    assert offices.to_them().conflicts == ()
    assert holding(offices.theirs) == [kept]
    assert offices.ours.edit_limit(kept[0], why="less", amount=80.0).amount == 80.0
    assert offices.to_them().conflicts == ()
    assert offices.agree()


def test_limits_that_each_office_chose_for_itself_are_told_again(offices: Offices) -> None:
    ours, theirs = limits_of(offices, 500.0, 90.0)
    plans = (offices.ours, offices.theirs)
    files = [plan.export(offices.folder / f"{number}") for number, plan in enumerate(plans)]
    offices.ours.merge(files[1], {ours: "ours"})
    offices.theirs.merge(files[0], {theirs: "ours"})
    assert (holding(offices.ours), holding(offices.theirs)) == ([(ours, 500.0)], [(theirs, 90.0)])
    assert {each.row_id for each in offices.to_us().conflicts} == {ours}
    assert holding(offices.ours) == [(ours, 500.0)]
    offices.to_us(**{ours.replace("-", "_"): "theirs"})
    assert holding(offices.ours) == [(theirs, 90.0)]
    assert offices.to_them().conflicts == ()
    assert holding(offices.theirs) == [(theirs, 90.0)]
    assert offices.agree()


def test_limits_of_two_offices_that_say_the_same_are_one(offices: Offices) -> None:
    ours, _ = limits_of(offices, 90.0, 90.0)
    plans = (offices.ours, offices.theirs)
    files = [plan.export(offices.folder / f"{number}") for number, plan in enumerate(plans)]
    assert offices.ours.merge(files[1]).conflicts == offices.theirs.merge(files[0]).conflicts == ()
    assert holding(offices.ours) == holding(offices.theirs) == [(ours, 90.0)]
    assert offices.to_us().conflicts == offices.to_them().conflicts == ()
    assert holding(offices.ours) == holding(offices.theirs) == [(ours, 90.0)]
