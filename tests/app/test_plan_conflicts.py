"""Targets and limits that two people edit at once, side by side; and what the agenda assumes."""

import pytest
from test_pages import whole
from test_plan_page import acts_as, in_form, kept_aims, proposed, sent
from test_plan_years import finished

from planner.plan import open_plan


@pytest.fixture
def folder(plan_folder):
    return plan_folder


@pytest.fixture
def open_page(plan_page, monkeypatch):
    acts_as(monkeypatch, "approver", name="Chen")
    return plan_page


def sides(app) -> list[list[str]]:
    """Return the rows of the table that shows both edits."""
    found = [each.value for each in app.dataframe if "Before" in each.value.columns]
    return found[0].to_numpy().tolist() if found else []


@pytest.fixture
def met(open_page, folder):
    """Two edit a target at once: we its share, another its year; both are one target."""
    with open_plan(folder / "plan.sqlite") as plan:
        own = plan.set_target(kind="clinic", year=2090, share=0.9, workspace="town.gpkg")
    app = open_page(plan_part="targets")
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit_target(own, year=2091, why="council")
    form = f"plan_edit_target_form_{own.id}"
    app.number_input(key=f"plan_share_{own.id}_1").set_value(95.0)
    (why,) = in_form(app.text_input, form)
    why.input("bureau")
    return sent(app, form), own


@pytest.mark.long
def test_two_edits_of_one_target_stand_side_by_side_and_nothing_is_written(met, folder):
    app, _ = met
    assert sorted(sides(app)) == [
        ["share asked for", "90.0%", "95.0%", "90.0%"],
        ["year", "2090", "2090", "2091"],
    ]
    ((kept,), _) = kept_aims(folder)
    assert (kept.share, kept.year, kept.version) == (0.9, 2091, 2)


@pytest.mark.long
def test_who_writes_over_gets_all_of_their_own_target(met, folder):
    app, _ = met
    app = whole(app.button(key="plan_ours").click().run())
    ((kept,), _) = kept_aims(folder)
    # not their year beside our share, which would be nobody's target
    assert (kept.share, kept.year) == (0.95, 2090)
    assert sides(app) == []
    with open_plan(folder / "plan.sqlite") as plan:
        assert [each["why"] for each in plan.trail(kept.id)][-1] == "bureau"


@pytest.mark.long
def test_who_keeps_the_others_writes_nothing(met, folder):
    app, _ = met
    app = whole(app.button(key="plan_theirs").click().run())
    ((kept,), _) = kept_aims(folder)
    assert (kept.share, kept.year, kept.version) == (0.9, 2091, 2)
    assert sides(app) == []


@pytest.mark.long
def test_what_changed_once_more_meets_again(met, folder):
    app, own = met
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit_target(own.id, year=2092, why="council again")
    app = whole(app.button(key="plan_ours").click().run())
    assert ["year", "2091", "2090", "2092"] in sides(app)
    assert kept_aims(folder)[0][0].year == 2092


def test_two_edits_of_one_limit_stand_side_by_side(open_page, folder):
    told = {"department": "health", "year": 2027, "workspace": "town.gpkg"}
    with open_plan(folder / "plan.sqlite") as plan:
        own = plan.set_limit(amount=500.0, **told)
    app = open_page(plan_part="targets")
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit_limit(own, amount=400.0, why="council")
    form = f"plan_edit_limit_form_{own.id}"
    app.number_input(key=f"plan_amount_{own.id}_1").set_value(600.0)
    (why,) = in_form(app.text_input, form)
    why.input("bureau")
    app = sent(app, form)
    assert sides(app) == [["amount", "500.00", "600.00", "400.00"]]
    assert kept_aims(folder)[1][0].amount == 400.0
    whole(app.button(key="plan_ours").click().run())
    assert kept_aims(folder)[1][0].amount == 600.0


@pytest.mark.long
def test_the_agenda_assumes_what_was_entered_with_the_targets(open_page, folder):
    with open_plan(folder / "plan.sqlite") as plan:
        plan.set_target(kind="clinic", year=2090, share=1.0, workspace="town.gpkg")
    app = open_page(plan_part="targets")
    app.number_input(key="plan_months_build").set_value(48)
    app.number_input(key="plan_growth").set_value(0.8)
    app = whole(app.run())
    app.query_params["plan_part"] = "talk"
    app = finished(lambda: whole(app.run()))
    texts = [each.value.replace("\\", "") for each in app.markdown]
    (told,) = [each for each in texts if "2090" in each]
    assert "2086-12 (assumed time of building: 48 months)" in told
    assert "counted with the growth that was given" in told


@pytest.mark.long
def test_who_writes_over_gets_their_amount_in_their_own_unit(plan_page, folder, monkeypatch):
    acts_as(monkeypatch, "administrator")
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, cost=90.0, currency="CNY 10,000")
    app = plan_page(proposal=own)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, currency="EUR")
    form = f"plan_edit_{own}_2"
    (box,) = [each for each in in_form(app.number_input, form) if each.value == 90.0]
    box.set_value(80.0)
    app = sent(app, form)
    assert len(sides(app)) == 2
    whole(app.button(key="plan_ours").click().run())
    with open_plan(folder / "plan.sqlite") as plan:
        kept = plan.get(own)
    assert (kept.cost, kept.currency) == (80.0, "CNY 10,000")


@pytest.mark.long
def test_codes_are_edited_in_words_and_stay_if_nobody_changes_them(plan_page, folder, monkeypatch):
    acts_as(monkeypatch, "administrator")
    own = proposed(folder)
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, cost=90.0, currency="CNY 10,000", cost_source="unverified")
    app = plan_page(proposal=own, lang="zh")
    form = f"plan_edit_{own}_2"
    boxes = in_form(app.text_input, form)
    shown = [each.value for each in boxes]
    assert "万元" in shown
    assert not {"unverified", "CNY 10,000"} & set(shown)
    boxes[0].input("东诊所")
    sent(app, form)
    with open_plan(folder / "plan.sqlite") as plan:
        kept = plan.get(own)
    assert (kept.title, kept.currency, kept.cost_source) == ("东诊所", "CNY 10,000", "unverified")


@pytest.mark.parametrize(
    ("lang", "name"),
    [
        ("en", "Community health station (clinic), the whole district, 2027–2031: 40.0% of"),
        ("zh", "社区卫生服务站，全区，2027–2031 年：40.0% 的社区"),
    ],
)
def test_targets_to_choose_from_have_short_names(open_page, folder, lang, name):
    with open_plan(folder / "plan.sqlite") as plan:
        asked = {"measure": "communities", "share": 0.4, "step": 0.1, "years": 5, "reached": 0.8}
        plan.set_target(kind="clinic", year=2027, workspace="town.gpkg", **asked)
    app = open_page(plan_part="targets", lang=lang)
    assert app.selectbox(key="pick_plan_target").options[0].startswith(name)
    (shown,) = [each.value for each in app.dataframe if len(each.value) == 5]
    columns = [list(shown[own]) for own in shown]
    assert ["2027", "2028", "2029", "2030", "2031"] in columns
    of = {"en": "of the communities", "zh": "的社区"}[lang]
    shares = ("40.0%", "50.0%", "60.0%", "70.0%", "80.0%")
    assert [f"{each} {of}" for each in shares] in columns
    (points,) = [each.value for each in app.markdown if each.value.count("2031") > 1]
    assert len(points.splitlines()) >= 7


def test_an_amount_typed_over_a_lists_is_no_lists(plan_page, folder, monkeypatch):
    acts_as(monkeypatch, "administrator")
    own = proposed(folder)
    price = {"cost": 90.0, "cost_high": 110.0, "currency": "CNY 10,000"}
    with open_plan(folder / "plan.sqlite") as plan:
        plan.edit(own, **price, cost_source="unverified")
    app = plan_page(proposal=own)
    form = f"plan_edit_{own}_2"
    (box,) = [each for each in in_form(app.number_input, form) if each.value == 90.0]
    box.set_value(120.0)
    sent(app, form)
    with open_plan(folder / "plan.sqlite") as plan:
        kept = plan.get(own)
    assert (kept.cost, kept.cost_high, kept.cost_source) == (120.0, None, "")
