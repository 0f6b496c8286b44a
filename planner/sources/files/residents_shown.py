"""What an import would make of totals, grids and rasters of residents, shown before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from planner.district import Kinds
from planner.district.layers import SPREAD_BY
from planner.errors import InputError, PlannerError
from planner.sources.files.intake import Intake
from planner.sources.population.district import population_of
from planner.sources.population.growth_tables import read_growth
from planner.sources.population.names import called
from planner.sources.population.options import Residents, residents_of
from planner.sources.population.rasters import read_raster
from planner.sources.population.totals import Totals, read_totals
from planner.sources.projection import metric_crs_for
from planner.sources.tables.reading import Reading
from planner.sources.vector.reading import source_of

BY_COMMUNITY = ("totals", "growth", "raster")
"""Files that are read with the communities at hand."""

MOST_ROWS = 200
"""Rows of totals that are shown with what they join."""

Read = Callable[..., Reading]


def reader_beside(layer: str, communities: Reading | None) -> Read:
    """Return what reads one of :data:`BY_COMMUNITY` as :func:`planner.sources.files.layers` would.

    Parameters
    ----------
    layer
        One of these.
    communities
        As they were read, None where they could not be.
    """

    def read(_layer: str, file: Path, _kinds: Kinds, intake: Intake, *, crs: Any) -> Reading:  # noqa: ARG001 - as of read_layer
        if communities is None:
            raise InputError("population.needs_communities", file=file.name)
        areas = communities.table.to_crs(metric_crs_for(communities.table))
        own = intake.options(layer)
        if layer == "totals":
            totals = read_totals(file, areas, groups={}, **own)
            assert totals.reading is not None
            return totals.reading
        source = source_of(layer, file)
        if layer == "raster":
            pixels = read_raster(file, areas, {})
            return Reading(pixels.areas, source, pixels.findings)
        table = read_growth(file, areas, **own)
        shown = areas.assign(growth=table.rates)
        return Reading(shown, source, table.findings, table.mapping, table.set_aside)

    return read


def residents_told(
    files: Mapping[str, Path],
    said: Mapping[str, Any],
    readings: Mapping[str, Reading],
    intake: Intake,
    crs: Any,
) -> dict[str, Any]:
    """Return how residents would be spread: totals before and after, what joins, over what.

    Parameters
    ----------
    files
        File of each layer of a district.
    said
        As of :func:`planner.sources.population.options.residents_of`.
    readings
        Communities and streets in metres.
    intake, crs
        As of an import.

    Returns
    -------
    Plain values: ``error`` (code and parameters, or None), ``findings``, ``groups`` (people by
    column), ``places`` (how many, by what they weigh by), ``rows`` of a table of totals, those
    first that join no community, ``count_rows``, and the ``communities`` that a row may be said to
    be (``value``, ``name``, ``told``: whether its residents are known).
    """
    told: dict[str, Any] = {"error": None, "findings": [], "groups": {}, "places": {}, "rows": []}
    told |= {"count_rows": 0, "communities": []}
    quiet = replace(intake, on_reading=_nothing)
    try:
        found = population_of(
            residents_of(files, said) or Residents(),
            readings["communities"].table,
            readings["streets"].table,
            readings["communities"].source,
            quiet,
            crs=crs,
        )
    except PlannerError as error:
        told["error"] = {"code": error.code, "params": dict(error.params)}
        return told
    told["findings"] = [{"code": f.code, "params": dict(f.params)} for f in found.findings]
    told["groups"] = {
        name: float(np.nansum(found.demand[name].to_numpy(dtype=np.float64)))
        for name in found.totals.counted
    }
    told["places"] = {str(by): int(n) for by, n in found.demand[SPREAD_BY].value_counts().items()}
    rows = _rows(found.totals, readings["communities"])
    told |= {"rows": rows[:MOST_ROWS], "count_rows": len(rows)}
    return told | {"communities": _communities(found.totals, readings["communities"])}


def _nothing(_reading: Reading) -> None:
    """Heed no reading: the files are shown by themselves."""


def _rows(totals: Totals, communities: Reading) -> list[dict[str, Any]]:
    """Return the rows of a table of totals, those first that join nothing."""
    if not len(totals.rows):
        return []
    table = communities.table
    names = dict(zip(table["community_id"], table["name"], strict=True))
    values = dict(zip(table["community_id"], called(table), strict=True))
    # what somebody may have to say comes first, and stays there once it is said
    rank = totals.rows["how"].map({"": 0, "out": 0, "said": 0, "stem": 1}).fillna(2)
    rank = rank.mask((totals.rows["community_id"] == "") & (rank > 0), 0)
    ordered = totals.rows.assign(rank=rank).sort_values("rank", kind="stable")
    return [
        {
            "row": int(row["row"]),
            "name": str(row["name"] or row["code"]),
            "joins": str(names.get(row["community_id"], "")),
            "how": str(row["how"]),
            "key": str(row["key"]),
            "is": values.get(row["community_id"], ""),
            "alike": str(row["suggestions"]),
            "population": None if np.isnan(row["population"]) else float(row["population"]),
        }
        for row in ordered.to_dict("records")
    ]


def _communities(totals: Totals, communities: Reading) -> list[dict[str, Any]]:
    """Return the communities that a row of a table of totals may be said to be."""
    if not len(totals.rows):
        return []
    table, known = communities.table, set(totals.rows["community_id"])
    return [
        {"value": value, "name": str(name), "told": own in known}
        for value, name, own in zip(
            called(table), table["name"], table["community_id"], strict=True
        )
    ]
