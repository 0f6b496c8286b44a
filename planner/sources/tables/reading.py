"""What reading one layer of a file gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from planner.district import Source
from planner.errors import Finding, InputError
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import RowSetAside
from planner.sources.tables.words.kinds import WordKind
from planner.sources.tables.words.states import StateWord


@dataclass(frozen=True, eq=False)
class Reading:
    """A layer as read and mended.

    Parameters
    ----------
    table
        The layer, with the columns of :data:`planner.district.LAYERS` that the file has and all
        others of the file unchanged.
    source
        Where it came from.
    findings
        What was mended or guessed, and what was left out.
    mapping
        How the file was read; it can be changed, kept, and given to the reader again.
    set_aside
        The rows that did not fit.
    words
        What the words of a facility list were taken for, with counts.
    states
        What other words of the file mean, such as those of status and ownership, with counts.
    key
        What the list is called where a layer comes in several, see
        :mod:`planner.sources.files.lists`; else empty.
    datum_known
        Whether the datum of the coordinates was said or lies in their CRS; where not, see
        :mod:`planner.sources.datums.settling`.
    left_out
        Lines of a street file on which nobody walks, in the CRS of the table; ``code`` is that of
        the finding that tells whom it concerns, ``wall`` whether they stop people.
    rows
        Of each row of the table the row of the file, as its user counts; empty where not known.
    """

    table: gpd.GeoDataFrame
    source: Source
    findings: tuple[Finding, ...] = ()
    mapping: TableMapping | None = None
    set_aside: tuple[RowSetAside, ...] = ()
    words: tuple[WordKind, ...] = ()
    states: tuple[StateWord, ...] = ()
    datum_known: bool = True
    key: str = ""
    left_out: gpd.GeoDataFrame | None = None
    rows: tuple[Any, ...] = ()

    @property
    def called(self) -> str:
        """Its key, else its layer."""
        return self.key or self.source.layer


def refuse_tables(**given: object) -> None:
    """Refuse what is no file: a table in memory is not read here.

    Raises
    ------
    InputError
        Names the parameter and what was given.
    """
    for option, value in given.items():
        several = value if isinstance(value, list | tuple) else [value]
        if value is not None and not all(isinstance(each, str | Path) for each in several):
            raise InputError("sources.not_a_path", option=option, found=type(value).__name__)
