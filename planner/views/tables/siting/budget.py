"""Remedies under one budget as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.views.words.money import money_figures
from planner.views.words.places import named_place, place_words
from planner.views.words.siting.budget import remedy_words
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.budget import Mix


def mix_table(mix: Mix, language: str = "en") -> pd.DataFrame:
    """Return what is chosen as a table for people, the most residents for the money first.

    They are numbered as on the map of :func:`planner.views.maps.budget.mix_groups`.
    """
    labels, rows = answer_labels(mix, language), mix.table
    district = mix.assessment.district
    places = place_words(district, rows[["x", "y"]].to_numpy(), labels)
    columns = {
        "number": range(1, len(rows) + 1),
        "remedy": remedy_words(mix, labels),
        "name": [
            named_place(name, place, labels)
            for name, place in zip(rows["name"], places, strict=True)
        ],
        "cost": money_figures(rows["cost"], 1),
        "alone": rows["alone"].round(),
        "per_gain": money_figures(
            rows["cost"] / rows["alone"].where(rows["alone"] > 0) * labels.price_unit.many
        ),
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"budget.col_{name}"))
