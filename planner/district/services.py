"""The services that a facility names in one cell, by one rule wherever they are asked for."""

from __future__ import annotations

import re
import unicodedata

from planner.district.not_told import tells_nothing

_SEPARATORS = re.compile(
    r"[;；、,，\n+＋|｜／]+"
    r"|(?<!\d)/|/(?!\d)"  # 24/7 is no list
    r"|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2})"
    r"|(?<=[\u4e00-\u9fff])(?:以及|(?<![普涉波])及(?![时其格]))(?=[\u4e00-\u9fff])"
)
_NOTE = re.compile(r"[(（][^()（）]*[)）]")
_NOT_OFFERED = re.compile(
    r"[(（]\s*(?:(?:已|现|目前|暂时|临时|现已)*(?:暂停|停用|停办|停诊|停止|取消|关闭|暂不|暂未|暂无|未|尚未|不|"
    r"没有|无|拟|待|筹建|筹备|规划|计划)(?:服务|开放|提供|开展|开设|开通|开办|开诊|办理|接诊|使用|启用|运营|营业|"
    r"设置|设立|设|建设|建|定|恢复|中)*(?:$|[)）]|[,，;；。至到\s])|"
    r"(?:temporarily |currently |now )?(?:(?:suspended|paused|cancell?ed|ceased|closed|planned|"
    r"proposed|not (?:yet(?: \w+)?|offered|available|provided|open|running))"
    r"(?: (?:since|until|till|from|as of|for good|permanently|down|at present|now|temporarily)\b"
    r"[^)）]*)?|none|no longer[^)）]*|coming(?: soon)?)\s*[)）])",
    re.IGNORECASE,
)
"""A note in brackets that says that a service is not offered now, or not yet."""

_HOURS = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天末]|工作日|平日|双休日|节假日|每[周月日天季]|[寒暑]假|[上下]午|[早晚]上|夜间|中午"
    r"|\d{1,2}(?::\d{2}|[点时])|\d{1,2}月(?!龄)(?:份|至|到|-|底|初|$|[)）])"
    r"|\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?|weekdays?|weekends?|"
    r"mornings?|afternoons?|evenings?|nights?|weekly|monthly|fortnightly|seasonal|"
    r"\d{1,2}(?:\.\d{2})? ?[ap]m)\b",
    re.IGNORECASE,
)
"""Days and hours in a text."""

_NOT_APPLICABLE = re.compile(r"(?<![^\W\d_])n\s*/\s*a(?![^\W\d_])", re.IGNORECASE)
"""It has a sign in it that parts services."""

_KEPT = "\ue000"


def named_services(text: object) -> list[str]:
    """Return the services that a cell names, as they are written, each once.

    Between them stand ``;``, which the workspace keeps, or what lists use: ``、 ， / + |``, a new
    line, and between Chinese words 及, 以及 or a space. What says that nothing is known names none.

    Examples
    --------
    >>> named_services("康复、预防；义诊"), named_services(" vaccination ;; dental")
    (['康复', '预防', '义诊'], ['vaccination', 'dental'])
    >>> named_services("康复/预防 义诊及护理"), named_services("home care|24/7 ward")
    (['康复', '预防', '义诊', '护理'], ['home care', '24/7 ward'])
    >>> named_services("不详"), named_services("N/A"), named_services("接种；待定；N/A")
    ([], [], ['接种'])
    >>> named_services("无")
    ['无']
    """
    if text is None or text != text or tells_nothing(str(text)):
        return []
    told = _NOT_APPLICABLE.sub("", str(text))
    notes = _NOTE.findall(told)
    parts = _SEPARATORS.split(_NOTE.sub(_KEPT, told))
    whole = iter(notes)
    named = (re.sub(_KEPT, lambda _: next(whole), part).strip() for part in parts)
    return list(dict.fromkeys(part for part in named if part and not tells_nothing(part)))


def is_suspended(name: str) -> bool:
    """Return whether a note behind a service says that it is not offered now, or not yet.

    Examples
    --------
    >>> is_suspended("康复（暂停）"), is_suspended("接种（计划免疫）")
    (True, False)
    >>> is_suspended("康复（暂不收费）"), is_suspended("dental (closed Sundays)")
    (False, False)
    """
    return _NOT_OFFERED.search(name) is not None


def hours_of(name: str) -> str:
    """Return the note behind a service that tells on which days or at which hours it is offered.

    Examples
    --------
    >>> hours_of("接种（仅周三）"), hours_of("vaccination (Wed only)"), hours_of("接种（6月龄起）")
    ('仅周三', 'Wed only', '')
    """
    notes = (note[1:-1].strip() for note in _NOTE.findall(name))
    return next((note for note in notes if tells_hours(note)), "")


def tells_hours(text: str) -> bool:
    """Return whether a text tells days or hours.

    Examples
    --------
    >>> tells_hours("义诊 周三上午"), tells_hours("home care"), tells_hours("24小时急诊")
    (True, False, False)
    """
    return _HOURS.search(unicodedata.normalize("NFKC", text)) is not None


def plain_service(name: str) -> str:
    """Return the name of a service without case, width, spaces around and notes in brackets.

    One that is not offered keeps its note, so that it is none that is asked for.

    Examples
    --------
    >>> plain_service("康复（含预防、护理）"), named_services("康复（理疗、针灸）；义诊")
    ('康复', ['康复（理疗、针灸）', '义诊'])
    >>> plain_service("康复（暂停）")
    '康复(暂停)'
    >>> plain_service(" Rehabilitation") == plain_service("ｒehabilitation")
    True
    """
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    if is_suspended(plain):
        return plain
    return _NOTE.sub("", plain).strip() or plain
