"""What stands over the map hides no place of the district, and a view is its reader's or none's."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.journey(one_in=3)]

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


NEARNESS = """() => {
  const {args} = JSON.parse(plannerShown());
  const map = plannerMaps()[0];
  const zoom = (bounds, edge, chosen) => {
    const how = plannerShell.room(map, bounds, edge, chosen);
    const taken = L.point(how.paddingTopLeft).add(how.paddingBottomRight);
    return map.getBoundsZoom(bounds, false, taken);
  };
  const box = document.querySelector('.pl-legend');
  box.open = true;
  return Array.from({length: 11}, (_, step) => {
    box.style.height = `${40 + 20 * step}px`;
    return zoom(args.bounds, 30, true) - zoom(args.bounds, 12, false);
  });
}"""
"""Gives how much closer what is as large as the district is shown, by legends of all heights."""


def test_what_was_chosen_is_not_shown_farther_away_than_the_whole_district(visit):
    """A gap that is most of its district was a third as large once it had been chosen."""
    frame = opened(visit, "gaps?lang=en&kind=clinic&tour=off&gap=clinic-001")
    assert min(frame.evaluate(NEARNESS)) >= -0.5, "the wider edge alone"


TITLE_AND_TOOLS = """() => {
  const box = each => document.querySelector(each).getBoundingClientRect();
  return [box('.pane h2').bottom, box('.tools').top, box('.north').top];
}"""


def test_the_title_of_a_map_by_itself_lies_behind_no_tool(visit):
    """Of one scenario as of several: its name and share stood behind the first button."""
    frame = opened(visit, "what-if?lang=en&kind=clinic&tour=off&work_view=compare")
    title, tools, north = frame.evaluate(TITLE_AND_TOOLS)
    assert title > 0, "the map has a title"
    assert min(tools, north) >= title


FOLDED = """() => {
  const {args} = JSON.parse(plannerShown());
  const map = plannerMaps()[0], box = document.querySelector('.pl-legend');
  const beside = height => {
    box.open = true;
    box.style.height = `${height}px`;
    plannerShell.fold(map, args.bounds, 30);
    return box.open;
  };
  const alone = [beside(40), beside(240)];
  sessionStorage.setItem('planner-map-legend', 'open');
  return [...alone, beside(240)];
}"""


def test_a_legend_behind_which_what_was_chosen_would_lie_is_shut_unless_its_reader_opened_it(visit):
    frame = opened(visit, "gaps?lang=en&kind=clinic&tour=off&gap=clinic-001")
    assert frame.evaluate(FOLDED) == [True, False, True]


def test_the_wheel_scrolls_the_page_past_a_map_until_the_map_is_clicked(visit):
    frame = opened(visit, "?lang=en&tour=off")
    page = visit.page
    page.set_viewport_size({"width": 1366, "height": 600})
    visit.settle()
    zoom = "() => plannerMaps()[0].getZoom()"
    before, box = frame.evaluate(zoom), page.locator("iframe").first.bounding_box()
    main = page.locator('[data-testid="stMain"]')

    def wheel(down: int) -> tuple[float, float]:
        page.mouse.move(box["x"] + 200, box["y"] + 60)
        page.mouse.wheel(0, down)
        page.wait_for_timeout(DEBOUNCED_MS)
        return main.evaluate("main => main.scrollTop"), frame.evaluate(zoom)

    assert wheel(200) == (200, before)
    assert wheel(-200) == (0, before)
    # as a click on it does, which would also choose what lies there
    frame.evaluate("() => document.dispatchEvent(new PointerEvent('pointerdown'))")
    scrolled, zoomed = wheel(200)
    assert (scrolled, zoomed < before) == (0, True)
    frame.evaluate("() => window.dispatchEvent(new Event('blur'))")
    assert wheel(200) == (200, zoomed)
