"""The way of a proposal: every step by every role, from every status, and what departments say."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from effort import few

from planner.errors import InputError, PlannerError, messages
from planner.plan import STATUSES, STEPS, ConflictError, Plan, Proposal
from planner.plan.discussion import ANSWER_DAYS
from planner.plan.people import ROLES
from planner.plan.proposals.proposal import EDITABLE
from planner.plan.targets.aims import AIMS
from planner.plan.workflow.guards import check_step, offers
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points
from planner.views.words.plan.proposals import asked_sentences

MAY = {
    "submit": {"planner", "administrator"},
    "take_up": {"approver", "administrator"},
    "send_back": {"approver", "administrator"},
    "approve": {"approver"},
    "reject": {"approver"},
    "withdraw": {"planner", "administrator"},
    "start": {"planner", "approver", "administrator"},
    "opened": {"planner", "approver", "administrator"},
    "supersede": {"planner", "approver", "administrator"},
    "reopen": {"planner", "administrator"},
}
FROM = {
    "submit": {"draft"},
    "take_up": {"submitted"},
    "send_back": {"submitted", "under_review"},
    "approve": {"under_review"},
    "reject": {"submitted", "under_review"},
    "withdraw": {"draft", "submitted", "under_review", "approved", "in_construction"},
    "start": {"approved"},
    "opened": {"approved", "in_construction"},
    "supersede": {"draft", "submitted", "under_review", "approved", "in_construction"},
    "reopen": {"rejected", "withdrawn"},
}
WAY = {
    "draft": (),
    "submitted": ("submit",),
    "under_review": ("submit", "take_up"),
    "approved": ("submit", "take_up", "approve"),
    "in_construction": ("submit", "take_up", "approve", "start"),
    "opened": ("submit", "take_up", "approve", "opened"),
    "rejected": ("submit", "reject"),
    "withdrawn": ("withdraw",),
    "superseded": ("supersede",),
}


def code_of(call: Callable[[], object]) -> str:
    """Return the code of what a call raises, empty where it does what was asked."""
    try:
        call()
    except PlannerError as error:
        said = str(error)
        return error.code if said else "nothing said"
    return ""


def take(plan: Plan, own: str, name: str, other: str = "") -> Proposal:
    return plan.step(own, name, "agreed", by=other, source="seen on site")


def brought_to(plan: Plan, complete: Callable[..., Proposal], status: str) -> Proposal:
    """Return a new proposal of a status; the partners' answers are there."""
    made, other = complete(plan), complete(plan)
    for name in WAY[status]:
        take(plan, made.id, name, other.id)
        if name == "submit":
            plan.consult(made.id, "planning", "none", why="there is land enough")
    found = plan.get(made.id)
    assert found.status == status
    return found


@pytest.mark.long
@pytest.mark.parametrize("status", STATUSES)
def test_each_step_leads_on_only_from_where_it_should(
    file_plan: Plan, complete: Callable[..., Proposal], status: str
) -> None:
    other = complete(file_plan)
    for name in STEPS:
        own = brought_to(file_plan, complete, status)
        before = len(file_plan.trail())
        code = code_of(lambda: take(file_plan, own.id, name, other.id))  # noqa: B023
        ended = not any(status in start for start in FROM.values())
        refused = "plan.ends_here" if ended else "plan.not_from_here"
        assert code == ("" if status in FROM[name] else refused), name
        if code:
            assert file_plan.get(own.id) == own
            assert len(file_plan.trail()) == before
    assert file_plan.verify() == ()


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("own", [True, False])
def test_each_step_is_taken_only_by_whom_it_should(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    as_actor: Callable[..., Plan],
    role: str,
    own: bool,
) -> None:
    other = complete(file_plan)
    them = as_actor(file_plan, role, department="health" if own else "culture")
    for name in STEPS:
        made = brought_to(file_plan, complete, min(FROM[name], key=list(STATUSES).index))
        if name == "approve":
            made = brought_to(file_plan, complete, "under_review")
        code = code_of(lambda: take(them, made.id, name, other.id))  # noqa: B023
        allowed = role in MAY[name] and (own or role != "planner")
        assert code == ("" if allowed else "plan.may_not"), name


@pytest.mark.long(but=1)
@pytest.mark.parametrize("status", STATUSES)
def test_what_is_offered_is_what_the_guard_lets_pass(
    file_plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan], status: str
) -> None:
    case = file_plan.case(brought_to(file_plan, complete, status).id)
    today = date.today()
    for role in ROLES:
        for department in ("health", "culture"):
            actor = as_actor(file_plan, role, department=department).actor
            found = {offer.step: offer for offer in offers(actor, case, today)}
            for name, step in STEPS.items():
                passes = code_of(lambda: check_step(actor, case, name, "given", today))  # noqa: B023
                offered = name in found and found[name].hindered is None
                assert offered is (passes == ""), (role, department, name)
                if offered:
                    assert found[name].needs_why is step.why
            decided = status in ("approved", "in_construction")
            supersedes = role == "approver" if decided else role in MAY["supersede"]
            own = department == "health" or role != "planner"
            assert ("supersede" in found) is (supersedes and own and status in FROM["supersede"]), (
                role,
                department,
            )


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("own", [True, False])
def test_everything_else_is_done_only_by_whom_it_should(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    as_actor: Callable[..., Plan],
    role: str,
    own: bool,
) -> None:
    department = "health" if own else "culture"
    them = as_actor(file_plan, role, department=department)
    made = brought_to(file_plan, complete, "under_review")
    planner = role == "administrator" or (role == "planner" and own)
    may = {
        "add": (lambda: complete(them), planner),
        "edit": (lambda: them.edit(made.id, note="x"), planner),
        "review": (lambda: them.review(made.id, "support", "good", department), role == "reviewer"),
        "review another": (lambda: them.review(made.id, "support", "good", "housing"), False),
        "comment": (lambda: them.comment(made.id, "seen"), role != "viewer"),
        "document": (lambda: them.document(made.id, "m", "https://x.org/m"), role != "viewer"),
        "consult": (lambda: them.consult(made.id, "housing"), planner or role == "approver"),
        "restore": (lambda: them.restore("none"), role == "administrator"),
        "merge": (lambda: them.merge("none"), role == "administrator"),
    }
    found = {name: code_of(call) != "plan.may_not" for name, (call, _) in may.items()}
    assert found == {name: allowed for name, (_, allowed) in may.items()}
    objection = file_plan.review(made.id, "object", "no land", "planning")
    code = code_of(lambda: them.answer(objection.id, "the school lends it"))
    assert (code == "plan.may_not") is not planner
    approved = brought_to(file_plan, complete, "approved")
    code = code_of(lambda: them.edit(approved.id, year=2030, why="late"))
    assert code == ("" if role == "approver" else "plan.may_not")
    draft = brought_to(file_plan, complete, "draft")
    assert (code_of(lambda: them.put_aside(draft.id, "twice")) == "") is planner
    assert file_plan.verify() == ()


def test_a_department_cannot_be_given_a_proposal_by_another(
    file_plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    them = as_actor(file_plan, "planner", department="health")
    made = complete(them)
    assert code_of(lambda: them.edit(made, department="culture")) == "plan.may_not"


@pytest.mark.long(but=1)
def test_an_objection_is_answered_before_approval(
    plan: Plan, complete: Callable[..., Proposal]
) -> None:
    made = brought_to(plan, complete, "submitted")
    plan.step(made.id, "take_up")
    objection = plan.review(made.id, "object", "no land", "planning")
    wish = plan.review(made.id, "change", "a ramp", "civil_affairs")
    for answered in (objection, wish):
        error = code_of(lambda: plan.step(made.id, "approve"))
        assert error == "plan.unanswered"
        assert plan.get(made.id).status == "under_review"
        plan.answer(answered.id, "The school lends its yard.")
    assert plan.step(made.id, "approve").status == "approved"
    assert [each.answer for each in plan.case(made.id).reviews] == [
        "The school lends its yard."
    ] * 2
    assert plan.verify() == ()


def test_a_department_that_comes_round_needs_no_answer(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    made = brought_to(file_plan, complete, "under_review")
    file_plan.review(made.id, "object", "no land", "planning")
    file_plan.review(made.id, "support", "there is land", "planning")
    assert file_plan.step(made.id, "approve").status == "approved"


def test_who_must_agree_is_asked_and_waited_for(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    made = complete(file_plan)
    file_plan.step(made, "submit")
    (asked,) = file_plan.case(made.id).consultations
    assert (asked.department, asked.need) == ("planning", "needed")
    file_plan.step(made.id, "take_up")
    due = date.fromisoformat(asked.due)
    assert code_of(lambda: file_plan.step(made.id, "approve", today=due)) == "plan.answer_needed"
    late = date.fromordinal(due.toordinal() + 1)
    overdue = code_of(lambda: file_plan.step(made.id, "approve", today=late))
    assert overdue == "plan.answer_overdue"
    done = file_plan.step(made.id, "approve", "no answer came", today=late)
    assert done.status == "approved"
    assert file_plan.trail(made.id)[-1]["why"] == "no answer came"


def test_what_was_said_of_another_content_is_said_anew(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    made = complete(file_plan)
    file_plan.step(made, "submit")
    file_plan.step(made.id, "take_up")
    file_plan.review(made.id, "support", "good", "planning")
    assert file_plan.case(made.id).waiting_for == ()
    file_plan.edit(made.id, note="a word more")
    assert file_plan.case(made.id).waiting_for == ()
    file_plan.edit(made.id, floor_area_m2=900.0)
    (waiting,) = file_plan.case(made.id).waiting_for
    assert waiting.department == "planning"
    assert code_of(lambda: file_plan.step(made.id, "approve")) == "plan.answer_needed"
    file_plan.edit(made.id, floor_area_m2=None)
    assert file_plan.step(made.id, "approve").status == "approved"


WEIGHED = {
    "cost": 5.0,
    "currency": "EUR",
    "year": 2033,
    "floor_area_m2": 80.0,
    "kinds": ["library"],
    "department": "culture",
    "geometry": "010100000000000000000034400000000000003440",
    "changes": [],
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("field", few(WEIGHED, 3))
@pytest.mark.parametrize("position", ["support", "object", "change"])
def test_nobody_speaks_of_what_they_have_not_seen(
    file_plan: Plan, complete: Callable[..., Proposal], for_kinds, field: str, position: str
) -> None:
    read = brought_to(file_plan, complete, "under_review")
    content = for_kinds("library") if field == "kinds" else {field: WEIGHED[field]}
    file_plan.edit(read.id, **content)
    before = len(file_plan.trail())
    with pytest.raises(ConflictError) as error:
        file_plan.review(read, position, "good", "planning")
    assert field in {each.field for each in error.value.conflicts}
    assert len(file_plan.trail()) == before
    now = file_plan.edit(file_plan.get(read.id), note="nothing that a review turns on")
    said = file_plan.review(file_plan.as_of(read.id, now.version - 1), position, "good", "planning")
    assert file_plan.case(read.id).is_current(said)


def test_who_must_agree_has_its_days_whatever_was_asked_before(
    file_plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    them = as_actor(file_plan, "planner", department="health")
    today = date.today()
    yesterday, soon = (date.fromordinal(today.toordinal() + days) for days in (-1, 1))
    made = complete(them)
    for plan in (them, file_plan):
        past = code_of(lambda: plan.consult(made.id, "planning", due=yesterday.isoformat()))  # noqa: B023
        assert past == "plan.due_past"
    them.consult(made.id, "planning", "needed", soon.isoformat(), "the yard")
    them.step(made.id, "submit")
    (asked,) = them.case(made.id).consultations
    assert asked.due >= date.fromordinal(today.toordinal() + ANSWER_DAYS - 1).isoformat()
    assert asked.note == "the yard"
    file_plan.step(made.id, "take_up")
    late = date.fromordinal(soon.toordinal() + 1)
    refused = code_of(lambda: file_plan.step(made.id, "approve", "no answer", today=late))
    assert refused == "plan.answer_needed"


def test_an_answer_without_a_date_is_asked_for_by_a_date_by_the_committee_only(
    file_plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    them = as_actor(file_plan, "planner", department="health")
    made = complete(them)
    them.consult(made.id, "planning", "needed")
    them.step(made.id, "submit")
    assert them.case(made.id).consultations[0].due == ""
    assert code_of(lambda: them.consult(made.id, "planning", due="2999-01-01")) == "plan.may_not"
    committee = as_actor(file_plan, "approver")
    unsaid = code_of(lambda: committee.consult(made.id, "planning", due="2999-01-01"))
    assert unsaid == "plan.needs_reason"
    said = committee.consult(made.id, "planning", due="2999-01-01", why="it was long enough")
    assert said.due == "2999-01-01"


def test_a_date_that_is_not_said_stays(file_plan: Plan, complete: Callable[..., Proposal]) -> None:
    own = complete(file_plan)
    first = file_plan.consult(own.id, "housing", "needed", "2927-03-31")
    assert first.due == "2927-03-31"
    assert file_plan.consult(own.id, "housing", note="the gate").due == "2927-03-31"


def test_the_proposing_department_does_not_ask_for_less(
    file_plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    them = as_actor(file_plan, "planner", department="health")
    made = complete(them)
    # who must agree is asked, whatever the department asked before
    them.consult(made.id, "planning", "none")
    them.step(made.id, "submit")
    (asked,) = them.case(made.id).consultations
    assert (asked.department, asked.need, asked.due != "") == ("planning", "needed", True)
    early = "2020-01-01"
    for need, due in (("none", ""), ("wished", asked.due), ("needed", early)):
        code = code_of(lambda: them.consult(made.id, "planning", need, due, why="x"))  # noqa: B023
        assert code == "plan.may_not"
    assert them.case(made.id).consultations == (asked,)
    them.consult(made.id, "planning", "needed", "2999-01-01", "the yard")
    for role in ("approver", "administrator"):
        committee = as_actor(file_plan, role)
        code = code_of(lambda: committee.consult(made.id, "planning", "wished"))  # noqa: B023
        assert code == "plan.needs_reason"
    committee.consult(made.id, "planning", "wished", why="it is a party to the plan already")
    assert them.case(made.id).consultations[0].need == "wished"
    assert file_plan.trail(made.id)[-1]["why"] == "it is a party to the plan already"
    them.consult(made.id, "planning", "needed")  # more may be asked


@pytest.mark.parametrize("status", ["approved", "in_construction"])
def test_what_is_decided_is_superseded_by_an_approver(
    file_plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan], status: str
) -> None:
    made, other = brought_to(file_plan, complete, status), complete(file_plan)
    for role in ("planner", "reviewer", "administrator"):
        them = as_actor(file_plan, role, department="health")
        assert code_of(lambda: take(them, made.id, "supersede", other.id)) == "plan.may_not"  # noqa: B023
    approver = as_actor(file_plan, "approver")
    code = code_of(lambda: approver.step(made.id, "supersede", " ", by=other.id))
    assert code == "plan.needs_reason"
    assert take(approver, made.id, "supersede", other.id).superseded_by == other.id


@pytest.mark.parametrize("status", ["rejected", "withdrawn", "superseded"])
def test_nothing_that_ended_takes_the_place_of_another(
    file_plan: Plan, complete: Callable[..., Proposal], status: str
) -> None:
    made, ended = complete(file_plan), brought_to(file_plan, complete, status)
    code = code_of(lambda: take(file_plan, made.id, "supersede", ended.id))
    assert code == "plan.lapsed_successor"
    file_plan.put_aside(ended.id, "away")
    code = code_of(lambda: take(file_plan, made.id, "supersede", ended.id))
    assert code == "plan.put_aside"
    assert file_plan.get(made.id).status == "draft"


def test_nobody_decides_what_they_have_not_seen(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    read = brought_to(file_plan, complete, "under_review")
    file_plan.edit(read.id, cost=5.0)
    with pytest.raises(ConflictError) as error:
        file_plan.step(read, "approve")
    (conflict,) = error.value.conflicts
    assert (conflict.field, conflict.base, conflict.theirs) == ("cost", None, 5.0)
    now = file_plan.get(read.id)
    assert now.status == "under_review"
    file_plan.edit(now, note="more")  # nothing that a decision turns on
    assert file_plan.step(now, "approve").status == "approved"
    with pytest.raises(ConflictError):
        file_plan.step(file_plan.as_of(read.id, now.version), "start")


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.why])
def test_a_step_that_needs_a_reason_is_not_taken_without(
    file_plan: Plan, complete: Callable[..., Proposal], name: str
) -> None:
    made = brought_to(file_plan, complete, min(FROM[name], key=list(STATUSES).index))
    assert code_of(lambda: file_plan.step(made.id, name, "  ")) == "plan.needs_reason"


def test_what_is_not_complete_is_not_submitted(file_plan: Plan) -> None:
    made = file_plan.add(title="Somewhere")
    with pytest.raises(InputError) as error:
        file_plan.step(made, "submit")
    assert error.value.params["fields"] == "department, kinds, geometry, changes"
    round_ = file_plan.add(
        department="health",
        action="outreach",
        kinds=["clinic"],
        geometry="010100000000000000000024400000000000003440",
    )
    assert file_plan.step(round_, "submit").status == "submitted"


def test_what_is_put_aside_stays_and_comes_back(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    made = complete(file_plan)
    file_plan.put_aside(made, "entered twice")
    assert file_plan.proposals() == []
    assert code_of(lambda: file_plan.step(made.id, "submit")) == "plan.put_aside"
    assert code_of(lambda: file_plan.comment(made.id, "why?")) == "plan.put_aside"
    file_plan.put_aside(made.id, "it was not", back=True)
    assert [each.id for each in file_plan.proposals()] == [made.id]
    assert [entry["deed"] for entry in file_plan.trail()] == ["propose", "put_aside", "take_back"]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda plan, own: plan.step(own, "bribe"), "plan.unknown_step"),
        (lambda plan, own: plan.step("P-0", "submit"), "plan.no_such_proposal"),
        (lambda plan, own: plan.step(own, "supersede", "x", by=own), "plan.needs_successor"),
        (lambda plan, own: plan.review(own, "like", "x", "planning"), "plan.unknown_position"),
        (lambda plan, own: plan.review(own, "object", " ", "planning"), "plan.needs_reason"),
        (lambda plan, own: plan.review(own, "object", "x"), "plan.whose_review"),
        (lambda plan, own: plan.review(own, "object", "x", "army"), "plan.unknown_department"),
        (lambda plan, own: plan.review(own, "object", "x", "planning"), "plan.not_reviewed_now"),
        (lambda plan, own: plan.consult(own, "planning", "perhaps"), "plan.bad_value"),
        (lambda plan, own: plan.consult(own, "planning", due="soon"), "plan.bad_value"),
        (lambda plan, own: plan.document(own, "x", "javascript:alert(1)"), "plan.bad_link"),
        (lambda plan, own: plan.document(own, "x", "file:///etc/passwd"), "plan.bad_link"),
        (lambda plan, own: plan.edit(own, status="approved"), "plan.unknown_field"),
        (lambda plan, own: plan.edit(own, year=3000), "plan.bad_value"),
        (lambda plan, own: plan.edit(own, cost=float("nan")), "plan.bad_value"),
        (lambda plan, own: plan.edit(own, cost=-1.0), "plan.bad_value"),
        (lambda plan, own: plan.edit(own, title="a\0b"), "plan.bad_value"),
        (lambda plan, own: plan.edit(own, title="\ud800"), "plan.bad_value"),
        (lambda plan, own: plan.edit(own, note="x" * 10_001), "plan.bad_value"),
        (lambda plan, own: plan.edit(own, action="bomb"), "plan.unknown_action"),
        (lambda plan, own: plan.edit(own, geometry="zz"), "plan.bad_value"),
        (lambda plan, own: plan.as_of(own, 9), "plan.no_such_version"),
    ],
)
def test_what_cannot_be_is_refused(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    call: Callable[[Plan, str], object],
    code: str,
) -> None:
    made = complete(file_plan)
    assert code_of(lambda: call(file_plan, made.id)) == code
    assert [entry["deed"] for entry in file_plan.trail()] == ["propose"]


NASTY = "'); DROP TABLE plan_proposals; -- <script>alert(1)</script> %s {x} \\ 卫生站 \U0001f3e5"


def test_no_text_does_anything(plan: Plan, complete: Callable[..., Proposal]) -> None:
    texts = dict.fromkeys(("title", "note", "funding", "cost_source", "workspace"), NASTY)
    made = complete(plan, **texts)
    plan.step(made, "submit", NASTY)
    plan.comment(made.id, NASTY)
    review = plan.review(made.id, "object", NASTY, "planning")
    plan.answer(review.id, NASTY)
    plan.document(made.id, NASTY, "https://example.org/'%22><script>")
    case = plan.case(made.id)
    assert {getattr(case.proposal, name) for name in texts} == {NASTY}
    assert [each.text for each in case.comments] == [NASTY]
    assert [each.answer for each in case.reviews] == [NASTY]
    assert plan.verify() == ()
    with pytest.raises(InputError):
        plan.get(NASTY)


@pytest.mark.long
def test_an_edit_after_submission_asks_who_must_agree_since(
    plan: Plan, complete: Callable[..., Proposal], for_kinds
) -> None:
    own = complete(plan, kinds=["clinic"]).id
    plan.step(own, "submit")
    first = {each.department for each in plan.case(own).consultations}
    assert "public_security" not in first
    plan.consult(own, "planning", need="wished", why="agreed by telephone")
    plan.edit(own, **for_kinds("clinic", "police_room"), why="one house for both")
    (fresh,) = [each for each in plan.case(own).consultations if each.department not in first]
    assert (fresh.department, fresh.need) == ("public_security", "needed")
    assert fresh.due > plan.get(own).changed_at[:10]
    # what the committee asked for less since stays so
    assert plan.case(own).asked("planning").need == "wished"
    told = [entry for entry in plan.trail(own) if entry["row_id"] == fresh.id]
    assert [(each["deed"], each["why"]) for each in told] == [("consult", "one house for both")]
    plan.step(own, "take_up")
    with pytest.raises(InputError, match="public_security") as error:
        plan.step(own, "approve")
    assert error.value.code == "plan.answer_needed"
    length = len(plan.trail(own))
    plan.edit(own, title="One house")
    assert len(plan.trail(own)) == length + 1
    assert plan.verify() == ()


def test_an_edit_of_a_draft_asks_nobody(
    file_plan: Plan, complete: Callable[..., Proposal], for_kinds
) -> None:
    own = complete(file_plan).id
    file_plan.edit(own, **for_kinds("clinic", "police_room"))
    assert file_plan.case(own).consultations == ()


def test_refusals_name_fields_and_more_in_words(
    file_plan: Plan,
    complete: Callable[..., Proposal],
    as_actor: Callable[..., Plan],
    for_kinds: Callable[..., dict[str, object]],
) -> None:
    own = complete(file_plan)
    file_plan.edit(own, **for_kinds("library"), cost_high=9.0, cost=3.0)
    with pytest.raises(ConflictError) as conflict:
        file_plan.edit(own, **for_kinds("police_room"), cost_high=8.0, cost=2.0)
    with pytest.raises(InputError) as not_from_here:
        file_plan.step(own.id, "approve")
    with pytest.raises(InputError) as may_not:
        as_actor(file_plan, "viewer").step(own.id, "submit")
    file_plan.step(own.id, "submit")
    file_plan.step(own.id, "take_up")
    with pytest.raises(InputError) as needed:
        file_plan.step(own.id, "approve")
    said = {
        language: [
            say(told)
            for each in (conflict, not_from_here, may_not, needed)
            for told in (each.value, each.value.finding)
            for say in (labels.error if isinstance(told, PlannerError) else labels.finding,)
        ]
        for language, labels in (("en", Labels("en")), ("zh", Labels("zh")))
    }
    assert "From there these do: Submit, Withdraw, Another takes its place." in said["en"][2]
    assert "此状态下可执行：提交" in said["zh"][2]
    ids = ["cost_high", "kinds", "approve", "draft", "planner", "public_security", "culture"]
    raw = re.compile(r"(?<![A-Za-z_])(cost_high|under_review|public_security|take_up)(?![a-z_])")
    assert not any(raw.search(each) for them in said.values() for each in them)
    assert "most that it may cost, kinds" in said["en"][0] == said["en"][1]
    assert not any(own in each for own in ids for each in said["zh"])


def test_every_field_that_may_be_edited_has_a_word() -> None:
    names = {*EDITABLE, "status", *(name for aim in AIMS.values() for name in aim.editable)}
    assert {name for name in names if f"plan_words.field_{name}" not in messages()} == set()


def test_the_same_amount_in_another_unit_is_another_price(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    own = complete(file_plan, cost=90.0, currency="CNY 10,000").id
    read = file_plan.step(own, "submit")
    file_plan.review(own, "support", "at this price", "planning")
    assert file_plan.case(own).missing_any is False
    file_plan.edit(own, currency="EUR 10,000")
    with pytest.raises(ConflictError) as error:
        file_plan.step(read, "take_up")
    assert [each.field for each in error.value.conflicts] == ["currency"]
    assert file_plan.case(own).missing_any
    file_plan.step(own, "take_up")
    with pytest.raises(InputError) as needed:
        file_plan.step(own, "approve")
    assert needed.value.code == "plan.answer_needed"


def test_what_was_reviewed_in_the_usual_unit_stays_reviewed(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    # signs that older plans keep were made without a unit
    bare = complete(file_plan, cost=90.0)
    named = replace(bare, currency="CNY 10,000")
    assert bare.content_sign == named.content_sign
    assert bare.content_sign != replace(bare, currency="EUR").content_sign
    assert replace(bare, cost=None).content_sign == (
        replace(bare, cost=None, currency="EUR").content_sign
    )


def test_who_was_asked_tells_how_it_stands_what_is_needed_first(
    file_plan: Plan, complete: Callable[..., Proposal], for_kinds
) -> None:
    own = complete(file_plan).id
    file_plan.step(own, "submit")
    for department, need, due in (
        ("culture", "wished", ""),
        ("housing", "needed", "2927-03-01"),
        ("planning", "needed", "2927-05-01"),
        ("transport", "needed", "2927-04-01"),
        ("public_security", "none", ""),
    ):
        file_plan.consult(own, department, need, due, why="as agreed")
    file_plan.review(own, "object", "no land", "housing")
    states = [(each.department, state) for each, state in file_plan.case(own).asked_states]
    assert states == [
        ("transport", "needed"),
        ("planning", "needed"),
        ("culture", "wished"),
        ("public_security", "none"),
        ("housing", "answered"),
    ]
    labels = Labels("en")
    *_, last = asked_sentences(labels, file_plan.case(own))
    assert "answered on" in last
    assert last.endswith("it objects")
    # said of what it was before: its answer is needed again
    file_plan.edit(own, **for_kinds("library"))
    by_now = {each.department: state for each, state in file_plan.case(own).asked_states}
    assert by_now["housing"] == "needed"
    file_plan.step(own, "withdraw", "no money")
    assert {state for _, state in file_plan.case(own).asked_states} == {"missed", "none"}
    assert "gave no answer" in " ".join(asked_sentences(labels, file_plan.case(own)))


def test_two_objections_to_the_same_content_both_wait_for_an_answer(
    file_plan: Plan, complete: Callable[..., Proposal]
) -> None:
    own = complete(file_plan).id
    file_plan.step(own, "submit")
    file_plan.step(own, "take_up")
    first = file_plan.review(own, "object", "no land", "housing")
    file_plan.review(own, "object", "too dear", "housing")
    last = file_plan.review(own, "object", "too dear", "housing")
    assert [each.id for each in file_plan.case(own).unanswered] == [first.id, last.id]
    assert file_plan.table()["unanswered"].tolist() == ["housing"]
    points = agenda_points(Labels("en"), file_plan.agenda())
    said = " ".join(line for point in points for line in point.lines)
    assert "no land" in said
    assert "too dear" in said
    file_plan.answer(last.id, "It was made cheaper.")
    assert [each.id for each in file_plan.case(own).unanswered] == [first.id]
    file_plan.review(own, "support", "settled", "housing")
    assert file_plan.case(own).unanswered == ()
    # a department that only asks for a change by now does not object any more
    file_plan.review(own, "object", "no land after all", "housing")
    softer = file_plan.review(own, "change", "move it", "housing")
    assert [each.id for each in file_plan.case(own).unanswered] == [softer.id]


def test_an_answer_is_written_over_by_nobody_who_has_not_read_it(
    plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    made = complete(plan)
    plan.step(made, "submit")
    said = plan.review(made.id, "object", "no yard", "housing")
    other = as_actor(plan, "planner", department="health", name="Zhao")
    first = plan.answer(said, "The school lends its yard.")
    for base in (said, said.id):
        with pytest.raises(InputError) as error:
            other.answer(base, "We build elsewhere.")
        assert error.value.code == "plan.answered_meanwhile"
        assert "Wang" in str(error.value)
    assert plan.answer(said.id, "The school lends it until noon.").answered_by == "Wang"
    read = plan.case(made.id).reviews[0]
    assert read.answer != first.answer
    assert other.answer(read, "The school lends it all day.").answered_by == "Zhao"


def test_what_names_no_department_is_of_who_proposes_it(
    plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    made = complete(as_actor(plan, "planner", department="health"), department="")
    assert made.department == "health"
    other = as_actor(plan, "planner", department="culture")
    assert code_of(lambda: other.edit(made.id, title="Ours")) == "plan.may_not"
    assert complete(plan, department="").department == ""


def test_what_was_handed_in_keeps_a_department(
    plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    health = as_actor(plan, "planner", department="health")
    made = complete(health)
    # a draft of one department is emptied by nobody of it
    assert code_of(lambda: health.edit(made.id, department="")) == "plan.department_needed"
    plan.step(made.id, "submit")
    for somebody in (health, plan):
        assert code_of(lambda each=somebody: each.edit(made.id, department="")) == (
            "plan.department_needed"
        )
    plan.step(made.id, "take_up")
    for asked in plan.case(made.id).waiting_for:
        plan.review(made.id, "support", "fits", asked.department)
    plan.step(made.id, "approve")
    with pytest.raises(InputError) as error:
        plan.edit(made.id, department="", why="Nobody wants it.")
    assert error.value.code == "plan.department_needed"
    assert plan.get(made.id).department == "health"
    assert plan.edit(made.id, department="culture", why="They do.").department == "culture"


def test_a_draft_of_no_department_is_of_who_plans_for_all(
    plan: Plan, complete: Callable[..., Proposal], as_actor: Callable[..., Plan]
) -> None:
    made = complete(plan, department="")
    culture = as_actor(plan, "planner", department="culture")
    for attempt in (
        lambda: culture.edit(made.id, title="Ours"),
        lambda: culture.edit(made.id, department="culture"),
        lambda: culture.put_aside(made.id, "old"),
        lambda: culture.step(made.id, "withdraw", "old"),
        lambda: culture.consult(made.id, "health"),
    ):
        assert code_of(attempt) == "plan.may_not"
    assert offers(culture.actor, plan.case(made.id), date.today()) == []
    everybody = as_actor(plan, "planner")
    assert [each.step for each in offers(everybody.actor, plan.case(made.id), date.today())]
    administrator = as_actor(plan, "administrator", department="culture")
    assert administrator.edit(made.id, department="culture").department == "culture"
    assert culture.edit(made.id, title="Ours").title == "Ours"
