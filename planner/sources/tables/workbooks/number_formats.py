"""What a cell's number format makes of the number it holds: a sign of percent, a unit, a scale.

A cell of 0.1 whose format is ``0.00"万人"`` is seen as 0.10万人, one of 0.186 as 18.6 %. Who filled
in the sheet meant what was seen. Formats follow ECMA-376 Part 1, 18.8.31 (numFmts).
"""

from __future__ import annotations

import re
from functools import cache

from planner.sources.tables.headers.units import scale_behind, unit_behind

BUILT_IN = {9: "0%", 10: "0.00%"}
"""Formats with a meaning beside the number that a workbook names by number alone."""

_TOKEN = re.compile(
    r"""(?P<general>General|G/通用格式)|"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|"""
    r"""\[(?P<bracket>[^\]]*)\]|(?P<place>[0#?])|(?P<sign>.)""",
    re.S | re.I,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_DATES = frozenset("ymdhse年月日时分秒@")
_MOST_SIGNS = 255
"""Signs that a format may have by the standard."""


def shown(value: float, code: str) -> str | None:
    """Return a number as its format shows it, None where that says no more than the number.

    A scale without a unit, as of ``#,##0,``, is left: the number that is held is the one meant.

    Parameters
    ----------
    value
        What the cell holds.
    code
        The format.

    Examples
    --------
    >>> shown(0.1, '0.00"万人"'), shown(12345.0, '0!.0,"万"'), shown(0.186, "0.0%")
    ('0.1万人', '1.2345万', '18.6%')
    >>> shown(12000.0, "#,##0,"), shown(120.0, "0.00"), shown(43831.0, "yyyy年m月")
    (None, None, None)
    >>> shown(3e4, '[>=10000]0!.0,"万";0'), shown(3.0, '[>=10000]0!.0,"万";0')
    ('3万', None)
    """
    if len(code) > _MOST_SIGNS:
        return None
    read = _read(_section(value, code))
    if read is None:
        return None
    factor, unit = read
    scaled = float(f"{value * factor:.15g}")
    number = str(int(scaled)) if scaled.is_integer() and abs(scaled) < 1e15 else repr(scaled)
    return f"{number}{unit}"


def unclear(value: float, code: str) -> bool:
    """Return whether a format shows a scale or a share of which nobody knows what it is.

    Examples
    --------
    >>> unclear(0.5, '0.0"万册"'), unclear(3.5, '# ?/?"万"'), unclear(0.5, '0.0"万人"')
    (True, True, False)
    """
    section = _section(value, code) if len(code) <= _MOST_SIGNS else ""
    return _read(section) is None and scale_behind(_behind(section))


@cache
def _behind(section: str) -> str:
    """Return what a format writes behind the last digit, empty where it draws none."""
    behind, places = "", 0
    for token in _TOKEN.finditer(section):
        if token["general"] or token["place"]:
            places, behind = places + 1, ""
        else:
            behind += _literal(token) or (token["sign"] or "").strip(",.")
    return behind if places else ""


@cache
def tells_more(code: str) -> bool:
    """Return whether a format may show more than the number that its cell holds.

    Examples
    --------
    >>> tells_more('0.0"万"'), tells_more("General"), tells_more("#,##0.00")
    (True, False, False)
    """
    return len(code) <= _MOST_SIGNS and any(
        _read(part) or scale_behind(_behind(part)) for part in _sections(code)
    )


@cache
def _sections(code: str) -> list[str]:
    parts = [""]
    for token in _TOKEN.finditer(code):
        if token["sign"] == ";":
            parts.append("")
        else:
            parts[-1] += token[0]
    return parts


def _section(value: float, code: str) -> str:
    """Return the part of a format that a number falls under."""
    parts = _sections(code)
    asked = [_CONDITION.search(part) for part in parts]
    if any(asked):
        for part, condition in zip(parts, asked, strict=True):
            if condition is None or _holds(value, condition[1], float(condition[2])):
                return part
        return ""
    if value < 0 and len(parts) > 1:
        return parts[1]
    return parts[2] if value == 0 and len(parts) > 2 else parts[0]


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit,
        ">": value > limit,
        "=": value == limit,
        "<=": value <= limit,
        ">=": value >= limit,
        "<>": value != limit,
    }[sign]


@cache
def _read(section: str) -> tuple[float, str] | None:
    """Return what a number is multiplied with and the unit behind it; None where there is none.

    A sign of percent that multiplies counts wherever it stands, whatever is written beside it.
    """
    factor, behind, places, commas, point, drawn = 1.0, "", 0, 0, False, 0
    for token in _TOKEN.finditer(section):
        literal = _literal(token)
        if token["general"] or token["place"]:
            places, commas, behind = places + 1, 0, ""
            drawn += bool(drawn) and not point
        elif literal is not None and literal == "." and places and not point:
            drawn = 1  # a point that is drawn between the digits moves none
        elif literal is not None:
            behind += literal
        elif (sign := token["sign"]) is None:
            continue
        elif sign.lower() in _DATES or sign == "/":
            return None
        elif sign in "%％":
            factor, behind = factor * 100, behind + "%"
        elif sign == ",":
            commas += 1
        elif sign == ".":
            point = True
        else:
            behind += sign
    unit = "%" if factor > 1 else unit_behind(behind)
    if not places or not unit:
        return None
    return factor * 1000.0**-commas * 10.0 ** -max(drawn - 1, 0), unit


def _literal(token: re.Match[str]) -> str | None:
    """Return what a part of a format writes as it stands, None where it writes no text."""
    if token["quoted"] is not None:
        return token["quoted"]
    if (token["bracket"] or "").startswith("$"):
        return token["bracket"][1:].partition("-")[0]
    return token["escaped"]
