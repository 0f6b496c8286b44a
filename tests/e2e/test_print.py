"""The page that the map's button to print opens: one sheet of A4 with what the map means."""

import re

import pytest
from effort import tries

pytestmark = [pytest.mark.browser, pytest.mark.journey]

SIZE = """() => {
    const page = document.querySelector("article").getBoundingClientRect();
    const inside = [...document.querySelectorAll("article header, main, main aside, footer")];
    const low = Math.max(...inside.map(each => each.getBoundingClientRect().bottom));
    return [page.bottom - low, page.width / page.height];
}"""


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("主要指标", "图例", "标准：")),
        ("en", ("Key figures", "Legend", "Standard:")),
    ][: tries(1, 2)],
)
def test_a_map_is_printed_on_one_sheet_as_it_is_seen(visit, lang, words, tmp_path):
    visit.open(f"coverage?lang={lang}&kind=clinic")
    frame = visit.map_frame()
    visit.settle()
    frame.evaluate("() => { plannerMaps()[0].zoomIn(1, {animate: false}); }")
    inside = visit.page.frame_locator("iframe").first
    with visit.page.context.expect_page() as opened:
        inside.locator(".print-button").click()
    sheet = opened.value
    sheet.locator("body[data-drawn]").wait_for(state="attached")
    sheet.wait_for_timeout(800)
    text = sheet.locator("article").inner_text()
    for word in (*words, visit.figure("Coverage rate" if lang == "en" else "覆盖率").inner_text()):
        assert word in text
    assert sheet.locator(".pl-north").is_visible()
    assert sheet.locator(".leaflet-control-scale").is_visible()
    for place in ("getNorth", "getEast"):
        seen = [
            each.evaluate(f"() => plannerMaps()[0].getBounds().{place}()")
            for each in (frame, sheet)
        ]
        assert seen[1] >= seen[0] - 1e-6, "what was seen is on the sheet"
    spare, ratio = sheet.evaluate(SIZE)
    assert spare >= -1
    assert 1.3 < ratio < 1.6
    pdf = tmp_path / "map.pdf"
    sheet.pdf(path=str(pdf), prefer_css_page_size=True)
    pages = re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())
    assert len(pages) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 841\.\d+ 59[45]", pdf.read_bytes())
    sheet.reload()
    sheet.locator("body[data-drawn]").wait_for(state="attached")
    assert sheet.locator("article h1").inner_text() in text


ON_PAPER = """() => {
    const style = each => getComputedStyle(document.querySelector(each));
    return [
        style('[data-testid="stSidebar"]').display, style('.stMain').overflowY,
        style('[class*="st-key-figure_"] .stMetric > div').display,
    ];
}"""


def test_a_page_printed_by_the_browser_is_whole_and_has_its_figures(visit, tmp_path):
    """One screen of it was printed, beside the list of pages; values were left out of boxes."""
    visit.open("gaps?lang=en&gap_kind=clinic&tour=off")
    visit.map_frame()
    visit.figure("People in gaps").wait_for()
    visit.settle()
    visit.page.emulate_media(media="print")
    assert visit.page.evaluate(ON_PAPER) == ["none", "visible", "block"]
    pdf = tmp_path / "page.pdf"
    visit.page.pdf(path=str(pdf), prefer_css_page_size=True)
    visit.page.emulate_media(media="null")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) > 1
