"""Each clause of a standard, area by area: met or not, and by how much."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.premises import (
    Places,
    Serving,
    inside,
    residents_served,
    serving,
)
from planner.analysis.coverage.levels import Level
from planner.arrays import F64, Bool
from planner.district import AreaTarget, Rule

_FIGURES = (
    "required",
    "found",
    "found_low",
    "found_high",
    "attained",
    "attained_low",
    "attained_high",
    "short_by",
    "short_by_low",
    "short_by_high",
    "of",
    "unknown",
)
_EPSILON = 1e-9


def audit(assessment: Assessment, level: Level = "community") -> pd.DataFrame:
    """Judge each area by each clause of the assessment's standard.

    Each kind is judged by its own facilities: those of another level, such as a health centre,
    never stand in for those of this one, such as a clinic. A kind without data is not judged.

    Parameters
    ----------
    assessment
        What is judged, by which standard, under which question.
    level
        ``"community"``, ``"subdistrict"`` or ``"district"``.

    Returns
    -------
    DataFrame
        One row for each area and clause: ``area_id``, ``name``, ``subdistrict``,
        ``requirement``, ``kind`` (several separated by ``;``), ``group`` (for distances the first
        of the assessment and those with a limit of their own, else everybody), the figures below,
        ``met`` (nullable boolean, missing where it is not known or there is nothing to judge),
        ``circle``, ``clause`` and whether it is ``verified``.

        - ``required`` and ``found``, ``found_low``–``found_high`` its range from what is not
          known; NaN where unknown or where there is nothing to judge;
        - ``attained``, how much of it is attained (0–1), and its range;
        - ``short_by``, what is missing by what is known, NaN where that tells nothing, and
          ``short_by_low``–``short_by_high``, what is missing at the least and at the most;
        - ``of``, on how many the clause bears, and of how many of them it is ``unknown``.

        ============= ============================== ================= =====================
        requirement   ``found``                      ``short_by``      ``of``, ``unknown``
        ============= ============================== ================= =====================
        distance      share of residents within the  residents         residents
                      limit, of those known
        presence      areas with a facility inside   areas             areas
        floor_area    least floor area, m², of the   m² over all of    facilities
                      facilities that serve it       them
        residents     most residents of a facility   residents over    facilities
                      that serves it                 all of them
        area          m² for each so many            m²                facilities
                      households or residents
        ============= ============================== ================= =====================

        A facility serves an area where it is, within the limit, the nearest of any resident.
        Where that turns on hours, services or a rule of a profile that are not known, the clause
        bears on it too, as one that is unknown; where none is known to serve, it is open.
        Residents count for the nearest facility, wherever they live.
    """
    areas, _ = assessment.areas(level)
    tables = [
        clause
        for kind in assessment.judged_kinds
        for clause in _kind_clauses(assessment, level, kind)
    ]
    if assessment.standard.areas:
        places = inside(assessment, level)
        tables += [
            _area(assessment, level, target, places)
            for target in assessment.standard.areas
            if len(without_data(assessment, target)) < len(target.kinds)
        ]
    columns = ["requirement", "kind", "group", *_FIGURES, "met", "circle", "clause", "verified"]
    if not tables:
        empty = pd.DataFrame(columns=["area_id", "name", "subdistrict", *columns])
        return empty.astype({**dict.fromkeys(_FIGURES, "float64"), "met": "boolean"})
    table = pd.concat(tables)[columns]
    for position, (name, values) in enumerate(
        {"area_id": areas.index, "name": areas["name"], "subdistrict": areas["subdistrict"]}.items()
    ):
        table.insert(position, name, np.tile(values.to_numpy(dtype=object), len(tables)))
    order = np.argsort(np.tile(np.arange(len(areas)), len(tables)), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _kind_clauses(assessment: Assessment, level: Level, kind: str) -> Iterator[pd.DataFrame]:
    rule = assessment.standard.rules[kind]
    own = [group for group in assessment.groups[1:] if group in rule.limits]
    for group in (assessment.groups[0], *own):
        yield _clause("distance", rule, group, _distance(assessment, level, kind, group))
    # what a facility must be or have turns on everybody, whichever group is asked about
    group = assessment.district.groups[0]
    if rule.presence == "community" or (rule.presence and level != "community"):
        yield _clause("presence", rule, group, _presence(assessment, level, rule))
    if rule.floor_area_m2 is None and rule.residents_per_facility is None:
        return
    serves = serving(assessment, level, kind)
    if rule.floor_area_m2 is not None:
        yield _clause("floor_area", rule, group, _floor_area(assessment, rule, serves))
    if rule.residents_per_facility is not None and not assessment.district.estimated:
        yield _clause("residents", rule, group, _residents(assessment, rule, serves))


def _clause(requirement: str, rule: Rule, group: str, figures: pd.DataFrame) -> pd.DataFrame:
    return figures.assign(
        requirement=requirement,
        kind=rule.kind,
        group=group,
        circle=rule.circle,
        clause=rule.clause,
        verified=rule.verified,
    )


def _figures(judged: Bool, **columns: F64 | float) -> pd.DataFrame:
    """Return a clause's figures with ``met``; nothing is told where there is nothing to judge."""
    table = pd.DataFrame({name: columns[name] for name in _FIGURES}, index=range(len(judged)))
    known = [name for name in _FIGURES if name not in ("required", "of", "unknown")]
    table.loc[~judged, known] = np.nan
    for name in ("attained", "attained_low", "attained_high"):
        table[name] = table[name].clip(0, 1)
    met = pd.Series(pd.NA, index=table.index, dtype="boolean")
    met[table["attained_low"] >= 1 - _EPSILON] = True
    met[table["attained_high"] < 1 - _EPSILON] = False
    return table.assign(met=met)


def _distance(assessment: Assessment, level: Level, kind: str, group: str) -> pd.DataFrame:
    league = assessment.league(level)
    rows = league[(league["kind"] == kind) & (league["group"] == group)]
    figures = {
        name: rows[name].to_numpy(dtype=np.float64)
        for name in ("total", "covered", "uncovered", "unknown", "share", "share_low", "share_high")
    }
    known = figures["covered"] + figures["uncovered"]
    # where nobody tells the group, any share may be: that is no "nobody"; and where a count is
    # withheld, a share, or what it is short of, would tell it
    untold = np.isnan(figures["total"]) | np.isnan(known)
    for name, end in (("share", np.nan), ("share_low", 0.0), ("share_high", 1.0)):
        figures[name] = np.where(untold, end, figures[name])
    required = assessment.standard.rules[kind].share
    counted = np.where(untold, np.nan, figures["total"])
    with np.errstate(invalid="ignore", divide="ignore"):
        # points are given by those known, within the range that stands beside them
        attained = figures["covered"] / known
    return _figures(
        untold | (figures["total"] > 0),
        required=required,
        found=figures["share"],
        found_low=figures["share_low"],
        found_high=figures["share_high"],
        attained=attained / required,
        attained_low=figures["share_low"] / required,
        attained_high=figures["share_high"] / required,
        short_by=np.maximum(0.0, required * known - figures["covered"]),
        short_by_low=np.maximum(0.0, (required - figures["share_high"]) * counted),
        short_by_high=np.maximum(0.0, (required - figures["share_low"]) * counted),
        of=figures["total"],
        unknown=figures["unknown"],
    )


def _presence(assessment: Assessment, level: Level, rule: Rule) -> pd.DataFrame:
    """Count the areas of the rule's level, inside each area of `level`, that have a facility.

    An area whose facilities are none of them known to meet the question, and not all known to
    miss it, is unknown.
    """
    communities = assessment.district.communities
    column = "community_id" if rule.presence == "community" else "subdistrict"
    asked = pd.DataFrame(
        {
            "asked": communities[column].to_numpy(),
            "area": _area_ids(assessment, level),
            "having": assessment.presence()[rule.kind].to_numpy() > 0,
            "perhaps": assessment.presence(if_unknown=True)[rule.kind].to_numpy() > 0,
        }
    )
    asked = asked[(asked["asked"] != "") & asked["area"].notna()]
    each = asked.groupby(["area", "asked"])[["having", "perhaps"]].any().groupby(level="area")
    areas, _ = assessment.areas(level)
    need = np.asarray(each.size().reindex(areas.index).fillna(0), dtype=np.float64)
    counts = each.sum().reindex(areas.index).fillna(0).to_numpy(dtype=np.float64)
    have, most = counts[:, 0], counts[:, 1]
    unknown = most - have
    with np.errstate(divide="ignore", invalid="ignore"):
        return _figures(
            need > 0,
            required=need,
            found=np.where(unknown > 0, np.nan, have),
            found_low=have,
            found_high=most,
            attained=have / (need - unknown),
            attained_low=have / need,
            attained_high=most / need,
            short_by=np.where(unknown > 0, np.nan, need - have),
            short_by_low=need - most,
            short_by_high=need - have,
            of=need,
            unknown=unknown,
        )


def _area_ids(assessment: Assessment, level: Level) -> pd.Series:
    """Return the id, at a level, of the area that each community belongs to."""
    communities = assessment.district.communities
    if level == "district":
        return pd.Series("", index=communities.index, dtype=object)
    return pd.Series(communities["community_id" if level == "community" else "subdistrict"])


def _floor_area(assessment: Assessment, rule: Rule, serves: Serving) -> pd.DataFrame:
    required = rule.floor_area_m2 or 0.0
    area = assessment.district.facilities["floor_area_m2"].to_numpy(dtype=np.float64)
    return _facility_figures(serves, required, area, 0.0, at_least=True)


def _residents(assessment: Assessment, rule: Rule, serves: Serving) -> pd.DataFrame:
    required = rule.residents_per_facility or 0.0
    residents, unknown = residents_served(assessment, rule.kind)
    return _facility_figures(serves, required, residents, unknown, at_least=False)


def _facility_figures(
    serves: Serving, required: float, value: F64, uncertain: F64 | float, *, at_least: bool
) -> pd.DataFrame:
    """Judge the facilities that serve each area by a figure of each.

    Parameters
    ----------
    value
        (f,) the figure by row of ``facilities``, NaN where not known.
    uncertain
        By how much each figure may be greater.
    at_least
        Whether `required` is the least or the most that is allowed.
    """
    sure, perhaps = serves.sure, serves.perhaps
    known = ~np.isnan(value)
    greatest = value + uncertain
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.minimum(1.0, value / required if at_least else required / value)
        worst = np.where(known, part if at_least else np.minimum(1.0, required / greatest), 0.0)
    best = np.where(known, part, 1.0)
    short = np.maximum(0.0, required - value if at_least else value - required)
    most_short = np.where(known, short if at_least else greatest - required, required)

    def total(values: F64 | Bool, places: Places = sure) -> F64:
        return places.total(values.astype(np.float64)[places.facility])

    count, may_be = total(np.ones_like(known)), total(np.ones_like(known), perhaps)
    told = total(known)
    with np.errstate(divide="ignore", invalid="ignore"):
        attained = total(np.where(known, part, 0.0)) / told
        low, high = total(worst) / count, total(best) / count
    # a mean with some more lies between what it was and what these attain; where none is known to
    # serve, there may be nothing to judge: the score holds neither nothing nor all of the clause
    low = np.where((count == 0) & (may_be > 0), 0.0, np.fmin(low, _least(perhaps, worst)))
    high = np.where((count == 0) & (may_be > 0), 1.0, np.fmax(high, _most(perhaps, best)))
    if at_least:
        found = _least(sure, value)
        filled = np.where(known, value, 0.0)
        found_low = np.fmin(_least(sure, filled), _least(perhaps, filled))
        found_high = np.where(count > 0, found, _most(perhaps, value))
    else:
        found = _most(sure, value)
        found_low = np.where(count > 0, found, _least(perhaps, value))
        found_high = np.fmax(_most(sure, greatest), _most(perhaps, greatest))
    least_short = total(np.where(known, short, 0.0))
    return _figures(
        count + may_be > 0,
        required=required,
        found=found,
        found_low=found_low,
        found_high=found_high,
        attained=attained,
        attained_low=low,
        attained_high=high,
        short_by=np.where(told > 0, least_short, np.nan),
        short_by_low=least_short,
        short_by_high=total(np.maximum(most_short, 0.0))
        + total(np.maximum(most_short, 0.0), perhaps),
        of=count + may_be,
        unknown=count - told + may_be,
    )


def _least(places: Places, values: F64) -> F64:
    """Return the least of a figure, (f,), in each area, NaN where none is known."""
    return places.least(values[places.facility])


def _most(places: Places, values: F64) -> F64:
    """Return the greatest of a figure, (f,), in each area, NaN where none is known."""
    return places.most(values[places.facility])


def _area(assessment: Assessment, level: Level, target: AreaTarget, places: Places) -> pd.DataFrame:
    facilities = assessment.district.facilities
    chosen = places.of_kinds(facilities["kind"], target.kinds)
    area = facilities["floor_area_m2"].to_numpy(dtype=np.float64)[chosen.facility]
    floor = chosen.total(np.nan_to_num(area))
    unknown = chosen.total(np.isnan(area).astype(np.float64))
    people, least = target_people(assessment, level, target)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = target.count * floor / people
        # the more households there are beside those that are told, the less floor has each
        most = target.count * floor / least
    complete = (unknown == 0) & (not without_data(assessment, target))
    attained = found / target.m2
    sure = complete | (attained >= 1)
    lacking = np.maximum(0.0, target.m2 * people / target.count - floor)
    untold = np.isnan(people) & (target.per == "households")
    lacking_least = np.maximum(0.0, target.m2 * least / target.count - floor)
    figures = _figures(
        (people > 0) | untold,
        required=target.m2,
        found=np.where(complete, found, np.nan),
        found_low=found,
        found_high=np.where(complete, np.where(untold, most, found), np.inf),
        attained=np.where(sure, attained, np.nan),
        attained_low=np.where(untold, 0.0, attained),
        attained_high=np.where(complete, np.where(untold, most / target.m2, attained), np.inf),
        short_by=np.where(sure, lacking, np.nan),
        short_by_low=np.where(untold & complete, lacking_least, np.where(sure, lacking, 0.0)),
        short_by_high=lacking,
        of=chosen.total(np.ones_like(area)),
        unknown=unknown,
    )
    return figures.assign(
        requirement="area",
        kind=";".join(target.kinds),
        group=target.per,
        circle="",
        clause=target.clause,
        verified=target.verified,
    )


def without_data(assessment: Assessment, target: AreaTarget) -> list[str]:
    """Return the kinds of a target for floor area of which there is no data."""
    return [kind for kind in target.kinds if not assessment.district.has_data(kind)]


def target_people(assessment: Assessment, level: Level, target: AreaTarget) -> tuple[F64, F64]:
    """Return the households or residents of each area, and how many are told.

    The first are NaN where those of any community are not known, and so are the second where
    residents are not counted.
    """
    district = assessment.district
    areas, area_of = assessment.areas(level)
    if target.per == "residents":
        if district.estimated:
            nothing = np.full(len(areas), np.nan)
            return nothing, nothing
        living = district.demand[district.groups[0]].to_numpy(dtype=np.float64)
        inside_any = area_of >= 0
        sums = np.bincount(area_of[inside_any], weights=living[inside_any], minlength=len(areas))
        residents = np.asarray(sums, dtype=np.float64)
        return residents, residents
    households = district.communities["households"].astype("float64")
    by_area = households.groupby(_area_ids(assessment, level).to_numpy(dtype=object))
    told = by_area.sum()
    totals = told.where(by_area.count() == by_area.size())
    first, second = (each.reindex(areas.index) for each in (totals, told))
    return np.asarray(first, dtype=np.float64), np.asarray(second.fillna(0), dtype=np.float64)
