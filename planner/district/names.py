"""Names as people write them: whether two may be of one place."""

from __future__ import annotations

from difflib import SequenceMatcher
from unicodedata import normalize, numeric

ALIKE_SHARE = 0.8
"""Similarity of two names (Ratcliff and Obershelp 1988) from which they are called alike."""


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

    Parameters
    ----------
    a, b
        As of :func:`plain_name`.
    """
    if not a or not b:
        return False
    if a == b:
        return True
    # 一 and ① count as well as 1
    numbers = [[each for sign in name if (each := numeric(sign, None))] for name in (a, b)]
    if numbers[0] != numbers[1]:
        return False
    return a in b or b in a or SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE_SHARE
