import pytest

from planner.views.tables.assessment import league_table, summary_table


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
