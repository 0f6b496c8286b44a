"""Where a layer came from, and what the sources of a district say together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.district.layers import DEMAND_UNITS, WEIGHT


@dataclass(frozen=True)
class Source:
    """Where a layer came from.

    Parameters
    ----------
    layer
        Name of the layer.
    source
        File, service or method.
    date
        Date of the data, ISO 8601, empty where unknown.
    licence, attribution
        Licence, and the credit it asks for, shown with every map and export.
    unit
        Of the layer ``demand``: what its estimated weights are, one of
        :data:`planner.district.layers.DEMAND_UNITS`; empty where not known, and for residents.
    read_on
        Day on which it was read, ISO 8601: all that is known of the time where no date is.
    """

    layer: str
    source: str
    date: str = ""
    licence: str = ""
    attribution: str = ""
    unit: str = ""
    read_on: str = ""


def named_source(sources: Iterable[Source], layer: str) -> tuple[str, str]:
    """Return the sources of a layer, joined by '; ', and their date where all have one."""
    of_layer = [source for source in sources if source.layer == layer]
    dates = {source.date for source in of_layer}
    named = "; ".join(dict.fromkeys(source.source for source in of_layer))
    return named, dates.pop() if len(dates) == 1 else ""


def credits_of(sources: Iterable[Source]) -> str:
    """Return the credits that sources ask for, each once, joined by '; '."""
    return "; ".join(dict.fromkeys(each.attribution for each in sources if each.attribution))


def estimated_unit(sources: Iterable[Source]) -> str:
    """Return what the estimated weights of ``demand`` are: ``weight`` where no or two units."""
    units = {source.unit for source in sources if source.layer == "demand"} - {""}
    unit = units.pop() if len(units) == 1 else WEIGHT
    return unit if unit in DEMAND_UNITS[1:] else WEIGHT
