"""Pages of a district where no source tells of some kinds, and of one where none tells anything."""

from dataclasses import replace

import pandas as pd
import pytest
from effort import few
from towns import EAST, NORTH, town

from planner import Scenario, assess, compare, propose_one_stop, write_district
from planner.analysis.compliance.checkup import checkup
from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.files import DraftFiles
from planner.district import District
from planner.district.judging import judging
from planner.district.scenarios.scenario import Open
from planner.district.standards.files import builtin_standards
from planner.errors import InputError
from planner.siting.budget import best_mix
from planner.views.exports.analysis.card import cards_html

PAGES = (
    "overview",
    "kinds",
    "coverage",
    "gaps",
    "checkup",
    "siting",
    "links",
    "supply",
    "budget",
    "one-stop",
    "departments",
    "matching",
    "what-if",
)


def some_known():
    return replace(town(), records={})._recorded()


def nothing_known():
    here = town()
    return replace(here.with_layers(facilities=here.facilities.iloc[:0]), records={})


def shops_only():
    """The town with shops alone, which GB 50180 does not judge."""
    here = town()
    shops = here.facilities.iloc[:2].assign(kind="convenience_outlet")
    return replace(here.with_layers(facilities=shops), records={})


@pytest.fixture(scope="module", autouse=True)
def files(workspaces):
    write_district(shops_only(), workspaces / "kiosks.gpkg")
    write_district(some_known(), workspaces / "some.gpkg")
    write_district(nothing_known(), workspaces / "nothing.gpkg")


@pytest.mark.long(but=1)
@pytest.mark.parametrize("name", few(PAGES, 5))
def test_each_page_names_the_kinds_without_data(open_app, name):
    app = open_app(name, district="some.gpkg", lang="en")
    assert not app.exception
    heading = next(text.value for text in app.markdown if "no data" in text.value)
    assert "Police room" in heading
    assert "Community health station (clinic)" not in heading


@pytest.mark.long
def test_premises_without_data_are_not_counted_as_none(open_app):
    app = open_app("checkup", district="some.gpkg", lang="en")
    said = [text.value for text in app.markdown]
    assert any("No data on Community service centre" in text for text in said)
    assert not any("0 of 0" in text for text in said)


def test_the_kinds_are_rows_without_figures(open_app):
    app = open_app("kinds", district="some.gpkg", lang="en")
    rows = app.dataframe[0].value.set_index("kind")
    assert rows.loc["Police room", "limit"] == "no data"
    assert rows.loc["Police room", ["share", "covered", "facilities"]].isna().all()
    assert not pd.isna(rows.loc["Community health station (clinic)", "share"])


@pytest.mark.long(but=1)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_where_nothing_is_known(open_app, name):
    app = open_app(name, district="nothing.gpkg", lang="en")
    assert not app.exception
    assert any("no data" in text.value for text in app.markdown)


@pytest.mark.parametrize("name", ["siting", "one-stop", "budget", "gaps", "departments", "links"])
def test_where_nothing_is_judged_no_remedy_is_looked_for(open_app, name):
    app = open_app(name, district="kiosks.gpkg", standard="gb50180-2018", lang="en")
    assert not app.error
    assert not app.exception
    (told,) = (each.value for each in app.info)
    assert "the data tell of none of its kinds" in told


@pytest.mark.parametrize(
    "ask",
    [
        lambda result: best_mix(result, budget=100.0),
        lambda result: propose_one_stop(result, [], budget=100.0),
    ],
)
def test_where_nothing_is_judged_nobody_is_said_to_have_all(ask):
    with pytest.raises(InputError) as caught:
        ask(assess(shops_only(), "gb50180-2018"))
    assert caught.value.code == "analysis.nothing_judged"


def test_a_card_of_an_area_without_a_judged_kind_does_not_say_that_nothing_lacks():
    made = checkup(assess(shops_only(), "gb50180-2018"))
    shown = cards_html(made, list(made.scores.index), "en")
    assert "it is not known what anybody lacks" in shown
    assert "Nobody lacks" not in shown


def test_the_overview_lists_them_too(open_app):
    app = open_app("overview", district="some.gpkg", lang="en")
    named = [str(each) for table in app.dataframe for each in table.value.get("name", [])]
    assert "Police room · no data" in named


@pytest.mark.long
@pytest.mark.parametrize("name", ["budget", "one-stop"])
def test_a_kind_without_data_is_not_bought_and_the_page_says_so(open_app, name):
    app = open_app(name, district="some.gpkg", lang="en", kinds="clinic,police_room")
    assert not app.exception
    assert "Police room" not in app.multiselect(key="input_kinds").options
    assert app.multiselect(key="input_kinds").value == ["clinic"]
    left_out = [text.value for text in app.caption if text.value.startswith("Left out")]
    assert len(left_out) == 1
    assert "Police room" in left_out[0]
    assert "Community health station (clinic)" not in left_out[0]
    bought = [str(table.value.to_dict()) for table in app.dataframe]
    assert bought
    assert not any("Police room" in rows for rows in bought)


@pytest.mark.long
@pytest.mark.parametrize("name", ["budget", "one-stop"])
def test_at_first_only_kinds_with_data_are_bought(open_app, name):
    app = open_app(name, district="some.gpkg", lang="en")
    tables = [table.value for table in app.dataframe]
    assert tables
    assert not any("Police room" in str(table.to_dict()) for table in tables)


def test_a_kind_without_data_is_not_matched_and_the_page_says_so(open_app):
    app = open_app("matching", district="some.gpkg", lang="en", match_kind="police_room")
    assert not app.exception
    assert not any("Police room" in box.options for box in app.selectbox)
    assert any("police" in text.value and "not on offer" in text.value for text in app.warning)


@pytest.mark.long
def test_what_a_scenario_opens_of_a_kind_without_data_is_not_counted(open_app, scenarios):
    name = "c" * 26
    work = Draft().do(Open("new-1", "police_room", EAST + 500, NORTH))
    DraftFiles(scenarios).write(name, "some.gpkg", work, "")
    for view in ("draw", "compare"):
        app = open_app("what-if", district="some.gpkg", lang="en", work=name, view=view)
        assert not app.exception
        assert any("1 facility opened here counts" in text.value for text in app.warning)
        table = app.dataframe[0].value
        if view == "compare":  # its rows are those of kinds that are judged
            assert not table["What changes"].str.contains("Police room").any()
            continue
        rows = table[table["name"] == "Police room"].drop(columns="name")
        assert len(rows) == 1
        assert rows.isna().all(axis=None)
    result = assess(some_known())
    after = result.apply(Scenario("", [Open("new-1", "police_room", EAST + 500, NORTH)]))
    assert "police_room" in after.kinds_without_data
    assert [each.code for each in compare(result, after).findings] == [
        "analysis.opened_without_data"
    ]


def test_where_nothing_is_judged_a_click_leads_to_a_standard_that_judges(open_app, workspaces):
    file = write_district(shops_only(), workspaces / "shops.gpkg")
    app = open_app("report", district="shops.gpkg", standard="gb50180-2018", lang="en")
    assert not app.exception
    assert any("Nothing here is judged by GB 50180" in each.value for each in app.info)
    offered = [each for each in app.button if each.key.startswith("other_standard_")]
    assert "15-minute city: 1 kind" in [each.label for each in offered]
    app = next(each for each in offered if "15-minute" in each.label).click().run()
    assert not app.exception
    assert not [each for each in app.button if each.key.startswith("other_standard_")]
    assert app.query_params["standard"] == "15-minute"
    file.unlink()


def test_where_no_standard_judges_anything_none_is_offered(open_app):
    app = open_app("overview", district="nothing.gpkg", lang="zh")
    assert any("也未涉及其他标准要求的类别" in each.value for each in app.info)
    assert not [each for each in app.button if (each.key or "").startswith("other_standard_")]


@pytest.mark.long
def test_standards_of_another_country_come_last(monkeypatch):
    shops = town().facilities.iloc[:2].assign(kind="convenience_outlet")
    here, known = town().with_layers(facilities=shops), builtin_standards()
    monkeypatch.setattr(District, "lies_in_mainland_china", property(lambda _: False))
    first, *others = judging(here, known)
    assert first == "15-minute"
    assert all(known[name].country == "CN" for name in others)
    monkeypatch.setattr(District, "lies_in_mainland_china", property(lambda _: True))
    counts = [count for _, count in judging(here, known).values()]
    assert counts == sorted(counts, reverse=True)
