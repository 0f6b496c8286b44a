"""A table that tells how each community grows: a rate a year, or its residents later."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np

from planner.arrays import F64
from planner.errors import Finding, InputError
from planner.sources.population.names import join
from planner.sources.population.tables import codes_of, rows_of, texts_of
from planner.sources.tables import figures
from planner.sources.tables.frames import Frame
from planner.sources.tables.numbers import is_blank, number
from planner.sources.tables.set_aside import Allowance, rows_told


def read_growth(
    path: str | Path | Frame, communities: gpd.GeoDataFrame
) -> tuple[F64, F64, list[Finding]]:
    """Read a rate a year, and the residents later, of each community.

    A rate is read as percent where its header or cell has a sign of percent or it is above 0.5,
    else as a share.

    Returns
    -------
    Rates (c,) and residents (c,), NaN where the table does not tell, and what was found.

    Raises
    ------
    InputError
        ``population.no_growth`` where it has neither, ``population.none_joins``,
        ``population.bad_cell``.
    """
    table, mapping, aside, findings = rows_of(path, None, None, Allowance())
    if not {"growth", "population"} & set(table.columns):
        raise InputError("population.no_growth", file=aside.file)
    codes, notes = codes_of(table, aside)
    names = texts_of(table, "name")
    joined = join(codes.tolist(), names, texts_of(table, "subdistrict"), communities)
    at = joined.community
    if not (at >= 0).any():
        raise InputError(
            "population.none_joins",
            file=aside.file,
            rows=len(table),
            names=rows_told((names if any(names) else codes.tolist())[:5]),
            communities=rows_told(communities["name"].tolist()[:5]),
        )
    rates, later = np.full((2, len(communities)), np.nan)
    if "growth" in table:
        header = mapping.header_of("growth")
        rates[at[at >= 0]] = _rates(table["growth"], header, aside.file)[at >= 0]
    if "population" in table:
        values, more = figures.figures(
            table["population"],
            "population",
            aside,
            header=mapping.header_of("population"),
            decimal=mapping.decimal,
        )
        later[at[at >= 0]] = values.to_numpy()[at >= 0]
        notes += more
    if (at < 0).any():
        left = {
            "file": aside.file,
            "count": int((at < 0).sum()),
            "rows": rows_told(table.index[at < 0].tolist()),
        }
        notes.append(Finding("population.growth_not_joined", left))
    return rates, later, [*findings, *notes, *aside.settle()]


def _rates(cells: object, header: str, file: str) -> F64:
    values = []
    for cell in cells:  # type: ignore[attr-defined]
        text = "" if is_blank(cell) else str(cell).strip()
        percent = text.endswith(("%", "％"))
        value = number(text[:-1] if percent else text) if text else np.nan
        if value is None:
            raise InputError("population.bad_cell", file=file, column=header, value=text)
        values.append(value / 100 if percent else value)
    found = np.array(values, dtype=np.float64)
    whole = "%" in header or "％" in header
    if whole or (np.abs(found[np.isfinite(found)]) > 0.5).any():
        found = found / 100
    return found
