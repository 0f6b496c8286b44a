"""The way of a proposal: which step leads from which status to which, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.plan.proposals.statuses import DECIDED, OPEN

if TYPE_CHECKING:
    from planner.plan.people import Role


@dataclass(frozen=True)
class Step:
    """One step.

    Parameters
    ----------
    start
        Statuses from which it leads.
    end
        The status after it.
    roles
        Who may take it; a planner only for the own department.
    why
        Whether a reason must be given.
    once_decided
        Who may take it where the proposal is decided; as before where nobody is named.
    """

    start: tuple[str, ...]
    end: str
    roles: tuple[Role, ...]
    why: bool = False
    once_decided: tuple[Role, ...] = ()

    def takers(self, status: str) -> tuple[Role, ...]:
        """Return who may take it from a status."""
        return self.once_decided if self.once_decided and status in DECIDED else self.roles


_DEPARTMENT: tuple[Role, ...] = ("planner", "administrator")
_COMMITTEE: tuple[Role, ...] = ("approver", "administrator")

STEPS: dict[str, Step] = {
    "submit": Step(("draft",), "submitted", _DEPARTMENT),
    "take_up": Step(("submitted",), "under_review", _COMMITTEE),
    "send_back": Step(("submitted", "under_review"), "draft", _COMMITTEE, why=True),
    "approve": Step(("under_review",), "approved", ("approver",)),
    "reject": Step(("submitted", "under_review"), "rejected", ("approver",), why=True),
    "withdraw": Step((*OPEN, *DECIDED), "withdrawn", _DEPARTMENT, why=True),
    "start": Step(("approved",), "in_construction", (*_DEPARTMENT, "approver")),
    "opened": Step(DECIDED, "opened", (*_DEPARTMENT, "approver")),
    "supersede": Step(
        (*OPEN, *DECIDED),
        "superseded",
        (*_DEPARTMENT, "approver"),
        why=True,
        once_decided=("approver",),
    ),
    "reopen": Step(("rejected", "withdrawn"), "draft", _DEPARTMENT, why=True),
}
"""Every step by its name, as the trail and the verbs call it."""

POSITIONS = ("support", "object", "change")
"""What a department says: it supports, it objects, or it asks for a change."""

NEEDS = ("needed", "wished", "none")
"""Whether a department's answer must be there before approval, is welcome, or is not asked."""
