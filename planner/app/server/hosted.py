"""What ``planner serve`` runs: the dashboard behind its gate, with the headers browsers heed."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from planner.app.server import configuration
from planner.app.server.configuration import Configuration
from planner.app.server.first_page import FirstPage
from planner.app.server.gate import Gate, SecureCookies
from planner.app.server.headers import Headers
from planner.app.server.returning import Returning
from planner.views.maps.tiles import tiles_of


def layers(asked: Configuration) -> list[Middleware]:
    """Return what a request passes through before Streamlit, the outermost first."""
    auth, tiles = asked.auth, tiles_of(asked.tiles)
    urls = tiles.urls if tiles else ()
    found = [Middleware(Headers, tiles=urls, private=auth is not None), Middleware(FirstPage)]
    if auth is not None:
        if auth.secure:
            found.append(Middleware(SecureCookies))
        found.append(
            Middleware(
                Gate, auth=auth, base_path=asked.base_path, uploads=asked.uploads is not False
            )
        )
        found.append(Middleware(Returning, base_path=asked.base_path))
    return found


_ASKED = configuration.current()

app = st.App(
    Path(__file__).with_name("script.py"),
    secrets=_ASKED.auth.for_streamlit() if _ASKED.auth is not None else None,
    middleware=layers(_ASKED),
)
