"""Links to open in words: the work, the place, today's walk."""

from __future__ import annotations

import math
from typing import Any

import geopandas as gpd

from planner.analysis.links.places import Search
from planner.district import District
from planner.views.words.labels import Labels
from planner.views.words.places import brief_places, named_place, places_of, spots_of


def work_word(work: str, labels: Labels) -> str:
    """Return what is to be done for a link."""
    return labels.message(f"links.work_{work}")


def looked_for(search: Search, labels: Labels) -> str:
    """Return which links were looked for: that there is none is said of these alone."""
    return labels.message(
        "links.looked_for",
        length=labels.metres(search.max_gap_m),
        bridge=labels.metres(search.bridge_m),
        walk=labels.metres(search.min_walk_m),
        times=labels.number(search.min_detour),
    )


def where_words(links: gpd.GeoDataFrame, district: District, labels: Labels) -> list[str]:
    """Return where links are: gate, barrier or streets, and what is near them.

    Parameters
    ----------
    links
        Of :func:`planner.analysis.links.links.best_links`.
    district, labels
        Where they are, and the words.
    """
    places = places_of(district, links, labels)
    return [
        named_place(name, place, labels)
        for place, name in zip(
            places, (_name(row, labels) for row in links.itertuples()), strict=True
        )
    ]


def brief_where(links: gpd.GeoDataFrame, district: District, labels: Labels) -> list[str]:
    """Return where links are as :func:`where_words` does, in few words, for a cell of a table."""
    names = [_named(row, labels) for row in links.itertuples()]
    return brief_places(names, spots_of(district, links), labels)


def _named(row: Any, labels: Labels) -> str:
    """Return the gate of a link or what it crosses; empty for neither."""
    gate, barrier = getattr(row, "gate_name", ""), getattr(row, "barrier_name", "")
    return str(gate) if gate else labels.values(barrier) if barrier else ""


def _name(row: Any, labels: Labels) -> str:
    """Return the gate of a link, what it crosses, or the streets that it joins; empty for none."""
    streets = sorted({name for name in (row.street_a, row.street_b) if name})
    if named := _named(row, labels):
        return named
    if len(streets) == 2:
        return labels.message("links.between", first=streets[0], second=streets[1])
    return ""


def left_out_word(row: Any, labels: Labels) -> str:
    """Return the way along a link that the import left out, and what to do; empty for none."""
    if not row.left_out:
        return ""
    # what is built beside a cycleway is no shorter for its being settled
    other = row.left_out == "cycleway" and row.work not in ("settle_way", "open_gate")
    code = "links.along_other" if other else f"links.along_{row.left_out}"
    return labels.message(code, ways=labels.values(row.left_out_ways))


def mending_word(cut: bool, labels: Labels) -> str:
    """Return what is to be done about a loose piece: draw what is missing, or take more data."""
    return labels.message("links.mend_extract" if cut else "links.mend_map")


def walk_word(metres: float, labels: Labels) -> str:
    """Return the length of today's walk in metres with its unit, or that there is no way."""
    return labels.message("links.no_way") if math.isinf(metres) else labels.metres(metres)
