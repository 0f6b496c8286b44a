"""Verbs that take a proposal one step on, one for each step of its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from planner.cli.plan import shared
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.plan.workflow.steps import STEPS

HELP = {
    "submit": "Hand a draft in; the departments that must agree are asked by themselves.",
    "take_up": "Take a submitted proposal up: the departments now review it.",
    "send_back": "Send a proposal back to its department as a draft, with the reason.",
    "approve": "Approve a proposal: every needed answer is there, every objection answered. Says "
    "which limits of budgets are passed with it, or may be.",
    "reject": "Decide against a proposal, with the reason.",
    "withdraw": "Take a proposal of the own department back, with the reason.",
    "start": "Say that the building of an approved proposal has begun.",
    "reopen": "Take a rejected or withdrawn proposal up again as a draft, with the reason.",
}
"""What the verb of each step says of itself."""


def step_verb(name: str) -> Callable[..., None]:
    """Return the verb that takes a step."""

    def take(
        console: Console,
        *,
        proposal: shared.ProposalId,
        why: shared.Why = "",
        version: shared.Version = None,
        plan: shared.PlanFile = None,
    ) -> None:
        from planner.views.words.plan.agenda import overrun_sentences

        with shared.opened(plan) as found:
            changed = found.step(shared.read(found, proposal, version), name, why)
            passed = found.overruns(changed) if name == "approve" else []
            about = {own for each in passed for own in each.proposals}
            named = {own: found.get(own) for own in about}
        shared.tell(console, [changed], shared.overruns_json(passed))
        console.show(*overrun_sentences(console.labels, passed, named))

    take.__name__, take.__doc__ = name, HELP[name]
    if STEPS[name].why:
        take.__annotations__["why"] = "shared.NeededWhy"
    return verb(take)


@verb
def supersede(
    console: Console,
    *,
    proposal: shared.ProposalId,
    by: Annotated[
        str, typer.Argument(metavar="PROPOSAL", help="The proposal that takes its place.")
    ],
    why: shared.NeededWhy = "",
    version: shared.Version = None,
    plan: shared.PlanFile = None,
) -> None:
    """Put another proposal in the place of one, with the reason.

    What is decided is superseded by an approver.
    """
    with shared.opened(plan) as found:
        changed = found.step(shared.read(found, proposal, version), "supersede", why, by=by)
    shared.tell(console, [changed])


@verb
def opened(
    console: Console,
    *,
    workspace: options.Workspace,
    proposal: shared.ProposalId,
    source: Annotated[str, options.optional("TEXT", "By what it is known that it opened.")] = "",
    listed: Annotated[
        str,
        options.optional(
            "same|another",
            "Where the data list a facility of the kind at its place: it is the same, and nothing "
            "is added, or another one. Asked for there.",
        ),
    ] = "",
    why: shared.Why = "",
    version: shared.Version = None,
    plan: shared.PlanFile = None,
) -> None:
    """Say that a proposal opened: its facilities become part of the workspace's data.

    They are corrections beside the workspace, with their source (planner correct lists them). A way
    that opened stays in the joint plan until a newer file of streets has it (planner update).
    """
    from planner.cli.shared.workspace import workspace_file
    from planner.errors import InputError

    if workspace_file(workspace) != workspace:
        raise InputError("corrections.demo")
    with shared.opened(plan) as found:
        base = shared.read(found, proposal, version)
        changed, made = found.open_in(base, workspace, source, why, listed)
    shared.tell(console, [changed])
    told, listing = console.labels.message, "as_listed" if listed == "same" else "not_corrected"
    console.show(
        told("plan_words.corrected", count=len(made), workspace=workspace.name)
        if made
        else told(f"plan_words.{listing}", workspace=workspace.name)
    )


@verb
def put_aside(
    console: Console,
    *,
    proposal: shared.ProposalId,
    why: shared.NeededWhy = "",
    back: Annotated[bool, typer.Option("--back", help="Take it back into sight instead.")] = False,
    plan: shared.PlanFile = None,
) -> None:
    """Put a draft, or what was rejected, out of sight; it stays in the trail and in exports."""
    with shared.opened(plan) as found:
        changed = found.put_aside(proposal, why, back=back)
    shared.tell(console, [changed])


@verb
def review(
    console: Console,
    *,
    proposal: shared.ProposalId,
    position: Annotated[str, typer.Argument(metavar="POSITION", help="support, object or change.")],
    why: shared.NeededWhy = "",
    department: shared.Department = None,
    version: shared.Version = None,
    plan: shared.PlanFile = None,
) -> None:
    """Say for a department that it supports, objects, or asks for a change, and why.

    The proposal cannot be approved while an objection or a wish for a change has no answer. With
    --version it is refused where what you read is another by now.
    """
    from planner.views.words.plan.proposals import review_sentence

    who = shared.department_id(department)
    with shared.opened(plan) as found:
        base = proposal if version is None else shared.read(found, proposal, version)
        said = found.review(base, position, why, who)
        case = found.case(proposal)
    console.give(vars(said))
    console.show(review_sentence(console.labels, case, said))


@verb
def answer(
    console: Console,
    *,
    review: Annotated[
        str, typer.Argument(metavar="REVIEW", help="Id of an objection or a wish for a change.")
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The answer.")],
    plan: shared.PlanFile = None,
) -> None:
    """Answer an objection or a wish for a change, for the department that proposes."""
    from planner.views.words.plan.proposals import review_sentence

    with shared.opened(plan) as found:
        said = found.answer(review, text)
        case = found.case(said.proposal_id)
    console.give(vars(said))
    console.show(review_sentence(console.labels, case, said))


@verb
def consult(
    console: Console,
    *,
    proposal: shared.ProposalId,
    department: Annotated[
        str, typer.Argument(metavar="DEPARTMENT", help="Who is asked, by id or name.")
    ],
    need: Annotated[
        str, typer.Option(metavar="needed|wished|none", help="Whether the answer must be there.")
    ] = "needed",
    due: Annotated[str, options.optional("DATE", "Until when, such as 2027-03-31.")] = "",
    note: Annotated[str, options.optional("TEXT", "What in particular is asked.")] = "",
    why: shared.Why = "",
    plan: shared.PlanFile = None,
) -> None:
    """Ask a department for its view on a proposal, or change what it was asked.

    That a needed answer is only wished, not asked any longer, or due earlier, is for an approver or
    administrator to say, with the reason.
    """
    from planner.views.words.plan.proposals import consultation_sentence

    who = shared.department_id(department) or department
    with shared.opened(plan) as found:
        asked = found.consult(proposal, who, need, due or None, note, why=why)
    console.give(vars(asked))
    console.show(consultation_sentence(console.labels, asked))


@verb
def comment(
    console: Console,
    *,
    proposal: shared.ProposalId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be said.")],
    plan: shared.PlanFile = None,
) -> None:
    """Say something about a proposal that everybody sees."""
    with shared.opened(plan) as found:
        said = found.comment(proposal, text)
    labels = console.labels
    console.give(vars(said))
    at = labels.date(said.at[:10])
    console.show(labels.message("plan_words.comment_row", by=said.by, at=at, text=said.text))


@verb
def document(
    console: Console,
    *,
    proposal: shared.ProposalId,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the document is called.")],
    link: Annotated[str, typer.Argument(metavar="LINK", help="Its address (https://…).")],
    plan: shared.PlanFile = None,
) -> None:
    """Put a link to a document beside a proposal."""
    with shared.opened(plan) as found:
        said = found.document(proposal, title, link)
    labels = console.labels
    console.give(vars(said))
    console.show(labels.message("plan_words.document_row", title=said.title, link=said.link))
