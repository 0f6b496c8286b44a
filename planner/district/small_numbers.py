"""Small numbers: counts of groups of residents withheld where few would be known.

The counts themselves are changed, before anything is computed of them, so that no figure, map,
file, scenario or standard of a reader's own can tell more than they do. Disclosure control calls
that a pre-tabular method; withholding cells of finished tables (cell suppression with its attacker
problem, as in sdcTable and τ-Argus) would not hold here, since a reader may ask for the people
within any distance of any place, and subtract.

Homes of a community are taken together in *blocks*, the same for all groups. Of a block the count
of each group is kept, of its homes only that of residents; within a block every group is spread as
the residents are. A block is safe where it holds

- at least `threshold` of each group, and at least as many residents who are not of it;
- if it has several homes, at least `threshold` residents outside each one of them.

A single home that is safe is a block of its own: its counts are shown. Zero is a small number too.

**Why it holds.** Residents of a block may change places, each with all that they belong to, and
nothing that is shown changes: the residents of each home and the group's count in the block stay.
So of a home with *p* of the block's *N* residents, *S* of them of the group, the shown figures
allow every count from max(0, p + S - N) to min(p, S), whatever sums or parts the groups are of
each other. Its width is min(p, S, N - p, N - S), by the rule above at least the lesser of p and
the threshold (Fréchet bounds; Dobra and Fienberg 2000).

Where a whole community is not safe, the group is withheld there and its people are in no total.
Groups that are bound by an exact sum (women and men; ages) are then withheld together, and so is a
second community, so that a total known from elsewhere does not tell the one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64, I64, Bool
from planner.district.layers import GROUP_PREFIX, LAYERS
from planner.errors import Finding, InputError

DEFAULT_THRESHOLD = 5
"""People of a group below whom a count is withheld: three to ten in the practice of statistics."""

Table = TypeVar("Table", bound=pd.DataFrame)

PEOPLE_LAYERS = ("demand", "communities")
"""Layers that count residents: of these no column is kept that the table of columns lacks."""

_COUNTS = ("covered", "uncovered", "complete", "incomplete", "unknown", "unreachable")


@dataclass(frozen=True, eq=False)
class Withheld:
    """What is withheld in a district.

    Parameters
    ----------
    threshold
        People of a group below whom a count is withheld.
    homes
        Whether a home's count of a group is withheld, bool, index ``demand_id``, columns groups.
    gone
        Whether it is in no total either, since it is withheld for the whole community; as `homes`.
    block
        Number of each home's block, −1 for none, int64, index ``demand_id``.
    """

    threshold: int
    homes: pd.DataFrame
    gone: pd.DataFrame
    block: pd.Series

    @property
    def blocks(self) -> int:
        """How many blocks have several homes."""
        return int((self.block[self.block >= 0].value_counts() > 1).sum())

    @property
    def groups(self) -> list[str]:
        """Groups that the rule is kept for."""
        return list(self.homes.columns)

    def areas(
        self, areas: Sequence[str], area_of: I64, homes: pd.Series, *, whole: bool
    ) -> pd.DataFrame:
        """Return whether the count of a group is withheld for an area.

        Parameters
        ----------
        areas, area_of, homes
            Ids of areas; of each home the position of its area in them, −1 for none, and its id,
            shape (n,).
        whole
            Whether all homes of the area must be withheld, or some.

        Returns
        -------
        DataFrame
            bool, index `areas`, columns groups.
        """
        inside = area_of >= 0
        lost = self.gone.reindex(homes, fill_value=False).to_numpy(dtype=np.bool_)[inside]
        hidden = np.zeros((len(areas), lost.shape[1]), dtype=np.int64)
        np.add.at(hidden, area_of[inside], lost)
        count = np.bincount(area_of[inside], minlength=len(areas))[:, None]
        found = (hidden == count) & (count > 0) if whole else hidden > 0
        return pd.DataFrame(found, index=list(areas), columns=self.groups)

    def without_small(self, table: pd.DataFrame, hidden: pd.DataFrame) -> pd.DataFrame:
        """Return a table of counted people without what is withheld.

        Parameters
        ----------
        table
            A row for each area (``area_id``) and group (``group``), with the columns of
            :func:`planner.analysis.population_within.count_people` or of
            :func:`planner.analysis.measures.completeness.completeness`.
        hidden
            Areas whose count is withheld, see :meth:`areas`.
        """
        result, is_group = table.copy(), table["group"].isin(self.groups).to_numpy()
        place = hidden.index.get_indexer(pd.Index(table["area_id"]))
        column = hidden.columns.get_indexer(pd.Index(table["group"]))
        lost = is_group & hidden.to_numpy()[place, column]
        figures = table.select_dtypes("float").columns
        result.loc[lost, figures] = np.nan
        counts = [name for name in _COUNTS if name in table]
        few = self.few(result[counts]).to_numpy(dtype=np.bool_) & is_group[:, None]
        result[counts] = result[counts].mask(few)
        return result

    def few(self, counts: Any) -> Any:
        """Return which counts stand for somebody, but for fewer than the threshold.

        They are estimates, since what is known of whole blocks is no less than the threshold: they
        are left out because nobody can rely on them, and not since they would tell anything. 0
        only says that nobody at all lives there.
        """
        return (counts > 0) & (counts < self.threshold)

    def without_few(self, table: Table, more: Sequence[str] = ()) -> Table:
        """Return a table with a column for each group, and some more, without small counts."""
        columns = [name for name in (*self.groups, *more) if name in table]
        shown = table.copy()
        shown[columns] = table[columns].mask(self.few(table[columns]))
        return shown

    def without_homes(self, table: Table, counted: Mapping[str, Sequence[str]]) -> Table:
        """Return a table of homes without their withheld counts.

        Parameters
        ----------
        table
            With a column ``demand_id``; a home may have several rows.
        counted
            By group the columns that count its people.
        """
        shown = table.copy()
        for group, columns in counted.items():
            if group in self.homes:
                hidden = self.homes[group].reindex(table["demand_id"], fill_value=False)
                for name in columns:
                    shown[name] = (
                        table[name].astype("float64").mask(hidden.to_numpy(dtype=np.bool_))
                    )
        return shown


def withhold(
    layers: Mapping[str, gpd.GeoDataFrame], groups: Sequence[str], threshold: int, *, counted: bool
) -> tuple[dict[str, gpd.GeoDataFrame], Withheld, tuple[Finding, ...]]:
    """Return layers of a district whose counts of groups tell of no fewer than `threshold` people.

    Parameters
    ----------
    layers
        Every layer by name. Columns that count residents in a way nobody knows are left out: those
        of ``demand`` and ``communities`` that :data:`planner.district.LAYERS` lacks, and those of
        other layers that begin with ``pop_``.
    groups
        Columns of ``demand`` that count people, the total first.
    threshold
        People, 2 or more.
    counted
        Whether the total counts residents, and is not an estimate.

    Returns
    -------
    layers, withheld, findings
        The layers, what is withheld in them, and what tells of it.

    Raises
    ------
    InputError
        ``small_numbers.threshold`` for fewer than 2.
    """
    if isinstance(threshold, bool) or not isinstance(threshold, int) or threshold < 2:
        raise InputError("small_numbers.threshold", value=threshold)
    demand, columns = layers["demand"], list(groups[1:])
    counts = demand[columns].to_numpy(dtype=np.float64)
    people = demand[groups[0]].to_numpy(dtype=np.float64)
    rule = _Rule(threshold, counted)
    block, gone = _blocks(demand, layers["communities"], rule, people, counts)
    shared = np.bincount(block[block >= 0], minlength=int(block.max(initial=-1)) + 1) > 1
    in_block = (block >= 0) & np.append(shared, False)[block]
    known = ~np.isnan(counts)
    spread = np.where(gone, np.nan, _spread(block, in_block, people, counts))
    index = pd.Index(demand["demand_id"], name="demand_id")
    withheld = Withheld(
        threshold,
        pd.DataFrame(known & (in_block[:, None] | gone), index=index, columns=columns),
        pd.DataFrame(gone, index=index, columns=columns),
        pd.Series(block, index=index),
    )
    shown = {name: _without_unknown(name, table) for name, table in layers.items()}
    shown["demand"] = shown["demand"].assign(**dict(zip(columns, spread.T, strict=True)))
    return shown, withheld, tuple(_findings(demand, withheld))


@dataclass(frozen=True)
class _Rule:
    """When residents and a group of them may be told together.

    Parameters
    ----------
    threshold
        People of a group below whom a count is withheld.
    counted
        Whether there is a count of residents to be the rest of a group, and not an estimate.
    """

    threshold: int
    counted: bool

    def safe(self, group: F64, people: float, largest: float, parts: int) -> Bool:
        """Return whether the counts of groups may be told for a sum of parts.

        Parameters
        ----------
        group
            Count of each group, shape (g,).
        people, largest
            Residents of all parts, and of the one with the most.
        parts
            Homes or areas.
        """
        enough = group >= self.threshold
        if not self.counted:
            return np.asarray(enough, dtype=np.bool_)
        # a group that counts others than residents, such as a floating population, has no rest
        rest = (people - group >= self.threshold) | (group > people)
        mixed = parts == 1 or people - largest >= self.threshold
        return np.asarray(enough & rest & mixed, dtype=np.bool_)


def _blocks(
    demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, rule: _Rule, people: F64, counts: F64
) -> tuple[I64, Bool]:
    """Return each home's block, −1 for none, and which counts are withheld altogether."""
    strata = _strata(demand, people, counts)
    gone = _gone(_subdistricts(demand, communities, strata), rule, strata, people, counts)
    order = np.empty(len(people), dtype=np.int64)
    order[_along_curve(demand)] = np.arange(len(people))
    block, count = np.full(len(people), -1, dtype=np.int64), 0
    for rows in strata:
        told = np.flatnonzero(~gone[rows[0]] & ~np.isnan(counts[rows[0]]))
        if not len(told) or np.isnan(people[rows[0]]):
            continue
        ordered = rows[np.argsort(order[rows])]
        for members in _cut(rule, ordered, people, counts[:, told]):
            block[members] = count
            count += 1
    return block, gone


def _strata(demand: gpd.GeoDataFrame, people: F64, counts: F64) -> list[I64]:
    """Return the homes of each community of which the same is known: they may change places."""
    if not len(people):
        return []
    community = pd.factorize(demand["community_id"].fillna("").astype(str))[0]
    known = np.column_stack([community, np.isnan(people), np.isnan(counts)]).astype(np.int64)
    _, stratum = np.unique(known, axis=0, return_inverse=True)
    stratum = stratum.reshape(-1)
    order = np.argsort(stratum, kind="stable")
    return [np.asarray(r) for r in np.split(order, np.cumsum(np.bincount(stratum))[:-1])]


def _along_curve(demand: gpd.GeoDataFrame) -> I64:
    """Return the homes in the order of a Hilbert curve: neighbours follow each other."""
    place = demand.geometry.hilbert_distance().to_numpy() if len(demand) > 1 else np.zeros(1)
    return np.lexsort((demand["demand_id"].to_numpy(dtype=str), place)).astype(np.int64)


def _cut(rule: _Rule, rows: I64, people: F64, counts: F64) -> Iterator[I64]:
    """Yield the blocks of homes in a row, which are safe together.

    They are halved by residents as long as both halves are safe. Who knows this learns of a block
    that one of its halves is not, but not which.
    """
    waiting = [rows]
    while waiting:
        whole = waiting.pop()
        halves = _halves(whole, people[whole])
        if halves and all(
            rule.safe(
                counts[half].sum(axis=0), people[half].sum(), people[half].max(), len(half)
            ).all()
            for half in halves
        ):
            waiting += reversed(halves)
        else:
            yield whole


def _halves(rows: I64, people: F64) -> list[I64]:
    """Return homes in a row cut in two where half of the residents is reached; none for one."""
    if len(rows) < 2:
        return []
    before = np.cumsum(people)[:-1]
    place = int(np.argmin(np.abs(before - people.sum() / 2))) + 1
    return [rows[:place], rows[place:]]


def _gone(
    subdistricts: list[I64], rule: _Rule, strata: list[I64], people: F64, counts: F64
) -> Bool:
    """Return which counts are withheld altogether, shape (n, g)."""
    groups = counts.shape[1]
    sums = np.array([counts[rows].sum(axis=0) for rows in strata]).reshape(-1, groups)
    residents = np.array([people[rows].sum() for rows in strata])
    largest = np.array([people[rows].max() for rows in strata])
    hidden = np.zeros((len(strata), groups), dtype=np.bool_)
    for number, rows in enumerate(strata):
        if np.isnan(residents[number]):
            hidden[number] = True
        else:
            safe = rule.safe(sums[number], residents[number], largest[number], len(rows))
            hidden[number] = ~safe & ~np.isnan(sums[number])
    for family in _families(people, counts):
        together: Bool = np.asarray(hidden[:, family].any(axis=1), dtype=np.bool_)
        for inside in [*subdistricts, np.arange(len(strata))]:
            _hide_another(rule, together, inside, sums[:, family], residents)
        hidden[:, family] = together[:, None]
    gone = np.zeros(counts.shape, dtype=np.bool_)
    for number, rows in enumerate(strata):
        gone[rows] = hidden[number]
    return gone & ~np.isnan(counts)


def _hide_another(rule: _Rule, hidden: Bool, inside: I64, sums: F64, residents: F64) -> None:
    """Hide more areas of a larger one until those that are hidden are safe together, in place.

    Who knows the larger one's count from elsewhere learns their sum. The next one is that with
    the fewest residents.
    """
    known = inside[~np.isnan(sums[inside]).any(axis=1)]
    for _ in range(len(known)):
        some = known[hidden[known]]
        left = known[~hidden[known] & (residents[known] > 0)]
        if not residents[some].sum() > 0 or not len(left):
            return
        total, most = float(residents[some].sum()), float(residents[some].max())
        if len(some) > 1 and rule.safe(sums[some].sum(axis=0), total, most, len(some)).all():
            return
        hidden[left[np.argmin(residents[left])]] = True


def _subdistricts(
    demand: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, strata: list[I64]
) -> list[I64]:
    """Return the strata of each subdistrict."""
    names = communities.set_index("community_id")["subdistrict"]
    first = np.array([rows[0] for rows in strata], dtype=np.int64)
    subdistrict = demand["community_id"].iloc[first].map(names).fillna("").to_numpy()
    return [np.flatnonzero(subdistrict == name) for name in dict.fromkeys(subdistrict) if name]


def _families(people: F64, counts: F64) -> list[I64]:
    """Return groups that are bound by an exact sum, with the residents or without, together.

    The circuits of the columns' linear dependences: each column that those before it add up to is
    bound to those that it takes.
    """
    groups = counts.shape[1]
    family = np.arange(groups)
    known = ~np.isnan(counts).any(axis=1) & ~np.isnan(people)
    if not known.any():
        return [np.array([g], dtype=np.int64) for g in range(groups)]
    rows = np.unique(np.column_stack([people[known], counts[known]]), axis=0)
    basis = [0]
    for group in range(groups):
        column = rows[:, group + 1]
        taken = np.linalg.lstsq(rows[:, basis], column, rcond=None)[0]
        if np.abs(rows[:, basis] @ taken - column).max() > 1e-6 * max(1.0, np.abs(column).max()):
            basis.append(group + 1)
            continue
        for place, share in zip(basis, taken, strict=True):
            if place and abs(share) > 1e-6:
                family[family == family[place - 1]] = family[group]
    return [np.flatnonzero(family == each) for each in np.unique(family)]


def _spread(block: I64, in_block: Bool, people: F64, counts: F64) -> F64:
    """Return the counts, those of blocks of several homes spread as the residents are."""
    if not in_block.any():
        return counts
    result, of_block = counts.copy(), block[in_block]
    number = int(of_block.max()) + 1
    weight = people[in_block]
    total = np.bincount(of_block, weights=weight, minlength=number)
    homes = np.bincount(of_block, minlength=number)
    # where nobody is counted as a resident, every home is given the same
    share = np.where(
        total[of_block] > 0,
        weight / np.where(total > 0, total, 1.0)[of_block],
        1.0 / homes[of_block],
    )
    for group in range(counts.shape[1]):
        count = np.bincount(of_block, weights=counts[in_block, group], minlength=number)
        result[in_block, group] = count[of_block] * share
    return result


def _without_unknown(layer: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer without columns that may count residents in a way nobody knows."""
    known = {"geometry", *(column.name for column in LAYERS[layer].columns)}
    counted = [name for name in table if str(name).startswith(GROUP_PREFIX)]
    if layer not in PEOPLE_LAYERS:
        return table.drop(columns=counted)
    kept = known | (set(counted) if layer == "demand" else set())
    return table.drop(columns=[name for name in table if name not in kept])


def _findings(demand: gpd.GeoDataFrame, withheld: Withheld) -> Iterator[Finding]:
    """Tell what is withheld."""
    yield Finding(
        "small_numbers.homes",
        {
            "threshold": withheld.threshold,
            "figures": int(withheld.homes.to_numpy().sum()),
            "blocks": withheld.blocks,
        },
    )
    community = demand["community_id"].to_numpy()
    for group in withheld.groups:
        lost = withheld.gone[group].to_numpy()
        if lost.any():
            areas = len(set(community[lost]))
            params = {"group": group, "areas": areas, "threshold": withheld.threshold}
            yield Finding("small_numbers.areas", params)
