"""Names from data run as code nowhere: every page, every tab, every file to take away.

An ordinary run walks every eighth page; `tests/security/test_pages.py` reads all without a browser.
"""

from dataclasses import replace

import pytest
from effort import tries
from hostile import HOSTILE, hostile_district
from map_clicks import click_share

import planner
from planner.analysis.compliance.checkup import checkup
from planner.app.main import PAGES
from planner.district import find_standard
from planner.district.standards.files import standard_toml
from planner.views.exports.analysis.checkups import write_checkup

pytestmark = [pytest.mark.browser, pytest.mark.journey]

FIRST, *OTHERS = [leaf.path for leaves in PAGES.values() for leaf in leaves]
PATHS = ["", *OTHERS]
"""The first page is the one at the bare address."""
OPEN_MANY = """most => {
    const found = [];
    const collect = layer => {
        if (layer.eachLayer) layer.eachLayer(collect);
        else if ((layer.getTooltip && layer.getTooltip()) || (layer.getPopup && layer.getPopup()))
            found.push(layer);
    };
    const maps = window.plannerMaps ? window.plannerMaps() : [];
    maps.forEach(map => map.eachLayer(collect));
    const step = Math.max(1, Math.ceil(found.length / most));
    found.filter((_, number) => number % step === 0).forEach(layer => {
        if (layer.getTooltip()) layer.openTooltip();
        if (layer.getPopup()) layer.openPopup();
    });
    return found.length;
}"""
MOST_OPENED = 200
"""Tooltips that are opened on a map, evenly among all: thousands would take a minute."""
UNHARMED = """() => [
    window.__ran === undefined,
    document.querySelectorAll("img[src='x'], [onerror]").length
]"""


def look(page) -> int:
    """Open whatever can be opened, and see that nothing ran and no tag came through.

    Returns how many tooltips and popups the maps have.
    """
    there = 0
    for frame in page.frames:
        if "map_files.map" in frame.url:
            there += frame.evaluate(OPEN_MANY, MOST_OPENED)
    page.wait_for_timeout(400)
    for frame in page.frames:
        if not frame.is_detached() and not frame.url.startswith("about:"):
            assert frame.evaluate(UNHARMED) == [True, 0], frame.url[:100]
    return there


@pytest.mark.parametrize("path", PATHS[tries(1, 0) :: tries(8, 1)])
def test_no_page_runs_a_name(visit, path):
    visit.open(f"{path}?lang=en&district=hostile.gpkg&kind=clinic")
    page = visit.page
    page.get_by_test_id("stSidebarNavLink").first.wait_for()
    page.get_by_test_id("stMain").locator("iframe, [data-testid=stDataFrame], p").first.wait_for(
        timeout=90_000
    )
    visit.settle()
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("not foreseen").count() == 0
    if path == "coverage":
        visit.map_frame()
        assert look(page) > 10
    else:
        look(page)
    for tab in page.get_by_role("tab").all():
        tab.click()
        visit.settle()
        look(page)
    for summary in page.locator("[data-testid=stExpander] summary").all():
        if summary.is_visible():
            summary.click()
    for icon in page.get_by_test_id("stTooltipHoverTarget").all()[:8]:
        if icon.is_visible():
            icon.hover(force=True)
            page.wait_for_timeout(120)
    look(page)
    visit.picture(f"hostile-{path or FIRST}")


@pytest.mark.journey(one_in=2)
@pytest.mark.parametrize("kind", ["walk", "community"][: tries(1, 2)])
def test_no_card_of_a_place_runs_a_name(visit, kind):
    visit.open(f"coverage?lang=en&district=hostile.gpkg&kind=clinic&click={kind}")
    visit.map_frame()
    visit.settle()
    for across in (0.45, 0.55)[: tries(1, 2)]:
        click_share(visit.map_frame(), across, 0.5)
        visit.settle()
        look(visit.page)
    visit.page.get_by_label("Search").first.fill("img")
    visit.page.keyboard.press("Enter")
    visit.settle()
    look(visit.page)


@pytest.mark.journey(one_in=2)
def test_no_standard_that_is_uploaded_runs_its_words(visit, tmp_path):
    base = find_standard("15-minute")
    rules = {kind: replace(rule, clause=HOSTILE) for kind, rule in base.rules.items()}
    own = replace(base, id="own", en=HOSTILE, zh=HOSTILE, source=HOSTILE, rules=rules)
    file = tmp_path / "own.toml"
    file.write_text(standard_toml(own), encoding="utf-8")
    visit.open("standards?lang=en")
    visit.settle()  # while the page is drawn the box may be drawn anew, without what it was given
    visit.page.get_by_role("tab").last.click()
    visit.settle()
    visit.page.locator("input[type=file]").set_input_files(file)
    visit.page.locator("input[value='own']").wait_for(timeout=90_000)  # the file is read
    visit.settle()
    look(visit.page)
    assert visit.page.get_by_test_id("stAlert").all_inner_texts() == []
    visit.page.locator(".st-key-standards_use button").click()
    visit.page.wait_for_url("**standard=own-**")
    visit.settle()
    look(visit.page)
    for name in ("Coverage", "All kinds", "Check-up and clauses", "Overview"):
        visit.page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()
        visit.page.get_by_test_id("stDataFrame").first.wait_for(timeout=90_000)
        visit.settle()
        look(visit.page)


@pytest.fixture(scope="module")
def taken_away(tmp_path_factory):
    """Return the HTML files that are made of the hostile district."""
    folder = tmp_path_factory.mktemp("hostile")
    result = planner.assess(hostile_district())
    result.write(folder / "results")
    made = checkup(result)
    write_checkup(made, folder / "checkup", "en")
    return sorted(folder.rglob("*.html"))


@pytest.mark.journey(one_in=2)
def test_no_file_to_take_away_runs_a_name(browser, taken_away):
    assert {file.name for file in taken_away} >= {"map.html", "cards.html"}
    context = browser.new_context()
    for file in taken_away:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error, kept=errors: kept.append(str(error)))
        page.goto(file.as_uri())  # until all is loaded, or has failed to
        page.wait_for_timeout(200)
        page.evaluate(
            """() => Object.values(window).filter(each => each instanceof (window.L?.Map ?? Array))
                .forEach(map => map.eachLayer && map.eachLayer(layer => {
                    if (layer.getTooltip && layer.getTooltip()) layer.openTooltip();
                    if (layer.getPopup && layer.getPopup()) layer.openPopup();
                }))"""
        )
        page.wait_for_timeout(200)
        assert page.evaluate(UNHARMED) == [True, 0], file.name
        assert errors == [], file.name
        page.close()
    context.close()
