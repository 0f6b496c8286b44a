"""Words of streets, as bureaux write them; the words are data."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def street_words() -> dict[str, dict[str, list[str]]]:
    """Return the words of ``streets.toml``: by table, and what they mean there."""
    path = Path(__file__).parent / "streets.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
