"""What one layer of the server tells the next about a request, and what the request is about.

The names are keys of the request's scope (ASGI); which layer sets each, its docstring says.
"""

from __future__ import annotations

from starlette.types import Scope

ROLE = "planner_role"
"""The role of who asks, told by the gate to what answers."""

READER = "planner_reader"
"""The mark of the sign-in of who asks, told by the gate; absent where there is none."""

SIGNED_IN = "planner_signed_in"
"""Of a connection: False where a sign-in is asked for and there is none, told by the gate."""


def session_of_file(scope: Scope) -> str:
    """Return the session for which a request brings or takes away a file, empty where none."""
    parts = scope["path"].split("/")
    if "upload_file" not in parts:
        return ""
    after = parts[parts.index("upload_file") + 1 :]
    return after[0] if after else ""
