"""Where new facilities of each judged kind would bring most, in one district of many."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from planner.batch.jobs import Job, SitesAsked
from planner.district import District
from planner.errors import Finding, InputError
from planner.location.limits import Limits
from planner.result import AssessmentResult
from planner.siting.proposals.proposal import Proposal
from planner.siting.proposals.proposing import propose
from planner.views.words.catalogue import LANGUAGES
from planner.views.words.labels import Labels
from planner.views.words.ranges import proposal_rows
from planner.views.words.shares import without_telling
from planner.views.words.siting.proposals import remarks

FIGURES = ("covered", "unknown", "share", "share_low", "share_high")
_WORDS = (*(f"why_not_{each}" for each in LANGUAGES), *(f"remarks_{each}" for each in LANGUAGES))

KINDS = {
    "kind": "str",
    "group": "str",
    "limit_m": "float64",
    "measure": "str",
    "asked": "int64",
    "steps": "int64",
    "seed": "int64",
    "places": "Int64",
    "sites": "Int64",
    "total": "float64",
    **dict.fromkeys(FIGURES, "float64"),
    **dict.fromkeys((f"{name}_after" for name in FIGURES), "float64"),
    "gained": "float64",
    "gained_unsure": "float64",
    "bound": "float64",
    "gap": "float64",
    "optimal": "boolean",
    "stopped": "str",
    "why_not": "str",
    **dict.fromkeys(_WORDS, "str"),
}
"""Columns of the table of kinds, with their types, so that a table without rows has them too."""

SITES = {
    "kind": "str",
    "group": "str",
    "rank": "int64",
    "site_id": "str",
    "origin": "str",
    "name": "str",
    "facility_id": "str",
    "gained": "float64",
    "alone": "float64",
    "serves": "float64",
}
"""Columns of the table of sites; what they cost is told where a district's own prices are known."""


def siting(result: AssessmentResult, job: Job) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the sites that are proposed for each judged kind, and a row a kind of all of them.

    The people counted are those of the first group that the assessment counts. A kind for which no
    site can be proposed says why.
    """
    kinds, sites = [], []
    for kind in result.judged_kinds:
        try:
            found = proposal_of(result, kind, job.sites)
        except InputError as error:
            asked = asked_of(result, kind, job.sites)
            kinds.append(asked | today(result, kind) | why_not(result, error.finding))
            continue
        kinds.append(asked_of(result, kind, job.sites) | figures_of(found))
        sites.append(found.sites.assign(kind=kind, group=found.group))
    crs = result.district.crs
    chosen = pd.concat(sites) if sites else gpd.GeoDataFrame({"geometry": []}, crs=crs)
    inside = gpd.GeoSeries([point_inside(result.district)] * len(kinds), crs=crs)
    return (
        gpd.GeoDataFrame(typed(chosen, SITES), geometry=chosen.geometry.to_numpy(), crs=crs),
        gpd.GeoDataFrame(typed(pd.DataFrame(kinds), KINDS), geometry=inside.to_numpy(), crs=crs),
    )


def point_inside(district: District) -> shapely.Point:
    """Return a point within the communities of a district, at which its figures are shown."""
    inside: shapely.Point = shapely.point_on_surface(district.communities.union_all())
    return inside


def proposal_of(result: AssessmentResult, kind: str, asked: SitesAsked) -> Proposal:
    """Return the sites of a kind: as many as are asked for, or as there are places."""
    limits = Limits(max_iterations=asked.steps, seed=asked.seed)
    try:
        return propose(result, kind, asked.new, limits=limits)
    except InputError as error:
        # as many as there are places, or as must be built where no other is of any use
        most = {"location.too_many_sites": "count", "siting.required_suffice": "fixed"}
        if error.code not in most:
            raise
        return propose(result, kind, int(error.params[most[error.code]]), limits=limits)


def asked_of(result: AssessmentResult, kind: str, asked: SitesAsked) -> dict[str, Any]:
    """Return what is asked: of which kind and for whom, how far, and how it is sought."""
    group = result.groups[0]
    return {
        "kind": kind,
        "group": group,
        "limit_m": result.limit_m(kind, group),
        "measure": result.standard.measure_of(kind),
        "asked": asked.new,
        "steps": asked.steps,
        "seed": asked.seed,
    }


def figures_of(found: Proposal) -> dict[str, Any]:
    """Return what the sites of a kind bring together, and how near to the best that is proven."""
    before, after = proposal_rows(found)
    result = found.assessment
    return {
        "places": len(found.candidates),
        "sites": len(found.sites),
        "total": float(found.people.sum()),
        **{name: before[name] for name in FIGURES},
        **{f"{name}_after": after[name] for name in FIGURES},
        "gained": found.gained,
        "gained_unsure": found.gained_unsure,
        "bound": found.bound,
        "gap": found.gap,
        "optimal": found.optimal,
        "stopped": found.siting.stopped,
        **{
            f"remarks_{language}": "\n".join(
                remarks(found, Labels.of(result, language, found.group))
            )
            for language in LANGUAGES
        },
    }


def today(result: AssessmentResult, kind: str) -> dict[str, Any]:
    """Return who is within the limit today where no sites are proposed."""
    group = result.groups[0]
    rows = result.summary().rename(columns={group: "total"})
    rows = rows[(rows["kind"] == kind) & (rows["group"] == group)]
    # of counts that are withheld no share may tell what they are
    shown = rows if result.district.withheld is None else without_telling(rows)
    return {name: shown[name].iloc[0] for name in ("total", *FIGURES)}


def why_not(result: AssessmentResult, reason: Finding) -> dict[str, Any]:
    """Return why there are no sites, as code and as sentences."""
    own = result.district.kinds
    words = {
        f"why_not_{language}": Labels.of(result, language).finding(reason, own)
        for language in LANGUAGES
    }
    return {"why_not": reason.code, **words}


def typed(table: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """Return the columns of a table in their order and type; a text that is not told is empty."""
    told = pd.DataFrame(table).reindex(columns=list(types)).reset_index(drop=True)
    texts = {name: "" for name, each in types.items() if each == "str"}
    # a column of nothing but missing texts is one of numbers until it is said otherwise
    return told.astype(dict.fromkeys(texts, "object")).fillna(texts).astype(types)
