"""Where too many are not known for a share, tables of coverage tell the range and do not hide."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
import shapely
from effort import few
from towns import EAST, NORTH, town

from planner import assess, write_district
from planner.analysis.coverage.spacing import share_ranges, wide_ranges
from planner.app.pages.kinds import page as kinds
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


@pytest.mark.long
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


def test_years_show_ranges_where_any_of_their_shares_is_one():
    context = SimpleNamespace(labels=Labels("en"))
    counts = {"covered": [5.0, 9.0], "uncovered": [5.0, 1.0], "unknown": [0.0, 0.0]}
    rows = pd.DataFrame({**counts, "share": [0.5, 0.9]})
    sure = rows.assign(share_low=rows["share"], share_high=rows["share"])
    assert tables.shares_or_ranges(context, sure).tolist() == [50.0, 90.0]
    spread = sure.assign(share_low=[0.3, 0.9])
    told = [each.strip() for each in tables.shares_or_ranges(context, spread)]
    assert told == ["30.0%–50.0%", "90.0%"]


def test_a_scenarios_range_stands_in_one_row_of_the_comparison(open_app, told):
    app = open_app("what-if", district="half_known.gpkg", lang="en", work_view="compare")
    assert not app.exception
    rows = app.dataframe[0].value.set_index("What changes")["Today"]
    assert rows["Community health station (clinic): within the limit"] == told.replace("%", "")
    assert not any("at least" in name or "at most" in name for name in rows.index)


def spread_residents():
    """Return the town, of whose judged kinds only clinics are listed, with residents spread."""
    here = replace(town(), records={})._recorded()
    demand = here.demand.assign(spread_from=here.demand["community_id"], spread_by="floor_area_m2")
    # the old live elsewhere than the others, so that their range is one of their own
    demand["pop_65plus"] = [1.0 + number % 4 for number in range(len(demand))]
    return here.with_layers(demand=demand)


@pytest.fixture(scope="module")
def spread(workspaces):
    """Return the range that the data leave of clinics, as a sentence has it, and the row of it."""
    write_district(spread_residents(), workspaces / "spread.gpkg")
    result = assess(spread_residents(), "gb50180-2018")
    (found,) = wide_ranges(result.findings, "clinic")
    rows = result.summary().set_index(["kind", "group"])
    low, high = (f"{found.params[end]}%" for end in ("low", "high"))
    row = rows.loc[("clinic", "population")]
    (own,) = wide_ranges(result.range_notes("pop_65plus"), "clinic")
    assert own.params != found.params
    of_group = [f"{own.params[end]}%" for end in ("low", "high")]
    return f"between {low} and {high}", row, f"{low}–{high}", of_group


@pytest.mark.long
@pytest.mark.parametrize("page", ["overview", "coverage", "gaps"])
def test_the_range_of_spread_residents_stands_under_the_figures(open_app, spread, page):
    app = open_app(page, district="spread.gpkg", lang="en", kind="clinic")
    assert not app.exception
    (line,) = (each.value for each in app.caption if "were spread over" in each.value)
    assert spread[0] in line.replace("\\", "")
    group = {"kind": "clinic", "group": "pop_65plus"}
    of_a_group = open_app(page, district="spread.gpkg", lang="en", **group)
    (line,) = (each.value for each in of_a_group.caption if "were spread over" in each.value)
    assert "between {} and {}".format(*spread[3]) in line.replace("\\", "")
    counted = open_app(page, district="town.gpkg", lang="en", kind="clinic")
    assert not [each for each in counted.caption if "were spread over" in each.value]


@pytest.mark.long
@pytest.mark.parametrize(
    "page", few(["siting", "what-if", "departments", "checkup", "budget", "one-stop"], 3)
)
def test_what_rests_on_spread_residents_says_how_sure_it_is(open_app, spread, page):
    lines = {}
    for district in ("spread.gpkg", "town.gpkg"):
        app = open_app(page, district=district, lang="en", kind="clinic", sites="2")
        assert not app.exception
        told = [each.value for each in (*app.caption, *app.markdown)]
        lines[district] = [each for each in told if "no surer than that" in each]
    assert lines["town.gpkg"] == []
    (line,) = lines["spread.gpkg"]
    assert spread[2] in line.replace("\\", "") or spread[0] in line.replace("\\", "")
    if page != "checkup":  # which judges all groups at once
        group = {"group": "pop_65plus", "sites": "2"}
        app = open_app(page, district="spread.gpkg", lang="en", kind="clinic", **group)
        told = [each.value for each in (*app.caption, *app.markdown)]
        (line,) = [each.replace("\\", "") for each in told if "no surer" in each]
        assert all(end in line for end in spread[3])


@pytest.mark.long
def test_the_ends_of_the_range_stand_beside_each_kinds_share(open_app, spread):
    shown = open_app("kinds", district="spread.gpkg", lang="en").dataframe[0].value
    clinic = shown.set_index("kind").loc[Labels("en").kind("clinic", town().kinds)]
    assert clinic[kinds.RANGE].strip() == spread[2]
    group = {"district": "spread.gpkg", "lang": "en", "group": "pop_65plus"}
    shown = open_app("kinds", **group).dataframe[0].value
    clinic = shown.set_index("kind").loc[Labels("en").kind("clinic", town().kinds)]
    assert clinic[kinds.RANGE].strip() == "–".join(spread[3])
    assert kinds.RANGE not in open_app("kinds", district="town.gpkg").dataframe[0].value


@pytest.mark.long
def test_the_ends_that_coarse_cells_leave_stand_there_and_not_those_of_the_unknown(
    open_app, workspaces
):
    """Three homes of the town, so far apart that their shares turn on where the points lie."""
    here = town()
    demand = here.demand.assign(spread_from="", spread_by="").iloc[::6]
    coarse = here.with_layers(demand=demand)
    write_district(coarse, workspaces / "coarse.gpkg")
    result = assess(coarse, "gb50180-2018")
    told = share_ranges(result.range_notes("population"))
    rows = result.summary().set_index(["kind", "group"])
    shown = open_app("kinds", district="coarse.gpkg", lang="en").dataframe[0].value
    shown = shown.set_index("kind")[kinds.RANGE]
    apart = 0
    for kind, each in told.items():
        own = rows.loc[(kind, "population")]
        word = Labels("en").percent_range(each.low, each.high)
        assert shown[Labels("en").kind(kind, here.kinds)].strip() == word
        apart += word != Labels("en").percent_range(own["share_low"], own["share_high"])
    assert apart, "some range is wider than that of the unknown"


def test_a_communitys_range_stands_in_the_table(open_app):
    app = open_app("coverage", district="half_known.gpkg", lang="en", kind="clinic")
    assert not app.exception
    shares = app.dataframe[0].value.set_index("name")["share"]
    assert "–" in shares["East"]
    assert shares["West"].endswith("%")
    assert "–" not in shares["West"]


@pytest.mark.long
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


@pytest.mark.long
def test_without_ranges_shares_are_figures(open_app):
    app = open_app("kinds", district="demo", lang="en")
    assert app.dataframe[0].value["share"].dtype == float
