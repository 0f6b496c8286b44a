"""What of a standard was checked, by whom; and that checking changes no figure."""

import datetime as dt
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from planner.cli import app
from planner.district import builtin_standards, find_standard, read_standard, write_standard
from planner.district.fingerprint import standard_sign
from planner.district.standards.checking import checked, clauses, doubted, with_evidence_of
from planner.district.standards.files import parse_standard, standard_toml
from planner.district.standards.standards import BASES
from planner.errors import InputError
from planner.views.words.labels import Labels
from planner.views.words.standards import checked_sentence, clauses_table

GB = find_standard("gb50180-2018")
DAY = dt.date(2026, 11, 27)
SIGN = "a0f438346411da96b009cc144db035d5"


def test_what_ships_says_what_it_rests_on() -> None:
    for standard in builtin_standards().values():
        rows = clauses(standard)
        assert not rows["verified"].any()
        assert set(rows["basis"]) <= {"secondary", "assumption"}
        # a text about the standard is named; what is assumed was read nowhere
        assert (rows["read_in"][rows["basis"] == "secondary"] != "").all()
    assert GB.rules["police_room"].basis == "assumption"


@pytest.mark.parametrize("name", sorted(builtin_standards()))
def test_marks_come_back_from_the_file(name: str) -> None:
    standard = builtin_standards()[name]
    ids = list(clauses(standard)["clause_id"])
    made = checked(standard, ids[:2], "李伟", DAY, "2019 printing") if ids else standard
    assert parse_standard(standard_toml(made), "x.toml") == made


def test_a_tick_names_who_and_when_and_changes_no_figure() -> None:
    made = checked(GB, ["clinic"], " Li Wei ", DAY, "second printing")
    rule = made.rules["clinic"]
    assert (rule.read_in, rule.verified) == ("second printing", True)
    assert rule.basis == GB.rules["clinic"].basis == "secondary"
    shown = clauses_table(clauses(made), Labels("en"))
    ticked = shown[shown["Checked by"] == "Li Wei"]
    assert set(ticked["Rests on"]) == {"the official text"}
    assert (rule.verified_by, rule.verified_on) == ("Li Wei", "2026-11-27")
    assert made.rules["police_room"].verified is False
    assert standard_sign(made) == standard_sign(GB)
    assert standard_sign(replace(made, speed_m_s=1.0)) != standard_sign(GB)
    back = doubted(made, ["clinic"]).rules["clinic"]
    assert (back.verified, back.verified_by, back.verified_on) == (False, "", "")


def test_the_sign_is_that_of_plans_made_before() -> None:
    # of version 1 of the plan's figures; another sign would call every one of them stale
    assert standard_sign(GB) == SIGN


def test_areas_are_checked_as_rules_are() -> None:
    plan = find_standard("national-floor-area")
    made = checked(plan, ["area-1"], "Li", DAY)
    assert [each.verified_by for each in made.areas] == ["Li", ""]
    assert "30 m²" in clauses_table(clauses(made), Labels("en"))["Asked"].iloc[0]


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda: checked(GB, ["clinic"], "  "), "standards.needs_name"),
        (lambda: checked(GB, ["castle"], "Li"), "standards.unknown_clause"),
        (lambda: parse_standard(_with('basis = "rumour"'), "x"), "standards.not_a_choice"),
        (
            lambda: parse_standard(_with('verified = true\nverified_on = "soon"'), "x"),
            "standards.not_a_date",
        ),
        (lambda: parse_standard(_with('verified_by = "Li"'), "x"), "standards.checked_but_not"),
    ],
)
def test_what_cannot_be_is_refused(work, code: str) -> None:
    with pytest.raises(InputError) as error:
        work()
    assert error.value.code == code


def _with(line: str) -> str:
    head = 'id = "o"\nen = "O"\nzh = "O"\nsource = "s"\n'
    return f'{head}\n[[rule]]\nkind = "clinic"\nlimit_m = 300\n{line}\n'


def test_the_head_speaks_for_its_rules() -> None:
    text = _with("").replace("\n\n", '\nbasis = "official"\nread_in = "the text"\n\n')
    rule = parse_standard(text, "x").rules["clinic"]
    assert (rule.basis, rule.read_in) == ("official", "the text")


def test_words_say_how_far_a_clause_is_to_be_believed() -> None:
    labels = Labels("en")
    made = checked(GB, ["clinic"], "Li Wei", DAY)
    assert labels.clause(made.rules["clinic"]).endswith("(checked by Li Wei, November 27, 2026)")
    assert "assumption" in labels.clause(GB.rules["police_room"])
    assert "not yet checked" in labels.clause(GB.rules["clinic"])
    said = checked_sentence(clauses(made), labels)
    assert said.startswith("1 of 9 clauses were checked")
    assert "7 not checked rest on a text about it" in said
    assert "1 not checked rest on an assumption" in said
    for language in ("en", "zh"):
        for basis in BASES:
            told = clauses_table(
                clauses(replace(GB, rules={"clinic": replace(GB.rules["clinic"], basis=basis)})),
                Labels(language),
            )
            assert len(told) == 1


def test_the_verb_writes_into_ones_own_file(tmp_path) -> None:
    file = write_standard(GB, tmp_path / "ours.toml")
    run = CliRunner()
    said = run.invoke(app, ["standards", "verify", str(file), "--kind", "clinic", "--by", "Li Wei"])
    assert said.exit_code == 0, said.output
    assert read_standard(file).rules["clinic"].verified_by == "Li Wei"
    said = run.invoke(app, ["standards", "state", str(file), "--language", "en"])
    assert "1 of 9 clauses were checked" in said.output
    back = ["standards", "verify", str(file), "--kind", "clinic", "--by", "x", "--take-back"]
    assert run.invoke(app, back).exit_code == 0
    assert not read_standard(file).rules["clinic"].verified
    bad = run.invoke(app, ["standards", "verify", str(file), "--kind", "castle", "--by", "x"])
    assert bad.exit_code == 2


def test_an_edited_figure_loses_its_tick_and_no_sheet_forges_one() -> None:
    ticked = checked(GB, ["clinic", "elderly_care"], "Li Wei", DAY)
    rules = dict(ticked.rules)
    rules["clinic"] = replace(rules["clinic"], limit_m=rules["clinic"].limit_m + 1)
    forged = {"verified": True, "verified_by": "nobody", "verified_on": "2020-01-01"}
    rules["police_room"] = replace(rules["police_room"], **forged)
    kept = with_evidence_of(ticked, replace(ticked, rules=rules)).rules
    assert (kept["clinic"].verified, kept["clinic"].verified_by) == (False, "")
    assert kept["clinic"].limit_m == rules["clinic"].limit_m
    assert (kept["elderly_care"].verified, kept["elderly_care"].verified_by) == (True, "Li Wei")
    assert (kept["police_room"].verified, kept["police_room"].verified_on) == (False, "")


def test_the_country_of_a_standard_is_kept_and_changes_no_sign() -> None:
    copy = replace(GB, country="FI")
    assert GB.country == "CN"
    assert parse_standard(standard_toml(copy), "x.toml").country == "FI"
    assert standard_sign(copy) == standard_sign(GB)
    for wrong in ("China", "7Z", "中国"):
        text = standard_toml(replace(GB, country=wrong))
        with pytest.raises(InputError) as error:
            parse_standard(text, "x.toml")
        assert error.value.code == "standards.not_a_country"
