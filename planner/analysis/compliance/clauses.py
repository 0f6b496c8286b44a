"""A judged clause as one sentence, and clauses in the order of the harm they do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.analysis.people import people_in
from planner.district import AreaTarget
from planner.errors import Finding

Verdict = Literal["met", "missed", "open", "nothing"]


def verdict(row: Mapping[Any, Any]) -> Verdict:
    """Return whether a clause is met, missed, not known, or has nothing to judge in an area.

    Parameters
    ----------
    row
        Of :func:`planner.analysis.compliance.audit.audit`.
    """
    if pd.isna(row["met"]):
        return "nothing" if pd.isna(row["attained_low"]) else "open"
    return "met" if row["met"] else "missed"


def clause_finding(row: Mapping[Any, Any], assessment: Assessment) -> Finding | None:
    """Return a clause as a code with what is found, what is asked and what is short.

    None where there is nothing to judge.

    Parameters
    ----------
    row
        Of :func:`planner.analysis.compliance.audit.audit`.
    assessment
        What was judged.
    """
    judged, requirement = verdict(row), str(row["requirement"])
    if judged == "nothing":
        return None
    kind = row["kind"].replace(";", ", ")
    names = ("found", "found_low", "found_high", "required")
    others = ("short_by", "short_by_low", "short_by_high", "of", "unknown")
    params: dict[str, Any] = {name: row[name] for name in (*names, *others)}
    if requirement == "area":
        return _area_finding(row, assessment, judged, params)
    params["kind"] = kind
    if requirement == "presence" and judged == "missed" and row["unknown"] > 0:
        return Finding("checkup.presence_missed_at_least", params)
    if requirement in ("floor_area", "residents") and row["unknown"] > 0:
        if assessment.reach.undecided(kind):  # of some it is not known whether they serve
            return Finding(f"checkup.{requirement}_{judged}_perhaps", params)
        if judged == "missed":
            return Finding("checkup.floor_area_missed_at_least", params)
    if requirement == "distance":
        params |= {"group": row["group"], "limit_m": assessment.limit_m(kind, row["group"])}
        ranged, asked = math.isnan(params["found"]), params["required"]
        if ranged:  # too many are not known: the end that decides
            params["found"] = params["found_low" if judged == "met" else "found_high"]
        params |= {name: _percent(params[name], asked) for name in names}
        if math.isnan(params["of"]):
            return Finding("checkup.distance_open_untold", params)
        if math.isnan(params["short_by_low"]) or math.isnan(params["unknown"]):
            return Finding("checkup.distance_withheld", params)
        if ranged and judged == "missed":  # one end alone read as the share itself
            return Finding("checkup.distance_missed_at_least", params)
    return Finding(f"checkup.{requirement}_{judged}", params)


def _area_finding(
    row: Mapping[Any, Any], assessment: Assessment, judged: Verdict, params: dict[str, Any]
) -> Finding:
    target = _target(assessment, row)
    params |= {"kinds": ", ".join(target.kinds), "count": target.count}
    code = f"checkup.area_{target.per}_{judged}"
    if target.per == "residents":
        ends = ("found", "found_low", "found_high", "required")
        params |= {name: params[name] / target.count for name in ends}
    if math.isnan(params["found_low"]):
        return Finding(f"{code}_untold", params)
    without = [kind for kind in target.kinds if not assessment.district.has_data(kind)]
    if judged == "open" and without:
        return Finding(f"{code}_without", params | {"kind": ", ".join(without)})
    return Finding(code, params)


def by_harm(assessment: Assessment, rows: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Return clauses in the order of the harm they do, those that most residents lack first.

    Harm is the part of the clause that is not attained for certain, times who is concerned: of a
    distance the people of its group, of any other clause all who live in the area. Clauses that
    are missed stand before those that are not known, and these before those that are met.

    Parameters
    ----------
    assessment
        What was judged.
    rows
        Of :func:`planner.analysis.compliance.audit.audit`, or ``Checkup.parts``.
    level
        Of the areas.

    Returns
    -------
    DataFrame
        The same rows with ``harm``, people at the most; NaN where it is not told how many are
        concerned.
    """
    areas, _ = assessment.areas(level)
    people = people_in(assessment, level)
    lives = rows["area_id"].map(dict(zip(areas.index, people, strict=True)))
    concerned = lives.where(rows["requirement"] != "distance", rows["of"]).astype("float64")
    lacking = 1.0 - rows["attained_low"].clip(0, 1).fillna(1.0)
    # a column of nothing but "not known" has no type that tells true from false
    met = rows["met"].astype("boolean")
    is_met = met.fillna(value=False).to_numpy(dtype=bool)
    harm = (lacking * concerned).where(~is_met & rows["attained_low"].notna(), 0.0)
    place = np.select([rows["attained_low"].isna(), met.isna(), is_met], [3, 1, 2], 0)
    ranked = rows.assign(harm=harm, place=place)
    ranked = ranked.sort_values(["place", "harm"], ascending=[True, False], kind="stable")
    return ranked.drop(columns="place").reset_index(drop=True)


def _target(assessment: Assessment, row: Mapping[Any, Any]) -> AreaTarget:
    return next(
        target
        for target in assessment.standard.areas
        if ";".join(target.kinds) == row["kind"]
        and (target.per, target.m2, target.clause) == (row["group"], row["required"], row["clause"])
    )


def _percent(share: float, required: float) -> float:
    """Return a share in per cent as tables round it; what is too little never reads as enough."""
    if not 0 < share < 1:
        return share * 100
    figure = min(max(round(share, 3), 0.001), 0.999)
    if share < required <= figure:
        figure = math.floor(share * 1000 + 1e-6) / 1000
    return round(figure * 100, 1)
