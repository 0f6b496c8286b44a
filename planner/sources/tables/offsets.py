"""Coordinates of Chinese map services, which lie some hundred metres off and say so in a header."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

from planner.errors import InputError
from planner.sources.tables.columns import folded, known_columns

_SYSTEM = re.compile(r"gcj-?_?02|bd-?_?09|火星|百度|高德|腾讯|mars", re.IGNORECASE)
_PLACES = ("lon", "lat", "x", "y")
_ABOUT = ("坐标系", "坐标系统", "坐标类型", "crs", "coordtype", "coordsys", "srs", "datum")


def refuse_offset(table: pd.DataFrame, file: str) -> None:
    """Refuse a table whose coordinates are said to be shifted: they are no WGS 84.

    Parameters
    ----------
    table
        Cells under the headers of the file.
    file
        Its name.

    Raises
    ------
    InputError
        ``sources.shifted_coordinates``, naming the header or the cell that says so.
    """
    names = known_columns("demand", map(str, table.columns))
    placed = any(set(pair) <= set(names.values()) for pair in (_PLACES[:2], _PLACES[2:]))
    for header in map(str, table.columns):
        plain = unicodedata.normalize("NFKC", header)
        found = _SYSTEM.search(plain)
        if found and (names.get(header) in _PLACES or (not placed and _names_a_place(plain))):
            raise InputError(
                "sources.shifted_coordinates", file=file, told=header, system=found.group().upper()
            )
        if folded(header) in _ABOUT:
            for cell in table[header].astype(str).unique():
                if found := _SYSTEM.search(unicodedata.normalize("NFKC", cell)):
                    raise InputError(
                        "sources.shifted_coordinates",
                        file=file,
                        told=f"{header} = {cell}",
                        system=found.group().upper(),
                    )


def _names_a_place(header: str) -> bool:
    """Return whether a header is one of coordinates but for the name of its system.

    Examples
    --------
    >>> _names_a_place("lon_gcj02"), _names_a_place("BD09 lat"), _names_a_place("gcj02")
    (True, True, False)
    """
    rest = _SYSTEM.sub("", header).strip(" _-()")
    return bool(rest) and known_columns("demand", [rest]).get(rest) in _PLACES
