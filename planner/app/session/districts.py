"""Which of the districts on offer an address means, and which is shown to who chose none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from planner.app.session import choices
from planner.app.session import plan as session_plan
from planner.app.session.catalogue import DEMO, Entry
from planner.errors import PlannerError
from planner.sources.workspace.reading import district_name

NAME = choices.NAMES[0]
ENDING = ".gpkg"


def settle_asked(offered: Mapping[str, Entry]) -> None:
    """Let an address that names a district otherwise than by its file mean that file.

    An address says the file's name, with or without its ending, or the name that the district
    itself has. Where several have that name, none is meant: somebody has to choose.
    """
    asked = choices.choices().get(NAME, "")
    if asked and asked not in offered and (meant := named(asked, offered)):
        choices.choices()[NAME] = meant


def named(asked: str, offered: Mapping[str, Entry]) -> str:
    """Return the id of the one district that a name means, empty for none or several."""
    own = asked.casefold()
    files = {each: Path(each).name.casefold() for each in offered}
    found = [each for each, file in files.items() if own in (file, file.removesuffix(ENDING))]
    if not found:
        inner = {each: _inner_name(entry) for each, entry in offered.items()}
        found = [each for each, name in inner.items() if name.casefold() == own]
    return found[0] if len(found) == 1 else ""


def _inner_name(entry: Entry) -> str:
    return "" if entry.path is None else _name(entry.path, entry.stamp)


@lru_cache(maxsize=256)
def _name(path: Path, _stamp: tuple[int, ...]) -> str:
    """Return what a file calls its district; opening a damaged one tells what is wrong with it.

    Kept beside the cache of answers, from which a name would be pushed by the districts opened.
    """
    try:
        return district_name(path)
    except PlannerError:
        return ""


def first(offered: Mapping[str, Entry]) -> str:
    """Return the district for who has chosen none: that of the folder's plan, else the demo.

    Where the plan beside the workspaces is about several of them, it is the one with most
    proposals; the demo is only what there is besides.
    """
    counts = {
        name: count
        for name, count in session_plan.proposals_by_district().items()
        if name in offered and name != DEMO
    }
    return min(counts, key=lambda name: (-counts[name], name)) if counts else DEMO
