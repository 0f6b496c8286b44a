"""Currencies that a header of prices names, and how many of one a unit is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from planner.sources.tables.headers.headers import header_words

_SCALES = {
    "十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000,
    "k": 1000, "t": 1000, "tsd": 1000, "thousand": 1000, "thousands": 1000,
    "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "millions": 1_000_000,
    "tausend": 1000, "milliers": 1000, "miles": 1000, "mille": 1000,
    "mill": 1_000_000, "millionen": 1_000_000, "millones": 1_000_000, "lakh": 100_000,
    "lakhs": 100_000, "lac": 100_000, "crore": 10_000_000, "crores": 10_000_000,
    "bn": 1_000_000_000, "mrd": 1_000_000_000, "billion": 1_000_000_000, "billions": 1_000_000_000,
}  # fmt: skip
_SCALE = re.compile(
    "[十百千万亿]|(?<![a-z])(?:" + "|".join(filter(str.isascii, _SCALES)) + ")(?![a-z])"
)
_THOUSANDS = re.compile(r"(?<![\d.,])['’]?000s?(?![\d.])")
_HARMLESS = re.compile(
    r"\b(?:in|of|at|net|gross|excl?|incl?|excluding|including|without|with|vat|gst|tax|taxes|ht|ttc|"
    r"mwst|ust|brutto|netto|prices?|cost|costs|total|estimated?|unit|and|est|approx|d|de|en|et)\b|"
    r"不?含税|单位|价格?|总|造价|投资|费用|成本|预算|估算|约|年|月|价|计|人民币|币|元|\d+\s*%"
)
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[, ']?\d{3})*(?![\d.])")
_PER = re.compile(r"/\s*(?!\d)|\bper\b|每|m2|m²|㎡|平方米|sqm")
_TENS = re.compile(r"10+")
_PARTS = re.compile(r"[(\[【「〔<](.*?)[)\]】」〕>]")


@dataclass(frozen=True)
class Named:
    """A unit of money as a header names it.

    Parameters
    ----------
    text
        How it is written there.
    codes
        Codes of ISO 4217 that may be meant: a sign such as ¥ or $ is that of several.
    many
        How many of it the unit is.
    strange
        What stands beside it and is not understood: per m², a scale of another language.
    """

    text: str
    codes: tuple[str, ...]
    many: int = 1
    strange: str = ""


@cache
def named_currency(header: str) -> Named | None:
    """Return the unit of money that a header names, None where it names none.

    万元 and 元 alone name none: they are units that figures are converted from.

    Examples
    --------
    >>> named_currency("cost (EUR)"), named_currency("造价(万美元)").many
    (Named(text='EUR', codes=('EUR',), many=1, strange=''), 10000)
    >>> named_currency("cost_eur 1,000").many, named_currency("cost (€k, 2020)").many
    (1000, 1000)
    >>> named_currency("cost (EUR, incl. 19% VAT)").many, named_currency("EUR 2024-06").many
    (1, 1)
    >>> named_currency("造价(万元)"), named_currency("造价(¥)").codes
    (None, ('CNY', 'JPY'))
    """
    plain = unicodedata.normalize("NFKC", header)
    # what stands in brackets is a unit of its own: a figure before them is none of its parts
    for part in (*_PARTS.findall(plain), plain):
        found = _currency().search(part)
        if found:
            word = found["word"] or found["sign"]
            rest = f"{part[: found.start()]} {found['scale'] or ''} {part[found.end() :]}"
            strange = _strange(rest) if part is not plain else ""
            outside = _many(_PARTS.sub(" ", plain)) if part is not plain else 1
            many = _many(rest) if not re.search(_PER, rest) else 1
            # thousand may stand before the brackets of the currency
            many *= outside if many == 1 else 1
            strange = strange or ("per" if re.search(_PER, plain.casefold()) else "")
            return Named(part.strip(), _codes()[word.casefold()], many, strange)
    return None


def without_currency(header: str) -> str:
    """Return a header without the unit of money that it names, as it came where it names none.

    Examples
    --------
    >>> [without_currency(each) for each in ("造价万欧元", "cost EUR 1,000", "cost_keur")]
    ['造价', 'cost', 'cost']
    >>> without_currency("total cost")
    'total cost'
    """
    plain = unicodedata.normalize("NFKC", header)
    rest, found = _currency().subn(" ", plain)
    if not found:
        return header
    rest = _NUMBER.sub(" ", rest)
    return re.sub(rf"(?:{_SCALE.pattern}|\bin\b|[\s_/,-])+", " ", rest.casefold()).strip()


def _strange(rest: str) -> str:
    """Return what is left of a unit once scales, years and words of taxes are taken out."""
    plain = _HARMLESS.sub(" ", _SCALE.sub(" ", _THOUSANDS.sub(" ", rest.casefold())))
    return " ".join(re.findall(r"[^\W\d_]+", plain))


def _many(text: str) -> int:
    """Return the product of the scales in a text: 千, 万, thousand, 1,000."""
    many: int = 1000 ** len(_THOUSANDS.findall(text))
    text = re.sub(r"\d+\s*%|\b(?:19|20)\d\d-\d\d?\b|\b\d\d?/(?:19|20)\d\d\b", " ", text)
    text = re.sub(r"(?<![\d.])1\.000(?![\d.])", "1000", text)
    for number in _NUMBER.findall(text):
        # 1,000 is a scale; a year, a month and 19 % of a tax are none
        digits = re.sub(r"\D", "", number)
        many *= int(digits) if _TENS.fullmatch(digits) else 1
    for scale in _SCALE.findall(text.casefold()):
        many *= _SCALES[scale]
    return many


@cache
def _codes() -> dict[str, tuple[str, ...]]:
    """Return the currencies by each code, word and sign, folded."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in header_words()["currencies"].items():
        for word in (code, *words):
            key = word.casefold()
            found[key] = (*found.get(key, ()), code)
    return found


@cache
def _currency() -> re.Pattern[str]:
    """Return the pattern of all currencies, the longest first: HK$ is no $."""
    longest = sorted(_codes(), key=len, reverse=True)
    letters = [re.escape(word) for word in longest if word.isascii() and word.isalpha()]
    others = [re.escape(word) for word in longest if not (word.isascii() and word.isalpha())]
    # TEUR, keur and MUSD are written in one word
    words = rf"(?<![a-z])(?P<scale>[tkm])?(?P<word>{'|'.join(letters)})(?![a-z])"
    return re.compile(rf"{words}|(?P<sign>{'|'.join(others)})", re.IGNORECASE)
