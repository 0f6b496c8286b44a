"""What a department said otherwise in two offices: the stricter word stands until it says anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from planner.plan.store.rows import Row
from planner.plan.store.tables import REVIEWS
from planner.plan.store.writing import Writing
from planner.plan.workflow.reviews import OVERRULED

STRICTEST_FIRST = ("object", "change", "support")

About = tuple[str, str]
"""Proposal and department."""


@dataclass(frozen=True)
class Contradiction:
    """A department that said otherwise of a proposal in two offices, none knowing of the other.

    Parameters
    ----------
    proposal_id, department
        Of what, and who.
    stands, overruled
        Ids of the two reviews: the one that counts until the department says anew, and the other,
        which everybody still sees and which counts for nothing, as what its office heard before it.
    positions
        What was said: that which stands, then the other.
    """

    proposal_id: str
    department: str
    stands: str
    overruled: str
    positions: tuple[str, str]


def standing_reviews(writing: Writing) -> dict[str, Row]:
    """Return the reviews that a store has and that count, by id, the oldest first."""
    table = REVIEWS
    asked = select(table).where(table.c.deleted.is_(False)).order_by(table.c.at, table.c.id)
    rows = [dict(row) for row in writing.connection.execute(asked).mappings()]
    return {row["id"]: row for row in rows if row["content_sign"] != OVERRULED}


def stricter_stands(
    writing: Writing, ours: Mapping[str, Row], theirs: Mapping[tuple[str, str], Row]
) -> list[Contradiction]:
    """Let the stricter of two words of a department stand, and say of which there were two.

    Neither office speaks for the department, and a later support that knew nothing of an objection
    answers none. So both are kept for all to see, the milder counts for nothing, and whichever
    office merges, the same comes of it. What the milder office heard before its last word counts
    for nothing either: taken back or repeated there, it would take the place of that last word.

    Parameters
    ----------
    writing
        The transaction of an import, once their reviews are in.
    ours
        What :func:`standing_reviews` said before.
    theirs
        Rows of the other office by layer and id, without the id.
    """
    there = {own for layer, own in theirs if layer == "review"}
    by_now = standing_reviews(writing)
    last_ours = _last(ours.values())
    last_theirs = _last(row for own, row in by_now.items() if own in there)
    found = []
    for about in sorted(last_ours.keys() & last_theirs.keys()):
        pair = last_ours[about], last_theirs[about]
        apart = pair[0]["id"] not in there and pair[1]["id"] not in ours
        if not apart or pair[0]["position"] == pair[1]["position"]:
            continue
        stands, other = sorted(pair, key=lambda row: STRICTEST_FIRST.index(row["position"]))
        alone = ours.keys() - there if other is pair[0] else by_now.keys() & there - ours.keys()
        for said in sorted(alone):
            if _about(by_now[said]) == about:
                writing.change("review", said, {"content_sign": OVERRULED}, "import")
        positions = stands["position"], other["position"]
        found.append(Contradiction(*about, stands["id"], other["id"], positions))
    return found


def _about(row: Row) -> About:
    return row["proposal_id"], row["department"]


def _last(rows: Iterable[Row]) -> dict[About, Row]:
    """Return the last word of each department on each proposal; rows come the oldest first."""
    return {_about(row): row for row in rows}
