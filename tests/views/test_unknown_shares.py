"""A share of the few of whom it is known is taken for none of all: the range tells."""

import math

import numpy as np
import pandas as pd
import pytest

from planner.analysis.coverage.population_within import MOST_UNKNOWN, share_of_known
from planner.result import assess
from planner.siting import propose
from planner.views.exports.files import write_csv
from planner.views.maps.parts.legend import figures_html
from planner.views.words.labels import Labels
from planner.views.words.provenance import lacking_word, range_line
from planner.views.words.siting.proposals import answer


@pytest.fixture
def open_end(town):
    """All clinics but one are silent on their hours."""
    facilities = town.facilities.copy()
    clinics = facilities.index[facilities["kind"] == "clinic"]
    facilities["opening_hours"] = ""
    facilities.loc[clinics[:1], "opening_hours"] = "24/7"
    return assess(town.with_layers(facilities=facilities), at="Su 22:00")


def test_a_tenth_unknown_is_the_most():
    assert share_of_known(45.0, 45.0, 10.0) == 0.5
    assert math.isnan(share_of_known(45.0, 44.0, 11.0))
    assert math.isnan(share_of_known(0.0, 0.0, 0.0))
    assert MOST_UNKNOWN == 0.1


def test_rows_with_too_many_unknown_have_no_share_but_a_range():
    labels = Labels("en")
    row = {
        "share": np.nan,
        "share_low": 68 / 350,
        "share_high": 1.0,
        "covered": 68.0,
        "uncovered": 0.0,
        "unknown": 282.0,
        "data": "listed",
    }
    assert labels.rate(row) == "19.4%–100.0%"
    assert "between 19.4% (all unknown beyond the limit) and 100.0% (all within)" in range_line(
        row, labels
    )
    assert labels.rate({**row, "share": 0.5, "unknown": 1.0}) == "50.0%"


def test_figures_on_maps_and_answers_show_the_range(open_end):
    row = open_end.summary().set_index("kind").loc["clinic"]
    row = row[row["group"] == open_end.groups[0]].iloc[0] if isinstance(row, pd.DataFrame) else row
    labels = Labels("en")
    assert math.isnan(row["share"])
    assert row["unknown"] > MOST_UNKNOWN * row[open_end.groups[0]]
    ends = f"{labels.percent(row['share_low'])}–{labels.percent(row['share_high'])}"
    assert ends in figures_html(open_end, "clinic")
    assert any(ends in each for each in answer(propose(open_end, "clinic", new=1)))


@pytest.mark.parametrize(
    ("least", "unknown", "told"), [(2, 3, "2–5"), (0, 1, "0–1"), (4, 0, "4"), (pd.NA, pd.NA, "–")]
)
def test_communities_without_one_are_a_range_where_of_some_it_is_not_known(least, unknown, told):
    row = {"communities_lacking": least, "communities_unknown": unknown}
    assert lacking_word(row, Labels("en")) == told


def test_the_legend_tells_both_ends_of_the_communities_without_one(town):
    facilities = town.facilities.assign(ownership="public", opening_hours="")
    asked = assess(town.with_layers(facilities=facilities), at="Su 22:00")
    row = asked.summary().set_index("kind").loc["clinic"].iloc[0]
    assert row["communities_unknown"] > 0
    said = f"{lacking_word(row, Labels('en'))} of {row['communities']} communities have none inside"
    assert "–" in said
    assert said in figures_html(asked, "clinic")


def test_facilities_under_a_question_are_those_known_to_meet_it(open_end):
    clinics = open_end.summary().set_index("kind")["facilities"]
    assert set(np.atleast_1d(clinics.loc["clinic"])) == {1}
    assert open_end.presence()["clinic"].sum() <= 1


def test_no_dust_of_binary_fractions_in_tables(tmp_path):
    write_csv(pd.DataFrame({"people": [20.000000000000004, 0.1 + 0.2]}), tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert text.split() == ["people", "20.0", "0.3"]
