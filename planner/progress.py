"""How far long work has come, told while it is done: by a code that is worded, and a share."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Told the code of the step that is done, and which share of all is behind it, 0 to 1."""


def untold(_code: str, _share: float) -> None:
    """Tell nobody."""
