"""Files of Overture Maps: buildings, places and divisions, as its releases publish them.

Its columns hold records (names, categories, sources) where other files hold texts. What is used of
them is made plain here, once a file is read; readers then treat it as any other.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.district import Kinds
from planner.documents import parse_json
from planner.errors import Finding, InputError
from planner.sources.licences import ODBL, OSM_CREDIT
from planner.sources.tables.values.numbers import is_blank
from planner.sources.tables.words.flags import flags
from planner.sources.tables.words.kinds import WordKind

LEAST_CONFIDENCE = 0.5
"""Places that are less sure to exist are left out."""

CATEGORY = "overture_category"
"""Column of the categories of a place, the most particular first, parted by ``;``."""

SUBTYPES = (
    "country", "dependency", "macroregion", "region", "macrocounty", "county", "localadmin",
    "locality", "borough", "macrohood", "neighborhood", "microhood",
)  # fmt: skip
"""Subtypes of divisions from the largest to the smallest."""

_OF_OSM = (ODBL, f"{OSM_CREDIT}, Overture Maps Foundation")
CREDITS = {
    "facilities": ("CDLA-Permissive-2.0", "Overture Maps Foundation"),
    "homes": _OF_OSM,
    "communities": _OF_OSM,
}
"""Licence and credit by the layer that a file becomes."""

_SIGNS: Mapping[str, tuple[frozenset[str], ...]] = {
    "facilities": tuple(
        frozenset({"id", "confidence", name}) for name in ("categories", "taxonomy")
    ),
    "homes": (frozenset({"id", "num_floors", "subtype", "class"}),),
    "communities": (frozenset({"id", "division_id", "subtype"}),),
}
_CLOSED = {"permanently_closed": "closed", "temporarily_closed": "closed"}


def is_overture(table: pd.DataFrame, layer: str) -> bool:
    """Return whether a file's columns are those of Overture's file for a layer."""
    columns = set(map(str, table.columns))
    return any(sign <= columns for sign in _SIGNS.get(layer, ()))


def made_plain(
    table: gpd.GeoDataFrame, layer: str, file: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return a file of Overture with texts in the place of records, and what was left out.

    Parameters
    ----------
    table
        As read; its index is the row told.
    layer
        The layer that it becomes.
    file
        Its name.
    """
    plain = table.copy()
    if "names" in plain:
        plain["name"] = [_part(cell, "primary") for cell in plain["names"]]
    findings: list[Finding] = []
    if layer == "facilities":
        plain, findings = _places(plain, file)
    elif layer == "communities":
        plain, findings = _divisions(plain, file)
    elif "is_underground" in plain:
        under, notes = flags(plain["is_underground"], file, "is_underground")
        plain, findings = plain[~under], [*findings, *notes]
    shapes = plain.geometry.name
    nested = [
        name
        for name in plain.columns
        if name in ("names", "bbox", "sources", "categories", "taxonomy", "brand", "addresses")
        or (name != shapes and plain[name].map(lambda cell: isinstance(cell, _NESTED)).any())
    ]
    return plain.drop(columns=nested), findings


_NESTED = (dict, list, tuple, np.ndarray)


def _part(cell: object, name: str) -> Any:
    """Return a field of a record, which GeoJSON has as text; None where there is none."""
    if isinstance(cell, str) and cell[:1] in "{[":
        try:
            cell = parse_json(cell)
        except (json.JSONDecodeError, ValueError, RecursionError):
            return None
    return cell.get(name) if isinstance(cell, Mapping) else None


def _places(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the places that are sure enough, with their categories and status as text."""
    names: list[list[str]] = [[] for _ in range(len(table))]
    for column in ("taxonomy", "categories"):
        if column in table:
            for row, cell in enumerate(table[column]):
                names[row].append(str(_part(cell, "primary") or ""))
    if "basic_category" in table:
        for row, cell in enumerate(table["basic_category"]):
            names[row].append("" if is_blank(cell) else str(cell))
    table[CATEGORY] = [";".join(dict.fromkeys(filter(None, each))) for each in names]
    if "operating_status" in table:
        said = table["operating_status"].map(lambda cell: _CLOSED.get(str(cell), "existing"))
        table["status"] = said.astype(object)
    sure = pd.to_numeric(table["confidence"], errors="coerce").to_numpy(dtype=np.float64)
    unsure = sure < LEAST_CONFIDENCE  # a place without a figure stays
    findings = []
    if unsure.any():
        params = {"file": file, "count": int(unsure.sum()), "of": len(table)}
        params["least"] = LEAST_CONFIDENCE
        findings.append(Finding("population.overture_unsure", params))
    return table[~unsure], findings


def _divisions(table: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the smallest divisions on land, since those of several levels lie over one another."""
    land = np.ones(len(table), dtype=bool)
    if "class" in table:
        land = (table["class"].fillna("land").astype(str) == "land").to_numpy()
    here = table[land]
    counts = Counter(here["subtype"].astype(str))
    known = [name for name in SUBTYPES if counts.get(name)]
    if not known:
        raise InputError("population.overture_no_division", file=file)
    finest = known[-1]
    told = ", ".join(f"{name}: {counts[name]}" for name in known)
    params = {"file": file, "subtype": finest, "count": counts[finest], "counts": told}
    return here[(here["subtype"] == finest).to_numpy()], [
        Finding("population.overture_divisions", params)
    ]


@cache
def _kinds() -> Mapping[str, str]:
    text = Path(__file__).with_name("overture_categories.toml").read_text(encoding="utf-8")
    return {name: kind for kind, names in tomllib.loads(text).items() for name in names}


def kinds_of_places(
    table: gpd.GeoDataFrame, file: str, kinds: Kinds, said: Mapping[str, str]
) -> tuple[gpd.GeoDataFrame, tuple[WordKind, ...], list[Finding]]:
    """Return the places that are of a kind, what their categories were taken for, and the rest.

    Parameters
    ----------
    table
        Of :func:`made_plain`.
    file
        Its name.
    kinds
        The kinds known.
    said
        Kind by category, before those known; an empty kind leaves its places out.

    Raises
    ------
    InputError
        ``population.overture_no_kind`` where no place is of any kind.
    """
    known = {name: kind for name, kind in _kinds().items() if kind in kinds} | dict(said)
    found: dict[str, tuple[str, str]] = {}
    for cell in pd.unique(table[CATEGORY]):
        names = str(cell).split(";")
        word = next((name for name in names if name in known), names[0])
        found[str(cell)] = (word, known.get(word, ""))
    words = [found[str(cell)] for cell in table[CATEGORY]]
    kind = np.array([each[1] for each in words], dtype=object)
    counts = Counter(words)
    listed = tuple(
        WordKind(word, of, (), count) for (word, of), count in counts.most_common() if of
    )
    left = Counter({word: count for (word, of), count in counts.items() if not of})
    if not listed:
        raise InputError("population.overture_no_kind", file=file)
    taken = "; ".join(f"{each.word} → {each.kind} ({each.count})" for each in listed)
    findings = [Finding("population.overture_kinds", {"file": file, "words": taken})]
    if left:
        most = ", ".join(f"{word or '–'} ({count})" for word, count in left.most_common(10))
        params = {"file": file, "count": sum(left.values()), "words": most}
        findings.append(Finding("population.overture_left", params))
    return table.assign(kind=kind)[kind != ""], listed, findings
