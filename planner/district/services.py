"""The services that a facility names in one cell, by one rule wherever they are asked for."""

from __future__ import annotations

import re
import unicodedata

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

_KEPT = "\ue000"


def named_services(text: object) -> list[str]:
    """Return the services that a cell names, as they are written, each once.

    Between them stand ``;``, which the workspace keeps, or what lists use: ``、 ， / + |``, a new
    line, and between Chinese words 及, 以及 or a space.

    Examples
    --------
    >>> named_services("康复、预防；义诊"), named_services(" vaccination ;; dental")
    (['康复', '预防', '义诊'], ['vaccination', 'dental'])
    >>> named_services("康复/预防 义诊及护理"), named_services("home care|24/7 ward")
    (['康复', '预防', '义诊', '护理'], ['home care', '24/7 ward'])
    """
    if text is None or text != text:
        return []
    notes = _NOTE.findall(str(text))
    parts = _SEPARATORS.split(_NOTE.sub(_KEPT, str(text)))
    whole = iter(notes)
    named = (re.sub(_KEPT, lambda _: next(whole), part).strip() for part in parts)
    return list(dict.fromkeys(part for part in named if part))


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


def service_set(text: object) -> set[str]:
    """Return the services that a cell names, to be compared."""
    return {plain_service(name) for name in named_services(text)}
