"""Departments that two offices asked about the same proposal, asked once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from planner.plan.store.rows import Row
from planner.plan.store.tables import CONSULTATIONS
from planner.plan.store.writing import Writing
from planner.plan.workflow.steps import NEEDS


def ask_once(writing: Writing) -> list[str]:
    """Make one of several consultations of a department about a proposal; return what changed.

    The first stays, with the strictest need and the latest date, so that no answer is overdue
    before the date that its department was told; the others are put aside. Whichever office does
    it, the same comes of it.
    """
    table = CONSULTATIONS
    asked = select(table).where(table.c.deleted.is_(False)).order_by(table.c.at, table.c.id)
    alike: dict[tuple[str, str], list[Row]] = {}
    for told in writing.connection.execute(asked).mappings():
        alike.setdefault((told["proposal_id"], told["department"]), []).append(dict(told))
    changed: list[str] = []
    for rows in alike.values():
        if len(rows) < 2:
            continue
        writing.change("consultation", rows[0]["id"], _together(rows), "import")
        for row in rows[1:]:
            writing.change("consultation", row["id"], {"deleted": True}, "import")
        changed += [row["id"] for row in rows]
    return changed


def _together(rows: Sequence[Row]) -> Row:
    need = min((row["need"] for row in rows), key=NEEDS.index)
    dates = [row["due"] for row in rows if row["need"] == need]
    notes = dict.fromkeys(row["note"] for row in rows if row["note"])
    # without a date an answer is never overdue
    due = "" if "" in dates else max(dates)
    return {"need": need, "due": due, "note": "\n".join(notes)}
