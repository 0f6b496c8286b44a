"""Which kinds a candidate site is for, by the words of its list."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from planner.district import Kinds, known_kinds
from planner.errors import Finding
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.numbers import blank
from planner.sources.tables.words.kinds import WORDS_TOLD, WordTable, note_word

_BETWEEN = re.compile(r"[;；,，、/／|｜+＋\r\n]+")
_ANY = frozenset({"any", "all", "*", "不限", "任意", "均可", "皆可", "全部", "所有"})

_ALL_BUT = re.compile(
    r"^\s*(?:除(?!尘)|不(?:含|包括|包含|得|可|能|允许|宜|适|用于|做|设)|禁|非(?!遗|营利|盈利|公)|排除|严禁|勿)"
    r"|(?:除外|以外|之外|不可|不宜|不行|禁止)\s*$"
    r"|\b(?:no|not|non|never|except|excluding|excluded|but|without|other than)\b",
    re.IGNORECASE,
)
"""What a cell begins or ends with that says for which kinds a site is not."""


def allowed_kinds(
    values: pd.Series, kinds: Kinds, aside: SetAside
) -> tuple[pd.Series, list[Finding]]:
    """Return the ids of the kinds that each site is for, and what words were taken for.

    Parameters
    ----------
    values
        Cells of the column ``kinds``, each with ids, names or words of kinds in a list; the index
        is the row told. Blanks part them too where each part is a kind. An empty one, or 不限,
        means any.
    kinds
        The kinds known, beside those that ship: a site may be for kinds that nobody asks about.
    aside
        Where rows are noted of which a word is no kind: for what else they are is not known. So
        are those that say which kinds they are not for (除诊所外, "not clinics").

    Returns
    -------
    Ids separated by ``;``, empty for any kind, and findings.
    """
    known = known_kinds() | kinds
    words = WordTable(known)
    texts = values.where(~blank(values), "").astype(object).map(lambda cell: str(cell).strip())
    taken: dict[str, str] = {}
    meant: Counter[str] = Counter()
    for text in map(str, texts.unique()):
        rows = texts.index[texts == text]
        ids: dict[str, None] = {}
        for part in _parts(text, words):
            kind = () if _ALL_BUT.search(part) else words.kind(part)
            if isinstance(kind, str) and kind in known:
                ids[kind] = None
                meant[f"{part} → {kind}"] += len(rows) if part != kind else 0
                continue
            for row in rows:
                note_word(aside, row, part, kind, known, "kinds")
        taken[text] = ";".join(ids)
    told = "; ".join(f"{case} ({count})" for case, count in meant.most_common(WORDS_TOLD) if count)
    params = {"file": aside.file, "kind_words": told}
    return texts.map(taken), [Finding("tables.kinds_of_words", params)] if told else []


def _parts(text: str, words: WordTable) -> list[str]:
    """Return what a cell lists, nothing where any kind may stand at its site.

    A cell that says what a site is not for is one word, which no kind is called by.

    What stands between marks is parted at blanks, 和 and the like too where each part is a kind.
    """
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    if any(map(_ALL_BUT.search, parts)):
        return [text]
    if len(parts) == 1 and parts[0].casefold() in _ANY:
        return []
    return [own for part in parts for own in words.named_parts(part).values() or (part,)]
