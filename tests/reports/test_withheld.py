"""Counts that are withheld follow from nothing that a report tells beside them."""

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from demo_part import part_of_demo
from effort import few

from planner import assess
from planner.analysis.comparison import compare
from planner.analysis.measures.areas import area_figures
from planner.district import Open
from planner.plan import open_plan
from planner.plan.coordination.years.years import joint_plan
from planner.plan.proposals.figures import Figures, KindFigures
from planner.plan.workflow.reviews import Case
from planner.reports.content import Column, Table
from planner.reports.parts.data import _trust
from planner.reports.parts.joint_plan import _proposals, _years
from planner.reports.report import report
from planner.reports.request import JointWork, ReportRequest
from planner.reports.word import sum_words
from planner.views.tables.analysis.areas import area_table
from planner.views.tables.analysis.assessment import heading, league_table, summary_table
from planner.views.tables.plan.joint_plan import areas_table
from planner.views.tables.siting.comparisons import comparison_table
from planner.views.words.labels import Labels
from planner.views.words.provenance import range_line
from planner.views.words.shares import COUNTED, SHARES, all_counted, without_telling

AT = dt.datetime(2026, 11, 27, 9, 30)
FEW = 120


@pytest.fixture(scope="module")
def hidden():
    return assess(part_of_demo(3).withhold(FEW), "gb50180-2018")


@pytest.fixture
def asked(hidden):
    return ReportRequest(hidden, "en", "pop_low_income", AT)


def _told_of(table, told):
    """Yield of each row the equations on those within, beyond and unknown that its cells are."""
    labels, say = told.labels, told.labels.message
    words = {labels.column(name): name for name in ("total", "covered", "uncovered", "unknown")}
    words |= {labels.text("Number"): "total", say("reports.col_lacking"): "uncovered"}
    words[say("reports.col_all_kinds")] = "share"
    for name in ("share", "share_low", "share_high"):
        words |= {say(f"reports.col_{name}"): name, heading(name, labels): name}
    places = {words[c.heading]: n for n, c in enumerate(table.columns) if c.heading in words}
    for row in table.rows:
        cells = {name: row[place] for name, place in places.items()}
        known = {name: cell for name, cell in cells.items() if not isinstance(cell, str)}
        yield row, known


def _computed(known):
    """Return those of the three counts that follow from others of a row and are not told."""
    names = ("covered", "uncovered", "unknown")
    parts = {name: np.eye(3)[place] for place, name in enumerate(names)}
    everybody = np.ones(3)
    equations = [(parts[name], known[name]) for name in names if name in known]
    equations += [(everybody, known["total"])] if "total" in known else []
    of = {
        "share": (parts["covered"], parts["covered"] + parts["uncovered"]),
        "share_low": (parts["covered"], everybody),
        "share_high": (parts["covered"] + parts["unknown"], everybody),
    }
    equations += [(a - known[s] / 100 * b, 0.0) for s, (a, b) in of.items() if s in known]
    if not equations:
        return {}
    left, right = (np.array(each) for each in zip(*equations, strict=True))
    answer, rank = np.linalg.lstsq(left, right)[0], np.linalg.matrix_rank(left, tol=1e-9)
    return {
        name: answer[place]
        for place, name in enumerate(names)
        if name not in known
        and np.linalg.matrix_rank(np.vstack([left, parts[name]]), tol=1e-9) == rank
    }


@pytest.mark.long
@pytest.mark.parametrize("group", few(["pop_low_income", "pop_disabled"], 1))
def test_no_withheld_count_can_be_computed_from_figures_of_its_row(hidden, group):
    told = report(hidden, at=AT, group=group, parts=["coverage", "gaps", "data"])
    tables = [table for _, table in told.tables()]
    tables.append(_years(ReportRequest(hidden, "en", group, AT), joint_plan(hidden, [])))
    rows = [(t, row, known) for t in tables for row, known in _told_of(t, told) if known]
    assert len({table.name for table, _, _ in rows}) >= 3
    word = told.labels.message("small_numbers.withheld")
    assert any(word in row for _, row, _ in rows)
    found = [
        (table.name, row, name, value)
        for table, row, known in rows
        for name, value in _computed(known).items()
        if 0.5 < value < FEW
    ]
    assert not found


@pytest.mark.long
def test_tables_tell_no_share_nor_total_beside_a_count_that_is_withheld(hidden):
    labels, kinds = Labels.of(hidden), hidden.district.kinds
    community = hidden.district.communities.geometry.iloc[0]
    joint, figures = joint_plan(hidden, []), area_figures(hidden, community)
    league = hidden.league("community")
    # each as it was: rows of which a share and no count would be told
    for rows in (league, joint.areas(), figures, joint.coverage):
        assert (rows["share"].notna() & all_counted(rows).isna()).any()
    changed = compare(hidden, hidden)
    parts = [labels.column(name) for name in COUNTED]
    ours = [labels.message(f"plan_words.col_{name}") for name in COUNTED]
    rates = [heading(name, labels) for name in SHARES]
    for table, counts, shares in (
        (league_table(hidden), parts, rates),
        (summary_table(hidden), parts, rates),
        (area_table(figures, labels, kinds), parts, rates),
        (areas_table(joint.areas(), labels, kinds), ours, [labels.message("plan_words.col_share")]),
        (without_telling(joint.coverage), list(COUNTED), ["share"]),
    ):
        gone = table[counts].isna().any(axis=1)
        assert table.loc[gone, shares].isna().all(axis=None)
        assert table.loc[~gone, shares].notna().any(axis=None)
    rows = changed.summary()
    told = comparison_table(changed)
    gone = rows[[f"{name}_before" for name in COUNTED]].isna().any(axis=1).to_numpy()
    shares = [name for name in told if "%" in str(name)]
    assert (rows["share_before"].notna() & gone).any()
    assert len(shares) == 3
    assert told.loc[gone, shares].isna().all(axis=None)
    assert told.loc[~gone, shares].notna().any(axis=None)


def test_a_range_of_which_a_count_is_withheld_is_not_told(asked):
    rows = asked.summary.assign(share_low=0.6, share_high=0.8, covered=900.0, unknown=75.0)
    rows["uncovered"] = np.nan
    asked.__dict__["summary"] = rows
    assert not [line for line in _trust(asked) if "60.0%" in line or "80.0%" in line]
    asked.__dict__["summary"] = rows.assign(uncovered=300.0)
    assert [line for line in _trust(asked) if "60.0%" in line]
    for name in ("covered", "uncovered", "unknown"):
        row = {"covered": 900.0, "uncovered": 300.0, "unknown": 75.0, name: math.nan}
        said = range_line(row | {"share_low": 0.7, "share_high": 0.76}, asked.labels)
        assert "70.0%" not in said
        assert "76.0%" not in said


def test_a_gain_that_is_missing_says_whether_it_is_withheld_or_not_known(asked, hidden):
    joint = joint_plan(hidden, [])
    with open_plan(":memory:") as plan:
        place = hidden.district.facilities.geometry.iloc[0]
        steps = [Open("n", "clinic", place.x + 300.0, place.y)]
        (own,) = plan.propose(steps, assessment=hidden, workspace="demo", figures=False)
    row = KindFigures("clinic", "pop_low_income", 300.0, None, None, None, None, None)
    computed = Figures("", "", "", "", "", {}, (), (row,))
    cases = tuple(Case(replace(own, figures=each, cost=None)) for each in (None, computed))
    table = _proposals(asked, JointWork(cases, joint))
    place = [each.heading for each in table.columns].index(
        asked.labels.message("plan_words.col_gained")
    )
    words = [asked.labels.text("unknown"), asked.labels.message("small_numbers.withheld")]
    assert [row[place] for row in table.rows] == words
    cost = [each.heading for each in table.columns].index(
        asked.labels.message("plan_words.col_cost")
    )
    assert table.rows[1][cost] == asked.labels.text("unknown")


def test_a_sum_says_that_figures_are_missing_from_it_on_paper_as_in_the_workbook(hidden):
    columns = (Column("a"), Column("b", "whole", summed=True))
    told = report(hidden, at=AT, parts=[])
    whole = Table("t", "c", columns, (("x", 1.0), ("y", 2.0)))
    lacking = replace(whole, rows=(("x", 1.0), ("y", "withheld")))
    assert sum_words(whole, (0, 1), told)[0] == told.labels.message("reports.sum")
    said = sum_words(lacking, (0, 1), told)
    assert said[0] == told.labels.message("reports.sum_known")
    assert "without what is withheld or not known" in said[0]
