"""Drawing scenarios: what a click means, undo and redo, what is kept, and the page itself."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest
from towns import EAST, NORTH, frame, town

from planner import Scenario, assess
from planner.analysis.comparison import counted_for_nothing
from planner.analysis.links.gates import gate_link
from planner.analysis.measures.enlarged import enlarged
from planner.analysis.walks import rings_from, ways_from
from planner.app.pages.coverage import place_search
from planner.app.pages.what_if import clicks, differences, steps
from planner.app.pages.what_if import page as what_if
from planner.app.session.drafts import current
from planner.app.session.drafts.current import FirstClick
from planner.app.session.drafts.draft import MOST_CHANGES, Draft
from planner.app.session.drafts.files import DraftFiles, is_id, uploaded
from planner.app.session.errors import markdown
from planner.app.widgets.map_view import Pick
from planner.district.scenarios.scenario import (
    Close,
    Connect,
    Convert,
    Enlarge,
    Move,
    Open,
    OpenInternal,
)
from planner.errors import InputError
from planner.views.words.labels import Labels

HOSTILE = "<img src=x onerror=alert(1)>"


def click(x: float, y: float, what: str = "place", found: str = "") -> Pick:
    return Pick(what, found, EAST + x, NORTH + y, 1.0)


@pytest.mark.long
def test_what_was_taken_up_is_forgotten_with_its_kind():
    first = clicks.read(town(), "open", "clinic", click(0, 0, "facility", "f1"), None)
    other = clicks.read(town(), "open", "canteen", click(500, 0), first, "New")
    assert other == Open("new-1", "canteen", EAST + 500, NORTH, name="New")


@pytest.mark.parametrize("tool", ["open", "move"])
def test_nothing_moves_onto_another_of_its_kind(tool):
    district = assess(town()).apply(Scenario("", [Convert("f2", "clinic")])).district
    first = clicks.read(district, tool, "clinic", click(0, 0, "facility", "f1"), None)
    with pytest.raises(InputError) as error:
        clicks.read(district, tool, "clinic", click(0, 10, "facility", "f2"), first)
    assert error.value.code == "app_what_if.stands_there"
    moved = clicks.read(district, tool, "clinic", click(0, 10), first)
    assert moved == Move("f1", EAST, NORTH + 10)


@pytest.mark.long
def test_the_page_names_what_was_taken_up_and_forgets_it_with_kind_and_district(
    open_app, scenarios
):
    app = page_with(open_app, scenarios, Draft())
    district = next(iter(app.session_state[current._DRAFTS]))
    kept = FirstClick("open", "clinic", EAST, NORTH, "f1", district)
    app.session_state[current._FIRST_CLICK] = kept
    app.run()
    assert any("is to stand, or on itself" in each.value for each in app.caption)
    assert app.session_state[current._FIRST_CLICK] == kept
    # what is taken up before the tool to move is chosen stays so
    app.session_state["planner_choices"]["tool"] = "move"
    app.run()
    assert any("Now click where" in each.value for each in app.caption)
    assert app.session_state[current._FIRST_CLICK] == replace(kept, tool="move")
    app.session_state["planner_choices"]["tool"] = "open"
    app.run()
    for other in (replace(kept, kind="canteen"), replace(kept, entry="another.gpkg")):
        app.session_state[current._FIRST_CLICK] = other
        app.run()
        assert not any("is to stand, or on itself" in each.value for each in app.caption)
        assert app.session_state[current._FIRST_CLICK] is None


def test_a_click_opens_a_facility_where_it_was_made():
    made = clicks.read(town(), "open", "clinic", click(900, 5), None, "New")
    assert made == Open("new-1", "clinic", EAST + 900, NORTH + 5, name="New")


def test_new_ids_are_not_taken_twice():
    district = town()
    scenario = Scenario("", [Open("new-1", "clinic", EAST, NORTH)])
    after = assess(district).apply(scenario).district
    assert clicks.new_id(after) == "new-2"


@pytest.mark.long
def test_a_move_takes_two_clicks():
    first = clicks.read(town(), "move", "clinic", click(3, 4), None)
    assert isinstance(first, FirstClick)
    assert clicks.read(town(), "move", "clinic", click(500, 0), first) == Move(
        "f1", EAST + 500, NORTH
    )


@pytest.mark.long
def test_a_facility_of_the_kind_is_taken_up_without_the_tool_to_move():
    first = clicks.read(town(), "open", "clinic", click(0, 0, "facility", "f1"), None)
    assert first == FirstClick("open", "clinic", EAST, NORTH, "f1")
    moved = clicks.read(town(), "open", "clinic", click(500, 0), first)
    assert moved == Move("f1", EAST + 500, NORTH)
    with pytest.raises(InputError) as error:
        clicks.read(town(), "open", "clinic", click(0, 0, "facility", "f1"), first)
    assert error.value.code == "app_what_if.put_down"
    beside = clicks.read(town(), "open", "clinic", click(0, 10, "facility", "f2"), None)
    assert isinstance(beside, Open)  # of another kind: a new one may stand there


def test_a_first_click_of_another_tool_is_forgotten():
    held = FirstClick("connect", "clinic", 0.0, 0.0)
    assert clicks.read(town(), "close", "clinic", click(0, 0), held) == Close("f1")


@pytest.mark.long
def test_close_and_convert_take_what_is_near():
    assert clicks.read(town(), "close", "canteen", click(0, 10), None) == Close("f2")
    assert clicks.read(town(), "convert", "clinic", click(0, 0), None) == Convert("f2", "clinic")
    for tool in ("close", "convert", "move", "open_internal", "gate"):
        with pytest.raises(InputError) as error:
            clicks.read(town(), tool, "clinic", click(700, 300), None)
        assert error.value.code == f"app_what_if.nothing_to_{tool}"


def test_only_what_does_not_count_can_be_opened_to_all():
    facilities = town().facilities.assign(ownership=["internal", "public"])
    district = town().with_layers(facilities=facilities)
    assert clicks.read(district, "open_internal", "clinic", click(0, 0), None) == OpenInternal("f1")


def test_two_clicks_connect():
    first = clicks.read(town(), "connect", "clinic", click(0, 0), None)
    made = clicks.read(town(), "connect", "clinic", click(300, 0), first)
    assert made == Connect(EAST, NORTH, EAST + 300, NORTH)


def walled():
    """Two streets on both sides of a wall with a shut gate."""
    lines = [
        shapely.LineString([(EAST, NORTH), (EAST + 1000, NORTH)]),
        shapely.LineString([(EAST, NORTH + 40), (EAST + 1000, NORTH + 40)]),
    ]
    wall = shapely.LineString([(EAST - 50, NORTH + 20), (EAST + 1050, NORTH + 20)])
    return town().with_layers(
        streets=frame(lines, street_id=["s1", "s2"], highway=["residential"] * 2),
        barriers=frame([wall], barrier_id=["b"], kind=["wall"]),
        gates=frame(
            [shapely.Point(EAST + 100, NORTH + 20), shapely.Point(EAST, NORTH + 300)],
            gate_id=["g", "lost"],
            name=["North gate", ""],
            open=[False, False],
        ),
    )


def test_a_gate_joins_the_streets_on_both_sides():
    link = gate_link(walled(), "g")
    assert sorted([link.y1, link.y2]) == [NORTH, NORTH + 40]
    assert (link.x1, link.x2, link.length_m) == (EAST + 100, EAST + 100, 40.0)
    assert clicks.read(walled(), "gate", "clinic", click(100, 22), None) == link


@pytest.mark.long
@pytest.mark.parametrize(("gate", "code"), [("lost", "no_barrier"), ("none", "no_gate")])
def test_a_gate_that_opens_nothing_is_refused(gate, code):
    with pytest.raises(InputError) as error:
        gate_link(walled(), gate)
    assert error.value.code == f"links.{code}"


def test_undo_and_redo():
    one, two, three = Close("a"), Close("b"), Close("c")
    work = Draft().do(one).do(two)
    assert work.undo().undo().current.changes == ()
    assert work.undo().undo().redo().redo() == work
    assert work.undo().do(three).undone == ()
    assert Draft().undo() == Draft().redo() == Draft()
    assert work.without(0).current.changes == (two,)


def test_a_scenario_is_not_endless():
    work = Draft(Scenario("", [Close("a")] * MOST_CHANGES))
    with pytest.raises(InputError):
        work.do(Close("b"))


def test_saving_needs_a_name_and_replaces_one_of_the_same():
    with pytest.raises(InputError):
        Draft().keep()
    work = Draft().do(Close("a")).named(" one ").keep().do(Close("b")).keep()
    assert [scenario.name for scenario in work.kept] == ["one"]
    assert len(work.kept[0].changes) == 2
    assert work.forget("one").kept == ()


def test_work_comes_back_after_a_restart(tmp_path):
    work = Draft().do(Close("a")).named("第一").keep().do(Move("b", 1.0, 2.0)).undo()
    first = DraftFiles(tmp_path / "new")
    name = first.new_id()
    assert is_id(name)
    version = first.write(name, "demo", work, "")
    assert DraftFiles(tmp_path / "new").read(name, "demo") == (work, version)
    assert DraftFiles(tmp_path / "new").read(name, "other.gpkg") is None
    kept = [file.name for file in (tmp_path / "new").iterdir() if file.suffix != ".lock"]
    assert kept == [f"{name}.json"]


@pytest.mark.parametrize("name", ["", "..", "../x", "a" * 25, "A" * 26, "a" * 25 + "/", "x.json"])
def test_an_id_is_never_a_path(tmp_path, name):
    files = DraftFiles(tmp_path / "works")
    assert files.read(name, "demo") is None
    with pytest.raises(InputError):
        files.write(name, "demo", Draft(), "")
    assert not (tmp_path / "works").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"district": "demo", "scenarios": [1, 2]}'])
def test_broken_work_says_so(tmp_path, text):
    name = DraftFiles(tmp_path).new_id()
    (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        DraftFiles(tmp_path).read(name, "demo")
    assert error.value.code == "app_what_if.broken_work"


def test_uploads_are_checked():
    scenario = Scenario("s", [Close("f1")])
    assert uploaded(scenario.to_json().encode(), "s.json") == scenario
    for content in (b"\xff\xfe\x00", b"{}", b"x" * 1_100_000):
        with pytest.raises(InputError):
            uploaded(content, "s.json")


def test_search_by_name_id_and_coordinates():
    district = town()
    assert [found.what for found in place_search.find(district, "clin")] == ["facility"]
    assert place_search.find(district, "360702001002")[0].name == "East"
    assert place_search.find(district, "nothing") == place_search.find(district, " ") == []
    metres = place_search.find(district, f"{EAST + 10}, {NORTH}")[0]
    assert (metres.x, metres.y) == (EAST + 10, NORTH)
    lon, lat = district.communities.to_crs(4326).geometry.iloc[0].centroid.coords[0]
    for text in (f"{lon}, {lat}", f"{lat} {lon}"):
        found = place_search.find(district, text)[0]
        assert found.x == pytest.approx(EAST + 250, abs=0.5)
    assert place_search.find(district, "0, 0") == []


@pytest.mark.long
def test_ways_and_rings_from_a_home():
    result = assess(town())
    home = result.district.demand.geometry.iloc[3]
    ways = ways_from(result, home.x, home.y)
    assert ways.loc["clinic", "facility_id"] == "f1"
    assert ways.loc["clinic", "distance_m"] == result.distances["clinic"].iloc[3] == 360.0
    assert ways.geometry["clinic"].length == pytest.approx(360.0)
    rings = rings_from(result, home.x, home.y, [2.0, 4.0])
    # 150 and 300 m, of which both access legs take 20 m, from 350 m along the street
    assert rings["people"].tolist() == [30.0, 50.0]
    lost = ways_from(result, EAST + 950, NORTH + 390)
    assert lost["distance_m"].isna().all()


def test_rings_withhold_small_counts_of_groups_and_small_differences():
    district = town()
    old = [0.0, 0.0, 0.0, 6.0, 2.0, 0.0, 6.0, 0.0, 0.0, 0.0, 0.0]
    shown = district.with_layers(demand=district.demand.assign(pop_65plus=old)).withhold(5)
    result = assess(shown)
    home = shown.demand.geometry.iloc[3]
    minutes = [1.0, 2.0, 4.0, 6.0]
    everyone = rings_from(result, home.x, home.y, minutes)["people"]
    assert everyone.tolist() == [10.0, 30.0, 50.0, 80.0]
    at_home = result.district.demand["pop_65plus"].to_numpy()
    rings = rings_from(result, home.x, home.y, minutes, group="pop_65plus")["people"].to_numpy()
    counts = [at_home[3], at_home[2:5].sum(), at_home[1:6].sum(), at_home[:8].sum()]
    assert min(counts) < 5, counts  # else nothing would have to be withheld
    told = rings[~np.isnan(rings)]
    assert len(told) < len(rings)
    steps = np.diff(np.concatenate([[0.0], told]))
    assert ((steps == 0) | (steps >= 5)).all(), (counts, rings)
    np.testing.assert_allclose(rings, np.where(np.isnan(rings), np.nan, counts))


@pytest.mark.long
def test_a_ring_with_part_of_a_community_that_is_withheld_is_not_counted():
    district = town()
    old = [0.0, 0.0, 0.0, 1.0, 0.0] + [8.0] * 6
    before = district.with_layers(demand=district.demand.assign(pop_65plus=old))
    shown = before.withhold(5)
    assert shown.withheld.gone["pop_65plus"].any()
    result = assess(shown)
    west, east = (shown.demand.geometry.iloc[n] for n in (2, 7))
    assert rings_from(result, west.x, west.y, [2.0], group="pop_65plus")["people"].isna().all()
    both = rings_from(result, east.x, east.y, [1.0, 60.0], group="pop_65plus")["people"]
    assert both.isna().tolist()[-1]
    plain = rings_from(assess(before), west.x, west.y, [2.0], group="pop_65plus")["people"]
    assert plain.tolist() == [1.0]


def page_with(open_app, scenarios, work: Draft) -> AppTest:
    name = "a" * 26
    DraftFiles(scenarios).write(name, "town.gpkg", work, "")
    return open_app("what-if", district="town.gpkg", kind="clinic", lang="en", work=name)


def metrics(app) -> dict[str, tuple[str, str]]:
    return {metric.label: (metric.value, metric.delta) for metric in app.metric}


@pytest.mark.long
def test_the_page_shows_figures_before_and_after(open_app, scenarios):
    opened = Open("new-1", "clinic", EAST + 1000, NORTH, name=HOSTILE)
    app = page_with(open_app, scenarios, Draft().do(opened))
    assert not app.exception
    assert not app.error
    # three homes at each end of the street are now within 300 m
    assert metrics(app)["Coverage rate"] == ("60.0%", "+30.0 points")
    assert metrics(app)["Beyond limit"] == ("40", "-30")
    assert any(markdown("30.0% → 60.0% (+30.0 points)") in part.value for part in app.markdown)
    assert any(markdown("70 → 40 (-30)") in part.value for part in app.markdown)
    app.button(key="whatif_undo").click().run()
    assert metrics(app)["Coverage rate"] == ("30.0%", "")
    app.button(key="whatif_redo").click().run()
    assert metrics(app)["Coverage rate"] == ("60.0%", "+30.0 points")
    kept = json.loads((scenarios / f"{'a' * 26}.json").read_text(encoding="utf-8"))
    assert len(kept["scenarios"][0]["changes"]) == 1


@pytest.mark.long
def test_a_scenario_is_saved_loaded_and_compared(open_app, scenarios):
    opened = Open("new-1", "clinic", EAST + 1000, NORTH)
    app = page_with(open_app, scenarios, Draft().do(opened))
    app.text_input(key="whatif_name_text").input("East clinic")
    next(b for b in app.button if b.label == "Save").click().run()
    app.button(key="whatif_clear").click().run()
    assert metrics(app)["Coverage rate"] == ("30.0%", "")
    app.button(key="whatif_load_0").click().run()
    assert metrics(app)["Coverage rate"] == ("60.0%", "+30.0 points")
    app.segmented_control(key="pick_work_view").select("compare").run()
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value.set_index("What changes")
    assert not any("paid once" in each.value for each in app.info)
    assert list(table.columns) == ["Figures in", "Today", "East clinic"]
    share = table.loc["Community health station (clinic): within the limit"]
    assert (share["Today"], share["East clinic"]) == ("30.0", "60.0")
    assert table.loc["Cost"].tolist() == ["10,000 yuan", "0", "132"]
    assert table.loc["Gained for the money"]["Today"] == "–"


def test_a_change_is_the_difference_of_the_figures_beside_it():
    context = SimpleNamespace(labels=Labels("en"))
    told = differences._count(context, 40_199.6, 38_078.4)
    assert (told["before"], told["value"], told["delta"]) == ("40,200", "38,078", "-2,122")
    assert differences._count(context, 10.4, 10.3)["delta"] == ""


def test_rows_that_are_the_same_in_all_scenarios_are_folded(open_app, scenarios):
    opened = Open("new-1", "clinic", EAST + 1000, NORTH)
    app = page_with(open_app, scenarios, Draft().do(opened).named("East clinic"))
    app.segmented_control(key="pick_work_view").select("compare").run()
    assert not app.exception
    changed = app.dataframe[0].value.set_index("What changes")
    assert list(changed.columns) == ["Figures in", "Today", "East clinic"], "as the draft is called"
    assert "Community health station (clinic): within the limit" in changed.index
    assert "Changes without a price" not in changed.index
    assert (changed["Today"] != changed["East clinic"]).all()
    fold = app.toggle(key="compare_same")
    app = fold.set_value(True).run()
    same = app.dataframe[1].value.set_index("What changes")
    assert f"the {len(same)} row" in fold.label
    assert (same["Today"] == same["East clinic"]).all()


def test_a_changed_draft_is_told_apart_from_the_kept_one_of_its_name(open_app, scenarios):
    opened = Open("new-1", "clinic", EAST + 1000, NORTH)
    more = Open("new-2", "clinic", EAST + 300, NORTH)
    kept = Draft().do(opened).named("East clinic").keep().do(more)
    app = page_with(open_app, scenarios, kept)
    app.segmented_control(key="pick_work_view").select("compare").run()
    assert not app.exception
    names = list(app.dataframe[0].value.columns)
    assert names[2:] == ["Today", "East clinic (being drawn)", "East clinic"]


def test_what_is_done_twice_is_told_beside_the_cost(open_app, scenarios):
    opened = Open("new-1", "clinic", EAST + 1000, NORTH)
    twice = [Connect(EAST, NORTH, EAST + 50, NORTH + 5) for _ in range(2)]
    draft = Draft().do(opened).do(twice[0]).do(twice[1]).named("East clinic").keep()
    app = page_with(open_app, scenarios, draft)
    app.segmented_control(key="pick_work_view").select("compare").run()
    assert not app.exception
    (told,) = [each.value for each in app.info if "paid once" in each.value]
    assert "number 3" in told


def test_a_draft_is_not_compared_with_its_own_copy(open_app, scenarios):
    opened = Open("new-1", "clinic", EAST + 1000, NORTH)
    kept = Draft().do(opened).named("East clinic").keep()
    app = page_with(open_app, scenarios, kept)
    app.segmented_control(key="pick_work_view").select("compare").run()
    assert len(app.multiselect(key="compare_chosen").options) == 2


@pytest.mark.long
def test_an_unknown_id_gives_a_blank_and_says_so(open_app):
    app = open_app("what-if", district="town.gpkg", lang="en", work="b" * 26)
    assert "not kept on this server" in app.warning[0].value
    assert app.button(key="whatif_undo").disabled


def test_a_change_that_cannot_be_made_is_told_and_not_kept(open_app, scenarios):
    app = page_with(open_app, scenarios, Draft().do(Close("f9")))
    assert "f9" in app.error[0].value


@pytest.mark.long(but=1)
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", ["overview", "help", "coverage", "what-if"])
def test_pages_open_in_both_languages(open_app, page, lang):
    app = open_app(page, district="town.gpkg", lang=lang)
    assert not app.exception
    assert not app.error


def test_a_place_in_the_address_shows_its_card(open_app):
    app = open_app(district="town.gpkg", lang="en", place="c.360702001002")
    assert any("East" in part.value for part in app.markdown)
    ways = f"w.{EAST + 50},{NORTH + 10}"
    app = open_app(district="town.gpkg", lang="en", place=ways, kind="clinic")
    assert not app.error
    table = app.dataframe[0].value.set_index("kind")
    assert table.loc["Community health station (clinic)", "verdict"] == "within limit"
    for hostile in (HOSTILE, "w.1e99,nan", "c."):
        assert not open_app(district="town.gpkg", lang="en", place=hostile).error


def test_what_finds_no_street_counts_for_nobody_and_the_page_says_so(open_app, scenarios):
    """Homes near it are no longer known to be beyond, or within: the reader must learn why."""
    moved = Draft().do(Move("f1", EAST + 500, NORTH + 270))
    app = page_with(open_app, scenarios, moved)
    assert not app.exception
    told = [each.value for each in app.warning if "counts for nobody" in each.value]
    assert len(told) == 1
    assert "count as unknown" in told[0]
    assert int(metrics(app)["Unknown"][0].replace(",", "")) > 10
    here = assess(town())
    still = here.apply(Scenario("", [Move("f1", EAST + 500, NORTH)]))
    assert counted_for_nothing(here, still) == []


def test_what_is_enlarged_shows_its_load_before_and_after(open_app, scenarios):
    app = page_with(open_app, scenarios, Draft().do(Enlarge("f1", capacity_residents=50.0)))
    assert not app.exception
    (table,) = [each.value for each in app.dataframe if "Load after" in "".join(each.value.columns)]
    after = assess(town()).apply(Scenario("", [Enlarge("f1", capacity_residents=50.0)]))
    said = enlarged(assess(town()), after, Scenario("", [Enlarge("f1", capacity_residents=50.0)]))
    named = next(name for name in table.columns if name.startswith("Load after"))
    assert table[named].tolist() == said["load_after"].round(2).tolist()


def test_new_facilities_bear_names_of_their_own():
    """Of two that were opened the first was taken back."""
    table = pd.DataFrame({"facility_id": ["c1", "new-2"], "name": ["East", "New Clinic 2"]})
    words = SimpleNamespace(
        labels=SimpleNamespace(kind=lambda _kind, _kinds: "Clinic"),
        district=lambda: SimpleNamespace(kinds=None),
        word=lambda _code, kind, number: f"New {kind} {number}",
    )
    assert what_if._new_name(words, "clinic", table) == "New Clinic 3"
    assert what_if._new_name(words, "clinic", table[:1]) == "New Clinic 1"


def test_each_step_says_what_it_brings_on_top_of_those_before(open_app, scenarios, monkeypatch):
    far = Open("new-1", "clinic", EAST + 1000, NORTH)
    same = Open("new-2", "clinic", EAST + 1000, NORTH + 1)
    app = page_with(open_app, scenarios, Draft().do(far).do(same).do(Close("new-1")))
    assert not app.exception
    lines = [part.value for part in app.markdown if part.value.startswith("**")]
    told = [line.split("\n")[1] for line in lines if "small[" in line]
    assert ["+30" in told[0], "+0" in told[1], "+0" in told[2]] == [True, True, True]
    monkeypatch.setattr(steps, "MOST_HOMES", 10)
    assert not [part for part in app.run().markdown if "small[" in part.value]
