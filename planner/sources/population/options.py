"""What is known of the residents of an import where they are no points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from planner.district.layers import GROUP_PREFIX
from planner.errors import InputError

FIRST_YEAR, LAST_YEAR = 1900, 2200

MOST_YEARS = 100
"""Over more years nobody carries residents on: one of the two is a slip."""

FILES = ("totals", "cells", "raster", "homes", "growth")
"""Files that tell of residents who are no points."""


@dataclass(frozen=True)
class Residents:
    """Where the residents of an import come from, and what they are spread over.

    At most one of `totals`, `cells` and `raster` is given; without any the communities' own column
    ``population`` (人口) counts.

    Parameters
    ----------
    totals
        Table with a row for each community: its code or name, its residents and groups.
    cells
        Grid: areas, or points that are the middles of cells, with residents and groups.
    raster
        GeoTIFF of residents by pixel, such as those of WorldPop.
    homes
        Outlines of buildings to spread them over; those of the extract, else residential streets,
        where none are given.
    groups
        By column of a group (``pop_60plus``) its share of all residents, 0–1, or the name of the
        column of `totals` or `cells` that counts it, or that tells its share where its name or
        figures say so.
    year
        Year that the figures are of.
    growth
        Change a year: one rate (0.01 is 1 %), rates by id of the community, or a table with a rate
        (``增长率``), or the residents of `to_year`, for each community.
    to_year
        Later year that the residents are carried on to.

    Raises
    ------
    InputError
        ``population.two_sources``, ``population.bad_share``, ``population.bad_group``,
        ``population.bad_year``, ``population.growth_without_years``, and as :func:`check_years`.
    """

    totals: Any = None
    cells: Any = None
    raster: str | Path | None = None
    homes: Any = None
    groups: Mapping[str, float | str] = field(default_factory=dict)
    year: int | None = None
    growth: Any = None
    to_year: int | None = None

    @property
    def given(self) -> list[str]:
        """Names of what is said; ``population`` where the communities' own column counts."""
        said = []
        for name in (each.name for each in fields(self)):
            value = getattr(self, name)
            if value is not None and not (name == "groups" and not value):
                said.append(name)
        return said or ["population"]

    def __post_init__(self) -> None:
        given = [name for name in ("totals", "cells", "raster") if getattr(self, name) is not None]
        if len(given) > 1:
            raise InputError("population.two_sources", first=given[0], second=given[1])
        for group, value in self.groups.items():
            if not group.startswith(GROUP_PREFIX) or group == GROUP_PREFIX:
                raise InputError("population.bad_group", group=group, prefix=GROUP_PREFIX)
            if not isinstance(value, str) and not 0 <= value <= 1:
                raise InputError("population.bad_share", group=group, value=value)
        for year in (self.year, self.to_year):
            if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
                raise InputError("population.bad_year", value=year)
        if (self.growth is None) != (self.to_year is None) or (
            self.to_year is not None and self.year is None
        ):
            raise InputError("population.growth_without_years")
        if self.year is not None and self.to_year is not None:
            check_years(self.year, self.to_year)


def check_years(year: int, to_year: int) -> None:
    """Refuse to carry residents on to a year before their own, or beyond what can be meant.

    Raises
    ------
    InputError
        ``population.year_order``, ``population.year_too_far``.
    """
    if to_year <= year:
        raise InputError("population.year_order", year=year, to_year=to_year)
    if to_year - year > MOST_YEARS:
        raise InputError("population.year_too_far", year=year, to_year=to_year, most=MOST_YEARS)


def residents_of(files: Mapping[str, Any], said: Mapping[str, Any]) -> Residents | None:
    """Return what files and a person tell of residents who are no points; None where neither does.

    Parameters
    ----------
    files
        Of which those of :data:`FILES` count.
    said
        Other fields of :class:`Residents`; a file of growth counts before a rate.

    Examples
    --------
    >>> residents_of({"streets": "a.gpkg"}, {"year": None, "groups": {}}) is None
    True
    >>> residents_of({"totals": "a.csv"}, {"year": 2024}).year
    2024
    """
    told = {name: value for name, value in said.items() if value not in (None, {}, "")}
    told |= {name: files[name] for name in FILES if name in files}
    return Residents(**told) if told else None
