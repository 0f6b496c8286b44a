"""The one decorator of compiled functions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

__all__ = ["is_compiled", "kernel"]


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function on first use, cached on disk wherever a cache can be written.

    It runs on one thread and releases the GIL, so that threads may run kernels side by side.
    """
    try:
        compiled: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "no locator available": neither the package nor the home is writable
        compiled = njit(nogil=True)(function)
    return compiled


def is_compiled(function: Callable[..., Any]) -> bool:
    """Tell whether a kernel's program is in this process or on disk, newer than its source.

    Where it is not, its first call takes seconds. The file on disk may still be one that numba
    refuses, for instance of another processor: then a compilation was not foretold.
    """
    dispatcher: Any = function
    if dispatcher.signatures:
        return True
    folder, source = dispatcher.stats.cache_path, dispatcher.py_func.__code__
    if not folder:
        return False
    name = f"{Path(source.co_filename).stem}.{dispatcher.py_func.__qualname__}"
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    pattern = f"{name}-{source.co_firstlineno}.{version}*.nbi"
    changed = Path(source.co_filename).stat().st_mtime
    return any(index.stat().st_mtime >= changed for index in Path(folder).glob(pattern))
