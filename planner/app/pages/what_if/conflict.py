"""Two windows changed the same work: both are shown, and the reader chooses."""

from __future__ import annotations

from functools import partial

from planner.app.session.conflicts import Choice
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.app.session.errors import markdown
from planner.app.widgets import two_versions
from planner.app.widgets.change_words import sentence
from planner.app.widgets.two_versions import Versions


def draw(context: Context) -> None:
    """Draw both versions and the ways to go on; nothing where no two windows met."""
    found = current.conflict(context)
    if found is None:
        return
    say = context.word
    ways: list[tuple[Choice, str]] = [
        (choice, say(f"app_what_if.conflict_keep_{choice}")) for choice in found.choices
    ]
    versions = Versions(
        say("app_what_if.conflict"),
        (say("app_what_if.conflict_mine"), _version(context, found.mine)),
        (say("app_what_if.conflict_theirs"), _version(context, found.theirs.draft)),
        ways,
    )
    two_versions.draw("whatif_conflict", versions, partial(current.settle, context))


def _version(context: Context, draft: Draft) -> str:
    names = ", ".join(each.name for each in draft.kept) or context.word("app_what_if.conflict_none")
    lines = [
        f"{number}. {markdown(sentence(context, change, context.district()))}"
        for number, change in enumerate(draft.current.changes, 1)
    ]
    saved = context.word("app_what_if.conflict_saved", names=markdown(names))
    steps = "\n".join(lines) or context.word("app_what_if.conflict_no_steps")
    return f"{steps}\n\n{saved}"
