import numpy as np
import pandas as pd
import pytest

from planner.district import Rule, Standard, builtin_standards, diff_standards
from planner.district.standards.tables import FIELDS, rules_table, with_rules
from planner.errors import InputError

GB = builtin_standards()["gb50180-2018"]
TIMED = builtin_standards()["td-t-1062-2021"]


def standard(*rules, **head):
    return Standard("x", "X", "某", "text", {rule.kind: rule for rule in rules}, **head)


def test_differences_are_told_field_by_field():
    first = standard(Rule("clinic", 300.0), Rule("library", 500.0))
    second = standard(
        Rule("clinic", 300.0, limits={"pop_65plus": 200.0}, floor_area_m2=120.0), speed_m_s=1.0
    )
    table = diff_standards(first, second)
    rows = {(r.kind, r.field): (r.first, r.second) for r in table.itertuples()}
    assert rows["", "speed_m_s"] == (1.2, 1.0)
    assert rows["clinic", "limits_m.pop_65plus"] == (None, 200)
    assert rows["clinic", "floor_area_m2"] == (None, 120)
    assert ("clinic", "limit_m") not in rows
    assert rows["library", "limit_m"] == (500, None)
    assert rows["library", "measure"] == ("walk", None)


def test_minutes_at_another_speed_differ_in_metres():
    first = standard(Rule("clinic", 720.0, 600.0))
    second = standard(Rule("clinic", 600.0, 600.0), speed_m_s=1.0)
    fields = set(diff_standards(first, second)["field"])
    assert fields == {"speed_m_s", "limit_m"}


def test_a_measure_that_is_the_standards_own_is_no_difference():
    assert diff_standards(standard(Rule("a", 1.0)), standard(Rule("a", 1.0, measure="walk"))).empty


@pytest.mark.long(but=1)
@pytest.mark.parametrize("known", list(builtin_standards().values()), ids=lambda s: s.id)
def test_sheets_read_back(known):
    table = rules_table(known, ["pop_65plus"])
    assert "limits_m.pop_65plus" in table
    assert with_rules(known, table, "sheet") == known
    assert diff_standards(known, known).empty


def test_an_empty_standard_has_an_empty_sheet_of_the_right_types():
    table = rules_table(builtin_standards()["blank"])
    assert list(table) == list(FIELDS)
    assert table["limit_m"].dtype == "float64"
    assert table["verified"].dtype == bool


def test_edits_are_taken_over():
    table = rules_table(GB, ["pop_65plus"])
    row = table["kind"] == "clinic"
    table.loc[row, ["limit_m", "limits_m.pop_65plus"]] = [250.0, 150.0]
    table.loc[len(table)] = {"kind": "library", "limit_s": 600.0, "verified": False}
    table.loc[len(table)] = {"verified": False}
    edited = with_rules(GB, table, "sheet")
    assert (edited.rules["clinic"].limit_m, edited.rules["clinic"].limits) == (
        250,
        {"pop_65plus": 150},
    )
    assert edited.rules["library"].limit_m == 720
    assert len(edited.rules) == len(GB.rules) + 1


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("limit_m", 0.0, "'limit_m' must be a number above 0"),
        ("limit_m", np.nan, "give either"),
        ("limit_s", 60.0, "give either"),
        ("kind", "", "'kind' is missing"),
        ("kind", "library", "two rules"),
        ("share", 2.0, "at most 1"),
        ("measure", "fly", "'measure' is"),
    ],
)
def test_bad_edits_name_the_row(column, value, words):
    table = pd.concat([rules_table(standard(Rule("clinic", 3.0), Rule("library", 3.0)))])
    table.loc[0, column] = value
    with pytest.raises(InputError, match=words) as error:
        with_rules(GB, table, "sheet")
    assert "sheet" in str(error.value)
