"""How many steps some work takes: unlike seconds, the same on every machine, busy or not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(work: Callable[[], Any]) -> int:
    """Return how many functions are called while some work runs in this thread, C ones too.

    What one call of compiled code does inside is one step. An exception goes through.
    """
    steps = 0

    def seen(_frame: FrameType, event: str, _of: Any) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return steps
