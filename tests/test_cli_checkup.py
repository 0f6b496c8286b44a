import json

import pytest
from typer.testing import CliRunner

from planner.cli import app

pytestmark = pytest.mark.usefixtures("read_once", "small_demo")
AREA = "990702001003"


def run(*arguments, code=0):
    answer = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert answer.exit_code == code, answer.output
    return answer


def test_audit_gives_every_clause(tmp_path):
    file = tmp_path / "clauses.csv"
    given = json.loads(run("audit", "demo", "--level", "district", "--json", "--out", file).stdout)
    assert {row["requirement"] for row in given["clauses"]} == {
        "distance",
        "floor_area",
        "residents",
    }
    assert given["files"] == [str(file)]
    assert file.read_text(encoding="utf-8-sig").count("\n") == len(given["clauses"]) + 1
    shown = run("audit", "demo", "--level", "subdistrict", "--language", "zh").stdout
    assert "到最近一处的距离" in shown
    assert "未达标区域" in shown


def test_of_a_group_distances_are_judged_and_the_rest_of_everybody():
    asked = ("audit", "demo", "--level", "district", "--group", "pop_65plus")
    given = json.loads(run(*asked, "--json").stdout)
    groups = {(row["requirement"], row["group"]) for row in given["clauses"]}
    assert groups == {
        ("distance", "pop_65plus"),
        ("floor_area", "population"),
        ("residents", "population"),
    }
    assert "Ask for each of them by itself" not in run(*asked).stdout
    told = run(*asked, "--group", "population").stdout
    assert "Distances are judged for 65 and over. This standard has no limit of its own" in told


@pytest.mark.long
def test_checkup_scores_cards_and_files(tmp_path):
    weights = tmp_path / "weights.toml"
    weights.write_text('en = "D"\nzh = "距"\n[requirement]\ndistance = 1\n', encoding="utf-8")
    given = json.loads(run("checkup", "demo", "--json", "--weights", weights).stdout)
    scores = {row["area_id"]: row["score"] for row in given["scores"]}
    points: dict[str, float] = {}
    for part in given["parts"]:
        points[part["area_id"]] = points.get(part["area_id"], 0) + part["points"]
    assert len(scores) == 3  # communities
    assert all(abs(points[area] - score) < 1e-6 for area, score in scores.items())
    assert given["weights"]["requirement"] == {"distance": 1}
    shown = run("checkup", "demo", "--area", AREA, "--language", "en").stdout
    assert "What is missing" in shown
    assert "The smallest remedy" in shown
    out = tmp_path / "out"
    run("checkup", "demo", "--level", "subdistrict", "--out", out, "--language", "zh")
    assert sorted(file.name for file in out.iterdir()) == [
        "cards.html",
        "checkup.csv",
        "checkup_notes.txt",
        "clauses.csv",
        "remedies.csv",
    ]


@pytest.mark.long
def test_a_weight_that_counts_nothing_is_told(tmp_path):
    weights = tmp_path / "weights.toml"
    text = 'en = "D"\nzh = "距"\n[requirement]\ndistance = 1\n[group]\npop_martian = 9\n'
    weights.write_text(text, encoding="utf-8")
    given = json.loads(run("checkup", "demo", "--json", "--weights", weights).stdout)
    [told] = [each for each in given["findings"] if each["code"] == "checkup.idle_weight"]
    assert told["params"] == {"name": "pop_martian"}
    shown = run("checkup", "demo", "--weights", weights, "--language", "en").stdout
    assert "pop_martian counts nothing here" in " ".join(shown.split())


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audit", "demo", "--level", "street"], "no level 'street'"),
        (["checkup", "demo", "--area", "x"], "no area 'x'"),
        (["checkup", "demo", "--weights", "none.toml"], "no file none.toml"),
        (["audit", "demo", "--kinds", "none.toml"], "no file none.toml"),
    ],
)
def test_bad_input_is_told_in_one_line(arguments, words):
    answer = run(*arguments, "--language", "en", code=2)
    assert words in answer.output


def test_standards_are_compared_and_own_ones_copied(tmp_path):
    own, copy = tmp_path / "own.toml", tmp_path / "copy.toml"
    run("standards", "copy", "gb50180-2018", own)
    text = own.read_text(encoding="utf-8")
    own.write_text(
        text.replace("gb50180-2018", "ours").replace("limit_m = 500", "limit_m = 400"),
        encoding="utf-8",
    )
    given = json.loads(run("standards", "compare", "gb50180-2018", own, "--json").stdout)
    changed = {(r["kind"], r["field"], r["first"], r["second"]) for r in given["differences"]}
    assert changed == {
        ("police_room", "limit_m", 500.0, 400.0),
        ("cultural_station", "limit_m", 500.0, 400.0),
    }
    assert "400" in run("standards", "compare", "gb50180-2018", own, "--language", "zh").stdout
    assert "ask the same" in run("standards", "compare", own, own, "--language", "en").stdout
    run("standards", "copy", own, copy)
    same = json.loads(run("standards", "compare", own, copy, "--json").stdout)
    assert same["differences"] == []
    edited = copy.read_text(encoding="utf-8").replace("limit_m = 400", "limit_m = 450")
    copy.write_text(edited, encoding="utf-8")
    told = "".join(run("standards", "compare", own, copy, "--language", "en").stdout.split())
    assert "own.toml" in told
    assert "copy.toml" in told
