"""What the page of gaps shows, run by Streamlit without a browser."""

import json
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import planner
from planner.app.pages.gaps import page as gaps_page
from planner.app.session.answers.gaps import GapQuestion
from planner.app.session.answers.gaps import gaps as find_gaps
from planner.app.session.catalogue import catalogue
from planner.app.session.jobs.tickets import CancelledError
from planner.app.widgets import downloads
from planner.app.widgets.column_widths import laid_out
from planner.app.widgets.tables import HALF, TICKS
from planner.views.maps.base.bounds import bounds_of
from planner.views.maps.gaps import GAP, gap_groups, legend_html
from planner.views.words.labels import Labels


def draw(language: str, choices: dict[str, str]) -> None:
    """Draw the page by itself; runs as a script of its own."""
    import os
    from pathlib import Path

    from planner.app.pages.gaps import page as gaps
    from planner.app.session import choices as state
    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    for name, value in choices.items():
        state.choices().setdefault(name, value)
    gaps.page(Context(Labels(language), entry, "gb50180-2018"))


@pytest.fixture
def open_page(workspaces, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))

    def opened(language: str = "en", **choices: str) -> AppTest:
        app = AppTest.from_function(draw, args=(language, choices), default_timeout=120).run()
        assert not app.exception
        return app

    return opened


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def captions(app: AppTest) -> list[str]:
    return [caption.value.replace("\\", "") for caption in app.caption]


@pytest.mark.long
def test_gaps_are_listed_with_cause_and_remedy(open_page):
    app = open_page(gap_kind="clinic")
    # homes at 350 m and beyond are 7 of 10 on the street; one more has no street
    assert metrics(app) == {
        "People in gaps (10 not known)": "80",
        "Gaps": "2",
        "Most frequent cause": "None within reach",
    }
    table = app.dataframe[0].value
    assert table["Residents"].tolist() == [70.0, 10.0]
    assert table["Cause"].tolist() == [
        "None within reach",
        "Not known: the map or data must be mended first",
    ]
    assert table["What would mend it"].tolist() == [
        "build here",
        "map the streets that are missing",
    ]
    # the column that decides is of two or three words, so that rows are low
    assert table["Main cause"].tolist() == ["None within reach", "Cannot be told"]
    shown = json.loads(app.dataframe[0].proto.columns)
    assert "width" in shown["Main cause"]
    assert "width" not in shown.get("Cause", {})
    assert not app.error
    assert any("In gaps: 80, of them 10 not known" in text for text in captions(app))


def test_a_cause_is_filtered_and_none_left_says_so(open_page):
    app = open_page(gap_kind="clinic", gap_cause="data")
    assert app.dataframe[0].value["Residents"].tolist() == [10.0]
    app = open_page(gap_kind="clinic", gap_cause="full")
    assert "no gap" in app.info[0].value
    assert not app.dataframe


@pytest.mark.long(but=1)
@pytest.mark.parametrize("kind", ["each", "any", "several", "all"])
def test_kinds_together_in_chinese(open_page, kind):
    app = open_page("zh", gap_kind=kind)
    assert "居民数" in app.dataframe[0].value or "居民" in app.dataframe[0].value
    assert not app.error


@pytest.mark.long
def test_a_moment_that_is_none_is_told(open_page):
    app = open_page(gap_kind="clinic")
    app.text_input(key="input_at").set_value("soon").run()
    assert "soon" in app.error[0].value
    app.text_input(key="input_at").set_value("Su 22:00").run()
    assert not app.error
    told = {name.partition(" (")[0]: value for name, value in metrics(app).items()}
    assert told["People in gaps"] == "110"


@pytest.mark.long
def test_a_moment_is_given_and_asked_in_chinese(open_page):
    app = open_page("zh", gap_kind="clinic")
    box = app.text_input(key="input_at")
    assert box.placeholder == "周日 22:00"
    box.set_value("星期日晚上10点").run()
    assert not app.error
    assert "110" in metrics(app).values()
    app.text_input(key="input_at").set_value("全天").run()
    assert not app.error


def test_a_district_without_capacities_says_what_is_missing(open_page):
    app = open_page(gap_kind="clinic")
    app.toggle(key="input_capacity").set_value(True).run()
    assert "room" in app.error[0].value


@pytest.mark.long
def test_the_map_names_each_gap_and_the_chosen_one_is_looked_at(workspaces):
    entry = catalogue(workspaces)["town.gpkg"]
    asked = GapQuestion(entry, "gb50180-2018", kind="clinic", group="population")
    gaps, result = find_gaps(asked), planner.assess(planner.read_district(entry.path))
    (group,) = gap_groups(result, gaps, "en", chosen="clinic-01")
    drawn = "".join(child.arguments for child in group._children.values())
    assert f'["{GAP}", "clinic-01"]' in drawn or f'["{GAP}","clinic-01"]' in drawn
    assert "build here" in drawn
    (south, west), (north, east) = bounds_of(gaps[gaps["gap_id"] == "clinic-01"])
    assert south < north < south + 0.02
    assert west < east < west + 0.02
    assert legend_html(gaps, "zh").count("pl-row") == 2


def test_files_hold_all_gaps(workspaces, tmp_path):
    from planner.views.exports.analysis.gaps import write_gaps

    result = planner.assess(planner.read_district(catalogue(workspaces)["town.gpkg"].path))
    files = write_gaps(result, result.gaps(), tmp_path / "out", "zh")
    assert [file.name for file in files] == ["gaps.csv", "gaps.gpkg", "gaps.geojson"]
    layer = gpd.read_file(files[1], layer="gaps")
    assert len(layer) == len(json.loads(files[2].read_text(encoding="utf-8"))["features"])
    assert layer.crs == result.district.crs
    assert "盲区编号" in files[0].read_text(encoding="utf-8-sig")
    written = downloads.written("gaps.gpkg", lambda file: file.write_bytes(b"x"))
    assert written == b"x"
    assert Labels("zh").message("gaps.page") == "覆盖盲区与成因"


@pytest.mark.long
def test_a_gap_leads_on_to_what_can_be_done(open_page):
    app = open_page(gap_kind="clinic")
    chosen = app.dataframe[0].value
    gap = f"clinic-{1:0{max(2, len(str(len(chosen))))}d}"
    app = open_page(gap_kind="clinic", gap=gap)
    # seven homes, 100 m apart and each 10 m off the street, and the end of the street: from the
    # home in the middle two are within 300 m on each side
    brings = next(text for text in captions(app) if "at the best of" in text)
    assert "best of 8 places" in brings
    assert "brings 50 of the 70 beyond the limit" in brings
    assert "with those beside the gap" not in brings, "nobody beside it gains"
    app.button(key="gap_new_take").click().run()
    assert not app.exception
    made = app.session_state["planner_drafts"]["town.gpkg"].draft.current.changes
    assert [change.kind for change in made] == ["clinic"]
    app.button(key="gap_siting").click().run()
    assert app.session_state["planner_choices"]["kind"] == "clinic"


@pytest.mark.long
def test_a_gap_under_a_question_is_not_tried_where_the_question_is_not_asked(open_page):
    app = open_page(gap_kind="clinic")
    app.text_input(key="input_at").set_value("Su 22:00").run()
    gap = app.dataframe[0].value
    assert len(gap)
    app.session_state["planner_choices"]["gap"] = "clinic-01"
    app.run()
    assert not app.exception
    keys = {button.key for button in app.button}
    assert "gap_new_take" not in keys
    assert "gap_siting" not in keys
    assert any("at any hour" in text.value for text in app.caption)


def test_a_gap_of_a_profile_is_shown_without_links(open_page, monkeypatch):
    app = open_page(gap_kind="clinic", walk="wheelchair", gap="clinic-01")
    assert not app.error
    assert "gap_new_take" not in {button.key for button in app.button}
    assert any("at any hour" in text.value for text in app.caption)


@pytest.mark.parametrize("kind", ["clinic", "each"])
def test_the_largest_areas_are_shown_before_their_causes(open_page, monkeypatch, kind):
    def stopped(_question, _ticket):
        raise CancelledError

    monkeypatch.setattr(gaps_page, "_found", stopped)
    monkeypatch.setattr(gaps_page, "is_known", lambda *_: False)  # of another test
    app = open_page(gap_kind=kind)
    table = app.dataframe[0].value
    assert "Cause" not in table
    assert table["Residents"].sum() == 80.0 if kind == "clinic" else len(table) == 10
    assert not app.metric
    assert any("largest areas" in each.value for each in app.markdown)
    assert [each for each in app.button if "working_again" in str(each.key)]


@pytest.mark.parametrize("unit", ["floor_area_m2", "weight", "residents"])
def test_where_how_many_why_and_what_would_mend_it_have_room(unit):
    labels = Labels("en", unit=unit)
    context = SimpleNamespace(labels=labels, word=labels.message)
    group = "population"
    config = {name: dict(each) for name, each in gaps_page._counted(context, group).items()}
    heads = [labels.message(f"gaps.col_{each}") for each in ("place", "cause", "remedy")]
    table = pd.DataFrame({name: ["x"] for name in [heads[0], labels.group(group), *heads[1:]]})
    laid = laid_out(table, list(table), config, HALF - TICKS, deciding=4)
    assert laid.names == list(table)


def test_map_and_table_leave_room_for_what_mends_the_chosen_gap(open_page, monkeypatch):
    drawn = []
    real = gaps_page.map_view.show

    def show(*given, **named):
        drawn.append(named["height"])
        return real(*given, **named)

    monkeypatch.setattr(gaps_page.map_view, "show", show)
    open_page(gap_kind="clinic")
    open_page(gap_kind="clinic", gap="clinic-01")
    assert drawn == [gaps_page.TABLE_HEIGHT, gaps_page.CHOSEN_HEIGHT]
    assert gaps_page.CHOSEN_HEIGHT < 0.7 * gaps_page.TABLE_HEIGHT


def test_a_gap_of_the_address_is_ticked_and_the_table_stays_while_rows_are_chosen(
    open_page, monkeypatch
):
    drawn = []
    real = gaps_page.tables.draw

    def draw(context, table, key, **named):
        if named.get("name") == "gaps":
            drawn.append((key, named["ticked"]))
        return real(context, table, key, **named)

    monkeypatch.setattr(gaps_page.tables, "draw", draw)
    app = open_page(gap_kind="clinic", gap="clinic-02")
    assert drawn[-1][1] == 1
    first = drawn[-1][0]
    app.session_state["planner_choices"]["gap"] = "clinic-01"  # as by a click on the map
    app.run()
    assert drawn[-1][0] != first
    assert drawn[-1][1] == 0
