"""What every plan offers: to go on with it in What if, and its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from planner.app.session.context import Context
from planner.app.widgets import downloads, propose, take_over
from planner.district import Scenario

if TYPE_CHECKING:
    from planner.plan.proposals.advice import Advice


def scenario_file(context: Context, name: str, scenario: Scenario) -> downloads.File:
    """Return a plan's scenario as a file on offer."""
    return downloads.scenario(
        context.word("siting.download_scenario"), f"{name}.scenario.json", lambda: scenario
    )


def draw(
    context: Context,
    key: str,
    stem: str,
    table: pd.DataFrame,
    write_layers: Callable[[Path], object],
    scenario: Scenario,
    advice: Advice,
) -> None:
    """Draw the button to What if, the choice of a plan's files, and what proposes its parts.

    They stand in one row with what is beside them, above the table of the plan: in sight at once.

    Parameters
    ----------
    context
        Whose words and district.
    key
        Name of the plan on the page.
    stem
        What the files' names say after the district.
    table, write_layers, scenario
        The table for people, what writes the GeoPackage, and the scenario.
    advice
        The plan itself.
    """
    name, word = f"{context.stem}-{stem}", context.word
    take_over.draw(context, scenario, key)
    offered = [
        downloads.table(word("siting.download_csv"), f"{name}.csv", lambda: table),
        downloads.layers(word("siting.download_gpkg"), f"{name}.gpkg", write_layers),
        scenario_file(context, name, scenario),
        downloads.provenance(context, context.assessment(), name),
    ]
    downloads.files(context, key, offered)
    propose.of_advice(context, advice, key)
