"""What the server was started with."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from planner.app import configuration

LANGUAGES = ("en", "zh")
HOME = Path.home() / ".community-planner" / "scenarios"
"""Where scenarios are kept if the server was given no folder of data."""


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
    """

    data: Path | None = None
    language: str | None = None
    work: Path = HOME


def arguments() -> Arguments:
    """Return the options after ``--`` of ``streamlit run``.

    ``PLANNER_DATA`` and ``PLANNER_LANGUAGE`` stand in for those not given; unknown options are
    passed over. What is left is taken from the configuration file. Scenarios are kept in
    ``PLANNER_SCENARIOS``, else in the folder ``scenarios`` of the data.
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
    )
