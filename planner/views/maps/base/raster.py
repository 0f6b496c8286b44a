"""Very many points as one image: a hundred thousand homes, where circles would be too many."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from planner.arrays import F64, U8

LONGER_SIDE = 1600
"""Pixels of the image's longer side."""


def points_image(
    lon_lat: F64,
    number: npt.NDArray[np.integer | np.bool_],
    colours: Sequence[str],
    dot: int = 3,
) -> tuple[str, list[list[float]]]:
    """Return points as a PNG for a web map, and the corners that it fits between.

    Parameters
    ----------
    lon_lat
        Degrees, shape (n, 2), n > 0.
    number
        Class of each point, an index into `colours`; where points share a pixel the highest is
        seen. Shape (n,).
    colours
        ``#rrggbb`` by class.
    dot
        Width of a point in pixels, odd.

    Returns
    -------
    str, list of list of float
        Data URI, and south-west and north-east corner in degrees, latitude first. Rows are evenly
        spaced in the map's own (Mercator) northing, not in latitude.
    """
    x, y = lon_lat[:, 0], np.arcsinh(np.tan(np.radians(lon_lat[:, 1])))
    x = np.radians(x)
    step = max(np.ptp(x), np.ptp(y), 1e-7) / (LONGER_SIDE - dot - 1)
    edge = dot // 2
    column = np.rint((x - x.min()) / step).astype(np.int64) + edge
    row = np.rint((y.max() - y) / step).astype(np.int64) + edge
    shape = (int(row.max()) + edge + 1, int(column.max()) + edge + 1)
    image = np.zeros(shape, dtype=np.uint8)
    for away in np.ndindex(dot, dot):
        place = (row + away[0] - edge, column + away[1] - edge)
        np.maximum.at(image, place, (number + np.uint8(1)).astype(np.uint8))
    west, north = x.min() - (edge + 0.5) * step, y.max() + (edge + 0.5) * step
    east, south = west + shape[1] * step, north - shape[0] * step
    corners = [[_latitude(south), _degrees(west)], [_latitude(north), _degrees(east)]]
    code = base64.b64encode(_png(image, colours)).decode("ascii")
    return f"data:image/png;base64,{code}", corners


def _latitude(northing: float) -> float:
    return _degrees(np.arctan(np.sinh(northing)))


def _degrees(angle: float) -> float:
    return round(float(np.degrees(angle)), 7)


def _png(image: U8, colours: Sequence[str]) -> bytes:
    """Return an image of palette numbers as a PNG; 0 is clear, the others are the colours."""
    height, width = image.shape
    palette = bytes(3) + b"".join(bytes.fromhex(colour[1:]) for colour in colours)
    lines = np.concatenate([np.zeros((height, 1), np.uint8), image], axis=1).tobytes()
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            _chunk(b"tRNS", b"\x00"),
            _chunk(b"IDAT", zlib.compress(lines, 6)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)
