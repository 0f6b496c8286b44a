"""Opening hours in plain Chinese, put into the syntax of OpenStreetMap."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from planner.errors import Finding
from planner.sources.tables.cells import MOST_SIGNS
from planner.sources.tables.values.numbers import blank
from planner.sources.tables.words.hour_rules import as_meant, in_the_afternoon

ORIGINAL = "opening_hours_text"
"""Column in which the words of the file stay beside the hours."""

_DAYS = {
    "一": "Mo",
    "二": "Tu",
    "三": "We",
    "四": "Th",
    "五": "Fr",
    "六": "Sa",
    "日": "Su",
    "天": "Su",
}
_TOLD = 20
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_ALWAYS = re.compile(
    r"(全天|全日|全年)?(候|开放|服务|营业|值班|值守)*24(小时|h)?(全天候?|不打烊|营业|开放|服务|值班|值守)*|全天候?(开放|营业|服务)?|24/7"
)
_NAMED_DAYS = (
    (r"法定节假日|节假日|公众假期|公共假期|节日", "PH"),
    (r"工作日|平日", "Mo-Fr"),
    (r"双休日|周末|星期六日|周六日", "Sa-Su"),
    (r"每周(?![一二三四五六日天])|每天|每日|天天|全年无休|全周|全年|日常", "Daily"),
)
_DAY = r"(?:周|星期|礼拜)?([一二三四五六日天])"
_DAY_RANGE = re.compile(rf"(?:周|星期|礼拜)([一二三四五六日天])-{_DAY}")
_DAY_LIST = re.compile(
    r"(?:周|星期|礼拜)([一二三四五六日天](?:[,、和及/]?(?:周|星期|礼拜)?[一二三四五六日天])*)"
)
_EXCEPT = re.compile(
    r"除了?\s*(?P<a>[A-Z][A-Za-z,-]*)\s*(?:以外|之外|外)|(?P<b>[A-Z][A-Za-z,-]*)\s*除外"
)
_SHUT = re.compile(r"休息|不开放|闭馆|休馆|休诊|不营业|关闭|闭门")
_CLOCK = re.compile(
    r"(凌晨|清晨|早晨|上午|早上|早|中午|下午|午后|傍晚|晚上|晚间|晚|夜间|夜里|午夜)?"
    r"(\d{1,2})(?::(\d{2})|[点时](半|(\d{1,2})分?)?)"
)
_AFTERNOON = ("下午", "午后", "傍晚")
_NIGHT = ("晚上", "晚间", "晚", "夜间", "夜里", "午夜")
_OVERNIGHT = re.compile(r"夜|晚|凌晨|次日|翌日|第二天|通宵")
_CLAUSE = re.compile(r"[;。\n]")
_ENGLISH_DAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:days?)?\b", re.IGNORECASE
)
_PIECE = re.compile(
    r"(?P<daily>Daily)|(?P<days>(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)[-,]?)+)"
    r"|(?P<span>\d{2}:\d{2}-\d{2}:\d{2})|(?P<shut>off)|(?P<always>always)"
    r"|(?P<fill>[\s,、()\[\]:及和]|次日|翌日|第二天|每|开放|营业|服务|办公|工作|接待|时间|开诊|门诊|上班)"
    r"|(?P<other>.)"
)
_NO_RANGE = re.compile(r"\b(?:[A-Z][a-z]-){2}|PH-|-PH")
"""What no stretch of days is: one of three ("周一至周六日"), or one from or to holidays."""
_DAY_MIN = 24 * 60
_LONGEST_MIN = 16 * 60
"""Hours of one stretch that are longer are a slip, unless the words speak of a night."""

Week = dict[str, list[str]]
"""Stretches (``08:30-12:00``) by day, ``PH`` among them; an empty list is a day that is shut."""


def plain_hours(text: str) -> str | None:
    """Return hours in OpenStreetMap's syntax, None where the words are not understood.

    Examples
    --------
    >>> plain_hours("24小时"), plain_hours("周一至周五 8:30-17:30")
    ('24/7', 'Mo-Fr 08:30-17:30')
    >>> plain_hours("8：30—12：00；14：30—17：30")
    '08:30-12:00,14:30-17:30'
    >>> plain_hours("工作日9点至下午5点半，周末休息")
    'Mo-Fr 09:00-17:30; Sa-Su off; PH off'
    >>> plain_hours("每天（周一除外）9:00-17:00"), plain_hours("早8点至晚12点")
    ('Tu-Su 09:00-17:00; Mo off', '08:00-24:00')
    >>> plain_hours("另行通知"), plain_hours("周一至周五 9:00-5:00")
    (None, None)
    """
    if len(text) > MOST_SIGNS:
        return None
    told = unicodedata.normalize("NFKC", text).strip()
    if is_hours(told):
        return as_meant(told)
    plain = re.sub(r"\s*(?:——|—|–|−|~|～|至|到|--|－)\s*", "-", told)
    plain = re.sub(r"\s+", " ", plain)
    if _ALWAYS.fullmatch(plain.replace(" ", "")):
        return "24/7"
    plain = _days(plain)
    plain = re.sub(_ALWAYS, "always", plain) if re.search(r"24(小时|h)|全天", plain) else plain
    result = _week(_SHUT.sub("off", plain))
    if result is not None and "工作日" in told and "PH" not in result:
        result += "; PH off"
    return result if result is not None and is_hours(result) else None


def hours_of_note(note: str) -> str | None:
    """Return the hours of a note behind a service, None where its words are not understood.

    Examples
    --------
    >>> hours_of_note("仅周三"), hours_of_note("Wed only"), hours_of_note("每周一、周五 8:00-11:00")
    ('We', 'We', 'Mo,Fr 08:00-11:00')
    >>> [hours_of_note(note) for note in ("工作日", "周三上午", "first Monday of the month")]
    ['Mo-Fr', None, None]
    """
    plain = unicodedata.normalize("NFKC", note).strip()
    plain = re.sub(
        r"^(?:仅限?|只|限|每(?=周|星期|礼拜)|only )+|(?:开放|提供|服务|only)$", "", plain
    ).strip()
    plain = _ENGLISH_DAY.sub(lambda m: m[1][:2].title(), plain)
    return plain_hours(plain) or (
        days if is_hours(days := _days(plain).replace("、", ",")) else None
    )


def plain_moment(text: str) -> str:
    """Return a weekday and time of plain Chinese in OpenStreetMap's syntax; others as they are.

    Examples
    --------
    >>> plain_moment("周日 22:00"), plain_moment("星期三上午8点半"), plain_moment("Su 22:00")
    ('Su 22:00', 'We 08:30', 'Su 22:00')
    """
    if len(text) > MOST_SIGNS or text.isascii():
        return text
    told = _clocks(_days(unicodedata.normalize("NFKC", text).strip()))
    return re.sub(r"^([A-Z][a-z])\s*(?=\d)", r"\1 ", told)


def is_hours(text: str) -> bool:
    """Return whether a text is of OpenStreetMap's syntax."""
    try:
        OpeningHours(text)
    except (ParserError, ValueError):
        return False
    return True


def _days(text: str) -> str:
    for pattern, days in _NAMED_DAYS:
        text = re.sub(pattern, days, text)
    text = _DAY_RANGE.sub(lambda m: f"{_DAYS[m[1]]}-{_DAYS[m[2]]}", text)

    def listed(match: re.Match[str]) -> str:
        return ",".join(_DAYS[sign] for sign in match[1] if sign in _DAYS)

    return _DAY_LIST.sub(listed, text)


def _clocks(text: str) -> str:
    """Write times as ``08:30``; in the afternoon and evening twelve hours are added.

    A part of the day that is said of the beginning goes for the end too where the end then comes
    later; ``12`` at night is the end of the day.
    """
    half, began = "", 0

    def clock(match: re.Match[str]) -> str:
        nonlocal half, began
        said = match[1]
        half = said or half
        minute = 30 if match[4] == "半" else int(match[3] or match[5] or 0)
        time = int(match[2]) * 60 + minute
        later = time
        if (
            (half in _AFTERNOON and time < 12 * 60)
            or (half == "中午" and time < 3 * 60)
            or (half in _NIGHT and 5 * 60 <= time <= 12 * 60)
        ):
            later = time + 12 * 60
        ends = match.start() > 0 and text[match.start() - 1] == "-"
        if later <= _DAY_MIN and (said or not ends or later > began):
            time = later
        began = time
        if match.end() < len(text) and text[match.end()] != "-":
            half = ""
        return f"{time // 60:02d}:{time % 60:02d}"

    return _CLOCK.sub(clock, re.sub(r"-\s*(?:次日|翌日|第二天)", "-", text))


def _week(text: str) -> str | None:
    """Return the hours that the words come to, None where anything is not plain.

    Each clause says its hours for its days; what several clauses say of one day adds up. Days on
    which it is shut, and those taken out ("周一除外"), are shut whatever else is said of them.
    """
    if _NO_RANGE.search(text):
        return None
    night = bool(_OVERNIGHT.search(text))
    shut: set[str] = set()

    def taken_out(match: re.Match[str]) -> str:
        shut.update(_each_day(match["a"] or match["b"]))
        return " "

    open_week: Week = {}
    everyday = True
    last: list[str] = []
    for clause in _CLAUSE.split(_clocks(_EXCEPT.sub(taken_out, text))):
        groups = _groups(clause)
        if groups is None:
            return None
        for days, spans in groups:
            # "周一至周五 8:30-12:00；14:30-18:00": the afternoon is of the days before
            days = days or ([] if "Daily" in clause else last)
            everyday = everyday and not days
            if spans == ["off"]:
                shut.update(days)
                continue
            last = days
            for day in days or _WEEK:
                open_week.setdefault(day, []).extend(spans)
    open_week = {day: _afternoon(spans) for day, spans in open_week.items()}
    if not open_week or not all(_in_order(spans, night) for spans in open_week.values()):
        return None
    return _told(open_week, shut, everyday)


def _groups(clause: str) -> list[tuple[list[str], list[str]]] | None:
    """Return days and what is said of them, in turn; None where anything else stands between.

    No days are every day. Hours may stand before or after their days, but not both ways in one
    clause.
    """
    groups: list[tuple[list[str], list[str]]] = []
    daily = False
    for piece in _PIECE.finditer(clause):
        kind, part = piece.lastgroup, piece.group()
        if kind == "other":
            return None
        if kind == "daily":
            daily = True
        elif kind == "days":
            named = _each_day(part.rstrip("-,"))
            if groups and not groups[-1][1]:
                groups[-1][0].extend(named)
            else:
                groups.append((named, []))
        elif kind in ("span", "shut", "always"):
            if not groups or (daily and groups[-1][1]):
                groups.append(([], []))
            groups[-1][1].append("00:00-24:00" if kind == "always" else part)
            daily = False
    if len(groups) == 2 and not groups[0][0] and not groups[1][1]:
        groups = [(groups[1][0], groups[0][1])]
    for days, spans in groups:
        if not spans or ("off" in spans and (len(spans) > 1 or not days)):
            return None
    return groups


def _each_day(days: str) -> list[str]:
    """Return the days that are meant.

    Examples
    --------
    >>> _each_day("Mo-We,Su"), _each_day("Sa-Mo")
    (['Mo', 'Tu', 'We', 'Su'], ['Sa', 'Su', 'Mo'])
    """
    meant: list[str] = []
    for part in filter(None, days.split(",")):
        first, _, last = part.partition("-")
        meant.append(first)
        if last:
            turned = [*_WEEK[_WEEK.index(first) :], *_WEEK[: _WEEK.index(first)]]
            meant += turned[1 : turned.index(last) + 1]
    return meant


def _afternoon(spans: list[str]) -> list[str]:
    """Return stretches of a day, those of a clock of twelve hours in the afternoon."""
    minutes = [
        tuple(int(time[:2]) * 60 + int(time[3:]) for time in span.split("-")) for span in spans
    ]
    later = in_the_afternoon([(start, end) for start, end in minutes])
    return ["-".join(f"{m // 60:02d}:{m % 60:02d}" for m in span) for span in later]


def _in_order(spans: list[str], night: bool) -> bool:
    """Whether stretches of a day follow one another; only at night may one run past midnight."""
    before = 0
    for span in spans:
        start, end = (int(time[:2]) * 60 + int(time[3:]) for time in span.split("-"))
        if end <= start and night:
            end += _DAY_MIN
        if start < before or end <= start or start >= _DAY_MIN or end > _DAY_MIN + start:
            return False
        if end - start > _LONGEST_MIN and not night and span != "00:00-24:00":
            return False
        before = end
    return True


def _told(week: Week, shut: set[str], everyday: bool) -> str:
    """Return a week in the syntax of OpenStreetMap, days with the same hours together."""
    open_days = {day: spans for day, spans in week.items() if day not in shut}
    rules = []
    for hours in dict.fromkeys(",".join(spans) for spans in open_days.values()):
        days = [day for day in (*_WEEK, "PH") if ",".join(open_days.get(day, [])) == hours]
        bare = everyday and not shut - {"PH"} and len(days) == len(_WEEK)
        rules.append(hours if bare else f"{_ranges(days)} {hours}")
    rules += [f"{_ranges([day for day in _WEEK if day in shut])} off"] if shut - {"PH"} else []
    rules += ["PH off"] if "PH" in shut else []
    return "; ".join(rules)


def _ranges(days: list[str]) -> str:
    """Return days as ranges.

    Examples
    --------
    >>> _ranges(["Mo", "Tu", "We", "Su"]), _ranges(["Sa", "Su"])
    ('Mo-We,Su', 'Sa-Su')
    """
    runs: list[list[str]] = []
    for day in days:
        follows = runs and day in _WEEK and _WEEK.index(day) == _WEEK.index(runs[-1][-1]) + 1
        if follows:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def read_hours(table: pd.DataFrame, file: str) -> list[Finding]:
    """Put hours into OpenStreetMap's syntax; the file's words stay beside them.

    Hours that are not understood stay as they are, and a question about a moment takes them for
    unknown. Those of that syntax that can hardly be meant (``9:00-5:00``) are left empty, as they
    would be believed. Both are told.
    """
    if "opening_hours" not in table:
        return []
    text = table["opening_hours"].where(~blank(table["opening_hours"]), "").astype(object).map(str)
    known = {each: plain_hours(each) if each else "" for each in pd.unique(text)}
    # what is valid and can hardly be meant would be believed where it stays
    kept = {each: "" if is_hours(each) else each for each in known if known[each] is None}
    result = text.map(lambda each: kept[each] if known[each] is None else known[each])
    changed = result != text
    findings = []
    if changed.any():
        table[ORIGINAL] = text.where(changed, "")
        read = changed & (result != "")
        cases = [f"{each} → {known[each]}" for each in pd.unique(text[read])]
        told = "; ".join(cases[:_TOLD]) + ("; …" if len(cases) > _TOLD else "")
        params = {"file": file, "count": int(read.sum()), "cases": told}
        findings += [Finding("tables.hours_of_words", params)] if cases else []
    unread = text.map(lambda each: known[each] is None)
    if unread.any():
        params = {"file": file, "count": int(unread.sum()), "value": text[unread].iloc[0]}
        findings.append(Finding("tables.hours_not_understood", params))
    table["opening_hours"] = result
    return findings
