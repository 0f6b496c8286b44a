"""Groups of residents by a share of all, or by a column of counts or shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64, Bool
from planner.district.layers import GROUP_PREFIX
from planner.errors import Finding, InputError
from planner.sources.population.signs import Signed, signed_numbers
from planner.sources.tables.set_aside import SetAside, rows_told
from planner.sources.tables.values import figures
from planner.sources.tables.values.numbers import number

Groups = Mapping[str, float | str]
"""By column of a group its share of all residents, 0–1, or the column that tells it."""

_ROUNDING = 0.5

STEEP = 0.1
"""A rate a year above this, told without a sign of percent, may be a share or percent."""

_SHARES = re.compile(
    r"%|％|﹪|‰|占比|比例|比重|百分比|比率|系数|率\s*(?:[(（\[]|$)|"
    r"(?<![a-z])(?i:shares?|percent(?:age)?|pct|proportion|ratio|rates?)(?![a-z])|"
    r"(?<=[a-z])(?:Share|Percent|Pct|Proportion|Ratio|Rate)(?![a-z])"
)
"""Headers of shares; "ratio" within "migration" is none."""


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

    Raises
    ------
    InputError
        ``population.rate_plain`` for a plain number that may be a share or percent.
    """
    plain = text.strip()
    share = number(plain.removesuffix("%").strip())
    if share is None:
        return Path(plain)
    if plain.endswith("%"):
        return round(share / 100, 12)
    if abs(share) > STEEP:
        raise InputError("population.rate_plain", value=plain)
    return share


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
        found = signed_numbers(columns[told], told)
        shares = np.full(len(areas), _SHARES.search(told) is not None) | found.signed
        if not shares.any():
            counts, notes = _counted(columns[told], group, told, file)
            areas[group] = counts
            findings += [*notes, Finding("population.group_by_column", {**params, "column": told})]
        else:
            values = _as_shares(found, shares, told, file)
            areas[group] = people * values
            known = np.isfinite(values) & np.isfinite(people)
            every = float(people[known].sum())
            part = round(100 * float((people * values)[known].sum()) / every, 3) if every else 0.0
            told_of = {**params, "column": told, "percent": part}
            findings.append(Finding("population.group_by_share_column", told_of))
    return findings


def groups_exceeding(areas: gpd.GeoDataFrame, file: str) -> Iterator[Finding]:
    """Tell of each group in which areas it counts more people than there are residents.

    Parameters
    ----------
    areas
        With ``name``, ``population`` and groups.
    file
        Where they were read.
    """
    people = areas["population"].to_numpy(dtype=np.float64)
    for group in areas.columns[areas.columns.str.startswith(GROUP_PREFIX)]:
        # a share of a whole number of people may be rounded
        more = areas[group].to_numpy(dtype=np.float64) > people + _ROUNDING
        if more.any():
            names = areas["name"].where(areas["name"] != "", areas["area_id"])
            told = rows_told(names[more].tolist())
            params = {"file": file, "group": group, "count": int(more.sum()), "names": told}
            yield Finding("population.group_exceeds", params)


def _as_shares(found: Signed, shares: Bool, column: str, file: str) -> F64:
    """Return shares, 0–1. Without a sign they are percent where any is above 1."""
    value = found.value
    plain = ~found.signed & np.isfinite(value)
    if (value[plain] > 1).any():
        value = np.where(found.signed, value, value / 100)
    wrong = (value < 0) | (value > 1)
    bad = found.bad or (f"{100 * float(value[wrong][0]):g}" if wrong.any() else "")
    if bad or (plain & ~shares).any():  # people among shares
        bad = bad or f"{float(found.value[plain & ~shares][0]):g}"
        raise InputError("population.bad_cell", file=file, column=column, value=bad)
    return value


def _counted(cells: pd.Series, group: str, column: str, file: str) -> tuple[F64, list[Finding]]:
    """Return the people that a column counts, in the unit that its header or cells tell."""
    aside = SetAside(file, headers={group: column})
    values, notes = figures.figures(
        cells.astype(object).where(cells.notna(), ""), group, aside, header=column
    )
    if aside.rows:
        value = aside.rows[0].value
        raise InputError("population.bad_cell", file=file, column=column, value=value)
    return values.to_numpy(dtype=np.float64), notes
