"""The layers of an assessment's results, as files hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.views.maps.parts.legend import counted

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def result_layers(assessment: Assessment) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the results, all numbers finite or missing.

    ``demand`` has ``state_<kind>``: ``within``, ``beyond``, ``unreachable`` or ``unknown``, and
    ``reachable`` for a kind that is not judged. ``facilities`` has ``counts`` (whether it counts
    today), ``nearest_for``: the people who have no nearer one of its kind, and ``within_for``:
    those of them within the limit.
    """
    layers = {
        "communities": assessment.communities(),
        "subdistricts": assessment.subdistricts(),
        "demand": _demand(assessment),
        "facilities": _facilities(assessment),
    }
    return {name: _finite(layer) for name, layer in layers.items()}


def _demand(assessment: Assessment) -> gpd.GeoDataFrame:
    layer = assessment.demand()
    for kind in assessment.kinds:
        distance_m = layer[f"distance_m_{kind}"].to_numpy(dtype=np.float64)
        best_m = assessment.best_distances[kind].to_numpy(dtype=np.float64)
        limit_m = assessment.limit_m(kind)
        sure = np.isinf(distance_m) & np.isinf(best_m)
        open_end = np.isinf(distance_m) if limit_m is None else distance_m > limit_m
        hoped = open_end & (np.isfinite(best_m) if limit_m is None else best_m <= limit_m)
        states = [np.isnan(distance_m) | hoped, sure]
        words = ["unknown", "unreachable"]
        if limit_m is not None:
            states, words = [*states, distance_m <= limit_m], [*words, "within"]
        default = "reachable" if limit_m is None else "beyond"
        layer[f"state_{kind}"] = np.select(states, words, default).astype(object)
    return layer.drop(columns=[f"within_{kind}" for kind in assessment.judged_kinds])


def _facilities(assessment: Assessment) -> gpd.GeoDataFrame:
    district = assessment.district
    layer = district.facilities.copy()
    layer["counts"] = counted(layer, assessment.question)
    people = district.people()[assessment.groups[0]]
    nearest_for, within_for = pd.Series(dtype=float), pd.Series(dtype=float)
    for kind in assessment.kinds:
        nearest = assessment.nearest[kind]
        within = assessment.within(kind).fillna(False).astype(bool)
        nearest_for = nearest_for.add(people.groupby(nearest).sum(), fill_value=0.0)
        within_for = within_for.add(people[within].groupby(nearest[within]).sum(), fill_value=0.0)
    ids = layer["facility_id"]
    layer["nearest_for"] = ids.map(nearest_for).fillna(0.0).where(layer["counts"])
    judged = layer["kind"].isin(assessment.judged_kinds) & layer["counts"]
    layer["within_for"] = ids.map(within_for).fillna(0.0).where(judged)
    return layer


def _finite(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    numbers = layer.select_dtypes("float").columns
    layer[numbers] = layer[numbers].replace([np.inf, -np.inf], np.nan)
    return layer
