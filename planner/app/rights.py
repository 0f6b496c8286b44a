"""Who may change what the server keeps.

``PLANNER_UPLOADS`` is ``on`` or ``off``. Where it is not set, whoever reaches a server that
listens on this machine only may upload and correct, and nobody may on one that others reach.
"""

from __future__ import annotations

import ipaddress
import os

import streamlit as st

from planner.app.context import Context

SETTING = "PLANNER_UPLOADS"
_YES, _NO = ("on", "yes", "true", "1"), ("off", "no", "false", "0")


def may_upload() -> bool:
    """Whether this reader may put files of their own on the server."""
    setting = os.environ.get(SETTING, "").strip().casefold()
    if setting in _YES:
        return True
    return setting not in _NO and _on_loopback()


def may_change(context: Context) -> bool:  # noqa: ARG001 - a right may depend on the district
    """Whether this reader may correct the facilities of the district looked at."""
    return may_upload()


def _on_loopback() -> bool:
    address = str(st.get_option("server.address") or "")
    if address.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
