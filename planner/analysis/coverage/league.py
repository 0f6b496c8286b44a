"""People covered by area, kind and group, counted when they are first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.coverage.levels import Level, areas_of, facilities_inside
from planner.analysis.coverage.population_within import count_people
from planner.analysis.coverage.presence import Presence
from planner.analysis.coverage.spread import SpreadHomes
from planner.analysis.tables import beside
from planner.arrays import F64, I64, Bool
from planner.district import District, Standard
from planner.errors import InputError

_FIGURES = (
    "share", "covered", "uncovered", "unknown", "unreachable", "mean_distance_m", "facilities"
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class League:
    """The league tables of an assessment.

    Parameters
    ----------
    district, standard, groups
        Whose people are counted, and within which limits.
    distances, best_distances
        Metres by home and kind, as of :class:`planner.analysis.assessment.Assessment`.
    presence
        The facilities that count and are known to meet the question asked.
    """

    district: District
    standard: Standard
    groups: tuple[str, ...]
    distances: pd.DataFrame
    best_distances: pd.DataFrame
    presence: Presence
    _whole: dict[Level, pd.DataFrame] = field(default_factory=dict, init=False)
    _counts: dict[tuple[Level, str], pd.DataFrame] = field(default_factory=dict, init=False)

    @property
    def kinds(self) -> list[str]:
        """The kinds that are counted."""
        return list(self.distances.columns)

    def of(self, level: Level, kind: str | None = None) -> pd.DataFrame:
        """Return one row for each area, kind and group; only of one kind where it is given."""
        if kind is not None:
            return self._counted(level, [kind])
        if level not in self._whole:
            self._whole[level] = self._counted(level, self.kinds)
        return self._whole[level].copy()

    def at_homes(self, inside: Bool, kinds: Sequence[str]) -> pd.DataFrame:
        """Return one row for each kind and group of the people at some homes.

        Parameters
        ----------
        inside
            Which homes are counted, shape (n,).
        kinds
            Some of :attr:`kinds`.

        Returns
        -------
        DataFrame
            ``kind``, ``group`` and the figures of
            :func:`planner.analysis.coverage.population_within.count_people`; those that are
            withheld, as in the table of communities, are missing.
        """
        area_of = np.where(inside, 0, -1).astype(np.int64)
        people = self.district.people()[list(self.groups)]
        spread = SpreadHomes.of(self.district.demand)
        tables = []
        for kind in kinds:
            counts = count_people([""], area_of, people, *self._judged(kind), spread)
            withheld = self.district.withheld
            if withheld is not None:
                homes = self.district.demand["demand_id"]
                counts = withheld.without_small(
                    counts, withheld.areas([""], area_of, homes, whole=False)
                )
            tables.append(counts.assign(kind=kind))
        whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
        figures = [name for name in whole if name not in ("area_id", "kind", "group")]
        return whole.reindex(columns=["kind", "group", *figures])

    def _judged(self, kind: str) -> tuple[F64, dict[str, float | None], F64]:
        """Return what of a kind :func:`count_people` judges by: metres, limits, metres at best."""
        rule = self.standard.rules.get(kind)
        limits_m = {each: rule.limit_for(each) if rule else None for each in self.groups}
        distance_m = self.distances[kind].to_numpy(dtype=np.float64)
        return distance_m, limits_m, self.best_distances[kind].to_numpy(dtype=np.float64)

    def beside(self, areas: gpd.GeoDataFrame, level: Level, group: str | None) -> gpd.GeoDataFrame:
        """Return areas of a level, index their ids, with a column for each figure and kind.

        Raises
        ------
        InputError
            ``analysis.unknown_group``.
        """
        wanted = group or self.groups[0]
        if wanted not in self.groups:
            raise InputError("analysis.unknown_group", group=wanted, known=", ".join(self.groups))
        league = self.of(level)
        rows = league[league["group"] == wanted]
        rank = dict(zip(rows["area_id"], range(len(areas)), strict=False))
        shape = len(self.kinds), len(rank)
        by_kind = {name: rows[name].to_numpy().reshape(shape) for name in _FIGURES}
        columns = {
            f"{name}_{kind}": by_kind[name][number]
            for number, kind in enumerate(self.kinds)
            for name in _FIGURES
        }
        figures = pd.DataFrame(columns, index=pd.Index(list(rank)))
        joined = beside(areas, figures).reset_index(drop=True)
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=self.district.crs)

    def take_over(self, before: League) -> None:
        """Take the counts of kinds from which the same homes are as far as before."""
        kinds = [kind for kind in self.kinds if kind in before.distances]
        as_far = np.ones(len(kinds), np.bool_)
        for was, now in (
            (before.distances, self.distances),
            (before.best_distances, self.best_distances),
        ):
            old, new = (each[kinds].to_numpy(dtype=np.float64) for each in (was, now))
            as_far &= ((old == new) | (np.isnan(old) & np.isnan(new))).all(axis=0)
        same = {kind for kind, each in zip(kinds, as_far, strict=True) if each}
        counts = before._counts.items()
        self._counts.update({key: table for key, table in counts if key[1] in same})

    def _counted(self, level: Level, kinds: Sequence[str]) -> pd.DataFrame:
        areas, area_of = areas_of(self.district, level)
        people = self.district.people()[list(self.groups)]
        spread = SpreadHomes.of(self.district.demand)
        for kind in kinds:
            if (level, kind) not in self._counts:
                self._counts[level, kind] = count_people(
                    list(areas.index), area_of, people, *self._judged(kind), spread
                )
        if kinds:
            counts = pd.concat([self._counts[level, kind] for kind in kinds], ignore_index=True)
        else:
            counts = count_people([], area_of[:0], people.iloc[:0], np.empty(0), None)
        league = self._shown(level, areas, area_of, counts, kinds)
        # kind by kind, in each of them group by group, in each of these area by area
        each = len(areas) * len(self.groups)
        league.insert(1, "kind", [kind for kind in kinds for _ in range(each)] or "")
        inside = self._facilities_inside(level)[list(kinds)].loc[areas.index]
        of_groups = np.repeat(inside.to_numpy(np.int64).T[:, np.newaxis], len(self.groups), axis=1)
        league["facilities"] = of_groups.ravel()
        names = areas.reindex(league["area_id"]).reset_index(drop=True)
        for position, column in enumerate(names.columns, start=1):
            league.insert(position, column, names[column])
        return league

    def _shown(
        self,
        level: Level,
        areas: pd.DataFrame,
        area_of: I64,
        counts: pd.DataFrame,
        kinds: Sequence[str],
    ) -> pd.DataFrame:
        """Return the people counted in areas, without what is withheld of it."""
        withheld = self.district.withheld
        if withheld is None:
            return counts
        homes = self.district.demand["demand_id"]
        hidden = withheld.areas(list(areas.index), area_of, homes, whole=level != "community")
        left_out = withheld.left_out(self.district.people())[list(self.groups)]
        if not kinds or not left_out.to_numpy().any():
            return withheld.without_small(counts, hidden)
        # those in no total are counted as all others, to see which 0 they would make untrue
        there = [
            count_people(list(areas.index), area_of, left_out, *self._judged(kind))
            for kind in kinds
        ]
        return withheld.without_small(counts, hidden, pd.concat(there, ignore_index=True))

    def _facilities_inside(self, level: Level) -> pd.DataFrame:
        """Return the open facilities of each kind (columns) inside each area, by area id."""
        if level == "district":
            count = self.presence.answering["kind"].value_counts()
            return pd.DataFrame([count.reindex(self.kinds, fill_value=0)]).set_axis([""])
        if level == "community":
            return self.presence.known
        return facilities_inside(self.district, self.kinds, self.presence.answering, "subdistrict")
