"""The smallest thing that brings a kind of facility to the residents of each area who lack it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.analysis.distances.pairs import facility_pairs
from planner.analysis.distances.streets import join, points_xy
from planner.analysis.hours.rules import OPEN, SHUT
from planner.analysis.links.links import best_link_for
from planner.analysis.people import people_of
from planner.analysis.questions import Question
from planner.arrays import F64, I64, Texts
from planner.network import Positions

EFFORT = ("add_service", "extend_hours", "open_internal", "finish", "reopen", "link", "build")
"""Remedies, the smallest first: a facility near by offers the service too; keeps longer hours; a
unit opens its own to residents; one that is planned is finished; one that was closed is opened
again; two streets are connected; a new facility is built."""

ENOUGH = 0.5
"""A remedy will do where it brings this share of what the best one brings."""

SITES_AN_AREA = 60
"""Homes tried as sites in each area, at most."""

_COLUMNS = ["area_id", "kind", "remedy", "gain", "lacking", "id", "name", "x", "y", "x2", "y2"]


def remedies(
    assessment: Assessment,
    kind: str,
    level: Level = "community",
    *,
    areas: list[str] | None = None,
    links: bool = False,
) -> pd.DataFrame:
    """Return, for each area and kind of remedy, the one that brings most of its residents.

    Parameters
    ----------
    assessment
        What is judged.
    kind
        A judged kind.
    level
        Of the areas.
    areas
        Only these area ids.
    links
        Whether links between streets are tried; that takes longest.

    Returns
    -------
    DataFrame
        The smallest remedy first, area by area: ``area_id``, ``kind``, ``remedy`` of
        :data:`EFFORT`, ``gain``, residents of the area beyond the limit whom it alone brings
        within it, ``lacking``, all who are beyond it, ``id`` of the facility or candidate site
        (empty for homes and links), its ``name`` (of a link the gate, barrier or streets, where
        they have one), its place ``x``, ``y`` and for a link ``x2``, ``y2``, metres in the
        district's CRS; ``sufficient``, whether it will do: it brings at least
        :data:`ENOUGH` of what the best one of the area brings. Remedies that bring nobody are
        left out.
    """
    names, area_of = assessment.areas(level)
    wanted = np.isin(names.index, names.index if areas is None else areas)
    within = assessment.within(kind)
    chosen = np.append(wanted, False)[area_of] & (~within).fillna(False).to_numpy(dtype=np.bool_)
    homes = np.flatnonzero(chosen & (people_of(assessment) > 0)).astype(np.int64)
    lack = _Lack(assessment, kind, homes, area_of[homes], len(names))
    options = [*_facility_options(lack), _build(lack)]
    if links and assessment.reach.measure_of(kind) == "walk":
        options.append(_links(lack))
    table = pd.concat([option for option in options if len(option)] or [_none()])
    table["area_id"] = names.index.to_numpy(dtype=object)[table.pop("area").to_numpy(np.int64)]
    table["kind"] = kind
    table["rank"] = table["remedy"].map({name: rank for rank, name in enumerate(EFFORT)})
    order = np.lexsort((table["rank"], names.index.get_indexer(pd.Index(table["area_id"]))))
    table = table.iloc[order][_COLUMNS].reset_index(drop=True)
    best = table.groupby("area_id", sort=False)["gain"].transform("max")
    return table.assign(sufficient=table["gain"] >= ENOUGH * best)


@dataclass(frozen=True, eq=False)
class _Lack:
    """The homes beyond the limit of a kind, (m,) rows of ``demand``, and the area of each."""

    assessment: Assessment
    kind: str
    homes: I64
    area: I64
    count: int

    @property
    def people(self) -> F64:
        """(m,) residents."""
        return people_of(self.assessment)[self.homes]

    @property
    def limit_m(self) -> float:
        return self.assessment.limit_m(self.kind) or 0.0

    @property
    def lacking(self) -> F64:
        """(count,) residents beyond the limit by area."""
        sums = np.bincount(self.area, weights=self.people, minlength=self.count)
        return np.asarray(sums, dtype=np.float64)

    def best(self, place: I64, home: I64, places: int) -> _Best:
        """Return the place that brings most residents of each area.

        Parameters
        ----------
        place, home
            (p,) pairs within the limit; `home` as a position in :attr:`homes`.
        places
            Number of places.
        """
        key = self.area[home] * np.int64(places) + place
        pairs, slot = np.unique(key, return_inverse=True)
        sums = np.bincount(slot, weights=self.people[home], minlength=len(pairs))
        gain = np.asarray(sums, dtype=np.float64)
        area = pairs // max(places, 1)
        order = np.lexsort((pairs, -gain, area))
        first = np.unique(area[order], return_index=True)[1]
        top = order[first]
        return _Best(area[top], pairs[top] % max(places, 1), gain[top])

    def table(self, remedy: str, best: _Best, ids: Texts, names: Texts, xy: F64) -> pd.DataFrame:
        """Return the best places by area; `ids`, `names` and `xy` are those of all places."""
        return pd.DataFrame(
            {
                "area": best.area,
                "remedy": remedy,
                "gain": best.gain,
                "lacking": self.lacking[best.area],
                "id": ids[best.place],
                "name": names[best.place],
                "x": xy[best.place, 0],
                "y": xy[best.place, 1],
                "x2": np.nan,
                "y2": np.nan,
            }
        )


@dataclass(frozen=True, eq=False)
class _Best:
    """Areas, the place that brings most of each, and how many residents that is."""

    area: I64
    place: I64
    gain: F64


def _none() -> pd.DataFrame:
    numbers = {name: pd.Series(dtype="float64") for name in ("gain", "lacking", *_COLUMNS[-4:])}
    texts = {name: pd.Series(dtype=object) for name in ("remedy", "id", "name")}
    return pd.DataFrame({"area": pd.Series(dtype="int64"), **texts, **numbers})


def _facility_options(lack: _Lack) -> Iterator[pd.DataFrame]:
    """Yield what facilities that do not count today would bring, remedy by remedy."""
    reach = lack.assessment.reach
    district = lack.assessment.district
    ids = district.facilities["facility_id"].to_numpy(dtype=object)
    names = district.facilities["name"].to_numpy(dtype=object)
    xy = points_xy(district.facilities)
    at = np.full(len(reach.homes), -1, dtype=np.int64)
    at[lack.homes] = np.arange(len(lack.homes))
    for remedy, rows in _dormant(lack.assessment, lack.kind):
        pairs = facility_pairs(reach, rows, lack.limit_m, reach.measure_of(lack.kind))
        kept = pairs.only(at[pairs.home] >= 0)
        best = lack.best(kept.facility, at[kept.home], len(rows))
        yield lack.table(remedy, best, ids[rows], names[rows], xy[rows])


def _dormant(assessment: Assessment, kind: str) -> Iterator[tuple[str, I64]]:
    """Yield the facilities of a kind that would count but for one thing, by what mends it."""
    facilities, question = assessment.district.facilities, assessment.question
    of_kind = facilities["kind"] == kind
    existing, own = facilities["status"] == "existing", facilities["ownership"] == "internal"
    hours = Question(at=question.at).states(facilities)
    service = Question(service=question.service).states(facilities)
    works = question.states(facilities) == OPEN
    rows: dict[str, npt.ArrayLike] = {
        "add_service": existing & ~own & (service == SHUT) & (hours == OPEN),
        "extend_hours": existing & ~own & (hours == SHUT) & (service == OPEN),
        "open_internal": existing & own & works,
        "finish": (facilities["status"] == "planned") & ~own & works,
        "reopen": (facilities["status"] == "closed") & ~own & works,
    }
    for remedy, counts in rows.items():
        chosen = np.flatnonzero(np.asarray(counts & of_kind)).astype(np.int64)
        if len(chosen):
            yield remedy, chosen


def _build(lack: _Lack) -> pd.DataFrame:
    """Return the best site of each area: a candidate site if that will do, else a home."""
    served, elsewhere = _at_candidates(lack), _at_homes(lack)
    most = elsewhere.set_index("area")["gain"].reindex(served["area"]).fillna(0.0).to_numpy()
    served = served[served["gain"].to_numpy() >= ENOUGH * most]
    return pd.concat([served, elsewhere[~elsewhere["area"].isin(served["area"])]])


def _at_candidates(lack: _Lack) -> pd.DataFrame:
    district, reach = lack.assessment.district, lack.assessment.reach
    sites = _candidates(district.candidates, lack.kind)
    ids, names = (sites[name].to_numpy(dtype=object) for name in ("candidate_id", "name"))
    xy = points_xy(sites)
    place, home = _near(lack, join(district, sites, reach.max_access_m), xy)
    return lack.table("build", lack.best(place, home, len(sites)), ids, names, xy)


def _at_homes(lack: _Lack) -> pd.DataFrame:
    tried = _homes_to_try(lack)
    rows = lack.homes[tried]
    xy = points_xy(lack.assessment.district.demand.iloc[rows])
    place, home = _near(lack, lack.assessment.reach.homes.take(rows), xy)
    same = lack.area[home] == lack.area[tried][place]
    best = lack.best(place[same], home[same], len(rows))
    nameless = np.full(len(rows), "", dtype=object)
    return lack.table("build", best, nameless, nameless, xy)


def _candidates(sites: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    allowed = [not text or kind in map(str.strip, text.split(";")) for text in sites["kinds"]]
    return sites[np.array(allowed, dtype=bool) & ~sites["forbidden"].to_numpy(dtype=bool)]


def _homes_to_try(lack: _Lack) -> I64:
    """Return positions of homes spread evenly over each area's, at most SITES_AN_AREA each."""
    order = np.argsort(lack.area, kind="stable").astype(np.int64)
    size = np.bincount(lack.area, minlength=lack.count)
    rank = np.arange(len(order)) - (np.cumsum(size) - size)[lack.area[order]]
    step = -(-size // SITES_AN_AREA)
    return np.asarray(order[rank % np.maximum(step, 1)[lack.area[order]] == 0], dtype=np.int64)


def _near(lack: _Lack, places: Positions, xy: F64) -> tuple[I64, I64]:
    """Return pairs of a place and a home within the limit."""
    reach = lack.assessment.reach
    if reach.measure_of(lack.kind) == "straight":
        return _straight(lack, xy)
    on_network = reach.streets.on_network
    found = reach.streets.network.matrix(
        on_network(places), on_network(reach.homes.take(lack.homes)), lack.limit_m
    )
    place = np.repeat(np.arange(len(places), dtype=np.int64), np.diff(found.indptr))
    return place, found.indices.astype(np.int64)


def _straight(lack: _Lack, xy: F64) -> tuple[I64, I64]:
    from scipy.spatial import cKDTree

    homes = points_xy(lack.assessment.district.demand.iloc[lack.homes])
    if not len(homes) or not len(xy):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    near = cKDTree(xy).query_ball_point(homes, lack.limit_m + 0.0005)
    place = np.array([site for sites in near for site in sorted(sites)], dtype=np.int64)
    return place, np.repeat(np.arange(len(homes)), [len(sites) for sites in near])


def _links(lack: _Lack) -> pd.DataFrame:
    """Return the link that brings most residents of each area, exactly."""
    ids = lack.assessment.district.demand["demand_id"].to_numpy(dtype=object)
    rows = []
    for area in np.unique(lack.area):
        mine = ids[lack.homes[lack.area == area]]
        found = best_link_for(lack.assessment, mine, lack.kind, count=1)
        rows += [
            (area, row.gain, _link_name(row), row.x1, row.y1, row.x2, row.y2)
            for row in found.itertuples()
        ]
    table = pd.DataFrame(rows, columns=["area", "gain", "name", "x", "y", "x2", "y2"])
    table["area"] = table["area"].astype("int64")
    lacking = lack.lacking[table["area"].to_numpy(dtype=np.int64)]
    return table.assign(remedy="link", id="", lacking=lacking)


def _link_name(link: Any) -> str:
    """Return the gate, the barrier or the streets of a link, empty where none has a name."""
    streets = sorted({name for name in (link.street_a, link.street_b) if name})
    return str(link.gate_name or link.barrier_name or " – ".join(streets))


def smallest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the smallest remedy of each area and kind that will do."""
    return table[table["sufficient"]].drop_duplicates(["area_id", "kind"]).reset_index(drop=True)
