"""Pages of a district where no source tells of some kinds, and of one where none tells anything."""

from dataclasses import replace

import pandas as pd
import pytest
from towns import town

from planner import write_district

PAGES = ("overview", "kinds", "coverage", "gaps", "checkup", "siting", "links", "supply")


def some_known():
    return replace(town(), records={})._recorded()


def nothing_known():
    here = town()
    return replace(here.with_layers(facilities=here.facilities.iloc[:0]), records={})


@pytest.fixture(scope="module", autouse=True)
def files(workspaces):
    write_district(some_known(), workspaces / "some.gpkg")
    write_district(nothing_known(), workspaces / "nothing.gpkg")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_names_the_kinds_without_data(open_app, name):
    app = open_app(name, district="some.gpkg", lang="en")
    assert not app.exception
    heading = next(text.value for text in app.markdown if "no data" in text.value)
    assert "Police room" in heading
    assert "Community health station (clinic)" not in heading


def test_the_kinds_are_rows_without_figures(open_app):
    app = open_app("kinds", district="some.gpkg", lang="en")
    rows = app.dataframe[0].value.set_index("kind")
    assert rows.loc["Police room", "limit"] == "no data"
    assert rows.loc["Police room", ["share", "covered", "facilities"]].isna().all()
    assert not pd.isna(rows.loc["Community health station (clinic)", "share"])


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_where_nothing_is_known(open_app, name):
    app = open_app(name, district="nothing.gpkg", lang="en")
    assert not app.exception
    assert any("no data" in text.value for text in app.markdown)


def test_the_overview_lists_them_too(open_app):
    app = open_app("overview", district="some.gpkg", lang="en")
    named = [str(each) for table in app.dataframe for each in table.value.get("name", [])]
    assert "Police room · no data" in named
