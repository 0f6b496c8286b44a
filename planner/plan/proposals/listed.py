"""Facilities that the data list where a proposal builds one of their kind.

A list of next year may have what the plan is still to open. Counted as the plan has it, it would be
there twice; so that this is seen, a proposal keeps what stood beside its place when it was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely

from planner.district import Connect, Convert, District, Move, Open
from planner.district.identity.doubles import ALIKE_M, SPOT_M
from planner.district.identity.known_again import Namesakes, is_another, marks_of
from planner.district.identity.names import plain_name
from planner.district.scenarios.changes import SCENARIO, is_done
from planner.district.scenarios.scenario import Change
from planner.errors import Finding
from planner.plan.proposals.proposal import BESIDE

if TYPE_CHECKING:
    from planner.plan.proposals.proposal import Proposal

__all__ = [
    "Listed",
    "beside_marks",
    "done_faults",
    "gone",
    "in_data",
    "kept_beside",
    "listed_at",
    "listed_fault",
]

Marks = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Listed:
    """A facility that the data list where one of its kind is to be built.

    Parameters
    ----------
    step
        What is to be built.
    facility_id, name
        The nearest one that is listed.
    metres
        How far apart they are, in a straight line.
    """

    step: Open
    facility_id: str
    name: str
    metres: float


def beside_marks(district: District, steps: Sequence[Change]) -> dict[str, dict[str, Any]]:
    """Return by what those are known again that stand beside what is to be built."""
    table = _counting(district)
    builds = [step for step in steps if isinstance(step, Open)]
    rows = {row for _, row in _near(table, builds)}
    told = table.iloc[sorted(rows)].to_dict("records")
    return {f"{BESIDE}{row['facility_id']}": dict(marks_of(row)) for row in told}


def kept_beside(proposals: Sequence[Proposal]) -> dict[str, dict[str, Any]]:
    """Return the marks of :func:`beside_marks` that proposals keep."""
    return {
        name: dict(marks)
        for each in proposals
        for name, marks in each.known_by.items()
        if name.startswith(BESIDE)
    }


def listed_at(district: District, proposals: Sequence[Proposal]) -> list[tuple[Listed, ...]]:
    """Return for each proposal what the data list where it builds, and it does not know of.

    Parameters
    ----------
    district
        The place as it is.
    proposals
        Of these, those in its CRS are looked at.

    Returns
    -------
    list
        For each what it is to open that stands within
        :data:`~planner.district.identity.doubles.ALIKE_M` of an existing facility of its kind, the
        nearest named; but for those that stood there when it was made, and those that it changes
        itself.
    """
    crs = district.crs.to_string()
    builds = [
        (number, step)
        for number, each in enumerate(proposals)
        for step in each.changes
        if isinstance(step, Open) and each.crs in ("", crs)
    ]
    nearest: dict[int, Listed] = {}
    table = _counting(district)
    ids, names = table["facility_id"].to_list(), table["name"].to_list()
    for build, row in _near(table, [step for _, step in builds]):
        number, step = builds[build]
        spot = table.geometry.iloc[row]
        if _knows(proposals[number], ids[row], names[row], spot):
            continue
        metres = float(spot.distance(shapely.Point(step.x, step.y)))
        if build not in nearest or metres < nearest[build].metres:
            nearest[build] = Listed(step, str(ids[row]), str(names[row]), metres)
    found: list[list[Listed]] = [[] for _ in proposals]
    for build in sorted(nearest):
        found[builds[build][0]].append(nearest[build])
    return [tuple(each) for each in found]


def listed_fault(listed: Sequence[Listed], code: str = "plan.facility_in_data") -> Finding | None:
    """Return that what is to be built is listed, with the nearest; None where nothing is."""
    if not listed:
        return None
    first = min(listed, key=lambda each: each.metres)
    called = f"{first.name} ({first.facility_id})" if first.name else first.facility_id
    told = {"facility": called, "kind": first.step.kind, "metres": round(first.metres)}
    return Finding(code, told)


def done_faults(district: District, proposals: Sequence[Proposal]) -> list[Finding | None]:
    """Return for each proposal that the data have all that it changes as it would make it, or None.

    What it builds is asked by :func:`listed_at`. A facility that is not there any more, or is
    another by now under the same id, is no word of that.
    """
    crs = district.crs.to_string()
    changing = [
        each.crs in ("", crs) and any(not isinstance(step, Connect) for step in each.changes)
        for each in proposals
    ]
    if not any(changing):
        return [None] * len(proposals)
    rows = {str(row["facility_id"]): row for row in district.facilities.to_dict("records")}
    namesakes = Namesakes(district.facilities)
    return [
        _done_fault(district, each, rows, namesakes) if asked else None
        for each, asked in zip(proposals, changing, strict=True)
    ]


def _done_fault(
    district: District,
    proposal: Proposal,
    rows: Mapping[str, Mapping[str, Any]],
    namesakes: Namesakes,
) -> Finding | None:
    named = {}
    for step in proposal.changes:
        if isinstance(step, Connect):
            continue
        if isinstance(step, Open) or step.facility_id not in rows:
            return None
        row = rows[step.facility_id]
        if not is_done(district, step, SPOT_M) or _is_another(proposal, step, row, namesakes):
            return None
        name = str(row["name"] or "")
        named[step.facility_id] = f"{name} ({step.facility_id})" if name else step.facility_id
    return Finding("plan.change_in_data", {"facilities": ", ".join(named.values())})


def _is_another(
    proposal: Proposal, step: Change, row: Mapping[str, Any], namesakes: Namesakes
) -> bool:
    """Whether a facility is none of what a proposal knew by its id, nor what it makes of it."""
    before = proposal.known_by.get(str(row["facility_id"]))
    if before is None:
        return False
    after = dict(before)
    if isinstance(step, Move):
        after |= {"x": step.x, "y": step.y}
    if isinstance(step, Convert):
        after |= {"kind": step.kind}
    return is_another(marks_of(row), before, after, namesakes=namesakes.of(row))


def in_data(district: District, proposal: Proposal) -> bool:
    """Whether the data have what a proposal did once it opened.

    What it built is there where a facility says that it is that proposal's, or one of the kind is
    listed at its place; what it changed, where the facility is as changed, or says so.
    """
    sources = district.facilities["source"].astype(str)
    own = district.facilities[sources.str.contains(f"({proposal.id})", regex=False)]
    kinds, ids = set(own["kind"]), set(own["facility_id"])
    builds = [step for step in proposal.changes if isinstance(step, Open)]
    there = [each.step for each in listed_at(district, [proposal])[0]]
    known = set(district.facilities["facility_id"])
    built = all(step.kind in kinds or step.facility_id in known or step in there for step in builds)
    others = [step for step in proposal.changes if not isinstance(step, Open | Connect)]
    return built and all(
        step.facility_id in ids or is_done(district, step, SPOT_M) for step in others
    )


def gone(district: District, opened: Sequence[Proposal]) -> list[Proposal]:
    """Return the proposals that opened of which the data have not what they did."""
    crs = district.crs.to_string()
    return [each for each in opened if each.crs in ("", crs) and not in_data(district, each)]


def _counting(district: District) -> gpd.GeoDataFrame:
    """Return the facilities that are open to residents: a planned row is not there twice yet.

    What other proposals open, where the district is one of a later year, is listed by nobody.
    """
    table = district.facilities
    counts = (table["status"] == "existing") & (table["ownership"] != "internal")
    return table[counts & (table["source"] != SCENARIO)].reset_index(drop=True)


def _near(table: gpd.GeoDataFrame, builds: Sequence[Open]) -> list[tuple[int, int]]:
    """Return pairs of what is to be built and a row of its kind as near as `ALIKE_M`."""
    if not builds or table.empty:
        return []
    places = [shapely.Point(step.x, step.y) for step in builds]
    tree = shapely.STRtree(table.geometry.to_numpy())
    pairs = tree.query(places, predicate="dwithin", distance=ALIKE_M)
    kinds = table["kind"].to_list()
    return [(b, row) for b, row in pairs.T.tolist() if kinds[row] == builds[b].kind]


def _knows(proposal: Proposal, own: str, name: str, spot: shapely.Point) -> bool:
    """Whether a facility stood there when a proposal was made, or it changes that one itself.

    Ids may be another's in a list imported anew: it is known by its place, or by its name.
    """
    if own in {getattr(step, "facility_id", "") for step in proposal.changes}:
        return True
    marks = [each for key, each in proposal.known_by.items() if key.startswith(BESIDE)]
    plain = plain_name(name)
    return any(
        spot.dwithin(shapely.Point(float(each["x"]), float(each["y"])), SPOT_M)
        or (plain != "" and plain == plain_name(each["name"]))
        for each in marks
    )
