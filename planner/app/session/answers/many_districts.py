"""Results of many districts that the server offers: folders of its data folder, by name.

What reads them is imported where it is used: every page asks only whether there are any.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planner.analysis.coverage.levels import Level
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.reader import permissions
from planner.batch.run_files import FAILURES, RUN
from planner.errors import Finding, InputError
from planner.views.words.catalogue import BROWSER
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.batch.allotted_sites import AllottedSites
    from planner.batch.leagues import League
    from planner.batch.proposed_sites import ProposedSites

Inside = tuple[str, str | None] | None
"""Province and district (None for a whole province), None for all districts."""


@dataclass(frozen=True)
class Dataset:
    """Results of a run.

    Parameters
    ----------
    name
        Name of the folder.
    path
        The folder.
    stamp
        Of the files that each run writes, so that another run is another dataset to the cache.
    """

    name: str
    path: Path
    stamp: tuple[int, ...]

    @property
    def made(self) -> dt.date:
        """The day on which the run was begun."""
        return dt.datetime.fromtimestamp(self.stamp[0] / 1e9).date()


def datasets(folder: Path | None) -> dict[str, Dataset]:
    """Return the results in a data folder by name, the newest first.

    There are none for whom counts are withheld anywhere, since results hold all of them.
    """
    if folder is None or permissions.is_withheld_anywhere():
        return {}
    runs = [Dataset(run.parent.name, run.parent, _stamp(run)) for run in folder.glob(f"*/{RUN}")]
    there = [each for each in runs if each.stamp]
    newest = sorted(there, key=lambda each: (-each.stamp[0], each.name))
    return {each.name: each for each in newest}


def _stamp(run: Path) -> tuple[int, ...]:
    """Return when the files of a run were written; one that is gone meanwhile is none."""
    stamp = []
    for file in (run, run.with_name(FAILURES)):
        with suppress(OSError):
            stamp.append(file.stat().st_mtime_ns)
    return tuple(stamp)


@dataclass(frozen=True)
class Offered:
    """What can be asked of results.

    Parameters
    ----------
    kinds
        Names of the kinds that are judged, by id and language.
    groups
        Columns of who is counted by kind; first one that stands for all who are counted, whatever
        each district calls them, where all of them are.
    wholes
        The columns of all who are counted.
    places
        What provinces and districts are called, by :func:`place_key`.
    named
        Province and district (None for a whole province) of each of them.
    """

    kinds: dict[str, dict[str, str]]
    groups: dict[str, list[str]]
    wholes: frozenset[str]
    places: dict[str, str]
    named: dict[str, tuple[str, str | None]]


def place_key(province: str, district: str | None = None) -> str:
    """Return how the page's address names a district, or a whole province.

    Examples
    --------
    >>> place_key("湖北省", "武昌区"), place_key("湖北省"), place_key("a/b", "c")
    ('湖北省/武昌区', '湖北省/', 'a%2Fb/c')
    """
    return "/".join([province.replace("/", "%2F"), district or ""])


@answer()
def offered_by(dataset: Dataset) -> Offered:
    """Return what can be asked of results."""
    from planner.batch.results import open_results

    results = open_results(dataset.path)
    rows = results.questions().to_dict("records")
    kinds: dict[str, dict[str, str]] = {}
    groups: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda each: not each["is_total"]):
        kinds.setdefault(row["kind"], {"en": row["kind_en"], "zh": row["kind_zh"]})
        known = groups.setdefault(row["kind"], [])
        if row["group"] not in known and not (known and row["is_total"]):
            known.append(row["group"])
    named: dict[str, tuple[str, str | None]] = {}
    places: dict[str, str] = {}
    called = {(row["province"], row["district"]): row["district_name"] for row in rows}
    for (province, district), name in sorted(called.items()):
        if province and place_key(province) not in named:
            named[place_key(province)] = (province, None)
            places[place_key(province)] = province
        key = place_key(province, district)
        named[key] = (province, district)
        places[key] = " · ".join(filter(None, [province, name or district]))
    wholes = frozenset(row["group"] for row in rows if row["is_total"])
    return Offered(kinds, groups, wholes, places, named)


@answer(WHOLE)
def ranked(
    dataset: Dataset,
    level: Level,
    kind: str,
    group: str | None,
    before: Dataset | None,
    inside: Inside,
    table: int | None = None,
) -> League:
    """Return areas that are ranked, as :func:`planner.batch.leagues.find_league` does.

    Parameters
    ----------
    dataset, level, kind, group, before, table
        As of that function.
    inside
        Province and district (None for the whole of it) whose areas are shown; None for all.
    """
    from planner.batch.leagues import find_league
    from planner.batch.results import open_results

    province, district = inside or (None, None)
    return find_league(
        open_results(dataset.path),
        level,
        kind,
        group,
        before=open_results(before.path) if before else None,
        table=table,
        province=province,
        district=district,
    )


@answer()
def new_sites(
    dataset: Dataset,
    level: Level,
    kind: str,
    group: str | None,
    before: Dataset | None,
    inside: Inside,
    table: int | None = None,
) -> ProposedSites | None:
    """Return the new sites of a kind in the districts of :func:`ranked`, asked with the same.

    See :func:`planner.batch.proposed_sites.find_proposed_sites`.
    """
    from planner.batch.proposed_sites import find_proposed_sites
    from planner.batch.results import open_results

    found = ranked(dataset, level, kind, group, before, inside, table)
    return find_proposed_sites(open_results(dataset.path), kind, found.areas)


@answer()
def has_curves(dataset: Dataset) -> bool:
    """Return whether the run asked what 1, 2, … new sites bring in each district."""
    from planner.batch.results import open_results

    return open_results(dataset.path).has("curves")


@answer()
def allotted(
    dataset: Dataset,
    level: Level,
    kind: str,
    group: str | None,
    before: Dataset | None,
    inside: Inside,
    table: int | None,
    new: int,
) -> AllottedSites | Finding:
    """Return new sites allotted to the districts of :func:`ranked`, asked with the same.

    See :func:`planner.batch.allot_sites`; where it refuses, why.
    """
    from planner.batch.allotted_sites import allot_sites
    from planner.batch.results import open_results

    found = ranked(dataset, level, kind, group, before, inside, table)
    try:
        return allot_sites(open_results(dataset.path), kind, new, areas=found.areas)
    except InputError as error:
        return error.finding


@answer()
def without_results(dataset: Dataset, language: str) -> list[tuple[str, str]]:
    """Return which districts have no results and why, in a language."""
    from planner.batch.leagues import failure_words
    from planner.batch.results import open_results

    return failure_words(open_results(dataset.path).failures(), Labels(language, door=BROWSER))
