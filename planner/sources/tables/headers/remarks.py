"""What stands in the brackets of a header beside its name: a year, a part of the week, an order.

``服务时间(周末)`` is not when a place is open, and ``状态(2015)`` not what it is today.
"""

from __future__ import annotations

import re

from planner.sources.tables.headers.headers import PLACES, read_header
from planner.sources.tables.headers.units import units

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ORDER = re.compile(
    r"必填|选填|可选|可不填|可空|示例|例如|如|格式|单位|下拉|文本|中文|英文|全称|简称|说明|"
    r"required|optional|example|format|e\.?g|unit|text|zh|cn|en|english|chinese|24h|24小时制"
)
_WHOLE = re.compile(r"周一至周[日天]|星期一至星期[日天]|每天|全年|全周|daily|everyday")
_PART = re.compile(
    r"周[一二三四五六日天末]|星期|礼拜|工作日|平日|双休|休息日|[节假]日|节假|寒假|暑假|[春夏秋冬][季天]?|"
    r"季|上午|下午|中午|早上|晚上|夜间|夜班|临时|疫情|month|\d月|"
    r"week|mon|tue|wed|thu|fri|sat|sun|holiday|winter|summer|spring|autumn|fall|season|"
    r"morning|afternoon|evening|night|temporar|^ph$|^sh$|^am$|^pm$|old|旧|原|former"
)


def remark_of(header: str, column: str) -> str:
    """Return the remark in a header's brackets, empty where it is a unit, a datum or an order.

    Examples
    --------
    >>> remark_of("状态(2015)", "status"), remark_of("经度(GCJ-02)", "lon")
    ('2015', '')
    >>> remark_of("面积(㎡)", "floor_area_m2"), remark_of("类别（必填）", "kind")
    ('', '')
    """
    told = read_header(header).unit
    if not told or told in units(column) or _ORDER.search(told):
        return ""
    if column in PLACES and not re.search(r"[旧原]|old|former|\d{4}", told):
        return ""  # degrees, metres, zones
    return told


def year_of(header: str) -> int:
    """Return the year in a header's brackets, 0 where there is none.

    Examples
    --------
    >>> year_of("人口(2020年)"), year_of("人口")
    (2020, 0)
    """
    found = _YEAR.search(read_header(header).unit)
    return int(found[1]) if found else 0


def hours_of_part(header: str) -> bool:
    """Return whether a header of opening hours tells those of a part of the week or year only.

    Examples
    --------
    >>> hours_of_part("服务时间(周末)"), hours_of_part("hours (PH)"), hours_of_part("营业时间")
    (True, True, False)
    """
    told = _WHOLE.sub("", read_header(header).unit)
    return bool(_PART.search(told)) and not _ORDER.search(told)
