"""Houses and their parts after a merge of two offices: none is lost, and none counts twice."""

import itertools
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from postgres import Postgres
from street_town import X, Y, crowded_street

import planner
from planner.district import Open
from planner.errors import InputError
from planner.plan import Actor, Plan, Proposal
from planner.plan.coordination.meeting.open_cases import waiting_cases
from planner.plan.people import ROLES
from planner.plan.store.opening import open_store
from planner.plan.workflow import guards
from planner.plan.workflow.guards import offers
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import matter_sentence
from planner.views.words.plan.proposals import house_sentences, import_sentences

UNIT = "CNY 10,000"
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.long)])
def target(request: pytest.FixtureRequest) -> str:
    """Where an empty plan is kept; what a server keeps otherwise is in test_store.py and beside."""
    return str(request.getfixturevalue(f"{request.param}_target"))


def begin(target: str, result) -> None:
    priced = {"cost_high": None, "currency": UNIT, "year": 2028, "cost_source": "tender"}
    with Plan(open_store(target), Actor("Wang", frozenset(ROLES))) as plan:
        for kind, metres, cost in (("clinic", 3200.0, 100.0), ("police_room", 3330.0, 50.0)):
            steps = [Open("n", kind, X + metres, Y, kind)]
            plan.propose(steps, assessment=result, cost=cost, **priced)


@pytest.fixture(scope="module")
def file_begun(blank_file: Path, result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(shutil.copyfile(blank_file, tmp_path_factory.mktemp("begun") / "plan.sqlite"))
    begin(str(file), result)
    return file


@pytest.fixture(scope="module")
def database_begun(postgres: Postgres, blank_database: str, result) -> str:
    # a run that shuffles the tests comes to this module several times
    name = f"merged{next(NUMBERS)}"
    postgres.copy(blank_database, name)
    begin(postgres.address(name), result)
    return name


@pytest.fixture
def file_target(file_begun: Path, tmp_path: Path) -> str:
    return str(shutil.copyfile(file_begun, tmp_path / "plan.sqlite"))


@pytest.fixture
def server_target(postgres: Postgres, database_begun: str) -> str:
    name = f"merged{next(NUMBERS)}"
    postgres.copy(database_begun, name)
    return postgres.address(name)


class Two:
    """Two offices that both have a clinic and a police room, and what passes between them."""

    def __init__(self, ours: Plan, theirs: Plan, result, folder: Path) -> None:
        self.ours, self.theirs, self.result, self.folder = ours, theirs, result, folder
        by_kind = {each.kinds[0]: each.id for each in ours.proposals()}
        self.clinic, self.room = by_kind["clinic"], by_kind["police_room"]
        self.to_them()

    def to_us(self, **take: str):
        return self._pass(self.theirs, self.ours, take)

    def to_them(self, **take: str):
        return self._pass(self.ours, self.theirs, take)

    def _pass(self, sender: Plan, receiver: Plan, take: dict[str, str]):
        chosen = {name.replace("_", "-"): side for name, side in take.items()}
        return receiver.merge(sender.export(self.folder / "sent"), chosen)  # type: ignore[arg-type]

    def house(self, plan: Plan | None = None) -> Proposal:
        where = plan or self.ours
        return where.combine([self.clinic, self.room], self.result, site=self.clinic)

    def statuses(self, plan: Plan) -> tuple[str, str]:
        return plan.get(self.clinic).status, plan.get(self.room).status

    def in_order(self) -> bool:
        return self.ours.verify() == self.theirs.verify() == ()


def key(own: str) -> str:
    return own.replace("-", "_")


@pytest.fixture
def offices(plan: Plan, result, tmp_path: Path, opened: Callable[..., Plan]) -> Two:
    return Two(plan, opened(str(tmp_path / "other.sqlite")), result, tmp_path)


def agreed(plan: Plan, own: str) -> Proposal:
    plan.step(own, "submit")
    plan.step(own, "take_up")
    for asked in plan.case(own).waiting_for:
        plan.review(own, "support", "fits", asked.department)
    return plan.step(own, "approve")


@pytest.mark.long
def test_parts_wait_with_a_house_of_which_nobody_chose_yet(offices: Two) -> None:
    ours = offices.ours
    house = offices.house()
    offices.to_them()
    agreed(offices.theirs, house.id)
    ours.edit(house.id, year=2030)
    ours.set_limit(department="public_security", year=2028, amount=40.0, currency=UNIT)
    for _ in range(2):
        merged = offices.to_us()
        assert {each.row_id for each in merged.conflicts} == {house.id}
        assert merged.changed == ()
        assert offices.statuses(ours) == ("draft", "draft")
        assert ours.budgets()[0].asked.proposals == (offices.room,)
    offices.to_us(**{key(house.id): "theirs"})
    assert ours.get(house.id).status == "approved"
    assert offices.statuses(ours) == ("superseded", "superseded")
    assert offices.in_order()


@pytest.mark.long
@pytest.mark.parametrize("approves", ["ours", "theirs"])
def test_the_house_that_is_not_approved_gives_its_parts_back(offices: Two, approves: str) -> None:
    """Whichever office approved it, and also a part that the other edited."""
    house = offices.house()
    offices.to_them()
    one, another = offices.ours, offices.theirs
    if approves == "theirs":
        one, another = another, one
    another.step(offices.room, "submit")
    agreed(one, house.id)
    another.edit(house.id, year=2030)
    another.edit(offices.clinic, title="Called otherwise")
    side = "theirs" if approves == "ours" else "ours"
    assert {each.row_id for each in offices.to_us().conflicts} == {house.id}
    offices.to_us(**{key(house.id): side})
    assert offices.ours.get(house.id).status == "draft"
    assert offices.statuses(offices.ours) == ("draft", "submitted")
    assert offices.ours.get(offices.clinic).title == "Called otherwise"
    offices.to_them()
    assert offices.theirs.get(house.id).status == "draft"
    assert offices.statuses(offices.theirs) == ("draft", "submitted")
    assert offices.in_order()


@pytest.mark.long
def test_who_ended_a_part_by_hand_gets_it_back_by_no_choice(
    offices: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as it could be before a house that is open was refused in the place of its part
    monkeypatch.setattr(guards, "takes_in", lambda *_: False)
    house = offices.house()
    offices.ours.step(offices.room, "supersede", "built there", by=house.id)
    offices.to_them()
    offices.theirs.edit(house.id, year=2030)
    offices.ours.edit(house.id, year=2031)
    offices.to_us(**{key(house.id): "theirs"})
    assert offices.ours.get(house.id).year == 2030
    assert offices.statuses(offices.ours) == ("draft", "superseded")


@pytest.mark.long
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_no_status_of_a_part_is_offered_that_it_cannot_get(offices: Two, side: str) -> None:
    house = offices.house()
    agreed(offices.ours, house.id)
    offices.theirs.edit(offices.clinic, cost=140.0)
    agreed(offices.theirs, offices.room)
    offices.theirs.step(offices.room, "start")
    merged = offices.to_them()
    told = {(each.row_id, each.conflict.field) for each in merged.conflicts}
    assert told == {(offices.clinic, "cost")}
    assert offices.statuses(offices.theirs) == ("superseded", "superseded")
    (ended,) = merged.ended
    assert (ended.proposal_id, ended.house_id) == (offices.room, house.id)
    for language in ("en", "zh"):
        (said,) = import_sentences(Labels(language), merged)
        assert offices.room in said
        assert house.id in said
    offices.to_them(**{key(offices.clinic): side})
    now = offices.theirs.get(offices.clinic)
    assert (now.status, now.cost) == ("superseded", {"ours": 140.0, "theirs": 100.0}[side])
    assert offices.in_order()


@pytest.mark.long
def test_the_office_of_the_house_is_told_too_what_the_other_had_decided(offices: Two) -> None:
    house = offices.house()
    agreed(offices.ours, house.id)
    agreed(offices.theirs, offices.room)
    merged = offices.to_us()
    assert [(each.proposal_id, each.status) for each in merged.ended] == [
        (offices.room, "approved")
    ]
    assert merged.conflicts == ()
    assert offices.ours.get(house.id).status == "approved"
    assert offices.statuses(offices.ours) == ("superseded", "superseded")
    assert offices.to_us().ended == ()


@pytest.mark.long
def test_what_a_choice_for_the_house_here_ends_is_told(offices: Two) -> None:
    """Given back there, by whom knew of the house, and decided by itself since."""
    ours, theirs, clinic = offices.ours, offices.theirs, offices.clinic
    house = offices.house()
    agreed(ours, house.id)
    offices.to_them()
    theirs.step(house.id, "withdraw", "too dear")
    theirs.step(clinic, "reopen", "by itself")
    agreed(theirs, clinic)
    ours.step(house.id, "start")
    assert offices.to_us().ended == ()
    merged = offices.to_us(**{key(house.id): "ours"})
    assert ours.get(house.id).status == "in_construction"
    assert offices.statuses(ours) == ("superseded", "superseded")
    assert [(each.proposal_id, each.house_id, each.status) for each in merged.ended] == [
        (clinic, house.id, "approved")
    ]
    assert offices.to_us().ended == ()
    assert offices.in_order()


def refused(call: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as error:
        call()
    assert str(error.value)
    return error.value


@pytest.mark.long
@pytest.mark.parametrize("ending", ["withdraw", "reject", "put_aside"])
def test_what_an_agreed_house_builds_does_not_go_on_by_itself(offices: Two, ending: str) -> None:
    ours, theirs, clinic = offices.ours, offices.theirs, offices.clinic
    house = offices.house()
    agreed(ours, house.id)
    if ending == "put_aside":
        theirs.put_aside(clinic, "no")
    else:
        theirs.step(clinic, "submit")
        theirs.step(clinic, ending, "no")
    offices.to_us(**{key(clinic): "theirs"})
    (offer,) = offers(ours.actor, ours.case(clinic), date.today()) or [None]
    if ending == "put_aside":
        again = refused(lambda: ours.put_aside(clinic, "after all", back=True))
        assert offer is None
    else:
        again = refused(lambda: ours.step(clinic, "reopen", "after all"))
        assert offer.hindered.code == again.code
    assert (again.code, again.params["other"]) == ("plan.built_in_house", house.id)
    ours.step(house.id, "withdraw", "another place")
    if ending == "put_aside":
        assert ours.put_aside(clinic, "after all", back=True).status == "draft"
    else:
        assert ours.step(clinic, "reopen", "after all").status == "draft"


@pytest.mark.long
def test_a_part_that_opened_beside_its_agreed_house_is_told(offices: Two) -> None:
    ours, theirs, clinic = offices.ours, offices.theirs, offices.clinic
    house = offices.house()
    agreed(ours, house.id)
    agreed(theirs, clinic)
    theirs.step(clinic, "opened", source="hand-over")
    assert "house_beside" not in {each.code for each in ours.agenda().matters}
    offices.to_us(**{key(clinic): "theirs"})
    assert ours.get(clinic).status == "opened"
    for agenda in (ours.agenda(), ours.agenda(offices.result)):
        (matter,) = [each for each in agenda.matters if each.code == "house_beside"]
        assert matter.proposals == (house.id, clinic)
        for language in ("en", "zh"):
            labels = Labels(language)
            assert clinic in matter_sentence(labels, matter, agenda.named)
            card = house_sentences(labels, ours.get(house.id), ours.parts_of(ours.get(house.id)))
            told = labels.message("plan_words.parts_beside", proposals=clinic)
            assert told in card
            assert house.id in of_part(ours, clinic, language, "built_too")
            assert house.id in of_part(ours, offices.room, language, "built_in")
    ours.step(house.id, "opened", source="hand-over")
    for language in ("en", "zh"):
        whole = ours.get(house.id)
        assert clinic in house_sentences(Labels(language), whole, ours.parts_of(whole))[-1]
        assert house.id in of_part(ours, clinic, language, "built_too")


def of_part(plan: Plan, own: str, language: str, code: str) -> str:
    """Return what the card of a part says of its house."""
    part, labels = plan.get(own), Labels(language)
    (said,) = house_sentences(labels, part, (), plan.house_about(part))
    assert said.startswith(
        labels.message(f"plan_words.{code}", house="|", status="|").split("|")[0]
    )
    return said


@pytest.mark.long
@pytest.mark.parametrize("position", ["object", "change"])
@pytest.mark.parametrize("about", ["room", "house", "part"])
@pytest.mark.parametrize("receiver", ["ours", "theirs"])
def test_an_objection_to_what_the_other_office_approved_stands_until_it_is_answered(
    offices: Two, position: str, about: str, receiver: str
) -> None:
    ours, theirs, own = offices.ours, offices.theirs, offices.room
    ours.step(own, "submit")
    house = None if about == "room" else offices.house().id
    if about == "house":
        own = house
        ours.step(own, "submit")
    offices.to_them()
    said = theirs.review(own, position, "noise", "housing")
    approved = house or own
    if ours.get(approved).status == "draft":
        ours.step(approved, "submit")
    ours.step(approved, "take_up")
    for asked in ours.case(approved).waiting_for:
        ours.review(approved, "support", "fits", asked.department)
    ours.step(approved, "approve")
    merged = offices.to_us() if receiver == "ours" else offices.to_them()
    where = ours if receiver == "ours" else theirs
    assert where.get(approved).status == "approved"
    assert [(x.proposal_id, x.review_id) for x in merged.objected] == [(own, said.id)]
    for language in ("en", "zh"):
        (sentence,) = import_sentences(Labels(language), merged)
        assert own in sentence
    assert [case.proposal.id for case in where.agenda().to_answer] == [own]
    assert own in {case.proposal.id for case in waiting_cases(where.cases())}
    again = offices.to_us() if receiver == "ours" else offices.to_them()
    assert again.objected == ()
    where.answer(said.id, "a wall is built")
    assert where.agenda().to_answer == ()
    refused(lambda: where.answer(merged.objected[0].review_id, "once more"))
    assert offices.in_order()


def test_a_house_does_not_go_on_with_a_part_of_another_district(offices: Two) -> None:
    ours = offices.ours
    for own in (offices.clinic, offices.room):
        ours.edit(own, workspace="here.gpkg")
    house = offices.house()
    ours.step(house.id, "submit")
    ours.edit(offices.room, workspace="there.gpkg")
    error = refused(lambda: ours.step(house.id, "take_up"))
    assert (error.code, error.params["id"]) == ("plan.house_district", offices.room)
    (held,) = ours.agenda().hindered
    assert [each.code for each in held.faults] == ["plan.house_district"]
    ours.edit(offices.room, workspace="here.gpkg")
    assert ours.step(house.id, "take_up").status == "under_review"


@pytest.mark.long
@pytest.mark.parametrize("handed_in", [False, True], ids=["draft", "under review"])
def test_parts_come_back_also_from_a_house_that_was_withdrawn_again(
    offices: Two, handed_in: bool
) -> None:
    house = offices.house()
    offices.to_them()
    agreed(offices.theirs, house.id)
    offices.theirs.step(house.id, "withdraw", "no money")
    if handed_in:
        offices.ours.step(house.id, "submit")
        offices.ours.step(house.id, "take_up")
    offices.ours.edit(house.id, year=2030)
    offices.ours.edit(offices.clinic, title="mine")
    offices.to_us()
    offices.to_us(**{key(house.id): "ours", key(offices.clinic): "ours"})
    assert offices.statuses(offices.ours) == ("draft", "draft")
    assert offices.ours.verify() == ()


@pytest.mark.long
def test_two_houses_that_build_the_same_were_agreed_to_in_two_offices(offices: Two) -> None:
    ours, theirs = offices.ours, offices.theirs
    steps = [Open("n", "elderly_care", X + 3250.0, Y, "care")]
    (care,) = ours.propose(steps, assessment=offices.result, department="civil_affairs", year=2028)
    offices.to_them()
    one = offices.house()
    agreed(ours, one.id)
    other = theirs.combine([offices.clinic, care.id], offices.result, site=offices.clinic)
    agreed(theirs, other.id)
    offices.to_us()
    offices.to_us(**{key(offices.clinic): "ours"})
    twice = [each for each in ours.agenda(offices.result).matters if each.code == "house_twice"]
    assert [(set(each.proposals), each.told["twice"]) for each in twice] == [
        ({one.id, other.id}, (offices.clinic,))
    ]


@pytest.mark.long
def test_of_a_house_and_a_part_that_both_stand_nothing_is_left_to_decide(offices: Two) -> None:
    ours, theirs = offices.ours, offices.theirs
    house = offices.house()
    agreed(ours, house.id)
    agreed(theirs, offices.clinic)
    theirs.step(offices.clinic, "opened", source="hand-over")
    offices.to_us(**{key(offices.clinic): "theirs"})
    beside = "house_beside"
    assert beside in [each.code for each in ours.agenda(offices.result).matters]
    ours.step(house.id, "start")
    ours.step(house.id, "opened", source="hand-over")
    assert beside not in [each.code for each in ours.agenda(offices.result).matters]
