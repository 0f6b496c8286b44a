"""Year by year, by community, and what a compromise costs, on the page of the plan."""

import dataclasses
import threading
import time
from importlib.resources import files

import pytest
from effort import few
from test_pages import whole
from test_plan_page import all_agree, proposed
from towns import judged

from planner.app.pages.plan import areas, card, talk, years
from planner.app.session import choices
from planner.app.session.answers import joint_plan as answers
from planner.app.session.catalogue import catalogue
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own as own_prices
from planner.app.widgets.map_view import Pick
from planner.plan import Plan, open_plan
from planner.plan.targets.lead_times import builtin_lead_times
from planner.sources import read_district
from planner.views.words.labels import Labels


@pytest.fixture
def folder(plan_folder):
    return plan_folder


@pytest.fixture
def decided(folder) -> str:
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
        plan.step(own, "take_up")
    all_agree(folder, own)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "approve")
    return own


def finished(page, **query: str):
    """Return a page once what it waits for is over."""
    app = page(**query)
    for _ in range(60):
        if not [each for each in app.button if (each.key or "").startswith("working_stop")]:
            return app
        time.sleep(0.5)
        app.run()
    raise AssertionError("the page still waits")


def table(app, column: str):
    (found,) = [each.value for each in app.dataframe if column in each.value]
    return found


@pytest.mark.long
def test_communities_of_a_year_stand_beside_the_map(plan_page, folder, decided):
    app = finished(plan_page, plan_part="years", kind="clinic")
    with open_plan(folder / "plan.sqlite") as plan:
        result = judged(folder / "town.gpkg")
        joint = plan.joint(result, "town.gpkg")
    shown = table(app, "homes")
    rows = joint.areas(kind="clinic").query("year == '2027' and group == @result.groups[0]")
    # what the plan changes stands first, though more people are beyond the limit elsewhere
    assert shown["gained"].tolist() == sorted(rows["gained"].round(), reverse=True)
    assert shown["gained"].iloc[0] == round(rows["gained"].sum()) > 0
    assert shown["uncovered"].iloc[0] < shown["uncovered"].iloc[-1]
    (unit,) = {each.proto.columns for each in app.dataframe if "homes" in each.value}
    assert '"Gained (residents)"' in unit
    assert '"Beyond (residents)"' in unit


@pytest.mark.long
def test_of_a_kind_that_is_not_judged_no_homes_are_counted(plan_page, folder, decided):
    result = judged(folder / "town.gpkg")
    (kind, *_) = [each for each in result.kinds if each not in result.judged_kinds]
    shown = table(finished(plan_page, plan_part="years", kind=kind), "homes")
    assert len(shown) > 0
    assert shown[["homes", "homes_unknown"]].isna().all(axis=None)


@pytest.mark.long
def test_a_community_that_is_chosen_shows_its_years(plan_page, folder, decided):
    result = judged(folder / "town.gpkg")
    area = str(result.district.communities["community_id"].iloc[0])
    app = finished(plan_page, plan_part="years", kind="clinic", plan_area=area)
    assert "plan_area_back" in {each.key for each in app.button}
    with open_plan(folder / "plan.sqlite") as plan:
        joint = plan.joint(result, "town.gpkg")
    rows = joint.areas(kind="clinic")
    own = rows[(rows["area_id"] == area) & (rows["group"] == result.groups[0])]
    shown = table(app, "covered")
    assert shown["covered"].tolist() == own["covered"].round().tolist()
    app = finished(plan_page, plan_part="years", kind="clinic", plan_area="nowhere")
    assert "plan_area_back" not in {each.key for each in app.button}


def test_a_click_chooses_the_community(monkeypatch, folder):
    district = read_district(folder / "town.gpkg")
    state: dict = {}
    monkeypatch.setattr(choices.st, "session_state", state)

    class Context:
        def district(self):
            return district

    home = district.demand.iloc[3]
    for what, own in (("community", home["community_id"]), ("home", home["demand_id"])):
        choices.choices().clear()
        years._picked(Context(), Pick(what, str(own), 0.0, 0.0, 1.0))
        assert choices.choices()[areas.AREA] == home["community_id"]
    choices.choices().clear()
    years._picked(Context(), Pick("place", "", 0.0, 0.0, 1.0))
    assert areas.AREA not in choices.choices()


@pytest.mark.long
def test_the_joint_plan_is_carried_out_once_for_all_that_look(plan_page, decided, monkeypatch):
    made: list[object] = []
    carried_out = answers.Plan.joint

    def joint(self, *asked):
        made.append(asked)
        return carried_out(self, *asked)

    monkeypatch.setattr(answers.Plan, "joint", joint)
    finished(plan_page, plan_part="years", kind="clinic")
    finished(plan_page, plan_part="years", kind="library", lang="zh")
    assert len(made) == 1


@pytest.mark.parametrize(("lang", "word"), few([("en", "compromise"), ("zh", "折中")], 1))
def test_the_compromise_is_told_with_its_basis(plan_page, folder, decided, lang, word):
    app = finished(plan_page, plan_part="compare", lang=lang)
    text = " ".join(each.value for each in app.markdown)
    assert word in text
    with open_plan(folder / "plan.sqlite") as plan:
        result = judged(folder / "town.gpkg")
        found = plan.compare(result, "town.gpkg")
    first = app.dataframe[0].value
    assert first.iloc[:, 2].tolist() == [round(each.gained) for each in found.choices.values()]
    assert len(app.dataframe[0].value) == 3
    # what is no proposal of the plan is told by no id of the program's own
    told = app.dataframe[-1].value.iloc[:, -1]
    assert len(told) > 0
    assert all(each == "" or each.startswith("P-") for each in told)


def test_less_money_than_is_decided_is_refused_on_the_page(plan_page, decided):
    with pytest.raises(AssertionError, match="at least that"):
        finished(plan_page, plan_part="compare", plan_budget="1")


@pytest.mark.long
def test_nothing_is_kept_of_a_search_that_was_cancelled(folder, decided, monkeypatch):
    from planner.app.session.jobs.tickets import CancelledError, Ticket

    ticket = Ticket()
    ticket.stop()
    entry = catalogue(folder)["town.gpkg"]
    with open_plan(folder / "plan.sqlite") as plan:
        told = {"group": "population", "kinds": (), "budget": None, "price": "mid", "prices": ""}
        where = {"place": plan.store.place, "head": plan.store.head()}
        question = answers.CompromiseQuestion(entry, "gb50180-2018", **where, **told)
        with pytest.raises(CancelledError):
            answers.compromise(question, plan, ticket)
        assert answers.compromise(question, plan).free.gained > 0


def test_gaps_of_the_agenda_are_those_of_the_assessment_that_it_is_about(
    folder, decided, monkeypatch
):
    entry = catalogue(folder)["town.gpkg"]
    walk = {"walk": "wheelchair", "rules_off": "steps", "unmapped_m": 40.0}
    context = Context(Labels("en"), entry, "gb50180-2018", **walk)
    asked = []
    monkeypatch.setattr(talk.background, "value", lambda _, key, *__, **___: asked.append(key))
    monkeypatch.setattr(talk.assumptions, "assumed", lambda _: (builtin_lead_times(), None))
    with open_plan(folder / "plan.sqlite") as plan:
        talk.draw(context, judged(folder / "town.gpkg"), plan)
    ((_, question, of_gaps, prices),) = asked
    assert prices == own_prices(context) == ""
    own = vars(context.question)
    assert own.items() >= walk.items()
    for each in (question, of_gaps):
        assert vars(each).items() >= own.items()


@pytest.mark.long
@pytest.mark.parametrize(
    ("part", "name"), [("talk", "agenda"), ("targets", "paths"), ("years", "joint")]
)
def test_what_was_worked_out_is_not_worked_out_again(
    folder, plan_page, decided, monkeypatch, part, name
):
    with open_plan(folder / "plan.sqlite") as plan:
        plan.set_target(kind="clinic", year=2030, share=1.0, workspace="town.gpkg")
    asked, work = [], getattr(Plan, name)

    def counted(*args: object, **more: object) -> object:
        asked.append(1)
        return work(*args, **more)

    monkeypatch.setattr(Plan, name, counted)
    app = finished(plan_page, plan_part=part)
    whole(app.run())
    assert len(asked) == 1


@pytest.mark.long
def test_what_the_plan_itself_tells_is_drawn_while_the_rest_is_worked_out(
    plan_page, folder, monkeypatch
):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
    value = talk.background.value

    def still_working(context, key, *asked, **more):
        return None if key[0] == "plan_agenda" else value(context, key, *asked, **more)

    monkeypatch.setattr(talk.background, "value", still_working)
    text = " ".join(each.value for each in plan_page(plan_part="talk").markdown)
    assert "Answers that are needed" in text
    assert own in text.replace("\\", "")
    assert "To talk about" not in text.replace("forum", "")


@pytest.mark.long
def test_the_years_are_carried_out_while_the_list_is_read(plan_page, decided, monkeypatch):
    begun = threading.Event()
    carried_out = answers.Plan.joint

    def joint(self, *asked):
        found = carried_out(self, *asked)
        begun.set()
        return found

    monkeypatch.setattr(answers.Plan, "joint", joint)
    plan_page()
    assert begun.wait(60)
    begun.clear()
    finished(plan_page, plan_part="years", kind="clinic")
    assert not begun.is_set(), "what was begun is what the page asks for"


@pytest.mark.long
def test_of_a_large_city_nothing_is_carried_out_ahead(plan_page, decided, monkeypatch):
    begun: list[object] = []
    monkeypatch.setattr(years, "MOST_AHEAD", 1)
    monkeypatch.setattr(years.background, "begin", lambda *work: begun.append(work))
    plan_page()
    assert begun == []


@pytest.mark.long
def test_what_opened_stands_in_the_money_and_on_its_card(plan_page, folder, decided):
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(decided, cost=245.0, year=2090, why="priced")
        plan.step(decided, "opened", source="seen")
    app = finished(plan_page, plan_part="years")
    assert "still to be built" in app.info[0].value
    (shown,) = [each.value for each in app.dataframe]
    assert shown["Already open"].tolist() == ["245 (10,000 yuan)"]
    assert shown["Decided in all"].tolist() == ["245 (10,000 yuan)"]
    assert "still to be built" in finished(plan_page, plan_part="compare").info[0].value
    card = " ".join(each.value for each in finished(plan_page, proposal=decided).info)
    assert "was planned for 2090 and opened in" in card
    talk_about = finished(plan_page, plan_part="talk")
    assert any("1 proposal has opened" in each.value for each in talk_about.markdown)


@pytest.mark.long
def test_who_was_asked_and_what_a_price_was_for_stand_on_the_card(plan_page, folder, monkeypatch):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
        plan.review(own, "support", "good", "planning")
        (step,) = plan.get(own).changes
        steps = [step, dataclasses.replace(step, kind="library", facility_id="m")]
        plan.edit(own, changes=steps, kinds=["clinic", "library"])
        plan.review(own, "object", "too dear", "culture")
    app = finished(plan_page, proposal=own)
    told = " ".join(each.value for each in app.markdown)
    assert "sport: answered on" in told.replace("\\", "")
    assert "it objects" in told
    assert "no price until it is computed anew" in " ".join(each.value for each in app.warning)
    prices = (files("planner.siting") / "costs.toml").read_text(encoding="utf-8")
    prices = prices.replace("fixed = 60.0", "fixed = 9060.0")
    monkeypatch.setattr(card, "own_prices", lambda _context: prices)
    (button,) = [each for each in app.button if each.key == "plan_recompute"]
    button.click().run()
    assert "spoke: Culture" in app.success[0].value.replace("\\", "")
    with open_plan(folder / "plan.sqlite") as plan:
        assert plan.get(own).cost > 9000


@pytest.mark.long
def test_a_plan_about_other_districts_says_so(plan_page, folder):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, workspace="other.gpkg")
    told = Labels("en").message("plan_words.elsewhere", count="1", names="other.gpkg")
    for part in ("proposals", "talk", "years", "compare"):
        app = finished(plan_page, plan_part=part)
        said = [each.value.replace("\\", "") for each in app.info]
        assert told in said
        assert len(said) == 1
