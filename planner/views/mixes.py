"""Remedies under one budget: sentences, a table for people, and the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.district import Scenario
from planner.views.labels import Labels

if TYPE_CHECKING:
    from planner.siting.mixed import Mix

_YUAN = 10_000


def mix_table(mix: Mix, language: str = "en") -> pd.DataFrame:
    """Return what is chosen as a table for people, the most residents for the money first."""
    labels, rows = Labels(language), mix.table
    kinds = mix.assessment.district.kinds
    columns = {
        "remedy": [labels.message(f"mixes.remedy_{each}") for each in rows["remedy"]],
        "kind": [labels.kind(each, kinds) if each else "" for each in rows["kind"]],
        "name": rows["name"],
        "cost": rows["cost"].round(1),
        "alone": rows["alone"].round(),
        "per_resident": (rows["cost"] / rows["alone"].where(rows["alone"] > 0) * _YUAN).round(),
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"mixes.col_{name}"))


def mix_sentences(mix: Mix, language: str = "en") -> list[str]:
    """Return the answer in sentences: residents, money, the proof, and what the sum promised."""
    labels = Labels(language)
    say, number = labels.message, labels.number
    lines = [
        say(
            "mixes.answer",
            actions=number(len(mix.chosen)),
            cost=number(mix.cost, 1),
            gained=number(mix.gained),
        )
    ]
    if mix.siting.optimal:
        lines.append(say("mixes.proof_optimal", actions=number(len(mix.actions))))
    else:
        gap = labels.percent(mix.siting.gap, 2)
        lines.append(say("mixes.proof_gap", gap=gap, actions=number(len(mix.actions))))
    if mix.promised != mix.gained:
        lines.append(say("mixes.difference", promised=number(mix.promised)))
    return [*lines, say("siting_words.unverified_costs")]


def mix_scenario(mix: Mix, language: str = "en") -> Scenario:
    """Return what is chosen as a scenario, named in the language."""
    labels = Labels(language)
    return mix.scenario(labels.message("mixes.scenario", budget=labels.number(mix.budget)))
