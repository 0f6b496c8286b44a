"""Departments and kinds with their gaps as tables, and who should talk to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.people import people_of
from planner.arrays import Bool
from planner.siting.costs import Costs
from planner.siting.departments.buildings import Shared
from planner.siting.departments.duties import REASONS, RUN
from planner.siting.departments.prices import gap_homes, total

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

BUILDING = "building"
"""Reason to talk: a building that both could share."""


def by_kind(
    assessment: Assessment,
    gaps: gpd.GeoDataFrame,
    owners: Mapping[str, str],
    group: str,
    costs: Costs,
) -> pd.DataFrame:
    """Return a row for each department and kind.

    See :class:`~planner.siting.departments.departments.Departments`.
    """
    summary = assessment.summary()
    figures = summary[summary["group"] == group].set_index("kind")
    rows = []
    for kind, department in owners.items():
        judged = kind in assessment.judged_kinds
        own = gaps[(gaps["kind"] == kind).to_numpy()]
        causes = own.groupby("cause")[group].sum()
        price = total(assessment, own, group, costs)
        rows.append(
            {
                "department": department,
                "kind": kind,
                "judged": judged,
                "limit_m": assessment.limit_m(kind, group) if judged else np.nan,
                "beyond": figures.at[kind, "uncovered"] if judged else np.nan,
                "unknown": figures.at[kind, "unknown"] if judged else np.nan,
                "gaps": len(own),
                "cause": str(causes.idxmax()) if len(own) else "",
                "price_low": price.low,
                "price_high": price.high,
                "unpriced": int(own["price_low"].isna().sum()),
            }
        )
    table = pd.DataFrame(rows)
    table[["price_low", "price_high"]] = _priced(table)
    order = np.lexsort((-table["unknown"], -table["beyond"]))
    return table.iloc[order].reset_index(drop=True)


def by_department(
    assessment: Assessment,
    gaps: gpd.GeoDataFrame,
    kinds: pd.DataFrame,
    group: str,
    costs: Costs,
) -> pd.DataFrame:
    """Return a row for each department.

    See :class:`~planner.siting.departments.departments.Departments`.
    """
    people, agree = (
        people_of(assessment, group),
        [str(each).split(";") for each in gaps["partners"]],
    )
    asked = [each for others in agree for each in others if each]
    rows = []
    for name in dict.fromkeys([*kinds["department"], *gaps["actor"], *asked]):
        own = gaps[(gaps["department"] == name).to_numpy()]
        of_it = kinds[kinds["department"] == name]
        judged = of_it["kind"][of_it["judged"].astype(bool)].tolist()
        lacks, may_lack = _lacking(assessment, judged, group)
        price = total(assessment, own, group, costs)
        rows.append(
            {
                "department": name,
                "kinds": ";".join(judged),
                "without_data": ";".join(of_it["kind"][~of_it["judged"].astype(bool)]),
                "beyond": float(people[lacks].sum()) if judged else np.nan,
                "beyond_high": float(people[may_lack].sum()) if judged else np.nan,
                "gaps": len(own),
                "for_others": int(
                    ((gaps["actor"] == name) & (gaps["department"] != name)).to_numpy().sum()
                ),
                "agrees": asked.count(name),
                "price_low": price.low,
                "price_high": price.high,
                "unpriced": int(own["price_low"].isna().sum()),
            }
        )
    table = pd.DataFrame(rows)
    table[["price_low", "price_high"]] = _priced(table)
    order = np.lexsort(
        (
            -table["agrees"],
            -table["for_others"],
            -table["beyond_high"].fillna(-1.0),
            -table["beyond"].fillna(-1.0),
        )
    )
    return table.iloc[order].reset_index(drop=True)


def _priced(table: pd.DataFrame) -> pd.DataFrame:
    """Return the prices, NaN where there are no gaps or none of them has one."""
    none = table["gaps"] == table["unpriced"]
    return table[["price_low", "price_high"]].mask(none)


def _lacking(assessment: Assessment, kinds: list[str], group: str) -> tuple[Bool, Bool]:
    """Return which homes lack one of the kinds, and which may lack one."""
    count = len(assessment.district.demand)
    lacks, may_lack = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    for kind in kinds:
        within = assessment.within(kind, group)
        lacks |= (~within).fillna(False).to_numpy(dtype=np.bool_)
        may_lack |= ~within.fillna(False).to_numpy(dtype=np.bool_)
    return lacks, may_lack


def talks(
    assessment: Assessment, gaps: gpd.GeoDataFrame, shared: Shared, group: str
) -> pd.DataFrame:
    """Return who should talk to whom.

    See :class:`~planner.siting.departments.departments.Departments`.
    """
    people = people_of(assessment, group)
    met: dict[tuple[str, str, str], list[int]] = {}
    for row, gap in enumerate(gaps.itertuples(index=False)):
        others = [str(gap.actor), *str(gap.partners).split(";")]
        for other in dict.fromkeys(others):
            if other and gap.department and other != gap.department:
                met.setdefault(
                    (str(gap.department), other, REASONS.get(str(gap.duty), RUN)), []
                ).append(row)
    rows = [
        {**_who(key), **_of_gaps(assessment, gaps.iloc[found], people, group)}
        for key, found in met.items()
    ]
    rows += _over_buildings(shared, people)
    columns = ["department", "other", "reason", "kinds", "count", "people", "gap_id", "site_id"]
    table = pd.DataFrame(rows, columns=columns)
    table["people"] = table["people"].astype(np.float64)
    order = np.argsort(-table["people"].to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _who(key: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("department", "other", "reason"), key, strict=True))


def _of_gaps(
    assessment: Assessment, found: gpd.GeoDataFrame, people: Any, group: str
) -> dict[str, object]:
    """Return what two departments have between them: gaps, the largest first, and their people."""
    return {
        "kinds": ";".join(dict.fromkeys(found["kind"])),
        "count": len(found),
        "people": float(people[np.unique(gap_homes(assessment, found, group).row)].sum()),
        "gap_id": found["gap_id"].iloc[0],
        "site_id": "",
    }


def _over_buildings(shared: Shared, people: Any) -> list[dict[str, object]]:
    """Return the pairs of departments that could share buildings."""
    met: dict[tuple[str, str], list[int]] = {}
    for row, joined in enumerate(shared.table["departments"]):
        names = str(joined).split(";")
        for number, name in enumerate(names):
            for other in names[number + 1 :]:
                met.setdefault((min(name, other), max(name, other)), []).append(row)
    rows: list[dict[str, object]] = []
    for (name, other), found in met.items():
        served = np.zeros(len(people), dtype=np.bool_)
        kinds: dict[str, None] = {}
        for row in found:
            for kind, homes in shared.homes[row].items():
                if shared.owners[kind] in (name, other):
                    served |= homes
                    kinds[kind] = None
        rows.append(
            {
                **_who((name, other, BUILDING)),
                "kinds": ";".join(kinds),
                "count": len(found),
                "people": float(people[served].sum()),
                "gap_id": "",
                "site_id": shared.table["site_id"].iloc[found[0]],
            }
        )
    return rows
