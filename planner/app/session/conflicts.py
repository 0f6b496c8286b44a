"""What two windows made of the same thing, kept until the reader chooses."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, get_args

import streamlit as st

Mine = TypeVar("Mine")
Theirs = TypeVar("Theirs")

Choice = Literal["theirs", "mine", "both"]
"""The ways to go on: what the other window wrote, what this one would, or both."""


@dataclass(frozen=True)
class Conflict(Generic[Mine, Theirs]):
    """What two windows made of the same thing.

    Parameters
    ----------
    mine, theirs
        As it would be here, and as the other window left it.
    """

    mine: Mine
    theirs: Theirs

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The ways to go on."""
        return get_args(Choice)


Met = TypeVar("Met")


class Conflicts(Generic[Met]):
    """The conflicts of a session, one about each thing that is kept.

    Each is a :class:`Conflict`, or what is needed to make one.

    Parameters
    ----------
    key
        Key of the session under which they are kept.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def add(self, about: Hashable, found: Met) -> None:
        """Keep a conflict, in the place of one before about the same thing."""
        st.session_state.setdefault(self._key, {})[about] = found

    def of(self, about: Hashable) -> Met | None:
        """Return the conflict about something, None where nothing is to be chosen."""
        waiting: dict[Hashable, Met] = st.session_state.get(self._key, {})
        return waiting.get(about)

    def take(self, about: Hashable) -> Met | None:
        """Return the conflict about something and forget it; None where there is none."""
        waiting: dict[Hashable, Met] = st.session_state.get(self._key, {})
        return waiting.pop(about, None)
