"""What goes wrong, said as a code with parameters.

A code, ``<file>.<name>``, names a sentence in a file of ``planner/messages``; the sentence is
English and is the ``msgid`` under which the gettext catalogues in ``planner/locale`` hold its
translations. Rooms below ``views`` never word anything themselves: they raise
``InputError("sources.no_highway", file=path)`` or record ``Finding("sources.no_boundary", ...)``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_MESSAGES = Path(__file__).parent / "messages"


class _Sentences(Mapping[str, str]):
    """Sentences by code; a file is read when the first of its sentences is asked for."""

    def __init__(self) -> None:
        self._files = {file.stem: file for file in sorted(_MESSAGES.glob("*.toml"))}
        self._read: dict[str, dict[str, str]] = {}

    def _of(self, stem: str) -> dict[str, str]:
        if stem not in self._read:
            self._read[stem] = tomllib.loads(self._files[stem].read_text(encoding="utf-8"))
        return self._read[stem]

    def __getitem__(self, code: str) -> str:
        stem, _, name = code.partition(".")
        try:
            return self._of(stem)[name]
        except KeyError:
            raise KeyError(code) from None

    def __iter__(self) -> Iterator[str]:
        for stem in self._files:
            yield from (f"{stem}.{name}" for name in self._of(stem))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def messages() -> Mapping[str, str]:
    """All English sentences by code, such as ``"sources.no_highway"``."""
    return _Sentences()


MOST_SHOWN = 1000
"""Signs of one value that a sentence shows; a cell of a file may have millions."""


def shortened(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a sentence with long texts cut, which stay whole in the parameters.

    Examples
    --------
    >>> len(shortened({"value": "a" * 5000})["value"]), shortened({"row": 5})
    (1001, {'row': 5})
    """
    return {
        name: f"{value[:MOST_SHOWN]}…"
        if isinstance(value, str) and len(value) > MOST_SHOWN
        else value
        for name, value in params.items()
    }


_FORMS = re.compile(r"\{(\w+)\}|\[([^\[\]{}|]*)\|([^\[\]{}|]*)(?:\|([\w+]+))?\]")
"""A brace of a sentence, or two forms of which one is said: ``[word is|words are]``."""

_OF_NOTHING: Mapping[str, tuple[str, ...]] = {
    "homes": ("{homes} [home|homes] and ", "{homes} 个需求点、"),
    "facilities": (" and {facilities} [facility|facilities]", "、{facilities} 处设施"),
    "gates": ("{gates} [gate|gates] and ", "{gates} 处大门和 "),
    "ways": (" and {ways} [street|streets]", "和 {ways} 段道路"),
    "shut": (
        ", {shut} [gate|gates] with such hours as shut",
        "；另有 {shut} 处有时间限制的大门按关闭计算",
    ),
    "crossings": (
        "{crossings} [crossing has|crossings have] no common vertex; ",
        "{crossings} [crossing|crossings], ",
        "{crossings} 处交叉没有公共顶点，",
        "{crossings} 处交叉、",
    ),
    "tees": (
        "{tees} [end lies|ends lie] on another street without a vertex there; ",
        "{tees} [end|ends] at another street, ",
        "{tees} 个端点落在另一条道路上而无顶点，",
        "{tees} 个落在另一条道路上的端点、",
    ),
    "gaps": (
        "; {gaps} [end stops|ends stop] within {metres} m of another end",
        ", {gaps} [gap|gaps] of up to {metres} m between ends",
        "，{gaps} 个端点距另一端点不足 {metres} 米",
        "、{gaps} 处不超过 {metres} 米的端点间隙",
    ),
}
"""Pieces of sentences that say nothing where what they count is 0, by its brace."""


def without_nothing(sentence: str, params: Mapping[str, Any]) -> str:
    """Return a sentence without its pieces that count nothing: nobody signs "0 facilities".

    A sentence of which all that it counts is 0 stays as it is.

    Examples
    --------
    >>> without_nothing("{homes} [home|homes] and {facilities} [facility|facilities]",
    ...     {"homes": 3, "facilities": 0})
    '{homes} [home|homes]'
    """
    found = {
        piece: str(params.get(name)) == "0"
        for name, pieces in _OF_NOTHING.items()
        for piece in pieces
        if piece in sentence
    }
    if all(found.values()):
        return sentence
    for piece, nothing in found.items():
        if nothing:
            sentence = sentence.replace(piece, "")
    return sentence


def in_number(sentence: str, params: Mapping[str, Any]) -> str:
    """Return a sentence with the forms that fit what is counted.

    Of ``[one|many]`` the first is said where the brace before it (the one behind it where there is
    none before) stands for 1; ``[it|them|count]`` names its brace, ``[it|them|homes+gates]`` those
    that make 1 together. Chinese sentences need none. Forms are chosen before braces are filled, so
    that no name of a file is taken for one.

    Examples
    --------
    >>> in_number("{count} [word is|words are] open", {"count": 1})
    '{count} word is open'
    >>> in_number("{count} [row|rows] in {file}: mend [it|them|count]", {"count": 1, "file": "a"})
    '{count} row in {file}: mend it'
    >>> in_number("[That|Those] {count} [row|rows]", {"count": "1,001"})
    'Those {count} rows'
    >>> in_number("{homes} [stands|stand|homes+gates] {gates}", {"homes": 1, "gates": 0})
    '{homes} stands {gates}'
    """
    sentence = without_nothing(sentence, params)
    found = list(_FORMS.finditer(sentence))
    if not any(each[1] is None for each in found):
        return sentence
    said, end = [], 0
    counted = next((each[1] for each in found if each[1] is not None), "")
    for each in found:
        said.append(sentence[end : each.start()])
        end = each.end()
        if each[1] is not None:
            counted = each[1]
            said.append(each[0])
        else:
            counts = [str(params.get(name)) for name in (each[4] or counted).split("+")]
            one = [count for count in counts if count != "0"] in (["1"], ["1.0"])
            said.append(each[2 if one else 3])
    return "".join(said) + sentence[end:]


@dataclass(frozen=True)
class Finding:
    """Something a reader of the figures must know: a code and its parameters, no words.

    Parameters
    ----------
    code
        A key of :func:`messages`, ``"<room>.<what>"``.
    params
        The values named in the sentence's braces.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        sentence = in_number(messages()[self.code], self.params)
        return sentence.format(**shortened(self.params))

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted((k, str(v)) for k, v in self.params.items()))))


class PlannerError(Exception):
    """The one base of what this package raises on purpose.

    Parameters
    ----------
    code
        A key of :func:`messages`. Its sentence says what is wrong and how to mend it.
    **params
        The values named in the sentence's braces, such as ``file``, ``layer``, ``row``, ``column``.
    """

    exit_code = 1

    def __init__(self, code: str, /, **params: object) -> None:
        self.finding = Finding(code, params)
        super().__init__(code, params)

    @property
    def code(self) -> str:
        """The message code."""
        return self.finding.code

    @property
    def params(self) -> Mapping[str, Any]:
        """The values of the message's braces."""
        return self.finding.params

    def __str__(self) -> str:
        return str(self.finding)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, dict(self.params))


def _rebuild(cls: type[PlannerError], code: str, params: dict[str, Any]) -> PlannerError:
    return cls(code, **params)


class InputError(PlannerError, ValueError):
    """What was given cannot be used as it is; the message says which part and how to mend it."""

    exit_code = 2


class MissingFileError(InputError, FileNotFoundError):
    """A file that was named is not there."""


class WorkError(PlannerError, RuntimeError):
    """The input was fine but the work failed: disk full, no permission, a server that is away."""
