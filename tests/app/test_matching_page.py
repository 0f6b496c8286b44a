"""The page of needs and places, run by Streamlit without a browser."""

import pytest
import shapely

import planner
from planner.app.session.answers.matching import MatchingQuestion
from planner.app.session.catalogue import DEMO, catalogue
from planner.app.widgets import map_view
from planner.siting.matching.options import MatchOptions


def demo_entry():
    return catalogue(None)[DEMO]


def rehabilitation() -> MatchingQuestion:
    """What the page of :data:`REHABILITATION` asks."""
    return MatchingQuestion(
        demo_entry(),
        "gb50180-2018",
        kind="",
        offering="rehabilitation",
        group="population",
        options=MatchOptions(limit_m=500.0),
    )


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district())


REHABILITATION = {
    "district": "demo",
    "match_kind": "any",
    "match_service": "rehabilitation",
    "match_limit": "500",
    "lang": "en",
}


@pytest.mark.long
def test_the_page_says_what_the_library_says(open_app, result):
    found = planner.match_needs(result, service="rehabilitation", limit_m=500.0)
    sums = found.summary()
    app = open_app("matching", **REHABILITATION)
    assert not app.exception
    shown = metrics(app)
    assert shown["Need a place"] == f"{sums['needs']:,.0f}"
    assert shown["By own places"] == f"{sums['served']:,.0f}"
    assert shown["No place near"] == f"{sums['no_place']:,.0f}"
    assert shown["All near are full"] == f"{sums['full']:,.0f}"
    assert shown["Uncertain"] == f"{sums['unknown']:,.0f}"
    assert len(app.dataframe[0].value) == len(found.served)


@pytest.mark.long
def test_choices_travel_in_the_address_and_back(open_app, result):
    app = open_app("matching", match_kind="canteen", match_need="0.2", match_limit="500", lang="en")
    assert not app.exception
    assert app.number_input(key="input_match_need").value == 0.2
    app.number_input(key="input_match_limit").set_value(700.0).run()
    assert app.query_params["match_limit"] in ("700", ["700"])
    need = planner.match_needs(
        result, "canteen", group="population", need_per_resident=0.2, limit_m=700.0
    ).summary()
    assert metrics(app)["By partners"] == f"{need['served_partner']:,.0f}"


@pytest.mark.long
def test_units_count_where_the_address_says_so(open_app):
    app = open_app("matching", match_kind="canteen", match_limit="500", match_whose="internal")
    assert not app.exception
    shown = metrics(open_app("matching", match_kind="canteen", match_limit="500", lang="en"))
    assert "By units" not in shown
    app = open_app(
        "matching", match_kind="canteen", match_limit="500", match_whose="internal", lang="en"
    )
    assert "By units" in metrics(app)
    assert "By partners" not in metrics(app)


@pytest.mark.long
def test_enlargements_become_the_scenario_of_what_if(open_app, result):
    app = open_app("matching", **REHABILITATION, match_tab="room", match_more="300")
    assert not app.exception
    found = planner.match_needs(result, service="rehabilitation", limit_m=500.0)
    steps = found.enlarge_sequence(300.0)
    table = app.dataframe[0].value
    assert table["Serves more"].tolist() == pytest.approx(steps["serves"].round().tolist(), abs=0.5)
    app.button(key="matching_take").click().run()
    assert not app.exception
    works = app.session_state["planner_drafts"]
    assert list(works["demo"].draft.current.changes) == found.changes(300.0)


@pytest.mark.long
def test_what_is_picked_is_told_and_forgotten(open_app, result):
    found = planner.match_needs(result, service="rehabilitation", limit_m=500.0)
    community = found.exchanges().loc[0, "community_id"]
    row = found.communities().set_index("community_id").loc[community]
    app = open_app("matching", **REHABILITATION)
    asked = rehabilitation()
    app.session_state["matching_chosen"] = (asked, "community", community)
    app.run()
    assert not app.exception
    said = f"{row['served']:,.0f} of {row['needs']:,.0f} served"
    assert any(said in text.value.replace("\\", "") for text in app.markdown)
    app.button(key="matching_all").click().run()
    assert not any(button.key == "matching_all" for button in app.button)


def test_the_map_moves_to_the_community_or_place_that_is_picked(open_app, result, monkeypatch):
    looked: list[list[list[float]] | None] = []
    monkeypatch.setattr(map_view, "show", lambda *_, look_at=None, **__: looked.append(look_at))
    found = planner.match_needs(result, service="rehabilitation", limit_m=500.0)
    flow = found.exchanges().iloc[0]
    app = open_app("matching", **REHABILITATION)
    asked = rehabilitation()
    for what in ("community", "facility"):
        app.session_state["matching_chosen"] = (asked, what, flow[f"{what}_id"])
        app.run()
        assert not app.exception
    assert looked[0] is None
    communities = result.district.communities.to_crs(4326).set_index("community_id").geometry
    (south, west), (north, east) = looked[1]
    assert shapely.box(west, south, east, north).contains(communities[flow["community_id"]])
    places = result.district.facilities.to_crs(4326).set_index("facility_id").geometry
    (south, west), (north, east) = looked[2]
    assert shapely.box(west, south, east, north).contains(places[flow["facility_id"]])
    assert looked[1] != looked[2]


def test_without_room_the_page_says_what_to_fill_in(open_app):
    app = open_app("matching", district="town.gpkg", match_kind="clinic", lang="en")
    assert not app.exception
    assert not app.metric
    assert any("No place tells its room" in info.value for info in app.info)
    app.number_input(key="input_match_assumed").set_value(30.0).run()
    assert not app.exception
    assert metrics(app)["Need a place"] == "110"
    assert metrics(app)["By own places"] == "30"
    assert metrics(app)["Uncertain"] == "10"


def test_a_kind_without_a_limit_asks_for_one(open_app):
    app = open_app("matching", district="demo", match_kind="canteen", lang="zh")
    assert not app.exception
    assert any("最远距离" in info.value for info in app.info)


def test_every_view_is_drawn_in_chinese(open_app):
    for tab in ("places", "communities", "owners", "room"):
        app = open_app("matching", match_kind="clinic", match_tab=tab, lang="zh")
        assert not app.exception
        assert app.dataframe
        assert not app.error


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_which_box_tells_the_need_of_an_estimate(open_app, lang):
    app = open_app("matching", district="estimated.gpkg", match_kind="clinic", lang=lang)
    assert not app.error
    assert "0.001" in app.info[0].value
    assert "{" not in app.info[0].value
    given = open_app(
        "matching", district="estimated.gpkg", match_kind="clinic", match_need="0.001", lang=lang
    )
    assert "0.001" not in "".join(each.value for each in given.info)


@pytest.mark.long
def test_the_page_says_that_a_group_has_all_room(open_app):
    asked = {"district": "demo", "match_kind": "clinic", "match_limit": "500", "lang": "en"}
    app = open_app("matching", **asked, group="pop_65plus", match_tab="room")
    assert not app.exception
    assert any("needs of one group alone" in each.value for each in app.caption)
    assert any("whose needs are counted here" in each.value for each in app.info)
    everybody = open_app("matching", **asked)
    assert not any("one group alone" in each.value for each in everybody.caption)
