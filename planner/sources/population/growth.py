"""Residents carried on to a later year: by one rate, a rate for each community, or its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from pandas.api.types import is_numeric_dtype

from planner.arrays import F64, I64
from planner.district import District
from planner.district.layers import SPREAD_FROM, group_columns
from planner.errors import Finding, InputError
from planner.sources.population.apportioning import STEP, apportioned
from planner.sources.population.growth_tables import read_growth
from planner.sources.population.options import Residents, check_years
from planner.sources.population.totals import Totals
from planner.sources.tables.frames import Frame, frame
from planner.sources.tables.set_aside import rows_told

_LEAST, _MOST = -0.5, 0.5
"""A rate a year outside these is a slip: percent taken for a share, say."""
YEARS = 30
"""Residents carried on over more years are no projection any more; plans look no farther."""
STEEP = 0.1
"""No city changes by more than this a year for long; all of a district together."""
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_APART = 0.005
"""A rate is rounded: residents that it leads to are others from this share of them on."""


def factors(
    growth: Any, communities: gpd.GeoDataFrame, years: int, people: F64, **how: Any
) -> tuple[F64, list[Finding]]:
    """Return what each community's residents are multiplied with, (c,), and what was told of it.

    Parameters
    ----------
    growth
        One rate a year (0.01 is 1 %), rates by ``community_id``, or a table or file with a rate or
        the later residents of each community.
    communities
        With ``community_id`` and ``name``.
    years
        Years from the figures to the later year.
    people
        Residents of each community now, for tables that tell the later ones.
    how
        How a table is read, as of :func:`planner.sources.population.growth_tables.read_growth`.

    Raises
    ------
    InputError
        ``population.bad_rate``, ``population.rate_of_none``, and as
        :func:`planner.sources.population.growth_tables.read_growth`.
    """
    count = len(communities)
    if isinstance(growth, int | float):
        _check(float(growth), "")
        return np.full(count, (1.0 + float(growth)) ** years), []
    if isinstance(growth, Mapping):
        ids = communities["community_id"].tolist()
        for key, rate in growth.items():
            if key not in ids:
                raise InputError("population.rate_of_none", community=key)
            _check(float(rate), str(key))
        rates = np.array([float(growth.get(key, np.nan)) for key in ids])
        return _told(np.power(1.0 + rates, years), communities)
    given: str | Path | Frame = (
        growth if isinstance(growth, str | Path) else frame(growth, "totals")
    )
    table = read_growth(given, communities, **how)
    rates, later = table.rates, table.later
    for rate, key in zip(rates, communities["community_id"], strict=True):
        if np.isfinite(rate):
            _check(float(rate), str(key))
    with np.errstate(invalid="ignore", divide="ignore"):
        to_later = np.where(people > 0, later / people, np.nan)
    by_rate = np.power(1.0 + rates, years)
    found = np.where(np.isfinite(rates), by_rate, to_later)
    result, notes = _told(found, communities)
    notes += _against(by_rate * people, later, communities)
    return result, [*table.findings, *notes]


def _against(by_rate: F64, later: F64, communities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of a table whose rates, which are taken, do not lead to the residents that it tells."""
    apart = np.abs(by_rate - later) > np.maximum(_APART * later, 1.0)  # not where either is unknown
    if apart.any():
        params = {
            "count": int(apart.sum()),
            "names": rows_told(communities["name"][apart].tolist()),
            "by_rate": round(float(by_rate[apart].sum())),
            "later": round(float(later[apart].sum())),
        }
        yield Finding("population.growth_not_agreed", params)


def _check(rate: float, community: str) -> None:
    if not _LEAST <= rate <= _MOST:
        raise InputError("population.bad_rate", value=rate, community=community or "–")


def _elsewhere(growth: Any, years: int, people: F64) -> tuple[float, list[Finding]]:
    """Return what people in no community are multiplied with: by one rate for all, as everybody.

    By rates of communities nobody tells how they grow: they stay, and that is told.
    """
    if isinstance(growth, int | float):
        return (1.0 + float(growth)) ** years, []
    count = float(np.nansum(people))
    if count <= 0:
        return 1.0, []
    return 1.0, [Finding("population.grown_in_none", {"people": round(count)})]


def _told(found: F64, communities: gpd.GeoDataFrame) -> tuple[F64, list[Finding]]:
    """Return factors, 1 where none is known, which is told."""
    lacking = ~np.isfinite(found)
    if not lacking.any():
        return found, []
    names = rows_told(communities["name"][lacking].tolist())
    note = Finding("population.without_growth", {"count": int(lacking.sum()), "names": names})
    return np.where(lacking, 1.0, found), [note]


def grown_areas(
    totals: Totals, residents: Residents, communities: gpd.GeoDataFrame, **how: Any
) -> Totals:
    """Return the totals of the later year; those of a community are whole where they were.

    Totals by cell grow as the community that holds most of the cell's middle. They are not rounded
    to people: a cell of three would never grow. `how` is that of :func:`factors`.
    """
    if residents.to_year is None or residents.year is None:
        return totals if residents.year is None else _of_year(totals, residents.year)
    areas = totals.areas.copy()
    at = _community_of(areas, communities)
    people = np.bincount(
        at[at >= 0],
        np.nan_to_num(areas["population"].to_numpy(dtype=np.float64))[at >= 0],
        minlength=len(communities),
    ).astype(np.float64)
    years = residents.to_year - residents.year
    by_community, notes = factors(residents.growth, communities, years, people, **how)
    lone = areas["population"][at < 0].to_numpy(dtype=np.float64)
    elsewhere, more = _elsewhere(residents.growth, years, lone)
    notes += more
    factor = np.append(by_community, elsewhere)[at]
    before = float(np.nansum(areas["population"]))
    by_cell = not _are_communities(areas, communities)
    for column in totals.counted:
        now = areas[column].to_numpy(dtype=np.float64)
        later = now * factor
        whole = np.rint(later / STEP) * STEP if by_cell else np.rint(later)
        areas[column] = np.where(by_cell | (now == np.rint(now)), whole, later)
    after = float(np.nansum(areas["population"]))
    grown = _grown(residents.year, residents.to_year, before, after)
    findings = (*totals.findings, *notes, *grown)
    return replace(totals, areas=areas, findings=findings, growth=by_community)


def grown_communities(
    communities: gpd.GeoDataFrame, factor: F64, year: int, to_year: int
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return communities with their own counts carried on as their residents are, and what is told.

    Households grow with the residents: what a standard asks for each so many households would else
    be asked of the households of the first year. That each keeps its people is an assumption.

    Parameters
    ----------
    communities
        The layer.
    factor
        What the residents of each are multiplied with, (c,), as of :func:`factors`.
    year, to_year
        The years.
    """
    columns = [*group_columns(list(map(str, communities.columns))), "households"]
    own = [name for name in columns if name in communities and is_numeric_dtype(communities[name])]
    later = {
        name: np.rint(communities[name].to_numpy(dtype=np.float64, na_value=np.nan) * factor)
        for name in own
    }
    grown = communities.assign(**later)
    if "households" not in own or communities["households"].isna().all():
        return grown, []
    before, after = (round(float(np.nansum(each["households"]))) for each in (communities, grown))
    told = int(communities["households"].notna().sum())
    params = {"count": told, "year": year, "to_year": to_year, "before": before, "after": after}
    return grown, [Finding("population.households_grown", params)]


def _grown(year: int, to_year: int, before: float, after: float) -> Iterator[Finding]:
    """Tell what residents were carried on to, and where that is beyond what such figures hold."""
    params = {"year": year, "to_year": to_year, "before": round(before), "after": round(after)}
    yield Finding("population.grown", params)
    years = to_year - year
    if years > YEARS:
        yield Finding("population.growth_far", {"years": years, "to_year": to_year, "most": YEARS})
    rate = (after / before) ** (1 / years) - 1 if before > 0 else 0.0
    if abs(rate) > STEEP:
        shown = {"percent": f"{100 * rate:+.3g}", "most": f"{100 * STEEP:g}"}
        yield Finding("population.growth_steep", {**params, **shown})


def _of_year(totals: Totals, year: int) -> Totals:
    params = {"file": totals.source.source, "year": year}
    return replace(totals, findings=(*totals.findings, Finding("population.of_year", params)))


def _are_communities(areas: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> bool:
    known = areas["area_id"].isin(communities["community_id"].tolist()).all()
    return bool(known and len(areas) == len(communities))


def _community_of(areas: gpd.GeoDataFrame, communities: gpd.GeoDataFrame) -> I64:
    """Return the community of each area, (a,), −1 for none."""
    ids = dict(zip(communities["community_id"], range(len(communities)), strict=True))
    if _are_communities(areas, communities):
        return np.array([ids[key] for key in areas["area_id"]], dtype=np.int64)
    points = areas.geometry.representative_point()
    found = np.full(len(areas), -1, np.int64)
    place, community = communities.sindex.query(points, predicate="intersects")
    found[place[::-1]] = community[::-1]
    return found


def year_told(district: District) -> int | None:
    """Return the year that the residents are of, None where no import said it.

    The date of a file is no such year: it says when the file was written.
    """
    years = [
        int(source.date)
        for source in district.sources
        if source.layer == "demand" and _YEAR.fullmatch(source.date)
    ]
    return max(years, default=None)


def check_year(district: District, year: int) -> None:
    """Refuse to let residents grow from a year before the one that they are carried on to already.

    Raises
    ------
    InputError
        ``population.later_already``.
    """
    told = year_told(district)
    if told is not None and told > year:
        raise InputError("population.later_already", year=year, told=told)


def in_year(district: District, year: int, to_year: int, growth: Any) -> District:
    """Return a district with the residents of a later year, its streets and facilities as they are.

    Every home of a community grows alike; residents that were spread keep whole totals by
    community, see :mod:`planner.sources.population.apportioning`. Groups grow as the total does,
    and the households of a community with its residents.

    Parameters
    ----------
    district
        With residents, not an estimate.
    year
        Year of its figures.
    to_year
        The later year.
    growth
        As of :func:`factors`.

    Raises
    ------
    InputError
        ``population.estimated`` where demand is no count of residents, ``population.year_order``,
        ``population.year_too_far``, and as :func:`check_year` and :func:`factors`.
    """
    if district.estimated:
        raise InputError("population.estimated")
    check_years(year, to_year)
    check_year(district, year)
    demand = district.demand.copy()
    at = district.communities.set_index("community_id").index.get_indexer(demand["community_id"])
    inside = at >= 0
    people = demand["population"].to_numpy(dtype=np.float64)
    count = len(district.communities)
    sums = np.bincount(at[inside], people[inside], minlength=count).astype(np.float64)
    factor, notes = factors(growth, district.communities, to_year - year, sums)
    elsewhere, more = _elsewhere(growth, to_year - year, people[~inside])
    notes += more
    spread = SPREAD_FROM in demand and (demand[SPREAD_FROM] != "").all()
    for column in district.groups:
        now = demand[column].to_numpy(dtype=np.float64)
        later = now * np.append(factor, elsewhere)[at]
        known = inside & (now > 0)
        if spread and known.any():
            total = np.rint(np.bincount(at[known], later[known], minlength=count))
            later[known] = apportioned(total.astype(np.float64), at[known], now[known])
        demand[column] = np.round(later / STEP) * STEP
    before, after = float(people.sum()), float(demand["population"].sum())
    communities, of_households = grown_communities(district.communities, factor, year, to_year)
    layers = {"demand": demand, "communities": communities}
    # what can hardly be so is told of the homes of today: each later year grows from them
    changed = district.as_changed(**layers)
    dated = tuple(
        replace(source, date=str(to_year)) if source.layer == "demand" else source
        for source in changed.sources
    )
    findings = (*changed.findings, *notes, *_grown(year, to_year, before, after), *of_households)
    return replace(changed, sources=dated, findings=findings)
