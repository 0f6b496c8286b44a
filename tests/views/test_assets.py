import re

import folium
import pytest
from folium.plugins import MarkerCluster

from planner.errors import WorkError
from planner.views.maps.base.assets import (
    AssetUrls,
    OfflineMap,
    jquery_folder,
    leaflet_folder,
    self_contained_html,
    web_file,
)

REQUESTS = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=|url\((?!["']?data:)|@import"""
)
ELSEWHERE = re.compile(r"jsdelivr|cdnjs|bootstrap|font-?awesome|glyphicon|AwesomeMarkers", re.I)


def test_packages_carry_the_files():
    for file in ("leaflet.js", "leaflet.css", "images/layers.png"):
        assert (leaflet_folder() / file).is_file()
    assert (jquery_folder() / "jquery.min.js").is_file()


def test_page_holds_everything():
    page = self_contained_html(OfflineMap(location=[25.8, 114.9]), title="A <town>")
    assert "<title>A &lt;town&gt;</title>" in page
    markup = re.sub(r"(?s)<script>.*?</script>", "", page)
    assert REQUESTS.findall(markup) == ["url("]  # the behaviour that only Internet Explorer knew
    assert "url(#default#VML)" in markup
    assert "sourceMappingURL" not in page
    assert not ELSEWHERE.search(page)


def test_served_map_points_to_the_server_only():
    served = OfflineMap(urls=AssetUrls("/component/a.leaflet/", "/component/a.jquery/"))
    page = served.get_root().render()
    assert re.findall(r'(?:src|href)="([^"]+)"', page) == [
        "/component/a.leaflet/leaflet.js",
        "/component/a.jquery/jquery.min.js",
        "/component/a.leaflet/leaflet.css",
    ]


def test_a_plugin_from_outside_is_refused():
    clustered = OfflineMap(location=[25.8, 114.9])
    clustered.add_child(MarkerCluster())
    with pytest.raises(WorkError, match="from outside"):
        self_contained_html(clustered)


def test_folium_itself_is_left_alone():
    OfflineMap()
    assert any("leaflet" in url for _, url in folium.Map.default_js)
    assert any("http" in url for _, url in folium.Map().default_js)


def test_web_files_are_no_templates():
    for name in ("layers.js", "layers.css"):
        assert not re.search(r"\{\{|\{%|\{#", web_file(name))
