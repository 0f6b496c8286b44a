"""Facilities that were corrected by hand, missing in one list and there again in the next.

As where a list that lacked one was taken, and then the right one, or an update was taken back and
then taken again: what was entered by hand holds again.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import geopandas as gpd
import numpy as np

from planner.district.corrections.corrections import Correction, Corrections
from planner.district.identity.known_again import (
    KNOWN_BY,
    SAME_PLACE_M,
    is_another,
    marks_of,
    same_value,
)
from planner.sources.update.matching import Matches


def listed_again(
    found: Matches,
    own: Any,
    table: gpd.GeoDataFrame,
    corrections: Corrections,
    known: Collection[str],
) -> dict[int, str]:
    """Return by row the id of a corrected facility that the layer lost and the file has again.

    By the id it is that facility unless it is another; a file without ids must have the same name
    and kind at the same place.

    Parameters
    ----------
    found, own, table
        The rows of a file, as they were matched, with the ids that the file has of its own (empty
        where it has none).
    corrections
        Those kept beside the workspace.
    known
        Ids of facilities that the layer has, or that were added by hand.
    """
    lost: dict[str, Correction] = {}
    by_hand = {step.facility_id for step in corrections.steps if step.do == "add"}
    for step in corrections.steps:
        if step.facility_id in by_hand:
            continue  # no list has lost what none ever had
        if step.do in ("edit", "remove") and step.facility_id not in known:
            lost.setdefault(step.facility_id, step)
    if not lost:
        return {}
    again: dict[int, str] = {}
    names = set(known)
    for row in np.flatnonzero(found.of < 0).tolist():
        marks = marks_of(table.iloc[row])
        for name, step in lost.items():
            if name in names or own[row] not in ("", name) or _of_another(marks, step):
                continue
            if own[row] or (_named_alike(marks, step) and marks["name"]):
                again[row] = name
                names.add(name)
                break
    return again


def _of_another(marks: Mapping[str, Any], step: Correction) -> bool:
    """Whether a row is another facility than a correction is about, or cannot be told."""
    of = step.of or step.old
    return not set(KNOWN_BY) <= set(of) or is_another(marks, of, {**of, **step.new})


def _named_alike(marks: Mapping[str, Any], step: Correction) -> bool:
    """Whether a row has name, kind and place of the facility that a correction is about."""
    of = step.of or step.old
    place = [[float(each[name] or 0.0) for name in ("x", "y")] for each in (marks, of)]
    alike = all(same_value(marks[name], of[name]) for name in ("name", "kind"))
    return alike and math.dist(*place) <= SAME_PLACE_M
