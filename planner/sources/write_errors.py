"""What to say when a file cannot be written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from planner.errors import WorkError

WRITE_ERRORS = (
    OSError,
    DataSourceError,
    DataLayerError,
    FeatureError,
    FieldError,
    GeometryError,
)
"""What file systems and GDAL raise when a file cannot be written."""

_FULL = {errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC}

_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}

_FULL_WORDS = ("disk is full", "no space left", "database or disk is full")

_DENIED_WORDS = ("permission denied", "readonly", "read-only")


def write_error(path: str | Path, error: Exception) -> WorkError:
    """Return the error to raise where a file could not be written.

    Parameters
    ----------
    path
        What was being written.
    error
        One of :data:`WRITE_ERRORS`.
    """
    number = getattr(error, "errno", None)
    words = str(error).casefold()
    if number in _FULL or any(word in words for word in _FULL_WORDS):
        return WorkError("sources.disk_full", file=str(path))
    folder = Path(path).parent
    closed = folder.is_dir() and not os.access(folder, os.W_OK)  # GDAL says not why
    if closed or number in _DENIED or any(word in words for word in _DENIED_WORDS):
        return WorkError("sources.no_permission", file=str(path))
    reason = getattr(error, "strerror", None) or str(error)
    return WorkError("sources.cannot_write", file=str(path), reason=reason)
