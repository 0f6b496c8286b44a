"""Opening hours in plain Chinese, put into the syntax of OpenStreetMap."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from planner.errors import Finding
from planner.sources.tables.columns import blank

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
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_ALWAYS = re.compile(
    r"(全天|全日|全年)?(候|开放|服务|营业|值班|值守)*24(小时|h)?(全天候?|不打烊|营业|开放|服务|值班|值守)*|全天候?(开放|营业|服务)?|24/7"
)
_NAMED_DAYS = (
    (r"法定节假日|节假日|公众假期|公共假期|节日", "PH"),
    (r"工作日|平日", "Mo-Fr"),
    (r"双休日|周末|星期六日|周六日", "Sa-Su"),
    (r"每周|每天|每日|天天|全年无休|全周|全年|日常", "Mo-Su"),
)
_DAY = r"(?:周|星期|礼拜)?([一二三四五六日天])"
_DAY_RANGE = re.compile(rf"(?:周|星期|礼拜)([一二三四五六日天])-{_DAY}")
_DAY_LIST = re.compile(
    r"(?:周|星期|礼拜)([一二三四五六日天](?:[,、和及/]?(?:周|星期|礼拜)?[一二三四五六日天])*)"
)
_SHUT = re.compile(r"休息|不开放|闭馆|休馆|休诊|不营业|关闭|除外|闭门")
_CLOCK = re.compile(
    r"(上午|早上|早|中午|下午|午后|晚上|晚|夜间)?(\d{1,2})(?::(\d{2})|[点时](半|(\d{1,2})分?)?)"
)
_NOT_ON_HOLIDAYS = re.compile(r"PH\s*off")
_PIECE = re.compile(
    r"(?P<days>(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)[-,]?)+)|(?P<span>\d{2}:\d{2}-\d{2}:\d{2})"
    r"|(?P<shut>off)|(?P<always>always)"
    r"|(?P<fill>[\s,;。、()\[\]:及和]|开放|营业|服务|办公|工作|接待|时间|开诊|门诊|上班)|(?P<other>.)"
)


def plain_hours(text: str) -> str | None:
    """Return hours in OpenStreetMap's syntax, None where the words are not understood.

    Examples
    --------
    >>> plain_hours("24小时"), plain_hours("周一至周五 8:30-17:30")
    ('24/7', 'Mo-Fr 08:30-17:30')
    >>> plain_hours("8：30—12：00；14：30—17：30")
    '08:30-12:00,14:30-17:30'
    >>> plain_hours("工作日9点至下午5点半，周末休息")
    'Mo-Fr 09:00-17:30; Sa-Su off'
    >>> plain_hours("另行通知") is None
    True
    """
    told = unicodedata.normalize("NFKC", text).strip()
    if is_hours(told):
        return told
    plain = re.sub(r"\s*(?:——|—|–|−|~|～|至|到|--|－)\s*", "-", told)
    plain = re.sub(r"\s+", " ", plain)
    if _ALWAYS.fullmatch(plain.replace(" ", "")):
        return "24/7"
    plain = _days(plain)
    plain = re.sub(_ALWAYS, "always", plain) if re.search(r"24(小时|h)|全天", plain) else plain
    plain = _clocks(_SHUT.sub("off", plain))
    result = _rules(plain)
    return result if result is not None and is_hours(result) else None


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
    """Write times as ``08:30``; in the afternoon and evening twelve hours are added."""
    half = ""

    def clock(match: re.Match[str]) -> str:
        nonlocal half
        half = match[1] or half
        hour = int(match[2])
        minute = 30 if match[4] == "半" else int(match[3] or match[5] or 0)
        if half in ("下午", "午后", "晚上", "晚", "夜间") and hour < 12:
            hour += 12
        if match.end() < len(text) and text[match.end()] != "-":
            half = ""
        return f"{hour:02d}:{minute:02d}"

    return _CLOCK.sub(clock, text)


def _rules(text: str) -> str | None:
    """Return the rules that days and times make, None where anything else stands between.

    Of two rules the later holds, so days on which it is shut come last.
    """
    holidays = ["PH off"] if _NOT_ON_HOLIDAYS.search(text) else []
    rules: list[tuple[str, list[str]]] = []
    for piece in _PIECE.finditer(_NOT_ON_HOLIDAYS.sub(" ", text)):
        kind, part = piece.lastgroup, piece.group()
        if kind == "days":
            days = part.rstrip("-,")
            if rules and not rules[-1][1]:
                rules[-1] = (f"{rules[-1][0]},{days}", [])
            else:
                rules.append((days, []))
        elif kind in ("span", "shut", "always"):
            if not rules or rules[-1][1] == ["off"]:
                rules.append(("", []))
            rules[-1][1].append("00:00-24:00" if kind == "always" else part)
        elif kind == "other":
            return None
    if len(rules) == 2 and not rules[0][0] and not rules[1][1]:
        rules = [(rules[1][0], rules[0][1])]  # the time stands before its days
    if not rules or any(not spans or ("off" in spans and len(spans) > 1) for _, spans in rules):
        return None
    told = [(days, spans) for days, spans in rules if spans != ["off"]]
    told += [(days, spans) for days, spans in rules if spans == ["off"]]
    return "; ".join([f"{days} {','.join(spans)}".strip() for days, spans in told] + holidays)


def read_hours(table: pd.DataFrame, file: str) -> list[Finding]:
    """Put hours into OpenStreetMap's syntax; the file's words stay beside them.

    Hours that are not understood stay as they are, and are told: a question about a moment takes
    them for unknown.
    """
    if "opening_hours" not in table:
        return []
    text = table["opening_hours"].where(~blank(table["opening_hours"]), "").astype(object).map(str)
    known = {each: plain_hours(each) if each else "" for each in pd.unique(text)}
    result = text.map(lambda each: each if known[each] is None else known[each])
    changed = result != text
    findings = []
    if changed.any():
        table[ORIGINAL] = text.where(changed, "")
        first = text[changed].iloc[0]
        params = {"file": file, "count": int(changed.sum()), "value": first, "hours": known[first]}
        findings.append(Finding("tables.hours_of_words", params))
    unread = text.map(lambda each: known[each] is None)
    if unread.any():
        params = {"file": file, "count": int(unread.sum()), "value": text[unread].iloc[0]}
        findings.append(Finding("tables.hours_not_understood", params))
    table["opening_hours"] = result
    return findings
