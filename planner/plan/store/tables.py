"""The tables of a plan, as they are after the newest migration.

Every row of a layer of the plan (:data:`LAYERS`) has an ``id``, a ``version`` that counts its
changes, and ``deleted``: nothing is ever taken out. Values are what JSON knows, so that the trail
(:mod:`planner.plan.store.trail`) holds them as the tables do, whatever the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class DamagedValueError(ValueError):
    """A value of the database that this program never wrote."""


class Json(TypeDecorator[Any]):
    """A value of JSON as text with sorted keys: the same in every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        """Write the value."""
        return canonical(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read the value."""
        return self.read(value)

    @staticmethod
    def read(value: Any) -> Any:
        """Return what a text of the database says.

        Raises
        ------
        DamagedValueError
        """
        try:
            return json.loads(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise DamagedValueError from error


class Wkb(TypeDecorator[str]):
    """A geometry as well-known binary, in Python its hexadecimal digits, empty for none."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes:  # noqa: ARG002
        """Write the geometry."""
        return bytes.fromhex(value or "")

    def process_result_value(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        """Read the geometry."""
        if not isinstance(value, bytes | memoryview):
            raise DamagedValueError
        return bytes(value).hex()


def canonical(value: Any) -> str:
    """Return the one JSON text of a value.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": None})
    '{"a":null,"b":1.0}'
    """
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


METADATA = MetaData()
ID, WORD = String(40), String(40)

STORE = Table(
    "plan_store",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("store_id", ID, nullable=False),
    Column("created_at", WORD, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)
"""One row: which store this is, how many entries its trail has, and the hash of the last."""

TRAIL = Table(
    "plan_trail",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", ID, nullable=False, unique=True),
    Column("at", WORD, nullable=False),
    Column("recorded_at", WORD, nullable=False),
    Column("actor", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("via", WORD, nullable=False),
    Column("layer", WORD, nullable=False),
    Column("row_id", ID, nullable=False),
    Column("proposal_id", ID, nullable=False),
    Column("deed", WORD, nullable=False),
    Column("why", Text, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("applies", Boolean, nullable=False),
    Column("origin", ID, nullable=False),
    Column("planner", WORD, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("plan_trail_row", "layer", "row_id", "number"),
    Index("plan_trail_proposal", "proposal_id", "number"),
)
"""Every step, in order; rows are added and never changed."""


def _layer(name: str, *columns: Column[Any] | Index) -> Table:
    return Table(
        f"plan_{name}s",
        METADATA,
        Column("id", ID, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("deleted", Boolean, nullable=False),
        *columns,
    )


def _texts(*names: str) -> Iterable[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _words(*names: str) -> Iterable[Column[Any]]:
    return [Column(name, WORD, nullable=False) for name in names]


PROPOSALS = _layer(
    "proposal",
    *_words("status", "department", "action", "origin"),
    *_texts("workspace", "title", "note", "facility_id", "crs"),
    Column("kinds", Json, nullable=False),
    Column("changes", Json, nullable=False),
    Column("known_by", Json, nullable=False),
    Column("geometry", Wkb, nullable=False),
    Column("floor_area_m2", Float),
    Column("cost", Float),
    Column("cost_high", Float),
    *_texts("currency", "cost_source", "funding"),
    Column("year", Integer),
    Column("figures", Json, nullable=False),
    Column("superseded_by", ID, nullable=False),
    Column("made_of", Text),
    *_texts("opened_source", "created_by"),
    *_words("created_at", "changed_at"),
    Index("plan_proposals_status", "status", "department"),
    Index("plan_proposals_workspace", "workspace"),
)
REVIEWS = _layer(
    "review",
    Column("proposal_id", ID, nullable=False, index=True),
    *_words("department", "position", "content_sign", "at", "answered_at"),
    *_texts("reason", "by", "answer", "answered_by"),
)
CONSULTATIONS = _layer(
    "consultation",
    Column("proposal_id", ID, nullable=False, index=True),
    *_words("department", "need", "due", "at"),
    *_texts("by", "note"),
)
COMMENTS = _layer(
    "comment",
    Column("proposal_id", ID, nullable=False, index=True),
    *_words("department", "at"),
    *_texts("by", "text"),
)
DOCUMENTS = _layer(
    "document",
    Column("proposal_id", ID, nullable=False, index=True),
    *_words("at"),
    *_texts("by", "title", "link"),
)

TARGETS = _layer(
    "target",
    *_texts("workspace", "area", "note", "created_by"),
    *_words("kind", "group", "level", "measure", "created_at", "changed_at"),
    *(Column(name, Float, nullable=False) for name in ("share", "step", "reached")),
    *(Column(name, Integer, nullable=False) for name in ("year", "years")),
)
LIMITS = _layer(
    "limit",
    *_texts("workspace", "currency", "note", "created_by"),
    *_words("department", "created_at", "changed_at"),
    Column("year", Integer, nullable=False),
    Column("amount", Float, nullable=False),
)

LAYERS: dict[str, Table] = {
    "proposal": PROPOSALS,
    "review": REVIEWS,
    "consultation": CONSULTATIONS,
    "comment": COMMENTS,
    "document": DOCUMENTS,
    "target": TARGETS,
    "limit": LIMITS,
}
"""What a plan holds, by the name under which the trail tells of it."""

CHILDREN = tuple(name for name, table in LAYERS.items() if "proposal_id" in table.columns)
"""Layers whose rows belong to a proposal."""
