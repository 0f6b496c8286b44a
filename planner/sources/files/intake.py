"""How the files of an import are read: what a person said of their sheets, columns and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.errors import InputError
from planner.sources.datums.declared import AUTO, by_layer
from planner.sources.files.lists import layer_of
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import Allowance
from planner.sources.tables.words.states import ASKED, StateWords, check_state_words

LAYER_OF_OPTION = {
    "boundaries": "communities",
    "streets": "streets",
    "facilities": "facilities",
    "demand": "demand",
    "barriers": "barriers",
    "gates": "gates",
    "candidates": "candidates",
    "context": "context",
    "totals": "totals",
    "cells": "cells",
    "homes": "homes",
    "raster": "raster",
    "growth": "growth",
}
"""The layer of a district that each file of an import becomes; the last five make residents, see
:mod:`planner.sources.population`."""


def _nothing(_reading: Reading) -> None:
    """Heed no reading."""


@dataclass(frozen=True)
class Intake:
    """How the files of an import are read.

    Parameters
    ----------
    layers
        Sheet or map layer to read, by layer of the district (``communities`` for the boundaries).
    mappings
        How to read a file, by layer of the district; the others are guessed.
    kind_words
        Kind of facility by word; an empty kind sets the word's rows aside.
    list_kinds
        Kind of all facilities of a list that has no column for it, by what the list is called; of
        all barriers under ``barriers``.
    state_words
        What words mean by what is asked of them, see
        :data:`planner.sources.tables.words.states.ASKED`: ``status``
        and ``ownership`` of facilities, ``street_class``, ``access`` and ``status`` of streets,
        ``barrier``, ``gate``.
    community_names
        Which community a row of totals or growth is, by its name there; empty for none of them.
    allowance
        How many rows of each file may be set aside.
    on_reading
        Told each file that was read: its mapping, its findings and the rows set aside.
    datum
        Datum of the coordinates of all layers of points, or of layers by name: ``"wgs84"``,
        ``"cgcs2000"``, ``"gcj02"``, ``"bd09"`` whatever a file says, or ``"auto"``: as it says,
        else as the points fit streets and communities.

    Raises
    ------
    InputError
        Where a name is of no layer.
    """

    layers: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[str, TableMapping] = field(default_factory=dict)
    kind_words: Mapping[str, str] = field(default_factory=dict)
    list_kinds: Mapping[str, str] = field(default_factory=dict)
    state_words: StateWords = field(default_factory=dict)
    community_names: Mapping[str, str] = field(default_factory=dict)
    allowance: Allowance = field(default_factory=Allowance)
    on_reading: Callable[[Reading], None] = _nothing
    datum: str | Mapping[str, str] = AUTO

    def __post_init__(self) -> None:
        known = set(LAYER_OF_OPTION.values())
        for name in (*self.layers, *self.mappings, *self.list_kinds):
            if layer_of(name) not in known:
                raise InputError("tables.no_such_layer", layer=name, known=", ".join(sorted(known)))
        by_layer(self.datum, [*known, *self._lists()])
        check_state_words(self.state_words)

    def options(self, layer: str) -> dict[str, Any]:
        """Return what the reader of a layer is given."""
        own: dict[str, Any] = {"layer": self.layers.get(layer), "allowance": self.allowance}
        own["mapping"] = self.mappings.get(layer)
        if layer_of(layer) != "streets":
            own["datum"] = self.datum_of(layer)
        if layer_of(layer) in ("facilities", "barriers"):
            own["kind"] = self.list_kinds.get(layer)
        if layer_of(layer) == "facilities":
            own["kind_words"] = self.kind_words
        if layer_of(layer) in ASKED:
            own["state_words"] = self.state_words
        if layer in ("totals", "growth"):
            own["community_names"] = self.community_names
        return own

    def datum_of(self, layer: str) -> str:
        """Return the datum that was said of a layer or list, empty where none was.

        What is said of a layer counts for each of its lists that is not named itself.
        """
        found = by_layer(self.datum, [*LAYER_OF_OPTION.values(), *self._lists()])
        return found.get(layer, found.get(layer_of(layer), ""))

    def _lists(self) -> list[str]:
        """Return the lists of a layer, beside the first, whose datum was said."""
        named = [] if isinstance(self.datum, str) else list(self.datum)
        return [name for name in named if layer_of(name) != name]

    def with_datum(self, datum: str | Mapping[str, str]) -> Intake:
        """Return the same with a datum, where one is said."""
        return self if datum == AUTO else replace(self, datum=datum)
