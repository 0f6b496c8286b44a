"""What enlarging facilities does to their load: residents beside room, before and after."""

from __future__ import annotations

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.measures.supply import catchments
from planner.district import Scenario
from planner.district.scenarios.scenario import Enlarge

_TOLD = ("residents_high", "capacity", "room_residents", "load_high")


def enlarged(
    before: Assessment, after: Assessment, scenario: Scenario, group: str | None = None
) -> pd.DataFrame:
    """Return each facility that a scenario enlarges, with its load before and after.

    More room brings nobody nearer, so that coverage tells nothing of it: load does.

    Parameters
    ----------
    before, after
        The district without and with the scenario.
    scenario
        What is done.
    group
        Whose residents count; all where none is given.

    Returns
    -------
    DataFrame
        Index ``facility_id``: ``name``, ``kind``, and for each of ``residents`` (at the most,
        nearest to it), ``capacity``, ``room_residents``, ``load`` (residents for each one there is
        room for, at the most) and ``per_capacity`` (residents for each unit of capacity) a column
        ``…_before`` and ``…_after``; NaN where it is not known.
    """
    ids = [each.facility_id for each in scenario.changes if isinstance(each, Enlarge)]
    facilities = after.district.facilities.drop_duplicates("facility_id").set_index("facility_id")
    chosen = facilities.loc[[each for each in dict.fromkeys(ids) if each in facilities.index]]
    table = pd.DataFrame({"name": chosen["name"], "kind": chosen["kind"]})
    for side, result in (("before", before), ("after", after)):
        kinds = [kind for kind in chosen["kind"].unique() if kind in result.kinds]
        parts = [catchments(result, str(kind), group=group) for kind in kinds]
        told = pd.concat(parts) if parts else pd.DataFrame(columns=list(_TOLD))
        for name in _TOLD:
            values = told[name] if name in told else pd.Series(dtype="float64")
            column = f"{name.removesuffix('_high')}_{side}"
            table[column] = values.reindex(table.index).astype("float64")
        room = table[f"capacity_{side}"].where(table[f"capacity_{side}"] > 0)
        table[f"per_capacity_{side}"] = table[f"residents_{side}"] / room
    return table
