"""What is said of areas of many districts that are ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.district import builtin_standards
from planner.views.words.catalogue import COMMAND
from planner.views.words.labels import Labels

MOST_NAMED = 10
"""So many districts without results are named."""

MUCH = 0.1
"""Share of the larger of two counts by which they must differ to be told apart."""


def labels_of(league: pd.DataFrame, language: str, door: str = COMMAND) -> Labels:
    """Return the words for what the areas of one table count, all the same."""
    return Labels(language, str(league["demand_unit"].iloc[0]), door)


def area_names(league: pd.DataFrame) -> list[str]:
    """Return what each area is called: by its name, else its code; districts likewise.

    Districts of one name are told apart by their ids, other areas by the district beside them.
    """
    names, codes = ("name", "area_id") if "name" in league else ("district_name", "district")
    told = [
        str(name) if isinstance(name, str) and name else str(code)
        for name, code in zip(league[names], league[codes], strict=True)
    ]
    if names == "name":
        return told
    often = Counter(told)
    pairs = zip(told, league[codes], strict=True)
    return [f"{name} ({code})" if often[name] > 1 else name for name, code in pairs]


def kind_word(league: pd.DataFrame, labels: Labels) -> str:
    """Return what the kind is called."""
    return str(league[f"kind_{labels.language}"].iloc[0])


def group_word(league: pd.DataFrame, labels: Labels) -> str:
    """Return what the people are called that are counted."""
    return labels.group(str(league["group"].iloc[0]))


def rank_word(row: Any, labels: Labels) -> str:
    """Return the rank of an area among how many, or between which ranks it may lie."""
    if pd.isna(row.rank_best):
        return ""
    best, worst, among = (
        labels.number(each) for each in (row.rank_best, row.rank_worst, row.ranked)
    )
    if best == worst:
        return labels.message("leagues.rank", rank=best, among=among)
    return labels.message("leagues.rank_range", best=best, worst=worst, among=among)


def short_rank(row: Mapping[Any, Any], labels: Labels) -> str:
    """Return the rank of an area, or the ranks between which it lies; a dash where it has none."""
    best, worst = row["rank_best"], row["rank_worst"]
    if pd.isna(best):
        return "–"
    ends = dict.fromkeys(labels.number(each) for each in (best, worst))
    return "–".join(ends)


def title(league: pd.DataFrame, labels: Labels) -> str:
    """Return what a table of areas, all of one kind and limit, is of."""
    first: Any = next(league.itertuples(index=False))
    measure = labels.value(str(first.measure))
    return labels.message(
        "leagues.title",
        kind=kind_word(league, labels),
        group=group_word(league, labels),
        metres=labels.metres(first.limit_m),
        measure=measure,
        standard=standard_word(str(first.standard), labels),
    )


def sites_title(districts: pd.DataFrame, labels: Labels) -> str:
    """Return what a table of new sites in each district is of."""
    first: Any = next(districts.itertuples(index=False))
    return labels.message(
        "leagues.sites_title",
        count=first.asked,
        kind=kind_word(districts, labels),
        group=group_word(districts, labels),
    )


def about_sites(districts: pd.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what a file of new sites says of itself."""
    return {
        "district": sites_title(districts, labels),
        "attribution": " · ".join(credits_of(districts, labels)),
        "synthetic": bool(districts["synthetic"].astype(bool).any()),
        "standard": str(districts["standard"].iloc[0]),
        "demand_unit": labels.unit,
    }


def standard_word(standard: str, labels: Labels) -> str:
    """Return the name of a standard by its id, which stands for one that does not ship."""
    known = builtin_standards()
    return labels.standard(known[standard]) if standard in known else standard


def notes(league: pd.DataFrame, labels: Labels, *, others: int = 0) -> list[str]:
    """Return what a reader must know of a table.

    Parameters
    ----------
    league
        The areas that are shown.
    labels
        Words for what they count.
    others
        Areas of another unit, standard or limit, which are not among them.
    """
    said = []
    if others:
        said.append(labels.message("leagues.others", count=others))
    said += unranked_words(league, labels)
    if (league["share_low"] < league["share_high"]).any():
        said.append(labels.message("leagues.ranges"))
    districts = league.drop_duplicates(["province", "district"])
    if doubtful := int((districts["doubts"] > 0).sum()):
        said.append(labels.message("leagues.doubts", count=doubtful))
    if made_up := int(districts["synthetic"].astype(bool).sum()):
        said.append(labels.message("leagues.synthetic", count=made_up))
    return said


def unranked_words(league: pd.DataFrame, labels: Labels) -> list[str]:
    """Return how many areas have no rank, those of which too little is known apart from others.

    Parameters
    ----------
    league
        Areas with their ranks.
    labels
        Words for what they count.
    """
    without = league["rank"].isna()
    # of which too much is unknown may have ranks; nobody, and what is withheld, may have none
    open_to = without & league["rank_best"].notna()
    counts = {"unranked_unknown": open_to.sum(), "unranked": (without & ~open_to).sum()}
    return [
        labels.message(f"leagues.{name}", count=int(count))
        for name, count in counts.items()
        if count
    ]


def change_notes(league: pd.DataFrame, gone: pd.DataFrame, labels: Labels) -> list[str]:
    """Return what a reader must know of the changes since an earlier run.

    Parameters
    ----------
    league
        The areas that are shown, with ``compared`` and ``differs``.
    gone
        Of :meth:`planner.batch.results.Results.gone`.
    labels
        Words for what they count.
    """
    counts = league["compared"].value_counts()
    said = [
        labels.message(f"leagues.compared_{state}", count=int(counts[state]))
        for state in ("new", "unjudged", "no_results")
        if state in counts
    ]
    others = league[league["compared"] == "other"]
    if len(others):
        apart = {name for each in others["differs"] for name in each.split(", ")}
        # in the order in which they are asked, not in that of the areas
        words = [labels.message(f"leagues.apart_{name}") for name in _APART if name in apart]
        named = labels.text(", ").join(words)
        said.append(labels.message("leagues.compared_other", count=len(others), differs=named))
    redrawn, same = (league[league["compared"] == state] for state in ("redrawn", "same"))
    for code, rows in (("redrawn", redrawn), ("gone", gone), ("recounted", _recounted(same))):
        said += filter(None, [_named(f"leagues.{code}", rows, len(rows), labels, _called(rows))])
    now, before = same["ranked"].to_numpy(), same["ranked_before"].to_numpy()
    if len(same) and now[0] != before[0]:
        many = {"now": int(now[0]), "before": int(before[0])}
        said.append(labels.message("leagues.ranked_before", **many))
    return said


def _recounted(league: pd.DataFrame) -> pd.DataFrame:
    """Return the areas in which much more or less is counted than in the earlier run."""
    totals = league[["total", "total_before"]].astype("float64")
    # of what is withheld or not told in either run nothing is said
    known = totals.notna().all(axis=1)
    return league[known & (totals.min(axis=1) < (1 - MUCH) * totals.max(axis=1))]


def _called(areas: pd.DataFrame) -> list[str]:
    """Return what areas are called, with their district: those of several may bear one name."""
    called = area_names(areas)
    if "name" not in areas:
        return called
    whose = areas["district_name"].where(areas["district_name"] != "", areas["district"])
    return [f"{name} ({each})" for name, each in zip(called, whose, strict=True)]


_APART = ("demand_unit", "standard_sign", "measure", "limit_m")


def missing_word(states: pd.DataFrame, labels: Labels) -> str:
    """Return which districts have no results, empty where all have.

    Parameters
    ----------
    states
        Of :meth:`planner.batch.results.Results.districts`.
    labels
        Words in the reader's language.
    """
    without = states[states["state"] != "done"]
    return _named("leagues.missing", without, len(states), labels)


def unranked_word(states: pd.DataFrame, ranked: pd.DataFrame, labels: Labels) -> str:
    """Return which districts with results are in no ranking of a kind and group, empty if none.

    Parameters
    ----------
    states
        Of :meth:`planner.batch.results.Results.districts`.
    ranked
        ``province`` and ``district`` of those that are in one.
    labels
        Words in the reader's language.
    """
    known = set(zip(ranked["province"], ranked["district"], strict=True))
    pairs = zip(states["province"], states["district"], strict=True)
    absent = pd.Series([pair not in known for pair in pairs], index=states.index)
    without = states[(states["state"] == "done") & absent]
    return _named("leagues.not_judged", without, len(states), labels)


def _named(
    code: str,
    districts: pd.DataFrame,
    every: int,
    labels: Labels,
    called: list[str] | None = None,
) -> str:
    """Return a sentence that counts and names districts or areas, empty where there are none."""
    if districts.empty:
        return ""
    if called is None:
        called = districts["province"].str.cat(districts["district"], "/").str.strip("/").tolist()
    names = labels.text(", ").join(called[:MOST_NAMED]) + ("…" if len(called) > MOST_NAMED else "")
    return labels.message(code, count=len(districts), all=every, names=names)


def credits_of(league: pd.DataFrame, labels: Labels) -> list[str]:
    """Return the credits of the data behind a table, each once."""
    found = dict.fromkeys(str(each) for each in league["attribution"] if each)
    return [labels.text(each) for each in found]
