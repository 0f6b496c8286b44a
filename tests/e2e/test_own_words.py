"""What Streamlit words in English only is worded in the reader's language."""

import pytest

from planner.views.words.labels import Labels

pytestmark = [pytest.mark.browser, pytest.mark.journey(one_in=2)]

SAID = """each => [
    getComputedStyle(each, '::after').content, parseFloat(getComputedStyle(each).fontSize),
]"""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_list_without_anything_more_to_choose_says_so(visit, lang):
    page = visit.page
    visit.open(f"what-if?lang={lang}&kind=clinic&tour=off&work_view=compare")
    visit.map_frame()
    visit.settle()
    page.get_by_test_id("stMultiSelect").locator("input").click()
    empty = page.locator("[role=option] > span")
    empty.wait_for()
    assert empty.inner_text() == "No results", "by Streamlit, and not shown"
    told, size = empty.evaluate(SAID)
    assert told == f'"{Labels(lang).message("app.select_none")}"'
    assert size == 0


def test_no_box_for_a_name_says_in_english_how_it_is_sent(visit):
    page = visit.page
    visit.open("what-if?lang=zh&kind=clinic&tour=off")
    visit.map_frame()
    visit.settle()
    page.get_by_role("tab").nth(3).click()
    page.get_by_role("textbox").last.fill("原情景")
    page.get_by_test_id("InputInstructions").first.wait_for(state="attached")
    assert not page.get_by_test_id("InputInstructions").first.is_visible()
