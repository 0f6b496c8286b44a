"""What the best 1, 2, … new sites of each judged kind bring, in one district of many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.batch.jobs import Job
from planner.batch.sites import (
    FIGURES,
    KINDS,
    SITES,
    asked_of,
    figures_of,
    point_inside,
    proposal_of,
    today,
    typed,
    why_not,
)
from planner.errors import InputError
from planner.location.limits import Limits
from planner.result import AssessmentResult
from planner.siting.proposals.curves import best_by_count, reachable, required_of
from planner.siting.proposals.proposal import Proposal

CURVES = {"count": "int64", "required": "int64", "reachable": "float64", **KINDS}
"""Columns of the curves, with their types. The row of no sites tells how it is today."""

NOTHING_TO_GAIN = frozenset(
    {
        "siting.all_covered",
        "siting.nobody_reachable",
        "siting.no_sites",
    }
)
"""Why no site is proposed where no number of sites would bring anybody."""

CURVE_SITES = {"count": "int64", **SITES}
"""Columns of the sites of each row of the curves."""


def curves(result: AssessmentResult, job: Job) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the sites of each number of them, and a row a kind and number.

    People are counted and sites sought as :func:`planner.batch.sites.siting` does. A kind for which
    no site can be proposed has the row of no sites alone, which says why.
    """
    rows: list[dict[str, Any]] = []
    chosen: list[gpd.GeoDataFrame] = []
    for kind in result.judged_kinds:
        none = asked_of(result, kind, job.sites) | _none(result, kind)
        try:
            found = proposal_of(result, kind, job.sites)
            steps = list(_steps(found, job))
        except InputError as error:
            # of other reasons nobody knows what sites would bring
            reach = 0.0 if error.code in NOTHING_TO_GAIN else np.nan
            nothing = {"required": 0, "reachable": reach}
            rows.append(none | nothing | why_not(result, error.finding))
            continue
        at_most = {
            "places": len(found.candidates),
            "required": len(required_of(found)),
            "reachable": reachable(found),
        }
        rows.append(none | at_most)
        for count, step in steps:
            rows.append(none | at_most | figures_of(step) | {"count": count})
            chosen.append(step.sites.assign(kind=kind, group=step.group, count=count))
    crs = result.district.crs
    sites = pd.concat(chosen) if chosen else gpd.GeoDataFrame({"geometry": []}, crs=crs)
    inside = gpd.GeoSeries([point_inside(result.district)] * len(rows), crs=crs)
    return (
        gpd.GeoDataFrame(typed(sites, CURVE_SITES), geometry=sites.geometry.to_numpy(), crs=crs),
        gpd.GeoDataFrame(typed(pd.DataFrame(rows), CURVES), geometry=inside.to_numpy(), crs=crs),
    )


def _none(result: AssessmentResult, kind: str) -> dict[str, Any]:
    """Return the row of no sites: nothing changes."""
    before = today(result, kind)
    after = {f"{name}_after": before[name] for name in FIGURES}
    gains = dict.fromkeys(("gained", "gained_unsure", "bound"), 0.0)
    return before | after | gains | {"count": 0, "sites": 0, "optimal": True}


def _steps(found: Proposal, job: Job) -> Iterator[tuple[int, Proposal]]:
    """Yield each number of sites with the best that were found, told as a proposal is."""
    limits = Limits(max_iterations=job.sites.steps, seed=job.sites.seed)
    for count, best in best_by_count(found, job.sites.new, limits):
        yield count, replace(found, siting=best)
