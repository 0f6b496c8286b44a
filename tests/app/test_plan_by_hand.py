"""Proposals described by hand, filters, and the whole plan as a file, on the page of the plan."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from effort import few
from test_pages import whole
from test_plan_page import acts_as, proposed, stored
from towns import judged

from planner.app.pages.plan import by_hand, exchange
from planner.app.session import choices
from planner.app.session.catalogue import catalogue
from planner.app.widgets.map_view import Pick
from planner.plan import open_plan
from planner.plan.proposals.changes import ACTIONS
from planner.plan.proposals.computing import compute
from planner.sources import read_district
from planner.views.words.labels import Labels


@pytest.fixture
def folder(plan_folder):
    return plan_folder


@pytest.fixture
def page(plan_page):
    return plan_page


def begun(page, folder, action: str, *spots: tuple[float, float], **query: str):
    """Return the page with a proposal begun by hand, its places clicked."""
    app = page(plan_action=action, **query)
    app.button(key="plan_by_hand").click().run()
    entry = catalogue(folder)["town.gpkg"]
    app.session_state["planner_plan_places"] = by_hand._Places(entry, action, spots)
    return whole(app.run())


def only(folder):
    with open_plan(folder / "plan.sqlite") as plan:
        (made,) = plan.proposals()
    return made


@pytest.mark.long
def test_a_new_facility_is_proposed_with_place_price_and_gain(page, folder):
    result = judged(folder / "town.gpkg")
    home = result.district.demand.geometry.iloc[8]
    spot = (round(home.x, 2), round(home.y, 2))
    app = begun(page, folder, "build", plan_new_kind="clinic")
    assert app.button(key="plan_hand_propose").disabled
    app = begun(page, folder, "build", spot, plan_new_kind="clinic")
    app.text_input(key="plan_hand_title").input("East Clinic")
    app.number_input(key="plan_hand_year").set_value(2028)
    app = whole(app.button(key="plan_hand_propose").click().run())
    made = only(folder)
    told = (made.title, made.action, made.kinds, made.year, made.origin, made.workspace)
    assert told == ("East Clinic", "build", ("clinic",), 2028, "hand", "town.gpkg")
    assert (made.shape.x, made.shape.y) == spot
    assert made.figures.gained() == compute(result, made).gained() > 0
    assert made.cost_source == "unverified"
    assert any("East Clinic" in each.value for each in app.success)
    assert app.button(key="plan_back")


def test_a_price_said_by_hand_is_of_who_says_it(page, folder):
    app = begun(page, folder, "close")
    app.number_input(key="plan_hand_field_cost").set_value(12.0)
    whole(app.button(key="plan_hand_propose").click().run())
    made = only(folder)
    money = str(read_district(folder / "town.gpkg").money)
    assert (made.cost, made.currency, made.action) == (12.0, money, "close")
    assert made.cost_source not in ("", "verified", "unverified")
    assert made.facility_id in set(read_district(folder / "town.gpkg").facilities["facility_id"])


def test_what_cannot_be_done_is_told_and_nothing_is_kept(page, folder):
    app = begun(page, folder, "build", (0.0, 0.0), plan_new_kind="clinic")
    app = app.button(key="plan_hand_propose").click().run()
    assert "far from the streets" in app.error[0].value
    with open_plan(folder / "plan.sqlite") as plan:
        assert plan.proposals() == []


@pytest.mark.long(but=1)
@pytest.mark.parametrize("action", few(ACTIONS, 6))
def test_every_action_can_be_described(page, folder, action):
    app = begun(page, folder, action)
    assert app.button(key="plan_hand_propose")


def test_clicks_are_the_ends_of_a_way_and_begin_anew(monkeypatch, folder):
    context = SimpleNamespace(entry=catalogue(folder)["town.gpkg"], labels=Labels("en"))
    state: dict = {}
    monkeypatch.setattr(by_hand.st, "session_state", state)
    monkeypatch.setattr(choices.st, "session_state", state)
    for x, spots in (
        (1.0, ((1.0, 9.0),)),
        (2.0, ((1.0, 9.0), (2.0, 9.0))),
        (3.0, ((3.0, 9.0),)),
    ):
        by_hand._picked(context, "gate", Pick("", "", x, 9.0, 1.0))
        assert by_hand._places(context, "gate").spots == spots
    # of another action they are none
    assert by_hand._places(context, "build").spots == ()
    by_hand._picked(context, "close", Pick("facility", "c1", 1.0, 9.0, 1.0))
    assert choices.choices()[by_hand.FACILITY] == "c1"


@pytest.mark.long
def test_who_may_not_propose_is_offered_nothing(page, folder, monkeypatch):
    proposed(folder)
    acts_as(monkeypatch, "reviewer", department="health")
    app = page()
    assert "plan_by_hand" not in {each.key for each in app.button}
    app.session_state["planner_plan_by_hand"] = "town.gpkg"
    assert "plan_hand_propose" not in {each.key for each in whole(app.run()).button}


def test_the_table_is_narrowed_down_by_kind_and_year(page, folder):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.add(kinds=["library"], workspace="town.gpkg", title="Books")

    def ids(**query: str) -> set[str]:
        (table,) = [each.value for each in page(**query).dataframe]
        return set(table["Name"])

    assert len(ids()) == 2
    assert ids(plan_kinds="library") == {"Books"} == ids(plan_year="open")
    assert ids(plan_year="2027") == {stored(folder, own).proposal.title}
    app = page(plan_year="2027", plan_kinds="library")
    assert "fits all" in app.info[0].value


def sent(monkeypatch, file: Path) -> None:
    upload = SimpleNamespace(name=file.name, file_id="1", getvalue=file.read_bytes)
    monkeypatch.setattr(exchange.st, "file_uploader", lambda *_args, **_more: upload)


def test_another_offices_plan_is_merged_and_conflicts_are_chosen(
    page, folder, monkeypatch, tmp_path
):
    own = proposed(folder)
    there = tmp_path / "there.sqlite"
    with open_plan(folder / "plan.sqlite") as plan:
        plan.export(tmp_path / "base.plan.json.gz")
        plan.edit(own, note="ours")
    with open_plan(there) as other:
        other.restore(tmp_path / "base.plan.json.gz")
        other.edit(own, note="theirs")
        file = other.export(tmp_path / "theirs.plan.json.gz")
    app = page(plan_part="trail")
    sent(monkeypatch, file)
    app = whole(app.run())
    app = whole(app.button(key="plan_merge").click().run())
    assert "both offices changed the same" in app.warning[0].value
    (table,) = [each.value for each in app.dataframe if "Ours" in each.value.columns]
    assert list(table[["Ours", "Theirs"]].iloc[0]) == ["ours", "theirs"]
    assert stored(folder, own).proposal.note == "ours"
    app.radio(key=f"plan_side_{own}").set_value("theirs").run()
    app = whole(app.button(key="plan_merge").click().run())
    assert stored(folder, own).proposal.note == "theirs"
    assert any("Merged" in each.value for each in app.success)


@pytest.mark.parametrize("both_edit", [False, True])
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("says anew", "objects", "supports")), ("zh", ("表态", "反对", "支持"))],
)
def test_a_merge_tells_which_department_said_otherwise_in_the_other_office(
    page, folder, monkeypatch, tmp_path, lang, words, both_edit
):
    own = proposed(folder)
    there = tmp_path / "there.sqlite"
    with open_plan(folder / "plan.sqlite") as plan:
        for step in ("submit", "take_up"):
            plan.step(own, step)
        department = plan.case(own).waiting_for[0].department
        plan.export(tmp_path / "base.plan.json.gz")
        plan.review(own, "support", "fits", department)
        if both_edit:
            plan.edit(own, note="ours")
    with open_plan(there) as other:
        other.restore(tmp_path / "base.plan.json.gz")
        other.review(own, "object", "no land", department)
        if both_edit:
            other.edit(own, note="theirs")
        file = other.export(tmp_path / "theirs.plan.json.gz")
    app = page(plan_part="trail", lang=lang)
    sent(monkeypatch, file)
    app = whole(app.run())
    app = whole(app.button(key="plan_merge").click().run())
    (told,) = [
        each.value.replace("\\", "") for each in app.warning if own in each.value.replace("\\", "")
    ]
    assert all(each in told for each in words), told
    assert stored(folder, own).positions[department].position == "object"


def test_a_file_that_is_none_is_refused_by_its_own_name(page, folder, monkeypatch, tmp_path):
    proposed(folder)
    file = tmp_path / "holiday.plan.json.gz"
    file.write_bytes(b"no plan")
    app = page(plan_part="trail")
    sent(monkeypatch, file)
    app = app.run().button(key="plan_merge").click().run()
    assert "holiday.plan.json.gz" in app.error[0].value.replace("\\", "")
    assert str(tmp_path) not in app.error[0].value


def test_only_administrators_take_the_whole_plan(page, folder, monkeypatch):
    proposed(folder)
    keys = {each.key for each in page(plan_part="trail").get("download_button")}
    assert "download_plan_whole" in str(keys)
    acts_as(monkeypatch, "planner", "approver", department="health")
    keys = {each.key for each in page(plan_part="trail").get("download_button")}
    assert "download_plan_whole" not in str(keys)
