"""Nothing is cut: every page in both languages, on a screen of 1366 and on one of 1024 pixels."""

import pytest
from overflow import CUT, LISTEN

from planner.app.main import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.journey]

ADDRESSES = [each.path for entries in PAGES.values() for each in entries]
SCREENS = ({"width": 1366, "height": 768}, {"width": 1024, "height": 768})
WORK_MS = 300_000


def finished(visit) -> None:
    """Wait until no work goes on behind the page."""
    working = visit.page.locator("[class*=st-key-working_], [data-testid=stSpinner]")
    visit.settle()
    working.first.wait_for(state="detached", timeout=WORK_MS)
    visit.settle()


def cut_on(visit, path: str, lang: str) -> list[str]:
    """Return what is cut on a page, each with the width of the screen and the tab."""
    page, found = visit.page, []
    visit.open(f"{path}?lang={lang}&tour=off")
    page.get_by_test_id("stMain").locator("h2").first.wait_for(timeout=90_000)
    finished(visit)
    for screen in SCREENS:
        page.set_viewport_size(screen)
        finished(visit)
        for number in range(max(page.get_by_role("tab").count(), 1)):
            tab = page.get_by_role("tab").nth(number)
            if tab.count():
                tab.click()
                visit.settle()
            frames = [page.main_frame, *(each for each in page.frames if "map_files" in each.url)]
            found += [
                f"{screen['width']} px, tab {number + 1}: {each}"
                for frame in frames
                for each in frame.evaluate(CUT)
            ]
            assert page.evaluate("() => typeof window.drawnTexts") == "number"
            page.evaluate("() => window.cutTexts.clear()")
    return found


def test_the_first_table_and_boxes_are_whole(visit):
    """Look at one page only; the others are the long run's."""
    visit.page.add_init_script(LISTEN)
    assert cut_on(visit, "kinds", "en") == []
    assert visit.page.evaluate("() => window.drawnTexts") > 20


def test_what_is_cut_is_found(visit):
    """Narrow a box and a cell: the test above would fail."""
    page = visit.page
    page.add_init_script(LISTEN)
    visit.open("kinds?lang=en&tour=off")
    page.get_by_test_id("stDataFrame").first.wait_for(timeout=90_000)
    visit.settle()
    page.evaluate(
        """() => {
          const pen = document.querySelector('.stDataFrame canvas').getContext('2d');
          pen.save(); pen.beginPath(); pen.rect(0, 0, 20, 20); pen.clip();
          pen.fillText('a text that has no room', 2, 2); pen.restore();
          const box = document.createElement('div');
          box.style = 'width: 40px; overflow: hidden; white-space: nowrap';
          box.innerText = 'words without room';
          const button = document.createElement('button');
          button.style = 'width: 40px; overflow-wrap: anywhere';
          button.innerText = 'Download';
          document.querySelector('.stMainBlockContainer').append(box, button);
        }"""
    )
    told = " ".join(page.evaluate(CUT))
    assert "a text that has no room" in told
    assert "words without room" in told
    assert "a word in two lines: Download" in told


def test_buttons_beside_the_answer_keep_their_words_whole(visit):
    """On a screen of 1024 pixels, where the long run looks at every page."""
    visit.page.add_init_script(LISTEN)
    assert cut_on(visit, "overview", "en") == []


@pytest.mark.long  # of one page above
@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_cut(visit, path, lang):
    visit.page.add_init_script(LISTEN)
    assert cut_on(visit, path, lang) == []
