"""What a reader of an assessment's figures must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from planner.analysis.coverage.spacing import told_m
from planner.analysis.distances.border import longest_m
from planner.analysis.distances.connections import links_off
from planner.analysis.distances.pieces import Pieces
from planner.analysis.distances.reach import Reach
from planner.analysis.hours.rules import UNKNOWN, Place, is_readable
from planner.analysis.hours.states import (
    part_may_be_free,
    perhaps_by_decree,
    perhaps_made_up,
    unknown_by_day,
)
from planner.analysis.left_out_ways import cycleways_left_out
from planner.analysis.notes.profiles import profile_notes
from planner.analysis.questions import in_the_middle
from planner.arrays import Bool
from planner.district import District, Standard
from planner.district.checklists import one_service
from planner.district.district import none_counting
from planner.district.services import named_services
from planner.errors import Finding
from planner.sources.checks.district import barriers_of
from planner.sources.checks.islands import island_findings, island_places

OPENED_WITHOUT_DATA = "analysis.opened_without_data"
"""Code of the finding on what a scenario opens though no source tells of its kind."""

FAR_M = 60.0
"""Homes farther from every mapped street stand on ground whose paths nobody mapped, metres: deeper
than a row of houses and its yards (as ``unmapped_m`` is offered with)."""

WALKING_M_S = (0.3, 2.5)
"""Walking speeds outside of these are rather in another unit, metres a second."""

OF_CHINA = "analysis.standard_of_china"
"""Code of what is told where a district abroad is judged by Chinese rules."""

OF_ABROAD = "analysis.standard_of_abroad"
"""Code of what is told where a district in mainland China is judged by those of another country."""

OF_ELSEWHERE = (OF_CHINA, OF_ABROAD)
"""Codes of what is told where the rules are not those of the country that the district lies in."""

LEAST_LIMIT_M = 30.0
"""A shorter limit is rather in another unit, metres."""

LEAST_RESIDENTS = 100.0
"""Fewer residents for one facility are rather counted in ten thousands."""

LEAST_ROOM_M2 = 5.0
"""A smaller facility is rather in another unit, square metres."""

MOST_SERVICES = 20
"""Services that a finding names at most."""


def assessment_notes(
    reach: Reach, standard: Standard, distances: pd.DataFrame, groups: Sequence[str]
) -> tuple[Finding, ...]:
    """Return the district's findings and those of its assessment, each once.

    Parameters
    ----------
    reach, standard, groups
        What is assessed.
    distances
        Metres for certain from each home to the nearest facility of each kind of which there is
        data.
    """
    kinds = list(distances.columns)
    return tuple(
        dict.fromkeys(
            [
                *reach.streets.faults.in_place_of(reach.district.findings),
                *profile_notes(reach),
                *_lost_facilities(reach),
                *_lost_homes(reach, kinds),
                *_far_from_streets(reach, standard, distances),
                *island_findings(island_table(reach), reach.streets.islands),
                *cycleways_left_out(reach.district),
                *links_off(reach.district),
                *_missing_groups(reach.district, groups),
                *_unheard_of(reach),
                *_open_questions(reach),
                *_not_judged(standard, kinds),
                *rules_of_elsewhere(reach.district, standard),
                *standard_units(standard),
                *_unused_limits(reach, standard, kinds),
                *_beyond_buffer(reach, standard, kinds),
                *_without_data(reach, standard),
                *_opened_without_data(reach),
            ]
        )
    )


def _lost_facilities(reach: Reach) -> Iterator[Finding]:
    facilities = reach.district.facilities
    counts = facilities["facility_id"].isin(reach.district.open_facilities()["facility_id"])
    lost = facilities[counts.to_numpy() & ~reach.places.known & ~reach.places_kept_off]
    for kind, rows in lost.groupby("kind", sort=False):
        if reach.measure_of(str(kind)) == "straight":
            continue
        params = {
            "kind": kind,
            "count": len(rows),
            "ids": ", ".join(rows["facility_id"].head(5)),
            "max_access_m": round(reach.max_access_m),
        }
        yield Finding("analysis.facility_without_street", params)


def _lost_homes(reach: Reach, kinds: Sequence[str]) -> Iterator[Finding]:
    district = reach.district
    if any(reach.measure_of(kind) == "walk" for kind in kinds):
        lost = ~reach.homes.known & ~reach.kept_off
        yield from _homes(
            reach, "analysis.homes_without_street", lost, max_access_m=round(reach.max_access_m)
        )
        if reach.unmapped_m is not None:
            yield from _homes(
                reach, "analysis.unmapped_ground", reach.unmapped, metres=round(reach.unmapped_m)
            )
        pieces = Pieces.of(reach)
        cut_off = pieces.is_cut(pieces.joined_by(reach.homes))
        yield from _homes(reach, "analysis.homes_cut_off", cut_off)
    outside = (district.demand["community_id"] == "").to_numpy()
    yield from _homes(reach, "analysis.outside_communities", outside)


def _far_from_streets(
    reach: Reach, standard: Standard, distances: pd.DataFrame
) -> Iterator[Finding]:
    """Tell whom a way round corners to the street, where no path is mapped, takes beyond a limit.

    Nothing where both ways are read, for then their answer is not known.
    """
    far = reach.farther(FAR_M)
    if reach.unmapped_m is not None or not far.any():
        return
    longer_m = reach.longer_m(far)
    turned = np.zeros(len(far), np.bool_)
    for kind in distances.columns:
        limit_m = standard.rules[kind].limit_m if kind in standard.rules else None
        if limit_m is None or reach.measure_of(kind) != "walk":
            continue
        straight_m = distances[kind].to_numpy(dtype=np.float64)
        turned |= (straight_m <= limit_m) & (straight_m + longer_m > limit_m)
    yield from _homes(reach, "analysis.round_corners", turned, metres=round(FAR_M))


def island_table(reach: Reach) -> pd.DataFrame:
    """Return whom small loose pieces of street do not catch, and whom they keep.

    See :func:`planner.sources.checks.islands.island_places`.
    """
    return island_places(
        reach.district,
        reach.streets.islands,
        {"demand": reach.homes, "facilities": reach.places},
        barriers_of(reach.district),
        reach.max_access_m,
    )


def _homes(reach: Reach, code: str, rows: Bool, **params: object) -> Iterator[Finding]:
    """Tell how many homes, and people or share of the estimate, some rows of demand are."""
    if not rows.any():
        return
    district = reach.district
    total = district.demand[district.groups[0]].to_numpy(dtype=np.float64)
    part = float(total[rows].sum())
    counts: dict[str, object] = {"rows": int(rows.sum())}
    if district.estimated:
        counts["percent"] = round(100 * part / float(total.sum()), 1)
        yield Finding(f"{code}_estimated", counts | params)
    else:
        counts["people"] = round(part)
        yield Finding(code, counts | params)


def group_notes(district: District, group: str) -> tuple[Finding, ...]:
    """Return where a group is not told, or is withheld, and so is in no count of it."""
    held_back = (f for f in district.findings if f.code == "small_numbers.areas")
    withheld = tuple(f for f in held_back if f.params["group"] == group)
    return (*_missing_groups(district, [group]), *withheld)


def _missing_groups(district: District, groups: Sequence[str]) -> Iterator[Finding]:
    missing = district.people()[list(groups)].isna().sum()
    if (withheld := district.withheld) is not None:
        missing = missing.sub(withheld.gone.sum(), fill_value=0)[list(groups)]
    for group, rows in missing[missing > 0].items():
        yield Finding("analysis.group_missing", {"group": group, "rows": int(rows)})


def _unheard_of(reach: Reach) -> Iterator[Finding]:
    """Tell that no facility names the service asked for: a slip of the pen, or truly none."""
    asked = reach.question.service
    if asked is None:
        return
    services = reach.district.facilities["services"]
    named = sorted({name for text in services for name in named_services(text)})
    if named and one_service(asked) not in map(one_service, named):
        params = {"service": asked, "known": ", ".join(named[:MOST_SERVICES])}
        yield Finding("analysis.service_of_none", params)


def _open_questions(reach: Reach) -> Iterator[Finding]:
    """Tell how many facilities of each kind leave the question open, and why."""
    facilities = reach.district.open_facilities()
    asked = reach.question.at
    place = in_the_middle(facilities) if len(facilities) else None
    states = reach.states[facilities.index.to_numpy()]
    unknown = states == UNKNOWN
    day: dict[str, object] = {}
    depends = silent = np.zeros(len(facilities), dtype=np.bool_)
    if isinstance(asked, datetime):
        depends, silent = unknown_by_day(facilities["opening_hours"], asked, place)
        day = {"day": f"{asked:%Y-%m-%d}"}
    kinds = facilities["kind"]
    totals = kinds.value_counts()
    for code, rows, more in (
        ("question_open", unknown & ~depends & ~silent, {}),
        ("day_not_known", unknown & depends, day),
        ("day_of_holiday", unknown & silent, day),
    ):
        for kind, count in kinds[rows].value_counts(sort=False).items():
            params = {"kind": kind, "count": int(count), "total": int(totals[kind]), **more}
            yield Finding(f"analysis.{code}", params)
    if asked is not None:
        yield from _doubtful_hours(facilities, asked, place)


def _doubtful_hours(
    facilities: pd.DataFrame, asked: datetime | str, place: Place | None
) -> Iterator[Finding]:
    """Tell of hours that cannot be read, and of days that may be free in a part or by decree."""
    hours = facilities["opening_hours"]
    garbled = facilities["facility_id"][
        [bool(text) and not is_readable(text) for text in hours]
    ].to_list()
    if garbled:
        params = {"count": len(garbled), "ids": ", ".join(garbled[:5])}
        yield Finding("analysis.hours_unreadable", params)
    if not isinstance(asked, datetime):
        return
    for code, count in (
        ("holidays_of_parts", part_may_be_free(hours, asked, place)),
        ("days_by_decree", perhaps_by_decree(hours, asked, place)),
        ("days_made_up", perhaps_made_up(hours, asked, place)),
    ):
        if count:
            yield Finding(f"analysis.{code}", {"count": count, "day": f"{asked:%Y-%m-%d}"})


def _not_judged(standard: Standard, kinds: Sequence[str]) -> Iterator[Finding]:
    free = [kind for kind in kinds if kind not in standard.rules]
    if free:
        yield Finding("analysis.kinds_not_judged", {"kinds": ", ".join(free)})


def rules_of_elsewhere(district: District, standard: Standard) -> tuple[Finding, ...]:
    """Tell that the rules are of another country than the district's, as far as that is known.

    Of a district it is known whether it lies in mainland China; there Chinese rules hold, which
    judge a district abroad too where nobody chose any. A standard that names no country is of none.
    """
    of_china, in_china = standard.country == "CN", district.lies_in_mainland_china
    if not standard.rules or not standard.country or of_china == in_china:
        return ()
    if of_china:
        return (Finding(OF_CHINA, {"standard": standard.id}),)
    return (Finding(OF_ABROAD, {"standard": standard.id, "country": standard.country}),)


def standard_units(standard: Standard) -> Iterator[Finding]:
    """Tell of figures of a standard that are rather in another unit.

    Speeds as if in km/h or metres a minute, limits as if in kilometres or minutes, residents as if
    in ten thousands, floor areas as if in mu or thousands.
    """
    speeds = {standard.speed_m_s, *standard.speeds_m_s.values()}
    for rule in standard.rules.values():
        speeds |= set(rule.speeds_m_s.values())
    slow, fast = WALKING_M_S
    told = [f"{speed:g} m/s" for speed in sorted(speeds) if not slow <= speed <= fast]
    for kind, rule in standard.rules.items():
        least = min([rule.limit_m, *rule.limits.values()])
        if least < LEAST_LIMIT_M:
            told.append(f"{kind}: {least:g} m")
        told += [
            f"{kind}: {name} {asked:g}"
            for name, asked, fewest in (
                ("residents_per_facility", rule.residents_per_facility, LEAST_RESIDENTS),
                ("floor_area_m2", rule.floor_area_m2, LEAST_ROOM_M2),
            )
            if asked is not None and asked < fewest
        ]
    if told:
        yield Finding("analysis.standard_units", {"standard": standard.id, "told": "; ".join(told)})


def _beyond_buffer(reach: Reach, standard: Standard, kinds: Sequence[str]) -> Iterator[Finding]:
    """Tell of limits that reach beyond what was imported around the district."""
    buffer_m = reach.district.buffer_m
    if buffer_m is None:
        return
    rules = [standard.rules[kind] for kind in kinds if kind in standard.rules]
    longest = {rule.kind: longest_m(rule) for rule in rules}
    beyond = [kind for kind, limit_m in longest.items() if limit_m > buffer_m]
    if beyond:
        params = {
            "kinds": ", ".join(beyond),
            "limit_m": told_m(max(longest[kind] for kind in beyond)),
            "buffer_m": told_m(buffer_m),
        }
        yield Finding("analysis.limit_beyond_buffer", params)


def _unused_limits(reach: Reach, standard: Standard, kinds: Sequence[str]) -> Iterator[Finding]:
    """Tell of groups to which the standard gives a limit and which the demand does not count."""
    rules = [standard.rules[kind] for kind in kinds if kind in standard.rules]
    named = dict.fromkeys(group for rule in rules for group in (*rule.limits, *rule.speeds_m_s))
    unused = [group for group in named if group not in reach.district.groups]
    if unused:
        yield Finding("analysis.group_limits_unused", {"groups": ", ".join(unused)})


def _without_data(reach: Reach, standard: Standard) -> Iterator[Finding]:
    """Tell of which of the standard's kinds nothing is known: no data is not "none exists"."""
    without = [kind for kind in standard.rules if not reach.district.has_data(kind)]
    if without:
        yield Finding("analysis.kinds_without_data", {"kinds": ", ".join(without)})
    yield from none_counting(reach.district, standard.rules)


def _opened_without_data(reach: Reach) -> Iterator[Finding]:
    """Tell of open facilities of kinds without data: only a scenario opens such a one."""
    opened = reach.district.open_facilities()["kind"]
    without = opened[[not reach.district.has_data(str(kind)) for kind in opened]]
    if len(without):
        kinds = ", ".join(dict.fromkeys(without))
        yield Finding(OPENED_WITHOUT_DATA, {"count": len(without), "kinds": kinds})
