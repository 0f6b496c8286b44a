"""Scenarios side by side, as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING

import pandas as pd

from planner.siting.scenario_comparison import MEASURES
from planner.views.words.labels import Labels
from planner.views.words.money import rounded_money
from planner.views.words.shares import percent_figures
from planner.views.words.siting.departments import currency_word
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.scenario_comparison import ScenarioComparison

_DIGITS = {"gained_per_cost": 2, "cost": 1}
ENDS = ("share_low", "share_high")
_SHARES = ("share", *ENDS)


def measures_told(found: ScenarioComparison) -> list[tuple[str, str]]:
    """Return the measure and the kind of each row of :func:`scenarios_table`, in its order."""
    rows = found.table[found.table["scenario"] == 0]
    told = list(zip(rows["measure"], rows["kind"], strict=True))
    return [key for measure in MEASURES for key in told if key[0] == measure]


def scenarios_table(
    found: ScenarioComparison, names: Sequence[str], language: str = "en"
) -> pd.DataFrame:
    """Return what each scenario brings and costs: a row a measure and kind, a column a scenario.

    Parameters
    ----------
    found
        Of :func:`planner.siting.compare_scenarios`.
    names
        Of the scenarios, in their order; equal ones are numbered.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    DataFrame
        What is measured, what it is counted in, and a column of figures for each scenario; shares
        in per cent.
    """
    labels = answer_labels(found, language)
    rows, order = found.table.set_index(["measure", "kind"]), measures_told(found)
    wide = pd.DataFrame(
        {
            number: rows["value"][rows["scenario"] == number].reindex(order)
            for number in range(len(found.scenarios))
        }
    )
    kinds, currency = found.assessment.district.kinds, currency_word(found, labels)
    one = labels.money_one() if currency == labels.money_word() else currency
    table: dict[str, list[str] | list[float]] = {
        labels.message("scenarios.col_what"): [
            _what(measure, labels.kind(kind, kinds) if kind else "", labels)
            for measure, kind in order
        ],
        labels.message("scenarios.col_unit"): [
            currency if measure == "cost" else labels.message(_unit(measure), currency=one)
            for measure, _ in order
        ],
    }
    shares = wide.index.get_level_values("measure").isin(_SHARES)
    for number, name in enumerate(told_apart(names)):
        values = wide[number].where(~shares, percent_figures(wide[number]))
        digits = [1 if measure in _SHARES else _DIGITS.get(measure, 0) for measure, _ in order]
        table[name] = [
            rounded_money(float(v), d) if measure in _DIGITS else round(float(v), d)
            for v, d, (measure, _) in zip(values, digits, order, strict=True)
        ]
    return pd.DataFrame(table)


def _unit(measure: str) -> str:
    return f"scenarios.unit_{'share' if measure in _SHARES else measure}"


def _what(measure: str, kind: str, labels: Labels) -> str:
    return labels.message(f"scenarios.{measure}", kind=kind)


def told_apart(names: Iterable[str]) -> list[str]:
    """Return names of which none comes twice, those that are given as they are kept.

    Examples
    --------
    >>> told_apart(["A", "A", "B"])
    ['A', 'A (2)', 'B']
    >>> told_apart(["A", "A (2)", "A"])
    ['A', 'A (2)', 'A (3)']
    """
    given, apart = list(names), []
    for name in given:
        numbered = (f"{name} ({number})" for number in count(2))
        free = (each for each in numbered if each not in given and each not in apart)
        apart.append(next(free) if name in apart else name)
    return apart
