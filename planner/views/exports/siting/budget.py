"""Remedies under one budget as a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.district import Scenario
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.budget import Mix


def mix_scenario(mix: Mix, language: str = "en") -> Scenario:
    """Return what is chosen as a scenario, named in the language."""
    labels = answer_labels(mix, language)
    return mix.scenario(labels.message("budget.scenario", budget=labels.number(mix.budget)))
