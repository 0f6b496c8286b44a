"""The page before the dashboard where sign-in is asked for, and the way out."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section

from planner.app.server.settings import configuration
from planner.app.session import choices
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.views.words.labels import Labels

_ICON = (Path(__file__).parents[2] / "assets" / "icon.svg").read_bytes()
_SIGN = (
    '<img alt="" width="36" height="36" '
    f'src="data:image/svg+xml;base64,{base64.b64encode(_ICON).decode("ascii")}">'
)


def is_wanted() -> bool:
    """Whether the reader must sign in before anything is shown."""
    return permissions.role() is None


def page(labels: Labels, paths: Iterable[str]) -> None:
    """Draw the sign-in page in place of whatever page of `paths` the address asks for."""
    first, *others = paths
    draw = partial(_page, labels)
    places = [st.Page(draw, title=labels.message("app.title"), url_path=first, default=True)]
    places += [st.Page(draw, title=labels.message("app.title"), url_path=path) for path in others]
    st.navigation(places, position="hidden").run()


def _page(labels: Labels) -> None:
    say = labels.message
    _, middle, _ = st.columns([2, 3, 2])
    with middle, st.container(border=True, gap="medium"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(_SIGN)
            st.markdown(f"### {say('app.title')}")
            words = {"en": "English", "zh": "中文"}
            choices.switch("lang", say("app.language"), words, labels.language, words.__getitem__)
        if permissions.is_signed_in():
            name = markdown(permissions.user_name())
            st.warning(say("app_permissions.not_admitted", name=name), icon=":material/block:")
            _way_out(labels)
            return
        if not get_secrets_auth_section():
            st.error(say("app_permissions.started_otherwise"), icon=":material/error:")
            return
        st.markdown(say("app_permissions.please"))
        st.button(
            say("app_permissions.sign_in"),
            key="sign_in",
            type="primary",
            icon=":material/login:",
            on_click=st.login,
        )


def badge(labels: Labels) -> None:
    """Draw who is signed in and the way out, nothing where no sign-in is asked for."""
    if configuration.current().auth is None:
        return
    word = "as_editor" if permissions.may_change() else "as_viewer"
    st.caption(labels.message(f"app_permissions.{word}", name=markdown(permissions.user_name())))
    _way_out(labels)


def _way_out(labels: Labels) -> None:
    st.button(
        labels.message("app_permissions.sign_out"),
        key="sign_out",
        icon=":material/logout:",
        # the gate ends the sign-in at the address that this leads to: were it ended here, the
        # connection would be closed before the browser is told to go there
        on_click=st.logout,
    )
