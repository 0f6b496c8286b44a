"""Standards as data: which kind must lie within which walk of every home, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Measure = Literal["walk", "straight"]
Basis = Literal["", "official", "secondary", "assumption"]
PresenceLevel = Literal["", "community", "subdistrict"]


BASES: tuple[Basis, ...] = ("", "official", "secondary", "assumption")
"""What a figure rests on: the official text, a text about it, or an assumption of whoever wrote the
standard down; empty where nobody has said it."""

EVIDENCE = ("basis", "read_in", "verified", "verified_by", "verified_on")
"""Fields of a rule or an area that tell how far it is to be believed; none changes a figure."""


@dataclass(frozen=True)
class Rule:
    """What a standard asks for one kind.

    Parameters
    ----------
    kind
        Kind id.
    limit_m
        Longest distance, metres.
    limit_s
        Longest time, seconds, where the standard speaks of minutes; `limit_m` then follows
        from the standard's walking speed.
    circle
        Living circle, such as ``"15-minute"``, empty where the standard has none.
    clause
        Where the standard says so.
    verified
        Whether the figure was checked against the official text.
    floor_area_m2
        Least floor area of a facility, m², if any.
    measure
        ``"walk"`` or ``"straight"``; None where it is the standard's, see
        :meth:`Standard.measure_of`.
    limits
        Longest distance in metres of each group that has one of its own, by its column such as
        ``"pop_65plus"``; see :meth:`limit_for`.
    limits_s
        Of these, the limits that were given as a time, seconds.
    speeds_m_s
        Walking speed of each group that has one of its own, metres per second. Where the limit
        is a time, a group's limit in metres follows from it.
    residents_per_facility
        Most residents that one facility may have to serve, if any.
    share
        Share of residents (0–1) who must live within the limit.
    presence
        ``"community"`` or ``"subdistrict"`` where each must have a facility inside its boundary.
    basis
        What the figure rests on, one of :data:`BASES`.
    read_in
        The text in which it was read.
    verified_by, verified_on
        Who checked it against the official text, and on which day (ISO 8601); empty where that was
        not written down.
    """

    kind: str
    limit_m: float
    limit_s: float | None = None
    circle: str = ""
    clause: str = ""
    verified: bool = False
    floor_area_m2: float | None = None
    measure: Measure | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    limits_s: Mapping[str, float] = field(default_factory=dict)
    speeds_m_s: Mapping[str, float] = field(default_factory=dict)
    residents_per_facility: float | None = None
    share: float = 1.0
    presence: PresenceLevel = ""
    basis: Basis = ""
    read_in: str = ""
    verified_by: str = ""
    verified_on: str = ""

    def limit_for(self, group: str) -> float:
        """Return the limit of a group in metres: its own, or that of all residents.

        Examples
        --------
        >>> rule = Rule("clinic", 300, limits={"pop_65plus": 200})
        >>> rule.limit_for("pop_65plus"), rule.limit_for("population")
        (200, 300)
        """
        return self.limits.get(group, self.limit_m)

    def time_for(self, group: str) -> float | None:
        """Return the limit of a group in seconds, None where the standard names it in metres.

        Examples
        --------
        >>> rule = Rule("library", 720, 600, limits={"pop_65plus": 200})
        >>> rule.time_for("pop_65plus"), rule.time_for("population")
        (None, 600)
        """
        if group in self.limits_s or self.limit_s is None:
            return self.limits_s.get(group)
        follows = group in self.speeds_m_s and metres(self.limit_s, self.speeds_m_s[group])
        return self.limit_s if self.limits.get(group, follows) == follows else None


def metres(seconds: float, speed_m_s: float) -> float:
    """Return how far one walks in a time, to the millimetre."""
    return round(seconds * speed_m_s, 3)


@dataclass(frozen=True)
class AreaTarget:
    """Floor area or ground that a standard asks for each so many households or residents.

    Parameters
    ----------
    kinds
        Kinds whose floor area counts.
    m2
        Area asked for, m².
    per
        What it is asked for: ``"households"`` or ``"residents"``.
    count
        For each so many of them.
    clause, verified
        Where the standard says so, and whether that was checked.
    basis, read_in, verified_by, verified_on
        As those of :class:`Rule`.
    """

    kinds: tuple[str, ...]
    m2: float
    per: Literal["households", "residents"] = "households"
    count: float = 100.0
    clause: str = ""
    verified: bool = False
    basis: Basis = ""
    read_in: str = ""
    verified_by: str = ""
    verified_on: str = ""


@dataclass(frozen=True)
class Standard:
    """A named set of rules.

    Parameters
    ----------
    id, en, zh
        Identifier and names.
    source
        The text that the rules come from.
    measure
        ``"walk"`` along the streets or ``"straight"`` as the crow flies.
    rules
        Rule by kind. A kind without one is not judged.
    speed_m_s
        Walking speed that turns minutes into metres, metres per second.
    speeds_m_s
        Walking speed of each group that has one of its own.
    areas
        Areas asked for each so many households or residents.
    country
        Two letters (ISO 3166-1) of the country whose rules these are, if any. It changes no figure.
    """

    id: str
    en: str
    zh: str
    source: str
    rules: Mapping[str, Rule]
    measure: Measure = "walk"
    speed_m_s: float = 1.2
    speeds_m_s: Mapping[str, float] = field(default_factory=dict)
    areas: tuple[AreaTarget, ...] = ()
    country: str = ""

    def name(self, language: str = "en") -> str:
        """Return the name in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en

    def least_m2(self, kind: str) -> float:
        """Return the least floor area of a kind, m², 0 where nothing is said of it."""
        rule = self.rules.get(kind)
        return (rule.floor_area_m2 if rule else None) or 0.0

    def measure_of(self, kind: str) -> Measure:
        """Return how the distance to a kind is measured: its rule's measure or the standard's."""
        rule = self.rules.get(kind)
        return (rule.measure if rule else None) or self.measure
