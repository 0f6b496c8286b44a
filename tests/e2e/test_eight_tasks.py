"""What a planner comes for, walked in the browser as a new user would, each click counted."""

import re

import pytest
from effort import tries
from map_clicks import ON_THE_MAP

from planner import demo_district, write_district
from planner.district import builtin_kinds
from planner.sources.corrections import corrections_file, read_corrections
from planner.views.words.labels import Labels
from planner.views.words.siting.departments import department_word

pytestmark = [pytest.mark.browser, pytest.mark.journey]

LANGUAGES = ["en", "zh"][: tries(1, 2)]
STAMP = "() => document.body.dataset.drawn"
ROW = "cell => Number(cell.closest('[role=row]').getAttribute('aria-rowindex'))"
"""Row of a cell of a table, from 2; the heading is row 1."""
CORNER = """async grid => {
    grid.scrollIntoView({block: "nearest"});
    const frame = () => new Promise(requestAnimationFrame);
    let before, now = grid.getBoundingClientRect();
    do { before = now; await frame(); await frame(); now = grid.getBoundingClientRect(); }
    while (now.x !== before.x || now.y !== before.y);
    return [now.x, now.y];
}"""
"""Upper left corner of a table or map that is in sight and at rest, all of it asked at once.

A page whose search goes on beside it draws the table anew between two questions."""
SLOW_MS = 300_000
ROW_PX, TALL_PX = 33, 61
ROW_HEIGHT = """async table => {
    const frame = () => new Promise(requestAnimationFrame);
    let cells;
    while (!(cells = table.querySelector("[role=grid]")) && table.isConnected) await frame();
    const rows = cells ? Number(cells.getAttribute("aria-rowcount")) - 1 : 0;
    return (table.getBoundingClientRect().height - 33) / rows;
}"""
"""Height of the rows of a table that is as high as they are.

A table that is drawn anew is empty for a moment: its cells are waited for."""


class Walk:
    """A reader's way through the dashboard that counts its clicks; typing is none."""

    def __init__(self, visit, lang: str, more: str = "") -> None:
        self.visit, self.page, self.clicks = visit, visit.page, 0
        self.labels = Labels(lang)
        self.say = self.labels.message
        visit.open(f"?lang={lang}&tour=off{more}")
        visit.map_frame()
        visit.settle()

    def click(self, what) -> None:
        what.click()
        self._clicked()

    def click_at(self, x: float, y: float) -> None:
        self.page.mouse.click(x, y)
        self._clicked()

    def _clicked(self) -> None:
        self.clicks += 1
        self.visit.settle()

    def kind(self, kind: str) -> str:
        return self.labels.kind(kind, builtin_kinds())

    def go(self, path: str, title: str) -> None:
        """Follow the link to a page, known by the code of its title."""
        links = self.page.get_by_test_id("stSidebarNavLink")
        self.click(links.filter(has_text=self.say(title)))
        self.page.wait_for_url(f"**/{path}?**")

    def row(self, words: str, table: int = 0) -> None:
        """Choose the row of a table in which a cell begins with some words."""
        grid = self.page.get_by_test_id("stDataFrame").nth(table)
        cells = grid.get_by_role("gridcell", include_hidden=True)
        cell = cells.filter(has_text=re.compile(f"^{re.escape(words)}")).first
        cell.wait_for(state="attached", timeout=SLOW_MS)
        self.first_row(table, cell.evaluate(ROW) - 2)

    def first_row(self, table: int = 0, number: int = 0) -> None:
        grid = self.page.get_by_test_id("stDataFrame").nth(table)
        x, y = grid.evaluate(CORNER)
        # where a text takes two lines all rows are higher; the heading is not
        high = TALL_PX if abs(grid.evaluate(ROW_HEIGHT) - TALL_PX) < 2 else ROW_PX
        self.click_at(x + 18, y + ROW_PX + (0.5 + number) * high)

    def place(self, lat: float, lon: float) -> None:
        """Click on a place of the map."""
        frame = self.visit.map_frame()
        left, top = self.page.locator("iframe").first.evaluate(CORNER)
        x, y = frame.evaluate(ON_THE_MAP, [lat, lon])
        self.click_at(left + x, top + y)

    def at_most(self, clicks: int) -> None:
        assert self.clicks <= clicks, f"{self.clicks} clicks"
        self.clicks = 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_from_the_worst_kind_to_a_tried_remedy(visit, lang):
    walk = Walk(visit, lang)
    page, say = walk.page, walk.say
    page.locator(".st-key-overview_answer").filter(has_text=walk.kind("elderly_care")).wait_for()
    walk.at_most(0)

    walk.row(walk.kind("clinic"))
    page.wait_for_url("**/coverage?**kind=clinic**")
    walk.go("gaps", "gaps.page")
    page.wait_for_url("**gap_kind=clinic**")
    visit.map_frame()
    walk.at_most(2)

    walk.first_row()
    page.locator(".st-key-gap_steps strong").wait_for()  # the steps stand beside the gap's name
    walk.click(page.locator(".st-key-gap_steps").get_by_role("button", name=say("gaps.try_new")))
    page.wait_for_url("**/what-if?**kind=clinic**")
    page.get_by_role("tab").first.get_by_text("1").wait_for()
    walk.at_most(2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_clinics_within_nine_million_are_compared(visit, lang):
    walk = Walk(visit, lang)
    page, say = walk.page, walk.say
    walk.go("budget", "budget.page")  # by its name the page for it; it knows no number of sites
    budget = page.get_by_role("spinbutton", name=say("budget.budget"))
    walk.click(budget)
    budget.fill("900")
    budget.press("Enter")
    visit.settle()
    page.wait_for_url("**budget=900**")
    walk.click(page.get_by_role("button", name=say("budget.to_siting")))
    page.wait_for_url("**/siting?**budget=900**")
    take = page.locator(".st-key-siting_take button").first
    take.wait_for(timeout=120_000)  # the search takes its time on a busy machine
    walk.click(take)
    page.wait_for_url("**/what-if?**kind=clinic**")
    page.get_by_role("tab").first.get_by_text("3").wait_for()
    walk.click(page.get_by_text(say("app_what_if.view_compare"), exact=True))
    page.frame_locator("iframe").first.locator(".pane h2").nth(1).wait_for()
    walk.at_most(8)


@pytest.mark.long  # it takes longest of all
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_departments_list(visit, lang):
    from playwright.sync_api import expect

    walk = Walk(visit, lang)
    page, say = walk.page, walk.say
    walk.go("departments", "departments.page")
    page.get_by_test_id("stDataFrame").first.wait_for(timeout=SLOW_MS)
    visit.settle()
    walk.row(department_word("health", walk.labels))
    own = page.get_by_text(
        say("departments.gaps_of", department=department_word("health", walk.labels))
    ).first
    expect(own).to_be_in_viewport()  # where it was clicked, not below both tables
    walk.at_most(2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_communitys_card_is_taken_to_print(visit, lang):
    walk = Walk(visit, lang)
    page, say = walk.page, walk.say
    walk.click(page.get_by_role("tab", name=say("app_overview.tab_league")))
    walk.first_row(1)
    page.wait_for_url("**/coverage?**place=c.**")
    page.context.add_init_script("window.print = () => { document.body.dataset.asked = 'yes'; }")
    with page.context.expect_page(timeout=60_000) as opened:
        walk.click(page.get_by_role("link", name=say("app_work.print_card")).first)
    opened.value.locator("body[data-asked=yes] article").wait_for()
    opened.value.close()
    walk.at_most(3)

    with page.expect_download(timeout=60_000) as got:
        walk.click(page.get_by_role("button", name=say("app_work.checkup_card")))
    name = got.value.suggested_filename
    assert name.endswith(".html")
    assert name.isascii() == (lang == "en"), "it is called as its page calls the community"
    walk.at_most(3)

    walk.go("checkup", "checkup.page")
    page.get_by_test_id("stDataFrame").first.wait_for(timeout=SLOW_MS)
    visit.settle()
    walk.first_row(0, 1)
    with page.expect_download(timeout=60_000) as got:
        walk.click(page.get_by_role("button", name=say("checkup.download_card")))
    second = got.value.suggested_filename
    assert second.endswith("-checkup.html")
    assert second.isascii() == (lang == "en")
    walk.at_most(3)


MIDDLES = """marks => marks.map(mark => {
    const box = mark.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
})"""
"""Gives the middle of each mark, in its frame."""


def free_place(x: float, y: float, marks: list[list[float]]) -> tuple[float, float]:
    """Return a place some way off a mark where no other stands: nothing is moved onto another."""
    around = [(x + dx, y + dy) for dx in (60, 80, 100, 120) for dy in (0, -30, 30, 60)]
    return max(around, key=lambda at: min(abs(at[0] - m[0]) + abs(at[1] - m[1]) for m in marks))


@pytest.mark.long  # of the data: below; without a browser: tests/app/test_what_if.py
@pytest.mark.parametrize("tool", ["none", "before", "between"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_facility_is_moved_and_the_move_undone(visit, lang, tool):
    """By the tool that stands there, or by *Move*, chosen before the facility or after it."""
    walk = Walk(visit, lang)
    page, say = walk.page, walk.say
    walk.go("what-if", "app_what_if.page")
    frame = visit.map_frame()
    box = page.locator("iframe").first.bounding_box()
    (x, y), *others = frame.locator(".pl-marker").evaluate_all(MIDDLES)
    move = page.get_by_test_id("stButtonGroup").get_by_text(say("app_what_if.tool_move"))
    for when, (to_x, to_y) in (("before", (x, y)), ("between", free_place(x, y, others))):
        if tool == when:
            walk.click(move)
        before = frame.evaluate(STAMP)
        walk.click_at(box["x"] + to_x, box["y"] + to_y)
        frame.wait_for_function(f"before => ({STAMP})() !== before", arg=before, timeout=60_000)
    page.get_by_role("tab").first.get_by_text("1").wait_for()
    walk.click(page.get_by_role("button", name=say("app_what_if.undo"), exact=True))
    page.get_by_role("tab").first.get_by_text("0").wait_for()
    walk.at_most(4 if tool == "none" else 5)


@pytest.fixture
def corrected(workspaces):
    """A copy of the demo in the folder, a clinic in it and a free place of it, latitude first."""
    demo = demo_district()
    file = write_district(demo, workspaces / "corrected.gpkg")
    clinic, places = demo.open_facilities("clinic").geometry.iloc[:1], demo.facilities.geometry
    around = [(east, north) for east in (-500, 500) for north in (-500, -250, 250, 500)]
    within = demo.communities.union_all()
    places_around = (clinic.translate(*step) for step in around)
    moved = [each for each in places_around if within.contains(each.iloc[0])]
    free = max(moved, key=lambda each: places.distance(each.iloc[0]).min())
    yield (
        file,
        *((each.y.iloc[0], each.x.iloc[0]) for each in (g.to_crs(4326) for g in (clinic, free))),
    )
    file.unlink()
    corrections_file(file).unlink(missing_ok=True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_facility_of_the_data_is_moved_and_the_move_undone(visit, corrected, lang):
    from playwright.sync_api import expect

    file, clinic, free = corrected
    walk = Walk(visit, lang, f"&district={file.name}")
    page, say = walk.page, walk.say
    walk.go("data", "app.page_sources")
    part = say("app_data.part_correct")
    walk.click(page.get_by_test_id("stButtonGroup").get_by_text(part))
    page.get_by_text(say("app_data.hint_pick")).wait_for()
    visit.settle()  # the map of this part in the place of the one before
    walk.place(*clinic)
    page.get_by_text(say("app_data.hint_pick_chosen")).wait_for()
    visit.settle()
    walk.place(*free)
    page.get_by_role("tab", name=say("app_data.tab_steps", count=1)).wait_for()
    assert [step.do for step in read_corrections(file).steps] == ["edit"]
    undo = page.locator(".st-key-correct_made").get_by_role("button", name=say("app_what_if.undo"))
    expect(undo).to_be_in_viewport()  # where it was clicked
    walk.click(undo)
    page.get_by_role("tab", name=say("app_data.tab_steps", count=0)).wait_for()
    assert read_corrections(file).steps == ()
    walk.at_most(5)


@pytest.mark.long  # with its figures: test_dashboard.py
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_area_is_drawn_and_read(visit, lang):
    walk = Walk(visit, lang)
    page, say = walk.page, walk.say
    walk.go("coverage", "app.page_coverage")
    frame = visit.map_frame()
    walk.click(frame.get_by_role("button", name=say("app_map.area")))
    box = page.locator("iframe").first.bounding_box()
    corners = [(0.35, 0.35), (0.6, 0.35), (0.6, 0.65), (0.35, 0.65)]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()
    walk.clicks += 1
    told = frame.locator(".desk details")
    told.wait_for(timeout=SLOW_MS)
    assert any(letter.isdigit() for letter in told.inner_text())
    page.wait_for_url("**drawn=**")
    walk.at_most(3)
