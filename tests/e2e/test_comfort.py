"""Comfort in the browser: the keyboard, what a figure rests on, the tour, long work, search."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.journey]

FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  return {
    tag: at.tagName,
    words: (at.getAttribute('aria-label') || at.title || at.innerText || '').trim(),
    part: at.closest('[data-testid="stSidebar"]') ? 'sidebar' : 'main',
    x: box.x, y: box.y, size: box.width * box.height,
    outline: getComputedStyle(at).outlineStyle + getComputedStyle(at).boxShadow,
  };
}"""


def stops(page, most: int = 60) -> list[dict]:
    """Return where Tab leads, from the top of the page to its map."""
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            continue
        found.append(stop)
        if stop["tag"] == "IFRAME":
            break
    return found


def tab_goes_as_it_is_read(visit, figures_count: int) -> None:
    found = stops(visit.page)
    assert found[-1]["tag"] == "IFRAME"
    assert all(stop["size"] > 0 for stop in found)
    main = [stop for stop in found if stop["part"] == "main"]
    sidebar = [stop for stop in found if stop["part"] == "sidebar"]
    assert len(sidebar) >= 13
    buttons = [stop for stop in main if stop["tag"] == "BUTTON"]
    figures = [stop for stop in buttons if "What this figure rests on" in stop["words"]]
    assert len(figures) == figures_count
    assert [stop["x"] for stop in figures] == sorted(stop["x"] for stop in figures)
    assert main.index(figures[0]) < main.index(found[-1])
    for stop in [*figures, *sidebar]:
        assert stop["outline"] != "nonenone", stop


@pytest.mark.long  # of another page below; addresses: tests/app/test_addresses.py
def test_the_first_page_has_its_name_and_tab_goes_through_it(visit):
    visit.open("overview?lang=en&group=pop_65plus&tour=off")
    visit.map_frame()
    visit.settle()
    assert "group=pop_65plus" in visit.page.url
    assert visit.page.get_by_text("Page not found").count() == 0
    tab_goes_as_it_is_read(visit, 5)


def test_coverage_by_keyboard(visit):
    """Tab through the page, open what a figure rests on, move the map, pick what is beneath."""
    visit.open("coverage?lang=en&kind=clinic")
    frame = visit.map_frame()
    visit.settle()
    tab_goes_as_it_is_read(visit, 6)
    page = visit.page
    page.get_by_role("button", name="What this figure rests on: Coverage rate").focus()
    page.keyboard.press("Enter")
    told = page.get_by_test_id("stPopoverBody")
    told.get_by_text("not yet checked against the official text").wait_for()
    words = told.inner_text()
    for fact in ("300 m", "GB 50180-2018", "2026", "Unknown: 18", "66.5%"):
        assert fact in words
    visit.picture("figure-opened")
    page.keyboard.press("Escape")
    told.wait_for(state="hidden")

    plate = frame.locator(".plate").first
    plate.focus()
    pane = frame.locator(".leaflet-map-pane").first
    before = pane.evaluate("pane => pane.style.transform")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(900)
    assert pane.evaluate("pane => pane.style.transform") != before
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Back to the table").wait_for()


@pytest.mark.long  # without a browser: tests/app/test_tour.py
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tour_goes_from_page_to_page(visit, lang):
    page = visit.page
    visit.open(f"?lang={lang}")
    page.locator(".st-key-tour_start button").click(timeout=90_000)
    for number in range(1, 8):
        card = page.locator(".st-key-tour_card")
        card.get_by_text(f"{number}/7").wait_for(timeout=90_000)
        assert f"tour={number}" in page.url or page.wait_for_url(f"**tour={number}**") is None
        visit.settle()
        visit.picture(f"tour-{lang}-{number}")
        if number < 7:
            page.locator(".st-key-tour_next button").click()
    page.locator(".st-key-tour_stop button").click()
    page.locator(".st-key-tour_card").wait_for(state="detached")


PAGES_OF_MANY = ("gaps", "links", "siting", "matching", "what-if")


@pytest.mark.long  # of one page: test_coverage_by_keyboard
@pytest.mark.parametrize("path", PAGES_OF_MANY)
def test_tab_gets_past_the_map_and_its_tables_and_is_seen(visit, path):
    """Each stop is seen, the map takes as many as it has tools, and at the end Tab starts anew."""
    page = visit.page
    visit.open(f"{path}?lang=en&kind=clinic&tour=off")
    visit.map_frame()
    working = page.locator("[class*=st-key-working_]")
    working.first.wait_for(state="detached", timeout=300_000)
    visit.settle()
    inside, last = 0, None
    for _ in range(150):
        page.keyboard.press("Tab")
        last = page.evaluate(FOCUS)
        if last is None and inside:
            break
        inside += last is not None and last["tag"] == "IFRAME"
        assert last is None or last["size"] > 0
    assert last is None
    assert 3 <= inside <= 16
