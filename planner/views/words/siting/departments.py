"""Who must act, in words: departments, prices, who does what, who should talk to whom."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.analysis.notes.groups import group_notes
from planner.siting.costs import list_unit
from planner.siting.departments.duties import WAYS
from planner.siting.departments.prices import BUILD
from planner.views.words.analysis.gaps import remedy_word
from planner.views.words.catalogue import COMMAND
from planner.views.words.labels import Labels
from planner.views.words.money import money, rounded_money
from planner.views.words.places import named_place, places_of, site_names
from planner.views.words.siting.one_stop import kinds_text
from planner.views.words.siting.prices import Priced, answer_labels, unverified

if TYPE_CHECKING:
    from planner.siting.costs import Costs
    from planner.siting.departments.departments import Departments

WHOLE = 100.0
"""From here on prices are told without decimals."""


def words_of(found: Departments, language: str, door: str = COMMAND) -> Labels:
    """Return the words for what is counted."""
    return answer_labels(found, language, door)


def department_word(department: str, labels: Labels) -> str:
    """Return the name of a department; that none is named where none is."""
    return labels.department(department) or labels.message("departments.nameless")


def departments_text(joined: str, labels: Labels) -> str:
    """Return the names of departments that semicolons join, empty for none."""
    names = [department_word(each, labels) for each in joined.split(";") if each]
    return labels.text(", ").join(names)


def currency_word(found: Priced, labels: Labels) -> str:
    """Return what one unit of a price is."""
    return currency_of(found.costs, labels)


def currency_of(costs: Costs, labels: Labels) -> str:
    """Return what one unit of these prices is."""
    return replace(labels, prices_in=list_unit(labels.money, costs)).money_word()


def price_word(low: float, high: float, labels: Labels) -> str:
    """Return a price or its range; an end that is not known is said."""
    if math.isnan(low):
        return labels.message("departments.price_unknown")
    least = _amount(low, labels)
    if math.isnan(high):
        return labels.message("departments.price_from", low=least)
    most = _amount(high, labels)
    return least if least == most else labels.text("{low}–{high}", low=least, high=most)


def _amount(value: float, labels: Labels) -> str:
    return money(rounded_price(value), labels)


def rounded_price(value: float) -> float:
    """Return a price as words and tables tell it, without decimals where they do not matter.

    Examples
    --------
    >>> rounded_price(23955.93), rounded_price(63.27), rounded_price(float("nan"))
    (23956.0, 63.3, nan)
    """
    return rounded_money(value, 0 if value >= WHOLE else 1)


def count_word(low: float, high: float, labels: Labels) -> str:
    """Return a count of people or the range it lies in."""
    if low == high or math.isnan(low) or math.isnan(high):
        return labels.count(low)
    return labels.text("{low}–{high}", low=labels.number(low), high=labels.number(high))


def mend_word(row: Any, labels: Labels) -> str:
    """Return what mends a gap: the work of its best link, else its remedy."""
    if row.duty in WAYS:
        return labels.message(f"links.work_{row.duty}")
    if row.remedy == BUILD and (row.sites_high > 1 or row.sites_low > 1):
        # a price of several facilities must not stand beside one
        code = "several_least" if math.isnan(row.sites_high) else "several"
        count = count_word(row.sites_low, row.sites_high, labels)
        # the remedy is called as on other pages, which tell no number
        return labels.message(f"departments.{code}", remedy=remedy_word(row, labels), count=count)
    return remedy_word(row, labels)


def people_word(count: float, labels: Labels) -> str:
    """Return a count with what is counted."""
    return labels.message("departments.people", count=labels.count(count))


def talk_word(row: Any, found: Departments, labels: Labels) -> str:
    """Return in a sentence why two departments should talk.

    Parameters
    ----------
    row
        Of :attr:`planner.siting.departments.departments.Departments.talks`.
    found
        What it is of.
    labels
        The language.
    """
    return labels.message(
        f"departments.talk_{row.reason}",
        department=department_word(row.department, labels),
        other=department_word(row.other, labels),
        kinds=kinds_text(row.kinds, found.assessment.district.kinds, labels),
        count=labels.number(row.count_),
        people=people_word(row.people, labels),
    )


def talk_sentences(found: Departments, language: str = "en") -> list[str]:
    """Return who should talk to whom, a sentence each, the most people first."""
    labels = words_of(found, language)
    rows = found.talks.rename(columns={"count": "count_"})
    return [talk_word(row, found, labels) for row in rows.itertuples(index=False)]


def building_words(found: Departments, labels: Labels) -> list[str]:
    """Return where buildings could be: the name of the site, and its street and what is near."""
    district = found.assessment.district
    names = site_names(found.buildings, district, labels)
    places = places_of(district, found.buildings, labels)
    return [
        named_place(str(name), place, labels) for name, place in zip(names, places, strict=True)
    ]


def answer_sentences(found: Departments, language: str = "en", *, listed: bool = True) -> list[str]:
    """Return what is to be said at once: who must act first, with whom, and what is not judged.

    Parameters
    ----------
    found, language
        Who must act, and the language.
    listed
        Whether places for shared buildings are listed beside it, so that they may be spoken of.
    """
    labels = words_of(found, language)
    kinds, lines = found.assessment.district.kinds, []
    acting = found.departments[found.departments["gaps"] > 0]
    alone = "has" if len(found.departments) == 1 else "first"
    first: Any
    if acting.empty and len(found.gaps):
        first = next(found.departments.itertuples(index=False))
        lines.append(
            labels.message(
                "departments.for_others",
                department=department_word(first.department, labels),
                mends=labels.number(first.for_others),
                agrees=labels.number(first.agrees),
            )
        )
    elif acting.empty:
        untold = group_notes(found.assessment.district, found.group)
        lines.append(
            labels.message("departments.no_gaps_told" if untold else "departments.no_gaps")
        )
    for first in acting.head(1).itertuples(index=False):
        beyond = count_word(first.beyond, first.beyond_high, labels)
        lines.append(
            labels.message(
                f"departments.{alone}",
                department=department_word(first.department, labels),
                people=labels.message("departments.people", count=beyond),
                kinds=kinds_text(first.kinds, kinds, labels),
                gaps=labels.number(first.gaps),
            )
        )
    if len(found.buildings) and listed:
        count = labels.number(len(found.buildings))
        code = "may_share_more" if found.more_buildings else "may_share"
        saving = labels.number(int((found.buildings["saved"] > 0).sum()))
        lines.append(labels.message(f"departments.{code}", count=count))
        lines.append(labels.message("departments.may_save", saving=saving))
    return lines


def caveats(found: Departments, language: str = "en", door: str = COMMAND) -> list[str]:
    """Return what nobody has verified of who does what and at which price."""
    labels, lines = words_of(found, language, door), []
    if not found.duties.verified:
        lines.append(labels.message("departments.unverified"))
    return [*lines, *unverified(found.costs, labels)]


def buildings_worth(found: Departments, labels: Labels) -> str:
    """Return how many of the buildings to share cost less than separate ones, as a sentence."""
    saving = int((found.buildings["saved"] > 0).sum())
    return labels.message(
        "departments.buildings_worth",
        count=labels.number(len(found.buildings)),
        saving=labels.number(saving),
        dearer=labels.number(len(found.buildings) - saving),
    )


def notes(found: Departments, language: str = "en", door: str = COMMAND) -> list[str]:
    """Return what a reader must know: kinds not judged, prices and duties nobody has verified."""
    labels = words_of(found, language, door)
    kinds, lines = found.assessment.district.kinds, []
    if without := found.assessment.kinds_without_data:
        names = kinds_text(";".join(without), kinds, labels)
        lines.append(labels.message("departments.not_judged", kinds=names))
    lines += [*caveats(found, language, door), labels.message("departments.price_help")]
    return [*lines, *(labels.finding(each, kinds) for each in found.findings)]
