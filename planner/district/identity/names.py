"""Names as people write them: whether two may be of one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from unicodedata import normalize, numeric

ALIKE_SHARE = 0.8
"""Similarity of two names (Ratcliff and Obershelp 1988) from which they are called alike."""

_LETTERS = 2
"""So many letters in the place of others are no slip of the pen any more."""


def plain_name(name: object) -> str:
    """Return a name without case, spaces, punctuation and full-width forms.

    Examples
    --------
    >>> plain_name("Ａ区 卫生站（东）")
    'a区卫生站东'
    """
    text = normalize("NFKC", str(name or "")).casefold()
    return "".join(sign for sign in text if sign.isalnum())


_SUBDISTRICT = re.compile(
    r"(?:(街道)(?:办事处|办)?|(街道)?办事处|([镇乡])(?:人民政府|政府)?|\s+(subdistrict|town|township))$",
    re.IGNORECASE,
)


def subdistrict_stem(name: str) -> str:
    """Return the plain name of a subdistrict without the words that say what it is.

    Examples
    --------
    >>> subdistrict_stem("解放街道办事处"), subdistrict_stem("解放街道"), subdistrict_stem("解放")
    ('解放', '解放', '解放')
    """
    plain = normalize("NFKC", name).strip()
    return plain_name(_SUBDISTRICT.sub("", plain)) or plain_name(plain)


def same_subdistricts(names: Iterable[str]) -> list[list[str]]:
    """Return the names that may be of one subdistrict, several together each.

    They differ by signs and endings only. A town and a subdistrict of one name are two.

    Examples
    --------
    >>> same_subdistricts(["解放街道", "解放", "解放路", "城关镇", "城关街道", "城关街道办"])
    [['解放街道', '解放'], ['城关街道', '城关街道办']]
    """
    by_stem: dict[str, dict[str, list[str]]] = {}
    for name in dict.fromkeys(names):
        alike = by_stem.setdefault(subdistrict_stem(name), {})
        alike.setdefault(_sort_of_subdistrict(name), []).append(name)
    found = []
    for alike in by_stem.values():
        # a name without an ending may be either of two
        every = [name for group in alike.values() for name in group]
        groups = [every] if "" in alike else list(alike.values())
        found += [group for group in groups if len(group) > 1]
    return found


def _sort_of_subdistrict(name: str) -> str:
    ending = _SUBDISTRICT.search(normalize("NFKC", name).strip())
    if ending is None:
        return ""
    return next((sort.casefold() for sort in ending.groups() if sort), "街道")


def names_alike(a: str, b: str) -> bool:
    """Return whether two plain names may be of one place; names with other numbers are of two.

    So are long official names of which the sign or two differ that tell places apart: they may be
    shortened, lengthened or mistyped by a letter, but not name something else.

    Parameters
    ----------
    a, b
        As of :func:`plain_name`.

    Examples
    --------
    >>> names_alike("章贡区幸福社区卫生服务站", "幸福社区卫生服务站")
    True
    >>> names_alike("赣州市章贡区幸福社区卫生服务站", "赣州市章贡区和平社区卫生服务站")
    False
    >>> names_alike("northparklibrary", "southparklibrary"), names_alike("libary", "library")
    (False, True)
    """
    if not a or not b:
        return False
    if a == b:
        return True
    # 一 and ① count as well as 1
    numbers = [[each for sign in name if (each := numeric(sign, None))] for name in (a, b)]
    if numbers[0] != numbers[1]:
        return False
    if a in b or b in a:
        return True
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() >= ALIKE_SHARE and not _says_another(matcher, a, b)


def _says_another(matcher: SequenceMatcher[str], a: str, b: str) -> bool:
    """Return whether signs stand in the place of others: any of a script of words, two letters."""
    letters = 0
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag != "replace":
            continue
        if not (a[a0:a1] + b[b0:b1]).isascii():
            return True
        letters += max(a1 - a0, b1 - b0)
    return letters >= _LETTERS
