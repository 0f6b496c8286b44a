"""What the layers of a district hold that can hardly be so, though nothing forbids it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import I64, Bool
from planner.district.layers import GROUP_PREFIX, SPREAD_FROM, counts_nobody, group_columns
from planner.district.plausibility.ages import ages, odd_ages
from planner.district.plausibility.communities import (
    odd_communities,
    odd_scale,
    percent_of,
    told_first,
)
from planner.district.plausibility.density import odd_density
from planner.district.plausibility.facilities import (
    contradicting,
    facilities_in_parts,
    odd_places,
    odd_services,
    on_borders,
    services_at_hours,
)
from planner.district.plausibility.floors import floors_twice
from planner.district.plausibility.homes import (
    groups_of_zero,
    homes_in_parts,
    homes_of_zero,
    homes_twice,
    households_above,
    odd_homes,
)
from planner.district.plausibility.lengths import odd_lengths
from planner.district.plausibility.namesakes import namesakes, neighbours
from planner.district.plausibility.recounts import homes_recounted
from planner.district.plausibility.sites import NEVER_ZERO, far_sites, odd_orders, odd_zeros
from planner.district.plausibility.streets import odd_streets
from planner.district.plausibility.sums import odd_sums
from planner.errors import Finding

_QUOTING = {
    "tables.about_figures": ("value",),
    "tables.all_thousands": ("value",),
    "tables.maybe_thousands": ("value",),
    "sources.unknown_finding": ("values",),
    "district.group_control_total": ("demand", "control"),
}
"""Findings that quote figures of the file or add up a group, and in which parameters."""

MOST = {
    "demand": {"population": 100_000.0},
    "facilities": {"floor_area_m2": 1e6, "capacity": 1e5, "capacity_residents": 1e6},
}
"""Figures of one home or facility above which something else stands in the column: no point of
demand is a town of 100,000, no community facility has a square kilometre of floor."""

LEAST_WEIGHT = 1000.0
"""Estimated demand of a district below which tables round too much of it away."""

_NO_DATA = (9_999.0, 32_767.0, 65_535.0, 99_999.0)
"""Figures by which grids and tables say that they know nothing; what is larger is told anyway."""

_FEWEST = 5
"""Homes of which a column must tell before its figures are called shares."""


def implausible(
    layers: Mapping[str, gpd.GeoDataFrame], changed: Collection[str] | None = None
) -> list[Finding]:
    """Return what a person should look at in layers that are checked already.

    Groups of more than all the people of a home, figures that nothing can have, rows that are the
    same but for their id, communities that overlap or name no subdistrict, and walked lengths that
    do not fit the lines.

    Parameters
    ----------
    layers
        GeoDataFrame by layer name, as of
        :func:`planner.district.validation.layers.check_layers`.
    changed
        Only what is found in these layers, or in others beside them; all where none are given.
    """
    asked = _CHECKS if changed is None else [each for each in _CHECKS if each.reads & set(changed)]
    return [finding for check in asked for finding in check.tell(layers)]


def implausible_codes(changed: Iterable[str]) -> frozenset[str]:
    """Return the codes of what may be found anew once these layers change."""
    names = set(changed)
    return frozenset(code for each in _CHECKS if each.reads & names for code in each.codes)


def without_figures(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings without what was made of exact counts, or quotes them.

    Where small counts are withheld, these findings would tell them: that two homes are equal in
    every column, that a group has more people than the home has. They are to be made anew of the
    layers that are shown.

    Parameters
    ----------
    findings
        What was found of layers with all counts, and while they were read.
    """
    return [
        replace(each, params={**each.params, **dict.fromkeys(_QUOTING[each.code], "…")})
        if each.code in _QUOTING
        else each
        for each in findings
        if each.code not in IMPLAUSIBLE
    ]


def groups_exceeding(demand: gpd.GeoDataFrame) -> Iterator[tuple[Finding, Bool]]:
    """Yield for each group what to tell of homes of which it has more people than all together.

    Parameters
    ----------
    demand
        Layer ``demand``.

    Yields
    ------
    The finding, and whether each home is such a one, bool (n,).
    """
    total, *groups = group_columns(list(demand.columns))
    if total != "population":
        return
    for group in groups:
        if not group.startswith(GROUP_PREFIX):
            continue
        # a rounded share of a rounded total may pass it by less than one person
        more = demand[group] > demand[total] + 1.0
        if more.any():
            params = {
                "column": group,
                "count": int(more.sum()),
                "ids": told_first(demand.loc[more, "demand_id"]),
            }
            yield Finding("district.group_exceeds", params), more.to_numpy(dtype=bool)


def _ages_exceeding(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of homes with more people in ages that exclude one another than in all.

    No group of them alone needs to have more: six of ten under 15 and six over 64 are two too many.
    """
    total, *groups = group_columns(list(demand.columns))
    bands = sorted((band for band in map(ages, groups) if band), key=lambda band: band[1])
    if total != "population" or len(bands) < 2:
        return
    # the most people in ages that do not overlap, of the first so many by their upper ends
    most = [np.zeros(len(demand))]
    single = np.zeros(len(demand), dtype=bool)
    people = demand[total].to_numpy(dtype=np.float64)
    for first, _, column in bands:
        here = demand[column].to_numpy(dtype=np.float64, na_value=np.nan)
        single |= here > people + 1.0
        below = sum(last < first for _, last, _ in bands[: len(most) - 1])
        most.append(np.fmax(most[-1], most[below] + np.nan_to_num(here)))
    # each may be rounded by less than one person; what one group has too many is told of it
    more = (most[-1] > people + len(bands)) & ~single
    if more.any():
        names = ", ".join(column for *_, column in sorted(bands))
        params = {"columns": names, "count": int(more.sum())}
        yield Finding(
            "district.ages_exceed", {**params, "ids": told_first(demand.loc[more, "demand_id"])}
        )


def _too_large(layers: Mapping[str, gpd.GeoDataFrame]) -> Iterator[Finding]:
    """Tell of figures that are a telephone number, or belong to another column."""
    for layer, limits in MOST.items():
        table = layers[layer]
        key = "demand_id" if layer == "demand" else "facility_id"
        for column, most in limits.items():
            if column not in table:
                continue
            more = (table[column] > most).to_numpy(dtype=bool)
            if more.any():
                params = {
                    "layer": layer,
                    "column": column,
                    "count": int(more.sum()),
                    "most": int(most),
                    "ids": told_first(table.loc[more, key]),
                }
                yield Finding("district.figures_too_large", params)


def _small_weights(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of estimated demand so small that whole units of it, which tables tell, are nothing."""
    column = group_columns(list(demand.columns))[0]
    if column == "population":
        return
    total = float(demand[column].sum())
    if 0 < total < LEAST_WEIGHT:
        times = 10 ** math.ceil(math.log10(LEAST_WEIGHT / total))
        yield Finding("district.small_weights", {"total": f"{total:g}", "times": f"{times:,}"})


def same_rows(table: gpd.GeoDataFrame, key: str) -> tuple[Bool, I64]:
    """Return which rows repeat an earlier one in place and every column but their id.

    Parameters
    ----------
    table
        A layer of points.
    key
        Its column of ids.

    Returns
    -------
    Whether each row repeats another, bool (n,), and the first row that it equals, int64 (n,).
    """
    places = [table.geometry.x.round(2), table.geometry.y.round(2)]
    first = np.arange(len(table), dtype=np.int64)
    # few stand at one place: only those are compared in all their columns
    beside = np.flatnonzero(pd.DataFrame({"x": places[0], "y": places[1]}).duplicated(keep=False))
    alike = np.zeros(len(beside), dtype=np.int64)
    named = (table[name] for name in table if name not in ("geometry", key))
    for column in (*places, *named):
        if not beside.size:
            break
        if _numbers_rows(column):
            continue
        texts = zip(alike.tolist(), _as_texts(column.iloc[beside]), strict=True)
        alike, _ = pd.factorize(np.fromiter(texts, dtype=object, count=len(beside)))
        # fewer are alike in each further column, mostly none
        again = np.bincount(alike)[alike] > 1
        beside, alike = beside[again], alike[again]
    _, start, alike = np.unique(alike, return_index=True, return_inverse=True)
    first[beside] = beside[start][alike]
    return first != np.arange(len(table)), first


def _as_texts(values: pd.Series) -> list[str | None]:
    """Return values as they are written, None for what is missing."""
    texts: list[str | None] = values.astype(str).astype(object).where(values.notna(), None).tolist()
    return texts


def _nines(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of homes whose figure is rather the sign of a grid or a table for no data."""
    total = group_columns(list(demand.columns))[0]
    odd = demand[total].isin(_NO_DATA)
    if odd.any():
        params = {
            "count": int(odd.sum()),
            "value": round(float(demand.loc[odd, total].iloc[0])),
            "percent": percent_of(demand[total], odd.to_numpy(dtype=bool)),
            "ids": told_first(demand.loc[odd, "demand_id"]),
        }
        yield Finding("district.no_data_numbers", params)


def _shares_for_counts(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of groups whose figures are rather shares of the people of a home than their number.

    Counts of a home are whole, or pass one somewhere; what was spread over homes is told elsewhere.
    """
    total, *groups = group_columns(list(demand.columns))
    if total != "population" or SPREAD_FROM in demand or len(demand) < _FEWEST:
        return
    people = demand[total].to_numpy(dtype=np.float64)
    if np.median(people) < 2.0:
        return
    for group in groups:
        own = demand[group].dropna().to_numpy(dtype=np.float64)
        if not len(own) or own.max() > 1.0:
            continue
        if (own % 1.0 > 0).mean() > 0.5:
            params = {"column": group, "sum": round(float(own.sum()), 1), "count": len(own)}
            yield Finding("district.group_of_shares", params)


def _shares_by_name(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell which columns are named as a group's and hold shares or measures: they count nobody."""
    named = [name for name in map(str, demand.columns) if name.startswith(GROUP_PREFIX)]
    if others := [name for name in named if counts_nobody(name)]:
        params = {"columns": ", ".join(others), "count": len(others)}
        yield Finding("district.shares_not_counted", params)


def _same(table: gpd.GeoDataFrame, key: str, code: str) -> Iterator[Finding]:
    """Tell of rows that are the same in place and in every column but their id."""
    if table.empty:
        return
    twice, _ = same_rows(table, key)
    if twice.any():
        params = {"count": int(twice.sum()), "ids": told_first(table.loc[twice, key])}
        if key == "demand_id":
            total = group_columns(list(table.columns))[0]
            params["percent"] = percent_of(table[total], twice)
        yield Finding(code, params)


def _numbers_rows(column: pd.Series) -> bool:
    """Whether a column only counts the rows, as a file's own row number does."""
    return len(column) > 1 and pd.api.types.is_integer_dtype(column) and column.is_unique


@dataclass(frozen=True)
class _Check:
    """A look at some layers.

    Parameters
    ----------
    reads
        The layers.
    codes
        Of what it may find.
    tell
        Tells what it finds in all layers of a district.
    """

    reads: frozenset[str]
    codes: tuple[str, ...]
    tell: Callable[[Mapping[str, gpd.GeoDataFrame]], Iterable[Finding]]


def _of(reads: str, codes: str, tell: Callable[..., Iterable[Finding]]) -> _Check:
    """Return a check that is given the tables of the layers that it reads, in their order."""
    names = reads.split()
    full = tuple(f"district.{code}" for code in codes.split())
    return _Check(frozenset(names), full, lambda layers: tell(*(layers[each] for each in names)))


_CHECKS = (
    _of("demand", "group_exceeds", lambda demand: [found for found, _ in groups_exceeding(demand)]),
    _of("demand", "ages_exceed", _ages_exceeding),
    _of("demand", "ages_all ages_hardly_any ages_nested ages_nested_sums", odd_ages),
    _of(
        "streets",
        "fast_by_name layers_of_drawing slopes_of_shares slopes_too_steep widths_too_large",
        odd_streets,
    ),
    _of("communities", "crs_scale", odd_scale),
    _of("communities facilities", "facilities_at_centres", odd_places),
    _of("communities facilities", "facilities_on_borders", on_borders),
    _of("facilities", "services_suspended", odd_services),
    _of("facilities", "services_at_hours", services_at_hours),
    _of("demand", "group_of_shares", _shares_for_counts),
    _of("demand", "shares_not_counted", _shares_by_name),
    _of("demand", "same_homes", partial(_same, key="demand_id", code="district.same_homes")),
    _of(
        "facilities",
        "same_facilities",
        partial(_same, key="facility_id", code="district.same_facilities"),
    ),
    _of(
        "communities demand",
        "households_odd communities_overlap community_names other_community without_subdistrict"
        " same_subdistricts",
        odd_communities,
    ),
    _of("communities demand", "too_dense communities_too_dense", odd_density),
    _of("streets", "length_below_drawn length_far_above length_scaled", odd_lengths),
    _Check(frozenset(MOST), ("district.figures_too_large",), _too_large),
    _Check(frozenset(NEVER_ZERO), ("district.figures_of_zero",), odd_zeros),
    _Check(frozenset({"communities", "candidates"}), ("district.candidates_outside",), far_sites),
    _Check(frozenset({"candidates"}), ("district.required_and_forbidden",), odd_orders),
    _of("demand", "sums_beside_parts", odd_sums),
    _of("demand", "no_data_numbers", _nines),
    _of("demand", "homes_in_parts", homes_in_parts),
    _of("demand", "homes_twice", homes_twice),
    _of("demand", "homes_recounted", homes_recounted),
    _of("demand", "homes_of_zero homes_of_zero_but", homes_of_zero),
    _of("demand", "households_above", households_above),
    _of("demand communities", "groups_of_zero", groups_of_zero),
    _of("facilities", "facilities_in_parts", facilities_in_parts),
    _of("facilities", "facilities_contradict", contradicting),
    _of("facilities", "facilities_apart", namesakes),
    _of("facilities", "facilities_near", neighbours),
    _of("facilities", "floor_area_twice floor_area_twice_usual", floors_twice),
    _of("demand", "homes_below_one homes_far_above", odd_homes),
    _of("demand", "small_weights", _small_weights),
)

IMPLAUSIBLE = frozenset(code for each in _CHECKS for code in each.codes)
"""Codes of the findings made here; they speak of the layers as they are now."""
