"""The tables of one district among many: figures, areas and gaps, in degrees, with their origin."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.analysis.coverage.levels import joined_subdistricts
from planner.analysis.gaps.gaps import find_gaps
from planner.batch.jobs import Job, content_of
from planner.batch.questions import QUESTIONS, folders_of
from planner.batch.sites import point_inside
from planner.district.fingerprint import standard_sign
from planner.errors import InputError
from planner.result import AssessmentResult, assess
from planner.sources import read_district
from planner.sources.checks.severity import in_doubt
from planner.views.words.catalogue import LANGUAGES
from planner.views.words.labels import Labels
from planner.views.words.shares import without_telling

PARTITIONS = ("gaps", "communities", "subdistricts", "summary")
"""Folders of the results; a district's last file is written last, and tells that it is done."""

CRS = "EPSG:4326"


def partitions_of(also: Sequence[str]) -> tuple[str, ...]:
    """Return the folders of the results of a run, the one that is written last at the end."""
    return (*folders_of(also), *PARTITIONS)


def tables_of(job: Job) -> dict[str, gpd.GeoDataFrame]:
    """Assess a district and return its tables, by :func:`partitions_of` its job.

    Raises
    ------
    InputError
        As of :func:`planner.read_district` and :func:`planner.assess`, and
        ``batch.changed_meanwhile`` where the workspace is not the one any more that the job was
        made for.
    """
    district = read_district(job.place.workspace)
    if content_of(job.place.workspace) != job.content:
        raise InputError("batch.changed_meanwhile", file=str(job.place.workspace))
    if job.withhold_below is not None:
        district = district.withhold(job.withhold_below)
    result = assess(district, job.standard, groups=job.groups)
    gaps = district.shown_areas(pd.concat(_gaps_by_group(result)), "unknown")
    outlines = {
        "communities": district.communities.set_index("community_id").geometry,
        "subdistricts": joined_subdistricts(district.communities).geometry,
    }
    areas = {
        "communities": result.league("community"),
        "subdistricts": result.league("subdistrict"),
    }
    tables = {
        name: gpd.GeoDataFrame(
            _judged(result, table),
            geometry=outlines[name].reindex(table["area_id"]).to_numpy(),
            crs=district.crs,
        )
        for name, table in areas.items()
    }
    inside = point_inside(district)
    figures = _judged(result, result.summary().rename(columns={result.groups[0]: "total"}))
    points = gpd.GeoSeries([inside] * len(figures), crs=district.crs)
    tables["summary"] = gpd.GeoDataFrame(figures, geometry=points)
    tables["gaps"] = gpd.GeoDataFrame(gaps.reset_index(drop=True), crs=district.crs)
    for question in map(QUESTIONS.__getitem__, job.also):
        tables |= dict(zip(question.folders, question.answer(result, job), strict=True))
    return {name: _told(job, result, tables[name].to_crs(CRS)) for name in partitions_of(job.also)}


def _gaps_by_group(result: AssessmentResult) -> list[gpd.GeoDataFrame]:
    """Return the gaps of each group; of one that is withheld everywhere none is known."""
    return [
        find_gaps(result, group=group, untold=True).assign(group=group) for group in result.groups
    ]


def _judged(result: AssessmentResult, table: pd.DataFrame) -> pd.DataFrame:
    """Return figures with the limit by which they are judged, whatever level they are of."""
    judged = table["kind"].isin(list(result.judged_kinds))
    limits = [
        result.limit_m(kind, group) if known else None
        for kind, group, known in zip(table["kind"], table["group"], judged, strict=True)
    ]
    measure = table["kind"].map(result.standard.measure_of)
    limit_m = pd.Series(limits, index=table.index, dtype="float64")
    # of counts that are withheld no share may tell what they are
    shown = table if result.district.withheld is None else without_telling(table)
    return shown.assign(judged=judged, limit_m=limit_m, measure=measure).reset_index(drop=True)


def _told(job: Job, result: AssessmentResult, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table with what tells its rows from those of other districts."""
    origin = {
        "province": job.place.province,
        "district": job.place.district,
        "district_name": result.district.name,
        "demand_unit": result.demand_unit,
        "standard": result.standard.id,
        "standard_sign": standard_sign(result.standard),
        "attribution": result.district.attribution,
    }
    told = table.drop(columns=[name for name in origin if name in table]).copy()
    for position, (name, value) in enumerate(origin.items()):
        told.insert(position, name, pd.Series([value] * len(told), index=told.index, dtype="str"))
    # whose people a district counts in all is called otherwise where they are estimated
    whole = result.district.groups[0]
    told["synthetic"] = result.district.synthetic
    told["doubts"] = len(in_doubt(result.findings))
    if "group" in told:
        of_group = {each: len(in_doubt(result.findings, each)) for each in set(told["group"])}
        told["doubts"] = told["group"].map(of_group).astype("int64")
        told["is_total"] = told["group"] == whole
    if "kind" not in told:
        return told
    # a district may have kinds of its own, which nobody else could name
    for labels in map(Labels, LANGUAGES):
        names = {kind: labels.kind(kind, result.district.kinds) for kind in set(told["kind"])}
        told[f"kind_{labels.language}"] = told["kind"].map(names).astype("str")
    return told


def parquet(table: gpd.GeoDataFrame) -> bytes:
    """Return a table as GeoParquet, the same bytes for the same table."""
    content = io.BytesIO()
    table.to_parquet(content, index=False, compression="zstd")
    return content.getvalue()


def partition(folder: Path, name: str, key: str) -> Path:
    """Return where a table of a job is kept."""
    return folder / name / f"{key}.parquet"
