"""Sentences looked up, and filled with what was counted, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from planner.district import DEMAND_UNITS, Money
from planner.district.defaults import YUAN
from planner.district.layers import WEIGHT
from planner.errors import InputError, in_number, messages
from planner.views.words.catalogue import COMMAND, LANGUAGES, PAPER, catalogue
from planner.views.words.columns import GROUPS
from planner.views.words.names_of_places import PlaceNames
from planner.views.words.sentences import filled_chinese, in_a_row

RESIDENTS = DEMAND_UNITS[0]
TOTALS = ("population", WEIGHT)
"""Columns that count everybody."""

_KEYS = frozenset({"id", "ids", "key", "file", "files", "path", "folder", "column", "colour"})
_ROLES = (
    ("demand", "noun"),
    ("Demand", "heading"),
    ("demand_unit", "amount"),
    ("demand_one", "one"),
)


@dataclass(frozen=True)
class Sentences:
    """Sentences in one language, for what one district counts.

    Parameters and errors are those of :class:`planner.views.words.labels.Labels`.
    """

    language: str = "en"
    unit: str = RESIDENTS
    door: str = COMMAND
    money: Money = YUAN
    names: PlaceNames | None = None
    whose: str = ""
    prices_in: Money | None = None

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise InputError(
                "views.unknown_language", name=self.language, known=", ".join(LANGUAGES)
            )

    @property
    def locale(self) -> str:
        """The locale that formats numbers and dates."""
        return LANGUAGES[self.language]

    def text(self, msgid: str, **params: object) -> str:
        """Return an English sentence in the language, its braces filled."""
        return self._filled(f"text.{msgid}", msgid, params)

    def message(self, code: str, **params: object) -> str:
        """Return the sentence of a message code, such as ``"analysis.progress_network"``."""
        return self._filled(code, messages()[code], params)

    def place(self, name: str) -> str:
        """Return what a place is called in the language, as it is where nothing else is known."""
        return self.names.of(name) if self.names else name

    def paragraph(self, sentences: Iterable[str]) -> str:
        """Return sentences one behind the other; what somebody wrote gets a stop if it has none.

        Examples
        --------
        >>> Sentences("en").paragraph(["Health objects: too far", "No answer yet."])
        'Health objects: too far. No answer yet.'
        """
        return in_a_row(sentences, self.language)

    def group(self, column: str) -> str:
        """Return the name of a people column such as ``"pop_65plus"``.

        Beside an estimate it says that these are residents.
        """
        if self._of_some:  # the residents of a table beside a group's are still all of them
            return replace(self, whose="").group(column)
        if self.unit != RESIDENTS and column.startswith("pop"):
            return self.text("{group} (residents)", group=Sentences(self.language).group(column))
        if column in GROUPS:
            return self.text(GROUPS[column])
        if found := re.fullmatch(r"pop_(\d+)plus", column):
            return self.text("{age} and over", age=found[1])
        if found := re.fullmatch(r"pop_(\d+)_(\d+)", column):
            return self.text("Aged {low} to {high}", low=found[1], high=found[2])
        if found := re.fullmatch(r"pop_under_?(\d+)", column):
            return self.text("Under {age}", age=found[1])
        return column.removeprefix("pop_").replace("_", " ")

    @property
    def price_unit(self) -> Money:
        """Unit of prices and budgets: the district's, unless they are known to be in another."""
        return self.money if self.prices_in is None else self.prices_in

    def money_word(self) -> str:
        """Return the unit of prices and budgets.

        Examples
        --------
        >>> Sentences("zh").money_word(), Sentences("en", money=Money("EUR", 1000)).money_word()
        ('万元', 'EUR 1,000')
        >>> Sentences("en", money=Money()).money_word()
        'cost units'
        """
        if self.price_unit == YUAN:
            return self.message("departments.ten_thousand_yuan")
        return str(self.price_unit) or self.text("cost units")

    def coin_word(self) -> str:
        """Return the unit of what one more resident costs: one of the currency."""
        if self.price_unit.currency == YUAN.currency:
            return self.text("yuan")
        return self.price_unit.currency or self.text("cost units")

    def money_one(self) -> str:
        """Return one unit of prices, as it stands behind *per*.

        Examples
        --------
        >>> Sentences("en", money=Money()).money_one(), Sentences("en").money_one()
        ('cost unit', '10,000 yuan')
        """
        own = self.price_unit == YUAN or str(self.price_unit)
        return self.money_word() if own else self.text("cost unit")

    def _filled(self, code: str, sentence: str, params: Mapping[str, object]) -> str:
        """Return a sentence, or what is said instead of people, in the language and filled."""
        instead = self._instead(code, sentence)
        here = instead or sentence
        if self.money != YUAN:
            here = messages().get(f"abroad.{code}", here)
        if instead is None and self.door != COMMAND:
            here = messages().get(f"browser.{code}", here)
        if instead is None and self.door == PAPER:
            here = messages().get(f"paper.{code}", here)
        said = catalogue(self.language).get(here, here)
        given = params if instead is None else {**self._unit_words(), **params}
        if "{money}" in said or "{coin}" in said:
            given = {"money": self.money_word(), "coin": self.coin_word(), **given}
        if self.names:
            given = {
                key: self.place(each) if isinstance(each, str) and not _is_key(key) else each
                for key, each in given.items()
            }
        # a name that was handed over as it is, braces and all, is no sentence of ours
        ours = given or (code in messages() and "{{" in said)
        if not ours:
            return said
        if self.language == "zh":
            return filled_chinese(in_number(said, given), given)
        return in_number(said, given).format(**given)

    def _instead(self, code: str, sentence: str) -> str | None:
        """Return what is said instead of a sentence that counts all residents, if anything is.

        An estimate has sentences of its own. A group takes those of them that name what is counted,
        since the sentence about residents does not say of which of them; headings of columns stay,
        whose rows name their group.
        """
        said = messages().get(f"estimated.{code}")
        if self.unit != RESIDENTS or said is None:
            return said
        is_sentence = not code.startswith("text.") and "{group}" not in sentence
        names_it = "{demand" in said.lower() and "estimate" not in said.lower()
        return said if self._of_some and is_sentence and names_it else None

    @property
    def _of_some(self) -> bool:
        """Whether residents of one group are counted, and not all of them."""
        return self.unit == RESIDENTS and self.whose not in ("", *TOTALS)

    def _unit_words(self) -> dict[str, str]:
        """Return the names of what is estimated, by the braces that stand for them."""
        words = catalogue(self.language)
        if self._of_some:
            group = self.group(self.whose)
            return {name: self.message(f"views.group_{role}", group=group) for name, role in _ROLES}
        english = {name: messages()[f"estimated.{role}.{self.unit}"] for name, role in _ROLES}
        return {name: words.get(text, text) for name, text in english.items()}


def _is_key(key: str) -> bool:
    """Whether what stands in for a pair of braces is an id or leads to a file, and no text."""
    return key in _KEYS or key.endswith("_id")
