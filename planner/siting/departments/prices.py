"""What mending gaps costs, as a range: of each gap, and of several without paying twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from planner.analysis.distances.streets import points_xy
from planner.analysis.people import people_of
from planner.arrays import F64, Bool
from planner.district import District
from planner.siting.candidates import PlaceOptions
from planner.siting.change_prices import unit_of_list
from planner.siting.costs import Costs
from planner.siting.departments.sites_needed import Homes, fewest, most

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

BUILD, LINK = "build", "link"

ALL_OF_THEM = 0.999
"""A link mends a gap that brings this share of who is known to be beyond the limit."""

_ACROSS = {
    "wall": ("open_gate", "new_gate"),
    "water": ("footbridge",),
    "railway": ("footbridge",),
    "motorway": ("footbridge",),
}
"""Works that a gap behind a barrier may take where its best link was not looked for."""


class Range(NamedTuple):
    """A price between two values; NaN where one of them is not known."""

    low: float
    high: float

    def __add__(self, other: object) -> Range:
        assert isinstance(other, Range)
        return Range(self.low + other.low, self.high + other.high)


UNKNOWN = Range(np.nan, np.nan)


def site_price(assessment: Assessment, kind: str, costs: Costs) -> Range:
    """Return the price of one new facility by the list, wherever it stands.

    Without a floor area in the standard there is no upper end.
    """
    rule = assessment.rule(kind)
    area = rule.floor_area_m2 if rule else None
    low = costs.site(area)
    return Range(low, low if area else np.nan)


def prices_at_places(
    assessment: Assessment, kind: str, homes: Homes, limit_m: float, count: int, costs: Costs
) -> tuple[F64, F64]:
    """Return what one new facility costs at least and at most in each gap, (count,) each.

    No place is chosen yet: it may be any, at the price of the list, or a candidate that is near
    enough to a home in a straight line, at what that tells itself or by its own floor area. Prices
    that candidates tell are left out where they are in another unit than the list.
    """
    usual = site_price(assessment, kind, costs)
    low, high = np.full(count, usual.low), np.full(count, usual.high)
    sites, _ = PlaceOptions(where=("candidates",), costs=costs).offered(assessment, kind)
    if in_two_units(assessment.district, costs):
        layer = assessment.district.candidates
        told = layer["candidate_id"][layer["cost"].notna()]
        sites = sites[~sites["site_id"].isin(told)]
    at_home = assessment.district.demand.geometry.to_numpy()[homes.row]
    site, home = shapely.STRtree(at_home).query(
        sites.geometry.to_numpy(), predicate="dwithin", distance=limit_m
    )
    price = sites["cost"].to_numpy(dtype=np.float64)[site]
    np.minimum.at(low, homes.gap[home], price)
    if not np.isnan(usual.high):  # without one at a place that nobody chose there is none at all
        np.maximum.at(high, homes.gap[home], price)
    return low, high


def in_two_units(district: District, costs: Costs) -> bool:
    """Whether candidates tell prices in another unit than that of the list."""
    told = district.candidates["cost"].notna().any()
    return bool(told) and unit_of_list(district, costs) != str(district.money)


def with_prices(
    assessment: Assessment, gaps: pd.DataFrame, group: str, costs: Costs
) -> pd.DataFrame:
    """Return gaps with ``sites_low``, ``sites_high``, ``price_low`` and ``price_high``.

    Parameters
    ----------
    assessment, gaps
        The gaps by kind, with their best links.
    group
        Whose limit counts.
    costs
        Prices.

    Returns
    -------
    DataFrame
        Sites are those of new facilities, NaN for other remedies; what each costs is told by
        :func:`prices_at_places`. A gap that takes a link costs at
        least that, and at most that and new facilities for those whom it does not bring; where its
        best link was not looked for, at least the cheapest that may do, and at most what new
        facilities cost instead. Prices are NaN where they are not known: there is none for work
        at the map, nor for room that is added.
    """
    sites_low, sites_high = np.full(len(gaps), np.nan), np.full(len(gaps), np.nan)
    each_low, each_high = np.full(len(gaps), np.nan), np.full(len(gaps), np.nan)
    built = gaps["remedy"].isin([BUILD, LINK]).to_numpy()
    kinds = gaps["kind"].to_numpy(dtype=object)
    for kind in np.unique(kinds[built]):
        rows = np.flatnonzero(built & (kinds == kind))
        limit_m = assessment.limit_m(str(kind), group)
        assert limit_m is not None
        homes = gap_homes(assessment, gaps.iloc[rows], group)
        known = _known(assessment, str(kind), group)[homes.row]
        surely = homes.only(known)
        least = np.maximum(fewest(assessment, surely, limit_m, len(rows)), 1.0)
        sites_low[rows] = np.where(gaps["remedy"].iloc[rows] == BUILD, least, 0.0)
        sites_high[rows] = most(assessment, str(kind), homes, limit_m, len(rows))
        each_low[rows], each_high[rows] = prices_at_places(
            assessment, str(kind), homes, limit_m, len(rows), costs
        )
    priced = gaps.assign(sites_low=sites_low, sites_high=sites_high)
    each = map(Range, each_low, each_high)
    ranges = [
        _price(gap, one, costs)
        for gap, one in zip(priced.itertuples(index=False), each, strict=True)
    ]
    unbuilt = (gaps["remedy"] != BUILD).to_numpy()
    return priced.assign(
        sites_low=np.where(unbuilt, np.nan, sites_low),
        sites_high=np.where(unbuilt, np.nan, sites_high),
        price_low=np.array([each.low for each in ranges], dtype=np.float64),
        price_high=np.array([each.high for each in ranges], dtype=np.float64),
    )


def total(assessment: Assessment, gaps: pd.DataFrame, group: str, costs: Costs) -> Range:
    """Return what mending several gaps costs, what mends several of them once.

    Longer hours or more services of one facility are paid once. At least, new facilities are
    counted over all gaps of a kind together, a link that is the best of several gaps once, and one
    for all gaps whose best link was not looked for. Gaps whose price is not known are left out.
    """
    priced = gaps[gaps["price_low"].notna()]
    built, linked = (priced["remedy"] == BUILD), (priced["remedy"] == LINK)
    once = priced[~built & ~linked].drop_duplicates(["remedy", "facility_id"])
    found = Range(_sum(once["price_low"]), _sum(once["price_high"])) + _links(priced[linked])
    for kind, own in priced[built].groupby("kind", sort=False):
        limit_m = assessment.limit_m(str(kind), group)
        assert limit_m is not None
        homes = gap_homes(assessment, own, group)
        low, high = prices_at_places(assessment, str(kind), homes, limit_m, len(own), costs)
        known = _known(assessment, str(kind), group)[homes.row]
        together = homes.only(known)
        together = together._replace(gap=np.zeros_like(together.gap))
        least = max(float(fewest(assessment, together, limit_m, 1)[0]), 1.0)
        found += Range(least * float(low.min()), _sum(own["sites_high"] * high))
    return found


def _links(gaps: pd.DataFrame) -> Range:
    """Return the price of links: each known one at least once, and one where none is known."""
    known = gaps["link_work"] != ""
    ends = gaps[known][[f"link_{end}" for end in ("x1", "y1", "x2", "y2")]].to_numpy(np.float64)
    # gaps on the two sides of a wall lead through it in the two directions: one gate does for both
    ways = [frozenset({(x1, y1), (x2, y2)}) for x1, y1, x2, y2 in ends.round(1).tolist()]
    again = pd.Series(ways, dtype=object).duplicated().to_numpy(dtype=np.bool_)
    unknown = gaps["price_low"][~known]
    least = _sum(gaps["price_low"][known][~again]) + (float(unknown.min()) if len(unknown) else 0.0)
    return Range(least, _sum(gaps["price_high"]))


def _sum(values: pd.Series) -> float:
    return float(values.sum(skipna=False))


def gap_homes(assessment: Assessment, gaps: pd.DataFrame, group: str) -> Homes:
    """Return the homes of gaps, numbered by their position in the table."""
    ids = [str(each).split(";") for each in gaps["demand_ids"]]
    known = pd.Index(assessment.district.demand["demand_id"])
    row = known.get_indexer([home for each in ids for home in each]).astype(np.int64)
    gap = np.repeat(np.arange(len(ids), dtype=np.int64), [len(each) for each in ids])
    demand = assessment.district.demand
    x, y = points_xy(demand).T
    place = np.empty(len(demand), dtype=np.int64)
    place[np.lexsort((demand["demand_id"].to_numpy(dtype=str), y, x))] = np.arange(len(demand))
    return Homes(gap, row, people_of(assessment, group)[row], place[row])


def _known(assessment: Assessment, kind: str, group: str) -> Bool:
    """Return which homes are known to be beyond the limit."""
    return np.asarray((~assessment.within(kind, group)).fillna(False), dtype=np.bool_)


def _price(gap: Any, each: Range, costs: Costs) -> Range:
    """Return the price of a gap; `each` is that of one new facility in it."""
    if gap.remedy == BUILD:
        return Range(gap.sites_low * each.low, gap.sites_high * each.high)
    if gap.remedy == LINK:
        return _link_price(gap, costs, gap.sites_high * each.high)
    fixed = {
        "open_internal": costs.open_internal,
        "longer_hours": costs.extend_hours,
        "add_service": costs.add_service,
        "hours_and_service": costs.extend_hours + costs.add_service,
    }.get(str(gap.remedy))
    return UNKNOWN if fixed is None else Range(fixed, fixed)


def _link_price(gap: Any, costs: Costs, instead: float) -> Range:
    """Return the price of a gap that takes a link; `instead` is that of new facilities alone."""
    if not gap.link_work:
        works = _ACROSS.get(str(gap.barrier), tuple(costs.link_fixed))
        least = min(costs.link_fixed[work] for work in works)
        return Range(least, max(least, instead))
    found = costs.link(str(gap.link_work), float(gap.link_length_m))
    mended = gap.link_gain >= ALL_OF_THEM * gap.beyond
    return Range(found, found if mended else found + instead)
