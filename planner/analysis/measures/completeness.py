"""Who has every judged kind of facility within its limit, and how many kinds the others have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.population_within import share_of_known
from planner.analysis.people import residents_left_out
from planner.arrays import F64


def completeness(assessment: Assessment, group: str | None = None) -> pd.DataFrame:
    """Count the people who have all judged kinds within the limits.

    Someone lacks completeness where one kind is known to be beyond its limit, has it where all
    are known to be within, and is unknown otherwise.

    Parameters
    ----------
    assessment
        The assessed district.
    group
        People column that is counted; the total where none is given.

    Returns
    -------
    DataFrame
        Index ``community_id``, the last row ``""`` the whole district: ``total``, ``complete``,
        ``incomplete``, ``unknown`` people, ``share`` complete of those known (see
        :func:`planner.analysis.coverage.population_within.share_of_known`), and ``kinds`` and
        ``kinds_high``, the mean number of kinds within the limit if all that is not known were
        beyond it, and if all of it were within. All are NaN where homes are and none tells the
        group: that is not nobody.
    """
    people_of = group or assessment.groups[0]
    kinds = assessment.judged_kinds
    homes = assessment.distances.index
    within = pd.DataFrame({k: assessment.within(k, people_of) for k in kinds}, index=homes)
    yes = within.fillna(False).to_numpy(dtype=bool)
    no = (~within).fillna(False).to_numpy(dtype=bool)
    complete, incomplete = yes.all(axis=1) & bool(kinds), no.any(axis=1)
    demand = assessment.district.demand
    counted = demand[people_of].to_numpy(dtype=np.float64)
    ids = assessment.district.communities["community_id"]

    def summed(people: F64) -> pd.DataFrame:
        table = pd.DataFrame(
            {
                "total": people,
                "complete": people * complete,
                "incomplete": people * incomplete,
                "unknown": people * ~(complete | incomplete),
                "kinds": people * yes.sum(axis=1),
                "kinds_high": people * (~no).sum(axis=1),
            }
        )
        by_area = table.groupby(demand["community_id"].to_numpy()).sum().reindex(ids).fillna(0.0)
        by_area.loc[""] = table.sum()
        return by_area

    sums = summed(np.nan_to_num(counted))
    parts = (sums[name].to_numpy() for name in ("complete", "incomplete", "unknown"))
    sums["share"] = share_of_known(*parts)
    for name in ("kinds", "kinds_high"):
        sums[name] = (sums[name] / sums["total"]).where(sums["total"] > 0)
    sums = sums.astype(np.float64)
    sums.loc[_untold(demand["community_id"], counted, sums.index)] = np.nan
    left_out = summed(residents_left_out(assessment, people_of))
    return _shown(assessment, sums, people_of, left_out).rename_axis("community_id")


def all_of(table: Any) -> Any:
    """Return all people of a table of :func:`completeness`, or of a row of it.

    They are missing where one of their parts is withheld, which a share of all would tell.
    """
    return table["complete"] + table["incomplete"] + table["unknown"]


def _untold(community: pd.Series, counted: F64, rows: pd.Index) -> list[str]:
    """Return the rows of communities, and of the whole, of which no home tells the group."""
    known = pd.Series(np.isfinite(counted)).groupby(community.to_numpy()).any()
    known.loc[""] = bool(np.isfinite(counted).any()) or not len(counted)
    return [row for row in rows if not known.get(row, True)]


def _shown(
    assessment: Assessment, sums: pd.DataFrame, group: str, left_out: pd.DataFrame
) -> pd.DataFrame:
    """Return the counts of the communities and the whole without what is withheld."""
    withheld, demand = assessment.district.withheld, assessment.district.demand
    if withheld is None:
        return sums
    ids = list(sums.index[:-1])
    inside = pd.Index(ids).get_indexer(demand["community_id"])
    hidden = withheld.areas(ids, inside, demand["demand_id"], whole=False)
    everywhere = np.zeros(len(demand), dtype=np.int64)
    whole = withheld.areas([""], everywhere, demand["demand_id"], whole=True)
    rows = sums.assign(area_id=sums.index, group=group)
    shown = withheld.without_small(rows, pd.concat([hidden, whole]), left_out)
    # what lies between both ends would tell of how many it is not known
    shown["kinds_high"] = shown["kinds_high"].mask(shown["unknown"].isna())
    return shown[sums.columns]
