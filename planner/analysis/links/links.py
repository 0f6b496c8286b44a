"""The best single links: which gate, footbridge or path brings most residents within the limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.links.gains import LinkGains, checked_kinds
from planner.analysis.links.places import LinkPlaces, Search, link_places, no_places
from planner.analysis.links.tables import (
    Found,
    described,
    different_residents,
    gains_table,
    shown_gains,
)
from planner.analysis.people import people_of
from planner.arrays import I64, Bool
from planner.district import Connect, District, Scenario
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

__all__ = [
    "anybody_gains",
    "best_link_for",
    "best_links",
    "candidate_links",
    "gained_homes",
    "link_changes",
    "link_sequence",
]


DEFAULT = Search()
SAME_HOMES = 0.5
"""A link that gains this share of its residents from the homes of a better one is its variant."""

ENOUGH = 0.95
"""An easier link for the same homes is preferred if it gains this share of the best."""

_TRIED = 100
"""Best places of which two links are compared, and so many more for each five that are listed."""


def candidate_links(district: District, search: Search = DEFAULT) -> gpd.GeoDataFrame:
    """Return all places where two streets are near each other, but far apart on foot.

    Ends lie anywhere along the streets, not only at junctions.

    Parameters
    ----------
    district
        The district.
    search
        What counts as near, as far on foot and as one place.

    Returns
    -------
    GeoDataFrame
        One row for each place, the shortest first: ``work`` (``open_gate``, ``path``,
        ``crossing`` of a road or a siding, ``new_gate``, ``footbridge``, ``settle_way``),
        ``barrier`` and ``barrier_name`` crossed (joined by ``;``), ``gate_id``
        and ``gate_name`` of a shut gate, ``street_a`` and ``street_b``, ``length_m``,
        ``walked_m`` (inf where there is no way), ``detour``, ``left_out`` and
        ``left_out_ways`` (see :func:`planner.analysis.left_out_ways.left_out_along`), both ends
        ``x1, y1, x2, y2``, and the line, in the district's CRS. A cycleway to be settled leads
        from street to street along itself, with its own length.

    Raises
    ------
    InputError
        ``links.bad_length``.
    """
    places = link_places(district, search)
    rows = places.kept
    return described(district, places, rows[np.argsort(places.links.length_m[rows])])


def anybody_gains(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    group: str | None = None,
    homes: Bool | None = None,
) -> bool:
    """Return whether a link could bring anybody nearer to a facility that counts.

    It could not where no kind has such a facility or nobody lacks one; then no link is looked for.

    Parameters
    ----------
    assessment, kinds, group
        As for :func:`best_links`.
    homes
        Homes that count, all by default; bool by row.

    Raises
    ------
    InputError
        As :func:`best_links`.
    """
    reach = assessment.reach
    counted = reach.homes.known & (people_of(assessment, group) > 0)
    if homes is not None:
        counted &= homes
    for kind in checked_kinds(assessment, kinds):
        there = reach.counting(kind, if_unknown=False) & reach.places.known
        distance_m = assessment.distances[kind].to_numpy(dtype=np.float64)
        lacking = distance_m > (assessment.limit_m(kind, group) or 0.0)
        if there.any() and bool((lacking & counted).any()):
            return True
    return False


def best_links(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    group: str | None = None,
    count: int = 20,
    *,
    search: Search = DEFAULT,
    enough: float = ENOUGH,
    variants: bool = False,
    watch: Callable[[], object] | None = None,
    shown: bool = True,
) -> gpd.GeoDataFrame:
    """Return the links that bring most residents within the limit, each judged alone.

    Parameters
    ----------
    assessment
        What is judged; facilities count as its question says.
    kinds
        Kinds to judge by, all that have a limit by default.
    group
        People column that is counted, the total by default.
    count
        How many links, at most.
    search
        What counts as near, as far on foot and as one place; ``Search(bridge_m=200)`` allows
        footbridges of up to 200 m.
    enough
        Of links that bring in mostly the same homes the easiest is taken that gains at least this
        share of what the best of them gains; 1 takes the best.
    variants
        Also list links that mostly bring in the homes of a better one, such as a bridge a
        hundred metres farther down the river.
    watch
        Called between the parts of the work; what it raises ends it.
    shown
        Whether counts that are withheld are left out, as in all that is shown; what is computed
        further, such as an order by price, needs them.

    Returns
    -------
    GeoDataFrame
        The columns of :func:`candidate_links` and ``rank`` from 1, ``gain`` (benefits: who is
        newly within the limit of three kinds counts three times), ``residents`` (different
        people), ``gain_<kind>`` and ``community_id`` (where most of them live). A correction of
        the map is no link; see :func:`planner.analysis.links.map_work.map_work`. Links without
        gain are left out; of links with the same gain the one of the least work comes first, then
        the shortest. Gains below the threshold of a group whose small counts are withheld are
        missing.

    Raises
    ------
    InputError
        ``analysis.unknown_kind``, ``analysis.unknown_group``, ``links.not_judged``,
        ``links.no_data`` where there is no data on any kind of the standard,
        ``links.straight`` where it measures as the crow flies,
        ``links.bad_count``, ``links.bad_length``.

    Notes
    -----
    Gains are exact: those of applying :func:`link_changes` of a row to the assessment.
    """
    judge = LinkGains(assessment, checked_kinds(assessment, kinds), group, watch=watch)
    places = _places(assessment, kinds, group, search)
    found = _ranked(judge, places, _checked(count), enough, variants)
    counted = gains_table(assessment, judge, found)
    return shown_gains(assessment, counted, group) if shown else counted


def link_sequence(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    group: str | None = None,
    count: int = 5,
    *,
    search: Search = DEFAULT,
    enough: float = ENOUGH,
    watch: Callable[[], object] | None = None,
) -> gpd.GeoDataFrame:
    """Return the links to open one after another: the best, then the best once that is open, ….

    Parameters
    ----------
    assessment, kinds, group, search, enough, watch
        As for :func:`best_links`.
    count
        How many steps, at most; it ends where no link gains anything.

    Returns
    -------
    GeoDataFrame
        As of :func:`best_links`; gains are those that a step adds to the steps before it, exact,
        ``total`` is their running sum, and ``total_residents`` how many different people gain
        anything by the steps so far.

    Raises
    ------
    InputError
        As :func:`best_links`.
    """
    judge = LinkGains(assessment, checked_kinds(assessment, kinds), group, watch=watch)
    places = _places(assessment, kinds, group, search)
    steps: list[Found] = []
    for _ in range(_checked(count)):
        best = _ranked(judge, places, 1, enough)
        if not best:
            break
        steps += best
        judge.open(places.links, best[0].row)
    table = gains_table(assessment, judge, steps)
    table.insert(table.columns.get_loc("gain") + 1, "total", table["gain"].cumsum())
    people = different_residents(judge, steps)
    table.insert(table.columns.get_loc("residents") + 1, "total_residents", people)
    return shown_gains(assessment, table, group)


def best_link_for(
    assessment: Assessment,
    demand_ids: Iterable[str],
    kind: str,
    group: str | None = None,
    count: int = 1,
    *,
    search: Search = DEFAULT,
    enough: float = ENOUGH,
    shown: bool = True,
) -> gpd.GeoDataFrame:
    """Return the links that bring most residents of some homes within the limit of one kind.

    Parameters
    ----------
    assessment, group, search, enough, shown
        As for :func:`best_links`.
    demand_ids
        The homes, such as those of a gap.
    kind
        The kind that they lack.
    count
        How many links, at most, variants left out.

    Returns
    -------
    GeoDataFrame
        As of :func:`best_links`, counting these homes only; empty where no link helps.

    Raises
    ------
    InputError
        As :func:`best_links`; ``links.unknown_home`` for an id that is not there.
    """
    ids = pd.Index(assessment.district.demand["demand_id"])
    wanted = pd.Index(list(demand_ids))
    missing = wanted.difference(ids)
    if len(missing):
        raise InputError("links.unknown_home", demand_id=missing[0])
    homes = np.asarray(ids.isin(wanted))
    judge = LinkGains(assessment, checked_kinds(assessment, [kind]), group, homes)
    places = _places(assessment, [kind], group, search, homes)
    counted = gains_table(assessment, judge, _ranked(judge, places, _checked(count), enough))
    return shown_gains(assessment, counted, group) if shown else counted


def gained_homes(
    assessment: Assessment,
    links: pd.DataFrame,
    kinds: Sequence[str] | None = None,
    group: str | None = None,
) -> pd.DataFrame:
    """Return which homes all links of a table together bring within the limit.

    Parameters
    ----------
    assessment, kinds, group
        As for :func:`best_links`.
    links
        Of any function of this module.

    Returns
    -------
    DataFrame
        bool, index ``demand_id``, columns kinds.

    Raises
    ------
    InputError
        As :func:`best_links`.
    """
    after = assessment.apply(Scenario("", link_changes(links)))
    gained = {
        kind: (after.distances[kind] <= limit_m) & ~(assessment.distances[kind] <= limit_m)
        for kind in checked_kinds(assessment, kinds)
        if (limit_m := assessment.limit_m(kind, group)) is not None
    }
    return pd.DataFrame(gained, index=assessment.distances.index)


def link_changes(links: pd.DataFrame) -> list[Connect]:
    """Return the change that makes each link of a table, for a :class:`planner.Scenario`.

    Examples
    --------
    >>> row = {"x1": 0.0, "y1": 0.0, "x2": 3.0, "y2": 4.0, "length_m": 5.0, "gate_name": "North"}
    >>> link_changes(pd.DataFrame([row]))
    [Connect(x1=0.0, y1=0.0, x2=3.0, y2=4.0, name='North', length_m=5.0)]
    """
    columns = links[["x1", "y1", "x2", "y2", "gate_name", "length_m"]]
    return [
        Connect(row[0], row[1], row[2], row[3], str(row[4]), row[5])
        for row in columns.itertuples(index=False)
    ]


def _places(
    assessment: Assessment,
    kinds: Sequence[str] | None,
    group: str | None,
    search: Search,
    homes: Bool | None = None,
) -> LinkPlaces:
    """Return the places to try, none where nobody can gain from any."""
    district = assessment.district
    gains = anybody_gains(assessment, kinds, group, homes)
    return link_places(district, search) if gains else no_places(district)


def _ranked(
    judge: LinkGains, places: LinkPlaces, count: int, enough: float, variants: bool = False
) -> list[Found]:
    """Return the best links, best first."""
    effort = places.effort
    rows = _best_of_places(judge, places, _TRIED * (1 + count // 5), enough)
    by_kind = judge.of_rows(places.links, rows)
    total = by_kind.sum(axis=1)
    leaders: list[Found] = []
    chosen: list[Found] = []
    for at in np.lexsort((effort[rows], -total)):
        if len(leaders) == count and (variants or total[at] < enough * leaders[-1].gains.sum()):
            break
        gained = judge.gained(places.links, int(rows[at]), by_kind[at] > 0)
        found = Found(places, int(rows[at]), by_kind[at], gained)
        like = () if variants else (_overlap(judge, gained, each.gained) for each in leaders)
        number = next((n for n, alike in enumerate(like) if alike), len(leaders))
        if number == len(leaders):
            if number < count:
                leaders.append(found)
                chosen.append(found)
        elif total[at] < enough * leaders[number].gains.sum():
            # a gate that is there brings somebody the day it is opened, whatever is built beside it
            told = any(
                _is_gate(own) and _overlap(judge, gained, each.gained)
                for own, each in zip(chosen, leaders, strict=True)
            )
            if _is_gate(found) and not told and len(leaders) < count:
                leaders.append(found)
                chosen.append(found)
        else:
            chosen[number] = min(chosen[number], found, key=lambda each: effort[each.row])
    return sorted(chosen, key=lambda each: (-each.gains.sum(), effort[each.row]))


def _is_gate(found: Found) -> bool:
    return bool(found.places.work[found.row] == "open_gate")


def _best_of_places(judge: LinkGains, places: LinkPlaces, most: int, enough: float) -> I64:
    """Return of the best places the link that gains most, and the easiest that gains enough."""
    rows, kept, effort = places.choices, places.kept, places.effort
    its = places.stands_for[rows]
    gains = judge.of_rows(places.links, rows).sum(axis=1)
    best = np.zeros(len(places))
    np.maximum.at(best, its, gains)
    ranked = kept[np.lexsort((effort[kept], -best[kept]))]
    tried = np.isin(its, ranked[:most]) & (gains > 0)
    chosen = []
    for share in (1.0, enough):
        good = rows[tried & (gains >= share * best[its])]
        good = good[np.lexsort((effort[good], places.stands_for[good]))]
        chosen.append(good[np.unique(places.stands_for[good], return_index=True)[1]])
    return np.unique(np.concatenate(chosen))


def _overlap(judge: LinkGains, gained: I64, others: I64) -> bool:
    """Return whether whom a link brings are mostly those whom another brings."""
    shared = np.intersect1d(gained, others, assume_unique=True)
    return bool(judge.people(shared).sum() >= SAME_HOMES * judge.people(gained).sum())


def _checked(count: int) -> int:
    if count < 1:
        raise InputError("links.bad_count", count=count)
    return int(count)
