"""Names as people write them: whether two may be of one place."""

from __future__ import annotations

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
