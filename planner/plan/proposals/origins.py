"""What proposals are made from."""

ORIGINS = (
    "gap",
    "link",
    "site",
    "one_stop",
    "budget",
    "move",
    "what_if",
    "hand",
    "import",
    "joint",
)
"""What a proposal was made from."""
