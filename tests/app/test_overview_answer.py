"""The overview answers at once what is lacking most, and leads on with the choice."""

import types

import geopandas as gpd
import pandas as pd
import pytest
from effort import few
from streamlit.testing.v1 import AppTest
from towns import town

import planner
from planner import write_district
from planner.app.pages.overview import answer
from planner.app.session import choices
from planner.app.session.errors import markdown
from planner.views.words.labels import Labels


@pytest.fixture(scope="module")
def least() -> dict[str, object]:
    """Summary row of the kind that most lack in the town."""
    table = planner.assess(town(), "gb50180-2018").summary()
    rows = table[(table["group"] == "population") & table["judged"]]
    return rows.sort_values("uncovered", ascending=False, kind="stable").iloc[0].to_dict()


def sentence(app: AppTest) -> str:
    return next(text.value for text in app.markdown if text.value.count("**") >= 4)


@pytest.mark.long
@pytest.mark.parametrize(
    ("district", "wording"), [("town.gpkg", "residents live"), ("estimated.gpkg", "lie farther")]
)
def test_the_sentence_tells_the_kind_that_most_lack_in_figures(open_app, least, district, wording):
    app = open_app("overview", district=district, lang="en")
    told = sentence(app)
    assert f"**{least['uncovered']:,.0f}**" in told
    assert wording in told
    name = Labels("en").kind(str(least["kind"]), town().kinds)
    assert f"**{markdown(name)}**" in told
    assert name in [metric.label for metric in app.metric]


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "said"),
    few([("en", "this district lies elsewhere"), ("zh", "而本区域位于别处")], 1),
)
def test_rules_of_another_country_are_told_where_they_are_chosen_and_first(
    open_app, workspaces, language, said
):
    here = town()
    layers = {name: each for name, each in vars(here).items() if isinstance(each, gpd.GeoDataFrame)}
    abroad = here.with_layers(
        **{name: each.set_crs(32632, allow_override=True) for name, each in layers.items()}
    )
    write_district(abroad, workspaces / "abroad.gpkg")
    app = open_app("overview", district="abroad.gpkg", lang=language)
    assert not app.exception
    assert said in sentence(app)
    assert sum(said in each.value for each in app.sidebar.caption) == 1
    for other in (
        {"district": "town.gpkg"},
        {"district": "abroad.gpkg", "standard": "15-minute"},
    ):
        app = open_app("overview", lang=language, **other)
        assert said not in sentence(app)
        assert not [each for each in app.sidebar.caption if said in each.value]


@pytest.mark.long
def test_the_button_leads_to_the_gaps_of_that_kind(open_app, least):
    app = open_app("overview", district="town.gpkg", lang="en")
    # as left by who looked at all kinds, of one cause, at a moment
    app.session_state["planner_choices"] |= {"gap_kind": "each", "gap_cause": "barrier"}
    app.session_state["planner_followed_gap_kind"] = str(least["kind"])
    app.button(key="overview_to_gaps").click().run()
    assert not app.exception
    made = app.session_state["planner_choices"]
    assert (made["kind"], made["gap_kind"], made["gap_cause"]) == (
        least["kind"],
        least["kind"],
        "all",
    )


def follow_script() -> None:
    from planner.app.session import choices as state

    offered = ["clinic", "library", "sports"]
    state.follow("gap_kind", "kind", offered)
    state.settle("gap_kind", [*offered, "each"], "clinic")
    state.lead("gap_kind", "kind", offered)


def test_a_pages_own_kind_follows_the_shared_one_and_leads_it():
    app = AppTest.from_function(follow_script)
    app.session_state["planner_choices"] = {"kind": "library"}
    app.run()
    made = app.session_state["planner_choices"]
    assert made == {"kind": "library", "gap_kind": "library"}
    made["gap_kind"] = "each"
    assert app.run().session_state["planner_choices"] == {"kind": "library", "gap_kind": "each"}
    made["kind"] = "sports"
    assert app.run().session_state["planner_choices"]["gap_kind"] == "sports"
    made["gap_kind"] = "clinic"
    assert app.run().session_state["planner_choices"]["kind"] == "clinic"


def test_an_address_that_names_the_kind_of_gaps_is_obeyed():
    app = AppTest.from_function(follow_script)
    app.session_state["planner_choices"] = {"kind": "library", "gap_kind": "sports"}
    made = app.run().session_state["planner_choices"]
    assert made == {"kind": "sports", "gap_kind": "sports"}
    assert choices.NAMES[2] == "kind"


def test_a_share_that_is_not_stated_hides_nobody_who_is_known_to_lack(monkeypatch):
    table = pd.DataFrame(
        {
            "kind": ["clinic", "police_room", "library"],
            "group": "population",
            "uncovered": [0.0, 142.0, 142.0],
            "unknown": [0.0, 100.0, 155.0],
            "share": [1.0, 0.4, float("nan")],
        }
    )
    monkeypatch.setattr(answer.assessments, "summary", lambda _question: table)
    context = types.SimpleNamespace(question=None)
    result = types.SimpleNamespace(judged_kinds=["clinic", "police_room", "library"])
    assert answer.most_lacking(context, result, "population") == "library"


def test_withheld_counts_are_not_nothing(monkeypatch):
    table = pd.DataFrame(
        {
            "kind": ["clinic", "police_room"],
            "group": "population",
            "uncovered": [0.0, float("nan")],
            "unknown": [9.0, 0.0],
        }
    )
    monkeypatch.setattr(answer.assessments, "summary", lambda _question: table)
    context = types.SimpleNamespace(question=None)
    result = types.SimpleNamespace(judged_kinds=["clinic", "police_room"])
    assert answer.most_lacking(context, result, "population") == "police_room"


@pytest.mark.long
def test_the_briefing_is_offered_and_made(open_app, monkeypatch):
    made = {}

    def keep(each, key, **_how):
        made[each.name] = each.content

    monkeypatch.setattr("planner.app.widgets.downloads.file", keep)
    app = open_app("overview", district="town.gpkg", lang="en")
    assert not app.exception
    assert {"town-briefing.docx", "town-briefing.html"} <= made.keys()
    page = made["town-briefing.html"]()
    told = sentence(app).split("**")
    assert told[3] in page
    assert made["town-briefing.docx"]()[:2] == b"PK"
