"""What a raster says of its pixels beside their numbers, where these are not all people of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from planner.arrays import F64, Bool

_OF_CELLS = re.compile(
    r"(per|/|每)\s*1?\s*(sq(uare)?\b\.?|平方)?\s*(km|kilomet\w+|ha|hectares?|公里|千米|公顷)"
    r"\s*(\^?2|²)?[\s-]*(grid|cell|pixel|像元|栅格|格网|网格)",
    re.I,
)
"""Cells of so many square kilometres, which count people as other cells do."""
_DENSITY = re.compile(
    r"densit|dichte|densidad|人口密度|密度|per\s*(sq|square|km|ha\b|hectare|mi)"
    r"|/\s*(sq|km|ha\b|hectare|m2|m²|mi|公顷|平方|亩)|km\s*\^?-2|每(平方)?(公里|千米|公顷|亩)",
    re.I,
)
_MULTIPLE = re.compile(
    r"(thousand|million|hundred)(?!\s*met)|[百千万亿]人|^[十百千万亿]$|\bk\b"
    r"|\b10{2,6}s\b|^10{2,6}\b(?!\s*(m\b|met))|\b10{2,6}\s*(people|persons|inhabitants|residents)"
    r"|\b(in|of|x|×|\*)\s*10{2,6}\b(?!\s*(m\b|met))",
    re.I,
)
_DENSITY_NAME = re.compile(
    r"^[a-z]{3}_pd_(19|20)\d\d|(^|[_\-. ])popdens\w*([_\-. ]|$)|densit|密度", re.I
)
"""``chn_pd_2020`` is a density of WorldPop; other names with ``pd`` may mean a place."""
_PERHAPS_DENSITY = re.compile(r"(^|[_\-. ])pd([_\-. ]|$)", re.I)
_PART_NAME = re.compile(r"(^|[_\-. ])[fmt]_\d{1,3}_(19|20)\d\d([_\-. ]|$)", re.I)
"""As WorldPop names its files of one sex and age: ``chn_f_65_2020``."""

_MARKS = (9999.0, 32767.0, 65535.0, 99999.0, 999999.0, 2147483647.0, 4294967295.0)
"""Numbers by which programs mark that there is no data."""
_TEXT_TAGS = ("TIFFTAG_IMAGEDESCRIPTION", "description", "DESCRIPTION", "title", "units")


def other_unit(unit: str, stem: str) -> str:
    """Return what says for sure that pixels do not count people, empty where nothing does.

    Parameters
    ----------
    unit
        Of the band.
    stem
        Of the file's name.

    Examples
    --------
    >>> other_unit("thousand people", "a"), other_unit("", "chn_pd_2020")
    ('thousand people', 'chn_pd_2020')
    >>> other_unit("people/km2", "a"), other_unit("people per pixel", "chn_ppp_2020")
    ('people/km2', '')
    >>> other_unit("people per km2 cell", "a"), other_unit("千人/网格", "kunshan_pd")
    ('', '千人/网格')
    """
    if unit and _says_other(unit):
        return unit
    return stem if _DENSITY_NAME.search(stem) else ""


def perhaps_other(texts: Iterable[str], stem: str) -> str:
    """Return a text by which pixels may hold something else than all people of each, or nothing.

    Examples
    --------
    >>> perhaps_other(["People per square kilometre"], "a"), perhaps_other([], "chn_f_65_2020")
    ('People per square kilometre', 'chn_f_65_2020')
    >>> perhaps_other(["number of people per cell"], "GHS_POP_E2020")
    ''
    """
    for text in texts:
        if _says_other(text):
            return text[:200]
    return stem if _PART_NAME.search(stem) or _PERHAPS_DENSITY.search(stem) else ""


def _says_other(text: str) -> bool:
    """Return whether a text names an area, a density or a multiple, be it of each cell."""
    text = _OF_CELLS.sub("", text)
    return bool(_DENSITY.search(text) or _MULTIPLE.search(text))


def texts_of(data: Any) -> list[str]:
    """Return what an open raster says in words: the description of its band, and its tags."""
    tags = {**data.tags(), **data.tags(1)}
    told = [data.descriptions[0], *(tags.get(name) for name in _TEXT_TAGS)]
    return [str(each).strip() for each in told if each and str(each).strip()]


def marks_of_no_data(values: F64, data: Any) -> Bool:
    """Return which numbers hardly count people, but mark that there is no data, undeclared.

    They are the largest that the file's type can keep, or another usual mark that comes again.

    Parameters
    ----------
    values
        Of pixels, scaled, NaN where no data is declared.
    data
        The open raster.
    """
    kind = np.dtype(data.dtypes[0])
    scale, offset = float(data.scales[0]), float(data.offsets[0])
    usual = np.isin(values, np.array(_MARKS) * scale + offset)
    if usual.sum() < 2:
        usual[:] = False
    if kind.kind in "iu":
        usual |= values == np.iinfo(kind).max * scale + offset
    return np.asarray(usual | (values > _MARKS[-1]))
