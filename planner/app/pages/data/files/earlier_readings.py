"""How files were read before: kept beside each workspace, offered for files of the same shape."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from planner.district import Kinds
from planner.errors import PlannerError
from planner.sources.files.lists import in_order
from planner.sources.tables.kept_mappings import MAPPINGS, mapping_of, read_mappings, write_mappings

MOST_LOOKED_AT = 60
_LEAST_ROLES = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Earlier:
    """How a file of the same shape was read.

    Parameters
    ----------
    name
        Name of the workspace that was made of it, without its ending.
    mapping
        Fields of :class:`planner.sources.tables.mapping.TableMapping` by name.
    """

    name: str
    mapping: dict[str, Any]


def keep(workspace: Path, readings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Write beside a workspace how its files were read; return why that could not be done.

    Parameters
    ----------
    workspace
        The workspace.
    readings
        As :func:`planner.sources.files.layers.described` tells them.
    """
    found = {
        str(each["layer"]): mapping_of(each["mapping"], workspace.name)
        for each in readings
        if each["mapping"] is not None
    }
    try:
        if found:
            write_mappings(workspace.with_suffix(MAPPINGS), found)
    except PlannerError as error:  # the workspace is there: told beside it
        return [{"code": error.code, "params": error.params}]
    return []


def earlier(folder: Path, layer: str, headers: Iterable[str], kinds: Kinds) -> list[Earlier]:
    """Return how files of the same shape were read, the newest first.

    Words for kinds that are not known here are left out, and so asked for anew.

    Parameters
    ----------
    folder
        Where the workspaces lie.
    layer
        The layer that the file becomes.
    headers
        Its columns.
    kinds
        The kinds known.
    """
    present = list(headers)
    files = sorted(folder.glob(f"*{MAPPINGS}"), key=lambda file: -file.stat().st_mtime)
    found: list[Earlier] = []
    for file in files[:MOST_LOOKED_AT]:
        try:
            known = read_mappings(file)
        except PlannerError as error:  # another file that is called so: no mappings of ours
            _log.warning("%s is passed over: %s", file.name, error.code)
            continue
        for key in in_order(known, layer):
            mapping = known[key]
            if not mapping.fits(present):
                continue
            if sum(1 for role in mapping.columns.values() if role) < _LEAST_ROLES:
                continue
            words = {w: kind for w, kind in mapping.kind_words.items() if not kind or kind in kinds}
            own = mapping.kind if layer == "barriers" or mapping.kind in kinds else ""
            plain = asdict(mapping) | {"kind_words": words, "kind": own}
            if all(plain["columns"] != each.mapping["columns"] for each in found):
                found.append(Earlier(file.name.removesuffix(MAPPINGS), plain))
    return found
