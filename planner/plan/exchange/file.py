"""A whole plan in one file: every row and the whole trail, checked before it is believed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Integer, String, select
from sqlalchemy.types import TypeEngine

from planner.documents import parse_kept
from planner.errors import InputError, MissingFileError, WorkError
from planner.plan.proposals.changes import ACTIONS
from planner.plan.proposals.proposal import Proposal, checked
from planner.plan.proposals.statuses import STATUSES
from planner.plan.store.rows import Row
from planner.plan.store.store import Store
from planner.plan.store.tables import LAYERS, STORE, TRAIL, Wkb, canonical
from planner.plan.store.trail import broken_links, not_told, replayed
from planner.plan.targets.aims import AIMS
from planner.plan.workflow.steps import NEEDS, POSITIONS
from planner.sources.kept_files import put_whole

FORMAT = "planner-plan"
VERSION = 3
MOST_BYTES = 1_000_000_000
"""Bytes that a file may have once it is unpacked."""

ADDED = {"target": 2, "limit": 2}
"""Layers that files of versions before these do not have."""

_REFUSALS = ("plan.not_an_export", "plan.newer_export")

_CHOICES = {
    ("proposal", "status"): STATUSES,
    ("proposal", "action"): ACTIONS,
    ("review", "position"): POSITIONS,
    ("consultation", "need"): NEEDS,
}


@dataclass(frozen=True)
class Whole:
    """A plan as a file holds it.

    Parameters
    ----------
    store_id, created_at, entries, head
        Of the store: its id, since when, how many entries its trail has, the hash of the last.
    rows
        By layer and id, without the id.
    trail
        All entries in their order.
    """

    store_id: str
    created_at: str
    entries: int
    head: str
    rows: Mapping[tuple[str, str], Row]
    trail: tuple[Row, ...]


def write_plan(store: Store, file: str | Path) -> Path:
    """Write a whole plan to a file, packed; it holds one state of it whoever writes meanwhile.

    Raises
    ------
    WorkError
        Where the file cannot be written; an older one in its place is then as it was. And
        ``plan.damaged``.
    """
    path = Path(file)
    with store.reading() as connection:
        head = dict(connection.execute(select(STORE)).mappings().one())
        layers = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in LAYERS.items()
        }
        asked = select(TRAIL).order_by(TRAIL.c.number)
        trail = [dict(row) for row in connection.execute(asked).mappings()]
    head.pop("id")
    told = {"format": FORMAT, "version": VERSION, **head, "layers": layers, "trail": trail}
    # without the time of packing: equal plans make equal files
    try:
        text = canonical(told).encode("utf-8")
    except (TypeError, ValueError) as error:  # a value that no row of ours has
        raise WorkError("plan.damaged", place=store.place) from error
    put_whole(path, gzip.compress(text, compresslevel=6, mtime=0))
    return path


def read_plan(file: str | Path) -> Whole:
    """Read a whole plan from a file, and refuse one whose trail and rows are not in order.

    Raises
    ------
    MissingFileError, InputError
        ``plan.no_export``, ``plan.not_an_export``, ``plan.newer_export``,
        ``plan.export_damaged``.
    """
    path = Path(file)
    told = parse_kept(_unpacked(path), FORMAT, VERSION, _REFUSALS, path.name)
    try:
        whole = _whole(told)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError("plan.not_an_export", file=path.name) from error
    broken = next(iter(broken_links(whole.trail, whole.entries, whole.head)), None)
    if broken is not None or replayed(whole.trail) != whole.rows:
        raise InputError("plan.export_damaged", file=path.name)
    return whole


def _unpacked(path: Path) -> str:
    if not path.is_file():
        raise MissingFileError("plan.no_export", file=str(path))
    try:
        with gzip.open(path) as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise InputError("plan.not_an_export", file=path.name)
        return content.decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise InputError("plan.not_an_export", file=path.name) from error


def _whole(told: Mapping[str, Any]) -> Whole:
    """Return what a file tells; whatever has another shape than ours raises one of Python's."""
    rows: dict[tuple[str, str], Row] = {}
    for layer, table in LAYERS.items():
        older = layer in ADDED and int(told["version"]) < ADDED[layer]
        for given in told["layers"].get(layer, ()) if older else told["layers"][layer]:
            row = not_told(layer) | dict(given)
            if set(row) != set(table.columns.keys()):
                raise ValueError(layer)
            _check(layer, row)
            rows[layer, row.pop("id")] = row
    _check_parts(rows)
    trail = tuple(dict(entry) for entry in told["trail"])
    for entry in trail:
        known = set(entry) == set(TRAIL.columns.keys()) and entry["layer"] in LAYERS
        if not known or not isinstance(entry["after"], dict):
            raise ValueError("trail")
    store_id, created_at = str(told["store_id"]), str(told["created_at"])
    return Whole(store_id, created_at, int(told["entries"]), str(told["head"]), rows, trail)


def _check_parts(rows: Mapping[tuple[str, str], Row]) -> None:
    """Refuse a house that is made of itself, of a part twice, or of what is not in the plan."""
    for (layer, own), row in rows.items():
        if layer == "proposal" and row["made_of"]:
            parts = [each.partition(":")[0] for each in row["made_of"].split()]
            known = all(("proposal", each) in rows for each in parts)
            if not known or own in parts or len(set(parts)) < len(parts):
                raise ValueError("made_of")


def _python_type(kind: TypeEngine[Any]) -> type | None:
    """Return what a column holds in Python, None for what is looked at elsewhere."""
    for told, python in ((Wkb, str), (String, str), (Boolean, bool), (Integer, int)):
        if isinstance(kind, told):
            return python
    return None


def _check(layer: str, row: Row) -> None:
    """Refuse a row whose values no row of ours has."""
    for column in LAYERS[layer].columns:
        value, kind = row[column.name], _python_type(column.type)
        empty = column.nullable and value is None
        if kind in (str, int, bool) and not (isinstance(value, kind) or empty):
            raise ValueError(column.name)
        if (layer, column.name) in _CHOICES and value not in _CHOICES[layer, column.name]:
            raise ValueError(column.name)
    if layer in AIMS and AIMS[layer].checked(row) != row:
        raise ValueError(layer)
    if layer == "proposal":
        proposal = Proposal.from_row(row)
        if proposal.to_row() != row:
            raise ValueError(layer)
        checked(row)
