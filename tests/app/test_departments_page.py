"""What the page of who must act shows, run by Streamlit without a browser."""

import threading

import pytest

from planner.app.session import background
from planner.app.session.answers.departments import DepartmentsQuestion
from planner.app.session.answers.departments import departments as find_departments
from planner.app.session.catalogue import catalogue
from planner.app.session.jobs.tickets import Ticket
from planner.siting.departments import departments
from planner.views.maps.departments import building_groups, legend_html, list_html
from planner.views.words.labels import Labels


@pytest.mark.long
def test_departments_and_kinds_are_listed_with_what_lies_beyond_the_limit(open_app):
    app = open_app("departments", district="town.gpkg", lang="en")
    assert not app.exception
    assert not app.error
    departments, kinds = app.dataframe[0].value, app.dataframe[1].value
    clinic = kinds[kinds["Kind of facility"].str.contains("clinic", case=False)].iloc[0]
    # homes at 350 m and beyond are 7 of 10 on the street; one more has no street
    assert (clinic["Beyond limit"], clinic["+ unknown"]) == (70.0, 10.0)
    for table in app.dataframe[:2]:  # of whom nothing is known stand beside who is beyond
        assert "+ unknown" in table.proto.column_order
    assert clinic["Department"] == "Health"
    health = departments[departments["Department"] == "Health"].iloc[0]
    assert health["Beyond limit"] >= 70.0
    said = " ".join(element.value for element in app.markdown).replace("\\", "")
    assert "Who should talk to whom" in said
    assert "Health should talk to Natural resources and planning" in said


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "own", "gate"),
    [("en", "Gaps to mend: Health", "See the gap"), ("zh", "要办的盲区：卫健", "查看盲区")],
)
def test_one_department_has_its_gaps_and_each_gap_its_next_steps(open_app, language, own, gate):
    app = open_app(
        "departments", district="town.gpkg", lang=language, department="health", own_gap="clinic-01"
    )
    assert not app.exception
    assert not app.error
    said = " ".join(element.value for element in app.markdown).replace("\\", "")
    assert own in said
    assert gate in [button.label for button in app.button]
    assert app.selectbox(key="pick_department").value == "health"
    assert (" should " in said) is (language == "en")


def ticked(app, table: str) -> list[int]:
    """The rows that a table of the page shows as chosen, by the beginning of its key."""
    state = app.session_state.to_dict()
    (key,) = [each for each in state if str(each).startswith(table)]
    return list(state[key].selection.rows)


def test_the_chosen_department_is_ticked_and_its_gaps_stand_before_the_tables(open_app):
    asked = {"district": "town.gpkg", "lang": "en"}
    app = open_app("departments", **asked)
    names = app.dataframe[0].value["Department"].tolist()
    assert ticked(app, "departments_all_") == []
    app = open_app("departments", **asked, department="health", own_gap="clinic-01")
    assert ticked(app, "departments_health_") == [names.index("Health")]
    first, second = app.dataframe[0].value, app.dataframe[1].value
    assert "What would mend it" in first
    assert second["Department"].tolist() == names
    (row,) = ticked(app, "departments_gaps_")
    assert "clinic" in first["Kind of facility"].iloc[row].lower()


def test_the_tables_have_the_same_columns_in_both_languages(open_app):
    shown = {}
    for language in ("en", "zh"):
        app = open_app("departments", district="town.gpkg", lang=language)
        for place, table in enumerate(app.dataframe[:2]):
            names = list(table.value)
            order = [names.index(each) for each in table.proto.column_order]
            shown[language, place] = order
        assert Labels(language).message("departments.col_agrees") in app.dataframe[0].value
    assert shown["en", 0] == shown["zh", 0]
    assert len(shown["en", 0]) == 7
    assert shown["en", 1] == shown["zh", 1]


def test_gaps_of_other_departments_are_told_beside_a_departments_own(open_app):
    def said(department: str) -> str:
        app = open_app("departments", district="town.gpkg", lang="en", department=department)
        assert not app.exception
        return " ".join(element.value for element in app.caption)

    # it has no gaps of its own, and must agree to where others build
    assert "of other departments: this one mends" in said("planning")
    assert "of other departments: this one mends" not in said("health")


def test_the_next_step_carries_kind_and_gap(open_app, monkeypatch):
    app = open_app(
        "departments", district="town.gpkg", lang="en", department="health", own_gap="clinic-01"
    )
    app.button(key="departments_to_gaps").click().run()
    made = app.session_state["planner_choices"]
    assert (made["kind"], made["gap_kind"], made["gap"]) == ("clinic", "clinic", "clinic-01")


def test_a_department_with_nothing_to_do_is_said_not_to_be_on_offer(open_app):
    app = open_app("departments", district="town.gpkg", lang="en", department="commerce")
    assert not app.exception
    assert "commerce" in app.warning[0].value
    assert app.selectbox(key="pick_department").value == "all"


@pytest.mark.long
def test_the_tables_are_there_before_the_best_links(open_app, monkeypatch):
    """A search for links that does not end holds nothing up but what it finds."""
    ended, found = threading.Event(), departments.with_links

    def late(assessment, gaps, most, **more):
        if most:
            assert ended.wait(60.0)
        return found(assessment, gaps, most, **more)

    monkeypatch.setattr(departments, "with_links", late)
    monkeypatch.setattr(background, "PATIENCE_S", 0.5)
    app = open_app("departments", district="town.gpkg", lang="en", at="Mo 09:30")
    for _ in range(100):
        if len(app.dataframe) >= 2:
            break
        app.run()
    said = " ".join(element.proto.text for element in app.get("progress"))
    before = [each.value for each in app.dataframe[:2]]
    metric = next(each for each in app.metric if "price" in each.label)
    ended.set()
    assert not app.exception
    assert "best link of each of the largest gaps" in said
    assert len(before) == 2
    # nothing is told that a link may still change
    assert metric.value == "…"
    for table in before:
        prices = [name for name in table if name.startswith("Price")]
        assert prices
        assert set(table[prices].to_numpy().ravel()) == {"…"}
        assert "…" not in set(table["Beyond limit"])
    monkeypatch.setattr(background, "PATIENCE_S", 60.0)
    app.run()
    assert not app.get("progress")
    assert "…" not in set(app.dataframe[0].value.to_numpy().ravel())
    assert next(each for each in app.metric if "price" in each.label).value != "…"


def test_a_moment_that_is_none_is_told(open_app):
    app = open_app("departments", district="town.gpkg", lang="en", at="never")
    assert "never" in app.error[0].value


def test_a_standard_without_limits_says_so(open_app):
    app = open_app("departments", district="town.gpkg", lang="en", standard="national-floor-area")
    assert not app.exception
    assert "no limits" in app.info[0].value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_drawn_and_printed_is_safe_and_complete(workspaces, language):
    entry = catalogue(workspaces)["town.gpkg"]
    question = DepartmentsQuestion(entry, "gb50180-2018", group="population")
    found = find_departments(question, Ticket())
    assert find_departments(question, Ticket()) is found
    assert list_html(found, language).count("<p>") == min(len(found.gaps), 12)
    assert legend_html(found, language)
    drawn = building_groups(found, language)
    assert bool(drawn) is bool(len(found.buildings))
