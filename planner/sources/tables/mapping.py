"""What a file's sheet, rows, columns and words mean: guessed, shown, changed, kept and used again.

A mapping says how one file is read. It is guessed from the file (``guessing.py``), a person may
change any part of it, and it can be kept for the next file of the same shape
(``kept_mappings.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.errors import InputError
from planner.sources.tables import text
from planner.sources.tables.headers.headers import roles
from planner.sources.tables.words.states import ASKED, StateWords, check_state_words

DATUMS = ("", "wgs84", "cgcs2000", "gcj02", "bd09")
"""Datums that a table's header or a person may name; empty where nothing is said."""


@dataclass(frozen=True)
class TableMapping:
    """How one file is read.

    Parameters
    ----------
    layer
        The layer of a district that it becomes, such as ``"facilities"``.
    sheet
        Sheet of a workbook or layer of a map file, empty where there is one only.
    header_row, header_depth
        Row of the headers as the user counts, and how many rows they take; 0 in a map file.
    encoding, separator
        Of a text table.
    decimal
        Decimal sign of its numbers, ``"."`` or ``","``.
    columns
        What each header means: a role of
        :func:`planner.sources.tables.headers.headers.roles`, or empty for a column
        that is only carried along.
    turned
        Whether latitude or northing stands before longitude or easting, contrary to the headers.
    crs
        CRS of the coordinates, empty where the file or the import says it.
    datum
        Datum of the coordinates where it is not that of the CRS: one of :data:`DATUMS`.
    kind_words
        Kind of facility by word, empty for words whose rows are set aside.
    kind
        Kind of all rows of a facility list where it has no column for it, empty where it says.
    status_words, ownership_words, street_class_words, access_words, barrier_words, gate_words
        What other words mean, see :mod:`planner.sources.tables.words.states`.
    community_names
        Which community a row of a table by community is that bears another name, empty where it is
        none, see :func:`planner.sources.population.names.join`.
    """

    layer: str
    sheet: str = ""
    header_row: int = 0
    header_depth: int = 1
    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    columns: Mapping[str, str] = field(default_factory=dict)
    turned: bool = False
    crs: str = ""
    datum: str = ""
    kind_words: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    status_words: Mapping[str, str] = field(default_factory=dict)
    ownership_words: Mapping[str, str] = field(default_factory=dict)
    community_names: Mapping[str, str] = field(default_factory=dict)
    street_class_words: Mapping[str, str] = field(default_factory=dict)
    access_words: Mapping[str, str] = field(default_factory=dict)
    barrier_words: Mapping[str, str] = field(default_factory=dict)
    gate_words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = ("", *roles(self.layer))
        for header, role in self.columns.items():
            if role not in known:
                raise InputError("tables.mapping_role", column=header, role=role)
        used = [role for role in self.columns.values() if role]
        twice = next((role for role in used if used.count(role) > 1), None)
        if twice is not None:
            raise InputError("tables.mapping_twice", role=twice)
        if len(self.separator) > 1 or self.separator in ('"', "\r", "\n"):
            known_signs = ", ".join(map(repr, text.SEPARATORS))
            raise InputError(
                "tables.mapping_value", field="separator", value=self.separator, known=known_signs
            )
        for name, value, choices in (
            ("decimal", self.decimal, (".", ",")),
            ("datum", self.datum, DATUMS),
        ):
            if value not in choices:
                raise InputError(
                    "tables.mapping_value", field=name, value=value, known=", ".join(choices)
                )

    def header_of(self, role: str) -> str:
        """Return the header that has a role, empty where none has."""
        return next((header for header, known in self.columns.items() if known == role), "")

    @property
    def state_words(self) -> dict[str, Mapping[str, str]]:
        """What words mean that are no kinds of facilities, by what is asked of the layer's."""
        return {each: getattr(self, f"{each}_words") for each in ASKED.get(self.layer, ())}

    def with_state_words(self, words: StateWords) -> TableMapping:
        """Return the same with what words mean, by what is asked of them."""
        check_state_words(words)
        told: dict[str, Any] = {f"{each}_words": dict(own) for each, own in words.items()}
        return replace(self, **told)

    def fits(self, headers: list[str]) -> bool:
        """Return whether a file with these headers is of the same shape."""
        return {header for header, role in self.columns.items() if role} <= set(headers)
