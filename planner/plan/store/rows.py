"""Rows of the plan as the store gives and takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = dict[str, Any]
"""A row by column, as a transaction changes it."""

SeenRow = Mapping[str, Any]
"""A row by column that is only read."""

SeenRows = Mapping[str, SeenRow]
"""Rows by id that are only read."""
