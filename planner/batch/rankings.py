"""Areas of many districts ranked by whom they cover, and beside an earlier run."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.coverage.levels import Level
from planner.batch.ground import redrawn_areas
from planner.batch.ranks import in_tables, keys_of, known_by, with_change, with_what_compares
from planner.batch.run_folder import RunFolder
from planner.batch.tables import CRS
from planner.errors import InputError

_TABLES = {"district": "summary", "subdistrict": "subdistricts", "community": "communities"}
_SHOWN = (
    "province",
    "district",
    "district_name",
    "area_id",
    "name",
    "subdistrict",
    "attribution",
    "synthetic",
    "doubts",
    "demand_unit",
    "standard",
    "kind",
    "kind_en",
    "kind_zh",
    "group",
    "measure",
    "limit_m",
    "total",
    "covered",
    "uncovered",
    "unknown",
    "share",
    "share_low",
    "share_high",
)


class Rankings(RunFolder):
    """What a run ranks; parameters are those of :class:`planner.batch.results.Results`."""

    def questions(self) -> pd.DataFrame:
        """Return what can be ranked: where which kinds are judged, and for whom.

        Returns
        -------
        DataFrame
            ``province``, ``district``, ``district_name``, ``kind``, ``kind_en``, ``kind_zh``,
            ``group`` and ``is_total``: a row for each district, kind that is judged and group.
        """
        rows = self._read("summary", shapes=False)
        columns = ["province", "district", "district_name"]
        columns += ["kind", "kind_en", "kind_zh", "group", "is_total"]
        return pd.DataFrame(rows.loc[rows["judged"].astype(bool), columns]).reset_index(drop=True)

    def league(
        self,
        level: Level,
        kind: str,
        group: str | None = None,
        *,
        before: Rankings | None = None,
    ) -> pd.DataFrame:
        """Return areas ranked by the share of people within the limit of a kind.

        Parameters
        ----------
        level
            ``"district"``, ``"subdistrict"`` or ``"community"``.
        kind
            A kind that is judged.
        group
            People column; all people where none is given.
        before
            Results of an earlier run, to tell the change against.

        Returns
        -------
        DataFrame
            The areas' names and figures, ``rank`` by the share of those known (1: the largest;
            equal shares have one rank; an area whose share is not known is before those whose
            share is below its lowest), ``rank_best`` and ``rank_worst`` that the ranges
            ``share_low``–``share_high`` leave open, and ``ranked``: among how many. Areas are
            ranked among those of the same demand unit, standard and limit alone, which
            ``table`` numbers; an area whose share is not known has no ``rank`` but may have the
            others, one whose figures are withheld has none, and both are shown. With
            `before` ``share_before``, ``share_change``, and its range ``change_low``–
            ``change_high``, ``rank_before`` among ``ranked_before``, ``rank_change`` (how many
            ranks an area went up) with its range ``rank_change_low``–``rank_change_high``, and
            ``total_before``: missing where unit, standard, limit or the area's boundary (see
            :func:`planner.batch.ground.redrawn_areas`) are not the same. ``compared`` says so
            (see :func:`planner.batch.ranks.with_what_compares`), and ``differs`` in what, of
            :data:`planner.batch.ranks.ALIKE`.

        Raises
        ------
        InputError
            ``analysis.unknown_level``, ``batch.unknown_kind``, ``batch.unknown_group``.
        """
        table = self._areas(level, kind, shapes=False)
        return self._ranks(self._judged(table, kind, group), level, kind, group, before)

    def gone(
        self, level: Level, kind: str, group: str | None = None, *, before: Rankings
    ) -> pd.DataFrame:
        """Return the areas that an earlier run ranked or showed, and this one has not.

        Parameters are those of :meth:`league`.

        Returns
        -------
        DataFrame
            ``province``, ``district``, ``district_name``, the area's names, ``share`` and ``rank``
            of the earlier run.
        """
        by = known_by(level)
        table = self._areas(level, kind, shapes=False)
        now = set(keys_of(self._judged(table, kind, group), by))
        rows = before._earlier(level, kind, group)
        rows = table[:0].assign(rank=[]) if rows is None else rows
        names = [each for each in (*by, "district_name", "name", "share", "rank") if each in rows]
        there = [key in now for key in keys_of(rows, by)]
        return rows.loc[np.logical_not(there), names].reset_index(drop=True)

    def league_areas(
        self,
        level: Level,
        kind: str,
        group: str | None = None,
        *,
        before: Rankings | None = None,
    ) -> gpd.GeoDataFrame:
        """Return the table of :meth:`league` with the outline of each area, in degrees.

        The outline of a district is that of its communities.

        Parameters, errors and columns are those of :meth:`league`.
        """
        # the table of areas, unlike that of districts, has the outlines: it is read once for both
        table = self._areas(level, kind, shapes=level != "district")
        rows = self._ranks(self._judged(table, kind, group), level, kind, group, before)
        by = ["province", "district", *([] if level == "district" else ["area_id"])]
        areas = self._read("communities", kind) if level == "district" else table
        # the rows of all groups have the same outline
        areas = areas.drop_duplicates([*by[:2], "area_id"])[[*by, "geometry"]]
        if level == "district":
            areas = areas.dissolve(by, as_index=False)
        shown = rows.merge(pd.DataFrame(areas), on=by, how="left", validate="many_to_one")
        return gpd.GeoDataFrame(shown, geometry="geometry", crs=CRS)

    def _ranks(
        self,
        rows: pd.DataFrame,
        level: Level,
        kind: str,
        group: str | None,
        before: Rankings | None,
    ) -> pd.DataFrame:
        """Return the rows of areas with their ranks and their change, as :meth:`league` does."""
        ranked = in_tables(rows)
        if before is not None:
            earlier = before._earlier(level, kind, group)
            redrawn = set() if earlier is None else self._redrawn(level, kind, before)
            since = ranked[:0] if earlier is None else earlier
            changed = with_change(ranked, since, level, redrawn)
            ranked = with_what_compares(changed, earlier, level, before.districts(), redrawn)
        order = ["table", "rank", "province", "district"]
        order += ["area_id"] if level != "district" else []
        shown = ranked.sort_values(order, kind="stable").drop(columns="standard_sign")
        return shown.reset_index(drop=True)

    def _redrawn(self, level: Level, kind: str, before: Rankings) -> set[tuple[str, ...]]:
        """Return the areas whose outline is another one in an earlier run."""
        name = _TABLES["community" if level == "district" else level]
        now, was = (run._read(name, kind) for run in (self, before))
        return redrawn_areas(now, was, level)

    def _earlier(self, level: Level, kind: str, group: str | None) -> pd.DataFrame | None:
        """Return areas with their ranks; None where no district judges the kind for the group."""
        try:
            return in_tables(self._judged(self._areas(level, kind, shapes=False), kind, group))
        except InputError as error:
            if error.code not in ("batch.unknown_kind", "batch.unknown_group", "batch.no_total"):
                raise
            return None

    def _areas(self, level: Level, kind: str, *, shapes: bool) -> Any:
        """Return the rows of a level and kind."""
        if level not in _TABLES:
            raise InputError("analysis.unknown_level", level=level)
        return self._read(_TABLES[level], kind, shapes=shapes)

    def _judged(self, table: pd.DataFrame, kind: str, group: str | None) -> pd.DataFrame:
        """Return the rows that are judged for a group, without their shapes."""
        table = table[table["judged"].astype(bool)]
        if table.empty:
            judged = self._read("summary", shapes=False)
            known = sorted(set(judged.loc[judged["judged"].astype(bool), "kind"]))
            raise InputError("batch.unknown_kind", kind=kind, known=", ".join(known))
        chosen = table[table["is_total"] if group is None else table["group"] == group]
        if chosen.empty:
            groups = ", ".join(sorted(set(table["group"])))
            if group is None:
                raise InputError("batch.no_total", known=groups)
            raise InputError("batch.unknown_group", name=group, known=groups)
        columns = [name for name in (*_SHOWN, "standard_sign") if name in chosen]
        return pd.DataFrame(chosen[columns]).reset_index(drop=True)
