"""What the person at this session may do. Without ``[auth]`` everybody may do everything."""

from __future__ import annotations

from typing import Any

import streamlit as st

from planner.app import access, configuration
from planner.app.access import Role


def may_upload() -> bool:
    """Whether this person may send data to the server."""
    return configuration.current().uploads and may_change()


def may_change() -> bool:
    """Whether this person may correct what others see too."""
    return role() == "editor"


def user_name() -> str:
    """Return the name of who is signed in, empty where nobody is."""
    return access.name_of(claims()) if is_signed_in() else ""


def role() -> Role | None:
    """Return what this person may do, None for who may not enter."""
    auth = configuration.current().auth
    if auth is None:
        return "editor"
    return access.role(auth, claims()) if is_signed_in() else None


def is_signed_in() -> bool:
    """Whether somebody is signed in whose sign-in still holds."""
    auth = configuration.current().auth
    known = claims()
    return auth is not None and known.get("is_logged_in") is True and access.alive(auth, known)


def claims() -> dict[str, Any]:
    """Return the claims of this session's sign-in."""
    known: dict[str, Any] = st.user.to_dict()
    return known
