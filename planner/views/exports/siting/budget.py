"""Remedies under one budget as a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.district import Scenario
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.siting.budget import Mix


def mix_scenario(mix: Mix, language: str = "en") -> Scenario:
    """Return what is chosen as a scenario, named in the language."""
    labels = Labels.of(mix.assessment, language, mix.group)
    return mix.scenario(labels.message("budget.scenario", budget=labels.number(mix.budget)))
