"""The page of the joint plan, run by Streamlit without a browser."""

from importlib.resources import files

import pytest
from effort import few
from streamlit.testing.v1 import AppTest
from test_pages import metrics, whole
from towns import judged

from planner.app.pages.plan import editing, talk
from planner.app.pages.plan import house as house_page
from planner.app.session import notices
from planner.app.session import plan as session_plan
from planner.district import Scenario
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import add
from planner.district.scenarios.scenario import Close, Open
from planner.errors import InputError, WorkError
from planner.plan import Actor, Plan, open_plan
from planner.sources import read_district
from planner.sources.corrections import change_corrections, read_corrections


@pytest.fixture
def folder(plan_folder):
    return plan_folder


@pytest.fixture
def open_page(plan_page):
    return plan_page


def acts_as(monkeypatch, *roles: str, department: str = "", name: str = "Li") -> None:
    actor = Actor(name, frozenset(roles), department, name, "sign_in")
    monkeypatch.setattr(session_plan, "session_actor", lambda: actor)


def proposed(folder, **values) -> str:
    """Return the id of a clinic that is proposed at the town's east end."""
    result = judged(folder / "town.gpkg")
    home = result.district.demand.geometry.iloc[8]
    steps = [Open("new-1", "clinic", float(home.x), float(home.y), "East Clinic")]
    with open_plan(folder / "plan.sqlite") as plan:
        made = plan.propose(
            Scenario("", steps, result.district.crs.to_string()),
            assessment=result,
            workspace="town.gpkg",
            year=2027,
            **values,
        )
    return made[0].id


def all_agree(folder, own: str) -> None:
    """Let each department support a proposal whose answer is needed."""
    with open_plan(folder / "plan.sqlite") as plan:
        for asked in plan.case(own).waiting_for:
            plan.review(own, "support", "fits", asked.department)


def stored(folder, own: str):
    with open_plan(folder / "plan.sqlite") as plan:
        return plan.case(own)


def step_keys(app: AppTest) -> set[str]:
    """Return the steps for which the page has a form, by the key of their reason."""
    return {
        each.key.removeprefix("plan_why_") for each in app.text_area if "why_" in (each.key or "")
    }


def say(app: AppTest, step: str, **texts: str) -> AppTest:
    """Fill in the form of a step and send it."""
    for key, text in texts.items():
        app.text_area(key=key).input(text) if key.startswith("plan_why") else app.text_input(
            key=key
        ).input(text)
    label = f"plan_form_{step}"
    (button,) = [each for each in app.button if label in (each.proto.form_id or "")]
    return whole(button.click().run())


@pytest.mark.long
def test_a_proposal_goes_its_way_to_the_opening(open_page, folder):
    own = proposed(folder)
    app = open_page()
    assert metrics(app)["Not decided yet"] == "1"
    app = open_page(proposal=own)
    assert step_keys(app) == {"submit", "withdraw"}
    app = say(say(app, "submit"), "take_up")
    all_agree(folder, own)
    for step in ("approve", "start"):
        app = say(open_page(proposal=own), step)
    assert stored(folder, own).proposal.status == "in_construction"
    app = say(app, "opened", plan_source="seen on site")
    assert stored(folder, own).proposal.status == "opened"
    assert not any("of another state" in each.value for each in app.warning)
    now = read_district(folder / "town.gpkg").facilities
    assert "East Clinic" in set(now["name"])


def test_what_the_data_list_already_is_asked_of_before_it_opens(open_page, folder):
    own, file = proposed(folder), folder / "town.gpkg"
    with open_plan(folder / "plan.sqlite") as plan:
        for step in ("submit", "take_up"):
            plan.step(own, step)
        for asked in plan.case(own).waiting_for:
            plan.review(own, "support", "fits", asked.department)
        spot = plan.step(own, "approve").shape
    values = {"name": "Riverside", "kind": "clinic", "x": spot.x + 6.0, "y": spot.y}
    step = add(read_district(file), values, "2026-01-01T08:00:00+08:00")
    crs = read_district(file).crs.to_string()
    kept = read_corrections(file)
    change_corrections(file, kept.sign, lambda now: Corrections(now.steps, (), crs).do(step))
    app = open_page(proposal=own)
    assert any("Riverside" in each.value for each in app.warning)
    app = say(say(app, "start"), "opened", plan_source="seen")
    assert stored(folder, own).proposal.status == "in_construction"
    app.radio(key="plan_listed").set_value("same")
    app = say(app, "opened", plan_source="seen")
    assert stored(folder, own).proposal.status == "opened"
    assert len(read_corrections(file).steps) == len(kept.steps) + 1
    change_corrections(file, read_corrections(file).sign, lambda now: now.undo())
    app = open_page(proposal=own)
    assert any("not in the data" in each.value for each in app.warning)
    app = open_page(plan_part="years")
    assert any("not in the data" in each.value for each in app.warning)


@pytest.mark.long
def test_a_price_between_two_is_told_as_both(open_page, folder):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, cost=60.0, cost_high=90.0, currency="CNY 10,000")
    text = " ".join(each.value for each in open_page(proposal=own).caption).replace("\\", "")
    assert "Cost: 60 to 90 (" in text
    assert "Place: " in text
    unit = "Cost (10,000 yuan)"
    (table,) = [each.value for each in open_page().dataframe if unit in each.value]
    assert (table[unit].tolist(), table["Cost, at most"].tolist()) == ([60.0], [90.0])


def test_costs_in_several_units_have_them_in_a_column(open_page, folder):
    one, other = proposed(folder), proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(one, cost=60.0, currency="CNY 10,000")
        plan.edit(other, cost=5.0, currency="EUR 1,000")
    (table,) = [each for each in open_page().dataframe if "Cost" in each.value]
    assert "Unit of the cost" in table.proto.column_order
    assert sorted(table.value["Unit of the cost"]) == ["10,000 yuan", "EUR 1,000"]


def test_a_refused_step_says_why_and_keeps_all(open_page, folder):
    own = proposed(folder)
    app = say(open_page(proposal=own), "withdraw")
    assert "needs a reason" in app.warning[0].value
    assert stored(folder, own).proposal.status == "draft"


def test_a_review_of_what_was_changed_meanwhile_is_refused(open_page, folder, monkeypatch):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
    acts_as(monkeypatch, "reviewer", department="planning", name="Zhou")
    app = open_page(proposal=own)
    (reason,) = [each for each in app.text_area if each.proto.form_id == "plan_review"]
    reason.input("It is small enough.")
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, floor_area_m2=9000.0)
    (send,) = [each for each in app.button if each.proto.form_id == "plan_review"]
    app = whole(send.click().run())
    assert "Somebody else changed" in app.warning[0].value
    assert stored(folder, own).reviews == ()


@pytest.mark.long
def test_what_no_longer_fits_is_named_and_ends_nothing(open_page, folder):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        kept = plan.get(own)
        same = {"crs": kept.crs, "geometry": kept.geometry, "workspace": kept.workspace}
        told = {"title": "Old Clinic", "department": "health", "kinds": ["clinic"], "year": 2028}
        odd = plan.add(action="close", changes=[Close("gone")], **same, **told).id
        for each in (own, odd):
            plan.step(each, "submit")
            plan.step(each, "take_up")
            for asked in plan.case(each).waiting_for:
                plan.review(each, "support", "fits", asked.department)
            plan.step(each, "approve")
    app = open_page(plan_part="years")
    (warning,) = [each.value for each in app.warning]
    assert "Old Clinic" in warning
    assert "gone" in warning
    assert set(app.dataframe[0].value["year"]) == {"today", "2027"}
    app = open_page(plan_part="talk")
    (point,) = [each.value for each in app.markdown if "No longer fits" in each.value]
    assert "Old Clinic" in point
    assert "East Clinic" not in point


def test_two_departments_object_answer_and_approve(open_page, folder, monkeypatch):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
        plan.step(own, "take_up")
    acts_as(monkeypatch, "reviewer", department="culture", name="Zhou")
    app = open_page(proposal=own)
    assert step_keys(app) == set()
    (reason,) = [each for each in app.text_area if each.proto.form_id == "plan_review"]
    reason.input("The yard is ours.")
    app.radio[0].set_value("object")
    (send,) = [each for each in app.button if each.proto.form_id == "plan_review"]
    whole(send.click().run())
    (review,) = stored(folder, own).reviews
    assert (review.department, review.position, review.by) == ("culture", "object", "Zhou")

    acts_as(monkeypatch, "approver", name="Chen")
    app = open_page(proposal=own)
    (approve,) = [each for each in app.button if each.key == "plan_step_approve"]
    assert approve.disabled, "an objection is answered before approval"

    acts_as(monkeypatch, "planner", department="health")
    app = open_page(proposal=own)
    form = f"plan_answer_form_{review.id}"
    (text,) = [each for each in app.text_area if each.proto.form_id == form]
    text.input("We build beside it.")
    (send,) = [each for each in app.button if each.proto.form_id == form]
    whole(send.click().run())

    all_agree(folder, own)
    acts_as(monkeypatch, "approver", name="Chen")
    app = say(open_page(proposal=own), "approve")
    assert stored(folder, own).proposal.status == "approved"
    app = open_page(plan_part="years")
    assert {"today", "2027"} <= set(app.dataframe[0].value["year"])
    assert app.dataframe[0].value["gained"].iloc[-1] > 0


@pytest.mark.long(but=1)
@pytest.mark.parametrize("status", ["draft", "submitted", "approved"])
def test_who_may_look_only_is_offered_nothing(open_page, folder, monkeypatch, status):
    own = proposed(folder)
    way = {"draft": (), "submitted": ("submit",), "approved": ("submit", "take_up", "approve")}
    for step in way[status]:
        with open_plan(folder / "plan.sqlite") as plan:
            plan.step(own, step)
        if step == "take_up":
            all_agree(folder, own)
    acts_as(monkeypatch, "viewer")
    app = open_page(proposal=own)
    assert not app.text_area
    assert not [
        each for each in app.button if (each.key or "").startswith(("plan_step", "plan_re"))
    ]
    # an edit by hand-made request meets the plan's own guard
    with pytest.raises(InputError, match="takes the role"):
        Plan(open_plan(folder / "plan.sqlite").store, session_plan.session_actor()).step(
            own, "withdraw", "x"
        )


def test_a_viewer_does_not_begin_a_plan(open_page, folder, monkeypatch):
    acts_as(monkeypatch, "viewer")
    app = open_page()
    assert "There is no joint plan yet" in app.info[0].value
    assert not (folder / "plan.sqlite").exists()


@pytest.mark.long
def test_two_edits_of_one_field_are_shown_with_what_was_before(open_page, folder):
    own = proposed(folder)
    app = open_page(proposal=own)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, title="Theirs")
    form = f"plan_edit_{own}_1"
    next(each for each in app.text_input if each.proto.form_id == form).input("Ours")
    (send,) = [each for each in app.button if each.proto.form_id == form]
    app = whole(send.click().run())
    table = next(each.value for each in app.dataframe if "Before" in each.value.columns)
    assert table.to_numpy().tolist() == [["Name", "East Clinic", "Ours", "Theirs"]]
    assert stored(folder, own).proposal.title == "Theirs"
    whole(app.button(key="plan_ours").click().run())
    assert stored(folder, own).proposal.title == "Ours"


def test_an_edit_that_the_store_could_not_keep_says_so(folder, monkeypatch):
    with open_plan(folder / "plan.sqlite") as found:
        read, told = found.case(proposed(folder)).proposal, []

        def lost(*_args: object, **_values: object) -> None:
            raise WorkError("plan.perhaps_kept", place=str(folder / "plan.sqlite"))

        monkeypatch.setattr(found, "edit", lost)
        monkeypatch.setattr(notices, "leave", lambda each, done=False: told.append((each, done)))
        editing.attempt_edit(found, read, {"title": "A clinic"}, "")
    [(finding, done)] = told
    assert (finding.code, done) == ("plan.perhaps_kept", False)
    assert str(folder) not in str(finding.params)


@pytest.mark.long
def test_nobody_decides_what_they_have_not_seen(open_page, folder):
    own = proposed(folder)
    app = open_page(proposal=own)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, year=2031)
    app = say(app, "submit")
    assert "Somebody else changed" in app.warning[0].value
    assert stored(folder, own).proposal.status == "draft"
    say(app, "submit")
    assert stored(folder, own).proposal.status == "submitted"


def test_the_agenda_and_the_trail_are_drawn(open_page, folder):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
    app = open_page(plan_part="talk")
    assert any("To be taken up for review" in each.value for each in app.markdown)
    app = open_page(plan_part="trail")
    assert own in set(app.dataframe[0].value["Proposal"])
    app = whole(app.button(key="plan_verify").click().run())
    assert "complete, in order and sealed" in app.success[0].value


@pytest.mark.long
def test_of_a_long_point_the_first_lines_are_drawn_and_all_on_demand(
    open_page, folder, monkeypatch
):
    with open_plan(folder / "plan.sqlite") as plan:
        for number in range(5):
            plan.step(proposed(folder, title=f"Clinic {number}"), "submit")
    monkeypatch.setattr(talk, "MOST_LINES", 3)
    app = open_page(plan_part="talk")
    (box, *_) = [each for each in app.toggle if each.key.startswith("plan_point_")]

    def lines(app) -> list[int]:
        return [each.value.count("\n- ") for each in app.markdown if "\n- " in each.value]

    assert max(lines(app)) == 3
    assert box.label.startswith("Show all")
    assert max(lines(whole(box.set_value(True).run()))) >= 5


@pytest.mark.long
@pytest.mark.parametrize(
    ("roles", "lacking", "told"),
    [
        (("planner", "administrator"), True, True),
        (("planner",), True, False),
        (("planner", "administrator"), False, False),
    ],
)
def test_an_administrator_is_told_where_nobody_may_approve(
    open_page, folder, monkeypatch, roles, lacking, told
):
    proposed(folder)
    acts_as(monkeypatch, *roles)
    monkeypatch.setattr(session_plan, "lacks_approvers", lambda: lacking)
    app = open_page()
    assert not app.exception
    assert any("[plan.people." in each.value for each in app.warning) is told


def sent(app: AppTest, form: str) -> AppTest:
    (button,) = [each for each in app.button if each.proto.form_id == form]
    return whole(button.click().run())


def in_form(boxes, form: str):
    return [each for each in boxes if each.proto.form_id == form]


def kept_aims(folder):
    with open_plan(folder / "plan.sqlite") as plan:
        return plan.targets(), plan.limits()


@pytest.mark.long
def test_a_target_is_set_shown_against_the_path_changed_and_put_aside(
    open_page, folder, monkeypatch
):
    own = proposed(folder)
    acts_as(monkeypatch, "approver", name="Chen")
    app = open_page(plan_part="targets")
    assert "No target is set." in [each.value for each in app.info]
    app.selectbox(key="plan_target_kind").set_value("clinic")
    app.number_input(key="plan_share_new").set_value(100.0)
    app.number_input(key="plan_year_new").set_value(2090)
    app = sent(app, "plan_new_target_form")
    ((target,), _) = kept_aims(folder)
    assert (target.kind, target.share, target.year, target.years) == ("clinic", 1.0, 2090, 1)
    assert (target.workspace, target.step, target.created_by) == ("town.gpkg", 0.0, "Chen")
    table = next(each.value for each in app.dataframe if "Still lacking" in each.value)
    row = table.iloc[0]
    with open_plan(folder / "plan.sqlite") as plan:
        (path,) = plan.paths(judged(folder / "town.gpkg"))
    assert path.state == "missed"
    assert (row["State"], row["Year"], row["Asked for"]) == ("missed", "2090", "100.0%")
    assert str(int(path.goals[0].lacking_low)) in row["Still lacking"].replace(",", "")
    assert row["Approve a new facility by"] == "2088-12"
    assert len(app.get("vega_lite_chart")) == 1
    text = " ".join(each.value for each in app.markdown)
    assert own in text.replace("\\", "")
    app.number_input(key="plan_months_build").set_value(48)
    app = whole(app.run())
    table = next(each.value for each in app.dataframe if "Still lacking" in each.value)
    assert table.iloc[0]["Approve a new facility by"] == "2086-12"
    app.number_input(key=f"plan_share_{target.id}_1").set_value(1.0)
    app = sent(app, f"plan_edit_target_form_{target.id}")
    assert "needs a reason" in app.warning[0].value
    (why,) = in_form(app.text_input, f"plan_edit_target_form_{target.id}")
    why.input("council")
    app.number_input(key=f"plan_share_{target.id}_1").set_value(1.0)
    app = sent(app, f"plan_edit_target_form_{target.id}")
    assert kept_aims(folder)[0][0].share == 0.01
    table = next(each.value for each in app.dataframe if "Still lacking" in each.value)
    assert table.iloc[0]["State"] == "met"
    (why,) = in_form(app.text_input, f"plan_aside_target_form_{target.id}")
    why.input("no longer asked")
    sent(app, f"plan_aside_target_form_{target.id}")
    assert kept_aims(folder)[0] == []


@pytest.mark.long
def test_a_limit_is_set_and_says_what_may_be_over(open_page, folder, monkeypatch):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, department="health", cost=8.0, cost_high=12.0, currency="CNY 10,000")
    acts_as(monkeypatch, "administrator")
    app = open_page(plan_part="targets")
    form = "plan_new_limit_form"
    (department,) = in_form(app.selectbox, form)
    department.set_value("health")
    next(each for each in in_form(app.number_input, form) if each.value != 0.0).set_value(2027)
    app.number_input(key="plan_new_amount").set_value(10.0)
    app = sent(app, form)
    (_, (limit,)) = kept_aims(folder)
    assert (limit.department, limit.year, limit.amount) == ("health", 2027, 10.0)
    assert limit.currency == "CNY 10,000"
    table = next(each.value for each in app.dataframe if "Decided" in each.value)
    assert "May be over" in table.iloc[0]["State"]
    assert "8 to 12" in table.iloc[0]["Still to be decided"]
    app = open_page(plan_part="talk")
    assert any("May be over" in each.value or "may be over" in each.value for each in app.markdown)


@pytest.mark.long
def test_what_another_office_adds_moves_nothing_that_was_chosen(open_page, folder, monkeypatch):
    acts_as(monkeypatch, "administrator", name="Chen")
    told = {"department": "health", "amount": 5.0, "workspace": "town.gpkg"}
    with open_plan(folder / "plan.sqlite") as plan:
        plan.set_limit(year=2027, **told)
        own = plan.set_limit(year=2028, **told)
    app = open_page(plan_part="targets")
    app.selectbox(key="pick_plan_limit").set_value(own.id)
    app = whole(app.run())
    with open_plan(folder / "plan.sqlite") as plan:
        plan.set_limit(year=2026, **told)
    app = whole(app.run())
    assert app.selectbox(key="pick_plan_limit").value == own.id
    (why,) = in_form(app.text_input, f"plan_aside_limit_form_{own.id}")
    why.input("no longer asked")
    sent(app, f"plan_aside_limit_form_{own.id}")
    assert {each.year for each in kept_aims(folder)[1]} == {2026, 2027}


@pytest.mark.long
def test_a_target_that_was_changed_since_it_was_drawn_is_not_put_aside(
    open_page, folder, monkeypatch
):
    acts_as(monkeypatch, "administrator", name="Chen")
    with open_plan(folder / "plan.sqlite") as plan:
        own = plan.set_target(kind="clinic", year=2090, workspace="town.gpkg")
    app = open_page(plan_part="targets")
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit_target(own, year=2091, why="council")
    (why,) = in_form(app.text_input, f"plan_aside_target_form_{own.id}")
    why.input("no longer asked")
    app = sent(app, f"plan_aside_target_form_{own.id}")
    assert [each.year for each in kept_aims(folder)[0]] == [2091]
    assert app.warning


@pytest.mark.long
def test_who_may_not_set_targets_sees_no_form(open_page, folder, monkeypatch):
    with open_plan(folder / "plan.sqlite") as plan:
        plan.set_target(kind="clinic", year=2090, workspace="town.gpkg")
        plan.set_limit(department="health", year=2027, amount=1.0, workspace="town.gpkg")
    for role in ("viewer", "planner", "reviewer"):
        acts_as(monkeypatch, role, department="health")
        app = open_page(plan_part="targets")
        assert [each for each in app.button if each.proto.form_id] == []
        assert len(app.dataframe) == 2


def two_buildings(folder) -> tuple[str, str]:
    """Return a clinic and a police room beside it that one building could hold."""
    clinic = proposed(folder)
    result = judged(folder / "town.gpkg")
    home = result.district.demand.geometry.iloc[8]
    steps = [Open("new-2", "police_room", float(home.x) + 5.0, float(home.y), "East Room")]
    with open_plan(folder / "plan.sqlite") as plan:
        (room,) = plan.propose(steps, assessment=result, workspace="town.gpkg")
    return clinic, room.id


def house_of(folder, own: str):
    with open_plan(folder / "plan.sqlite") as plan:
        return plan.house_of(plan.get(own))


@pytest.mark.long
def test_a_line_of_the_agenda_makes_one_house_and_opens_it(open_page, folder, monkeypatch):
    singles = two_buildings(folder)
    # told by the prices of the work, as the house is made by them
    prices = (files("planner.siting") / "costs.toml").read_text(encoding="utf-8")
    prices = prices.replace("saving = 0.25", "saving = 0.5")
    for module, name in ((talk, "own_prices"), (house_page, "own")):
        monkeypatch.setattr(module, name, lambda _context: prices)
    app = open_page(plan_part="talk")
    with open_plan(folder / "plan.sqlite") as plan:
        costs = [plan.get(own).cost for own in singles]
    told = " ".join(each.value for each in app.markdown).replace("\\", "")
    assert any(f"about {0.5 * cost:,.1f}".removesuffix(".0") in told for cost in costs)
    (make,) = [each for each in app.button if each.label == "Make one house of these"]
    app = whole(make.click().run())
    house = house_of(folder, singles[0])
    assert set(house.made_of) == set(singles)
    assert set(house.kinds) == {"clinic", "police_room"}
    assert house.cost in [sum(costs) - 0.5 * cost for cost in costs]
    text = " ".join(each.value for each in app.markdown).replace("\\", "")
    assert "One house for: " in text
    assert "A draft of one house" in app.success[0].value
    app = open_page(proposal=singles[0])
    text = " ".join(each.value for each in app.markdown).replace("\\", "")
    assert "To be built in one house with others: new facility: " in text
    assert house.id in text
    assert not [each for each in app.multiselect if each.key == "plan_combine_with"]
    whole(app.button(key=f"plan_open_{house.id}").click().run())
    app = open_page(plan_part="talk")
    assert not [each for each in app.button if each.label == "Make one house of these"]
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(house.id, year=2028, title="[House](https://x.example) **A**")
        plan.step(house.id, "submit")
    app = open_page(proposal=singles[0])
    label = app.button(key=f"plan_open_{house.id}").label
    assert "](" not in label
    assert "**" not in label
    app = open_page(plan_part="talk")
    assert "takes in" in " ".join(each.value for each in app.markdown)
    acts_as(monkeypatch, "reviewer", department="health")
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(house.id, "withdraw", "tried")
    app = open_page(plan_part="talk")
    assert not [each for each in app.button if each.label == "Make one house of these"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("part", "whose"), few([("talk", 0), ("talk", 1), ("proposals", 0), ("proposals", 1)], 2)
)
def test_a_planner_chooses_whose_place_the_house_takes(open_page, folder, whose, part):
    singles = two_buildings(folder)
    chosen = singles[whose]
    app = open_page(plan_part="talk") if part == "talk" else open_page(proposal=singles[0])
    if part == "proposals":
        others = app.multiselect(key="plan_combine_with")
        app = whole(others.select(others.options[0]).run())
    (site,) = [each for each in app.selectbox if "_site_" in (each.key or "")]
    assert site.options[0] == "Where all of them bring most together"
    assert [chosen in each for each in site.options] == [False, whose == 0, whose == 1]
    app = whole(site.select(chosen).run())
    (make,) = [each for each in app.button if (each.key or "").endswith("_make")]
    whole(make.click().run())
    house = house_of(folder, chosen)
    assert house.shape == stored(folder, chosen).proposal.shape
    other = stored(folder, singles[1 - whose]).proposal
    assert house.shape != other.shape
    assert not any(each.value for each in app.error)


@pytest.mark.long
def test_a_step_that_the_parts_of_a_house_hinder_says_why(open_page, folder):
    singles = two_buildings(folder)
    result = judged(folder / "town.gpkg")
    with open_plan(folder / "plan.sqlite") as plan:
        house = plan.combine(singles, result, "town.gpkg", year=2027)
    assert "submit" in step_keys(open_page(proposal=house.id))
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(singles[1], "withdraw", "no need")
    app = open_page(proposal=house.id)
    assert "submit" not in step_keys(app)
    button = app.button(key="plan_step_submit")
    assert button.disabled
    assert singles[1] in button.help.replace("\\", "")


@pytest.mark.long
def test_a_house_and_its_parts_are_counted_once(open_page, folder):
    singles = two_buildings(folder)
    result = judged(folder / "town.gpkg")
    with open_plan(folder / "plan.sqlite") as plan:
        for own in singles:
            plan.edit(own, year=2028)
            plan.step(own, "submit")
            plan.consult(own, "planning", due="2099-01-01")
        house = plan.combine(singles, result, "town.gpkg")
        plan.step(house.id, "submit")
        asked = plan.case(house.id).waiting_for
    app = open_page()
    told = metrics(app)
    assert (told["Not decided yet"], told["Wait for an answer"]) == ("1", "1")
    (lines,) = [
        each.value.replace("\\", "") for each in app.markdown if "answer needed" in each.value
    ]
    assert lines.count(house.id) == len(asked) > 0
    assert not any(own in lines for own in singles)


def test_a_card_makes_one_house_with_another(open_page, folder, monkeypatch):
    clinic, room = two_buildings(folder)
    acts_as(monkeypatch, "viewer")
    assert not list(open_page(proposal=clinic).multiselect)
    acts_as(monkeypatch, "planner", department="health")
    app = open_page(proposal=clinic)
    app.multiselect(key="plan_combine_with").select(f"East Room ({room})")
    assert not [each for each in app.selectbox if "plan_combine_site" in (each.key or "")]
    app = whole(app.run())
    (site,) = [each for each in app.selectbox if "plan_combine_site" in (each.key or "")]
    assert site.value == ""  # where they bring most, as long as nobody chooses
    whole(app.button(key="plan_combine_make").click().run())
    assert house_of(folder, room).made_of == (clinic, room)
    assert stored(folder, room).proposal.status == "draft"


def test_who_speaks_for_several_is_offered_first_whose_answer_is_needed(open_page, folder):
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.step(own, "submit")
        waiting = {each.department for each in plan.case(own).waiting_for}
    app = open_page(proposal=own)
    (box,) = [each for each in app.selectbox if each.proto.form_id == "plan_review"]
    assert box.value in waiting


def test_a_limit_says_which_house_counts_with_the_rooms_of_others(open_page, folder):
    singles = two_buildings(folder)
    result = judged(folder / "town.gpkg")
    with open_plan(folder / "plan.sqlite") as plan:
        for own in singles:
            plan.edit(own, year=2028)
        house = plan.combine(singles, result, "town.gpkg")
        plan.step(house.id, "submit")
        for department in ("health", "public_security"):
            plan.set_limit(department=department, year=2028, amount=900.0, currency="CNY 10,000")
    said = [each.value for each in open_page(plan_part="targets").caption if house.id in each.value]
    assert len(said) == 2
    assert any("counts here with all of its rooms" in each for each in said)
    assert any("which builds it" in each for each in said)
