"""Checklists of facilities and service lines as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from planner.district.kinds import SERVICE_LINES
from planner.district.services import named_services, plain_service
from planner.district.toml_files import read_toml
from planner.errors import InputError

_FILE = Path(__file__).parent / "checklists.toml"


@dataclass(frozen=True)
class Item:
    """One thing that a facility should have.

    Parameters
    ----------
    id, en, zh
        Identifier and names; data may write either.
    words
        Other words that data may write.
    """

    id: str
    en: str
    zh: str
    words: tuple[str, ...] = ()

    def name(self, language: str = "en") -> str:
        """Return the name in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Checklist:
    """What a facility of some kinds should have, such as the six of a six-in-one clinic.

    Parameters
    ----------
    id, en, zh
        Identifier and names.
    kinds
        Kinds that it is meant for.
    column
        Column of ``facilities`` that lists what is there, separated by ``;``.
    items
        What should be there.
    """

    id: str
    en: str
    zh: str
    kinds: tuple[str, ...]
    column: str
    items: tuple[Item, ...]

    def name(self, language: str = "en") -> str:
        """Return the name in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class ServiceLine:
    """What serves one of the eight lines of community service.

    Parameters
    ----------
    id
        A key of :data:`planner.district.kinds.SERVICE_LINES`.
    kinds
        Kinds that serve it whatever they offer; own kinds join by their field ``line``.
    services
        Services that serve it, whatever the kind of the facility.
    """

    id: str
    kinds: tuple[str, ...]
    services: tuple[str, ...]


def read_checklists(path: str | Path) -> tuple[dict[str, Checklist], dict[str, ServiceLine]]:
    """Read checklists and service lines from a TOML file of the form of the built-in one.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, not TOML, or an entry is incomplete; the message names it.
    """
    path = Path(path)
    data = read_toml(path)
    try:
        lists = {key: _checklist(key, entry) for key, entry in data.get("checklist", {}).items()}
        lines = {key: _line(key, entry) for key, entry in data.get("line", {}).items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "district.incomplete", file=path.name, field=str(error).strip("'")
        ) from error
    for line in lines:
        if line not in SERVICE_LINES:
            raise InputError(
                "district.unknown_line",
                file=path.name,
                line=line,
                known=", ".join(SERVICE_LINES),
            )
    return lists, lines


def _checklist(key: str, entry: Mapping[str, Any]) -> Checklist:
    items = tuple(
        Item(item["id"], item["en"], item["zh"], tuple(item.get("words", ())))
        for item in entry["item"]
    )
    return Checklist(key, entry["en"], entry["zh"], tuple(entry["kinds"]), entry["column"], items)


def _line(key: str, entry: Mapping[str, Any]) -> ServiceLine:
    return ServiceLine(key, tuple(entry["kinds"]), tuple(entry["services"]))


@cache
def _builtin() -> tuple[dict[str, Checklist], dict[str, ServiceLine]]:
    return read_checklists(_FILE)


def builtin_checklists() -> dict[str, Checklist]:
    """Return the checklists that ship with the package, by id."""
    return dict(_builtin()[0])


def builtin_lines() -> dict[str, ServiceLine]:
    """Return the service lines, by id."""
    return dict(_builtin()[1])


def one_service(name: str) -> str:
    """Return the service that a name means, the same in English and Chinese, to be compared.

    A service that no checklist has stays as it is; broader words of an item are no names of it.

    Examples
    --------
    >>> one_service("预防"), one_service("Prevention"), one_service("vaccination")
    ('prevention', 'prevention', 'vaccination')
    """
    plain = plain_service(name)
    return _names_of_services().get(plain, plain)


def meant_services(text: object) -> set[str]:
    """Return the services that a cell names, each as :func:`one_service` has it, to be compared.

    Examples
    --------
    >>> sorted(meant_services("预防; Prevention, vaccination"))
    ['prevention', 'vaccination']
    """
    return {one_service(name) for name in named_services(text)}


@cache
def _names_of_services() -> dict[str, str]:
    lists = [each for each in builtin_checklists().values() if each.column == "services"]
    items = [item for each in lists for item in each.items]
    return {plain_service(name): item.id for item in items for name in (item.id, item.en, item.zh)}
