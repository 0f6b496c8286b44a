"""Leaflet and jQuery from this server: no page loads anything from outside.

Streamlit serves the folder of a declared component at ``/component/<module>.<name>/``. The map
lives in such a component's frame, so that the addresses below, relative to it, hold behind any
base path or proxy.
"""

from __future__ import annotations

import streamlit as st
from streamlit.components.v1 import declare_component

from planner.views.assets import AssetUrls, jquery_folder, leaflet_folder


@st.cache_resource(show_spinner=False)
def asset_urls() -> AssetUrls:
    """Offer the asset folders and return where they are."""
    declare_component("leaflet", path=str(leaflet_folder()))
    declare_component("jquery", path=str(jquery_folder()))
    return AssetUrls(leaflet=f"../{__name__}.leaflet/", jquery=f"../{__name__}.jquery/")
