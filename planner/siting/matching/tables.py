"""The tables of a :class:`planner.siting.matching.matching.Matching`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array

from planner.analysis.people import people_in
from planner.arrays import F64, I64, Texts
from planner.location.allocation.allocate import FULL, NO_PLACE
from planner.siting.matching.flows import MatchedNeeds, of_columns, price_of
from planner.siting.matching.needs import ASSUMED

OWNERSHIPS = ("public", "partner", "internal")
UNKNOWN_ROOM, UNKNOWN_POSITION = "unknown_room", "unknown_position"
UNKNOWN_PLACE = "unknown_place"

_DUST = 1e-9


def ownership_of(matching: MatchedNeeds) -> Texts:
    """Return whose each place is; what is not a partner's or a unit's is the public's own."""
    given = matching.assessment.district.facilities["ownership"].iloc[matching.places.rows]
    own = given.where(given.isin(OWNERSHIPS[1:]), OWNERSHIPS[0])
    return np.asarray(own.to_numpy(dtype=object))


def place_table(matching: MatchedNeeds) -> gpd.GeoDataFrame:
    """Return the places; see :attr:`~planner.siting.matching.matching.Matching.served`."""
    places, found = matching.places, matching.allocation
    layer = matching.assessment.district.facilities.iloc[places.rows]
    used, walked = _by_place(matching)
    names = ["facility_id", "name", "kind", "ownership", "department"]
    names += ["operator"] if "operator" in layer else []
    table = layer[[*names, "geometry"]].reset_index(drop=True)
    table["ownership"] = ownership_of(matching)
    capacity = places.room
    reach = matching.distances.tocoo()
    entries = matching.amounts.tocoo()
    count = len(table)
    price = price_of(matching.distances)
    settles = np.rint(-found.one_more_walk_m / price)
    sure = places.sure
    with np.errstate(invalid="ignore", divide="ignore"):
        figures = {
            "capacity": capacity,
            "capacity_is": places.room_is,
            "counts": places.counts,
            "in_reach": np.bincount(reach.col, matching.needs[reach.row], count),
            "used": np.where(sure, used, np.nan),
            "room_left": np.where(sure, np.maximum(capacity - used, 0.0), np.nan),
            "share_used": np.where(sure & (capacity > 0), used / capacity, np.nan),
            "homes": np.bincount(entries.col, minlength=count),
            "mean_walk_m": walked / np.where(used > 0, used, np.nan),
            "perhaps": np.asarray(matching.perhaps.sum(axis=0)).ravel(),
            "one_more_serves": np.where(sure, found.one_more_serves, np.nan),
            "one_more_settles": np.where(sure, np.maximum(settles, 0.0), np.nan),
            "one_more_walk_m": np.where(sure, found.one_more_walk_m + settles * price, np.nan),
        }
    points = table.pop("geometry")
    return gpd.GeoDataFrame(table.assign(**figures), geometry=points, crs=layer.crs)


def home_table(matching: MatchedNeeds) -> gpd.GeoDataFrame:
    """Return the homes; see :meth:`~planner.siting.matching.matching.Matching.homes`."""
    demand = matching.assessment.district.demand
    served = served_of(matching)
    metres = matching.amounts.multiply(matching.distances).sum(axis=1)
    ids = matching.assessment.district.facilities["facility_id"].to_numpy(dtype=object)
    most = _most(matching.amounts)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(served > 0, np.asarray(metres).ravel() / served, np.nan)
    table = {
        "demand_id": demand["demand_id"].to_numpy(dtype=object),
        "community_id": demand["community_id"].to_numpy(dtype=object),
        "needs": matching.needs,
        "served": served,
        "unserved": matching.unserved,
        "unknown": matching.unknown,
        "why": why_of(matching),
        "facility_id": np.where(most >= 0, ids[matching.places.rows[most]], ""),
        "distance_m": mean,
    }
    needing = matching.needs > 0
    whole = gpd.GeoDataFrame(table, geometry=demand.geometry.to_numpy(), crs=demand.crs)
    return whole[needing].reset_index(drop=True)


def flow_table(matching: MatchedNeeds) -> pd.DataFrame:
    """Return who goes where; see :meth:`~planner.siting.matching.matching.Matching.flows`."""
    district = matching.assessment.district
    row, place, amount, metres = _flow_arrays(matching)
    ids = district.facilities["facility_id"].to_numpy(dtype=object)[matching.places.rows]
    return pd.DataFrame(
        {
            "demand_id": district.demand["demand_id"].to_numpy(dtype=object)[row],
            "facility_id": ids[place],
            "amount": amount,
            "distance_m": metres,
        }
    )


def community_table(matching: MatchedNeeds) -> gpd.GeoDataFrame:
    """Return the communities.

    See :meth:`~planner.siting.matching.matching.Matching.communities`.
    """
    district = matching.assessment.district
    layer = district.communities
    area = pd.Index(layer["community_id"]).get_indexer(district.demand["community_id"])
    inside = area >= 0

    def total(values: F64) -> F64:
        return np.bincount(area[inside], values[inside], len(layer)).astype(np.float64)

    sums = {name: total(values) for name, values in by_home(matching).items()}
    # of a community that does not tell its people, nobody can say that none is served
    untold = np.isnan(people_in(matching.assessment, "community", matching.group))
    sums = {name: np.where(untold, np.nan, values) for name, values in sums.items()}
    table = layer[["community_id", "name", "subdistrict"]].assign(**sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        table["share_served"] = sums["served"] / np.where(sums["needs"] > 0, sums["needs"], np.nan)
        walked = table.pop("walked_m").to_numpy()
        table["mean_walk_m"] = walked / np.where(sums["served"] > 0, sums["served"], np.nan)
    result = gpd.GeoDataFrame(table, geometry=layer.geometry, crs=layer.crs)
    return result.sort_values(
        ["unserved", "unknown", "community_id"], ascending=[False, False, True], ignore_index=True
    )


def exchange_table(matching: MatchedNeeds) -> gpd.GeoDataFrame:
    """Return what goes from each community to each place.

    See :meth:`~planner.siting.matching.matching.Matching.exchanges`.
    """
    district = matching.assessment.district
    row, place, amount, metres = _flow_arrays(matching)
    points = shapely.get_coordinates(district.demand.geometry.to_numpy())[row]
    table = pd.DataFrame(
        {
            "community_id": district.demand["community_id"].to_numpy(dtype=object)[row],
            "place": place,
            "amount": amount,
            "walked": amount * metres,
            "x": amount * points[:, 0],
            "y": amount * points[:, 1],
        }
    )
    sums = table.groupby(["community_id", "place"], sort=True).sum().reset_index()
    facilities = district.facilities.iloc[matching.places.rows[sums["place"].to_numpy(dtype=int)]]
    start = sums[["x", "y"]].to_numpy() / sums["amount"].to_numpy()[:, None]
    end = shapely.get_coordinates(facilities.geometry.to_numpy()).reshape(-1, 2)
    lines: Any = shapely.linestrings(np.stack([start, end], axis=1)) if len(sums) else []
    found = {
        "community_id": sums["community_id"].to_numpy(dtype=object),
        "facility_id": facilities["facility_id"].to_numpy(dtype=object),
        "amount": sums["amount"].to_numpy(),
        "mean_walk_m": (sums["walked"] / sums["amount"]).to_numpy(),
    }
    return gpd.GeoDataFrame(found, geometry=lines, crs=district.crs).sort_values(
        ["amount", "community_id", "facility_id"],
        ascending=[False, True, True],
        ignore_index=True,
    )


def totals(matching: MatchedNeeds, by: Sequence[str]) -> pd.DataFrame:
    """Return sums of the places.

    See :meth:`~planner.siting.matching.matching.Matching.by_ownership`.
    """
    table = pd.DataFrame(place_table(matching).drop(columns="geometry"))
    named = table["operator"] if "operator" in table else pd.Series("", index=table.index)
    table["operator"] = named.where(named.fillna("") != "", table["department"].fillna(""))
    table["walked"] = (table["mean_walk_m"] * table["used"]).fillna(0.0)
    table["capacity"] = table["capacity"].where(table["capacity_is"] != ASSUMED)
    groups = table.groupby(list(by), sort=False, observed=True)
    sums = groups[["used", "walked"]].sum()
    sums["places"] = groups.size()
    sums["capacity"] = groups["capacity"].sum(min_count=1)
    sums["room_left"] = groups["room_left"].sum(min_count=1)
    whole = float(matching.needs.sum())
    sums["share"] = sums["used"] / whole if whole > 0 else np.nan
    sums["mean_walk_m"] = sums["walked"] / sums["used"].where(sums["used"] > 0)
    order = ["places", "capacity", "used", "share", "room_left", "mean_walk_m"]
    return sums[order].sort_values("used", ascending=False, kind="stable").reset_index()


def figures(matching: MatchedNeeds) -> dict[str, float]:
    """Return the figures of the district.

    See :meth:`~planner.siting.matching.matching.Matching.summary`.
    """
    sums = {name: float(values.sum()) for name, values in by_home(matching).items()}
    needs, served, unknown = sums["needs"], sums["served"], sums["unknown"]
    places = place_table(matching)
    walked = sums.pop("walked_m")
    # however near all of whom it is not known may be, no place serves more than it has room for
    room = matching.places.room
    most = min(served + unknown, float(np.where(np.isnan(room), np.inf, room).sum()))
    return {
        **sums,
        "share_low": served / needs if needs > 0 else np.nan,
        "share_high": max(most, served) / needs if needs > 0 else np.nan,
        "mean_walk_m": walked / served if served > 0 else np.nan,
        "places": float(len(places)),
        "places_full": float((places["share_used"] > 1 - _DUST).sum()),
        "places_unknown": float((~matching.places.sure).sum()),
        "places_assumed": float((places["capacity_is"] == ASSUMED).sum()),
        "room_left": float(places["room_left"].sum()),
    }


def by_home(matching: MatchedNeeds) -> dict[str, F64]:
    """Return the amounts of each home by what becomes of them, and the metres walked."""
    served, unserved = served_of(matching), matching.unserved
    owner = ownership_of(matching)
    by_owner = {
        f"served_{whose}": np.asarray(
            of_columns(matching.amounts, owner == whose).sum(axis=1)
        ).ravel()
        for whose in OWNERSHIPS
    }
    nowhere = matching.allocation.why == NO_PLACE
    unknown = matching.unknown
    return {
        "needs": matching.needs,
        "served": served,
        **by_owner,
        "unserved": unserved,
        NO_PLACE: np.where(nowhere, unserved, 0.0),
        FULL: np.where(nowhere, 0.0, unserved),
        "unknown": unknown,
        UNKNOWN_ROOM: np.where(matching.located, unknown - matching.perhaps_elsewhere, 0.0),
        UNKNOWN_PLACE: matching.perhaps_elsewhere,
        UNKNOWN_POSITION: np.where(matching.located, 0.0, unknown),
        "walked_m": np.asarray(matching.amounts.multiply(matching.distances).sum(axis=1)).ravel(),
    }


def served_of(matching: MatchedNeeds) -> F64:
    """Return the amount of each home that is certainly served."""
    return _by_home(matching.amounts)


def why_of(matching: MatchedNeeds) -> Texts:
    """Return why a home's need is not served in full: the reason of the larger part."""
    unserved, unknown = matching.unserved, matching.unknown
    reason = np.where(unserved > 0, matching.allocation.why, "").astype(object)
    elsewhere = matching.perhaps_elsewhere
    reason[unknown > unserved] = UNKNOWN_ROOM
    reason[(elsewhere > 0) & (elsewhere >= unknown - elsewhere)] = UNKNOWN_PLACE
    reason[(unknown > 0) & ~matching.located] = UNKNOWN_POSITION
    return reason


def _by_home(amounts: csr_array) -> F64:
    return np.asarray(amounts.sum(axis=1), dtype=np.float64).ravel()


def _by_place(matching: MatchedNeeds) -> tuple[F64, F64]:
    amounts = matching.amounts
    used = np.asarray(amounts.sum(axis=0), dtype=np.float64).ravel()
    walked = np.asarray(amounts.multiply(matching.distances).sum(axis=0), dtype=np.float64).ravel()
    return used, walked


def _flow_arrays(matching: MatchedNeeds) -> tuple[I64, I64, F64, F64]:
    """Return home, place, amount and metres of every flow."""
    part = matching.amounts.tocoo()
    metres = np.zeros(0)
    if part.nnz:
        metres = np.asarray(matching.distances[part.row, part.col], dtype=np.float64).ravel()
    return part.row, part.col, part.data, metres


def _most(amounts: csr_array) -> I64:
    """Return the column of each row's largest entry, −1 where it has none."""
    part = amounts.tocoo()
    order = np.lexsort((-part.col, part.data))
    most = np.full(part.shape[0], -1)
    most[part.row[order]] = part.col[order]
    return most
