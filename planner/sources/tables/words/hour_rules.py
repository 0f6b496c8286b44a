"""Hours that lists write in OpenStreetMap's syntax, and mean otherwise than it says.

There a later rule of the same days replaces the one before; who writes ``8:30-12:00; 14:30-18:00``
in a list means both. Clocks of twelve hours are no syntax at all: ``8:30-12:00,2:30-6:00``.
"""

from __future__ import annotations

import re

Spans = list[tuple[int, int]]
"""Stretches of a day from minute to minute; the second is above 1440 past midnight."""

_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_SPAN = r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}"
_RULE = re.compile(
    rf"\s*(?P<days>(?:{_DAY}(?:\s*[-,]\s*{_DAY})*)?)\s*(?P<spans>{_SPAN}(?:\s*,\s*{_SPAN})*)\s*"
)
_HALF, _DAY_MIN = 720, 1440
_LONGEST_MIN = 16 * 60
_PAST_MIDNIGHT = re.compile(r"[01]\d:\d{2}\s*-\s*(?:0[0-2]:\d{2}|03:00)")
"""Of a clock of 24 hours, which writes two digits: shops and bars that shut late at night."""
_MORNING, _NIGHT = (7 * 60, 12 * 60), (60, 7 * 60)
_NOON = (10 * 60, 14 * 60)
"""When lunch begins: a canteen's ``11:30-1:30`` ends at half past one in the afternoon."""


def as_meant(text: str) -> str | None:
    r"""Return hours of OpenStreetMap's syntax as who wrote a list means them.

    Stretches that follow on earlier ones of the same days, or without days on the rule before, are
    added to them. One that goes back, and follows where it is in the afternoon, is there. None
    where hours can hardly be meant: from nine in the morning until five in the morning, or a few
    hours at night alone. ``09:00-02:00`` is meant, ``9:00-2:00`` is not.

    Examples
    --------
    >>> as_meant("8:30-12:00; 14:30-18:00"), as_meant("Mo-Fr 08:30-12:00; 14:30-18:00")
    ('08:30-12:00,14:30-18:00', 'Mo-Fr 08:30-12:00,14:30-18:00')
    >>> as_meant("8:30-12:00,2:30-6:00"), as_meant("9:00-5:00"), as_meant("11:30-1:30")
    ('08:30-12:00,14:30-18:00', None, None)
    >>> as_meant("12:00-02:00"), as_meant("18:00-2:00")
    ('12:00-02:00', '18:00-2:00')
    >>> as_meant("08:00-18:00; Sa 08:00-12:00"), as_meant("Mo-Fr 09:00-17:00 || \"by call\"")
    ('08:00-18:00; Sa 08:00-12:00', 'Mo-Fr 09:00-17:00 || "by call"')
    """
    rules: list[tuple[str, Spans | str]] = []
    changed = False
    for part in text.split(";"):
        found = _RULE.fullmatch(part)
        if found is None:
            rules.append(("", part.strip()))
            continue
        days = re.sub(r"\s+", "", found["days"])
        given = _spans(found["spans"])
        spans = in_the_afternoon(given)
        at = _before(rules, days)
        earlier = rules[at][1] if at is not None else ""
        whole = in_the_afternoon([*earlier, *spans]) if isinstance(earlier, list) else []
        if at is not None and isinstance(earlier, list) and _follow(whole):
            rules[at] = (rules[at][0], whole)
            changed = True
        else:
            rules.append((days, spans))
            changed |= spans != given
    sure = _spans(" ".join(_PAST_MIDNIGHT.findall(text)))
    told = (span for _, spans in rules if isinstance(spans, list) for span in spans)
    if any(_hardly_meant(span) and span not in sure for span in told):
        return None
    return "; ".join(_told(days, spans) for days, spans in rules) if changed else text


def _before(rules: list[tuple[str, Spans | str]], days: str) -> int | None:
    """Return which earlier rule is of the same days, or the one before where none are named."""
    for at in range(len(rules) - 1, -1, -1):
        own, spans = rules[at]
        if isinstance(spans, list) and (own == days or (not days and at == len(rules) - 1)):
            return at
    return None


def in_the_afternoon(spans: Spans) -> Spans:
    """Return stretches, those that go back twelve hours later where they follow there.

    Examples
    --------
    >>> in_the_afternoon([(510, 720), (150, 360)]), in_the_afternoon([(480, 720), (540, 600)])
    ([(510, 720), (870, 1080)], [(480, 720), (540, 600)])
    """
    result: Spans = []
    before = 0
    for start, end in spans:
        goes_back = start < _NIGHT[1] and start < before <= start + _HALF
        if goes_back and start < end <= _DAY_MIN - _HALF:
            start, end = start + _HALF, end + _HALF
        result.append((start, end))
        before = end
    return result


def _follow(spans: Spans) -> bool:
    """Whether stretches follow one another within a day."""
    ends = [0, *(end for _, end in spans)]
    return all(
        before <= start < end for before, (start, end) in zip(ends, spans, strict=False)
    ) and (ends[-1] <= _DAY_MIN)


def _hardly_meant(span: tuple[int, int]) -> bool:
    """Whether a stretch is rather one of a clock of twelve hours: 9:00-5:00, 11:30-1:30."""
    start, end = span
    if end < start:
        at_noon = _NOON[0] <= start < _NOON[1] and _NIGHT[0] <= end <= _NIGHT[0] + 120
        long = end + _DAY_MIN - start > _LONGEST_MIN
        early = _MORNING[0] <= start < _MORNING[1] and end > _NIGHT[0]
        return (long and early) or (at_noon and end + _HALF > start)
    return _NIGHT[0] <= start < end <= _NIGHT[1] and start < _NIGHT[1] - 60


def _spans(text: str) -> Spans:
    clocks = [int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d+):(\d+)", text)]
    return list(zip(clocks[::2], clocks[1::2], strict=True))


def _told(days: str, spans: Spans | str) -> str:
    if isinstance(spans, str):
        return spans
    hours = ",".join("-".join(f"{m // 60:02d}:{m % 60:02d}" for m in span) for span in spans)
    return f"{days} {hours}".strip()
