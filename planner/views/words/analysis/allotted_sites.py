"""What is said of new sites that are allotted to many districts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.analysis.coverage.population_within import share_of_known
from planner.views.words.analysis.leagues import about_sites, group_word, kind_word
from planner.views.words.labels import Labels


def title(districts: pd.DataFrame, asked: int, labels: Labels) -> str:
    """Return what is allotted, and for whom."""
    return labels.message(
        "allot.title",
        kind=kind_word(districts, labels),
        group=group_word(districts, labels),
        count=asked,
    )


def sentences(districts: pd.DataFrame, asked: int, bound: float, labels: Labels) -> list[str]:
    """Return the answer: what the sites bring together, and how near to the best that is.

    Parameters
    ----------
    districts, asked, bound
        Of :class:`planner.batch.allotted_sites.AllottedSites`.
    labels
        Words for the unit that they count.
    """
    count, gained = int(districts["sites"].sum()), float(districts["gained"].sum())
    getting = int((districts["sites"].fillna(0) > 0).sum())
    told = [title(districts, asked, labels)]
    if not count:
        return [*told, labels.message("allot.nothing")]
    answer = labels.message(
        "allot.answer",
        sites=count,
        districts=labels.number(getting),
        all=labels.number(len(districts)),
        gained=labels.number(gained),
        limit=labels.metres(districts["limit_m"].iloc[0]),
    )
    before, after = (_share(districts, suffix, labels) for suffix in ("", "_after"))
    told += [answer, labels.message("allot.after", before=before, after=after)]
    if count < asked:
        told.append(labels.message("allot.fewer", asked=asked, sites=count))
    # a bound is told in whole people: what is no whole one more is nothing more
    if round(bound) <= round(gained):
        return [*told, labels.message("allot.proof_best")]
    more, share = labels.number(bound - gained), labels.percent((bound - gained) / bound, 2)
    return [*told, labels.message("allot.proof", bound=labels.number(bound), more=more, gap=share)]


def notes(districts: pd.DataFrame, others: int, cut_off: int, labels: Labels) -> list[str]:
    """Return what a reader must know of it.

    Parameters
    ----------
    districts, others, cut_off
        Of :class:`planner.batch.allotted_sites.AllottedSites`.
    labels
        As of :func:`sentences`.
    """
    counts = {
        "cut_off": cut_off,
        "no_site": int(((districts["why_not"] != "") & districts["gained"].notna()).sum()),
        "apart": int(districts["gained"].isna().sum()),
        "others": others,
        "doubts": int((districts["doubts"] > 0).sum()),
        "synthetic": int(districts["synthetic"].astype(bool).sum()),
    }
    told = [labels.message(f"allot.{name}", count=count) for name, count in counts.items() if count]
    return [labels.message("allot.own_residents"), *told]


def about(districts: pd.DataFrame, asked: int, labels: Labels) -> dict[str, Any]:
    """Return what a file of the sites says of itself."""
    return about_sites(districts, labels) | {"district": title(districts, asked, labels)}


def _share(districts: pd.DataFrame, suffix: str, labels: Labels) -> str:
    """Return the share within the limit in all districts, or between which shares it lies."""
    # where a district does not tell it, the figure of all cannot be told either
    covered = float(districts[f"covered{suffix}"].sum(skipna=False))
    unknown = float(districts[f"unknown{suffix}"].sum(skipna=False))
    total = float(districts["total"].sum(skipna=False))
    share = share_of_known(covered, total - unknown - covered, unknown)
    row = {
        "share": float(share),
        "share_low": covered / total if total > 0 else float("nan"),
        "share_high": (covered + unknown) / total if total > 0 else float("nan"),
    }
    return labels.rate(row)
