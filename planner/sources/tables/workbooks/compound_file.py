"""Streams of a compound file, the container of workbooks of the old form (MS-CFB)."""

from __future__ import annotations

import struct

_HEADER = 512
_ENTRY = 128
_LAST = 0xFFFFFFFA
"""Numbers of sectors from here on mean an end or no sector (MS-CFB 2.1)."""
_IN_HEADER = 109
_ROOT, _STREAM = 5, 2


def stream_of(data: bytes, name: str) -> bytes:
    """Return the bytes of a stream, none where the file has no such one.

    Parameters
    ----------
    data
        The compound file.
    name
        Name of the stream, such as ``"Workbook"``.

    Raises
    ------
    ValueError
        Where its tables do not hold together.
    """
    try:
        return _Compound(data).stream(name)
    except (struct.error, IndexError) as error:
        raise ValueError(str(error)) from error


class _Compound:
    def __init__(self, data: bytes) -> None:
        self._data = data
        shift, self._mini_shift = struct.unpack_from("<HH", data, 30)
        if not 7 <= shift <= 16 or not 4 <= self._mini_shift <= shift:
            raise ValueError(shift)
        self._size, self._shift = 1 << shift, shift
        self._first_entry, self._cutoff, self._first_mini = (
            struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60)
        )
        self._next = self._table(self._fat_sectors())

    def _fat_sectors(self) -> list[int]:
        """Return the sectors that hold the table of sectors: 109 in the header, more behind."""
        found = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        more, seen = struct.unpack_from("<I", self._data, 68)[0], set[int]()
        while more < _LAST and more not in seen:
            seen.add(more)
            part = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            found += part[:-1]
            more = part[-1]
        return [each for each in found if each < _LAST]

    def _table(self, sectors: list[int]) -> list[int]:
        data = b"".join(map(self._sector, sectors))
        return list(struct.unpack(f"<{len(data) // 4}I", data))

    def _sector(self, number: int) -> bytes:
        start = max(_HEADER, self._size) + number * self._size
        return self._data[start : start + self._size].ljust(self._size, b"\0")

    def _chain(self, first: int, table: list[int]) -> list[int]:
        found, seen, each = [], bytearray(len(table)), first
        while each < _LAST:
            if seen[each]:
                raise ValueError(each)
            seen[each] = 1
            found.append(each)
            each = table[each]
        return found

    def _whole(self, first: int) -> bytes:
        return b"".join(map(self._sector, self._chain(first, self._next)))

    def stream(self, name: str) -> bytes:
        entries, root = self._whole(self._first_entry), b""
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            first, size = struct.unpack_from("<II", entries, at + 116)
            called = entries[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            if kind == _ROOT:
                root = self._whole(first)
            elif kind == _STREAM and called == name:
                if size >= self._cutoff:
                    return self._whole(first)[:size]
                return self._small(first, root)[:size]
        return b""

    def _small(self, first: int, root: bytes) -> bytes:
        """Return a stream below the cut-off, whose sectors lie in the stream of the root."""
        table = self._table(self._chain(self._first_mini, self._next))
        size = 1 << self._mini_shift
        return b"".join(root[n * size : (n + 1) * size] for n in self._chain(first, table))
