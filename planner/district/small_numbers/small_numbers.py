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

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64, I64, Bool
from planner.district.layers import GROUP_PREFIX, LAYERS, SPREAD_BY, SPREAD_FROM
from planner.district.small_numbers.blocks import Rule, blocks_of
from planner.district.small_numbers.withheld import Withheld
from planner.errors import Finding, InputError

DEFAULT_THRESHOLD = 5
"""People of a group below whom a count is withheld: three to ten in the practice of statistics."""

PEOPLE_LAYERS = ("demand", "communities")
"""Layers that count residents: of these no column is kept that the table of columns lacks."""


def withheld_already(before: Withheld | None, threshold: int) -> bool:
    """Return whether as much is withheld as a threshold asks for.

    Raises
    ------
    InputError
        ``small_numbers.withheld_before`` where a smaller threshold was kept: the layers
        no longer have the counts as they were.
    """
    if before is None:
        return False
    if before.threshold < threshold:
        raise InputError(
            "small_numbers.withheld_before", threshold=before.threshold, value=threshold
        )
    return True


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
    rule = Rule(threshold, counted)
    block, gone = blocks_of(demand, layers["communities"], rule, people, counts)
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
    own = {SPREAD_FROM, SPREAD_BY} if layer == "demand" else set()  # names, no counts
    known = {"geometry", *own, *(column.name for column in LAYERS[layer].columns)}
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
