"""Opening hours in words."""

from __future__ import annotations

import re
from typing import Protocol

from planner.analysis.hours.moments import WEEKDAYS
from planner.views.words.catalogue import N_

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIGNS = {
    "24/7": N_("at all hours"),
    "PH": N_("public holidays"),
    "SH": N_("school holidays"),
    "off": N_("not open"),
    "open": N_("open then"),
    "week": N_("weeks"),
    "sunrise": N_("sunrise"),
    "sunset": N_("sunset"),
    "dawn": N_("dawn"),
    "dusk": N_("dusk"),
    "Mo": N_("Mon"),
    "Tu": N_("Tue"),
    "We": N_("Wed"),
    "Th": N_("Thu"),
    "Fr": N_("Fri"),
    "Sa": N_("Sat"),
    "Su": N_("Sun"),
    **{month: N_(month) for month in _MONTHS},
}
_DAYS = "|".join((*WEEKDAYS, *_MONTHS))
_RANGE = re.compile(rf"\b({_DAYS})-({_DAYS})\b")
_SIGN = re.compile(r"24/7|\b(?:" + "|".join(name for name in _SIGNS if name != "24/7") + r")\b")


class Texts(Protocol):
    """What says a text in a language."""

    def text(self, msgid: str, **params: object) -> str:
        """Return a text in the language."""


def hours_word(hours: str, labels: Texts) -> str:
    """Return opening hours with their days, months and signs in words.

    What is written in another way than ``Mo-Fr 08:30-17:30; PH off``, as in OpenStreetMap, stays.

    Examples
    --------
    >>> from planner.views.words.labels import Labels
    >>> hours_word("Mo-Fr 08:30-12:00,14:00-17:30; PH off", Labels("zh"))
    '周一至周五 08:30-12:00、14:00-17:30；公众假日 不开放'
    >>> hours_word("Tu-Su 09:00-21:00", Labels("en")), hours_word("每天早上", Labels("zh"))
    ('Tue to Sun 09:00-21:00', '每天早上')
    """

    def days(found: re.Match[str]) -> str:
        first, last = (labels.text(_SIGNS[found[i]]) for i in (1, 2))
        return labels.text("{first} to {last}", first=first, last=last)

    told = _RANGE.sub(days, hours)
    told = _SIGN.sub(lambda found: labels.text(_SIGNS[found.group()]), told)
    if told == hours:
        return hours
    told = re.sub(r",\s*", labels.text(", "), told)
    return re.sub(r";\s*", labels.text("; "), told)
