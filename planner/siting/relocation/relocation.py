"""Existing facilities moved or closed: how much better it could be with the same number."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linear_sum_assignment

from planner.analysis.people import without_few
from planner.arrays import F64, I64, Bool
from planner.district import Scenario
from planner.district.scenarios.changes import known_by
from planner.district.scenarios.scenario import Change, Close, Move, OpenInternal
from planner.errors import Finding
from planner.location.results import Siting
from planner.own_copies import own_tables
from planner.siting.costs import Costs, builtin_costs
from planner.siting.proven import Proven
from planner.siting.relocation.distances import Ground

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

Aim = Literal["coverage", "distance"]
AIMS: tuple[Aim, ...] = ("coverage", "distance")
"""What :func:`planner.siting.relocate` can aim at."""


@own_tables("plan")
@dataclass(frozen=True, eq=False)
class Relocation(Proven):
    """Which facilities of a kind to move or close, with proof.

    Made by :func:`planner.siting.relocate`.

    Parameters
    ----------
    ground
        The facilities that may move, the places to choose from, and the ways to both.
    aim
        ``"coverage"`` or ``"distance"``.
    moves, closing
        Facilities that may move at most, and those that are closed without another in their place.
    siting
        The solver's answer: columns of the facilities that may move, then of the places. Its
        objective counts residents covered, or resident metres.
    findings
        What a reader must know: places that were made up, a search that was cut short.
    costs
        The prices that new places are priced by.
    """

    ground: Ground
    aim: Aim
    moves: int
    closing: int
    siting: Siting
    findings: tuple[Finding, ...] = ()
    costs: Costs = field(default_factory=builtin_costs)

    @property
    def assessment(self) -> Assessment:
        """The district as it is."""
        return self.ground.assessment

    @property
    def kind(self) -> str:
        """What is moved."""
        return self.ground.kind

    @property
    def group(self) -> str:
        """Whose residents count."""
        return self.ground.group

    @property
    def limit_m(self) -> float:
        """A home is served within this distance, metres."""
        return self.ground.limit_m

    @property
    def objective(self) -> float:
        """Residents covered afterwards, or resident metres walked."""
        return self.siting.objective

    @property
    def covered_before(self) -> float:
        """Residents of the group within the limit today."""
        return self.ground.weight_of(self._before)

    @property
    def covered_after(self) -> float:
        """Residents of the group within the limit afterwards."""
        return self.ground.weight_of(self._after)

    @property
    def unknown_before(self) -> float:
        """Residents of the group of whom it is not known today whether they are within it."""
        return self._unknown(self._before)

    @property
    def unknown_after(self) -> float:
        """Residents of the group of whom it is not known afterwards."""
        return self._unknown(self._after)

    @property
    def gained_unsure(self) -> float:
        """Those of :attr:`gained` who may be within the limit today.

        It is that of a facility of which it is not known whether it counts.
        """
        return self.ground.weight_of(self._after & ~self._before & self.ground.hoped)

    @property
    def gained(self) -> float:
        """Residents who are beyond the limit today and within it afterwards."""
        return self.ground.weight_of(self._after & ~self._before)

    @property
    def lost(self) -> float:
        """Residents who are within the limit today and beyond it afterwards."""
        return self.ground.weight_of(self._before & ~self._after)

    @property
    def net(self) -> float:
        """`gained` less `lost`: exactly what a new assessment finds."""
        return self.gained - self.lost

    @property
    def most_net(self) -> float:
        """No choice of as many moves can bring more than this on balance; for coverage only."""
        return self.bound - self.covered_before if self.aim == "coverage" else np.nan

    @cached_property
    def plan(self) -> gpd.GeoDataFrame:
        """What happens to each facility that does not stay, the most gained first.

        Closed facilities and new sites are paired so that the ways between them, as the crow
        flies, are least in total; with `closing`, those without a partner are closed.

        Returns
        -------
        GeoDataFrame
            ``facility_id``, ``name``, ``does`` (``"move"`` or ``"close"``), ``site_id``,
            ``site_name``, ``origin`` and ``cost`` of the new place, ``to_x`` and ``to_y`` in the
            district's CRS, ``moved_m`` as the crow flies, ``gained`` (residents whose nearest new
            site it is), ``lost`` (those who had this facility nearest), and the facility's point.
            Small counts of a group are missing where they are withheld.
        """
        closed, places = self._closed, self._places
        old = self.assessment.district.facilities.iloc[self.ground.rows[closed]]
        new = self.ground.sites.iloc[places]
        metres = shapely.distance(
            old.geometry.to_numpy()[:, None], new.geometry.to_numpy()[None, :]
        ).reshape(len(old), len(new))
        number, partner = linear_sum_assignment(metres)
        pair = np.full(len(old), -1)
        pair[number] = partner
        moved = pair >= 0

        def of(values: pd.Series, nothing: object) -> list[Any]:
            kept = values.to_list()
            return [kept[j] if j >= 0 else nothing for j in pair]

        table = {
            "facility_id": old["facility_id"].to_numpy(dtype=object),
            "name": old["name"].to_numpy(dtype=object),
            "does": np.where(moved, "move", "close").astype(object),
            "site_id": of(new["site_id"], ""),
            "site_name": of(new["name"], ""),
            "origin": of(new["origin"], ""),
            "cost": of(new["cost"], 0.0),
            "to_x": of(new.geometry.x, np.nan),
            "to_y": of(new.geometry.y, np.nan),
            "moved_m": [metres[i, j] if j >= 0 else np.nan for i, j in enumerate(pair)],
            "gained": of(pd.Series(self._gained_by), 0.0),
            "lost": self._lost_by,
        }
        frame = gpd.GeoDataFrame(table, geometry=old.geometry.to_numpy(), crs=old.crs)
        frame = frame.sort_values("gained", ascending=False, kind="stable", ignore_index=True)
        return without_few(self.assessment, frame, ["gained", "lost"], self.group)

    @property
    def kept(self) -> list[str]:
        """Ids of the facilities that could have moved and stay."""
        rows = self.ground.rows[self.siting.sites[self.siting.sites < len(self.ground.rows)]]
        return list(self.assessment.district.facilities["facility_id"].iloc[rows])

    @property
    def cost(self) -> float:
        """Price of all new places, in the currency of the prices."""
        return float(self.plan["cost"].sum())

    def homes(self) -> gpd.GeoDataFrame:
        """Return the homes that change sides.

        Returns
        -------
        GeoDataFrame
            ``demand_id``, the group's residents, ``change`` (``"gained"`` or ``"lost"``) and the
            point.
        """
        rows = np.flatnonzero(self._before != self._after)
        demand = self.assessment.district.demand
        table = {
            "demand_id": demand["demand_id"].to_numpy()[rows],
            self.group: self.ground.people[rows],
            "change": np.where(self._after[rows], "gained", "lost").astype(object),
        }
        return gpd.GeoDataFrame(table, geometry=demand.geometry.to_numpy()[rows], crs=demand.crs)

    def changes(self) -> list[Change]:
        """Return the changes of a scenario; a move into a unit's own facility opens that one."""
        changes: list[Change] = []
        inside = dict(
            zip(self.ground.sites["site_id"], self.ground.sites["facility_id"], strict=True)
        )
        for row in self.plan.itertuples():
            if row.does == "move" and row.origin != "internal":
                changes.append(Move(row.facility_id, float(row.to_x), float(row.to_y)))
                continue
            changes.append(Close(row.facility_id))
            if row.does == "move":
                changes.append(OpenInternal(inside[row.site_id]))
        return changes

    def scenario(self, name: str = "") -> Scenario:
        """Return the moves as a scenario for ``assessment.apply``."""
        crs = self.assessment.district.crs.to_string()
        made = Scenario(name or f"{len(self.plan)} × {self.kind}", self.changes(), crs)
        return known_by(self.assessment.district, made)

    @cached_property
    def after(self) -> Assessment:
        """The assessment once it is done."""
        return self.assessment.apply(self.scenario())

    def __repr__(self) -> str:
        return (
            f"Relocation({len(self._places)} of {len(self.ground.rows)} × {self.kind} moved, "
            f"{len(self._closed) - len(self._places)} closed: {self.net:+.0f} residents, "
            f"at most {self.gap:.2%} from the best possible)"
        )

    @property
    def _closed(self) -> I64:
        return np.setdiff1d(np.arange(len(self.ground.rows)), self.siting.sites)

    @property
    def _places(self) -> I64:
        today = len(self.ground.rows)
        return self.siting.sites[self.siting.sites >= today] - today

    def _unknown(self, covered: Bool) -> float:
        return self.ground.unknown_beside(covered)

    @cached_property
    def _before(self) -> Bool:
        return self.ground.covered(np.arange(len(self.ground.rows)), np.empty(0, np.int64))

    @cached_property
    def _after(self) -> Bool:
        return self.ground.covered_with(self.siting.sites)

    @property
    def _gained_by(self) -> F64:
        """Residents gained by the new place that is nearest to them."""
        gained = self._after & ~self._before
        return self.ground.shared_out(self.ground.new_m, self._places, gained)

    @property
    def _lost_by(self) -> F64:
        """Residents lost by the closed facility that is nearest to them."""
        lost = self._before & ~self._after
        return self.ground.shared_out(self.ground.old_m, self._closed, lost)
