"""Very many facilities are drawn as counts until the map is closer, in exported pages too."""

import re

import pytest
import shapely

from planner.district import Close, Scenario
from planner.district.scenarios.changes import apply_scenario
from planner.sources import demo_district
from planner.views.maps.base.assets import self_contained_html
from planner.views.maps.base.basemap import base_map
from planner.views.maps.parts.facilities import changed_facilities, facility_group

pytestmark = [pytest.mark.browser, pytest.mark.journey(one_in=3)]

MAP = 'window[Object.keys(window).find(name => name.startsWith("map_"))]'
COUNTED = """() => {
    const counts = [...document.querySelectorAll(".pl-cluster b")].map(each => +each.textContent);
    const single = document.querySelectorAll(".pl-marker").length;
    return [counts.length, counts.reduce((a, b) => a + b, 0), single];
}"""


@pytest.fixture(scope="module")
def offline(browser):
    context = browser.new_context(viewport={"width": 1000, "height": 800}, offline=True)
    yield context
    context.close()


@pytest.fixture
def page_of(offline, tmp_path):
    pages = []

    def opened(district, **options):
        drawn = base_map(district)
        drawn.add_child(facility_group(district, None, **options))
        file = tmp_path / "map.html"
        file.write_text(self_contained_html(drawn), encoding="utf-8")
        page = offline.new_page()
        pages.append(page)
        page.goto(file.as_uri())
        page.locator(".pl-cluster").first.wait_for(state="attached")
        page.wait_for_timeout(900)  # the page first moves to the district
        return page

    yield opened
    for page in pages:
        page.close()


def test_every_facility_is_in_a_cluster_or_by_itself(page_of):
    demo = demo_district()
    page = page_of(demo)
    page.evaluate(f"() => {{ {MAP}.setZoom(12, {{animate: false}}); }}")
    clusters, within, single = page.evaluate(COUNTED)
    assert clusters > 5
    assert within + single == len(demo.facilities)
    page.evaluate(f"() => {{ {MAP}.setZoom(17, {{animate: false}}); }}")
    page.wait_for_timeout(600)
    clusters, _, single = page.evaluate(COUNTED)
    assert clusters == 0
    assert 0 < single < len(demo.facilities), "only those near the view are drawn"


def test_a_click_on_a_cluster_comes_closer(page_of):
    page = page_of(demo_district())
    before = page.evaluate(f"() => {MAP}.getZoom()")
    told = page.locator(".pl-cluster").first
    told.hover(force=True)
    assert re.search(r"\d+ facilities\. Click to come closer", page.content())
    told.click(force=True)
    page.wait_for_timeout(900)
    assert page.evaluate(f"() => {MAP}.getZoom()") > before


def test_what_was_changed_is_never_hidden_in_a_cluster(page_of):
    demo = demo_district()
    facilities = demo.facilities
    middle = facilities.geometry.union_all().centroid
    near = facilities.loc[shapely.distance(facilities.geometry.to_numpy(), middle).argmin()]
    closed = apply_scenario(demo, Scenario("", [Close(near["facility_id"])]))
    changed = changed_facilities(demo, closed)
    assert changed == {near["facility_id"]}
    assert changed_facilities(demo, demo) == frozenset()
    page = page_of(closed, apart=changed)
    single = """([map, name]) => {
        let found = 0;
        window[map].eachLayer(layer => {
            const told = layer.getTooltip && layer.getTooltip();
            if (told && layer.options.icon && layer.options.icon.options.className === "pl-marker"
                && String(told._content).includes(name)) found += 1;
        });
        return found;
    }"""
    name = page.evaluate('() => Object.keys(window).find(name => name.startsWith("map_"))')
    page.evaluate(f"() => {{ {MAP}.setZoom(12, {{animate: false}}); }}")
    assert page.evaluate(single, [name, near["name"]]) == 1
