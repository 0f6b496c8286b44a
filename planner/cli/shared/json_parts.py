"""The JSON that a verb prints, put together row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any

_DIGITS = 12
_WORDS = {None: "null", True: "true", False: "false"}


def json_parts(document: Mapping[str, Any], *, ascii_only: bool = False) -> Iterator[str]:
    r"""Yield an object as JSON with two blanks a level; of its lists, such as tables, each row.

    Values are those of :func:`plain`.

    Parameters
    ----------
    document
        The object.
    ascii_only
        Whether signs beyond ASCII are written as ``\u…``.

    Examples
    --------
    >>> print("".join(json_parts({"kind": "clinic", "rows": [{"share": 0.1 + 0.2, "ids": []}]})))
    {
      "kind": "clinic",
      "rows": [
        {
          "share": 0.3,
          "ids": []
        }
      ]
    }
    """
    text = _Text(encode_basestring_ascii if ascii_only else encode_basestring)
    before = "{"
    for key, value in document.items():
        yield f"{before}\n  {text.string(str(key))}: "
        before = ","
        if isinstance(value, (list, tuple)) and value:
            yield from text.rows(value, "\n  ")
        else:
            yield text.of(value, "\n  ")
    yield "\n}" if document else "{}"


class _Text:
    """Values as JSON; `string` puts a text into quotes.

    Python's own encoder goes through values one by one where lines are to be indented, and has no
    way to round figures as it goes: they would be put into lists of their own before.
    """

    def __init__(self, string: Callable[[str], str]) -> None:
        self.string = string

    def rows(self, values: Sequence[Any], margin: str) -> Iterator[str]:
        """Yield a list that is not empty; `margin` begins each line of the level that it is on."""
        before, inner = "[", f"{margin}  "
        for value in values:
            yield f"{before}{inner}{self.of(value, inner)}"
            before = ","
        yield f"{margin}]"

    def of(self, value: Any, margin: str) -> str:
        """Return a value; `margin` begins each line of the level that it is on."""
        string, inner = self.string, f"{margin}  "
        if isinstance(value, (list, tuple)):
            # a city's gaps name a million homes: texts are asked for first, by their very type
            entries = [string(e) if type(e) is str else self.of(e, inner) for e in value]
            return f"[{inner}{f',{inner}'.join(entries)}{margin}]" if entries else "[]"
        if isinstance(value, Mapping):
            entries = [
                f"{string(str(key))}: {string(e) if type(e) is str else self.of(e, inner)}"
                for key, e in value.items()
            ]
            return f"{{{inner}{f',{inner}'.join(entries)}{margin}}}" if entries else "{}"
        figure = plain(value)
        if isinstance(figure, str):
            return string(figure)
        if figure is None or isinstance(figure, bool):
            return _WORDS[figure]
        return repr(figure) if isinstance(figure, float) else int.__repr__(figure)


def plain(value: Any) -> str | float | bool | None:
    """Return a value in JSON's types, a broken number to twelve digits; none that is not finite.

    Sums of many shares end a few units beside the sixteenth digit: 1446.9999999998 people are 1447.
    Integers stay as they are.

    Examples
    --------
    >>> plain(1446.9999999998), plain(0.1 + 0.2), plain(12345678901234567)
    (1447.0, 0.3, 12345678901234567)
    >>> plain(float("nan")), plain(float("inf"))
    (None, None)
    """
    if not isinstance(value, float) and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if value - value == 0 else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return None if str(value) in ("<NA>", "NaT") else str(value)
