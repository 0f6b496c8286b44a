"""What two windows made of the same thing, kept until the reader chooses."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, Literal, TypeVar

import streamlit as st

Versions = TypeVar("Versions")

Choice = Literal["theirs", "mine", "both"]
"""The ways to go on: what the other window wrote, what this one would, or both."""


class Conflicts(Generic[Versions]):
    """The conflicts of a session, one about each thing that is kept.

    Parameters
    ----------
    key
        Key of the session under which they are kept.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def add(self, about: Hashable, found: Versions) -> None:
        """Keep a conflict, in the place of one before about the same thing."""
        st.session_state.setdefault(self._key, {})[about] = found

    def of(self, about: Hashable) -> Versions | None:
        """Return the conflict about something, None where nothing is to be chosen."""
        waiting: dict[Hashable, Versions] = st.session_state.get(self._key, {})
        return waiting.get(about)

    def take(self, about: Hashable) -> Versions | None:
        """Return the conflict about something and forget it; None where there is none."""
        waiting: dict[Hashable, Versions] = st.session_state.get(self._key, {})
        return waiting.pop(about, None)
