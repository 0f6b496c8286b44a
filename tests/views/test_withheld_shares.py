"""A share that would tell a count that is withheld is told by no map, terminal or page."""

import numpy as np
import pandas as pd
import pytest
from demo_part import part_of_demo

from planner import assess, propose, relocate
from planner.analysis.measures.completeness import all_of, completeness
from planner.analysis.measures.groups import group_coverage
from planner.analysis.measures.pattern import lisa
from planner.analysis.measures.uncertainty import uncertainty
from planner.analysis.measures.week import week
from planner.app.pages.what_if.differences import _both, _walks
from planner.cli.shared.tables import records
from planner.siting import before_after, relocation_curve
from planner.views.maps.assessment import _labels
from planner.views.maps.overview import completeness_groups
from planner.views.maps.parts.legend import figures_html
from planner.views.tables.siting.answers import before_after_table
from planner.views.words.labels import Labels
from planner.views.words.ranges import proposal_rows, relocation_rows, share_or_range
from planner.views.words.shares import all_counted
from planner.views.words.siting.proposals import answer
from planner.views.words.siting.relocations import relocation_answer

GROUP = "pop_low_income"


@pytest.fixture(scope="module")
def hidden():
    return assess(part_of_demo(3).withhold(120), "gb50180-2018")


@pytest.fixture(scope="module")
def kind(hidden):
    """A kind of which a share would tell a count of the communities that is withheld."""
    rows = hidden.league("community").query("group == @GROUP")
    gone = rows["share"].notna() & all_counted(rows).isna()
    return str(rows.loc[gone, "kind"].iloc[0])


@pytest.mark.long
def test_figures_on_a_map_leave_such_a_share_out(hidden, kind):
    rows = hidden.league("community", kind).query("group == @GROUP").set_index("area_id")
    gone = (rows["share"].notna() & all_counted(rows).isna()).to_numpy()
    drawn = _labels(hidden, kind, rows, Labels("en"), None).arguments
    assert drawn.count("–") == int((rows["share"].isna().to_numpy() | gone).sum())


@pytest.mark.long
def test_the_terminal_says_that_such_a_share_is_withheld(hidden):
    labels = Labels("en")
    rows = hidden.summary().query("group == @GROUP and judged")
    gone = rows["share_low"].notna() & all_counted(rows).isna()
    assert gone.any()
    word = labels.message("small_numbers.withheld")
    told = [share_or_range(row, labels) == word for row in records(rows)]
    assert told == gone.tolist()


def test_a_difference_of_shares_is_left_out_too(hidden):
    rows = hidden.summary()
    own = rows.query("group == @GROUP").set_index("kind")
    gone = own["share"].notna() & all_counted(own).isna()
    both = (
        _both(rows, rows, ["kind"], GROUP, _walks(hidden, hidden, "district", [], GROUP))
        .set_index("kind")
        .reindex(own.index)
    )
    assert both.loc[gone, ["share", "share_change"]].isna().all(axis=None)
    assert (both.loc[own["share"].notna() & ~gone, "share_change"] == 0.0).all()


def test_the_map_of_all_kinds_leaves_such_a_share_out(hidden):
    table = completeness(hidden, GROUP)
    table = table.assign(incomplete=np.where(table.index != "", np.nan, table["incomplete"]))
    table = table.assign(complete=500.0, unknown=0.0, share=0.625, kinds=8.0)
    assert all_of(table.iloc[:-1]).isna().all()
    district = hidden.district

    def drawn(given: pd.DataFrame) -> str:
        areas = completeness_groups(district, given, 9)[0]
        return "".join(str(vars(each)) for each in areas._children.values())

    assert "limits: 62.5" not in drawn(table)
    assert "limits: 62.5" in drawn(table.assign(incomplete=300.0))


def test_a_legend_tells_no_range_nor_total_beside_such_a_count(hidden):
    rows = hidden.summary()
    one = rows[(rows["group"] == GROUP) & rows["judged"]].iloc[[0]]
    kind, people = str(one["kind"].iloc[0]), hidden.groups[0]
    told = one.assign(covered=900.0, uncovered=300.0, unknown=75.0, share_low=0.7, share_high=0.76)
    told = told.assign(**{people: 1275.0, "share": 0.75, "data": "complete"})

    def legend(row: pd.DataFrame) -> str:
        return figures_html(hidden, kind, GROUP, "en", summary=row)

    assert "70.0%" in legend(told)
    assert "1,275" in legend(told)
    for name in ("covered", "uncovered", "unknown"):
        said = legend(told.assign(**{name: np.nan}))
        assert not [each for each in ("70.0%", "76.0%", "75.0%", "1,275") if each in said]


@pytest.fixture(scope="module")
def withheld_kinds(hidden):
    """By judged kind, whether the summary of the district withholds its share."""
    rows = hidden.summary().query("group == @GROUP and judged").set_index("kind")
    gone = rows["share_low"].notna() & all_counted(rows).isna()
    assert gone.any()
    return gone


def test_measures_leave_out_the_shares_that_the_summary_leaves_out(hidden, withheld_kinds):
    kinds = list(withheld_kinds.index)
    groups = group_coverage(hidden, kinds, groups=[GROUP]).set_index("kind")["share"]
    assert (groups.isna() >= withheld_kinds).all()
    moved = uncertainty(hidden, kinds, groups=[GROUP])
    told = moved.groupby("kind")["share"].count() > 0
    assert not (told.reindex(kinds) & withheld_kinds).any()
    league = hidden.league("community").query("group == @GROUP")
    gone = league["share"].notna() & all_counted(league).isna()
    for kind, rows in league[gone].groupby("kind"):
        if kind in kinds:
            shares = lisa(hidden, kind, group=GROUP).set_index("community_id")["share"]
            assert shares[rows["area_id"]].isna().all()


def test_hours_of_which_a_count_is_few_tell_no_share(hidden):
    rows = week(hidden, groups=[GROUP])
    counts = rows[["covered", "uncovered", "unknown"]]
    assert not ((counts > 0) & (counts < 120)).any(axis=None)
    open_share = counts.isna().any(axis=1)
    assert open_share.any()
    assert rows.loc[open_share, "share"].isna().all()
    assert (rows.loc[open_share, "share_low"] == 0.0).all()


def test_sites_and_moves_tell_no_share_that_the_summary_withholds(hidden, withheld_kinds):
    kind = str(withheld_kinds.index[withheld_kinds][0])
    word = Labels("en").message("small_numbers.withheld")
    site = propose(hidden, kind, 1, group=GROUP, where=["streets"], max_iterations=50)
    move = relocate(hidden, kind, 1, group=GROUP, where=["streets"], max_iterations=50)
    for before, _ in (proposal_rows(site), relocation_rows(move)):
        assert Labels("en").rate(before) == word
    assert f"{word} →" in " ".join(answer(site))
    assert f"{word} →" in " ".join(relocation_answer(move))
    first = relocation_curve(move, 1, max_iterations=50).iloc[0]
    assert np.isnan(first["share_after"])
    changes = before_after(site)
    whole = before_after_table(changes, Labels("en"))[(changes["group"] == GROUP).to_numpy()]
    assert whole.iloc[:, 2:5].isna().all(axis=None)
