"""Two windows corrected the same district: both are shown, and the reader chooses."""

from __future__ import annotations

from functools import partial
from itertools import takewhile

from planner.app.pages.data import corrections, history
from planner.app.session.conflicts import Choice
from planner.app.session.context import Context
from planner.app.widgets import two_versions
from planner.app.widgets.two_versions import Versions
from planner.district import District
from planner.district.corrections.corrections import Corrections

MOST_SHOWN = 20
"""Steps of a version that are shown, the newest of those in which it differs."""


def draw(context: Context, here: District) -> None:
    """Draw both versions and the ways to go on; nothing where no two windows met."""
    found = corrections.conflict(context)
    if found is None:
        return
    say = context.word
    ways: list[tuple[Choice, str]] = [
        (choice, say(f"app_data.conflict_keep_{choice}")) for choice in found.choices
    ]
    versions = Versions(
        say("app_data.conflict"),
        (say("app_what_if.conflict_mine"), _told(context, here, found.base, found.mine)),
        (say("app_what_if.conflict_theirs"), _told(context, here, found.base, found.theirs)),
        ways,
    )
    two_versions.draw("data_conflict", versions, partial(corrections.settle, context))


def _told(context: Context, here: District, base: Corrections, then: Corrections) -> str:
    """Return what a version does to the corrections that both windows began with."""
    shared = _shared(base, then)
    parts = []
    for title, steps in (("back", base.steps[shared:]), ("new", then.steps[shared:])):
        if not steps:
            continue
        first = max(len(steps) - MOST_SHOWN, 0)
        lines = [
            history.told(context, here, step, shared + number)
            for number, step in enumerate(steps[first:], start=first + 1)
        ]
        if first:
            lines.insert(0, context.word("app_data.conflict_more", count=first))
        parts += [context.word(f"app_data.conflict_{title}"), *lines]
    return "\n\n".join(parts) or context.word("app_data.conflict_same")


def _shared(base: Corrections, then: Corrections) -> int:
    """Return the number of steps with which both lists begin."""
    pairs = zip(base.steps, then.steps, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
