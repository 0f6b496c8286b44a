"""The one decorator of compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

__all__ = ["kernel"]


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function on first use, cached on disk wherever a cache can be written.

    It runs on one thread and releases the GIL, so that threads may run kernels side by side.
    """
    try:
        compiled: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "no locator available": neither the package nor the home is writable
        compiled = njit(nogil=True)(function)
    return compiled
