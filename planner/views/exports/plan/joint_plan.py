"""The joint plan as tables to take away: by area and year, who is left out, what money buys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from planner.views.exports.files import write_csv
from planner.views.exports.folders import write_files
from planner.views.tables.plan.joint_plan import (
    areas_table,
    costs_table,
    left_out_table,
    money_table,
)
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.plan.coordination.years.years import JointPlan

LEVELS = {"communities": "community", "subdistricts": "subdistrict"}


def write_joint_plan(
    joint: JointPlan, folder: str | Path, language: str = "en", group: str | None = None
) -> list[Path]:
    """Write the joint plan as CSV into a folder, all files or none, and return their paths.

    Parameters
    ----------
    joint
        Of :meth:`planner.plan.Plan.joint`.
    folder
        As for :func:`planner.views.exports.folders.whole_folder`, with its errors.
    language
        Of headings and words.
    group
        For whom it is told what the money buys; the total where none is given.
    """
    today = joint.after[0]
    labels, kinds = Labels.of(today, language, group), today.district.kinds
    tables: dict[str, Callable[[], pd.DataFrame]] = {}
    for name, level in LEVELS.items():
        areas = joint.areas(level)  # type: ignore[arg-type]
        left = joint.left_out(level=level)  # type: ignore[arg-type]
        tables[f"plan_{name}.csv"] = partial(areas_table, areas, labels, kinds)
        tables[f"plan_{name}_left_out.csv"] = partial(left_out_table, left, labels, kinds)
    tables["plan_money.csv"] = partial(money_table, joint.money(group), labels, joint.costs)
    if len(joint.costs):
        tables["plan_costs.csv"] = partial(costs_table, joint.costs, labels)
    writers = [partial(_write, make) for make in tables.values()]
    return write_files(folder, list(tables), writers)


def _write(make: Callable[[], pd.DataFrame], file: Path) -> None:
    write_csv(make(), file)
