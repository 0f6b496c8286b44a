"""Two assessments of the same homes side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.analysis.notes.standards import OPENED_WITHOUT_DATA
from planner.analysis.tables import beside
from planner.analysis.walks_compared import walks_compared
from planner.arrays import Bool
from planner.district import EVERYONE
from planner.district.identity.outlines import MOVED_M, redrawn
from planner.district.kinds import kinds_named
from planner.errors import Finding, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.district import District

_COUNTS = ("covered", "uncovered", "unknown", "share", "unreachable", "mean_distance_m")


_OF_THE_CHANGED = (
    OPENED_WITHOUT_DATA,
    "analysis.facility_without_street",
    "analysis.link_ends_off",
)
"""Of what a changed district tells, that by which what is opened counts for nothing, or a way as
another than was drawn."""

LEAST_SAME = 0.9
"""Share of the homes of either that both must hold."""

_NAMED = 5


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed between two assessments. Made by :func:`compare`.

    Parameters
    ----------
    before, after
        Assessments of the same homes by the same standard.
    alone
        Homes that only one of the two had; they are left out of both.
    """

    before: Assessment
    after: Assessment
    alone: tuple[str, ...] = ()

    def summary(self) -> pd.DataFrame:
        """Return the change of the whole district, one row for each kind and group.

        Returns
        -------
        DataFrame
            ``kind``, ``group``, ``limit_m``, ``data_before`` and ``data_after`` (``"none"``,
            ``"listed"`` or ``"complete"``, see :meth:`planner.district.District.data_state`), then
            for each of ``covered``, ``uncovered``, ``unknown``, ``share``, ``unreachable`` and
            ``mean_distance_m`` a column ``…_before``, ``…_after`` and ``…_change``. A share changes
            in points: 0.05 is five percentage points. The mean distance changes by how much that of
            those does who can walk to one before and after, see
            :func:`planner.analysis.walks_compared.walks_compared`. A kind of the standard without
            data has a row without figures.
        """
        table = self.league("district").drop(columns=["area_id", "name", "subdistrict"])
        rules, groups = self.after.standard.rules, self.after.groups
        missing = [kind for kind in rules if kind not in set(table["kind"])]
        rows = pd.DataFrame([(k, g) for k in missing for g in groups], columns=["kind", "group"])
        table = pd.concat([table, rows], ignore_index=True) if missing else table
        pairs = zip(table["kind"], table["group"], strict=True)
        limits_m = [rules[kind].limit_for(g) if kind in rules else np.nan for kind, g in pairs]
        table.insert(2, "limit_m", np.array(limits_m, dtype=np.float64))
        for place, (name, side) in enumerate((("before", self.before), ("after", self.after))):
            table.insert(3 + place, f"data_{name}", table["kind"].map(side.district.data_state))
        return table

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Tell where a change may not be one on the ground, and what was not compared."""
        was, now = self.before.district, self.after.district
        found = []
        if self.alone:
            found.append(Finding("analysis.compare_alone", _told(list(self.alone))))
        for group in self.after.groups:
            old, new = (float(each.people()[group].sum(min_count=1)) for each in (was, now))
            told = math.isfinite(old) and math.isfinite(new)
            if told and not math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-6):
                params = {"group": group, "before": round(old), "after": round(new)}
                found.append(Finding("analysis.compare_totals", params))
        away = was.demand.geometry.to_numpy()
        away_m = shapely.distance(away, now.demand.to_crs(was.crs).geometry.to_numpy())
        moved = int((away_m > MOVED_M).sum())
        if moved:
            params = {"homes": moved, "total": len(away_m), "metres": round(float(away_m.max()))}
            found.append(Finding("analysis.compare_moved", params))
        found += _areas_changed(was, now)
        for kind in self.kinds:
            found += self.unsure_notes(kind, self.after.groups[0])
        found += self.walk_notes(self.after.groups[0])
        found += counted_for_nothing(self.before, self.after)
        unjudged = self._opened_kinds() - set(self.after.standard.rules)
        if unjudged:
            params = {"kinds": ", ".join(sorted(unjudged)), "standard": self.after.standard.id}
            found.append(Finding("analysis.opened_not_judged", params))
        return tuple(found)

    def _opened_kinds(self) -> set[str]:
        """Return the kinds of facilities that only the second district has."""
        was, now = (each.district.facilities for each in (self.before, self.after))
        return set(now["kind"][~now["facility_id"].isin(was["facility_id"])])

    @property
    def kinds(self) -> list[str]:
        """The kinds that both judge."""
        return [kind for kind in self.before.judged_kinds if kind in self.after.judged_kinds]

    def unsure(self, kind: str, group: str) -> float:
        """Return how many are within the limit afterwards of whom it is not known before.

        They count as newly covered, and may have been covered all the time.
        """
        return _people_within(self.after, self.before, kind, group)

    def unsure_lost(self, kind: str, group: str) -> float:
        """Return how many are within the limit before of whom it is not known afterwards.

        They are taken off the covered, and may be covered all the time.
        """
        return _people_within(self.before, self.after, kind, group)

    def perhaps_within(self, kind: str, group: str) -> float:
        """Return how many may be within the limit afterwards of whom it is known before.

        They count as not covered: a facility that comes near them does not tell its hours, say.
        """
        known = ~_not_known(self.before, kind, group)
        return _people(self.after, group, known & _not_known(self.after, kind, group))

    def perhaps_lost(self, kind: str, group: str) -> float:
        """Return how many are beyond the limit afterwards of whom it is not known before."""
        within, unknown = self.after.within_or_unknown(kind, group)
        beyond = ~(within | unknown)
        return _people(self.after, group, beyond & _not_known(self.before, kind, group))

    def unsure_notes(self, kind: str, group: str) -> list[Finding]:
        """Tell how many of what is gained and lost of a kind may be neither, if any."""
        counts = {
            "analysis.compare_unsure": self.unsure(kind, group),
            "analysis.compare_unsure_lost": self.unsure_lost(kind, group),
        }
        notes = [
            Finding(code, {"kind": kind, "count": round(count)})
            for code, count in counts.items()
            if count > 0
        ]
        return [*notes, *self._others_known(kind, group)]

    def _others_known(self, kind: str, group: str) -> list[Finding]:
        """Tell of how many it is known on one side alone that they are beyond the limit.

        A share is of those of whom it is known: its change is then not of the same people.
        """
        was, now = (side.within_or_unknown(kind, group) for side in (self.before, self.after))
        lost = _people(self.after, group, ~(was[0] | was[1]) & now[1])
        anew = _people(self.after, group, was[1] & ~(now[0] | now[1]))
        if not (anew > 0 or lost > 0):
            return []
        counts = {
            name: _count_told(self.after, group, count)
            for name, count in (("anew", anew), ("lost", lost))
        }
        return [Finding("analysis.compare_known", {"kind": kind, **counts})]

    def walk_notes(self, group: str, kinds: Sequence[str] | None = None) -> list[Finding]:
        """Tell of kinds to which people can walk on one side alone, who are in no change of a mean.

        Parameters
        ----------
        group
            Whose people count.
        kinds
            Only these; all that both have where none are given.
        """
        both = [kind for kind in self.before.kinds if kind in self.after.kinds]
        asked = both if kinds is None else [kind for kind in kinds_named(kinds) if kind in both]
        walks = walks_compared(self.before, self.after, "district", asked, [group])
        return [
            Finding(
                "analysis.compare_reached",
                {
                    "kind": row["kind"],
                    "anew": _count_told(self.after, group, row["reach_anew"]),
                    "lost": _count_told(self.after, group, row["reach_no_more"]),
                },
            )
            for row in walks.reset_index().to_dict("records")
            if row["reach_anew"] > 0 or row["reach_no_more"] > 0
        ]

    def league(self, level: Level = "community") -> pd.DataFrame:
        """Return the change of each area, kind and group, with the columns of :meth:`summary`."""
        keys = ["area_id", "kind", "group"]
        old = self.before.league(level).set_index(keys)
        new = self.after.league(level).set_index(keys)
        rows = new.index.union(old.index, sort=False)
        names = new[["name", "subdistrict"]].combine_first(old[["name", "subdistrict"]])
        table = names.reindex(rows)
        for column in _COUNTS:
            was, now = old[column].reindex(rows), new[column].reindex(rows)
            table[f"{column}_before"] = was
            table[f"{column}_after"] = now
            table[f"{column}_change"] = now - was
        both = [kind for kind in self.before.kinds if kind in self.after.kinds]
        walks = walks_compared(self.before, self.after, level, both, self.after.groups)
        # what a mean does not tell, its change does not tell either
        own = table["mean_distance_m_change"].where(~table.index.isin(walks.index), np.nan)
        told = walks["change_m"].astype("float64").reindex(table.index)
        table["mean_distance_m_change"] = own.fillna(told.where(was.notna() & now.notna()))
        table = table.reset_index()
        return table[
            [
                "area_id",
                "name",
                "subdistrict",
                *table.columns.drop(["area_id", "name", "subdistrict"]),
            ]
        ]

    def communities(self, group: str | None = None) -> gpd.GeoDataFrame:
        """Return the communities with ``share_change_<kind>`` and ``covered_change_<kind>``.

        Parameters
        ----------
        group
            Group that is counted; the total where none is given.
        """
        wanted = group or self.after.groups[0]
        league = self.league("community")
        areas = self.after.district.communities.set_index("community_id", drop=False)
        columns = {}
        for kind, rows in league[league["group"] == wanted].groupby("kind", sort=False):
            figures = rows.set_index("area_id")
            for name in ("share", "covered"):
                columns[f"{name}_change_{kind}"] = figures[f"{name}_change"]
        joined = beside(areas, pd.DataFrame(columns)).reset_index(drop=True)
        return gpd.GeoDataFrame(joined, geometry="geometry", crs=self.after.district.crs)

    def homes(self, kind: str) -> pd.DataFrame:
        """Return the homes whose distance to a kind changed.

        Returns
        -------
        DataFrame
            Index ``demand_id``: ``distance_m_before``, ``distance_m_after`` and the ``nearest``
            facility before and after.
        """
        was, now = self.before.distances[kind], self.after.distances[kind]
        same = np.isclose(was, now, rtol=0, atol=1e-6, equal_nan=True)
        table = pd.DataFrame(
            {
                "distance_m_before": was,
                "distance_m_after": now,
                "nearest_before": self.before.nearest[kind],
                "nearest_after": self.after.nearest[kind],
            }
        )
        return table[~same]


def _count_told(side: Assessment, group: str, count: float) -> int | str:
    """Return a count of a group; of one that is withheld since it is small only that it is."""
    shown, withheld = side.district.shown_count(group, count), side.district.withheld
    return f"< {withheld.threshold}" if withheld and math.isnan(shown) else round(count)


def _people_within(one: Assessment, other: Assessment, kind: str, group: str) -> float:
    """Return the people within the limit in one assessment of whom it is not known in the other."""
    within, _ = one.within_or_unknown(kind, group)
    return _people(one, group, within & _not_known(other, kind, group))


def _not_known(side: Assessment, kind: str, group: str) -> Bool:
    """Return of which homes it is not known whether they are within the limit."""
    return side.within_or_unknown(kind, group)[1]


def _people(side: Assessment, group: str, homes: Bool) -> float:
    people = side.district.demand[group].to_numpy(dtype=np.float64)
    return float(np.nansum(people[homes]))


def _areas_changed(was: District, now: District) -> Iterator[Finding]:
    """Tell of homes, ground and communities that belong to another area than before."""
    of_home = [each.demand["community_id"].to_numpy(dtype=object) for each in (was, now)]
    other = of_home[0] != of_home[1]
    if other.any():
        people = float(np.nansum(now.demand[now.groups[0]].to_numpy(dtype=np.float64)[other]))
        params = {"homes": int(other.sum()), "total": len(other), "people": round(people)}
        yield Finding("analysis.compare_communities", params)
    old, new = (each.communities.set_index("community_id") for each in (was, now))
    both = old.index.intersection(new.index, sort=False)
    was_at, now_at = (each.geometry.to_crs(now.crs).loc[both].to_numpy() for each in (old, new))
    alone = old.index.symmetric_difference(new.index, sort=False)
    changed = [*both[redrawn(was_at, now_at)], *alone]
    if changed:
        yield Finding("analysis.compare_boundaries", _told(changed))
    regrouped = (old["subdistrict"].loc[both] != new["subdistrict"].loc[both]).to_numpy()
    if regrouped.any():
        yield Finding("analysis.compare_subdistricts", _told(list(both[regrouped])))


def _told(ids: list[str]) -> dict[str, object]:
    named = ", ".join(ids[:_NAMED]) + (", …" if len(ids) > _NAMED else "")
    return {"count": len(ids), "ids": named}


def _asked(side: Assessment) -> str:
    """Return the moment, the service and the way to a street that an assessment asks for."""
    question = side.question
    return f"{question.asked_at or '–'}; {question.service or '–'}; {side.max_access_m:g} m"


def counted_for_nothing(before: Assessment, after: Assessment) -> list[Finding]:
    """Return by which findings what was changed counts for nothing: those that were not before.

    Parameters
    ----------
    before, after
        Assessments of a district as it was, and as it is after the changes.
    """
    told = set(map(repr, before.findings))
    return [
        each for each in after.findings if each.code in _OF_THE_CHANGED and repr(each) not in told
    ]


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Set two assessments of the same homes side by side.

    Raises
    ------
    InputError
        Where they judge by different standards, ask for another moment, service or way to a
        street, count different groups or in different units, or hold other homes, so that a
        difference would not mean a change on the ground. Of homes that only one of them holds,
        where these are few, nothing is compared, and that is told.
    """
    if before.standard != after.standard:
        raise InputError(
            "analysis.compare_standards", before=before.standard.id, after=after.standard.id
        )
    if before.profile != after.profile:
        walks = [each.profile.id if each.profile else EVERYONE for each in (before, after)]
        raise InputError("profiles.compare", before=walks[0], after=walks[1])
    if before.question != after.question or before.max_access_m != after.max_access_m:
        raise InputError("analysis.compare_questions", before=_asked(before), after=_asked(after))
    asked = [each.unmapped_m for each in (before, after)]
    if asked[0] != asked[1]:
        told = ["–" if each is None else f"{each:g}" for each in asked]
        raise InputError("analysis.compare_unmapped", before=told[0], after=told[1])
    if before.groups != after.groups:
        raise InputError(
            "analysis.compare_groups",
            before=", ".join(before.groups),
            after=", ".join(after.groups),
        )
    if before.demand_unit != after.demand_unit:
        raise InputError(
            "analysis.compare_units", before=before.demand_unit, after=after.demand_unit
        )
    was, now = before.distances.index, after.distances.index
    if was.equals(now):
        return Comparison(before, after)
    both = was[was.isin(now)]
    if len(both) < LEAST_SAME * max(len(was), len(now)):
        raise InputError("analysis.compare_homes", same=len(both), before=len(was), after=len(now))
    first, second = [
        side if side.distances.index.equals(both) else side.of_homes(list(both))
        for side in (before, after)
    ]
    return Comparison(
        first, second, alone=tuple(map(str, was.symmetric_difference(now, sort=False)))
    )
