"""A table that tells how each community grows: a rate a year, or its residents later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64
from planner.errors import Finding, InputError
from planner.sources.population.groups import STEEP
from planner.sources.population.names import Joined
from planner.sources.population.signs import signed_numbers
from planner.sources.population.tables import (
    codes_of,
    joined_rows,
    names_against_codes,
    none_joins,
    rows_of,
)
from planner.sources.tables.frames import Frame
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import Allowance, RowSetAside, rows_told
from planner.sources.tables.values import figures

_PERIOD = re.compile(
    r"\d{4}\s*年?\s*[-–—~～至到]\s*\d{2,4}|(?<!\d)(?:[二两三四五六七八九十]|[2-9]|1\d|20)\s*年(?!均|度|平均)|累计|总增|月|季|"
    r"cumul|\btotal\b|\bmonth|\bquarter|\b\d+[ -]?(?:years?|yrs?|a)\b",
    re.I,
)
"""Headers of rates that are none of a year: of several years together, or of a part of one."""


@dataclass(frozen=True, eq=False)
class GrowthTable:
    """How communities grow, as a table tells it.

    Parameters
    ----------
    rates, later
        Rates a year as shares (c,), and residents of the later year (c,); NaN where the table does
        not tell.
    mapping
        How the table was read.
    findings
        What was found.
    set_aside
        The rows that did not fit.
    """

    rates: F64
    later: F64
    mapping: TableMapping
    findings: tuple[Finding, ...]
    set_aside: tuple[RowSetAside, ...]


def read_growth(
    path: str | Path | Frame,
    communities: gpd.GeoDataFrame,
    *,
    layer: str | None = None,
    mapping: TableMapping | None = None,
    allowance: Allowance | None = None,
    community_names: Mapping[str, str] | None = None,
    **_of_places: Any,
) -> GrowthTable:
    """Read a rate a year, and the residents later, of each community.

    A rate is read as percent or per mille where its cell, else its header, has the sign. Without
    one the rates are percent where any is above 0.5, else shares; shares above 0.1 are refused,
    since they may be either. Of several rows of a community the surest joined counts.

    Parameters
    ----------
    path
        A table, workbook, or map layer whose shapes do not matter.
    communities
        With ``community_id``, ``name`` and ``subdistrict``.
    layer, mapping, allowance
        As of :func:`planner.sources.files.rows.read_rows`.
    community_names
        Which community a row is, as a person said; see ``said`` of
        :func:`planner.sources.population.names.join`.

    Raises
    ------
    InputError
        ``population.no_growth`` where it has neither, ``population.none_joins``,
        ``population.bad_cell``, ``population.rate_unclear``, ``population.growth_twice`` where two
        rows of a community differ.
    """
    table, mapping, aside, findings = rows_of(path, layer, mapping, allowance or Allowance())
    if not {"growth", "population"} & set(table.columns):
        raise InputError("population.no_growth", file=aside.file)
    codes, notes = codes_of(table, aside)
    names, joined, mapping = joined_rows(table, codes, communities, mapping, community_names)
    notes += names_against_codes(table, names, joined, communities, aside.file)
    at = joined.community
    if not (at >= 0).any():
        raise none_joins(aside.file, names, codes, communities)
    fits = joined.counts()
    rates, later = np.full((2, len(communities)), np.nan)
    if "growth" in table:
        header = mapping.header_of("growth")
        read = _rates(table["growth"], header, aside.file)
        _once(read, joined, table, communities, aside.file)
        rates[at[fits]] = read[fits]
        known = rates[np.isfinite(rates)]
        if len(known):
            least, most = (round(100 * float(rate), 3) for rate in (known.min(), known.max()))
            params = {"file": aside.file, "least": least, "most": most}
            notes.append(Finding("population.growth_rates", params))
    if "population" in table:
        values, more = figures.figures(
            table["population"],
            "population",
            aside,
            header=mapping.header_of("population"),
            decimal=mapping.decimal,
        )
        read = values.to_numpy(dtype=np.float64)
        _once(read, joined, table, communities, aside.file)
        later[at[fits]] = read[fits]
        notes += more
    if (at < 0).any():
        left = {
            "file": aside.file,
            "count": int((at < 0).sum()),
            "rows": rows_told(table.index[at < 0].tolist()),
        }
        notes.append(Finding("population.growth_not_joined", left))
    told = (*findings, *notes, *aside.settle())
    return GrowthTable(rates, later, mapping, told, tuple(aside.rows))


def _once(
    read: F64, joined: Joined, table: pd.DataFrame, communities: gpd.GeoDataFrame, file: str
) -> None:
    """Refuse rows that tell a community twice, and not the same."""
    for row, first in joined.repeats():
        if joined.how[row] == joined.how[first] and not np.array_equal(
            read[row], read[first], equal_nan=True
        ):
            raise InputError(
                "population.growth_twice",
                file=file,
                name=communities["name"].iloc[int(joined.community[row])],
                rows=rows_told(table.index[[first, row]].tolist()),
            )


def _rates(cells: Iterable[object], header: str, file: str) -> F64:
    """Return rates a year as shares; a header that speaks of another time is refused.

    Examples
    --------
    >>> _rates(["1.2%", "0.8"], "增长率(%)", "a.csv").tolist()
    [0.012, 0.008]
    >>> _rates(["5.2"], "自然增长率(‰)", "a.csv").round(6).tolist()
    [0.0052]
    """
    if _PERIOD.search(header):
        raise InputError("population.rate_of_period", file=file, column=header)
    found = signed_numbers(cells, header)
    if found.bad:
        raise InputError("population.bad_cell", file=file, column=header, value=found.bad)
    plain = ~found.signed & np.isfinite(found.value)
    if (np.abs(found.value[plain]) > 0.5).any():
        return np.where(found.signed, found.value, found.value / 100)
    unclear = plain & (np.abs(found.value) > STEEP)
    if unclear.any():
        value = float(found.value[unclear][0])
        raise InputError("population.rate_unclear", file=file, column=header, value=value)
    return found.value
