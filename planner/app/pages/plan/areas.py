"""The joint plan by community or subdistrict: a year's coverage, and who is still left out."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import inputs, tables
from planner.plan.coordination.years.years import JointPlan
from planner.views.words.shares import without_telling

AREA = "plan_area"
"""Name of the choice of a community."""

ROOM = 500
"""For the table, pixels."""

_KEYS = ["area_id", "kind", "group"]


def chosen(found: JointPlan) -> str:
    """Return the community that was chosen on the map or in the table, empty for none."""
    area = choices.own(AREA)
    known = set(found.after[0].district.communities["community_id"])
    return area if area in known else ""


def heading(context: Context, found: JointPlan, area: str) -> None:
    """Say which community is shown, with the way back to the whole district."""
    rows = found.after[0].district.communities.set_index("community_id")
    st.markdown(f"**{markdown(str(rows.loc[area, 'name']) or area)}**")
    st.button(
        context.word("app_plan.back_to_district"),
        icon=":material/arrow_back:",
        key="plan_area_back",
        on_click=_choose,
        args=("",),
    )


def draw(context: Context, found: JointPlan, kind: str, group: str, year: str) -> None:
    """Draw the areas at the end of a year, those that change most first.

    A plan moves few of a city's communities: by any other order the table begins with what stays.
    """
    st.markdown(f"**{context.labels.message('plan_words.title_areas')}**")
    level = inputs.level(context, found.after[0], "plan_level")
    rows = found.areas(level, kind)
    rows = without_telling(rows[(rows["year"] == year) & (rows["group"] == group)])
    homes = found.homes_beyond(year, level, kind)
    rows = rows.merge(homes, on=_KEYS, how="left").assign(moved=rows["gained"].abs().round().values)
    rows = rows.sort_values(
        ["moved", "uncovered", "unknown", "area_id"], ascending=[False, False, False, True]
    )
    shares = tables.shares_or_ranges(context, rows)
    table = pd.DataFrame(
        {
            "area": rows["name"].where(rows["name"] != "", rows["area_id"]),
            "share": shares,
            **{name: rows[name].round() for name in ("gained", "uncovered", "unknown")},
            # of a kind that is not judged nobody knows which homes are beyond
            **{name: rows[name].astype("Int64") for name in ("homes", "homes_unknown")},
            "subdistrict": rows["subdistrict"],
        }
    )
    ids = [str(each) for each in rows["area_id"]]
    tables.draw(
        context,
        table,
        f"plan_areas_{level}_{hash((year, kind, group))}",
        first=["area", "share", "gained", "uncovered"],
        config=_columns(context, shares),
        height=tables.SHORT,
        room=ROOM,
        take=partial(_open_row, ids=ids) if level == "community" else None,
        name=f"plan_areas_{level}",
    )


def _columns(context: Context, shares: pd.Series) -> dict[str, object]:
    say, config = context.labels.message, st.column_config
    homes = {name: say(f"plan_words.col_{name}") for name in ("homes", "homes_unknown")}
    return {
        "area": config.TextColumn(say("plan_words.col_area")),
        "subdistrict": config.TextColumn(context.labels.column("subdistrict")),
        "share": tables.share_column(context, shares),
        **{name: counted(context, name) for name in ("gained", "uncovered", "unknown")},
        **{name: tables.count_column(heading) for name, heading in homes.items()},
    }


def counted(context: Context, name: str) -> Any:
    """Return the column of a count, its unit in the heading."""
    return tables.count_column(context.labels.message(f"plan_words.col_{name}_in"))


def _open_row(key: str, ids: list[str]) -> None:
    _choose(tables.chosen_row(key, ids))


def _choose(area: str) -> None:
    choices.choices()[AREA] = area
