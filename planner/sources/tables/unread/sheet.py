"""A table as it is looked through for columns that nobody reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from planner.errors import Finding


@dataclass(frozen=True)
class Sheet:
    """A table, and what of it is read.

    Parameters
    ----------
    layer
        The layer that the table becomes.
    body
        Cells under their headers.
    read
        Headers that have a meaning, or of which something else is told.
    file
        Its name.
    """

    layer: str
    body: pd.DataFrame
    read: Collection[str]
    file: str

    def columns(self) -> Iterator[tuple[str, pd.Series]]:
        """Yield the columns that nobody reads, by their headers."""
        for header in map(str, self.body.columns):
            if header not in self.read:
                yield header, self.body[header]

    def told(self, code: str, headers: Collection[str], **params: str) -> list[Finding]:
        """Tell of columns by their headers, nothing where there are none."""
        if not headers:
            return []
        return [Finding(code, {"file": self.file, **params, "columns": ", ".join(headers)})]
