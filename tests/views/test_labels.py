import math

import pandas as pd
import pytest

from planner.analysis.questions import Question
from planner.district import builtin_standards
from planner.district.defaults import Money
from planner.errors import Finding, InputError
from planner.views.words.catalogue import BROWSER, COMMAND
from planner.views.words.labels import Labels
from planner.views.words.numbers import grouped


@pytest.mark.parametrize("door", [COMMAND, BROWSER])
@pytest.mark.parametrize("money", [Money("EUR", 1000), Money("CNY", 1000), Money()])
def test_placeholders_are_no_amounts_of_another_money_at_any_door(door, money):
    code = "siting.unverified_costs"
    assert "10,000 yuan" in Labels("en", door=door, money=money).message(code)
    assert "10,000 yuan" not in Labels("en", door=door).message(code)
    assert "万元" in Labels("zh", door=door, money=money).message(code)


def test_numbers_in_both_languages():
    assert Labels("en").number(12345.6) == "12,346"
    assert Labels("zh").number(12345.64, 1) == "12,345.6"
    assert Labels("en").number(-0.2) == "0"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0.0%"), (1e-9, "0.1%"), (0.6424, "64.2%"), (0.99999, "99.9%"), (1.0, "100.0%")],
)
def test_only_the_whole_is_a_hundred_per_cent(share, shown):
    assert Labels("en").percent(share) == shown


@pytest.mark.parametrize("missing", [math.nan, None, pd.NA])
def test_unknown_is_said(missing):
    for said in (Labels("zh").number, Labels("zh").percent, Labels("zh").metres):
        assert said(missing) == "未知"


def test_unreachable_is_said():
    assert Labels("en").metres(math.inf) == "unreachable"
    assert Labels("zh").metres(math.inf) == "不可达"


def test_metres_are_not_flattered():
    assert Labels("en").metres(300.0) == "300 m"
    assert Labels("en").metres(300.001) == "301 m"
    assert Labels("zh").metres(1250) == "1,250 米"


def test_dates():
    assert Labels("en").date("2026-11-24T04:00:00Z") == "November 24, 2026"
    assert Labels("zh").date("2026-11-24") == "2026年11月24日"
    assert Labels("zh").date("autumn") == "autumn"


def test_the_moment_of_a_question_has_a_date_only_where_one_was_given():
    english = Labels("en")
    assert english.question(Question.of("Su 22:00")) == ["Only what is open: Sunday 22:00"]
    dated = english.question(Question.of("2026-11-24 08:30"))
    assert dated == ["Only what is open: Tuesday 08:30, 2026-11-24"]


@pytest.mark.parametrize(
    ("column", "english", "chinese"),
    [
        ("population", "Residents", "居民"),
        ("weight", "Estimated demand", "估算需求量"),
        ("pop_65plus", "65 and over", "65 岁及以上"),
        ("pop_0_14", "Aged 0 to 14", "0–14 岁"),
        ("pop_floating", "Floating population", "流动人口"),
        ("pop_star_gazers", "star gazers", "star gazers"),
    ],
)
def test_groups(column, english, chinese):
    assert Labels("en").group(column) == english
    assert Labels("zh").group(column) == chinese


def test_columns_of_a_kind():
    assert Labels("zh").column("share_clinic") == "社区卫生服务站：覆盖率"
    distance = "Library or reading room: Distance (m)"
    assert Labels("en").column("distance_m_library") == distance
    assert Labels("en").column("colour") == "colour"


def test_errors_are_worded_with_their_meaning_translated():
    error = InputError("district.missing_layer", layer="streets", meaning="residents")
    assert "居民人数" in Labels("zh").error(error)
    assert Labels("en").error(error) == str(error)


def test_findings_name_kinds_and_groups():
    finding = Finding("analysis.kinds_not_judged", {"kinds": "library, clinic"})
    assert "图书室、社区卫生服务站" in Labels("zh").finding(finding)


def test_unverified_clauses_say_so():
    rule = builtin_standards()["gb50180-2018"].rules["clinic"]
    assert "尚未与正式文本核对" in Labels("zh").clause(rule)
    assert "not judged" in Labels("en").clause(None)


def test_department_and_standard():
    assert Labels("zh").department("health") == "卫健"
    assert Labels("zh").standard(builtin_standards()["15-minute"]) == "15 分钟生活圈"


def test_unknown_language_is_refused():
    with pytest.raises(InputError, match="no language 'fr'"):
        Labels("fr")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_counts_and_lengths_of_findings_are_grouped_as_in_tables_and_years_are_not(language):
    labels = Labels(language)
    lost = {"rows": 1200, "people": 5242, "max_access_m": 250}
    said = labels.finding(Finding("analysis.homes_without_street", lost))
    assert "5,242" in said
    assert "1,200" in said
    far = {"percent": 72.0, "buffer_m": 1500}
    assert "1,500" in labels.finding(Finding("osm.buffer_missing", far))
    assert grouped("year", 2026) == 2026
    assert f"{grouped('year', 2026)}" == "2026"
    assert f"{grouped('limit_m', 1500):.0f}" == "1500"


class Old:
    """Counts people of 65 and over, as an assessment for that group does."""

    groups = ("pop_65plus",)
    money = Money()

    def unit_of(self, group):
        return "residents"


@pytest.mark.parametrize(
    ("language", "said", "heading"),
    [
        ("en", "2 sites bring 285 residents (65 and over) within 300 m.", "(65 and over)"),
        ("zh", "285 名居民（65 岁及以上）", "（65 岁及以上）"),
    ],
)
def test_what_counts_a_group_says_so(language, said, heading):
    """Else 285 old people are read as 285 residents, of whom there are eight times as many."""
    labels = Labels.of(Old(), language)
    told = labels.message("siting.answer", sites=2, gained="285", limit="300 m")
    assert said in told
    assert heading in labels.message("siting.col_serves")
    # those of everybody beside it stay those of everybody, and so do rules and estimates
    assert labels.column("population") == Labels(language).column("population")
    assert labels.message("app.covered_help", group="G", limit="L") == Labels(language).message(
        "app.covered_help", group="G", limit="L"
    )
    assert labels.message("provenance.total") == Labels(language).message("provenance.total")


def test_what_counts_everybody_stays_as_it_is():
    everybody = Labels.of(Old(), "en", "population")
    told = everybody.message("siting.answer", sites=2, gained="285", limit="300 m")
    assert told == "2 sites bring 285 residents within 300 m."


def test_opening_hours_that_a_proposal_asks_for_are_told_in_words():
    told = {"facility_id": "f1", "now": "Mo-Fr 08:00-18:00", "hours": "Mo-Sa 09:00-12:00"}
    said = Labels("zh").finding(Finding("plan.shorter_hours", told))
    assert "周一至周五 08:00-18:00" in said
    assert "周一至周六 09:00-12:00" in said
    assert "Mo-" not in said
    unread = Finding("corrections.bad_hours", {"hours": "Mo-Xx 8"})
    assert "Mo-Xx 8" in Labels("zh").finding(unread), "what is not understood stands as written"
