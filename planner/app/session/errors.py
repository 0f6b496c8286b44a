"""Errors told to the reader, with a way back."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import streamlit as st

from planner.app.server.folders import without_folders
from planner.app.session import choices
from planner.app.session.catalogue import DEMO
from planner.errors import Finding, PlannerError
from planner.views.escaping import Escaped
from planner.views.words.credits import credit_parts
from planner.views.words.labels import Labels

_log = logging.getLogger(__name__)


@contextmanager
def showing_errors(labels: Labels) -> Iterator[None]:
    """Show what goes wrong inside as a sentence in the reader's language.

    What was foreseen says how to mend it. What was not gets a number under which the server's
    log has the details, so that the page itself tells nothing of the server.
    """
    try:
        yield
    except PlannerError as error:
        told = Finding(error.code, without_folders(error.params))
        st.error(markdown(labels.finding(told)), icon=":material/error:")
        _way_back(labels)
    except Exception:  # noqa: BLE001 - the page must live on; the log has the details
        number = uuid.uuid4().hex[:8]
        _log.exception("error %s", number)
        st.error(labels.message("app.unforeseen", number=number), icon=":material/error:")
        _way_back(labels)


def _way_back(labels: Labels) -> None:
    with st.container(horizontal=True):
        again = labels.message("app.try_again")
        if st.button(again, key="error_again", icon=":material/refresh:"):
            st.rerun()
        if choices.choices().get("district") != DEMO:
            st.button(
                labels.message("app.open_demo"),
                key="error_demo",
                on_click=partial(choices.choose_for_all, "district", DEMO),
            )


_LINK = re.compile(r"(?<=:)(?=//)|(?<=@)|(?<=www)(?=\.)", re.IGNORECASE)


def markdown(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    Addresses in it become no links: whoever wrote a district's name or its credits does not decide
    where a click on our page leads. An invisible sign keeps the browser's Markdown from seeing one.

    Examples
    --------
    >>> print(markdown("a_b [x](y)"))
    a\_b \[x\]\(y\)
    >>> ascii(markdown("http://a"))
    "'http\\\\:\\u2060//a'"
    """
    apart = _LINK.sub("\u2060", text)
    signs = ("\\" + sign if sign in r"\`*_{}[]()<>#+-.!|$~:" else sign for sign in apart)
    return Escaped("".join(signs), markdown)


def credit_markdown(text: str) -> str:
    r"""Return a credit of data as Markdown that links to the terms it stands for, nowhere else.

    Examples
    --------
    >>> print(credit_markdown("ODbL 1.0 [x]"))
    [ODbL 1\.0](https://opendatacommons.org/licenses/odbl/1-0/) \[x\]
    """
    return "".join(
        f"[{markdown(part)}]({url})" if url else markdown(part) for part, url in credit_parts(text)
    )
