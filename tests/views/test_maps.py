import json
import re
from pathlib import Path

import numpy as np
import pytest

import planner
from planner.analysis.questions import Question
from planner.district import Open, Scenario
from planner.errors import InputError
from planner.views.maps.assessment import assessment_map, coverage_groups
from planner.views.maps.base.assets import self_contained_html
from planner.views.maps.base.basemap import base_map, street_class
from planner.views.maps.base.drawing import flat_degrees
from planner.views.maps.parts import facilities
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.parts.legend import figures_html, legend_html
from planner.views.words.labels import Labels

LIBRARY = re.compile(r"(?s)window\.plannerLayers = .*?\}\)\(\);")


def page_of(result, **options) -> str:
    return self_contained_html(assessment_map(result, **options))


def scripts(page: str) -> str:
    """The map's own script, Leaflet and jQuery left out."""
    return page.rsplit("<script>", 1)[1]


@pytest.mark.long
def test_the_same_assessment_has_the_same_page(result):
    assert page_of(result) == page_of(result)


def test_the_base_map_is_the_same_each_time(town):
    assert base_map(town).get_root().render() == base_map(town).get_root().render()


@pytest.mark.long
def test_every_kind_can_be_chosen_and_the_first_judged_is_shown(result):
    page = scripts(page_of(result))
    assert '["service_station","Community service station"]' in page
    assert "Library or reading room (not judged)" in page


@pytest.mark.long
def test_languages(result):
    chinese = scripts(page_of(result, language="zh", group="pop_65plus"))
    for words in ("社区卫生服务站", "各社区覆盖率", "模拟数据：此地为虚构", "65 岁及以上"):
        assert words in chinese
    assert "Beyond the limit" not in chinese


@pytest.mark.long
def test_credits_and_that_the_place_is_made_up(result):
    page = scripts(page_of(result))
    assert "© OpenStreetMap contributors" in page
    assert "Synthetic data: this place is made up" in page


@pytest.mark.long
def test_estimates_are_never_called_people(estimated_result):
    page = LIBRARY.sub("", scripts(page_of(estimated_result)))
    assert "Estimated demand" in page
    assert not re.search(r"residents|people \(|population", page, re.IGNORECASE)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"kind": "moon_base"}, "views.unknown_kind"),
        ({"group": "pop_0_6"}, "views.unknown_group"),
        ({"language": "fr"}, "views.unknown_language"),
        ({"layers": ["heat"]}, "views.unknown_layer"),
    ],
)
def test_what_is_not_known_is_refused(result, options, code):
    with pytest.raises(InputError) as caught:
        assessment_map(result, **options)
    assert caught.value.code == code


def test_groups_of_one_kind(result):
    names = [group.layer_name for group in coverage_groups(result, "clinic")]
    assert names == [
        "Coverage rate by community",
        "Homes beyond the limit",
        "Homes whose distance is unknown",
        "Figures and names",
    ]
    names = [group.layer_name for group in coverage_groups(result, "library", language="zh")]
    assert "超限需求点" not in names


def test_circles_are_the_people_beyond_the_limit(result):
    group = next(g for g in coverage_groups(result, "clinic") if "beyond" in g.layer_name)
    homes, circles = (json.loads(f"[{each.arguments[2:]}]") for each in group._children.values())
    distance = result.distances["clinic"]
    beyond = distance > 300
    assert [row[0] for row in circles[0]] == beyond.to_numpy().nonzero()[0].tolist()
    assert [row[1] for row in circles[0]] == np.ceil(distance[beyond]).tolist()
    people = result.district.demand["population"][beyond.to_numpy()].sum()
    assert sum(float(homes[1][row[0]][3]) for row in circles[0]) == people


def test_homes_out_of_reach_are_told_apart(result):
    group = next(g for g in coverage_groups(result, "service_station") if "beyond" in g.layer_name)
    _, circles = (json.loads(f"[{each.arguments[2:]}]") for each in group._children.values())
    assert {tuple(row[1:]) for row in circles[0]} == {(-1, 0)}


def test_facilities_that_do_not_count_look_different(town, result):
    (drawn,) = facility_group(town, "clinic")._children.values()
    assert "stroke-dasharray=" in drawn.arguments
    assert "not counted" in drawn.arguments
    assert "not counted: internal" in legend_html(result, "clinic")


def test_a_facility_without_a_name_is_told_by_its_kind_once(town):
    kind = "Community health station (clinic)"
    named = town.facilities[town.facilities["kind"] == "clinic"]["name"].iloc[0]
    nameless = town.with_layers(facilities=town.facilities.assign(name=""))
    for district, told in ((nameless, kind), (town, f"{named}</b><br>{kind}")):
        (drawn,) = facility_group(district, "clinic")._children.values()
        words = drawn.arguments.replace("\\u003c", "<").replace("\\u003e", ">")
        assert f"<b>{told}" in words
        assert f"{kind}</b><br>{kind}" not in words


def test_the_question_decides_what_counts(town, make_assessment):
    late = Question.of("Su 22:00")
    (drawn,) = facility_group(town, "clinic", question=late)._children.values()
    assert drawn.arguments.count("not counted") == 2  # the internal one, and the one shut by then
    asked = figures_html(make_assessment(town, "Su 22:00"), "clinic", language="zh")
    assert "星期日 22:00" in asked


def test_legend_tells_every_class(result):
    text = re.sub(r"<[^>]+>", " ", legend_html(result, "clinic"))
    for words in ("&lt; 20", "≥ 80", "≤ 100", "&gt; 600", "no figure", "distance is unknown"):
        assert words in text


def test_streets_have_classes():
    tags = ("trunk_link", "tertiary", "steps", "", "living_street")
    assert [street_class(tag) for tag in tags] == ["major", "medium", "path", "minor", "minor"]


def test_coordinates_have_six_decimals_at_most():
    points = np.random.default_rng(1).uniform([100, 20], [120, 30], (50, 2))
    flat = np.array(flat_degrees(points)).reshape(-1, 2)
    back = np.cumsum(flat, axis=0)[:, ::-1] / 1e6
    assert abs(back - points).max() <= 0.5e-6


@pytest.mark.long
def test_hostile_names_leave_no_markup(hostile_result):
    page = page_of(hostile_result, kind="clinic")
    own = scripts(page)
    assert own.count("</script") == 1
    assert "<img src=x" not in page
    assert "${window" not in page
    assert "49" not in re.findall(r"__ran=2(?:[^A-Za-z]{0,40})", own)


def opened(browser, page: str, file: Path):
    """Open a page from disk with every request blocked; return it and what went wrong."""
    file.write_text(page, encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1300, "height": 850})
    trouble: list[str] = []
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)

    def only_the_file(route):
        if route.request.url == file.as_uri() or route.request.url.startswith("data:"):
            route.continue_()
        else:
            trouble.append(route.request.url)
            route.abort()

    tab.route("**/*", only_the_file)
    tab.goto(file.as_uri())
    tab.wait_for_selector(".pl-title")
    return tab, trouble


@pytest.mark.long
@pytest.mark.browser
def test_saved_map_works_with_all_requests_blocked(browser, result, tmp_path):
    tab, trouble = opened(browser, page_of(result, kind="clinic"), tmp_path / "map.html")
    assert tab.locator(".pl-marker").count() == 3
    assert tab.locator(".pl-label").count() == 6
    tab.select_option(".pl-kinds", "library")
    assert "Not judged" in tab.inner_text(".pl-title")
    assert "Mean walking distance" in tab.inner_text(".pl-legend")
    assert trouble == []


@pytest.mark.long
@pytest.mark.browser
def test_nothing_in_the_data_runs(browser, hostile_result, tmp_path):
    tab, trouble = opened(browser, page_of(hostile_result, kind="clinic"), tmp_path / "map.html")
    for marker in tab.locator(".pl-marker").all():
        marker.hover(force=True)
    tab.hover(".leaflet-container", position={"x": 420, "y": 600}, force=True)
    assert tab.locator(".leaflet-tooltip").count() >= 1
    assert "onerror" in tab.inner_text(".pl-title")
    assert tab.evaluate("window.__ran") is None
    assert tab.locator("img[src='x']").count() == 0
    assert trouble == []


@pytest.mark.long
@pytest.mark.browser
def test_notebook_view_needs_nothing_from_outside(browser, result, tmp_path):
    file = tmp_path / "notebook.html"
    view = assessment_map(result, kind="clinic")._repr_html_()
    file.write_text(f"<!DOCTYPE html><meta charset='utf-8'><body>{view}", encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1300, "height": 850})
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(file.as_uri())
    tab.frame_locator("iframe").locator(".pl-title").wait_for()
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ("new in the scenario, public", "existing, public")), ("zh", ("情景新增", "现状"))],
)
def test_what_a_scenario_opens_is_not_called_existing(language, told):
    before = planner.demo_district()
    at = before.facilities.geometry.iloc[0]
    opened = Open("new-1", "clinic", at.x + 40.0, at.y, name="New clinic")
    after = planner.assess(before).apply(Scenario("s", [opened])).district
    rows = after.facilities.set_index("facility_id", drop=False)
    public = rows[(rows["ownership"] == "public") & (rows["status"] == "existing")]
    labels = Labels(language)
    for row, words in zip((rows.loc["new-1"], public.iloc[0]), told, strict=True):
        assert words in facilities._facility_tooltip(row, True, after, labels)
