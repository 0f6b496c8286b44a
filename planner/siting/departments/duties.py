"""Who does what when a gap is to be mended: an editable table, unverified until checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planner.analysis.gaps.causes import OF_PROFILES, REMEDIES
from planner.analysis.links.places import MAP_WORK, SETTLE_WAY, WORKS
from planner.district.kinds import DEPARTMENTS
from planner.documents import flag_of, parse_toml, unread_entry
from planner.errors import InputError, MissingFileError
from planner.own_copies import shipped

OF_KIND, OF_FACILITY = "kind", "facility"
"""Who does it instead of one department: that of the kind, or that which runs the facility."""

WAYS = tuple(work for work in WORKS if work != MAP_WORK)
"""Works that open a way."""

GATE = "gate"
"""The duty where a wall is to be opened, and by which gate is not known."""

NAMES = (*(each for each in REMEDIES if each not in OF_PROFILES), *WAYS, GATE)
"""What is told of: remedies of gaps as everyone walks, works of links, and a gate of any kind."""

REASONS = {
    "build": "build",
    "open_internal": "door",
    "open_gate": "gate",
    "new_gate": "gate",
    GATE: "gate",
    "link": "way",
    "path": "way",
    "crossing": "way",
    "footbridge": "way",
    "map_streets": "map",
    SETTLE_WAY: "map",
    "wider_extract": "map",
    "finer_points": "map",
}
"""What two departments talk about by duty; about how a facility is run where none is named."""

RUN = "run"

_ELSE = {SETTLE_WAY: "map_streets"}
"""Whose entry counts for a duty that a file of a bureau does not name."""

_BUILTIN = Path(__file__).with_name("duties.toml")


@dataclass(frozen=True)
class Duty:
    """Who does one thing.

    Parameters
    ----------
    by
        :data:`OF_KIND`, :data:`OF_FACILITY` or a department.
    others
        Departments that must agree, beside that which answers for the kind.
    en, zh
        The same as a sentence.
    """

    by: str
    others: tuple[str, ...]
    en: str
    zh: str

    def sentence(self, language: str) -> str:
        """Return who does it, in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Duties:
    """Who does what.

    Parameters
    ----------
    by_name
        A duty for each of :data:`NAMES`.
    words
        By department, what a register may call it.
    verified
        Whether somebody answers for the table.
    """

    by_name: Mapping[str, Duty]
    words: Mapping[str, tuple[str, ...]]
    verified: bool

    def department(self, told: object) -> str:
        """Return the department that a register means; a text of no known one stays as it is.

        Examples
        --------
        >>> [builtin_duties().department(each) for each in ("health", "章贡区卫健委", "Waterworks")]
        ['health', 'health', 'Waterworks']

        A people's government (人民政府) is no civil affairs (民政), and two departments in one
        name are neither.

        >>> [builtin_duties().department(each) for each in ("水东镇人民政府", "文化教育局")]
        ['水东镇人民政府', '文化教育局']
        """
        text = told.strip() if isinstance(told, str) else ""
        for name, (en, zh) in DEPARTMENTS.items():
            if text.casefold() in (name, en.casefold(), zh):
                return name
        meant = {
            name
            for name, words in self.words.items()
            if any(re.search(f"{re.escape(word)}(?!府)", text) for word in words)
        }
        return meant.pop() if len(meant) == 1 else text


def read_duties(path: str | Path) -> Duties:
    """Read who does what from a TOML file of the form of the built-in one.

    Raises
    ------
    MissingFileError, InputError
        ``departments.missing_file``; ``departments.bad_file`` where it is no such file, an entry is
        missing or holds something else; ``departments.unread_duty`` for one that nobody reads.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingFileError("departments.missing_file", file=str(path))
    try:
        table = parse_toml(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("departments.bad_file", file=path.name, problem=str(error)) from error
    entry = dict.fromkeys(("by", "with", "en", "zh"))
    known = {"verified": None, "names": None, **dict.fromkeys(NAMES, entry)}
    if unread := unread_entry(table, known):
        raise InputError("departments.unread_duty", file=path.name, entry=unread)
    duties = {
        name: _duty(table.get(name, table.get(_ELSE.get(name, ""))), name, path.name)
        for name in NAMES
    }
    words = table.get("names", {})
    if not isinstance(words, Mapping) or not all(map(_are_texts, words.values())):
        raise InputError("departments.bad_file", file=path.name, problem="names")
    if unknown := [each for each in words if each not in DEPARTMENTS]:
        raise InputError("departments.bad_file", file=path.name, problem=f"names: {unknown[0]}")
    named = {str(name): tuple(each) for name, each in words.items()}
    return Duties(duties, named, flag_of(table, "verified", path.name))


def _duty(entry: object, name: str, file: str) -> Duty:
    if not isinstance(entry, Mapping):
        raise InputError("departments.bad_file", file=file, problem=name)
    others = entry.get("with")
    told = [entry.get(key) for key in ("by", "en", "zh")]
    if not _are_texts(told) or not _are_texts(others):
        raise InputError("departments.bad_file", file=file, problem=name)
    doers = (OF_KIND, OF_FACILITY, *DEPARTMENTS)
    unknown = [] if entry["by"] in doers else [entry["by"]]
    unknown += [each for each in entry["with"] if each not in DEPARTMENTS]
    if unknown:
        raise InputError("departments.bad_file", file=file, problem=f"{name}: {unknown[0]}")
    return Duty(entry["by"], tuple(entry["with"]), entry["en"], entry["zh"])


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


@shipped
def builtin_duties() -> Duties:
    """Return the table that ships with the package, which nobody has verified."""
    return read_duties(_BUILTIN)
