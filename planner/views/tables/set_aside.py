"""The rows of files that did not fit, as a table for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from planner.views.words.labels import Labels

COLUMNS = ("file", "layer", "row", "column", "value", "reason")


def set_aside_rows(
    rows: Iterable[Mapping[str, Any]],
    labels: Labels,
    sentence: Callable[[dict[str, Any]], str],
) -> pd.DataFrame:
    """Return rows set aside with headings: file, sheet or layer, row, column, value, reason.

    Parameters
    ----------
    rows
        As :func:`planner.sources.files.layers.row_described` has them.
    labels
        Words of the reader's language.
    sentence
        Puts a code with parameters into words.
    """
    told = [[*(str(row[name]) for name in COLUMNS[:-1]), sentence(row["reason"])] for row in rows]
    return pd.DataFrame(told, columns=[labels.message(f"cli.col_{name}") for name in COLUMNS])
