"""Answers in one file that is checked before it is believed: tables and texts, and no code.

What took long to compute is kept so from one start of a program to the next. The first line of a
file says what it is the answer to and the sum (SHA-256) of all that follows: a file that is the
answer to something else, that was cut off or in which a byte fell over is refused whole. Tables
lie in it as Arrow holds them in memory (the Arrow IPC format), so that reading them is copying.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

FORMAT = 1
"""Number of the form of such a file: one of another form is refused."""

_TEXT, _TEXT_OF_PANDAS, _SHAPES, _COUNTS = "text", "pandas text", "shapes", "Int64"
"""How a column lies in the file that is no plain array of numbers."""

_KIND, _CRS = b"kind", b"crs"


class DamagedError(ValueError):
    """A file is no answer, or not as it was written."""


class OtherAnswerError(ValueError):
    """A file is the answer to something else, as to a workspace before it was changed."""


class UnpackableError(ValueError):
    """A table has something that would not come back as it is."""


def pack(answers: str, parts: Mapping[str, bytes], about: str = "") -> bytes:
    """Return the content of a file.

    Parameters
    ----------
    answers
        A sign of all that the answer was made of.
    parts
        What it consists of, by name.
    about
        What it is about, in words that :func:`about_what` finds again; they prove nothing.
    """
    body = b"".join(parts.values())
    told = {
        "planner": FORMAT,
        "about": about,
        "answers": answers,
        "sha256": hashlib.sha256(body).hexdigest(),
        "parts": [[name, len(part)] for name, part in parts.items()],
    }
    return json.dumps(told).encode("utf-8") + b"\n" + body


def unpack(content: bytes, answers: str) -> dict[str, bytes]:
    """Return the parts of a file by name.

    Parameters
    ----------
    content
        What the file holds.
    answers
        What it must be the answer to.

    Raises
    ------
    DamagedError
        Where it is none, or not as it was written.
    OtherAnswerError
        Where it is one to something else.
    """
    head, _, body = content.partition(b"\n")
    try:
        told = json.loads(head)
        form, key = told["planner"], told["answers"]
        sum_of, sizes = told["sha256"], told["parts"]
        ends = np.cumsum([0, *(int(size) for _, size in sizes)]).tolist()
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise DamagedError("it is no file of answers") from error
    if form != FORMAT or key != answers:
        raise OtherAnswerError("it answers something else")
    if hashlib.sha256(body).hexdigest() != sum_of or ends[-1] != len(body):
        raise DamagedError("it is not as it was written")
    return {
        str(name): body[start:end]
        for (name, _), start, end in zip(sizes, ends, ends[1:], strict=False)
    }


def about_what(head: bytes) -> str:
    """Return what a file says that it is about, by its first line; empty where it says nothing."""
    try:
        return str(json.loads(head)["about"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""


def table_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as bytes.

    Parameters
    ----------
    table
        Rows numbered from 0; columns of numbers, yes and no, text, or shapes.

    Raises
    ------
    UnpackableError
        Where a column is of something else, or lacks values.
    """
    fields, columns = [], []
    for name, values in table.items():
        kind, column = _column(str(name), values)
        fields.append(pa.field(str(name), column.type, metadata={_KIND: kind.encode()}))
        columns.append(column)
    crs = str(table.crs.srs) if isinstance(table, gpd.GeoDataFrame) else ""
    schema = pa.schema(fields, metadata={_CRS: crs.encode()})
    batch = pa.RecordBatch.from_arrays(columns, schema=schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_batch(batch)
    return bytes(sink.getvalue().to_pybytes())


def table_of(content: bytes) -> pd.DataFrame:
    """Return the table that :func:`table_bytes` made bytes of.

    Raises
    ------
    DamagedError
        Where they are none.
    """
    try:
        table = pa.ipc.open_stream(pa.py_buffer(content)).read_all().combine_chunks()
        columns = {
            field.name: _values(field.metadata[_KIND].decode(), table.column(number))
            for number, field in enumerate(table.schema)
        }
        frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))
        if crs := table.schema.metadata[_CRS].decode():
            frame = gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)
    except (pa.ArrowException, ValueError, TypeError, LookupError) as error:
        raise DamagedError("a table in it cannot be read") from error
    return frame


def packed_table(table: pd.DataFrame) -> dict[str, bytes]:
    """Return a table that is an answer by itself, in parts; its rows may have ids.

    Raises
    ------
    UnpackableError
        Where it would not come back as it is.
    """
    name = table.index.name
    plain = table if name is None else table.reset_index()
    parts = {"rows": table_bytes(plain), "index": str(name or "").encode("utf-8")}
    back = unpacked_table(parts)
    if not table.equals(back) or table.index.name != back.index.name:
        raise UnpackableError("it would come back as another")
    return parts


def unpacked_table(parts: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the table of the parts that :func:`packed_table` made.

    Raises
    ------
    DamagedError
        Where a part is missing or cannot be read.
    """
    try:
        rows, name = parts["rows"], parts["index"].decode("utf-8")
        table = table_of(rows)
        return table.set_index(name) if name else table
    except LookupError as error:
        raise DamagedError("a part of it is missing") from error


def _column(name: str, values: pd.Series) -> tuple[str, pa.Array]:
    """Return how a column lies in the file, and its values there."""
    plain = values.dtype
    if isinstance(plain, np.dtype) and plain.kind in "fiub":
        return plain.str, pa.array(values.to_numpy())
    if str(plain) == _COUNTS:
        known = values.notna().to_numpy()
        return _COUNTS, pa.array(values.fillna(0).to_numpy(np.int64), mask=~known)
    if str(plain) == "geometry":
        return _SHAPES, pa.array(shapely.to_wkb(values.to_numpy()), pa.large_binary())
    texts = values.to_numpy(dtype=object)
    if str(plain) not in ("object", "str") or not all(type(each) is str for each in texts):
        raise UnpackableError(f"{name}: {plain}")
    kind = _TEXT if str(plain) == "object" else _TEXT_OF_PANDAS
    # most texts are repeated: each is made once, however often it stands in the column
    number, once = pd.factorize(texts)
    chosen = pa.array(number.astype(np.int32)), pa.array(list(once), pa.large_string())
    return kind, pa.DictionaryArray.from_arrays(*chosen)


def _values(kind: str, column: pa.ChunkedArray) -> Any:
    """Return the values of a column as they were before :func:`_column`."""
    if column.num_chunks != 1:
        column = pa.chunked_array([pa.concat_arrays(column.chunks)], column.type)
    (values,) = column.chunks
    if kind == _SHAPES:
        return gpd.array.GeometryArray(shapely.from_wkb(values.to_numpy(zero_copy_only=False)))
    if kind in (_TEXT, _TEXT_OF_PANDAS):
        once = values.dictionary.to_numpy(zero_copy_only=False)
        texts = once.astype(object)[values.indices.to_numpy()]
        return pd.Series(texts, dtype=object if kind == _TEXT else "str")
    if kind == _COUNTS:
        unknown = values.is_null().to_numpy(zero_copy_only=False)
        return pd.arrays.IntegerArray(values.fill_null(0).to_numpy().copy(), unknown.copy())
    return values.to_numpy(zero_copy_only=False).astype(np.dtype(kind))
