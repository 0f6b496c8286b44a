"""What the person at this session may do.

With ``[auth]`` its lists decide. Without it, whoever reaches a server that listens on this machine
only may upload and correct, and nobody may on one that others reach, unless ``uploads`` of the
configuration file, or ``PLANNER_UPLOADS`` (``on`` or ``off``), says otherwise.
"""

from __future__ import annotations

import ipaddress
import os
from typing import Any

import streamlit as st

from planner.app.server import configuration, roles
from planner.app.server.roles import Role

SETTING = "PLANNER_UPLOADS"
_YES, _NO = ("on", "yes", "true", "1"), ("off", "no", "false", "0")


def may_upload() -> bool:
    """Whether this person may send data to the server."""
    return may_change() and _said() is not False


def may_change() -> bool:
    """Whether this person may correct what others see too."""
    if configuration.current().auth is not None:
        return role() == "editor"
    said = _said()
    return _on_loopback() if said is None else said


def _said() -> bool | None:
    """Return what the configuration or the environment says of uploads, None for nothing."""
    setting = os.environ.get(SETTING, "").strip().casefold()
    if setting in (*_YES, *_NO):
        return setting in _YES
    return configuration.current().uploads


def _on_loopback() -> bool:
    address = str(st.get_option("server.address") or "")
    if address.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


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
