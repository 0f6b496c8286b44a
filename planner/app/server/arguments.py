"""What the server was started with."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from planner.app.server import configuration
from planner.views.maps.tiles import Tiles, tiles_of

LANGUAGES = ("en", "zh")
HOME = Path.home() / ".community-planner" / "scenarios"
"""Where scenarios are kept if the server was given no folder of data."""
WORKSPACES = HOME.with_name("workspaces")
"""Where uploaded districts are kept if the server was given no folder of data."""


@dataclass(frozen=True)
class Arguments:
    """The choices of who started the server.

    Parameters
    ----------
    data
        Folder of workspace files, None to offer the demo only.
    language
        Language for who has not chosen one, None for the browser's.
    work
        Folder that planners' scenarios are kept in.
    tiles
        Online tiles below the maps, None for none.
    """

    data: Path | None = None
    language: str | None = None
    work: Path = HOME
    tiles: Tiles | None = None

    @property
    def workspaces(self) -> Path:
        """Folder that uploaded districts are put into and all are offered from."""
        own = os.environ.get("PLANNER_WORKSPACES")
        return self.data or (Path(own) if own else WORKSPACES)

    @property
    def offered(self) -> Path | None:
        """That folder, None where nobody named it and nothing was uploaded yet."""
        return self.data or (self.workspaces if self.workspaces.is_dir() else None)


def arguments() -> Arguments:
    """Return the options after ``--`` of ``streamlit run``.

    ``PLANNER_DATA`` and ``PLANNER_LANGUAGE`` stand in for those not given; unknown options are
    passed over. What is left is taken from the configuration file. Scenarios are kept in
    ``PLANNER_SCENARIOS``, else in the folder ``scenarios`` of the data. Online tiles are those of
    the file or of ``PLANNER_TILES``, see :func:`planner.views.maps.tiles.tiles_of`.
    """
    file = configuration.current()
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data", default=os.environ.get("PLANNER_DATA"))
    parser.add_argument("--language", default=os.environ.get("PLANNER_LANGUAGE"))
    given, _ = parser.parse_known_args(sys.argv[1:])
    data = Path(given.data) if given.data else file.data
    work = os.environ.get("PLANNER_SCENARIOS") or file.scenarios
    language = given.language or file.language
    return Arguments(
        data=data,
        work=Path(work) if work else data / "scenarios" if data else HOME,
        language=language if language in LANGUAGES else None,
        tiles=tiles_of(file.tiles),
    )
