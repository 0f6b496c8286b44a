"""The settings of this server, from one reader with one precedence.

What was given on the command line goes before the environment, the environment before the
configuration file, and the file before what is usual.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.app.server.settings import configuration
from planner.app.server.settings.configuration import SmallNumbers
from planner.views.maps.base.tiles import Tiles, tiles_of

LANGUAGES = ("en", "zh")
HOME = Path.home() / ".community-planner" / "scenarios"
"""Where scenarios are kept if the server was given no folder of data."""
WORKSPACES = HOME.with_name("workspaces")
"""Where uploaded districts are kept if the server was given no folder of data."""
UPLOAD_LIMIT_MB = 200

_YES, _NO = ("on", "yes", "true", "1"), ("off", "no", "false", "0")


@dataclass(frozen=True)
class Settings:
    """The choices of who started the server.

    Parameters
    ----------
    data
        Folder of workspace files, None to offer the demo only.
    language
        Language for who has not chosen one, None for the browser's.
    work
        Folder that planners' scenarios are kept in.
    uploads
        Whether data may be uploaded and corrected, None where nothing is said.
    upload_limit_mb
        Size that an uploaded file may have, megabytes.
    given_tiles
        What the configuration file says of online tiles.
    small_numbers
        From whom small counts of groups are withheld, None where from nobody.
    """

    data: Path | None = None
    language: str | None = None
    work: Path = HOME
    uploads: bool | None = None
    upload_limit_mb: int = UPLOAD_LIMIT_MB
    given_tiles: dict[str, Any] = field(default_factory=dict)
    small_numbers: SmallNumbers | None = None

    @property
    def tiles(self) -> Tiles | None:
        """Online tiles below the maps, None for none; see :mod:`planner.views.maps.base.tiles`."""
        return tiles_of(self.given_tiles)

    @property
    def workspaces(self) -> Path:
        """Folder that uploaded districts are put into and all are offered from."""
        own = os.environ.get("PLANNER_WORKSPACES")
        return self.data or (Path(own) if own else WORKSPACES)

    @property
    def offered(self) -> Path | None:
        """That folder, None where nobody named it and nothing was uploaded yet."""
        return self.data or (self.workspaces if self.workspaces.is_dir() else None)


def settings() -> Settings:
    """Return the settings as they stand now.

    ``--data`` and ``--language`` after ``--`` of ``streamlit run``, or ``PLANNER_DATA`` and
    ``PLANNER_LANGUAGE``; unknown options are passed over. Scenarios are kept in
    ``PLANNER_SCENARIOS``, else in the folder ``scenarios`` of the data. ``PLANNER_UPLOADS`` (``on``
    or ``off``) and ``PLANNER_MAX_UPLOAD_MB`` tell of uploads; what they do not tell is passed over.
    """
    file = configuration.current()
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data", default=os.environ.get("PLANNER_DATA"))
    parser.add_argument("--language", default=os.environ.get("PLANNER_LANGUAGE"))
    given, _ = parser.parse_known_args(sys.argv[1:])
    data = Path(given.data) if given.data else file.data
    work = os.environ.get("PLANNER_SCENARIOS") or file.scenarios
    language = given.language or file.language
    uploads, limit = _switch("PLANNER_UPLOADS"), _count("PLANNER_MAX_UPLOAD_MB")
    return Settings(
        data=data,
        work=Path(work) if work else data / "scenarios" if data else HOME,
        language=language if language in LANGUAGES else None,
        uploads=file.uploads if uploads is None else uploads,
        upload_limit_mb=limit or file.upload_limit_mb or UPLOAD_LIMIT_MB,
        given_tiles=dict(file.tiles),
        small_numbers=file.small_numbers,
    )


def _switch(name: str) -> bool | None:
    """Return whether an environment variable says on or off, None where it says neither."""
    said = os.environ.get(name, "").strip().casefold()
    return said in _YES if said in (*_YES, *_NO) else None


def _count(name: str) -> int:
    """Return the whole number above 0 that an environment variable says, 0 where it says none."""
    said = os.environ.get(name, "").strip()
    return int(said) if said.isdecimal() else 0
