"""What lists say in free words of a row, in columns of remarks (备注, 说明, "note").

A remark may tell of something else than the place of its row, so that it sets no state: it puts
the row in doubt, which is told.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from planner.sources.tables.words.hours import plain_hours

_PARTS = re.compile(r"[,;。!\n]|\.(?=\s|$)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_MOST_SIGNS = 2000
"""Longer texts are no remarks; what stands behind is not looked through."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def _pattern(table: str, key: str) -> re.Pattern[str]:
    words = _data()[table][key]
    return re.compile(words if isinstance(words, str) else "|".join(words), re.IGNORECASE)


def is_remark_column(header: str) -> bool:
    """Return whether the cells of a column may be remarks: names, places and duties are none.

    Examples
    --------
    >>> [is_remark_column(header) for header in ("备注", "地址", "note", "服务内容")]
    [True, False, True, False]
    """
    return _pattern("headers", "others").search(header) is None


@lru_cache(8192)
def says_gone(text: str) -> bool:
    """Return whether free words say that a facility may be no more, elsewhere, or not yet there.

    Examples
    --------
    >>> [says_gone(text) for text in ("搬迁中", "正在装修，暂不开放", "closed in 2023")]
    [True, True, True]
    >>> [says_gone(text) for text in ("已装修完成", "北门关闭", "原名东风站", "closed on Sundays")]
    [False, False, False, False]
    """
    return any(
        _pattern("gone", "chinese").search(part)
        or _pattern("gone", "english").search(part)
        or _lies_ahead(part)
        for part in _told(text)
        if not _pattern("gone", "harmless").search(part)
    )


def _lies_ahead(part: str) -> bool:
    """Whether a part of a remark has something open in a year to come, or late in this one."""
    last = max(map(int, _YEAR.findall(part)), default=0)
    now = dt.datetime.now(tz=dt.UTC).year
    late = last == now and _pattern("gone", "end").search(part)
    return (last > now or bool(late)) and bool(_pattern("gone", "ahead").search(part))


@lru_cache(8192)
def facility_in_doubt(text: str) -> bool:
    """Return whether a remark says that a facility may not count for everybody, on every day.

    Beside :func:`says_gone` that it is for the people of a unit, or open on some days only.

    Examples
    --------
    >>> [facility_in_doubt(text) for text in ("仅限本单位", "仅周三开放", "staff only")]
    [True, True, True]
    >>> [facility_in_doubt(text) for text in ("24小时开放", "周一至周五开放", "每周消毒两次")]
    [False, False, False]
    """
    return says_gone(text) or _any_part(text, "insiders") or _any_part(text, "days")


@lru_cache(8192)
def street_in_doubt(text: str) -> bool:
    """Return whether a remark says that a street may not be walked, or is not there.

    Examples
    --------
    >>> [street_in_doubt(text) for text in ("施工封闭，行人不得通行", "断头路", "no pedestrians")]
    [True, True, True]
    >>> [street_in_doubt(text) for text in ("施工已完成", "禁止货车通行", "closed to cars")]
    [False, False, False]
    """
    return any(
        _pattern("streets", "words").search(part)
        and not _pattern("streets", "harmless").search(part)
        and (_pattern("streets", "walkers").search(part) or not _of_cars(part))
        for part in _told(text)
    )


def _of_cars(part: str) -> bool:
    # a street that no car may use because it is not open yet is not walked either
    opened = re.search(r"[未没不]有?通车", part)
    return not opened and bool(_pattern("streets", "cars").search(part))


@lru_cache(8192)
def gate_in_doubt(text: str) -> bool:
    """Return whether a remark says that a gate may be shut, gone, or not for everybody on foot.

    Examples
    --------
    >>> [gate_in_doubt(text) for text in ("已封闭", "仅限业主", "permanently closed")]
    [True, True, True]
    >>> [gate_in_doubt(text) for text in ("封闭式管理小区", "禁止货车通行", "never locked")]
    [False, False, False]
    """
    return _any_part(text, "gates")


@lru_cache(8192)
def gate_of_hours(text: str) -> bool:
    """Return whether a remark says that a gate is open at some hours only.

    Examples
    --------
    >>> [gate_of_hours(text) for text in ("夜间关闭", "6:00-22:00开放", "locked at night")]
    [True, True, True]
    >>> [gate_of_hours(text) for text in ("24小时开放", "2024-05-01 10:00更新")]
    [False, False]
    """
    return _any_part(text, "hours")


@lru_cache(8192)
def hours_of_day(text: str) -> bool:
    """Return whether a cell of a column of hours is not open all day and every day.

    Examples
    --------
    >>> [hours_of_day(text) for text in ("06:00-22:00", "24小时", "24/7", "常开")]
    [True, False, False, False]
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return plain_hours(text) != "24/7" and not _pattern("hours", "always").search(plain)


@lru_cache(8192)
def site_in_doubt(text: str) -> bool:
    """Return whether a remark says that a site may be taken, disputed or nowhere to build.

    Examples
    --------
    >>> [site_in_doubt(text) for text in ("已另作他用", "位于河道内", "权属有争议", "sold")]
    [True, True, True, True]
    >>> [site_in_doubt(text) for text in ("建成后移交社区", "位于河道北侧", "权属清晰", "unsold")]
    [False, False, False, False]
    """
    return _any_part(text, "candidates")


@lru_cache(8192)
def barrier_in_doubt(text: str) -> bool:
    """Return whether a remark says that a barrier may not be there, or that people get across.

    Examples
    --------
    >>> [barrier_in_doubt(text) for text in ("规划河道", "围墙已拆除", "有缺口", "dry")]
    [True, True, True, True]
    >>> [barrier_in_doubt(text) for text in ("规划局提供", "未拆除", "不可通行", "never dry")]
    [False, False, False, False]
    """
    return _any_part(text, "barriers")


def _any_part(text: str, table: str) -> bool:
    """Whether a part of a remark has words of a table, and none by which they are harmless."""
    return any(
        _pattern(table, "words").search(part) and not _pattern(table, "harmless").search(part)
        for part in _told(text)
    )


def _told(text: str) -> Iterator[str]:
    """Yield the parts of a remark in small letters, none where all is open again."""
    plain = unicodedata.normalize("NFKC", text[:_MOST_SIGNS]).strip().casefold()
    if _pattern("again", "words").search(plain):
        return
    yield from filter(None, (part.strip() for part in _PARTS.split(plain)))
