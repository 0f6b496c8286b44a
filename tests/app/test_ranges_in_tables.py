"""Where too many are not known for a share, tables of coverage tell the range and do not hide."""

from types import SimpleNamespace

import pandas as pd
import pytest
import shapely
from towns import EAST, NORTH, town

from planner import assess, write_district
from planner.app.widgets import tables
from planner.views.words.labels import Labels


def half_known():
    """Return the town with three homes of its east side far from any street."""
    here = town()
    demand = here.demand.copy()
    demand.loc[demand.index[-3:], "geometry"] = [
        shapely.Point(EAST + 800 + 50 * n, NORTH + 390) for n in range(3)
    ]
    return here.with_layers(demand=demand)


@pytest.fixture(scope="module", autouse=True)
def file(workspaces):
    write_district(half_known(), workspaces / "half_known.gpkg")


@pytest.fixture(scope="module")
def told():
    """Return the range of the clinic as the key figure tells it."""
    rows = assess(half_known(), "gb50180-2018").summary()
    clinic = rows[(rows["kind"] == "clinic") & (rows["group"] == "population")].iloc[0]
    word = Labels("en").rate(clinic)
    assert "–" in word
    return word


@pytest.mark.parametrize(
    ("page", "column", "row"), [("kinds", "share", 0), ("overview", "covered", 0)]
)
def test_a_kinds_range_stands_in_the_table(open_app, told, page, column, row):
    app = open_app(page, district="half_known.gpkg", lang="en")
    assert not app.exception
    table = app.dataframe[row].value
    words = [each.strip() for each in table[column].dropna()]
    assert told in words
    assert set(words) != {told}, "one kind has none, and no share is known"


def test_a_communitys_range_stands_in_the_table(open_app):
    app = open_app("coverage", district="half_known.gpkg", lang="en", kind="clinic")
    assert not app.exception
    shares = app.dataframe[0].value.set_index("name")["share"]
    assert "–" in shares["East"]
    assert shares["West"].endswith("%")
    assert "–" not in shares["West"]


@pytest.mark.browser
def test_shares_beside_ranges_sort_as_figures(browser):
    """As the browser sorts texts of a column: `9.5%` stood behind `53.2%`."""
    in_order = ["0%", "9.5%–12.0%", "53.2%", "53.2%–60.0%", "99.9%", "100%"]
    labels = SimpleNamespace(rate=lambda row: row["told"])
    rows = pd.DataFrame({"told": in_order, "share": None, "share_low": 0.0})
    words = tables.shares(SimpleNamespace(labels=labels), rows).to_list()
    assert [each.strip() for each in words] == in_order
    tab = browser.new_page()
    sort = "texts => texts.sort((one, other) => one.localeCompare(other))"
    assert tab.evaluate(sort, words[::-1]) == words
    assert tab.evaluate(sort, in_order[::-1]) != in_order
    tab.close()


def test_without_ranges_shares_are_figures(open_app):
    app = open_app("kinds", district="demo", lang="en")
    assert app.dataframe[0].value["share"].dtype == float
