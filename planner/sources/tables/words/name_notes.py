"""What names say of places beside what they are called: no more, not yet, or not for the public.

Lists and maps keep in names what they have no column for: 东街卫生服务站（待启用）, 宠物诊所,
"East Clinic (merged into West)".
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from planner.district import Kinds
from planner.sources.tables.cells import MOST_SIGNS
from planner.sources.tables.words.kinds import data as words_of_kinds

_NOTE = re.compile(r"[(\[【「〔『]([^()\[\]【】「」〔〕『』]*)(?:[)\]】」〕』]|$)")
_BEHIND = re.compile(r"(?:\s[-–—]\s|(?<=[\u4e00-\u9fff])[-–—_·])\s*([^-–—_·()\[\]]+)$")
"""What stands behind a dash at the end; a hyphen within a name of letters is none."""

_BEFORE = re.compile(r"^(拟建|待建|筹建|在建(?!设))|^(?:已停用|已关闭|已拆除|已撤销|已停业|已注销)")
_AT_END = re.compile(
    r"(?:(已(?:停用|关闭|拆除|撤销|停业|注销|停办))|((?:待|未|尚未|暂未)(?:启用|投用|开业|建成|投入使用)))$"
)
_PARTS = re.compile(r"[,;、。/|]")


class Said(NamedTuple):
    """``status`` that a name tells of its place, ``closed`` or ``planned``, and since which day.

    Of what is planned the day is the one on which it opens; empty where none is told.
    """

    status: str
    day: str = ""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def _pattern(table: str, key: str) -> re.Pattern[str]:
    return re.compile(_data()[table][key])


@cache
def _states() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what a part of a note is held against, one after the other."""
    return tuple(
        (status, re.compile(_filled(each)))
        for status in ("closed", "planned")
        for language in ("chinese", "english")
        for each in _data()[status][language]
    )


def _filled(pattern: str) -> str:
    """Return a regular expression with the parts that it names."""
    parts = _data()["parts"]
    return re.sub(r"\{([a-z]+)\}", lambda m: _filled(parts[m[1]]), pattern)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def notes_of(name: str) -> tuple[str, ...]:
    """Return what stands in brackets in a name, and behind a dash at its end, in small letters.

    Examples
    --------
    >>> notes_of("东站（停用）【待拆】"), notes_of("East - Closed"), notes_of("Out-patients")
    (('停用', '待拆'), ('closed',), ())
    """
    if len(name) > MOST_SIGNS:
        return ()
    plain = _plain(name)
    found = [note.strip() for note in _NOTE.findall(plain)]
    if behind := _BEHIND.search(plain):
        found.append(behind[1].strip())
    return tuple(filter(None, found))


@lru_cache(4096)
def state_by_name(name: str) -> Said | None:
    """Return what a name tells of the state of its place, None where it tells nothing.

    Examples
    --------
    >>> state_by_name("东街图书馆(已拆除)"), state_by_name("东街站（待启用）")
    (Said(status='closed', day=''), Said(status='planned', day=''))
    >>> state_by_name("东街站（2027年启用）"), state_by_name("East (merged into West)").status
    (Said(status='planned', day='2027'), 'closed')
    >>> state_by_name("东街站（东区）"), state_by_name("Library (closed Sundays)")
    (None, None)
    """
    for note in notes_of(name):
        for part in (note, *_PARTS.split(note)):
            if told := _of_part(part.strip()):
                return told
    plain = _plain(name)
    if found := _BEFORE.search(plain):
        return Said("planned" if found[1] else "closed")
    if found := _AT_END.search(plain):
        return Said("closed" if found[1] else "planned")
    return None


def _of_part(part: str) -> Said | None:
    for status, pattern in _states():
        if pattern.fullmatch(part):
            day = re.search(_filled("{date}"), part)
            return Said(status, day[0] if day else "")
    return None


def name_in_doubt(name: str) -> bool:
    """Return whether a name, or a note in it, leaves it open whether the place is there.

    Examples
    --------
    >>> [name_in_doubt(name) for name in ("规划东街卫生站", "原东街卫生站", "规划展览馆")]
    [True, True, False]
    >>> [name_in_doubt(name) for name in ("东站（过渡用房）", "东站（东区）", "东站（夜间关闭）")]
    [True, False, False]
    """
    if _pattern("doubt", "names").search(_plain(name)[:MOST_SIGNS]):
        return True
    return any(
        _pattern("doubt", "words").search(note) and not _pattern("doubt", "hours").search(note)
        for note in notes_of(name)
    )


def animals_in(name: str) -> str:
    """Return by what word a name says that a practice is one for animals, or nothing.

    Examples
    --------
    >>> animals_in("爱心诊所（宠物）"), animals_in("Happy Animal Clinic"), animals_in("动物园诊所")
    ('宠物', 'animal', '')
    """
    plain = _plain(name)[:MOST_SIGNS]
    known = (word for word in words_of_kinds()["not_for_people"]["words"] if word in plain)
    found = _pattern("animals", "words").search(plain)
    return next(known, "") or (found[0] if found else "")


def medical_kinds(kinds: Kinds) -> frozenset[str]:
    """Return the kinds whose facilities treat people; one that is itself for animals is none.

    Examples
    --------
    >>> from planner.district import builtin_kinds
    >>> sorted(medical_kinds(builtin_kinds()))
    ['clinic', 'health_centre']
    """
    return frozenset(
        kind.id
        for kind in kinds.values()
        if kind.is_medical and not any(map(animals_in, (kind.zh, kind.en, *kind.poi)))
    )


def speciality_in(name: str) -> str:
    """Return the speciality that the name of a practice tells, or nothing.

    Examples
    --------
    >>> speciality_in("幸福诊所（口腔）"), speciality_in("City Dental"), speciality_in("幸福诊所")
    ('口腔', 'dental', '')
    """
    found = _pattern("special", "words").search(_plain(name)[:MOST_SIGNS])
    return found[0] if found else ""


def named_for_insiders(name: str) -> bool:
    """Return whether a name says that a place is for soldiers or the people of a unit only.

    Examples
    --------
    >>> named_for_insiders("某部队卫生所"), named_for_insiders("东街诊所（军队）")
    (True, True)
    >>> named_for_insiders("武警医院路社区卫生服务站"), named_for_insiders("食堂（内部）")
    (False, True)
    """
    own = {_plain(word) for word in words_of_kinds()["ownership"]["internal"]}
    plain = _plain(name)[:MOST_SIGNS]
    return _pattern("soldiers", "names").search(plain) is not None or any(
        note in own or _pattern("soldiers", "notes").fullmatch(note) for note in notes_of(name)
    )


def run_by_soldiers(operator: str) -> bool:
    """Return whether who runs a place is an army.

    Examples
    --------
    >>> [run_by_soldiers(name) for name in ("Bundeswehr", "武警某支队", "Salvation Army")]
    [True, True, False]
    """
    return _pattern("soldiers", "operators").search(_plain(operator)[:MOST_SIGNS]) is not None


def operator_columns(columns: Iterable[object]) -> list[str]:
    """Return the columns of a table that tell who runs a facility.

    Examples
    --------
    >>> operator_columns(["name", "Operator", "主办单位"])
    ['Operator', '主办单位']
    """
    known = frozenset(_data()["operators"]["headers"])
    return [str(name) for name in columns if _plain(str(name)) in known]
