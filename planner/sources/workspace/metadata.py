"""The tables of a workspace beside its layers, and how values are kept in them."""

from __future__ import annotations

import json

import numpy as np

SCHEMA_VERSION = 2
"""Rises when an older program could no longer read the file rightly."""

METADATA_TABLE = "planner_metadata"
PROVENANCE_TABLE = "provenance"


def as_json(value: object) -> str:
    """Return a value as JSON; what JSON has no word for becomes a text."""

    def plain(other: object) -> object:
        return other.item() if isinstance(other, np.generic) else str(other)

    return json.dumps(value, ensure_ascii=False, default=plain)
