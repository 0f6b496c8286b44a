"""Buildings that several kinds could share: where they are, what may be in them, at what price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64, Bool
from planner.siting.candidates import GENERATED
from planner.siting.costs import Costs

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


_OWN = ("site_id", "origin", "name", "facility_id", "floor_area_m2")


@dataclass(frozen=True, eq=False)
class Places:
    """Places for buildings, and the kinds that each may hold. Made by :func:`merged`.

    Parameters
    ----------
    table
        ``site_id``, ``origin``, ``name``, ``facility_id``, ``floor_area_m2`` (of what stands there,
        else NaN), ``kinds`` (that may be there, joined by semicolons) and the point, in the
        district's CRS.
    kinds
        Kinds, in the order of the columns below.
    allowed
        (places, kinds) which kinds a place may hold.
    alone
        (places, kinds) price of a kind that is alone in the building, 0 where it is not allowed.
    added
        (places, kinds) price of a kind that moves into a building that is paid for.
    separate
        (places, kinds) price of a kind in a building of its own: no larger than the kind needs by
        the standard, even if the place at hand is; 0 where it is not allowed.
    room_m2
        (places,) floor area for these kinds, inf where it is not known.
    area_m2
        (kinds,) least floor area of each kind by the standard, 0 where it says nothing.
    """

    table: gpd.GeoDataFrame
    kinds: tuple[str, ...]
    allowed: Bool
    alone: F64
    added: F64
    separate: F64
    room_m2: F64
    area_m2: F64

    @property
    def once(self) -> F64:
        """(places, kinds) price of the building, apart from what is in it, if built for a kind."""
        return self.alone - self.added

    def cost(self, opened: Bool) -> F64:
        """(places,) price of each building with what is opened in it, (places, kinds) bool."""
        added = np.where(opened, self.added, 0.0)
        dearest = np.where(opened, self.added, -1.0).argmax(axis=1)
        once = self.once[np.arange(len(dearest)), dearest]
        total: F64 = added.sum(axis=1) + np.where(opened.any(axis=1), once, 0.0)
        return total

    def separate_cost(self, opened: Bool) -> F64:
        """(places,) price of the same facilities if each had a building of its own.

        That may be less than :meth:`cost`: a house that is larger than its kinds need is paid for
        as a whole. A building of one kind is its own already.
        """
        apart = np.where(opened, self.separate, 0.0).sum(axis=1)
        total: F64 = np.where(opened.sum(axis=1) > 1, apart, self.cost(opened))
        return total


def merged(
    assessment: Assessment,
    tables: Mapping[str, gpd.GeoDataFrame],
    prices: Costs,
    *,
    fitting: bool = True,
) -> Places:
    """Merge the places of several kinds into one table of buildings.

    Parameters
    ----------
    assessment
        Whose standard knows the least floor areas.
    tables
        For each kind its places; see :func:`planner.siting.candidate_sites`.
    prices
        Price of a kind by its floor area, and the share saved on each further kind.
    fitting
        Whether listed places hold only what their floor area is enough for.

    Notes
    -----
    A listed candidate, a street node or a cell is one place for all the kinds that may be there.
    Premises at one point are one place. A door of a unit is a place for the kind behind it only.
    """
    kinds = tuple(tables)
    keyed = [_keyed(table, kind) for kind, table in tables.items()]
    every = pd.concat(keyed, ignore_index=True)
    first = every.drop_duplicates("key", ignore_index=True)
    row = pd.Series(np.arange(len(first)), index=first["key"])
    allowed = np.zeros((len(first), len(kinds)), np.bool_)
    alone = np.zeros(allowed.shape)
    for number, table in enumerate(keyed):
        at = row.loc[table["key"]].to_numpy()
        allowed[at, number] = True
        alone[at, number] = table["cost"].to_numpy(dtype=np.float64)
    area = np.array([assessment.standard.least_m2(kind) for kind in kinds])
    usual = np.array([prices.site(each or None) for each in area])
    # what moves into rooms that stand already pays for them only; nobody would build them anew
    moves_in = (first["origin"] == "premises").to_numpy()[:, None]
    separate = np.minimum(alone, np.where(moves_in, np.inf, usual))
    added = np.where(moves_in, 1.0, 1.0 - prices.one_stop_saving) * separate
    # where nothing stands, the first kind's need is no floor area of the place
    first.loc[first["origin"].isin(GENERATED), "floor_area_m2"] = np.nan
    words = [";".join(np.array(kinds, dtype=object)[may]) for may in allowed]
    table = gpd.GeoDataFrame(
        first[[*_OWN]].assign(kinds=words),
        geometry=first["geometry"].to_numpy(),
        crs=assessment.district.crs,
    )
    room = _room(assessment, table, fitting)
    allowed &= area[None, :] <= room[:, None] * (1 + 1e-9)
    prices_of = (alone * allowed, added * allowed, separate * allowed)
    return Places(table, kinds, allowed, *prices_of, room, area)


def _keyed(table: gpd.GeoDataFrame, kind: str) -> pd.DataFrame:
    """Return places with a key that is the same for those of other kinds in the same building."""
    own = table["site_id"].astype(str)
    points = pd.Series([shape.wkb_hex for shape in table.geometry], index=table.index, dtype=object)
    key = own.where(table["origin"] != "premises", "premises@" + points)
    key = key.where(table["origin"] != "internal", f"{kind}@" + own)
    return pd.DataFrame(table).assign(key=key).drop_duplicates("key", ignore_index=True)


def _room(assessment: Assessment, places: gpd.GeoDataFrame, fitting: bool) -> F64:
    """Return the floor area that a place has for new kinds, inf where it is built to measure."""
    behind = assessment.district.facilities.set_index("facility_id")["kind"]
    kinds = places["facility_id"].map(behind)
    taken = kinds.map(assessment.standard.least_m2).to_numpy(dtype=np.float64)
    area = places["floor_area_m2"].to_numpy(dtype=np.float64)
    shared = (places["origin"] == "premises").to_numpy()
    limited = shared | ((places["origin"] == "candidates").to_numpy() & fitting)
    left = np.maximum(area - np.where(shared, taken, 0.0), 0.0)
    room: F64 = np.where(limited & ~np.isnan(area), left, np.inf)
    return room


def given(
    sites: gpd.GeoDataFrame, kinds: Sequence[str], assessment: Assessment
) -> dict[str, gpd.GeoDataFrame]:
    """Return, for each kind, the places of one table that may hold it.

    A column ``kinds`` limits a place to what it names; a door of a unit is for its kind only.
    """
    behind = assessment.district.facilities.set_index("facility_id")["kind"]
    named = sites["kinds"] if "kinds" in sites else pd.Series("", index=sites.index)
    door = sites["facility_id"].map(behind).where(sites["origin"] == "internal", "")
    found = {}
    for kind in kinds:
        listed = [not text or kind in {k.strip() for k in text.split(";")} for text in named]
        found[kind] = sites[np.array(listed, bool) & door.isin(["", kind]).to_numpy()]
    return found
