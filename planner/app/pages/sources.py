"""The district's layers, where they come from, and everything to take away."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from planner.app import components, downloads
from planner.app.context import Context
from planner.app.errors import markdown
from planner.app.loading import loaded
from planner.district import District, Source


def page(context: Context) -> None:
    """Draw the page."""
    result = loaded(context)
    components.heading(context, result.district)
    st.markdown(context.say("sources_intro", crs=markdown(result.district.crs.to_string())))
    st.dataframe(
        _rows(context, result.district),
        hide_index=True,
        column_config=_columns(context),
        key="table_sources",
    )
    components.notes(context, result, None)
    downloads.everything(context)
    with st.expander(context.say("own_district"), icon=":material/add_location_alt:"):
        st.markdown(context.say("own_district_how"))
        st.code(
            "planner import city.osm.pbf --out workspaces/city.gpkg\n"
            "planner serve --data workspaces",
            language="bash",
        )


def _rows(context: Context, district: District) -> pd.DataFrame:
    """Return one row for each source of each layer that holds anything."""
    rows = []
    for name, layer in district.layers.items():
        if layer.empty:
            continue
        sources = [source for source in district.sources if source.layer == name]
        rows += [
            {
                "layer": context.say(f"layer_{name}"),
                "rows": len(layer),
                "source": source.source,
                "date": context.labels.date(source.date) if source.date else "",
                "licence": source.licence,
            }
            for source in sources or [Source(name, "")]
        ]
    return pd.DataFrame(rows)


def _columns(context: Context) -> dict[str, Any]:
    config = st.column_config
    return {
        "layer": config.TextColumn(context.say("col_layer"), width="medium"),
        "rows": config.NumberColumn(context.say("col_rows"), format="localized", width="small"),
        "source": config.TextColumn(context.labels.column("source"), width="large"),
        "date": config.TextColumn(context.say("col_date"), width="small"),
        "licence": config.TextColumn(context.say("col_licence"), width="medium"),
    }
