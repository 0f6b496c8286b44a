"""The statuses of a proposal, and which of them are open, decided, or no more to be done."""

STATUSES = (
    "draft",
    "submitted",
    "under_review",
    "approved",
    "in_construction",
    "opened",
    "rejected",
    "withdrawn",
    "superseded",
)
OPEN = ("draft", "submitted", "under_review")
"""Not decided yet."""

DECIDED = ("approved", "in_construction")
"""Decided to be done, and not in the data yet."""

AGREED = (*DECIDED, "opened")
"""Decided to be done, or done."""

LAPSED = ("rejected", "withdrawn", "superseded")
"""Not to be done: nothing of these takes the place of another."""
