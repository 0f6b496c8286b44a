"""What the rules of a profile of walking make of each street."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.arrays import F64, Bool
from planner.district.walk_profiles import PASSES, Condition, ProfileRule, Walking, WalkProfile
from planner.network.weights import tobler_factor


@dataclass(frozen=True, eq=False)
class RuleOnStreets:
    """What one rule says of each of n streets.

    Parameters
    ----------
    rule
        The rule.
    bites
        (n,) bool, known to bite.
    doubt
        (n,) bool, not known, and both readings are kept.
    silent
        (n,) bool, not known, and taken not to bite.
    factor
        (n,) float64, how often each metre counts where it bites.
    """

    rule: ProfileRule
    bites: Bool
    doubt: Bool
    silent: Bool
    factor: F64


@dataclass(frozen=True, eq=False)
class ProfileStreets:
    """What the rules that hold say of n streets, together.

    Parameters
    ----------
    rules
        Of each rule that holds.
    """

    rules: tuple[RuleOnStreets, ...]
    count: int

    @classmethod
    def of(cls, profile: WalkProfile, streets: pd.DataFrame) -> ProfileStreets:
        """Ask the rules of a profile about streets."""
        columns = _Columns(streets)
        free = np.zeros(len(streets), np.bool_)
        asked = []
        for rule in profile.rules_on:
            if rule.effect == "allowed":
                free |= columns.has({rule.asks: rule.when}) & columns.about(rule)
            else:
                asked.append(_on_streets(rule, columns))
        return cls(
            tuple(
                RuleOnStreets(r.rule, r.bites & ~free, r.doubt & ~free, r.silent & ~free, r.factor)
                for r in asked
            ),
            len(streets),
        )

    def shut(self, *, at_best: bool) -> Bool:
        """Return which streets one does not get along, (n,)."""
        found = np.zeros(self.count, np.bool_)
        for each in self.rules:
            if each.rule.effect == "shut":
                found |= each.bites if at_best else each.bites | each.doubt
        return found

    def factor(self, *, at_best: bool) -> F64:
        """Return how often each metre counts, (n,) float64, 1 and more."""
        product = np.ones(self.count)
        for each in self.rules:
            if each.rule.effect != "shut":
                where = each.bites if at_best else each.bites | each.doubt
                product *= np.where(where, each.factor, 1.0)
        return product


def walked(walking: Walking, streets: pd.DataFrame) -> tuple[Bool, F64]:
    """Return which streets a profile does not get along, and how often the metres of each count."""
    judged = ProfileStreets.of(walking.profile, streets)
    return judged.shut(at_best=walking.at_best), judged.factor(at_best=walking.at_best)


class _Columns:
    """Columns of streets as words, each made once."""

    def __init__(self, streets: pd.DataFrame) -> None:
        self.streets = streets
        self._words: dict[str, pd.Series] = {}

    def words(self, name: str) -> pd.Series:
        """Return a column as words; a flag is ``yes`` or ``no``, steps also go by their class."""
        if name not in self._words:
            column = self.streets[name]
            if column.dtype == np.bool_:
                flag = column.to_numpy()
                if name == "steps":
                    flag = flag | (self.streets["highway"] == "steps").to_numpy()
                words = pd.Series(np.where(flag, "yes", "no"), dtype=object)
            else:
                words = column.astype(object).where(column.notna(), "").astype(str)
                words = words.str.casefold().reset_index(drop=True)
            self._words[name] = words
        return self._words[name]

    def has(self, condition: Condition) -> Bool:
        """Return which streets have one of the values of any of the columns."""
        found = np.zeros(len(self.streets), np.bool_)
        for name, values in condition.items():
            found |= has_value(self.words(name), values)
        return found

    def about(self, rule: ProfileRule) -> Bool:
        """Return the streets that a rule is about."""
        about = np.ones(len(self.streets), np.bool_) if not rule.of else self.has(rule.of)
        return about & ~self.has(rule.unless) if rule.unless else about


def has_value(words: pd.Series, values: tuple[str, ...]) -> Bool:
    """Return which words are among some values, or any of those that ``;`` parts.

    Examples
    --------
    >>> has_value(pd.Series(["asphalt;sand", "", "sand"]), ("sand",)).tolist()
    [True, False, True]
    """
    told = (words != "").to_numpy()
    if "*" in values:
        return np.asarray(told)
    wanted = set(values)
    each: Mapping[str, bool] = {
        word: bool(wanted & {part.strip() for part in word.split(";")}) for word in words.unique()
    }
    return np.asarray(words.map(each).to_numpy(dtype=np.bool_))


def _on_streets(rule: ProfileRule, columns: _Columns) -> RuleOnStreets:
    about = columns.about(rule)
    factor = np.full(len(about), rule.factor)
    if rule.effect == "slope" or any(x is not None for x in (rule.above, rule.below, rule.up_to)):
        value = columns.streets[rule.asks].to_numpy(dtype=np.float64)
        known = ~np.isnan(value)
        told = known
        with np.errstate(invalid="ignore"):
            hit = known.copy()
            hit &= True if rule.above is None else value > rule.above
            hit &= True if rule.up_to is None else value <= rule.up_to
            hit &= True if rule.below is None else value < rule.below
        if rule.effect == "slope":
            slope = np.nan_to_num(value) / 100
            factor = (1 / tobler_factor(slope) + 1 / tobler_factor(-slope)) / 2
            factor = np.where(slope > 0, np.maximum(factor, 1.0), 1.0)
            hit = known & (slope > 0)
    else:
        words = columns.words(rule.asks)
        hit = has_value(words, rule.when)
        told = (words != "").to_numpy()
        known = hit | (has_value(words, rule.fine) if rule.fine else told)
    unknown = about & ~known
    if rule.doubtful == "all":
        doubtful = np.ones(len(about), np.bool_)
    else:
        doubtful = columns.has(rule.doubtful or {})
        if rule.doubtful != PASSES:  # a word that nobody knows may mean either
            doubtful |= told
    return RuleOnStreets(
        rule, about & hit, unknown & doubtful, unknown & ~doubtful, factor.astype(np.float64)
    )
