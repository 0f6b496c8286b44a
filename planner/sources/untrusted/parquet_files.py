"""What a GeoParquet file says of itself: columns, rows and shapes, before its rows are read."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from planner.documents import parse_json
from planner.errors import InputError

ENDINGS = (".parquet", ".geoparquet")

_MAGIC = b"PAR1"
_SEEN = 50


@dataclass(frozen=True)
class Footer:
    """What the end of a Parquet file tells.

    Parameters
    ----------
    rows
        How many it has.
    columns
        Names of its columns, without that of the shapes.
    leaves
        Columns that it is stored as: records are several.
    expanded_bytes
        Size of its rows unpacked, as it says itself.
    shapes
        Column of the shapes, empty for a plain table.
    types
        Types of the shapes, such as ``"MultiPolygon"``, where it says them.
    """

    rows: int
    columns: tuple[str, ...]
    leaves: int
    expanded_bytes: int
    shapes: str
    types: tuple[str, ...]


def is_parquet(path: str | Path) -> bool:
    """Return whether a file is a Parquet file by its name's ending."""
    return Path(path).suffix.lower() in ENDINGS


def check_magic(path: Path) -> None:
    """Refuse a file that is no Parquet file by its first bytes.

    Raises
    ------
    InputError
        ``sources.other_content``.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise InputError(
                "sources.other_content", file=path.name, expected="GeoParquet", found="?"
            )


def read_footer(path: str | Path) -> Footer:
    """Return what a Parquet file says of itself.

    Raises
    ------
    InputError
        Where it is no Parquet file.
    """
    file = Path(path)
    check_magic(file)
    arrow = _arrow(file)
    try:
        told = arrow.read_metadata(file)
        schema = told.schema.to_arrow_schema()
    except (OSError, ValueError) as error:  # pyarrow's own errors are of these
        raise InputError("sources.not_vector", file=file.name, reason=str(error)) from error
    shapes, types = _shapes(schema.metadata or {})
    groups = [told.row_group(number) for number in range(told.num_row_groups)]
    return Footer(
        rows=told.num_rows,
        columns=tuple(name for name in map(str, schema.names) if name != shapes),
        leaves=told.num_columns,
        expanded_bytes=sum(group.total_byte_size for group in groups),
        shapes=shapes,
        types=types,
    )


def read_first(path: str | Path, rows: int, columns: list[str] | None = None) -> pd.DataFrame:
    """Return the first rows of a Parquet file as they are stored; errors as :func:`read_footer`."""
    file = Path(path)
    check_magic(file)
    try:
        with _arrow(file).ParquetFile(file) as opened:
            batches = opened.iter_batches(batch_size=rows, columns=columns)
            first = next(batches, None)
    except (OSError, ValueError) as error:
        raise InputError("sources.not_vector", file=file.name, reason=str(error)) from error
    return pd.DataFrame() if first is None else first.to_pandas()


def seen_types(path: str | Path, footer: Footer) -> tuple[str, ...]:
    """Return the types of the shapes: as the file says, else as its first rows have them."""
    if footer.types or not footer.shapes:
        return footer.types
    cells = read_first(path, _SEEN, [footer.shapes])
    stored = [cell for cell in cells.iloc[:, 0].tolist() if isinstance(cell, bytes)]
    return tuple(
        shape.geom_type for shape in shapely.from_wkb(stored, on_invalid="ignore") if shape
    )


def _arrow(file: Path) -> Any:
    try:
        return importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise InputError("sources.needs_pyarrow", file=file.name) from error


def _shapes(metadata: dict[bytes, bytes]) -> tuple[str, tuple[str, ...]]:
    """Return the column of shapes and its types, as the text ``geo`` tells."""
    try:
        told = parse_json(metadata[b"geo"].decode("utf-8"))
        name = str(told["primary_column"])
        types = told["columns"][name].get("geometry_types", [])
        return name, tuple(str(each) for each in types)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, json.JSONDecodeError):
        return "", ()
