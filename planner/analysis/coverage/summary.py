"""The summary of a whole district: who is covered, by kind and group, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.analysis.coverage.league import League


def summary_table(league: League, without_data: Sequence[str]) -> pd.DataFrame:
    """Return one row for each kind and group of the whole district.

    Parameters
    ----------
    league
        The people counted, within whose limits, and the facilities that count.
    without_data
        Kinds of the standard of which no source tells: they come last, without figures.

    Returns
    -------
    DataFrame
        The columns of :meth:`planner.analysis.assessment.Assessment.summary`.
    """
    known = _with_data(league)
    if not without_data:
        return known
    without = _without_data(league, without_data, known.columns)
    return pd.concat([known, without], ignore_index=True) if len(known) else without


def _with_data(league: League) -> pd.DataFrame:
    """Return the rows of the kinds of which there is data."""
    table = league.of("district").drop(columns=["area_id", "name", "subdistrict"])
    district, standard, presence = league.district, league.standard, league.presence
    rules = {kind: standard.rules.get(kind) for kind in league.kinds}
    known, perhaps = presence.known > 0, presence.perhaps > 0
    lacking, unsure = (~perhaps).sum(), (perhaps & ~known).sum()
    open_by_kind = presence.answering["kind"].value_counts()
    table["facilities"] = table["kind"].map(open_by_kind).fillna(0).astype("Int64")
    table.insert(2, "judged", table["kind"].map(lambda kind: rules[kind] is not None))
    limits_m = [
        rule.limit_for(group) if (rule := rules[kind]) else None
        for kind, group in zip(table["kind"], table["group"], strict=True)
    ]
    table.insert(3, "limit_m", np.array(limits_m, dtype=np.float64))
    table.insert(4, "measure", table["kind"].map(standard.measure_of))
    table.insert(5, "data", table["kind"].map(district.data_state))
    table["communities"] = len(district.communities)
    table["communities_lacking"] = table["kind"].map(lacking).astype("Int64")
    table["communities_unknown"] = table["kind"].map(unsure).astype("Int64")
    table["clause"] = [rule.clause if (rule := rules[k]) else "" for k in table["kind"]]
    table["verified"] = [bool(rule and rule.verified) for rule in map(rules.get, table["kind"])]
    return table.rename(columns={"total": league.groups[0]})


def _without_data(league: League, kinds: Sequence[str], columns: pd.Index) -> pd.DataFrame:
    """Return the rows of kinds of which no source tells, with the columns of the others."""
    district, rules = league.district, league.standard.rules
    people, least = district.people(), int(district.withheld is not None)
    rows = [
        {
            "kind": kind,
            "group": group,
            "judged": False,
            "limit_m": rules[kind].limit_for(group),
            "measure": league.standard.measure_of(kind),
            "data": "none",
            league.groups[0]: float(people[group].sum(min_count=least)),
            "communities": len(district.communities),
            "clause": rules[kind].clause,
            "verified": rules[kind].verified,
        }
        for kind in kinds
        for group in league.groups
    ]
    table = pd.DataFrame(rows).reindex(columns=columns)
    missing = table.columns[table.isna().all()]
    counts = ("facilities", "communities_lacking", "communities_unknown")
    return table.astype({name: "Int64" if name in counts else "float64" for name in missing})
