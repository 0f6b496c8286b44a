"""An extract put away on the disk part by part: what lies in a window is read back, no more.

The memory that it takes does not grow with the extract but for the members of its relations, 32
bytes each. The disk holds 16 bytes a node while it is read, and 24 bytes a point of a way and all
tags until it is closed, in a folder of temporary files.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from planner.arrays import F64, I64, Bool
from planner.sources.osm.extracts import is_xml, parts_of, read_osm_file, reading_errors
from planner.sources.osm.objects import OsmData, Relation, Tags, joined
from planner.sources.osm.windows import Windows, boxes_of, empty, joined_boxes, touches
from planner.sources.write_errors import write_error

LARGE_BYTES = 32_000_000
"""Extracts of this size and more, some 3.5 million nodes, are put away on the disk."""

_DISK_BYTES = 8
"""Bytes on the disk for each byte of the file: up to 7 were measured of real extracts."""

_KINDS = ("n", "w", "r")


class _NegativeIdsError(Exception):
    """A way names nodes by negative ids, whose places are found by a second reading only."""


@contextmanager
def windows_of(path: str | Path) -> Iterator[Extract]:
    """Open an extract to take parts of it: in memory where it is small, else on the disk.

    XML is read into memory whatever its size, since a way may stand before its nodes there; so are
    files with negative ids.

    Raises
    ------
    MissingFileError, InputError
        As of :func:`planner.sources.osm.extracts.read_osm_file`.
    WorkError
        Where the disk of temporary files is full or closed.
    """
    if is_large(path):
        try:
            stored = StoredExtract(Path(path))
        except _NegativeIdsError:
            pass
        else:
            with stored:
                yield stored
            return
    yield Windows(read_osm_file(path))


def is_large(path: str | Path) -> bool:
    """Return whether a file is one that is put away on the disk."""
    file = Path(path)
    return file.is_file() and not is_xml(file) and file.stat().st_size >= LARGE_BYTES


def _may_name(index: Path) -> bool:
    """Return whether libosmium can be told a file: it ends names at a comma.

    On Windows it takes them for the system's own code page: else places stay in memory.
    """
    return "," not in str(index) and (os.name != "nt" or str(index).isascii())


class StoredExtract:
    """An extract on the disk, which gives the same windows as :class:`Windows` of it in memory.

    Parameters
    ----------
    path
        A ``.osm.pbf`` file.
    """

    def __init__(self, path: Path) -> None:
        # a file that libosmium holds open cannot be removed on Windows: the rest is
        self._temporary = tempfile.TemporaryDirectory(
            prefix="planner-osm-", ignore_cleanup_errors=True
        )
        self.folder = Path(self._temporary.name)
        self._count = 0
        try:
            self._store(path)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the files."""
        self._free_places()
        self._temporary.cleanup()

    @property
    def disk_bytes(self) -> int:
        """How much of the disk it takes."""
        return sum(self._file(number).stat().st_size for number in range(self._count))

    def of(self, window: Sequence[float]) -> OsmData:
        """Return all objects whose box touches a window, as :meth:`Windows.of` does."""
        bounds = np.asarray(window, np.float64)
        relations = touches(self._members.boxes, bounds)
        nodes, ways = self._members.of(relations)
        return self._taken(
            relations,
            lambda part: (
                touches(part.boxes("node"), bounds) | np.isin(part.array("node_id"), nodes)
            ),
            lambda part: touches(part.boxes("way"), bounds) | np.isin(part.array("way_id"), ways),
        )

    def areas(self, fits: Callable[[Tags], object]) -> OsmData:
        """Return the ways and relations whose tags fit, relations with all their ways."""
        relations = np.concatenate([_fitting(part, "relation", fits) for part in self._parts()])
        _, ways = self._members.of(relations)
        return self._taken(
            relations,
            lambda part: np.zeros(len(part.array("node_id")), bool),
            lambda part: _fitting(part, "way", fits) | np.isin(part.array("way_id"), ways),
        )

    def _store(self, path: Path) -> None:
        folder = self.folder
        index = folder / "places"
        needed = _DISK_BYTES * path.stat().st_size
        if shutil.disk_usage(folder).free < needed:
            raise write_error(folder, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        where = f"sparse_file_array,{index}" if _may_name(index) else "flex_mem"
        with reading_errors(path), closing(parts_of(path, index=where)) as parts:
            for part in parts:
                if (part.ref < 0).any():
                    raise _NegativeIdsError
                try:
                    _StoredPart.write(self._file(self._count), part)
                except OSError as error:
                    raise write_error(folder, error) from error
                self._count += 1
                self._nothing = empty(part)
        self._free_places()

    def _free_places(self) -> None:
        """Give back the room of the nodes' places.

        libosmium keeps their file open as long as the program runs: cut to nothing, it takes none.
        """
        index = self.folder / "places"
        with suppress(OSError):
            os.truncate(index, 0)
        with suppress(OSError):
            index.unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self.folder / f"part-{number}.npz"

    def _parts(self) -> Iterator[_StoredPart]:
        for number in range(self._count):
            with np.load(self._file(number)) as arrays:
                yield _StoredPart(arrays)

    def _taken(
        self,
        relations: Bool,
        nodes: Callable[[_StoredPart], Bool],
        ways: Callable[[_StoredPart], Bool],
    ) -> OsmData:
        """Return the objects that are chosen, in the order of the extract."""
        found, first = [], 0
        for part in self._parts():
            end = first + len(part.array("relation_id"))
            chosen = nodes(part), ways(part), relations[first:end]
            first = end
            if any(each.any() for each in chosen):
                found.append(part.some(self._nothing, *chosen))
        return joined([*found, self._nothing])

    @cached_property
    def _members(self) -> _Members:
        """Members of all relations, and the box of each relation."""
        size, kind, ref, boxes = [], [], [], []
        for part in self._parts():
            size.append(np.diff(part.array("member_start")))
            kind.append(part.array("member_kind"))
            ref.append(part.array("member_ref"))
            boxes.append(self._boxes(size[-1], kind[-1], ref[-1]))
        sizes = np.concatenate(size)
        owner = np.repeat(np.arange(len(sizes)), sizes)
        return _Members(owner, np.concatenate(kind), np.concatenate(ref), np.concatenate(boxes))

    def _boxes(self, size: I64, kind: NDArray[np.int8], ref: I64) -> F64:
        """Return the boxes of the relations of a part, by the numbers and the ids of their members.

        All parts are gone through for each that has relations, so that the places of the members
        of all relations are never in memory at once.
        """
        boxes = np.full((len(size), 4), np.nan)
        owner = np.repeat(np.arange(len(size)), size)
        for sort in ("node", "way"):
            mine = kind == _KINDS.index(sort[0])
            if not mine.any():
                continue
            wanted, place = np.unique(ref[mine], return_inverse=True)
            found = np.full((len(wanted), 4), np.nan)
            for part in self._parts():
                ids = part.array(f"{sort}_id")
                here = np.flatnonzero(np.isin(ids, wanted))
                found[np.searchsorted(wanted, ids[here])] = part.boxes(sort)[here]
            own = joined_boxes(found[place], owner[mine], len(size))
            low = np.fmin(boxes[:, :2], own[:, :2])
            boxes = np.column_stack([low, np.fmax(boxes[:, 2:], own[:, 2:])])
        return boxes


Extract = Windows | StoredExtract
"""An extract of which parts are taken."""


@dataclass(frozen=True, eq=False)
class _Members:
    """Of each member its relation, type and id (m,); of each relation its box (r, 4)."""

    owner: I64
    kind: NDArray[np.int8]
    ref: I64
    boxes: F64

    def of(self, relations: Bool) -> tuple[I64, I64]:
        """Return the ids of the nodes and of the ways of some relations."""
        mine = relations[self.owner]
        nodes, ways = (np.unique(self.ref[mine & (self.kind == number)]) for number in (0, 1))
        return nodes, ways


class _StoredPart:
    """A part of an extract in a file of arrays, of which each is read when it is asked for."""

    def __init__(self, arrays: Any) -> None:
        self._arrays = arrays

    @classmethod
    def write(cls, file: Path, data: OsmData) -> None:
        """Write a part of an extract."""
        owner = np.repeat(np.arange(len(data.way_id)), np.diff(data.way_start))
        members = [member for relation in data.relations for member in relation.members]
        sizes = [len(relation.members) for relation in data.relations]
        node_text, node_end = _packed(map(_tag_text, data.node_tags))
        way_text, way_end = _packed(map(_tag_text, data.way_tags))
        relation_text, relation_end = _packed(_tag_text(each.tags) for each in data.relations)
        role_text, role_end = _packed(role for _, _, role in members)
        np.savez(
            file,
            node_id=data.node_id,
            node_xy=data.node_xy,
            way_id=data.way_id,
            way_box=joined_boxes(boxes_of(data.xy), owner, len(data.way_id)),
            way_start=data.way_start,
            ref=data.ref,
            xy=data.xy,
            relation_id=np.array([relation.id for relation in data.relations], np.int64),
            member_start=np.cumsum([0, *sizes], dtype=np.int64),
            member_kind=np.array([_KINDS.index(kind) for kind, _, _ in members], np.int8),
            member_ref=np.array([ref for _, ref, _ in members], np.int64),
            node_text=node_text,
            node_end=node_end,
            way_text=way_text,
            way_end=way_end,
            relation_text=relation_text,
            relation_end=relation_end,
            role_text=role_text,
            role_end=role_end,
        )

    def array(self, name: str) -> NDArray[Any]:
        """Read an array of :meth:`write` by its name."""
        return np.asarray(self._arrays[name])

    def boxes(self, sort: str) -> F64:
        """Return the boxes of the nodes or ways."""
        return self.array("way_box") if sort == "way" else boxes_of(self.array("node_xy"))

    def tags(self, sort: str, chosen: Bool | None = None) -> list[Tags]:
        """Return the tags of the nodes, ways or relations, of all or of some."""
        return [_tags(text) for text in self._texts(sort, chosen)]

    def some(self, like: OsmData, nodes: Bool, ways: Bool, relations: Bool) -> OsmData:
        """Return some of the objects; all else as `like` has it."""
        start = self.array("way_start")
        of_ways = replace(like, way_start=start)
        rows, _ = of_ways.points(np.flatnonzero(ways))
        return replace(
            like,
            node_id=self.array("node_id")[nodes],
            node_xy=self.array("node_xy")[nodes],
            node_tags=self.tags("node", nodes) if nodes.any() else [],
            way_id=self.array("way_id")[ways],
            way_tags=self.tags("way", ways) if ways.any() else [],
            way_start=np.cumsum(np.concatenate([[0], np.diff(start)[ways]])),
            ref=self.array("ref")[rows],
            xy=self.array("xy")[rows],
            relations=self._relations(relations) if relations.any() else [],
        )

    def _relations(self, chosen: Bool) -> list[Relation]:
        start = self.array("member_start")
        owner = np.repeat(np.arange(len(chosen)), np.diff(start))
        mine = chosen[owner]
        kinds, refs = self.array("member_kind")[mine], self.array("member_ref")[mine]
        roles = self._texts("role", mine)
        rows = zip(kinds.tolist(), refs.tolist(), roles, strict=True)
        members = [(_KINDS[kind], ref, role) for kind, ref, role in rows]
        ends = np.cumsum(np.diff(start)[chosen]).tolist()
        ids, tags = self.array("relation_id")[chosen].tolist(), self.tags("relation", chosen)
        firsts = [0, *ends[:-1]]
        return [
            Relation(number, own, tuple(members[first:end]))
            for number, own, first, end in zip(ids, tags, firsts, ends, strict=True)
        ]

    def _texts(self, sort: str, chosen: Bool | None) -> list[str]:
        whole, end = self.array(f"{sort}_text").tobytes(), self.array(f"{sort}_end")
        first = end - np.diff(end, prepend=0)
        if chosen is not None:
            first, end = first[chosen], end[chosen]
        pairs = zip(first.tolist(), end.tolist(), strict=True)
        return [whole[low:high].decode("utf-8") for low, high in pairs]


def _fitting(part: _StoredPart, sort: str, fits: Callable[[Tags], object]) -> Bool:
    return np.array([bool(fits(tags)) for tags in part.tags(sort)], bool)


def _packed(texts: Iterable[str]) -> tuple[NDArray[np.uint8], I64]:
    """Return texts as one array of bytes, and where each ends."""
    encoded = [text.encode("utf-8") for text in texts]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    return np.frombuffer(b"".join(encoded), np.uint8), ends


def _tag_text(tags: Tags) -> str:
    """Return tags as one text: keys and values apart by NUL, which none of them can have."""
    return "\0".join(chain.from_iterable(tags.items()))


def _tags(text: str) -> Tags:
    words = [sys.intern(word) for word in text.split("\0")] if text else []
    return dict(zip(words[::2], words[1::2], strict=True))
