"""The one decorator of compiled functions."""

# mypy: disable-error-code=no-untyped-call

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import numpy as np
from numba import njit
from numba.core.caching import IndexDataCacheFile

__all__ = ["is_compiled", "is_kept", "kernel"]


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function on first use, cached on disk wherever a cache can be written.

    It runs on one thread and releases the GIL, so that threads may run kernels side by side.
    A kernel that hands a count from zero to another writes ``np.int64(0)``, and hands on as
    ``np.int32`` what it added to one: else the other would be compiled once more. It copies arrays
    in loops, value by value: where an array or a tuple is assigned to a part of another, numba
    compiles the text of an error for seconds.
    """
    try:
        compiled: Any = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "no locator available": neither the package nor the home is writable
        compiled = njit(nogil=True)(function)
    else:
        _keep_safely(compiled)
    kept: Callable[..., Any] = compiled
    return kept


class _Kept(IndexDataCacheFile):
    """What numba keeps of a kernel on disk, safe beside other processes that compile it too.

    numba numbers its programs 1, 2, … and writes the index first. Of two processes that compile
    the same kernel for other types at once, both take the same number, and whoever comes later is
    handed the program of the other's types: figures of an array that was read as another one, or
    a process that ends without a word. Here each program has a name that no other ever had, and
    the index tells of it once it is there. Where two write the index at once, one program is
    forgotten and compiled again.
    """

    def save(self, key: object, data: object) -> None:
        """Keep a program."""
        known = self._load_index()
        name = f"{Path(self._index_name).stem}.{uuid4().hex}.nbc"
        self._save_data(name, data)
        left = known.pop(key, None)
        self._save_index({**known, key: name})
        for old in [left] if left else [] if known else self._outdated(name):
            with suppress(OSError):  # Windows keeps what another process reads
                Path(self._data_path(old)).unlink()

    def _outdated(self, own: str) -> Iterator[str]:
        """Return the programs of another source: an index without any other tells of none."""
        of_kernel = Path(self._cache_path).glob(f"{Path(self._index_name).stem}.*.nbc")
        return (each.name for each in of_kernel if each.name != own)


def _keep_safely(dispatcher: Any) -> None:
    """Have a kernel's programs kept by :class:`_Kept`, for as long as nothing in them changes.

    numba looks at the file of the kernel alone, though what the kernel calls and the constants
    that it reads become part of its program, wherever they stand.
    """
    try:
        cache = dispatcher._cache
        base, stamp = cache._impl.filename_base, cache._impl.locator.get_source_stamp()
        cache._cache_file = _Kept(
            cache_path=cache.cache_path,
            filename_base=base,
            source_stamp=(stamp, *_parts(dispatcher.py_func)),
        )
    except AttributeError:  # a numba that keeps it elsewhere, and itself
        return


def _parts(function: Any) -> list[tuple[str, object]]:
    """Return what a kernel takes from outside it: other kernels' sources, and plain values."""
    names = sorted(set(function.__code__.co_names))
    own = function.__globals__
    modules = (own[name] for name in names if isinstance(own.get(name), ModuleType))
    ours = (vars(each) for each in modules if each.__name__.startswith("planner."))
    found: list[tuple[str, object]] = []
    for name, value in ((n, place[n]) for place in (own, *ours) for n in names if n in place):
        if hasattr(value, "py_func"):
            file = getattr(value._cache, "_cache_file", None)
            found.append((name, getattr(file, "_source_stamp", None)))
        elif isinstance(value, bool | int | float | str | tuple | np.generic):
            found.append((name, repr(value)))
    return found


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
        stamp = dispatcher._cache._cache_file._source_stamp
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
