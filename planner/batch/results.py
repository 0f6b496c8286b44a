"""The results of many districts, read from their folder: figures, gaps and league tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyarrow import dataset

from planner.analysis.coverage.levels import Level
from planner.batch.jobs import Place
from planner.batch.ranks import in_tables, keys_of, known_by, with_change, with_what_compares
from planner.batch.run_files import FAILURES, RUN
from planner.batch.tables import CRS, PARTITIONS, partition
from planner.district.layers import GROUP_PREFIX
from planner.documents import parse_kept
from planner.errors import Finding, InputError, MissingFileError
from planner.sources.kept_files import read_kept
from planner.sources.tables.text import read_listed
from planner.views.exports.files import json_text

FORMAT, VERSION = "planner-batch", 1
_MOST_BYTES = 50_000_000

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


@dataclass(frozen=True)
class Failure:
    """A district without results.

    Parameters
    ----------
    place
        Which.
    reason
        Why, as a code with parameters.
    """

    place: Place
    reason: Finding

    def as_row(self) -> dict[str, str]:
        """Return the row of ``failures.csv``, its sentence in English."""
        return {
            "province": self.place.province,
            "district": self.place.district,
            "workspace": str(self.place.workspace),
            "code": self.reason.code,
            "sentence": str(self.reason),
            "params": json_text({name: _plain(each) for name, each in self.reason.params.items()}),
        }


@dataclass(frozen=True)
class Results:
    """The results of a run.

    Parameters
    ----------
    folder
        Where they are kept.
    resumed
        Districts that had been done before and were not assessed again.
    """

    folder: Path
    resumed: int = 0

    @cached_property
    def _run(self) -> dict[str, Any]:
        file = self.folder / RUN
        if not file.is_file():
            raise MissingFileError("batch.no_results", file=str(self.folder))
        refusals = ("batch.no_results", "batch.newer_results")
        text = read_kept(file, _MOST_BYTES).text
        found: dict[str, Any] = parse_kept(text, FORMAT, VERSION, refusals, str(self.folder))
        return found

    def districts(self) -> pd.DataFrame:
        """Return all districts that the run is of.

        Returns
        -------
        DataFrame
            ``province``, ``district``, ``workspace``, ``key`` (empty where no job could be made)
            and ``state``: ``"done"``, ``"failed"``, or ``"missing"`` where the run was ended first.
        """
        table = pd.DataFrame(self._run["districts"])[["province", "district", "workspace", "key"]]
        # failures are written when all districts were tried
        otherwise = "failed" if (self.folder / FAILURES).is_file() else "missing"
        done = [
            bool(key) and all(partition(self.folder, name, key).exists() for name in PARTITIONS)
            for key in table["key"]
        ]
        return table.assign(state=np.where(done, "done", otherwise).tolist())

    @property
    def withhold_below(self) -> int | None:
        """People of a group below whom counts are withheld; None where the results hold them."""
        below = self._run.get("withhold_below")
        return below if isinstance(below, int) else None

    def shown_below(self, threshold: int | None, group: str | None) -> Results:
        """Return the results, where they may be shown to whom small counts are withheld.

        Parameters
        ----------
        threshold
            People of a group below whom counts are withheld; None where all may be shown.
        group
            What is to be shown; of everybody no count is withheld.

        Raises
        ------
        InputError
            ``batch.not_withheld`` where the results hold smaller counts of the group: what would
            tell them cannot be known from results.
        """
        below = self.withhold_below
        if threshold is None or group is None or not group.startswith(GROUP_PREFIX):
            return self
        if below is None or below < threshold:
            raise InputError("batch.not_withheld", file=str(self.folder), threshold=threshold)
        return self

    def in_doubt(self) -> int:
        """Return of how many districts remarks say that figures may be wrong."""
        if not (self.districts()["state"] == "done").any():
            return 0
        rows = self._read("summary", shapes=False)
        return len(rows.loc[rows["doubts"] > 0, ["province", "district"]].drop_duplicates())

    def failures(self) -> pd.DataFrame:
        """Return the districts without results: where they lie, the code and sentence of why."""
        file = self.folder / FAILURES
        columns = ["province", "district", "workspace", "code", "sentence", "params"]
        if not file.is_file():
            return pd.DataFrame(columns=columns)
        # a table with headings only has no cells to read
        return read_listed(file).reindex(columns=columns)

    def summary(self) -> gpd.GeoDataFrame:
        """Return a row for each district, kind and group, at a point inside the district.

        Returns
        -------
        GeoDataFrame
            In degrees (EPSG:4326): ``province``, ``district``, ``district_name``, ``demand_unit``,
            ``standard``, then the columns of :meth:`planner.Assessment.summary` with people in
            ``total``, and ``doubts``: how many remarks of the assessment, which ``planner assess``
            lists, say that figures may be wrong. Figures of several units or standards add up to
            nothing.
        """
        return self._read("summary")

    def communities(self, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return a row for each community, kind and group, with its outline, in degrees.

        Parameters
        ----------
        kind
            Only this kind is read; all where none is given.
        """
        return self._read("communities", kind)

    def subdistricts(self, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return a row for each subdistrict, kind and group, as :meth:`communities` does."""
        return self._read("subdistricts", kind)

    def gaps(self, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return the gaps of all districts and groups, as :meth:`communities` does."""
        return self._read("gaps", kind)

    def checkup(self) -> gpd.GeoDataFrame:
        """Return the check-up of each community, with its outline, in degrees.

        Returns
        -------
        GeoDataFrame
            ``area_id`` and the columns of ``scores`` of
            :class:`planner.analysis.compliance.checkup.Checkup`; ``rank`` is among the communities
            of one district.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for it.
        """
        return self._answers("checkup")

    def links(self) -> gpd.GeoDataFrame:
        """Return the best links of each district, in degrees.

        Returns
        -------
        GeoDataFrame
            The columns of :meth:`planner.Assessment.links`; ``rank`` is among those of one
            district, and a kind that a district does not judge has no figure there.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for them.
        """
        return self._answers("links")

    def siting(self) -> gpd.GeoDataFrame:
        """Return what new sites of each kind bring together, at a point inside each district.

        Returns
        -------
        GeoDataFrame
            A row a district and judged kind: ``asked`` and ``sites`` (how many were sought and
            found among ``places``), ``covered``, ``unknown`` and ``share`` with its range today
            and, ``…_after``, with the sites, ``gained`` and ``bound`` (no choice among the places
            brings more), ``gap`` (the share by which it may be less than the best, 0 to 1),
            ``optimal``, ``stopped``; people of ``group``. ``why_not`` is the code of why there
            are none, empty where there are, and ``why_not_en``, ``why_not_zh`` its sentence;
            ``remarks_en`` and ``remarks_zh`` what must be known, a sentence a line.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for it.
        """
        return self._answers("siting")

    def sites(self) -> gpd.GeoDataFrame:
        """Return the sites that are proposed for each kind, in degrees.

        Returns
        -------
        GeoDataFrame
            ``kind``, ``rank`` (those that bring most first, of one kind and district),
            ``gained`` on top of the sites before, ``alone`` and ``serves``, ``site_id``,
            ``origin``, ``name`` and ``facility_id`` as :attr:`planner.siting.Proposal.sites`.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for them.
        """
        return self._answers("siting", "sites")

    def _answers(self, question: str, folder: str | None = None) -> gpd.GeoDataFrame:
        name = folder or question
        if not (self.folder / name).is_dir():
            raise InputError("batch.not_asked", question=question, file=str(self.folder))
        return self._read(name)

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
        before: Results | None = None,
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
            ranks an area went up) with its range ``rank_change_low``–``rank_change_high``: missing
            where unit, standard or limit are not the same. ``compared`` says so, one of
            :data:`planner.batch.ranks.COMPARED`, and ``differs`` in what, of
            :data:`planner.batch.ranks.ALIKE`.

        Raises
        ------
        InputError
            ``analysis.unknown_level``, ``batch.unknown_kind``, ``batch.unknown_group``.
        """
        table = self._areas(level, kind, shapes=False)
        return self._ranks(self._judged(table, kind, group), level, kind, group, before)

    def _ranks(
        self,
        rows: pd.DataFrame,
        level: Level,
        kind: str,
        group: str | None,
        before: Results | None,
    ) -> pd.DataFrame:
        """Return the rows of areas with their ranks and their change, as :meth:`league` does."""
        ranked = in_tables(rows)
        if before is not None:
            earlier = before._earlier(level, kind, group)
            changed = with_change(ranked, ranked[:0] if earlier is None else earlier, level)
            ranked = with_what_compares(changed, earlier, level, before.districts())
        order = ["table", "rank", "province", "district"]
        order += ["area_id"] if level != "district" else []
        shown = ranked.sort_values(order, kind="stable").drop(columns="standard_sign")
        return shown.reset_index(drop=True)

    def gone(
        self, level: Level, kind: str, group: str | None = None, *, before: Results
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

    def _earlier(self, level: Level, kind: str, group: str | None) -> pd.DataFrame | None:
        """Return areas with their ranks; None where no district judges the kind for the group."""
        try:
            return in_tables(self._judged(self._areas(level, kind, shapes=False), kind, group))
        except InputError as error:
            if error.code not in ("batch.unknown_kind", "batch.unknown_group", "batch.no_total"):
                raise
            return None

    def product(self) -> str:
        """Return the version of this program that made the results."""
        return str(self._run.get("product", ""))

    def league_areas(
        self,
        level: Level,
        kind: str,
        group: str | None = None,
        *,
        before: Results | None = None,
    ) -> gpd.GeoDataFrame:
        """Return the table of :meth:`league` with the outline of each area, in degrees.

        The outline of a district is that of its communities.

        Parameters, errors and columns are those of :meth:`league`.
        """
        # the table of areas, unlike that of districts, has the outlines: it is read once for both
        table = self._areas(level, kind, shapes=level != "district")
        rows = self._ranks(self._judged(table, kind, group), level, kind, group, before)
        by = ["province", "district", *([] if level == "district" else ["area_id"])]
        areas = self.communities(kind) if level == "district" else table
        # the rows of all groups have the same outline
        areas = areas.drop_duplicates([*by[:2], "area_id"])[[*by, "geometry"]]
        if level == "district":
            areas = areas.dissolve(by, as_index=False)
        shown = rows.merge(pd.DataFrame(areas), on=by, how="left", validate="many_to_one")
        return gpd.GeoDataFrame(shown, geometry="geometry", crs=CRS)

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

    def _read(self, name: str, kind: str | None = None, *, shapes: bool = True) -> Any:
        """Return one table of all districts that are done, in the order of the run."""
        keys = [each["key"] for each in self._run["districts"] if each["key"]]
        files = [partition(self.folder, name, key) for key in keys]
        there = [file for file in files if file.exists()]
        if not there:
            raise InputError("batch.nothing_done", file=str(self.folder))
        # tables without rows say nothing of the types of their columns, which the others do; texts
        # are short or long ones, by how the table of a district came to be
        schemas = list(map(pq.read_schema, there))
        schema = pa.unify_schemas(schemas, promote_options="permissive")
        typical = next((each for each in schemas if each.equals(schema)), schemas[0])
        columns = [each for each in schema.names if shapes or each != "geometry"]
        asked = None if kind is None else dataset.field("kind") == kind
        whole = dataset.dataset(there, schema=schema).to_table(columns, filter=asked)
        told = {b"pandas": (typical.metadata or {}).get(b"pandas", b"{}")}
        table = whole.replace_schema_metadata(told).to_pandas()
        if not shapes:
            return table
        return gpd.GeoDataFrame(table, geometry=shapely.from_wkb(table["geometry"]), crs=CRS)


def _plain(value: object) -> object:
    """Return a value that JSON has a type for; what is no finite number as text."""
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value


def open_results(folder: str | Path) -> Results:
    """Open the results of many districts.

    Parameters
    ----------
    folder
        Where :func:`planner.batch.run` or ``planner batch`` wrote them.

    Raises
    ------
    MissingFileError, InputError
        ``batch.no_results`` where there are none, ``batch.newer_results``.
    """
    results = Results(Path(folder))
    results.districts()
    return results
