"""What the question leaves open: services that nobody names, hours that are not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd

from planner.analysis.distances.reach import Reach
from planner.analysis.hours.rules import UNKNOWN, Place, is_readable
from planner.analysis.hours.states import (
    part_may_be_free,
    perhaps_by_decree,
    perhaps_made_up,
    unknown_by_day,
)
from planner.analysis.questions import in_the_middle
from planner.district.checklists import one_service
from planner.district.services import is_suspended, named_services, plain_service
from planner.errors import Finding

MOST_SERVICES = 20
"""Services that a finding names at most."""

_FEWEST_SIGNS = 2
"""A name of one sign stands in many others."""


def unheard_of(reach: Reach) -> Iterator[Finding]:
    """Tell that no facility names the service asked for: a slip of the pen, or truly none."""
    asked = reach.question.service
    if asked is None:
        return
    services = reach.district.facilities["services"]
    named = sorted({name for text in services for name in named_services(text)})
    if named and one_service(asked) not in map(one_service, named):
        params = {"service": asked, "known": ", ".join(named[:MOST_SERVICES])}
        yield Finding("analysis.service_of_none", params)
        return
    alike = {name for name in named if _reads_like(name, asked)}
    if alike:
        wanted = one_service(asked)
        told = [named_services(text) for text in services]
        count = sum(
            not alike.isdisjoint(names) and wanted not in map(one_service, names) for names in told
        )
        if count:
            names = ", ".join(sorted(alike)[:MOST_SERVICES])
            yield Finding(
                "analysis.services_alike", {"service": asked, "count": count, "names": names}
            )


def _reads_like(name: str, asked: str) -> bool:
    """Whether a service has the name of another in its own, or the other way round, and is none."""
    if one_service(name) == one_service(asked) or is_suspended(name):
        return False
    one, other = plain_service(name), plain_service(asked)
    return _stands_in(one, other) or _stands_in(other, one)


def _stands_in(part: str, whole: str) -> bool:
    """Whether one name is part of another: of Latin letters as a word, not inside one."""
    if len(part) < _FEWEST_SIGNS:
        return False
    if part.isascii():
        return re.search(rf"(?<![^\W\d_]){re.escape(part)}(?![^\W\d_])", whole) is not None
    return part in whole


def open_questions(reach: Reach) -> Iterator[Finding]:
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
