"""Why these sites: whom each serves, what changes where, and what a link would bring instead."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.analysis.comparison import compare
from planner.analysis.coverage.levels import Level
from planner.analysis.gaps.causes import CAUSES
from planner.analysis.gaps.diagnosis import diagnose
from planner.analysis.links.links import best_links
from planner.analysis.people import without_few
from planner.arrays import F64
from planner.siting.costs import Costs

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal


LINKS = 5
"""Links that :func:`against_links` sets beside the sites."""


def reasons(proposal: Proposal) -> pd.DataFrame:
    """Return whom each site serves, and why they were beyond the limit.

    Returns
    -------
    DataFrame
        One row a site, the best first: ``site_id``, ``serves`` (uncovered residents whose nearest
        new site it is, within the limit), ``homes``, ``community_ids`` in which they live and
        ``community_residents`` of each (tuples, the most first), ``walked_m`` (their mean way to
        the nearest facility today; NaN where nobody has a way) and ``cut_off`` (residents without
        any way today), ``walks_m`` (mean way to the site), ``cause`` of most of them (of
        :data:`planner.analysis.gaps.causes.CAUSES`; empty where nobody is served or the limit is
        not the standard's) and ``cause_share`` of them. Small counts are missing where they are
        withheld.
    """
    homes = proposal.homes()
    demand = proposal.assessment.district.demand.set_index("demand_id")
    today = proposal.assessment.distances[proposal.kind]
    table = pd.DataFrame(homes.drop(columns="geometry")).rename(columns={proposal.group: "people"})
    table["community"] = demand["community_id"].reindex(table["demand_id"]).to_numpy()
    table["today_m"] = today.reindex(table["demand_id"]).to_numpy(dtype=np.float64)
    table["cause"] = _causes(proposal).reindex(table["demand_id"]).to_numpy()
    shown = partial(proposal.assessment.district.shown_count, proposal.group)
    rows = []
    for site_id in proposal.sites["site_id"]:
        part = table[(table["site_id"] == site_id) & (table["people"] > 0)]
        people = part["people"].to_numpy(dtype=np.float64)
        lived = part.groupby("community")["people"].sum().sort_values(ascending=False)
        reached = np.isfinite(part["today_m"].to_numpy())
        why = part[part["cause"] != ""].groupby("cause")["people"].sum()
        rows.append(
            {
                "site_id": site_id,
                "serves": shown(float(people.sum())),
                "homes": len(part),
                "community_ids": tuple(map(str, lived.index)),
                "community_residents": tuple(shown(float(each)) for each in lived),
                "walked_m": _mean(part["today_m"].to_numpy()[reached], people[reached]),
                "cut_off": shown(float(people[~reached].sum())),
                "walks_m": _mean(part["distance_m"].to_numpy(), people),
                "cause": str(why.idxmax()) if len(why) else "",
                "cause_share": float(why.max() / people.sum()) if len(why) else np.nan,
            }
        )
    return pd.DataFrame(rows)


def before_after(proposal: Proposal) -> pd.DataFrame:
    """Return what the sites change in each community and for each group, and in the whole.

    Returns
    -------
    DataFrame
        ``level`` (``"district"`` or ``"community"``) and the columns of
        :meth:`planner.analysis.comparison.Comparison.league` for the kind, by the standard's own
        limits; communities in which nothing changes are left out.
    """
    found = compare(proposal.assessment, proposal.after)
    tables = []
    levels: tuple[Level, ...] = ("district", "community")
    for level in levels:
        league = found.league(level)
        rows = league[league["kind"] == proposal.kind]
        moved = rows["covered_change"].fillna(0.0) != 0
        changed = moved.groupby(rows["area_id"]).transform("any")
        kept = rows if level == "district" else rows[changed]
        tables.append(kept.assign(level=level))
    table = pd.concat(tables, ignore_index=True)
    counted = table["group"] == proposal.group
    change = table["covered_change"].where(counted).groupby(table["area_id"]).transform("max")
    order = pd.DataFrame({"level": table["level"] != "district", "change": -change})
    table = table.loc[order.sort_values(["level", "change"], kind="stable").index]
    return table[["level", *table.columns.drop("level")]].reset_index(drop=True)


def against_links(
    proposal: Proposal, count: int = LINKS, *, costs: Costs | None = None
) -> pd.DataFrame:
    """Set the sites beside the best links to open: residents gained for each unit of money.

    Parameters
    ----------
    proposal
        Its sites, each by itself, and its kind and group.
    count
        Links at most.
    costs
        Prices of links; those of the sites where none are given, so that both are in one currency.

    Returns
    -------
    DataFrame
        ``what`` (``"site"`` or ``"link"``), ``site_id`` of a site, ``work``, ``length_m``,
        ``community_id`` and ``x1, y1, x2, y2`` of a link, ``gained`` by it alone, ``cost`` and
        ``per_unit`` (residents for each unit of money; inf where it is free), the most for the
        money first. Links gain by the standard's own limit; where the kind is measured straight
        there are none.
    """
    prices = costs or proposal.costs
    sites = proposal.sites
    rows = pd.DataFrame(
        {
            "what": "site",
            "site_id": sites["site_id"],
            "gained": sites["alone"],
            "cost": sites["cost"],
        }
    )
    if proposal.assessment.standard.measure_of(proposal.kind) != "straight":
        asked = [proposal.kind], proposal.group, count
        links = best_links(proposal.assessment, *asked, shown=False)
        cost = [
            prices.link(work, metres)
            for work, metres in zip(links["work"], links["length_m"], strict=True)
        ]
        columns = ["work", "length_m", "community_id", "x1", "y1", "x2", "y2"]
        listed = pd.DataFrame(links[columns]).assign(what="link", gained=links["gain"], cost=cost)
        rows = pd.concat([rows, listed], ignore_index=True) if len(listed) else rows
    for column in ("work", "community_id"):
        rows[column] = rows.get(column, pd.Series("", rows.index)).fillna("")
    for column in ("length_m", "x1", "y1", "x2", "y2"):
        rows[column] = rows.get(column, pd.Series(np.nan, rows.index))
    with np.errstate(divide="ignore", invalid="ignore"):
        rows["per_unit"] = rows["gained"].to_numpy(np.float64) / rows["cost"].to_numpy(np.float64)
    ranked = rows.sort_values("per_unit", ascending=False, kind="stable", ignore_index=True)
    told = {"per_unit": ["gained"]}
    return without_few(proposal.assessment, ranked, ["gained"], proposal.group, told)


def _causes(proposal: Proposal) -> pd.Series:
    """Return why each home lacks the kind, by ``demand_id``; empty where that is not known."""
    result = proposal.assessment
    index = result.distances.index
    if result.limit_m(proposal.kind, proposal.group) != proposal.limit_m:
        return pd.Series("", index, dtype=object)
    found = diagnose(result, proposal.kind, group=proposal.group)
    return pd.Series(np.array([*CAUSES, ""], dtype=object)[found.cause], index)


def _mean(values: F64, weight: F64) -> float:
    return float(np.average(values, weights=weight)) if weight.sum() > 0 else float("nan")
