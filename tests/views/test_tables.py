import pandas as pd
import pytest

from planner.views.tables.analysis.assessment import league_table, summary_table
from planner.views.tables.siting.proposals import curve_table
from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures


def test_summary_has_numbers_and_headings(result):
    table = summary_table(result, "zh", "population")
    row = table[table["设施类别"] == "社区卫生服务站"].iloc[0]
    expected = result.summary().query("kind == 'clinic' and group == 'population'").iloc[0]
    assert row["覆盖率 (%)"] == pytest.approx(expected["share"] * 100, abs=1e-4)
    assert row["超出限值"] == expected["uncovered"]
    assert row["人群"] == "居民"


def test_league_is_worst_first_and_joins_the_assessment(result):
    table = league_table(result, "community", "en", kind="clinic", group="population")
    shares = table["Coverage rate (%)"].tolist()
    assert shares == sorted(shares)
    assert len(table) == len(result.district.communities)
    assert table["People"].sum() == result.district.demand["population"].sum()


def test_subdistricts_have_no_code(result):
    assert "Code" not in league_table(result, "subdistrict", "en")


def test_only_a_whole_is_a_hundred_per_cent_in_tables_too():
    """As in sentences: 9,998 of 10,000 are 99.9 %, and a single one of a million is not nothing."""
    labels = Labels("en")
    shares = pd.Series([0.9998, 1.0, 0.0, 1e-7, 0.125])
    told = [labels.percent(share) for share in shares]
    assert told == ["99.9%", "100.0%", "0.0%", "0.1%", "12.5%"]
    assert percent_figures(shares).tolist() == [99.9, 100.0, 0.0, 0.1, 12.5]
    assert percent_figures(pd.Series([1 - 1e-7]), 4).tolist() == [99.9999]
    curve = pd.DataFrame({key: [1.0] for key in ["sites", "gained", "bound", "marginal", "cost"]})
    ends = dict.fromkeys(("share_after", "share_low_after", "share_high_after"), 0.9998)
    table = curve_table(curve.assign(**ends), labels)
    assert table["Coverage (%)"].tolist() == [99.9]
