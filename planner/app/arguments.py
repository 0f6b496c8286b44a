"""What the server was started with."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Arguments:
    """The choices of who started the server.

    Parameters
    ----------
    data
        Folder of workspace files, None to offer the demo only.
    language
        Language for who has not chosen one, None for the browser's.
    """

    data: Path | None = None
    language: str | None = None


def arguments() -> Arguments:
    """Return the options after ``--`` of ``streamlit run``.

    ``PLANNER_DATA`` and ``PLANNER_LANGUAGE`` stand in for those not given; unknown options are
    passed over.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--data", default=os.environ.get("PLANNER_DATA"))
    parser.add_argument("--language", default=os.environ.get("PLANNER_LANGUAGE"))
    given, _ = parser.parse_known_args(sys.argv[1:])
    return Arguments(
        data=Path(given.data) if given.data else None,
        language=given.language if given.language in LANGUAGES else None,
    )
