"""What stands over the map hides no place of the district, and a view is its reader's or none's."""

from urllib.parse import urlsplit

import pytest

from planner import demo_district

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
  const box = document.querySelector('.pl-legend');
  const beside = signs => {
    box.open = true;
    box.lastElementChild.innerHTML = '<div class="pl-row"></div>'.repeat(signs);
    plannerShell.fold();
    return box.open;
  };
  const alone = [beside(2), beside(7)];
  sessionStorage.setItem('planner-map-legend', 'open');
  return [...alone, beside(7)];
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


DRAWN_AND_TOLD = """() => {
  const map = plannerMaps()[0], told = document.querySelector('.figures').getBoundingClientRect();
  const points = plannerSketch.told().map(each => map.latLngToContainerPoint(each));
  const area = L.bounds(points), size = map.getSize();
  const seen = area.min.x >= 0 && area.min.y >= 0 && area.max.x <= size.x && area.max.y <= size.y;
  const beside = told.left >= area.max.x || told.right <= area.min.x || told.top >= area.max.y
    || told.bottom <= area.min.y;
  return [seen, beside];
}"""


def drawn(visit, frame, left, top):
    """Draw an area by a stroke, below the hint."""
    frame.locator(".area-button").click()
    box = visit.page.locator("iframe").first.bounding_box()
    mouse = visit.page.mouse
    at = [(left, top), (left + 0.4, top), (left + 0.4, top + 0.4), (left, top + 0.4)]
    corners = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in at]
    mouse.move(*corners[0])
    mouse.down()
    for corner in corners[1:]:
        mouse.move(*corner, steps=4)
    mouse.up()
    frame.locator(".figures").wait_for()
    visit.settle()


VIEW = """() => [plannerMaps()[0].getZoom(), plannerMaps()[0].getCenter()]"""


def test_figures_of_an_area_stand_below_a_narrow_map_and_the_view_stays(visit):
    frame = opened(visit, "overview?lang=en&tour=off")
    before = frame.evaluate(VIEW)
    drawn(visit, frame, 0.3, 0.35)
    assert frame.evaluate(DRAWN_AND_TOLD) == [True, True]
    (was, at), (zoom, there) = before, frame.evaluate(VIEW)
    assert zoom == was
    assert there == pytest.approx(at, abs=2e-4), "some pixels at most, as the frame grows"
    # the frame is as high as both, and none of the figures is cut
    assert frame.evaluate(
        "() => document.querySelector('.figures').getBoundingClientRect().bottom <= innerHeight"
    )
    frame.get_by_role("button", name="Clear").click()
    frame.locator(".figures").wait_for(state="detached")


@pytest.mark.parametrize("left", [0.15, 0.55, 0.3])
def test_an_area_is_seen_beside_what_is_told_of_it(visit, left):
    """Left, right, and in the middle, where the map moves."""
    frame = opened(visit, "coverage?lang=en&kind=clinic&tour=off")
    drawn(visit, frame, left, 0.2)
    assert frame.evaluate(DRAWN_AND_TOLD) == [True, True]
    frame.get_by_role("button", name="Clear").click()
    frame.locator(".figures").wait_for(state="detached")
    visit.settle()
    assert frame.evaluate(OVER_THE_DISTRICT)["seen"], "the map is where it was"


UNDER_THE_LEGEND = """() => {
  const box = document.querySelector('.pl-legend'), map = plannerMaps()[0];
  box.open = true;
  box.style.cssText = 'inset: 0; max-height: none; max-width: none';
  const told = L.tooltip().setLatLng(map.getCenter()).setContent('words').addTo(map);
  const over = Number(getComputedStyle(box).opacity);
  told.remove();
  return [over < 0.2, Number(getComputedStyle(box).opacity)];
}"""


def test_what_is_pointed_at_is_read_where_the_legend_leaves_no_room(visit):
    frame = opened(visit, "coverage?lang=en&kind=clinic&tour=off")
    assert frame.evaluate("() => document.querySelector('.pl-legend').open") is False, "too large"
    assert frame.evaluate(UNDER_THE_LEGEND) == [True, 1.0]


@pytest.mark.parametrize("address", ["coverage?kind=clinic", "gaps?gap=clinic-001", "one-stop?"])
def test_a_legend_stands_open_in_both_languages_or_in_none(visit, address):
    """It was shut where English words were long and open where Chinese ones are short."""
    en, zh = (
        opened(visit, f"{address}&tour=off&lang={lang}").evaluate(LEGEND)[0]
        for lang in ("en", "zh")
    )
    assert en == zh


CHOSEN_AND_TOLD = """() => {
  const {args} = JSON.parse(plannerShown()), map = plannerMaps()[0], size = map.getSize();
  const told = document.querySelector('.figures').getBoundingClientRect();
  const chosen = L.bounds(args.look_at.bounds.map(each => map.latLngToContainerPoint(each)));
  const beside = told.left >= chosen.max.x || told.right <= chosen.min.x
    || told.top >= chosen.max.y || told.bottom <= chosen.min.y;
  const {min, max} = chosen, seen = min.x >= 0 && min.y >= 0 && max.x <= size.x && max.y <= size.y;
  return [seen, beside];
}"""


def test_a_community_chosen_after_an_area_was_drawn_is_seen_beside_what_is_told_of_it(visit):
    frame = opened(visit, "coverage?lang=en&kind=clinic&tour=off")
    drawn(visit, frame, 0.15, 0.2)
    frame.locator(".figures").wait_for()
    visit.page.wait_for_url("**drawn=**")
    for community in demo_district().communities["community_id"].iloc[:3]:
        address = f"coverage?{urlsplit(visit.page.url).query}&place=c.{community}"
        frame = opened(visit, address)
        frame.locator(".figures").wait_for()
        assert frame.evaluate(CHOSEN_AND_TOLD) == [True, True], community


GROWN = """() => {
  const box = document.querySelector('.pl-legend');
  box.lastElementChild.innerHTML += '<div class="pl-row"></div>'.repeat(30);
  window.dispatchEvent(new Event('resize'));
  box.open = !box.open;
}"""


def test_a_map_that_was_clicked_stays_where_it_is_when_its_legend_grows(visit):
    """What a reader moves stands where it was put, also when the change has signs of its own."""
    frame = opened(visit, "what-if?lang=zh&kind=clinic&tour=off")
    before = frame.evaluate(VIEW)
    frame.locator(".picking").click(position={"x": 120, "y": 380})
    visit.settle()
    frame.evaluate(GROWN)
    visit.page.wait_for_timeout(DEBOUNCED_MS)
    zoom, there = frame.evaluate(VIEW)
    assert zoom == before[0]
    assert there == pytest.approx(before[1], abs=2e-4), "some pixels at most"
