"""Needs matched with places as arrays: the flow, and the price that keeps the unsure apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from planner.arrays import F64, I32, Bool
from planner.location.allocation.allocate import Allocation
from planner.siting.matching.needs import Places
from planner.siting.matching.options import MatchOptions, Room

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

__all__ = ["MatchedNeeds", "limited", "of_columns", "price_of", "priced"]


@dataclass(frozen=True, eq=False)
class MatchedNeeds:
    """Needs, places, and the flow between them: what every table of a matching is made of.

    Amounts are in the unit of the need, residents or people a day, and need not be whole: a
    share of a home's residents is an amount like any other.

    Parameters
    ----------
    assessment, kind, service, group, options
        What was asked.
    room
        Column of ``facilities`` that tells the room of a place: ``"capacity_residents"``, then
        needs are residents, or ``"capacity"``, then they are people a day.
    places
        The places that take part.
    needs
        (homes,) amount that each home needs.
    located
        (homes,) whether it is known where a home joins the streets.
    elsewhere
        (homes,) whether a place may stand within the limit that cannot be walked to here: beyond
        what was imported, or where no street is found.
    distances
        CSR (homes, places), metres within the limit, zeros stored.
    allocation
        The flow; places that may or may not serve come last, see :func:`planner.match_needs`.
    """

    assessment: Assessment
    kind: str | None
    service: str | None
    group: str
    options: MatchOptions = field(repr=False)
    room: Room
    places: Places = field(repr=False)
    needs: F64 = field(repr=False)
    located: Bool = field(repr=False)
    elsewhere: Bool = field(repr=False)
    distances: csr_array = field(repr=False)
    allocation: Allocation = field(repr=False)

    @cached_property
    def amounts(self) -> csr_array:
        """CSR (homes, places), amount of each home's need that each place certainly serves."""
        return of_columns(self.allocation.served, self.places.sure)

    @cached_property
    def perhaps(self) -> csr_array:
        """CSR (homes, places), amount that a place may serve of which it is not known."""
        return of_columns(self.allocation.served, ~self.places.sure)

    @property
    def unserved(self) -> F64:
        """(homes,) amount that is not served, whatever the unknown places have room for."""
        return np.where(self.located & ~self.elsewhere, self.allocation.unserved, 0.0)

    @cached_property
    def unknown(self) -> F64:
        """(homes,) amount of which it is not known whether it is served."""
        may = np.asarray(self.perhaps.sum(axis=1)).ravel()
        return np.where(self.located, may + self.perhaps_elsewhere, self.needs)

    @property
    def perhaps_elsewhere(self) -> F64:
        """(homes,) amount that nothing here serves, but perhaps a place that is not known here."""
        left = self.located & self.elsewhere
        return np.where(left, self.allocation.unserved, 0.0)


def of_columns(table: csr_array, kept: Bool) -> csr_array:
    """Return a table with the entries of some columns only; its shape stays."""
    part = table.tocoo()
    some = kept[part.col]
    return csr_array((part.data[some], (part.row[some], part.col[some])), shape=table.shape)


def priced(distances: csr_array, sure: Bool) -> csr_array:
    """Return distances of which those to unsure places cost more than any chain of walks."""
    away = price_of(distances)
    return csr_array(
        (distances.data + np.where(sure[distances.indices], 0.0, away), *structure(distances)),
        shape=distances.shape,
    )


def price_of(distances: csr_array) -> float:
    """Return the price of an unsure place, metres."""
    longest_m = float(distances.data.max(initial=0.0))
    return float((2 * distances.shape[1] + 2) * (longest_m + 1.0))


def structure(table: csr_array) -> tuple[I32, I32]:
    """Return where the entries of a table are."""
    return table.indices, table.indptr


def limited(places: Places, needs: F64) -> F64:
    """Return room as numbers: without a bound, or unknown, is as much as all need together."""
    everybody = float(needs.sum())
    return np.where(np.isfinite(places.room), places.room, everybody)
