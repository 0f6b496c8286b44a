"""The largest areas of people who lack a kind, told before the causes are looked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.gaps.causes import Diagnosis
from planner.analysis.gaps.gaps import TOGETHER, asked_kinds, least_of
from planner.analysis.gaps.names import Place
from planner.analysis.gaps.patches import Patches, patches_of_kind, patches_together
from planner.analysis.gaps.table import gap_tables
from planner.analysis.people import people_of
from planner.arrays import I64

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

MOST = 10
_TOLD = ("unknown", "homes", "kinds", "geometry")


def largest_lacking(
    assessment: Assessment, kind: str | None = None, *, group: str | None = None, most: int = MOST
) -> gpd.GeoDataFrame:
    """Return the areas of homes that hang together in which the most people lack a kind.

    Who lacks something is known at once, why only after barriers and links were looked at. So this
    is there before :func:`planner.analysis.gaps.gaps.find_gaps`, which then divides an area by its
    causes: its gaps are these areas or parts of them.

    Parameters
    ----------
    assessment, kind, group
        As of :func:`planner.analysis.gaps.gaps.find_gaps`; room is not asked.
    most
        Areas at most.

    Returns
    -------
    GeoDataFrame
        ``gap_id``, ``kind``, ``place`` with what its words need, ``communities``, people of each
        group, ``unknown``, ``homes``, ``kinds`` and the area, the most people first; columns as of
        :func:`planner.analysis.gaps.gaps.find_gaps`.

    Raises
    ------
    InputError
        As of :func:`planner.analysis.gaps.gaps.find_gaps`.
    """
    group = group or assessment.groups[0]
    people = people_of(assessment, group)
    kinds = asked_kinds(assessment, kind)
    lacking = {each: _lacking(assessment, each, group) for each in kinds}
    if kind in TOGETHER:
        least = least_of(kind, len(kinds))
        gathered = [patches_together(assessment, kind, lacking, least, people)]
    else:
        gathered = [patches_of_kind(assessment, each, lacking[each], people) for each in kinds]
    told = ["gap_id", "kind", *Place._fields, "communities", *assessment.groups, *_TOLD]
    first = [_first(each, most) for each in gathered]
    tables = [each[told] for each in gap_tables(assessment, first, people, group)]
    whole = pd.concat(tables, ignore_index=True)
    ranked = np.argsort(-whole[group].to_numpy(dtype=np.float64), kind="stable")[:most]
    table = whole.iloc[ranked].reset_index(drop=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=assessment.district.crs)


def _lacking(assessment: Assessment, kind: str, group: str) -> Diagnosis:
    """Return who lacks a kind, all under one cause: none is looked for."""
    within = assessment.within(kind, group)
    lacking = ~within.fillna(False).to_numpy(dtype=np.bool_)
    unknown = (within.isna() | assessment.distances[kind].isna()).to_numpy() & lacking
    cause = np.where(lacking, 0, -1).astype(np.int64)
    nothing = np.full(len(cause), -1, np.int64)
    unsure = unknown.astype(np.float64)
    return Diagnosis(lacking - unsure, unsure, cause, nothing, nothing, np.empty((0, 2), np.int64))


def _first(patches: Patches, most: int) -> Patches:
    """Return the patches of the most people, numbered anew."""
    total = np.bincount(patches.gap, patches.people, minlength=patches.count)
    first = np.argsort(-total, kind="stable")[:most]
    number: I64 = np.full(patches.count, -1, np.int64)
    number[first] = np.arange(len(first))
    gap = number[patches.gap]
    kept = gap >= 0
    names = ("home", "lack", "unknown", "weight", "cause", "remedy", "facility", "lacked")
    parts = {name: getattr(patches, name)[kept] for name in names}
    return replace(patches, gap=gap[kept], **parts)
