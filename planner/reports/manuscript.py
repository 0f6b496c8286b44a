"""What a report tells, before it is written in a form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from planner.reports.content import Figure, Form, Part, Table
from planner.views.words.labels import Labels

_CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True)
class Manuscript:
    """The title, the parts and the fields of a report.

    Parameters
    ----------
    title
        Its title.
    parts
        In their order.
    form
        Fields of the papers of a bureau.
    labels
        The language, and what is counted.
    at
        When it was made; nothing else tells a time.
    remarks
        What stands below the title: made-up data, estimates.
    """

    title: str
    parts: tuple[Part, ...]
    form: Form
    labels: Labels
    at: dt.datetime
    remarks: tuple[str, ...] = ()

    def headings(self) -> list[str]:
        """Return the headings of the parts with their numbers, as the language counts."""
        if self.labels.language == "zh":
            return [f"{_CHINESE[n]}、{part.heading}" for n, part in enumerate(self.parts)]
        return [f"{n}. {part.heading}" for n, part in enumerate(self.parts, start=1)]

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Yield the tables with their captions, numbered where documents show them."""
        number = 0
        for part in self.parts:
            for table in part.tables():
                number += table.in_documents
                code = "reports.table" if table.in_documents else "reports.unnumbered"
                yield (
                    self.labels.message(code, number=number, caption=table.caption),
                    table,
                )

    def figures(self) -> Iterator[Figure]:
        """Yield the maps and charts."""
        for part in self.parts:
            yield from (block for block in part.blocks if isinstance(block, Figure))
