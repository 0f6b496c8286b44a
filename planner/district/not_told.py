"""What stands in a cell of which nothing is known: no name of a thing, and no "none"."""

from __future__ import annotations

import unicodedata

_WORDS = """
- -- — —— – / \\ ? ?? ??? * … ... 空
不详 不明 不清楚 未知 待定 待核 待核实 待核查 待查 待补 待补充 待确认 待统计
未填 未填写 未填报 未统计 未核实 未提供 未登记 缺 暂缺 缺失
无资料 无数据 无信息 无记录 资料缺失 数据缺失
na n/a n.a. #n/a nan null unknown missing blank tbd tbc t.b.d. t.b.c.
"""
_PHRASES = """
not known, not told, not stated, not specified, no data, no information
to be confirmed, to be determined, to be checked
"""
_NOT_TOLD = frozenset(
    unicodedata.normalize("NFKC", each.strip())
    for each in (*_WORDS.split(), *_PHRASES.strip().replace("\n", ",").split(","))
)


def tells_nothing(text: str) -> bool:
    """Return whether a cell says that nothing is known; 无 and none say that there is none.

    Examples
    --------
    >>> tells_nothing(" 不详"), tells_nothing("N/A"), tells_nothing("－"), tells_nothing("无")
    (True, True, True, False)
    """
    return unicodedata.normalize("NFKC", text).strip().casefold() in _NOT_TOLD
