"""A map of which something cannot be loaded: it has its view, and says what it lacks."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.journey(one_in=3)]

VIEW = """() => plannerMaps().map(map => {
    const box = map.getBounds();
    return [map.getZoom(), box.getSouth(), box.getWest(), box.getNorth(), box.getEast()];
})"""


@pytest.fixture
def page(windows, server):
    context = windows.lend(server.url)
    page = context.new_page()
    page.set_default_timeout(90_000)
    yield page
    windows.take_back(context)


def shown(page, server):
    page.goto(f"{server.url}/coverage?lang=en&kind=clinic")
    page.frame_locator("iframe").first.locator("body[data-drawn]").wait_for(state="attached")
    frame = next(frame for frame in page.frames if "map_files.map" in frame.url)
    # on a busy machine the frame has its height, and the map its view, only after the layers
    before = None
    while (now := frame.evaluate(VIEW)) != before:
        before = now
        page.wait_for_timeout(500)
    return frame


def test_a_map_that_lacks_its_ground_or_a_layer_shows_its_extent_and_says_so(page, server):
    whole = shown(page, server)
    assert whole.locator(".missing").is_hidden()
    ((zoom, south, west, north, east),) = whole.evaluate(VIEW)
    for lost, name in (("base-*.json", "Base map"), ("circles-*.json", "Homes beyond the limit")):
        page.route(f"**/{lost}", lambda route: route.abort())
        page.evaluate("sessionStorage.clear()")
        frame = shown(page, server)
        assert name in frame.locator(".missing").inner_text()
        ((now, *box),) = frame.evaluate(VIEW)
        assert abs(now - zoom) <= 0.5, (lost, now)
        assert box[0] < (south + north) / 2 < box[2]
        assert box[1] < (west + east) / 2 < box[3]
        page.unroute(f"**/{lost}")


def test_a_reader_comes_back_to_the_whole_district_also_after_a_reload(page, server):
    frame = shown(page, server)
    page.evaluate("sessionStorage.clear()")
    frame = shown(page, server)
    before = frame.evaluate(VIEW)
    frame.evaluate("() => { plannerMaps()[0].zoomIn(2, {animate: false}); }")
    assert frame.evaluate(VIEW) != before
    frame = shown(page, server)  # the reader's own view is kept
    assert frame.evaluate(VIEW)[0][0] == before[0][0] + 2
    frame.locator(".whole-button").click()
    frame = shown(page, server)
    assert frame.evaluate(VIEW) == before


def test_where_a_choice_led_the_map_is_not_kept_for_another_choice(page, server):
    def opened(address):
        page.goto(f"{server.url}/{address}")
        page.frame_locator("iframe").first.locator("body[data-drawn]").wait_for(state="attached")
        page.wait_for_timeout(1500)  # the map's own movement ends
        frame = next(frame for frame in page.frames if "map_files.map" in frame.url)
        return frame.evaluate(VIEW)[0][0], frame

    # legends of several sizes leave the whole district more or less room
    whole, unled = (opened(f"{name}?lang=en&kind=clinic")[0] for name in ("coverage", "gaps"))
    page.evaluate("sessionStorage.clear()")
    near, _ = opened("gaps?lang=en&kind=clinic&gap_kind=clinic&gap=clinic-001")
    assert near > unled
    again, frame = opened("coverage?lang=en&kind=clinic")
    assert again == whole
    frame.evaluate("() => { plannerMaps()[0].zoomIn(1, {animate: false}); }")
    led, _ = opened("gaps?lang=en&kind=clinic&gap_kind=clinic&gap=clinic-001")
    assert abs(led - near) <= 0.5
    assert opened("coverage?lang=en&kind=clinic")[0] == whole + 1  # the reader's own is kept
