"""Messages name files, never the folders of the server in which they lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SIGN = r"[^/\\\s:*?\"'<>|,;()]"
_PATH = re.compile(rf"(?<![\w./\\:])(?:[A-Za-z]:)?[/\\](?:{_SIGN}+[/\\])*(?={_SIGN})")
"""Folders before a name: what other programs say of a file holds its whole path."""


def without_folders(params: Mapping[str, Any]) -> dict[str, Any]:
    r"""Return the values of a message with files named, not where on the server they lie.

    Examples
    --------
    >>> without_folders({"file": "/srv/my data/a.gpkg", "reason": "ERROR parsing /srv/x/b.kml :no"})
    {'file': 'a.gpkg', 'reason': 'ERROR parsing b.kml :no'}
    >>> without_folders({"unit": "km/h, 1/2", "crs": "http://a.example/b"})
    {'unit': 'km/h, 1/2', 'crs': 'http://a.example/b'}
    """
    return {
        key: _named(value) if isinstance(value, str) else value for key, value in params.items()
    }


def _named(text: str) -> str:
    return Path(text).name if Path(text).is_absolute() else _PATH.sub("", text)
