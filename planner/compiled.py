"""The one decorator of compiled functions."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

__all__ = ["is_compiled", "is_kept", "kernel"]


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function on first use, cached on disk wherever a cache can be written.

    It runs on one thread and releases the GIL, so that threads may run kernels side by side.
    A kernel that hands a count from zero to another writes ``np.int64(0)``: for a literal ``0`` the
    other would be compiled once more.
    """
    try:
        compiled: Callable[..., Any] = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "no locator available": neither the package nor the home is writable
        compiled = njit(nogil=True)(function)
    return compiled


def is_compiled(function: Callable[..., Any]) -> bool:
    """Tell whether a kernel's program is in this process or on disk, made of its present source.

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
    try:
        stamp = dispatcher._cache._impl.locator.get_source_stamp()
    except AttributeError:  # a numba that keeps it elsewhere
        return any(Path(folder).glob(pattern))
    return any(_stamp(index) == stamp for index in Path(folder).glob(pattern))


def is_kept(function: Callable[..., Any]) -> bool:
    """Tell whether a kernel's program is kept on disk once it is compiled."""
    dispatcher: Any = function
    return bool(dispatcher.stats.cache_path)


def _stamp(index: Path) -> object:
    """Return the sign of the source that an index of numba's was made for, None where unclear.

    numba itself reads these files, its own, from the same folder in the same way.
    """
    try:
        with index.open("rb") as file:
            pickle.load(file)  # the version of numba
            stamp, _ = pickle.loads(file.read())
    except (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError):
        return None
    return stamp
