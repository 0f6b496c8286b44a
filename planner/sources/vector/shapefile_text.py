"""Text of Shapefiles: their encoding is seen by the text, whatever stands beside it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.errors import InputError

AS_BYTES = "ISO-8859-1"
"""An encoding that takes every byte for a sign, so that nothing is lost before we decode."""

_FIELD_BYTES = 254
_NAME_BYTES = 10
_OTHER = {
    "UTF8": "UTF-8",
    "65001": "UTF-8",
    "CP936": "GB18030",
    "GBK": "GB18030",
    "GB2312": "GB18030",
    "936": "GB18030",
}


def decoded(table: gpd.GeoDataFrame, path: Path) -> tuple[gpd.GeoDataFrame, str, str]:
    """Return a table that was read as bytes with its text decoded.

    UTF-8 and GB18030 (GBK) are told apart by whether the text is valid in them; a ``.cpg`` that
    says otherwise is not believed. Another encoding that it names is, where the text is valid in
    it. Names cut at ten bytes, and cells cut at the end of their field, may end in half a sign.

    Parameters
    ----------
    table
        As read with :data:`AS_BYTES`.
    path
        The ``.shp``; its ``.cpg`` lies beside it or is missing.

    Returns
    -------
    The table, the encoding, and the code of what is to be told, empty where all is as the
    ``.cpg`` says, or UTF-8.

    Raises
    ------
    InputError
        Where the text is of none of them.
    """
    columns = [name for name in table.columns if name != table.geometry.name]
    texts = [name for name in columns if _is_text(table[name])]
    raw = {str(name): str(name).encode(AS_BYTES) for name in columns}
    cells = {
        cell: str(cell).encode(AS_BYTES)
        for name in texts
        for cell in pd.unique(table[name])
        if isinstance(cell, str)
    }
    said = _said(path)
    for encoding in dict.fromkeys(filter(None, ("UTF-8", "GB18030", said))):
        try:
            names = {name: _whole(text, encoding, _NAME_BYTES) for name, text in raw.items()}
            words = {cell: _whole(text, encoding, _FIELD_BYTES) for cell, text in cells.items()}
        except (UnicodeDecodeError, LookupError):
            continue
        for name in texts:
            table[name] = table[name].astype(object).map(lambda cell, w=words: w.get(cell, cell))
        result = table.rename(columns={old: new for old, new in names.items() if old != new})
        if said and said != encoding:
            return result, encoding, "tables.wrong_cpg"
        return result, encoding, "sources.decoded" if encoding != "UTF-8" and not said else ""
    raise InputError("sources.not_text", file=path.name)


def _is_text(values: pd.Series) -> bool:
    return values.dtype == object or pd.api.types.is_string_dtype(values)


def _said(path: Path) -> str:
    """Return the encoding that the ``.cpg`` names, empty where there is none."""
    file = path.with_suffix(".cpg")
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        said = stream.read(40).decode("ascii", "replace").strip().upper()
    said = said.removeprefix("ANSI ").strip()
    return _OTHER.get(said.replace("-", "").replace("_", ""), said)


def _whole(text: bytes, encoding: str, most: int) -> str:
    """Return text without the half sign at which a full field ends.

    Examples
    --------
    >>> _whole("常住人口".encode()[:10], "UTF-8", 10)
    '常住人'
    """
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        if len(text) < most - 3 or error.end != len(text) or len(text) - error.start > 3:
            raise
        return text[: error.start].decode(encoding)
