"""Facility kinds as data: names, departments, service lines, tags and colours."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.district.tags import fitting, is_medical
from planner.documents import parse_toml
from planner.errors import InputError, MissingFileError

EVERYDAY = "everyday"
"""Name of the kinds file that ships beside the built-in one: schools, shops, post."""

_FOLDER = Path(__file__).parent

DEPARTMENTS: dict[str, tuple[str, str]] = {
    "civil_affairs": ("Civil affairs", "民政"),
    "human_resources": ("Human resources and social security", "人社"),
    "public_security": ("Public security", "公安"),
    "health": ("Health", "卫健"),
    "culture": ("Culture, tourism and sport", "文旅"),
    "education": ("Education", "教育"),
    "commerce": ("Commerce", "商务"),
    "planning": ("Natural resources and planning", "自然资源和规划"),
    "housing": ("Housing and urban-rural development", "住建"),
    "transport": ("Transport", "交通运输"),
}

SERVICE_LINES: dict[str, tuple[str, str]] = {
    "employment": ("Employment", "就业服务"),
    "social_security": ("Social security", "社会保障"),
    "assistance": ("Assistance", "社会救助"),
    "health": ("Health and family planning", "卫生和计划生育"),
    "culture": ("Culture, education and sport", "文化、教育、体育"),
    "floating": ("Floating population", "流动人口服务管理"),
    "safety": ("Safety", "安全"),
    "government": ("Government one-stop", "政务一站式"),
}


@dataclass(frozen=True)
class Kind:
    """One kind of facility.

    Parameters
    ----------
    id
        Short name used in data, such as ``"clinic"``.
    en, zh
        Names shown to people.
    department, line
        Keys of :data:`DEPARTMENTS` and :data:`SERVICE_LINES`.
    osm
        Sets of OpenStreetMap tags; a feature is of this kind when one set holds whole.
    poi
        Category words found in Chinese registers and map services.
    icon, colour
        Icon name and ``#rrggbb`` colour on maps.
    """

    id: str
    en: str
    zh: str
    department: str = ""
    line: str = ""
    osm: tuple[Mapping[str, str], ...] = ()
    poi: tuple[str, ...] = ()
    icon: str = "dot"
    colour: str = "#475569"

    def name(self, language: str = "en") -> str:
        """Return the name in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en

    @property
    def is_medical(self) -> bool:
        """Whether facilities of the kind treat patients or sell medicine."""
        return self.line == "health" or any(map(is_medical, self.osm))


class Kinds(Mapping[str, Kind]):
    """An ordered, immutable table of kinds by id."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = dict(kinds)

    def __getitem__(self, kind_id: str) -> Kind:
        return self._kinds[kind_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def __or__(self, other: Mapping[str, Kind]) -> Kinds:
        return Kinds({**self._kinds, **other})

    def of_tags(self, tags: Mapping[str, str]) -> str | None:
        """Return the kind whose tags fit best, the first of :meth:`all_of_tags`.

        Examples
        --------
        >>> builtin_kinds().of_tags({"amenity": "police"})
        'police_station'
        >>> builtin_kinds().of_tags({"amenity": "police", "police": "office"})
        'police_room'
        >>> builtin_kinds().of_tags({"office": "government", "government": "social_security"})
        'labour_office'
        """
        return next(iter(self.all_of_tags(tags)), None)

    def all_of_tags(self, tags: Mapping[str, str]) -> tuple[str, ...]:
        """Return the kinds that an object is of, the closest first.

        See :func:`planner.district.tags.fitting`. A veterinary clinic is no clinic.

        Examples
        --------
        >>> builtin_kinds().all_of_tags({"amenity": "clinic;library"})
        ('clinic', 'library')
        >>> builtin_kinds().all_of_tags({"amenity": "library", "healthcare": "clinic"})
        ('clinic', 'library')
        >>> builtin_kinds().all_of_tags({"amenity": "clinic", "healthcare": "veterinary"})
        ()
        """
        return fitting(((kind.id, wanted) for kind in self.values() for wanted in kind.osm), tags)

    def of_word(self, word: str) -> str | None:
        """Return the kind that an id, a name or a category word means.

        The longest category word contained in `word` wins, so that 社区卫生服务中心 is not
        taken for 服务中心; of equally long ones the last, which is what a Chinese name ends in.

        Examples
        --------
        >>> builtin_kinds().of_word("赣江社区卫生服务站")
        'clinic'
        """
        text = word.strip()
        for kind in self._kinds.values():
            if text.casefold() in (kind.id, kind.en.casefold(), kind.zh):
                return kind.id
        found = [
            (len(poi), text.rfind(poi), kind.id)
            for kind in self._kinds.values()
            for poi in kind.poi
            if poi in text
        ]
        return max(found)[2] if found else None


def make_kind(kind_id: str, entry: object, file: str) -> Kind:
    """Return a kind as a file tells it.

    Parameters
    ----------
    kind_id
        Its short name.
    entry
        The other fields of :class:`Kind` by name.
    file
        For messages.

    Raises
    ------
    InputError
        Where a name is missing, a field is not known or holds something else.
    """
    if not isinstance(entry, Mapping):
        raise InputError("district.kind_without_name", file=file, kind=kind_id, column="en")
    missing = [key for key in ("en", "zh") if not isinstance(entry.get(key), str)]
    if missing:
        raise InputError("district.kind_without_name", file=file, kind=kind_id, column=missing[0])
    unknown = set(entry) - {f for f in Kind.__dataclass_fields__ if f != "id"}
    if unknown:
        raise InputError(
            "district.kind_unknown_field", file=file, kind=kind_id, column=sorted(unknown)[0]
        )
    for name, value in entry.items():
        if not _FITS.get(name, _is_text)(value):
            raise InputError("standards.kind_field", file=file, kind=kind_id, field=name)
    values = {**entry, "osm": tuple(entry.get("osm", ())), "poi": tuple(entry.get("poi", ()))}
    return Kind(id=kind_id, **values)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_tags(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(tags, Mapping) and tags and all(map(_is_text, tags.values())) for tags in value
    )


def is_colour(value: object) -> bool:
    """Whether a value is a colour as maps take it, such as ``"#475569"``."""
    return isinstance(value, str) and bool(re.fullmatch("#[0-9a-fA-F]{6}", value))


_FITS = {"osm": _are_tags, "poi": _are_texts, "colour": is_colour}


def read_kinds(path: str | Path) -> Kinds:
    """Read kinds from a TOML file of the form of the built-in ``kinds.toml``.

    Parameters
    ----------
    path
        The file, or ``"everyday"`` for the kinds of everyday life that ship with the package.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent, not TOML, or a kind lacks a name.
    """
    path = _FOLDER / f"{EVERYDAY}.toml" if str(path) == EVERYDAY else Path(path)
    if not path.is_file():
        raise MissingFileError("district.missing_file", file=str(path))
    try:
        entries = parse_toml(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("district.not_toml", file=str(path), reason=str(error)) from error
    return Kinds(
        {kind_id: make_kind(kind_id, entry, path.name) for kind_id, entry in entries.items()}
    )


def kinds_named(kinds: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the ids of kinds that were named, each once; a text is one kind and not its letters.

    Examples
    --------
    >>> kinds_named("clinic"), kinds_named(["clinic", "library", "clinic"]), kinds_named(None)
    (('clinic',), ('clinic', 'library'), ())
    """
    return tuple(dict.fromkeys([kinds] if isinstance(kinds, str) else kinds or ()))


def given_kinds(kinds: object) -> Kinds:
    """Return the kinds that a reader was given.

    Parameters
    ----------
    kinds
        A table of kinds, taken as it is; a TOML file or ``"everyday"``, added to the built-in
        ones; or None for these alone.

    Raises
    ------
    MissingFileError, InputError
        Where the file cannot be read, or something else was given.
    """
    if kinds is None:
        return builtin_kinds()
    if isinstance(kinds, Kinds):
        return kinds
    if isinstance(kinds, str | Path):
        return builtin_kinds() | read_kinds(kinds)
    raise InputError("district.no_kinds_table", found=type(kinds).__name__)


@cache
def builtin_kinds() -> Kinds:
    """Return the kinds that ship with the package."""
    return read_kinds(_FOLDER / "kinds.toml")


@cache
def known_kinds() -> Kinds:
    """Return the built-in kinds and those of everyday life, which standards may name."""
    return builtin_kinds() | read_kinds(EVERYDAY)
