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
    parts = (part.strip() for part in _SEPARATORS.split(str(text)))
    return list(dict.fromkeys(part for part in parts if part))


def plain_service(name: str) -> str:
    """Return the name of a service without case, width and spaces around, to be compared.

    Examples
    --------
    >>> plain_service(" Rehabilitation") == plain_service("ｒehabilitation")
    True
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()


def service_set(text: object) -> set[str]:
    """Return the services that a cell names, to be compared."""
    return {plain_service(name) for name in named_services(text)}
