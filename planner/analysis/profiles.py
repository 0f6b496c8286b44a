"""Whom a profile of walking moves across a limit, and which of its rules does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from planner.analysis.distances.profile_streets import ProfileStreets
from planner.analysis.distances.reach import Reach
from planner.analysis.people import limit_of, people_of
from planner.arrays import F64, Bool
from planner.district.walk_profiles import Walking, WalkProfile
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

_KEPT: WeakKeyDictionary[Assessment, pd.DataFrame] = WeakKeyDictionary()

SEVERAL = "several"
"""Stands for what no rule does alone: several would have to be off at once."""


def profile_effect(assessment: Assessment) -> pd.DataFrame:
    """Return whom the profile moves across the limit of each kind.

    Parameters
    ----------
    assessment
        With a profile.

    Returns
    -------
    DataFrame
        One row for each judged kind that is walked to, and group: ``kind``, ``group``,
        ``limit_m``, ``total``, ``within_everyone`` as everyone walks, ``within`` of the profile for
        certain and ``within_at_best`` if no rule bit of which that is not known; ``moved`` of those
        within as everyone walks who are beyond for the profile, ``open`` of whom it is not known,
        and ``moved_homes``, ``open_homes``. Counts are those of demand, in its unit.
        Groups whose small counts are withheld are left out.

    Raises
    ------
    InputError
        ``profiles.none`` where everyone's walk is measured.
    """
    walks = _Walks.of(assessment)
    rows = []
    for kind, group, limit_m, people in walks.cases():
        everyone = walks.everyone[kind] <= limit_m
        sure = walks.sure[kind] <= limit_m
        best = walks.at_best[kind] <= limit_m
        moved, unsure = everyone & ~best, everyone & best & ~sure
        rows.append(
            {
                "kind": kind,
                "group": group,
                "limit_m": limit_m,
                "total": people.sum(),
                "within_everyone": people[everyone].sum(),
                "within": people[sure].sum(),
                "within_at_best": people[best].sum(),
                "moved": people[moved].sum(),
                "open": people[unsure].sum(),
                "moved_homes": int(moved.sum()),
                "open_homes": int(unsure.sum()),
            }
        )
    return pd.DataFrame(rows, columns=_EFFECT)


def rule_effect(assessment: Assessment) -> pd.DataFrame:
    """Return whom each rule of the profile moves by itself: who comes back where it is off.

    Parameters
    ----------
    assessment
        With a profile.

    Returns
    -------
    DataFrame
        One row for each judged kind that is walked to, group and rule that holds: ``kind``,
        ``group``, ``rule``; ``moved``, ``moved_homes`` within the limit as everyone walks, not for
        certain with the profile, and for certain again once this one rule is off; ``resting``,
        ``resting_homes`` within for certain now, but not if the rule bit on every street that does
        not tell what it asks. A last row ``"several"`` has those whom no rule moves alone.

    Raises
    ------
    InputError
        As of :func:`profile_effect`.
    """
    if assessment not in _KEPT:
        _KEPT[assessment] = _rule_effect(assessment)
    return _KEPT[assessment].copy()


def _rule_effect(assessment: Assessment) -> pd.DataFrame:
    profile = _profile(assessment)
    walks = _Walks.of(assessment)
    rules = [rule for rule in profile.rules_on if rule.effect != "allowed"]
    judged = {each.rule.id: each for each in rule_streets(assessment).rules}
    off, bites = {}, {}
    for rule in rules:
        each = judged[rule.id]
        if (each.bites | each.doubt).any():
            off[rule.id] = walks.with_profile(profile.with_rules({rule.id: "off"}))
        if each.silent.any():
            bites[rule.id] = walks.with_profile(profile.with_rules({rule.id: "both"}))
    rows = []
    for kind, group, limit_m, people in walks.cases():
        everyone = walks.everyone[kind] <= limit_m
        sure = walks.sure[kind] <= limit_m
        lost = everyone & ~sure
        alone = np.zeros(len(lost), np.bool_)
        for rule in rules:
            back = lost & _within(off, rule.id, kind, limit_m, nobody=False)
            resting = sure & ~_within(bites, rule.id, kind, limit_m, nobody=True)
            alone |= back
            rows.append(_row(kind, group, rule.id, people, back, resting))
        none = np.zeros(len(lost), np.bool_)
        rows.append(_row(kind, group, SEVERAL, people, lost & ~alone, none))
    return pd.DataFrame(rows, columns=_RULES)


def street_effect(assessment: Assessment) -> pd.DataFrame:
    """Return on how much street each rule of the profile bites, and how much does not tell.

    Returns
    -------
    DataFrame
        One row for each rule, those that are off included: ``rule``, ``asks``, ``effect``, ``on``,
        ``km`` where it bites, ``km_both`` not known and read both ways, ``km_silent`` not known and
        taken not to bite, ``verified``, ``source`` and ``reason``.
    """
    profile = _profile(assessment)
    layer = assessment.district.streets
    layer = layer[~layer["link"].to_numpy(dtype=bool)]
    km = assessment.reach.streets.islands.network.edge_length_mm / 1e6
    judged = {each.rule.id: each for each in rule_streets(assessment).rules}
    rows = []
    for rule in profile.rules:
        each = judged.get(rule.id)
        lengths = (
            (np.nan, np.nan, np.nan)
            if each is None
            else tuple(float(km[where].sum()) for where in (each.bites, each.doubt, each.silent))
        )
        rows.append(
            {
                "rule": rule.id,
                "asks": rule.asks,
                "effect": rule.effect,
                "on": rule.on,
                **dict(zip(("km", "km_both", "km_silent"), lengths, strict=True)),
                "verified": rule.verified,
                "source": rule.source,
                "reason": rule.reason,
            }
        )
    return pd.DataFrame(rows)


def rule_streets(assessment: Assessment) -> ProfileStreets:
    """Return what the rules of the profile say of the district's streets, links left out."""
    layer = assessment.district.streets
    return ProfileStreets.of(
        _profile(assessment), layer[~layer["link"].to_numpy(dtype=bool)].reset_index(drop=True)
    )


_EFFECT = [
    *("kind", "group", "limit_m", "total", "within_everyone", "within", "within_at_best"),
    *("moved", "open", "moved_homes", "open_homes"),
]
_RULES = ["kind", "group", "rule", "moved", "moved_homes", "resting", "resting_homes"]


@dataclass(frozen=True, eq=False)
class _Walks:
    """Metres from each home to the nearest facility by kind: everyone's, the profile's two."""

    assessment: Assessment
    kinds: list[str]
    everyone: dict[str, F64]
    sure: dict[str, F64]
    at_best: dict[str, F64]

    @classmethod
    def of(cls, assessment: Assessment) -> _Walks:
        _profile(assessment)
        reach = assessment.reach
        kinds = [k for k in assessment.judged_kinds if reach.measure_of(k) == "walk"]
        return cls(
            assessment,
            kinds,
            _for_certain(reach.everyone, kinds),
            _for_certain(reach, kinds),
            _metres(reach.hopeful, kinds),
        )

    def with_profile(self, profile: WalkProfile) -> dict[str, F64]:
        """Return the metres for certain with another profile."""
        reach = self.assessment.reach.with_walking(Walking(profile))
        return _for_certain(reach, self.kinds)

    def cases(self) -> list[tuple[str, str, float, F64]]:
        """Return kind, group, limit and people of each row of a table."""
        withheld = self.assessment.district.withheld
        groups = [
            group
            for group in self.assessment.groups
            if withheld is None or group not in withheld.groups
        ]
        return [
            (
                kind,
                group,
                limit_of(self.assessment, kind, group),
                people_of(self.assessment, group),
            )
            for kind in self.kinds
            for group in groups
        ]


def _for_certain(reach: Reach, kinds: list[str]) -> dict[str, F64]:
    """Return metres for certain: round corners where the way from a door is read both ways."""
    metres = _metres(reach, kinds)
    return {kind: metres[kind] + reach.around_corners_m for kind in kinds}


def _metres(reach: Reach, kinds: list[str]) -> dict[str, F64]:
    """Return metres to the nearest facility known to count; inf where none is reached or known."""
    return {
        kind: np.nan_to_num(
            reach.nearest(reach.counting(kind, if_unknown=False), "walk").distance_m, nan=np.inf
        )
        for kind in kinds
    }


def _within(
    walks: dict[str, dict[str, F64]], rule: str, kind: str, limit_m: float, *, nobody: bool
) -> Bool:
    """Return who is within the limit with a rule changed; where it changes nothing, `nobody`."""
    if rule not in walks:
        return np.array(nobody)
    return np.asarray(walks[rule][kind] <= limit_m)


def _row(
    kind: str, group: str, rule: str, people: F64, moved: Bool, resting: Bool
) -> dict[str, object]:
    return {
        "kind": kind,
        "group": group,
        "rule": rule,
        "moved": people[moved].sum(),
        "moved_homes": int(moved.sum()),
        "resting": people[resting].sum(),
        "resting_homes": int(resting.sum()),
    }


def _profile(assessment: Assessment) -> WalkProfile:
    if assessment.profile is None:
        raise InputError("profiles.none")
    return assessment.profile
