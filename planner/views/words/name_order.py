"""Names in the order in which people look for them."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile(r"(\d+)")


def name_order(name: str) -> tuple[tuple[int, int, bytes], ...]:
    """Return what names are sorted by: numbers by their value, Chinese by its sound.

    Capitals and accents do not count. The first 3,755 characters of GB 2312, which are nearly all
    that names of places use, stand there in the order of Hanyu Pinyin; rarer ones follow by
    radical. Numbers come before Latin letters, and these before Chinese.

    Parameters
    ----------
    name
        As people read it.

    Examples
    --------
    >>> sorted(["朝阳区", "Zug", "Area 10", "鞍山", "area 2", "Évora"], key=name_order)
    ['area 2', 'Area 10', 'Évora', 'Zug', '鞍山', '朝阳区']
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    # a character outside of GB 2312 is rare in names, and may stand among the last
    return tuple(
        (0, int(part), b"") if part.isdecimal() else (1, 0, part.encode("gb18030", "replace"))
        for part in _DIGITS.split(letters)
        if part
    )
