"""What a newer file would change in a layer of a workspace, before it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd

from planner.district import District
from planner.district.corrections.corrections import Corrections
from planner.errors import Finding
from planner.sources.tables.reading import Reading

Mode = Literal["append", "replace"]

UPDATED = ("facilities", "demand", "communities", "candidates", "barriers", "gates", "streets")
"""Layers that can be brought up to date."""


@dataclass(frozen=True)
class Figure:
    """A figure of a layer before and after.

    Parameters
    ----------
    name
        ``"rows"``; a kind of facility, whose facilities in use are counted, corrections applied; or
        a column of ``demand`` that counts people, whose sum it is.
    before, after
        Of the workspace as it is, and as it would be; NaN where there is none.
    """

    name: str
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class LayerChange:
    """A newer file of a layer held against the workspace; nothing is written yet.

    Parameters
    ----------
    workspace
        The workspace.
    layer
        Name of the layer.
    mode
        ``"replace"``: rows that the file does not list go; ``"append"``: none goes and none
        changes, rows that are there already are left as they are.
    new
        Rows of the file that are none of the layer: ``row`` of the file as its user counts (text),
        ``id`` that it gets, and the columns read.
    gone
        Rows of the layer that the file does not list and that go, as the workspace has them; not
        those of facilities that were added by hand and stay as they were entered.
    changed
        A line for each value that differs in a row of both: ``id``, ``name``, ``row``, ``how`` it
        was matched, ``column``, ``old``, ``new``, ``metres`` moved (of ``geometry``, else NaN), and
        the place in the file. In mode ``"append"`` these are told, and not taken.
    matched
        Rows of both: ``id``, ``name``, ``row``, ``how`` (``"id"``, ``"equal"``, ``"name"``,
        ``"place"``, ``"said"``) and ``metres`` between them.
    undecided
        Rows of the file of which somebody has to say which they are: ``row``, ``name``, ``kind``,
        ``why``, and ``others``, the ids that they may be, joined by ``"; "``.
    names
        Name by id of the rows that ``others`` holds.
    added
        Ids of facilities that were added by hand or by the joint plan, or whose kind was corrected:
        of these can be said that the list goes before.
    kept
        How many values only the workspace has, which stay, by column.
    figures
        Counts by kind, or sums, before and after.
    corrections
        Corrections by hand: ``id``, ``name`` and ``state``: ``"kept"``; ``"lost"``, its facility is
        gone; ``"listed"``, the file has a facility that was added by hand; ``"as_listed"``, it has
        one and goes before what was entered, as of one that was corrected; ``"gone"``, it has one
        of these no more, so that it goes; ``"unlisted"``, it has one no more of which what was
        entered goes before, so that it stays; ``"done"``, the file has no facility any more that
        was removed by hand; ``"other"``, its facility differs so much now that the correction is
        not applied.
    reading
        How the file was read, with rows set aside.
    findings
        What must be known before it is taken, beside those of the reading.
    other_kinds
        Kinds of facilities of the workspace that the file does not list, where it replaces.
    keep_other_kinds
        Whether these stay.
    after
        The district as it would be, without corrections.
    written
        Layers that differ then: homes too, where communities change to which they belong, and
        streets, where gates or barriers change at which they are cut.
    version
        Sign of the workspace that it was held against.
    corrections_sign
        Sign of the corrections that it was held against.
    corrections_then
        The corrections with what was decided of facilities that were added by hand.
    columns_change
        Whether a column with values comes or goes.
    records_change
        Whether it changes who tells of kinds of facility, since when, or that all are listed.
    replaced
        Files of which no row of the layer stays: what was set aside of them is of no more use.
    """

    workspace: Path
    layer: str
    mode: Mode
    new: gpd.GeoDataFrame
    gone: gpd.GeoDataFrame
    changed: gpd.GeoDataFrame
    matched: pd.DataFrame
    undecided: pd.DataFrame
    names: Mapping[str, str]
    added: tuple[str, ...]
    kept: Mapping[str, int]
    figures: tuple[Figure, ...]
    corrections: pd.DataFrame
    reading: Reading
    findings: tuple[Finding, ...]
    other_kinds: tuple[str, ...]
    keep_other_kinds: bool
    after: District
    written: tuple[str, ...]
    version: str
    corrections_sign: str
    corrections_then: Corrections
    columns_change: bool
    records_change: bool
    replaced: tuple[str, ...] = ()

    @property
    def unchanged(self) -> int:
        """How many rows are in both and the same in every column."""
        return len(self.matched) - self.changed_rows

    @property
    def changed_rows(self) -> int:
        """How many rows of both differ in some column."""
        return int(self.changed["id"].nunique())

    @property
    def to_decide(self) -> int:
        """How many rows must be decided before it can be taken.

        Of layers other than facilities it makes no difference whether a row is one that was there,
        unless it would be doubled.
        """
        needed = self.layer == "facilities" or self.mode == "append"
        return len(self.undecided) if needed else 0

    @property
    def changes_nothing(self) -> bool:
        """Whether taking it would leave the workspace as it is."""
        return not (self.layers_change or self.records_change)

    @property
    def layers_change(self) -> bool:
        """Whether taking it would change rows or columns."""
        changed = self.mode == "replace" and (len(self.changed) or self.columns_change)
        changed = changed or "unlisted" in set(self.corrections["state"])
        return bool(len(self.new) or len(self.gone) or changed or len(self.written) > 1)

    def counts(self) -> dict[str, int]:
        """Return how many rows are new, gone, changed, unchanged and undecided."""
        return {
            "new": len(self.new),
            "gone": len(self.gone),
            "changed": self.changed_rows,
            "unchanged": self.unchanged,
            "undecided": len(self.undecided),
        }
