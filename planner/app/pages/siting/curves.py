"""The chart of what more sites, moves or money bring."""

from __future__ import annotations

import altair as alt
import pandas as pd

SHORT = 170
"""Height of the chart, and of the table below it, pixels."""


def gain_chart(
    table: pd.DataFrame, across: str, gained: str, bound: str, names: dict[str, str]
) -> alt.LayerChart:
    """Return bars of residents gained under ticks of what is proven to be possible."""
    shown = table[[across, gained, bound]].rename(columns=names)
    x = alt.X(f"{names[across]}:O", axis=alt.Axis(labelAngle=0, format=",.0f"))
    base = alt.Chart(shown).encode(x=x).properties(height=SHORT)
    bars = base.mark_bar(color="#0f766e").encode(
        y=alt.Y(f"{names[gained]}:Q", title=names[gained]), tooltip=list(names.values())
    )
    limit = base.mark_tick(color="#b45309", thickness=2, size=26).encode(
        y=alt.Y(f"{names[bound]}:Q", title=names[gained])
    )
    layers: alt.LayerChart = bars + limit
    return layers
