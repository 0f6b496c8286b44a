"""What this session uploaded for a new district, and what was said of it so far."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from planner.app.pages.data.answers import Answers
from planner.app.server.reading.jobs import Job
from planner.app.server.reading.uploads import SHAPEFILE_PARTS
from planner.district import Kinds, builtin_kinds, known_kinds
from planner.district.kinds import make_kind
from planner.sources.files.lists import LISTED, in_order, key_of
from planner.sources.untrusted.uploads import LAYER_ENDINGS
from planner.sources.update.change import UPDATED

KEY = "files_given"
"""Under this name the session keeps it."""

LAYERS = (
    "communities",
    "streets",
    "facilities",
    "demand",
    "totals",
    "cells",
    "raster",
    "growth",
    "homes",
    "barriers",
    "gates",
    "candidates",
    "context",
)
"""What a sheet or layer of a file may be used for."""

NEEDED = LAYERS[:3]
"""What a district cannot do without, residents apart."""

RESIDENTS = ("demand", "totals", "cells", "raster")
"""What may tell residents; else the boundaries' own column does."""

FILE_TYPES = sorted(ending.lstrip(".") for ending in (*LAYER_ENDINGS, *SHAPEFILE_PARTS))
"""Endings of the files that a browser may choose."""

POINTS = ("facilities", "demand", "gates", "candidates")

Phase = Literal["parts", "more", "preview", "import", "difference", "take"]


@dataclass
class Said:
    """What was said of the file of one layer.

    Parameters
    ----------
    mapping
        How it is read, fields of :class:`planner.sources.tables.mapping.TableMapping` by name; None
        where it is guessed.
    header_row, encoding
        Where the guess begins: row of the headers, 0 where it is to be seen; encoding of a text.
    datum
        Datum of the coordinates, empty where it is to be found.
    """

    mapping: dict[str, Any] | None = None
    header_row: int = 0
    encoding: str = ""
    datum: str = ""


@dataclass(frozen=True)
class Into:
    """A district of which a file becomes a newer layer.

    Parameters
    ----------
    id, path
        Of its entry.
    kinds
        The kinds that it knows.
    """

    id: str
    path: Path
    kinds: Kinds


@dataclass
class Given:
    """Uploaded files on their way to a district.

    Parameters
    ----------
    folder
        Their folder on the server.
    names
        What the browser called them.
    job, phase
        The work at hand, and what it does.
    parts
        Sheets and layers of the files, as :mod:`planner.sources.files.parts` has them, with
        ``path`` and ``file``; or ``error``.
    layers
        What each part is used for, by its place; empty for nothing.
    said
        What was said, by layer.
    list_kinds
        Kind of all facilities of a list, by its key.
    kind_words
        Kind of facility by word, empty to set its rows aside.
    state_words
        What words of status and ownership mean, by column; empty to set rows aside.
    community_names
        Which community a row of totals is, by its name there; empty to leave it out.
    own_kinds
        Name by id of kinds of this district's own.
    everyday
        Whether schools, shops and the like are kinds too.
    crs
        Coordinate reference system of files that do not say.
    residents
        What was said of residents who are no points: ``groups``, ``year``, ``growth``, ``to_year``
        of :class:`planner.sources.Residents`.
    preview
        How the files would be read, of :func:`planner.sources.files.previews.preview`.
    stale
        Whether something was said since.
    step, looked_at
        The step of the page and the layer that is looked at.
    into
        The district of which they become a newer layer, None for a new district.
    options
        What was said in the last step: name, distance, rules; by key of its box.
    consent
        The rows set aside that may be left out, as they were shown, see :attr:`agreed`.
    decided
        What was said of the difference: ``mode``, ``keep_other_kinds``, ``same``, ``as_listed``,
        ``apart``.
    difference
        What the file changes, of :func:`planner.sources.update.described.described`; its ``asked``
        is what was said of rows and modes when it was made.
    compared
        The work whose difference was last shown: what is said afterwards withdraws it.
    added
        The work that looked at further files, once these were taken.
    order
        Places of words by what is listed, as they were first shown: see :meth:`as_first_shown`.
    due
        Work that was asked for, see :meth:`ask_for`.
    version
        Counts what was said and read: boxes are drawn anew with it, see :meth:`key`.
    language
        Of the page that was last drawn.
    """

    folder: Path
    names: tuple[str, ...]
    job: Job
    phase: Phase = "parts"
    parts: list[dict[str, Any]] = field(default_factory=list)
    layers: dict[int, str] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    list_kinds: dict[str, str] = field(default_factory=dict)
    kind_words: dict[str, str] = field(default_factory=dict)
    state_words: dict[str, dict[str, str]] = field(default_factory=dict)
    community_names: dict[str, str] = field(default_factory=dict)
    own_kinds: dict[str, str] = field(default_factory=dict)
    everyday: bool = False
    crs: str = ""
    residents: dict[str, Any] = field(default_factory=dict)
    preview: dict[str, Any] | None = None
    stale: bool = False
    step: str = "files"
    looked_at: str = ""
    into: Into | None = None
    options: Answers = field(default_factory=dict)
    consent: str = ""
    decided: dict[str, Any] = field(default_factory=dict)
    difference: dict[str, Any] | None = None
    compared: Job | None = None
    added: Job | None = None
    order: dict[str, dict[Any, int]] = field(default_factory=dict)
    due: Callable[[], None] | None = None
    version: int = 0
    language: str = ""

    @property
    def title(self) -> str:
        """Names of the files, for people."""
        return ", ".join(self.names)

    def of(self, layer: str) -> Said:
        """Return what was said of a layer, to be changed."""
        return self.said.setdefault(layer, Said())

    @property
    def count_aside(self) -> int:
        """How many rows would be set aside, as was last shown."""
        if self.difference is not None:
            return int(self.difference["reading"]["count_set_aside"])
        return sum(int(answer["count_set_aside"]) for answer in self.shown().values())

    @property
    def agreed(self) -> bool:
        """Whether the rows set aside may be left out: these, read as they are now, and no others.

        A consent to other rows, or of a file that was read otherwise, is none.
        """
        return bool(self.consent) and not self.stale and self.consent == self._aside_shown()

    def agree(self, agreed: bool) -> None:
        """Keep whether the rows set aside that are shown may be left out."""
        self.consent = self._aside_shown() if agreed else ""

    def _aside_shown(self) -> str:
        """Return a sign of the rows set aside that are shown and of how their files are read."""
        rows = {key: (each["set_aside"], each["mapping"]) for key, each in self.shown().items()}
        told = [self.count_aside, self.layers, self.parts, rows]
        text = json.dumps(told, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def change(self) -> None:
        """Note that what is shown is no longer what will be read."""
        self.stale = True
        self.consent = ""
        self.difference = None
        self.version += 1

    def ask_for(self, work: Callable[[], None]) -> None:
        """Let work begin with the next page drawn: after all that came with the same click.

        A browser may send an answer and the button that was pressed after it at once, in any order.
        """
        self.due = work

    def as_first_shown(
        self, what: str, items: Sequence[dict[str, Any]], own: Callable[[dict[str, Any]], object]
    ) -> list[dict[str, Any]]:
        """Return items in the order in which they were first shown: an answer moves none of them.

        Parameters
        ----------
        what
            Name of the list.
        items
            Its items as they are now, those first that ask for something.
        own
            What tells an item from the others.
        """
        order = self.order.setdefault(what, {})
        for each in items:
            order.setdefault(own(each), len(order))
        return sorted(items, key=lambda each: order[own(each)])

    def take_parts(self, found: list[dict[str, Any]]) -> None:
        """Take sheets and layers of further files; what is used stays used."""
        used = set(self.layers.values())
        for place, part in enumerate(found, start=len(self.parts)):
            layer = part.get("layer", "")
            self.layers[place] = "" if layer in used and layer not in LISTED else layer
        self.parts += found
        self.change()

    def speak(self, language: str) -> None:
        """Note the language of the page: a browser keeps the words of a box, so boxes are new."""
        if self.language and self.language != language:
            self.version += 1
        self.language = language

    def key(self, *parts: object) -> str:
        """Return the name of a box.

        Each time something was said or read, boxes get other names: so they begin with what holds
        now, and a browser that still has an older value cannot set it.
        """
        return "_".join(map(str, ("files", self.folder.name, self.version, *parts)))

    def used(self) -> dict[str, dict[str, Any]]:
        """Return the parts that are used, by their layer; lists of one layer by their keys."""
        found: dict[str, dict[str, Any]] = {}
        for layer in LAYERS:
            own = [place for place, given in sorted(self.layers.items()) if given == layer]
            listed = own if layer in LISTED else own[:1]
            found |= {key_of(layer, n): self.parts[at] for n, at in enumerate(listed, start=1)}
        return found

    def part_of(self, key: str) -> dict[str, Any] | None:
        """Return the part that is used for a layer or list, None where none is."""
        return self.used().get(key)

    def lists(self) -> list[str]:
        """Return the keys of the lists of facilities that were read."""
        return in_order(self.shown(), "facilities")

    def twice(self) -> list[str]:
        """Return the layers for which several parts are used, of which one only can be."""
        used = [layer for layer in self.layers.values() if layer and layer not in LISTED]
        return [layer for layer in LAYERS if used.count(layer) > 1]

    def rivals(self) -> list[str]:
        """Return the layers that tell residents, where they are several: one only can count."""
        found = [layer for layer in RESIDENTS if layer in self.layers.values()]
        return found if len(found) > 1 else []

    @property
    def offered(self) -> tuple[str, ...]:
        """What a sheet or layer may be used for."""
        return LAYERS if self.into is None else UPDATED

    def one_only(self) -> bool:
        """Whether one sheet or layer is used, where one only can be brought up to date."""
        return self.into is None or sum(map(bool, self.layers.values())) == 1

    def lacking(self) -> list[str]:
        """Return the layers that are needed and have no part."""
        if self.into is not None:
            return []
        used = set(self.layers.values())
        found = [layer for layer in NEEDED if layer not in used]
        boundaries = self.shown().get("communities", {})
        told = bool(used & set(RESIDENTS)) or "population" in boundaries.get("sums", {})
        return found if told else [*found, "demand"]

    def shown(self) -> dict[str, dict[str, Any]]:
        """Return how each file would be read, by layer."""
        found: dict[str, dict[str, Any]] = (self.preview or {}).get("layers", {})
        return {key: found[key] for layer in LAYERS for key in in_order(found, layer)}

    def faults(self) -> list[str]:
        """Return the layers that cannot be read as they are."""
        return [layer for layer, told in self.shown().items() if told["error"] is not None]

    @property
    def kinds(self) -> Kinds:
        """The kinds that a facility may be of."""
        if self.into is not None:
            return self.into.kinds
        kinds = known_kinds() if self.everyday else builtin_kinds()
        return kinds | {
            own: make_kind(own, {"en": name, "zh": name}, "own_kinds")
            for own, name in self.own_kinds.items()
        }


def given() -> Given | None:
    """Return what this session uploaded, None where it did not."""
    found: Given | None = st.session_state.get(KEY)
    return found


def with_column(mapping: dict[str, Any], header: str, role: str) -> dict[str, Any]:
    """Return how a file is read with another meaning of a column; no two columns mean the same.

    Examples
    --------
    >>> with_column({"columns": {"a": "name", "b": ""}}, "b", "name")
    {'columns': {'a': '', 'b': 'name'}}
    """
    before: dict[str, str] = mapping["columns"]
    columns = {own: "" if role and known == role else known for own, known in before.items()}
    return {**mapping, "columns": {**columns, header: role}}


def told_anew(said: Said, **changes: Any) -> Said:
    """Return what was said with changes before which the columns are guessed anew."""
    return replace(said, mapping=None, **changes)
