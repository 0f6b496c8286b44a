"""What the person at this session may do.

With ``[auth]`` its lists decide. Without it, whoever reaches a server that listens on this machine
only may upload and correct, and nobody may on one that others reach, unless ``uploads`` of the
configuration file, or ``PLANNER_UPLOADS`` (``on`` or ``off``), says otherwise.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app.server.settings import configuration
from planner.app.server.settings.settings import settings
from planner.app.server.sign_in import roles
from planner.app.server.sign_in.roles import Role


def may_upload() -> bool:
    """Whether this person may send data to the server."""
    return may_change() and roles.uploads_said() is not False


def may_change() -> bool:
    """Whether this person may correct what others see too."""
    if configuration.current().auth is not None:
        return role() == "editor"
    return roles.uploads_without_sign_in(str(st.get_option("server.address") or ""))


def is_alone() -> bool:
    """Whether only who sits at this machine reaches the server: all that was added is theirs."""
    address = str(st.get_option("server.address") or "")
    return configuration.current().auth is None and roles.is_loopback(address)


def withheld_below(file: str) -> int:
    """Return below how many people counts of groups are withheld here, 0 where all are shown.

    Parameters
    ----------
    file
        Name of the workspace, ``demo`` for the demo district.
    """
    said = settings().small_numbers
    return said.threshold_for(role(), file) if said is not None else 0


def is_withheld_anywhere() -> bool:
    """Whether counts of groups are withheld from this person in any workspace."""
    said = settings().small_numbers
    return said is not None and said.is_for(role())


def user_name() -> str:
    """Return the name of who is signed in, empty where nobody is."""
    return roles.name_of(claims()) if is_signed_in() else ""


def role() -> Role | None:
    """Return what this person may do, None for who may not enter."""
    auth = configuration.current().auth
    if auth is None:
        return "editor" if may_change() else "viewer"
    return roles.role(auth, claims()) if is_signed_in() else None


def is_signed_in() -> bool:
    """Whether somebody is signed in whose sign-in still holds."""
    auth = configuration.current().auth
    known = claims()
    return auth is not None and known.get("is_logged_in") is True and roles.alive(auth, known)


def claims() -> dict[str, Any]:
    """Return the claims of this session's sign-in."""
    known: dict[str, Any] = st.user.to_dict()
    return known
