"""The map: a base that is drawn once, and layers that follow kind and group.

The base map's script and key stay the same while the district does, so that the browser keeps the
map, its place and its zoom; only the layers handed over as ``feature_group_to_add`` change. No
object is returned, so that panning and clicking run nothing on the server.
"""

from __future__ import annotations

import base64
import re
from functools import cache

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from planner.analysis.assessment import Assessment
from planner.app.context import Context
from planner.app.served import asset_urls
from planner.views.assets import stable_ids, web_file
from planner.views.basemap import base_map
from planner.views.legend import legend_html
from planner.views.maps import coverage_groups, facility_group

HEIGHT = 400
_SIGN = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_LEGEND_RULES = (".pl-row", ".pl-swatch", ".pl-dot", ".pl-cell", ".pl-steps", ".pl-columns")


class _Tidying(MacroElement):
    """What a map smaller than a page needs: small signs until one is near.

    It also clears the list of layers that the map's frame has put away, which it never does itself.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        if (!document.getElementById("pl-dashboard")) {
            const style = document.createElement("style");
            style.id = "pl-dashboard";
            style.textContent = ".pl-marker svg { transform: scale(.6); }"
                + ".pl-near .pl-marker svg { transform: none; }";
            document.head.appendChild(style);
        }
        window.feature_group = [];
        {% endmacro %}
        """
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Tidying"


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the coverage of a kind for a group over the district's own map."""
    language = context.labels.language
    base = base_map(result.district, language=language, urls=asset_urls())
    groups = [
        _tidying(),
        *coverage_groups(result, kind, group, language),
        facility_group(result.district, kind, language),
    ]
    st_folium(
        base,
        key=f"map-{context.entry.id}-{language}",
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=groups,
        layer_control=folium.LayerControl(position="bottomleft", collapsed=True),
    )
    _legend(context, result, kind, group)


def _tidying() -> folium.FeatureGroup:
    layer = folium.FeatureGroup(name="tidying", control=False)
    layer.add_child(_Tidying())
    stable_ids(layer, "tidying")
    return layer


def _legend(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the map's legend below it."""
    words = legend_html(result, kind, group, context.labels.language)
    st.html(f'<div class="pl-legend">{_SIGN.sub(_as_image, words)}</div>')


def _as_image(sign: re.Match[str]) -> str:
    """Return inline SVG as an image, since Streamlit takes SVG out of a page's HTML."""
    source = sign.group().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    code = base64.b64encode(source.encode("utf-8")).decode("ascii")
    return f'<img alt="" src="data:image/svg+xml;base64,{code}">'


@cache
def legend_style() -> str:
    """Return the rules of the map's own style sheet that its legend needs."""
    rules = web_file("layers.css").splitlines()
    return "\n".join(rule for rule in rules if rule.startswith(_LEGEND_RULES))
