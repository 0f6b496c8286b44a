"""Residents' needs matched with places: who is served where, who is not and why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from planner.analysis.coverage.spread import SpreadHomes
from planner.analysis.distances.one_place import ROOM
from planner.analysis.people import people_of, without_few
from planner.errors import Finding, InputError
from planner.location.allocation.allocate import allocate
from planner.own_copies import own_tables
from planner.siting.keywords import grouped
from planner.siting.matching import tables
from planner.siting.matching.enlargement import Enlargements
from planner.siting.matching.flows import MatchedNeeds, limited, of_columns, priced
from planner.siting.matching.needs import (
    ASSUMED,
    UNKNOWN_ROOM,
    needs_of,
    perhaps_elsewhere,
    places_of,
    places_with_room,
    reachable_pairs,
    refuse_per_cents,
)
from planner.siting.matching.options import MatchKeywords, MatchOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.analysis.assessment import Assessment
    from planner.district import Scenario
    from planner.district.scenarios.scenario import Change

__all__ = ["Matching", "match_needs"]


@own_tables("served")
@dataclass(frozen=True, eq=False)
class Matching(MatchedNeeds):
    """Needs matched with places. Made by :func:`match_needs`.

    Amounts are in the unit of the need, residents or people a day, and need not be whole: a
    share of a home's residents is an amount like any other. Fields are those of
    :class:`planner.siting.matching.flows.MatchedNeeds`.
    """

    @cached_property
    def served(self) -> gpd.GeoDataFrame:
        """The places: what each has room for, whom it serves, and what more room is worth.

        Columns ``facility_id``, ``name``, ``kind``, ``ownership`` (``public``, ``partner`` or
        ``internal``), ``department``, ``operator`` where the layer has it, ``capacity`` (in the
        unit of the need; inf unlimited, NaN unknown), ``capacity_is`` (``told``, ``assumed`` or
        ``unknown``), ``counts`` (whether it certainly serves), ``in_reach`` (needs within the
        limit), ``used``, ``room_left``, ``share_used`` (0–1), ``homes`` served, ``mean_walk_m`` of
        those served, ``perhaps`` (amount that it may serve, where that is not known),
        ``one_more_serves`` and ``one_more_settles`` (1 where one more unit of room lets one more
        unit be served that is not, or of which it is not known), ``one_more_walk_m`` (by which
        that changes all walking, below 0 is saved), and the point, in the district's CRS.
        """
        return tables.place_table(self)

    def homes(self) -> gpd.GeoDataFrame:
        """Return the homes that need something, and how they are served.

        Returns
        -------
        GeoDataFrame
            ``demand_id``, ``community_id``, ``needs``, ``served``, ``unserved``, ``unknown``,
            ``why`` (``""`` served in full, ``no_place`` in reach, ``full``, ``unknown_room``: only
            places of which it is not known whether they have room, or serve at all, could still
            take them; ``unknown_place``: one may stand within the limit beyond what was imported,
            or where no street is found; ``unknown_position``), ``facility_id`` of the place that
            serves most, empty where none does, ``distance_m`` (mean of what is served, NaN where
            nothing is), and the point, in the district's CRS.
        """
        return tables.home_table(self)

    def flows(self) -> pd.DataFrame:
        """Return who goes where.

        Returns
        -------
        DataFrame
            ``demand_id``, ``facility_id``, ``amount``, ``distance_m``.
        """
        return tables.flow_table(self)

    def communities(self) -> gpd.GeoDataFrame:
        """Return the communities, most unserved first.

        Returns
        -------
        GeoDataFrame
            ``community_id``, ``name``, ``subdistrict``, ``needs``, ``served``, ``served_public``,
            ``served_partner``, ``served_internal``, ``unserved``, ``no_place``, ``full``,
            ``unknown``, ``share_served`` (of all needs, 0–1), ``mean_walk_m`` and the area. Homes
            in no community are in none of them; amounts are NaN where a community does not tell
            its people, or these are withheld, few ones too.
        """
        table = tables.community_table(self)
        figures = table.drop(columns="geometry").select_dtypes("float64").columns
        counts = [str(name) for name in figures.drop(["share_served", "mean_walk_m"])]
        telling = {"share_served": ["needs", "served"]}
        return without_few(self.assessment, table, counts, self.group, telling)

    def exchanges(self) -> gpd.GeoDataFrame:
        """Return what goes from each community to each place, bundled.

        Returns
        -------
        GeoDataFrame
            ``community_id``, ``facility_id``, ``amount``, ``mean_walk_m`` and a line from the
            middle of those served to the place.
        """
        return tables.exchange_table(self)

    def by_ownership(self) -> pd.DataFrame:
        """Return who serves how many: own places, partners and units.

        Returns
        -------
        DataFrame
            ``ownership``, ``places``, ``capacity`` (of those that tell it), ``used``,
            ``share`` of all needs, ``room_left``, ``mean_walk_m``.
        """
        return tables.totals(self, ["ownership"])

    def by_operator(self) -> pd.DataFrame:
        """Return the same by ownership and operator, the department where none is named."""
        return tables.totals(self, ["ownership", "operator"])

    def summary(self) -> dict[str, float]:
        """Return the figures of the district.

        Returns
        -------
        dict
            ``needs``, ``served``, ``served_public``, ``served_partner``, ``served_internal``,
            ``unserved``, ``no_place``, ``full``, ``unknown``, ``unknown_room``,
            ``unknown_place``, ``unknown_position`` (served + unserved + unknown are the needs),
            ``share_low`` and ``share_high`` (served of all needs, if nobody or everybody unknown is
            served), ``mean_walk_m``, ``places``, ``places_full``, ``places_unknown``,
            ``places_assumed``, ``room_left``.
        """
        return tables.figures(self)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader of the figures must know."""
        room_is = self.places.room_is
        notes = []
        if self.group != self.assessment.groups[0]:
            notes.append(Finding("matching.group_alone", {"group": self.group}))
        if assumed := int((room_is == ASSUMED).sum()):
            amount = float(self.options.capacity or 0.0)
            code = "unlimited_room" if np.isinf(amount) else "assumed_room"
            params = {"count": assumed, "total": len(room_is), "amount": f"{amount:g}"}
            notes.append(Finding(f"matching.{code}", params))
        if unknown := int((room_is == UNKNOWN_ROOM).sum()):
            params = {"count": unknown, "total": len(room_is)}
            notes.append(Finding("matching.room_unknown", params))
        if unsure := int((~self.places.counts).sum()):
            notes.append(Finding("matching.unsure", {"count": unsure}))
        if (elsewhere := round(float(self.perhaps_elsewhere.sum()))) > 0:
            notes.append(Finding("matching.perhaps_elsewhere", {"count": elsewhere}))
        if self.room == "capacity" and np.isclose(self.needs.sum(), self._people()):
            notes.append(Finding("matching.every_day"))
        notes.append(Finding("matching.not_whole"))
        return (*self._spread(), *notes)

    def _spread(self) -> Iterator[Finding]:
        """Tell how many needs may lie within the limit of a place where residents were spread."""
        spread = SpreadHomes.of(self.assessment.district.demand)
        if spread is None:
            return
        near = np.diff(of_columns(self.distances, self.places.sure).indptr) > 0
        perhaps = (np.diff(self.distances.indptr) > 0) | ~self.located
        together = np.zeros(len(self.needs), np.int64)
        low, high = spread.covered(together, self.needs, near, perhaps, 1)
        amounts = {"low": low[0], "high": high[0], "needs": self.needs.sum()}
        told = {name: round(float(amount)) for name, amount in amounts.items()}
        if told["low"] < told["high"]:
            yield Finding("matching.spread_needs", told)

    @property
    def usual_enlargement(self) -> float:
        """About a fifth of the middle room of a place, one digit, at least 1."""
        known = self.places.room[np.isfinite(self.places.room)]
        middle = float(np.median(known)) if known.size else 0.0
        return max(1.0, float(f"{middle / 5:.1g}"))

    def enlarge(self, more: float | None = None, count: int = 10) -> pd.DataFrame:
        """Return the places where more room helps most, each judged alone.

        Parameters
        ----------
        more
            By how much a place is enlarged, in the unit of the need;
            :attr:`usual_enlargement` where none is given.
        count
            Places listed at most.

        Returns
        -------
        DataFrame
            ``rank``, ``facility_id``, ``name``, ``kind``, ``ownership``, ``capacity``,
            ``capacity_is``, ``more``, ``serves`` (amount served that was not), ``settles`` (amount
            of which it was not known), ``used`` (part of the new room that is used), ``walk_m``
            (change of all walking). Exact: the flow with the larger room, not the first unit times
            the number. Places where nothing is gained are left out, as are those whose room is
            not known.

        Raises
        ------
        InputError
            ``matching.bad_more`` where `more` is not above 0.
        """
        return self._enlargements.alone(self._more(more), count)

    def enlarge_sequence(self, more: float | None = None, count: int = 5) -> pd.DataFrame:
        """Return the places to enlarge one after another, each the best once the others are.

        Parameters, columns and errors are those of :meth:`enlarge`; a place may come twice.
        """
        return self._enlargements.sequence(self._more(more), count)

    def changes(self, more: float | None = None, count: int = 5) -> list[Change]:
        """Return the changes of a scenario that makes :meth:`enlarge_sequence`."""
        return self._enlargements.changes(self.enlarge_sequence(more, count))

    def scenario(self, name: str = "", more: float | None = None, count: int = 5) -> Scenario:
        """Return the enlargements as a scenario for ``assessment.apply``."""
        from planner.district import Scenario
        from planner.district.scenarios.changes import known_by

        crs = self.assessment.district.crs.to_string()
        made = Scenario(name or "enlargements", self.changes(more, count), crs)
        return known_by(self.assessment.district, made)

    @cached_property
    def _enlargements(self) -> Enlargements:
        return Enlargements(self)

    def _more(self, more: float | None) -> float:
        return self.usual_enlargement if more is None else float(more)

    def _people(self) -> float:
        return float(people_of(self.assessment, self.group).sum())

    def __repr__(self) -> str:
        found = self.summary()
        return (
            f"Matching({self.kind or self.service}: {found['served']:.0f} of {found['needs']:.0f} "
            f"served by {found['places']:.0f} places, {found['unserved']:.0f} not, "
            f"{found['unknown']:.0f} unknown)"
        )


def match_needs(
    assessment: Assessment,
    kind: str | None = None,
    *,
    service: str | None = None,
    group: str | None = None,
    options: MatchOptions | None = None,
    **keywords: Unpack[MatchKeywords],
) -> Matching:
    """Assign residents' needs to places within reach and room, at least total walking.

    As many needs are served as can be, and among all ways to do so residents walk least together.
    A home's need may be split between places.

    Parameters
    ----------
    assessment
        The district; the moment and service that it asks for decide which places are open.
    kind
        Kind of the places; with a `service`, None for the places of all kinds that offer it.
    service
        Service that a place must offer. A place that names no service may offer it.
    group
        Whose needs count; the total where none is given.
    options
        How much is needed, and which places take part.
    **keywords
        Fields of :class:`~planner.siting.matching.options.MatchOptions` one by one:
        ``need_per_resident``, ``partners``, ``internal``, ``limit_m``, ``capacity``, ``room``.

    Returns
    -------
    Matching
        served + unserved + unknown are the needs, to rounding.

    Raises
    ------
    InputError
        ``matching.no_question`` where neither kind nor service is given, ``.no_place``,
        ``.unknown_service``, ``.no_capacity`` where no place tells its room and none is assumed,
        ``.bad_rate``, ``.need_above_one`` where rooms are told in residents,
        ``.no_rate_column``, ``.rate_lacks``, ``.bad_capacity``,
        ``analysis.unknown_kind``, ``analysis.unknown_group`` and ``measures.not_judged``
        where no limit is known.

    Notes
    -----
    One min-cost flow answers both for the certain and for the unknown. A place of unknown room,
    hours or services takes part at a price above any walk and below leaving a need unserved: needs
    go there last. What flows there is exactly the difference between the most that can be served
    with all such places and with none of them; what is unserved even so is so for certain.

    Examples
    --------
    >>> import planner
    >>> result = planner.assess(planner.demo_district())
    >>> found = planner.match_needs(result, "elderly_care", group="pop_65plus")
    >>> totals = found.summary()
    >>> parts = totals["served"] + totals["unserved"] + totals["unknown"]
    >>> round(parts - totals["needs"], 6)
    0.0
    """
    if kind is None and service is None:
        raise InputError("matching.no_question")
    (asked_for,) = grouped("match_needs", keywords, options or MatchOptions())
    needs = needs_of(assessment, group, asked_for.need_per_resident)
    rows, states = places_of(
        assessment, kind, service, partners=asked_for.partners, internal=asked_for.internal
    )
    home, place, metres, located = reachable_pairs(assessment, rows, group, asked_for.limit_m)
    elsewhere = perhaps_elsewhere(assessment, rows, group, asked_for.limit_m)
    places, column = places_with_room(assessment, rows, states, asked_for.room, asked_for.capacity)
    group = group or assessment.groups[0]
    if column == ROOM:
        refuse_per_cents(assessment, needs, group, places)
    shape = (len(needs), len(rows))
    distances = csr_array((metres, (home, place)), shape=shape)
    asked = np.where(located, needs, 0.0)
    found = allocate(priced(distances, places.sure), asked, limited(places, asked))
    return Matching(
        assessment,
        kind,
        service,
        group,
        asked_for,
        column,
        places,
        needs,
        located,
        elsewhere,
        distances,
        found,
    )
