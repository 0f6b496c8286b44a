"""What is said beside the files, tables or extract that a district is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.district import Defaults, Kinds
from planner.sources.files.intake import Intake
from planner.sources.population.options import Residents


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What every import of a district is told.

    Parameters
    ----------
    facility_columns, crs, kinds, complete, join_streets, island_m, intake, residents
        As of :func:`planner.sources.from_files`.
    defaults
        Standard, benchmark and currency where nobody says otherwise.
    """

    facility_columns: Mapping[str, str] | None
    crs: Any
    kinds: Kinds
    complete: tuple[str, ...]
    join_streets: bool | float
    island_m: float | None
    intake: Intake
    residents: Residents | None
    defaults: Defaults


@dataclass(frozen=True, kw_only=True)
class FileOptions(ImportOptions):
    """What is said beside files or tables of one's own.

    Parameters
    ----------
    buffer_m, gate_words
        As of :func:`planner.sources.from_files`.
    """

    buffer_m: float
    gate_words: Mapping[str, bool] | None
