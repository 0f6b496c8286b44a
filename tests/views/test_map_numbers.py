"""Numbers on maps: those of the table, each to be read, none over another."""

import json
import re

import pytest
import shapely
from departments_town import STANDARD, frame, point, two_streets

import planner
from planner.siting.budget import best_mix
from planner.views.maps.base.basemap import map_with_legend
from planner.views.maps.budget import mix_groups, mix_legend
from planner.views.maps.parts.badges import Badge
from planner.views.maps.parts.marks import mark_group
from planner.views.tables.siting.budget import mix_table
from planner.views.words.labels import Labels

DISC = {"radius": 10, "color": "#b45309", "weight": 2.5, "fillColor": "#ffffff"}
DARK = {**DISC, "fillColor": "#1d4ed8"}


def badges_of(groups) -> list[list]:
    drawn = [child for group in groups for child in group._children.values()]
    return [
        row
        for child in drawn
        if child.call == "badges"
        for row in json.loads(f"[{child.arguments[2:]}]")[0]
    ]


@pytest.fixture(scope="module")
def mix():
    result = planner.assess(planner.demo_district(), groups=["population"])
    return best_mix(result, 60.0, ["clinic", "police_room"])


@pytest.mark.long
@pytest.mark.usefixtures("small_demo")
def test_remedies_of_a_budget_are_numbered_as_in_their_table(mix):
    table = mix_table(mix)
    assert table["No."].tolist() == list(range(1, len(mix.chosen) + 1))
    rows = badges_of(mix_groups(mix))
    assert [row[4] for row in rows] == [str(number) for number in table["No."]]
    for row, (_, told) in zip(rows, table.iterrows(), strict=True):
        assert f"{told['No.']}. {told['Remedy']}" in row[2]
        assert told["Place"] in row[2]
    gains = mix.table["alone"] / mix.table["cost"]
    assert gains.is_monotonic_decreasing


@pytest.mark.long
def test_a_gate_that_is_opened_is_called_so_in_table_and_map():
    here = two_streets()
    gate = frame([point(100, 20)], gate_id=["g"], name=["Gate"], open=[False])
    result = planner.assess(here.with_layers(gates=gate), STANDARD, groups=["population"])
    mix = best_mix(result, 200.0)
    assert mix_table(mix)["Remedy"].tolist()[0] == "Open the shut gate"
    assert mix_table(mix, "zh")["措施"].tolist()[0] == Labels("zh").message("links.work_open_gate")
    (first, *_) = badges_of(mix_groups(mix))
    assert first[1][1] == "#fed7aa"
    assert "1. Open the shut gate" in first[2]


@pytest.mark.usefixtures("small_demo")
def test_the_legend_of_a_budget_has_the_discs_that_are_drawn_and_no_others(mix):
    legend = mix_legend(mix)
    assert "pl-stroke" not in legend
    drawn = {row[1][1] for row in badges_of(mix_groups(mix))}
    told = set(re.findall("background:(#[0-9a-f]{6})", legend)) - {"#0f766e"}
    assert told == drawn
    assert set(mix.table["remedy"]) == {"link"}
    assert "Facility to build" not in legend


BOXES = """() => Array.from(document.querySelectorAll('.pl-numbered b'), each => {
  const {left, right, top, bottom} = each.getBoundingClientRect();
  return [each.textContent, left, right, top, bottom];
})"""


@pytest.mark.long
@pytest.mark.browser
def test_numbers_of_one_place_stand_beside_one_another(browser, result, tmp_path):
    """Six at one corner and one alone: that and the first stay, lines lead to the others."""
    district = result.district
    spot = district.communities.geometry.iloc[0].centroid
    away = district.communities.geometry.iloc[5].centroid
    places = [*(shapely.Point(spot.x + step, spot.y) for step in range(6)), away]
    badges = [
        Badge(place, number, DARK if number == 3 else DISC, f"<b>{number}</b>")
        for number, place in enumerate(places, start=1)
    ]
    group = mark_group([], district.crs, "Numbers", seed="numbers", badges=badges)
    file = tmp_path / "map.html"
    map_with_legend(district, [group], "", "en").save(file)
    tab = browser.new_page(viewport={"width": 900, "height": 700})
    tab.goto(file.as_uri())
    tab.wait_for_selector(".pl-numbered")
    boxes = tab.evaluate(BOXES)
    assert [box[0] for box in boxes] == list("1234567")
    for number, (_, left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:number]:
            assert right <= other[1] or left >= other[2] or bottom <= other[3] or top >= other[4]
    shown = tab.locator(".pl-numbered b").nth(2)
    assert shown.evaluate("each => getComputedStyle(each).color") == "rgb(255, 255, 255)"
    lines = tab.locator(".leaflet-planner-over-pane path[stroke-opacity='1']")
    assert lines.count() == 2 * 5
    tab.locator(".pl-numbered").nth(4).hover()
    assert tab.inner_text(".leaflet-tooltip") == "5"
    tab.close()
