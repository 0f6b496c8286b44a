"""What databases say when they fail, as errors with a code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from sqlalchemy.exc import DBAPIError

from planner.errors import InputError, PlannerError, WorkError

BUSY, LOCKED = 5, 6
"""SQLite's result codes for somebody else writing (https://sqlite.org/rescode.html)."""

_SQLITE = {
    3: "plan.read_only",
    8: "plan.read_only",
    10: "plan.disk_failed",
    11: "plan.damaged",
    13: "plan.disk_full",
    14: "plan.cannot_open",
    23: "plan.read_only",
    26: "plan.not_a_plan",
}
_STATES = {
    "53100": "plan.disk_full",
    "53200": "plan.server_overloaded",
    "53300": "plan.server_overloaded",
    "42501": "plan.no_right_in_database",
    "25006": "plan.read_only",
    "28000": "plan.not_let_in",
    "28P01": "plan.not_let_in",
    "3D000": "plan.no_database",
}
"""What SQLSTATE says (PostgreSQL, appendix A)."""

_AGAIN = {"40001", "40P01", "55P03"}
_ENDED = {"57P01", "57P02", "57P03", "57P05"}


def state_of(error: DBAPIError) -> str:
    """Return the SQLSTATE of an error, empty where the driver tells none."""
    return str(getattr(error.orig, "sqlstate", None) or "")


def sqlite_code(error: DBAPIError) -> int | None:
    """Return SQLite's primary result code, None for another database."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else int(code) & 0xFF


def is_busy(error: DBAPIError) -> bool:
    """Whether the same may well succeed when it is tried again, since others were writing."""
    return sqlite_code(error) in (BUSY, LOCKED) or state_of(error) in _AGAIN


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection to a server ended, or none came about."""
    if error.connection_invalidated:
        return True
    state = state_of(error)
    unsaid = not state and sqlite_code(error) is None and type(error).__name__ == "OperationalError"
    return unsaid or state in _ENDED or state.startswith("08")


def coded(error: DBAPIError, place: str, secrets: Iterable[str] = ()) -> PlannerError:
    """Return the error to raise for what a database said.

    Parameters
    ----------
    error
        What SQLAlchemy raised.
    place
        The file or address of the database, without a password.
    secrets
        What is not told, should the database name it.
    """
    if is_busy(error):
        return WorkError("plan.busy", place=place)
    code = _SQLITE.get(sqlite_code(error) or 0) or _STATES.get(state_of(error), "")
    code = code or _said_at_the_door(error)
    if not code and isinstance(error.orig, sqlite3.Error) and sqlite_code(error) is None:
        # what is no text and the like: there is no server whose connection could be lost
        code = "plan.damaged"
    if code in ("plan.not_a_plan", "plan.no_database"):
        return InputError(code, place=place)
    if code:
        return WorkError(code, place=place)
    if is_lost(error):
        return WorkError("plan.no_connection", place=place)
    reason = " ".join(str(error.orig).split())
    for secret in secrets:
        reason = reason.replace(secret, "***")
    reason = reason[:300]
    return WorkError("plan.database_failed", place=place, reason=reason)


def _said_at_the_door(error: DBAPIError) -> str:
    """Return why a server let nobody in; the driver gives no state where it never got in."""
    words = str(error.orig)
    if "database" in words and "does not exist" in words:
        return "plan.no_database"
    refused = ("authentication failed", "no pg_hba.conf entry", "password", "role")
    return "plan.not_let_in" if any(each in words for each in refused) else ""
