"""What ``planner serve`` runs: the dashboard behind its gate, with the headers browsers heed."""

from __future__ import annotations

import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import Scope
from streamlit import delta_generator

from planner.app.server.requests.drawn import Drawn
from planner.app.server.requests.first_page import FirstPage
from planner.app.server.requests.headers import Headers
from planner.app.server.requests.messages import Messages
from planner.app.server.requests.origins import Origins
from planner.app.server.requests.program_files import ProgramFiles
from planner.app.server.requests.upload_limit import UploadLimit
from planner.app.server.requests.windows import Windows
from planner.app.server.scope import ROLE
from planner.app.server.settings import configuration
from planner.app.server.settings.configuration import Configuration
from planner.app.server.settings.settings import settings
from planner.app.server.sign_in import roles
from planner.app.server.sign_in.gate import Gate, SecureCookies
from planner.app.server.sign_in.returning import Returning
from planner.app.server.sign_in.sessions import OwnSessions
from planner.app.server.sign_in.unauthenticated import UnauthenticatedTurns
from planner.views.maps.base.tiles import tiles_of


def layers(asked: Configuration, address: str) -> list[Middleware]:
    """Return what a request passes through before Streamlit, the outermost first.

    Parameters
    ----------
    asked
        The configuration.
    address
        Where the server listens.
    """
    auth, tiles = asked.auth, tiles_of(asked.tiles)
    urls = tiles.urls if tiles else ()
    public = auth.redirect_uri if auth is not None else ""
    found = [
        Middleware(Headers, tiles=urls, private=auth is not None, base_path=asked.base_path),
        Middleware(Origins, hosts=asked.hosts, public=public),
        Middleware(FirstPage),
    ]
    if auth is not None:
        if auth.secure:
            found.append(Middleware(SecureCookies))
        found.append(Middleware(Gate, auth=auth, base_path=asked.base_path))
        found.append(Middleware(Returning, base_path=asked.base_path))
    found.append(Middleware(Drawn))
    found.append(Middleware(Windows))
    found.append(Middleware(OwnSessions, base_path=asked.base_path))
    found.append(Middleware(Messages))
    if auth is not None:
        found.append(Middleware(UnauthenticatedTurns))
    most_bytes = settings().upload_limit_mb * 1_000_000
    found.append(
        Middleware(UploadLimit, may_upload=_may_upload(asked, address), most_bytes=most_bytes)
    )
    found.append(Middleware(ProgramFiles, base_path=asked.base_path))
    return found


def _may_upload(asked: Configuration, address: str) -> Callable[[Scope], bool]:
    """Return who may upload, by a request's scope."""
    if asked.auth is None:
        return lambda _: roles.uploads_without_sign_in(address)
    return lambda scope: scope.get(ROLE) == "editor" and roles.uploads_said() is not False


_ASKED_ONCE = "_use_warning_has_been_displayed"

TURN_S = 0.0005
"""So long a thread computes while another waits, seconds.

A page is computed in one thread while another sends the files that its browser asks for, and
waits some ten times for each: at Python's usual 5 ms that is as long as the page itself takes.
"""


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    """Make the first map ready in the background while the server runs, from its start."""
    sys.setswitchinterval(TURN_S)
    _no_question_who_calls()
    threading.Thread(target=_prepare, name="preparation", daemon=True).start()
    yield


def _no_question_who_calls() -> None:
    """Spare the first page Streamlit's question whether somebody types at a prompt.

    To find that out, ``inspect`` looks up the file of every module: a quarter of the time that the
    page is drawn in. Another release of Streamlit may ask otherwise.
    """
    if hasattr(delta_generator, _ASKED_ONCE):
        setattr(delta_generator, _ASKED_ONCE, True)


def _prepare() -> None:
    from planner.app.preparation import prepare  # the pages take longer to import than to serve

    prepare()


_ASKED = configuration.current()

app = st.App(
    Path(__file__).with_name("script.py"),
    secrets=_ASKED.auth.for_streamlit() if _ASKED.auth is not None else None,
    lifespan=_lifespan,
    middleware=layers(_ASKED, str(st.get_option("server.address") or "")),
)
