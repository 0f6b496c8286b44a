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


def plain_service(name: str) -> str:
    """Return the name of a service without case, width, spaces around and notes in brackets.

    Examples
    --------
    >>> plain_service("康复（含预防、护理）"), named_services("康复（理疗、针灸）；义诊")
    ('康复', ['康复（理疗、针灸）', '义诊'])
    >>> plain_service(" Rehabilitation") == plain_service("ｒehabilitation")
    True
    """
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return _NOTE.sub("", plain).strip() or plain


def service_set(text: object) -> set[str]:
    """Return the services that a cell names, to be compared."""
    return {plain_service(name) for name in named_services(text)}
