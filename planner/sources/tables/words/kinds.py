"""Kinds of facilities by the words of a list: its categories, else its names."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.district import Kinds, known_kinds
from planner.errors import Finding, InputError
from planner.sources.tables.cells import MOST_SIGNS
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.numbers import blank

WORDS_TOLD = 40
"""Words that one finding names."""

_ASK = "?"
_LIST = re.compile(r"[、，,/／+＋&]+")
_PATH = re.compile(r"[、，,/／+＋&;；|｜]+|及|与|和")
_HOLDS = re.compile(r"[(\[【](?:内含|还含|另含|含有?|内设|附设|设有|下设|包含|包括)")
"""What a name holds beside what it is called, in brackets."""
_LOOSE = re.compile(r"[、，,/／+＋&;；|｜·•—–\-\s]+|及|与|和|兼|暨|加|附设|内设|(?<!不)含|\d+[.)]?")
_LACKING = re.compile(
    r"^\W*(?:无|没有|不含|不设|未设|缺|尚无|暂无|[原旧]|no\b|without\b|former)"
    r"|(?:无|没有|未设|缺)\W*$"
)
_DENIED = (
    r"(?:非|无|没有|不含|不设|未设|缺|(?:^|[、，,;；(\s])[原旧]){0}|{0}(?:暂无|尚无|没有|未设)"
)
"""A word of a kind that the text denies."""


@dataclass(frozen=True)
class WordKind:
    """What a word of a facility list stands for.

    Parameters
    ----------
    word
        As it stands in the file.
    kind
        Id of the kind, empty where none is known.
    choices
        Kinds that it may be, where a person must say.
    count
        Rows that have it.
    """

    word: str
    kind: str
    choices: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class _Entry:
    kind: str = ""
    community: str = ""
    subdistrict: str = ""
    ask: tuple[str, ...] = ()


@cache
def data() -> dict[str, Any]:
    """Return the words that ship with the package."""
    return tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))


@cache
def _shipped() -> Mapping[str, _Entry]:
    entries = {}
    for line in data()["kinds"]:
        known = {key: value for key, value in line.items() if key not in ("words", "ask")}
        entry = _Entry(**known, ask=tuple(line.get("ask", ())))
        entries.update({_plain(word): entry for word in line["words"]})
    return entries


@cache
def _level_pattern() -> re.Pattern[str]:
    levels = data()["levels"]
    parts = [f"(?P<{level}>{'|'.join(map(re.escape, words))})" for level, words in levels.items()]
    return re.compile("|".join(parts))


@cache
def _other_things() -> re.Pattern[str]:
    """Return what a cell holds that names another thing than its words of kinds say."""
    others = [*data()["not_for_people"]["words"], *data()["of_another_sort"]["words"]]
    animals = "|".join(map(re.escape, others))
    beside = "|".join(map(re.escape, data()["beside"]["words"]))
    return re.compile(rf"{animals}|(?:{beside})\s*[)）]?\s*$")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


class WordTable:
    """The words that stand for kinds: those given, those of the kinds, those that ship.

    Parameters
    ----------
    kinds
        The kinds known.
    given
        Kind, by its id or name, of each word as a person said; empty for words whose rows are
        set aside.

    Raises
    ------
    InputError
        Where a word is given a kind that is not known.
    """

    def __init__(self, kinds: Kinds, given: Mapping[str, str] | None = None) -> None:
        self._kinds = kinds
        self._names = {
            _plain(name): kind.id for kind in kinds.values() for name in (kind.id, kind.en, kind.zh)
        }
        self._given = {}
        for word, kind in (given or {}).items():
            if kind and _plain(kind) not in self._names:
                raise InputError("sources.kind_not_known", kind=kind, known=", ".join(kinds))
            self._given[_plain(word)] = self._names[_plain(kind)] if kind else ""
        # a kinds file of one's own goes before the words that ship, these before the kinds that do
        ships = known_kinds()
        usual: dict[str, _Entry] = {}
        own: dict[str, _Entry] = {}
        for each in kinds.values():
            words = usual if ships.get(each.id) == each else own
            words.update({_plain(word): _Entry(kind=each.id) for word in each.poi})
        self._words = usual | dict(_shipped()) | own
        contained = [word for word in self._words if not word.isascii()]
        self._contained = sorted(contained, key=len, reverse=True)
        self._given_contained = sorted(
            (word for word in self._given if not word.isascii()), key=len, reverse=True
        )

    def kind(self, text: str, name: str = "") -> str | tuple[str, ...]:
        """Return the kind that a category or name means: its id, or what it may be.

        Parameters
        ----------
        text
            The category, or the name where there is none.
        name
            The name, which may tell the level.

        Returns
        -------
        An id, which may be of a kind that ships but is not among the kinds known; the ids to
        choose from where the word is ambiguous; or nothing (an empty tuple) where it is unknown.

        Examples
        --------
        >>> from planner.district import builtin_kinds
        >>> table = WordTable(builtin_kinds())
        >>> table.kind("社区党群服务中心"), table.kind("党群服务中心", "解放街道党群服务中心")
        ('service_station', 'service_centre')
        >>> table.kind("党群服务中心"), table.kind("咖啡馆")
        (('service_centre', 'service_station'), ())
        """
        if len(text) > MOST_SIGNS:
            return ()
        plain = _plain(text)
        if plain in self._given:
            return self._given[plain]
        if plain in self._names:
            return self._names[plain]
        word = next((each for each in self._given_contained if each in plain), "")
        if word:
            return self._given[word]
        if plain in self._words:
            word = plain
        elif _other_things().search(plain):
            return ()
        else:
            found = [each for each in self._contained if each in plain]
            found = [
                each for each in found if not re.search(_DENIED.format(re.escape(each)), plain)
            ]
            longest = [each for each in found if len(each) == len(found[0])] if found else []
            word = max(longest, key=plain.rfind, default="")
        return self._of_entry(self._words[word], word, plain, _plain(name)) if word else ()

    def kinds(self, text: str, name: str = "") -> tuple[str, ...]:
        """Return the kinds that a cell names one by one, nothing where it names fewer than two.

        As :meth:`named_parts` finds them.

        Examples
        --------
        >>> from planner.district import builtin_kinds
        >>> table = WordTable(builtin_kinds())
        >>> table.kinds("社区卫生服务站、图书室"), table.kinds("clinic;library")
        (('clinic', 'library'), ('clinic', 'library'))
        >>> table.kinds("图书室"), table.kinds("科教文化服务;文化宫;图书馆")
        ((), ())
        """
        return tuple(self.named_parts(text, name))

    def named_parts(self, text: str, name: str = "") -> dict[str, str]:
        """Return what each kind is called in a cell that names several, nothing in any other.

        Of a list (``、``, a comma, ``/``, ``+``, a new line) those parts count that name a kind.
        Where ``;``, which also parts the levels of a category, a dash, 和, 兼, 含, a number or a
        space stands between, all parts must name one; a name is not parted at spaces and the like.
        Parts that say what is not there, or no more (无图书室, 图书室暂无, 原图书室) name nothing.

        Examples
        --------
        >>> from planner.district import builtin_kinds
        >>> WordTable(builtin_kinds()).named_parts("社区卫生服务站（含图书室）")
        {'clinic': '社区卫生服务站', 'library': '图书室)'}
        """
        if len(text) > MOST_SIGNS:
            return {}
        plain = _plain(text)
        if plain in self._given or plain in self._names or plain in self._words:
            return {}
        lines = _plain(re.sub(r"[\r\n]+", "、", text.strip()))
        ways = [(_LIST, False), (_PATH, True), (_HOLDS, True)]
        ways += [(_LOOSE, True)] if text != name else []
        for marks, all_parts in ways:
            parts = [part for part in marks.split(lines) if part.strip(" ()[]")]
            parts = [part for part in parts if not _LACKING.match(part)]
            named: dict[str, str] = {}
            count = 0
            for part in parts if len(parts) > 1 else ():
                kind = self.kind(part, name)
                if isinstance(kind, str) and kind in self._kinds:
                    count += 1
                    named.setdefault(kind, part)
            if len(named) > 1 and not (all_parts and count < len(parts)):
                return named
        return {}

    def _of_entry(self, entry: _Entry, word: str, text: str, name: str) -> str | tuple[str, ...]:
        """Return what an entry means where it is told which level the facility has."""
        for place in (text, name) if entry.subdistrict or entry.community else ():
            before = place[: place.rfind(word)] if word in place else place
            levels = [found.lastgroup for found in _level_pattern().finditer(before)]
            if levels and (kind := getattr(entry, levels[-1] or "")):
                return str(kind)
        if entry.kind:
            return entry.kind
        usable = tuple(kind for kind in entry.ask if kind in self._kinds)
        return usable or entry.ask


def kinds_of_words(
    table: pd.DataFrame, words: WordTable, kinds: Kinds, aside: SetAside
) -> tuple[list[tuple[str, ...]], list[Finding], tuple[WordKind, ...]]:
    """Return the kinds of each facility by its category, else its name.

    Rows whose word is unknown, ambiguous, or stands for a kind that is not known are noted.

    Parameters
    ----------
    table
        Facilities with ``kind``, ``name`` or both; the index is the row told.
    words
        The words.
    kinds
        The kinds known.
    aside
        Where rows without a kind are noted.

    Returns
    -------
    Kinds by row, none where it is noted; what the words were taken for; and the words with their
    counts, those in doubt first.
    """
    empty = pd.Series("", index=table.index, dtype=object)
    names = _texts(table["name"]) if "name" in table else empty
    said = _texts(table["kind"]) if "kind" in table else empty
    told = said.where(said != "", names)
    cases = list(zip(told, names, strict=True))
    lists = {case: words.kinds(*case) if case[0] else () for case in dict.fromkeys(cases)}
    known = {
        case: lists[case][0] if lists[case] else words.kind(*case) if case[0] else ()
        for case in lists
    }
    found = [known[case] for case in cases]
    kind = np.array(
        [each if isinstance(each, str) and each in kinds else "" for each in found], dtype=object
    )
    for place, (row, answer) in enumerate(zip(table.index, found, strict=True)):
        if kind[place]:
            continue
        note_word(aside, row, str(told.iloc[place]), answer, kinds)
    listed = _counted(told, said, kind, found)
    several = [
        lists[case] or ((str(one),) if one else ()) for case, one in zip(cases, kind, strict=True)
    ]
    return several, _findings(listed, aside), listed


def _texts(values: pd.Series) -> pd.Series:
    return values.where(~blank(values), "").astype(object).map(lambda cell: str(cell).strip())


def note_word(
    aside: SetAside,
    row: Any,
    word: str,
    answer: str | tuple[str, ...],
    kinds: Kinds,
    column: str = "kind",
) -> None:
    """Note a row whose word stands for no one kind that is known.

    Parameters
    ----------
    aside, row, column
        Where it is noted, and what.
    word, answer
        The word, and what :meth:`WordTable.kind` says of it.
    kinds
        The kinds known.
    """
    if not word:
        aside.add("sources.missing_value", [row], column)
    elif answer == "":
        aside.add("tables.word_set_aside", [row], column, [word])
    elif isinstance(answer, str):
        aside.add("tables.word_needs_kind", [row], column, [word], kind=answer)
    elif answer:
        choices = ", ".join(answer)
        aside.add("tables.ambiguous_kind", [row], column, [word], kinds=choices)
    else:
        known = ", ".join(kinds)
        aside.add("sources.unknown_kind", [row], column, [word], kind=word, known=known)


def _counted(
    told: pd.Series, said: pd.Series, kind: Any, found: list[str | tuple[str, ...]]
) -> tuple[WordKind, ...]:
    """Return the words with counts; names count under their kind, since each stands once."""
    counts: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for word, category, own, answer in zip(told, said, kind, found, strict=True):
        choices = answer if isinstance(answer, tuple) else () if answer == own else (answer,)
        shown = word if category or not own else ""
        counts[(shown, own, tuple(filter(None, choices)))] += 1
    listed = [WordKind(*key, count) for key, count in counts.items()]
    return tuple(sorted(listed, key=lambda each: (bool(each.kind), -each.count, each.word)))


def _findings(listed: tuple[WordKind, ...], aside: SetAside) -> list[Finding]:
    """Tell what words were taken for, but not of ids, and of names how many."""
    taken = [each for each in listed if each.kind and each.word not in ("", each.kind)]
    named = [each for each in listed if each.kind and not each.word]
    findings = []
    for code, rows in (("tables.kinds_of_words", taken), ("tables.kinds_of_names", named)):
        if rows:
            params = {"file": aside.file, "kind_words": words_told(rows)}
            findings.append(Finding(code, params))
    return findings


def words_told(rows: list[WordKind]) -> str:
    """Return words with their kinds and counts as text, the most frequent ones.

    Examples
    --------
    >>> words_told([WordKind("图书馆", "library", (), 2), WordKind("", "clinic", (), 1)])
    '图书馆 → library (2); → clinic (1)'
    """
    told = [f"{each.word} → {each.kind} ({each.count})".strip() for each in rows[:WORDS_TOLD]]
    return "; ".join(told) + ("; …" if len(rows) > WORDS_TOLD else "")


def refuse_words(listed: tuple[WordKind, ...], aside: SetAside) -> None:
    """Refuse a file where more rows have words without a kind than may be set aside.

    Raises
    ------
    InputError
        ``sources.words_without_kind``, with the words and their counts.
    """
    lacking = [each for each in listed if not each.kind and each.word]
    count = sum(each.count for each in lacking)
    if (len(lacking) < 2 and count < 2) or aside.allowance.rows == 0:
        return
    if count < aside.total and aside.allowance.holds(count, max(aside.total, 1)):
        return
    told = [
        f"{each.word} → {'/'.join(each.choices) or _ASK} ({each.count})"
        for each in lacking[:WORDS_TOLD]
    ]
    raise InputError(
        "tables.words_without_kind",
        file=aside.file,
        count=count,
        total=aside.total,
        kind_words="; ".join(told) + ("; …" if len(lacking) > WORDS_TOLD else ""),
    )
