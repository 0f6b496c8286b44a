"""What a standard does not judge, cannot judge here, or hardly means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.analysis.coverage.spacing import told_m
from planner.analysis.distances.border import longest_m
from planner.analysis.distances.reach import Reach
from planner.district import District, Standard
from planner.district.completeness import none_counting
from planner.errors import Finding

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

OPENED_WITHOUT_DATA = "analysis.opened_without_data"
"""Code of the finding on what a scenario opens though no source tells of its kind."""


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


def not_judged(standard: Standard, kinds: Sequence[str]) -> Iterator[Finding]:
    """Tell of kinds for which the standard has no limit."""
    free = [kind for kind in kinds if kind not in standard.rules]
    if free:
        yield Finding("analysis.kinds_not_judged", {"kinds": ", ".join(free)})


def unused_limits(reach: Reach, standard: Standard, kinds: Sequence[str]) -> Iterator[Finding]:
    """Tell of groups to which the standard gives a limit and which the demand does not count."""
    rules = [standard.rules[kind] for kind in kinds if kind in standard.rules]
    named = dict.fromkeys(group for rule in rules for group in (*rule.limits, *rule.speeds_m_s))
    unused = [group for group in named if group not in reach.district.groups]
    if unused:
        yield Finding("analysis.group_limits_unused", {"groups": ", ".join(unused)})


def beyond_buffer(reach: Reach, standard: Standard, kinds: Sequence[str]) -> Iterator[Finding]:
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


def without_data(reach: Reach, standard: Standard) -> Iterator[Finding]:
    """Tell of which of the standard's kinds nothing is known: no data is not "none exists"."""
    without = [kind for kind in standard.rules if not reach.district.has_data(kind)]
    if without:
        yield Finding("analysis.kinds_without_data", {"kinds": ", ".join(without)})
    yield from none_counting(reach.district, standard.rules)


def opened_without_data(reach: Reach) -> Iterator[Finding]:
    """Tell of open facilities of kinds without data: only a scenario opens such a one."""
    opened = reach.district.open_facilities()["kind"]
    without = opened[[not reach.district.has_data(str(kind)) for kind in opened]]
    if len(without):
        kinds = ", ".join(dict.fromkeys(without))
        yield Finding(OPENED_WITHOUT_DATA, {"count": len(without), "kinds": kinds})
