"""What stands over the map hides no place of the district, and a view is its reader's or none's."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.journey]

OVER_THE_DISTRICT = """() => {
  const {args} = JSON.parse(plannerShown());
  const map = plannerMaps()[0], frame = map.getContainer().getBoundingClientRect();
  const corners = args.bounds.map(corner => map.latLngToContainerPoint(corner));
  const over = document.querySelector('.pl-legend').getBoundingClientRect();
  const [low, high] = corners, size = map.getSize();
  const across = over.right - frame.left > low.x && over.left - frame.left < high.x;
  const down = over.bottom - frame.top > high.y && over.top - frame.top < low.y;
  const seen = low.x >= 0 && high.y >= 0 && high.x <= size.x && low.y <= size.y;
  return {covered: across && down, seen};
}"""
LEGEND = """() => {
  const box = document.querySelector('.pl-legend');
  return [box.open, box.classList.contains('wide')];
}"""
REMEMBERED = "() => Object.keys(sessionStorage).filter(name => name.startsWith('planner-view'))"
DEBOUNCED_MS = 600
"""Longer than a map waits before it says that its frame's size moved it."""


def opened(visit, address: str):
    """Return the frame of a page's map once nothing works behind it."""
    visit.open(address)
    visit.page.locator("[class*=st-key-working_]").first.wait_for(state="detached", timeout=120_000)
    frame = visit.map_frame()
    visit.settle()
    return frame


def test_an_open_legend_covers_no_place(visit):
    """Long legends take columns; where none would do, the legend waits closed."""
    frame = opened(visit, "gaps?lang=en&kind=clinic&tour=off")
    assert frame.evaluate(LEGEND) == [True, False]
    assert frame.evaluate(OVER_THE_DISTRICT) == {"covered": False, "seen": True}
    frame.locator(".pl-legend summary").click()
    visit.page.wait_for_timeout(DEBOUNCED_MS)
    assert frame.evaluate(LEGEND)[0] is False
    assert frame.evaluate(OVER_THE_DISTRICT)["seen"]
    frame.locator(".pl-legend summary").click()
    visit.page.wait_for_timeout(DEBOUNCED_MS)
    assert frame.evaluate(LEGEND) == [True, False]
    assert frame.evaluate(OVER_THE_DISTRICT) == {"covered": False, "seen": True}

    frame = opened(visit, "one-stop?lang=en&tour=off")
    assert frame.evaluate(LEGEND) == [True, True]
    assert frame.evaluate(OVER_THE_DISTRICT) == {"covered": False, "seen": True}


def test_a_frame_of_another_size_is_no_view_of_its_reader(visit):
    """The whole district stays in view, and the next page does not begin where this one was."""
    page = visit.page
    frame = opened(visit, "coverage?lang=en&kind=clinic&tour=off")
    for width in (1100, 1366):
        page.set_viewport_size({"width": width, "height": 768})
        page.wait_for_timeout(DEBOUNCED_MS)
        visit.settle()
        assert frame.evaluate(OVER_THE_DISTRICT)["seen"]
    assert frame.evaluate(REMEMBERED) == []
    frame.locator(".zoom_in-button").click()
    page.wait_for_timeout(DEBOUNCED_MS)
    assert len(frame.evaluate(REMEMBERED)) == 1


TOOLS_AND_LAYERS = """() => {
  const box = each => document.querySelector(each).getBoundingClientRect();
  const tools = box('.tools'), layers = box('.leaflet-control-layers');
  return tools.bottom <= layers.top || tools.right <= layers.left;
}"""


def test_on_a_low_map_no_tool_covers_the_button_of_the_layers(visit):
    frame = opened(visit, "gaps?lang=en&kind=clinic&tour=off&gap=clinic-001")
    assert frame.evaluate("() => innerHeight") < 400
    assert frame.evaluate(TOOLS_AND_LAYERS)


CROSS = "() => getComputedStyle(document.querySelector('.picking'), '::after').content"


def test_the_cross_of_those_who_go_by_keys_is_not_shown_to_those_who_click(visit):
    frame = opened(visit, "what-if?lang=en&kind=clinic&tour=off")
    plate = frame.locator(".picking")
    plate.click(position={"x": 150, "y": 40})
    visit.settle()
    assert frame.evaluate(CROSS) in ("none", "normal")
    plate.press("ArrowLeft")
    assert frame.evaluate(CROSS) == '"+"'
