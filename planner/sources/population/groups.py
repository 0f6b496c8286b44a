"""Groups of residents by a share of all, or by a column of counts or shares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64
from planner.errors import Finding, InputError
from planner.sources.tables.numbers import is_blank, number
from planner.sources.tables.set_aside import rows_told

Groups = Mapping[str, float | str]
"""By column of a group its share of all residents, 0–1, or the column that tells it."""

_SHARES = re.compile(r"%|％|占比|比例|比重|百分比|share|percent|proportion|ratio", re.IGNORECASE)


def parse_group(text: str) -> tuple[str, float | str]:
    """Return the group and its share or column of ``GROUP=SHARE`` or ``GROUP=COLUMN``.

    Raises
    ------
    InputError
        ``population.group_form`` where it is neither.

    Examples
    --------
    >>> parse_group("pop_60plus=18.6%"), parse_group("pop_0_14=0.15"), parse_group("pop_a=老人")
    (('pop_60plus', 0.186), ('pop_0_14', 0.15), ('pop_a', '老人'))
    """
    group, equals, value = (part.strip() for part in text.partition("="))
    if not (equals and group and value):
        raise InputError("population.group_form", value=text)
    plain = value.removesuffix("%").strip()
    share = number(plain)
    if share is None:
        return group, value
    return group, round(share / 100, 12) if value.endswith("%") else share


def parse_rate(text: str) -> float | Path:
    """Return a rate a year as a share, or the file that tells it.

    Examples
    --------
    >>> parse_rate("1.2%"), parse_rate("-0.005"), parse_rate("growth.csv").name
    (0.012, -0.005, 'growth.csv')
    """
    plain = text.strip()
    share = number(plain.removesuffix("%").strip())
    if share is None:
        return Path(plain)
    return round(share / 100, 12) if plain.endswith("%") else share


def add_groups(
    areas: gpd.GeoDataFrame, groups: Groups, columns: pd.DataFrame, file: str
) -> list[Finding]:
    """Add the columns of groups to areas, and tell what each is made of.

    Parameters
    ----------
    areas
        With ``population``; changed in place.
    groups
        Shares, or columns.
    columns
        What the file tells of each area, row by row as `areas`.
    file
        Its name.

    Raises
    ------
    InputError
        ``sources.no_column``, ``population.bad_cell`` for a cell that is no number of people or
        no share.
    """
    findings = []
    people = areas["population"].to_numpy(dtype=np.float64)
    for group, told in groups.items():
        params = {"file": file, "group": group}
        if not isinstance(told, str):
            areas[group] = people * told
            percent = round(100 * told, 3)
            findings.append(Finding("population.group_by_share", {**params, "percent": percent}))
            continue
        if told not in columns:
            present = rows_told([str(c) for c in columns.columns if str(c) != "geometry"])
            raise InputError("sources.no_column", file=file, column=told, present=present)
        values = _numbers(columns[told], file, told)
        shares = _SHARES.search(told) is not None
        known = values[np.isfinite(values)]
        if shares:
            values = values / 100 if (known > 1).any() or "%" in told else values
            if (values > 1).any():
                worst = float(np.nanmax(values) * 100)
                raise InputError("population.bad_cell", file=file, column=told, value=worst)
        areas[group] = people * values if shares else values
        code = "population.group_by_share_column" if shares else "population.group_by_column"
        findings.append(Finding(code, {**params, "column": told}))
        more = areas[group].to_numpy(dtype=np.float64) > people
        if more.any():
            names = rows_told(areas["name"][more].tolist())
            told_of = {**params, "count": int(more.sum()), "names": names}
            findings.append(Finding("population.group_exceeds", told_of))
    return findings


def _numbers(cells: pd.Series, file: str, column: str) -> F64:
    result = np.full(len(cells), np.nan)
    for place, cell in enumerate(cells):
        text = "" if is_blank(cell) else str(cell).strip()
        if not text:
            continue
        percent = text.endswith(("%", "％"))
        value = number(text[:-1] if percent else text)
        if value is None or value < 0:
            raise InputError("population.bad_cell", file=file, column=column, value=text)
        result[place] = value
    return result
