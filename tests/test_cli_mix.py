"""``planner mix`` as a user and as a program meet it."""

import json

import pytest
from typer.testing import CliRunner

import planner
from planner.cli import app
from planner.district import Scenario
from planner.siting.budget import best_mix

pytestmark = pytest.mark.usefixtures("read_once", "small_demo")
ASKED = ["mix", "demo", "--budget", "130", "--kind", "elderly_care", "--links", "0"]


def run(*arguments: str):
    return CliRunner().invoke(app, [*ASKED, *arguments, "--language", "en"])


def covered(assessment) -> float:
    table = assessment.summary()
    chosen = (table["kind"] == "elderly_care") & (table["group"] == "population")
    return float(table.loc[chosen, "covered"].sum())


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district())


@pytest.mark.long
def test_json_and_the_scenario_are_what_the_library_says(result, tmp_path):
    file = tmp_path / "mix.json"
    answer = run("--json", "--out", str(file))
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    found = best_mix(result, 130.0, ["elderly_care"], links=0)
    assert said["kinds"] == ["elderly_care"]
    assert (said["budget"], said["cost"]) == (130.0, found.cost)
    assert said["gained"] == said["promised"] == found.gained > 0
    assert [row["name"] for row in said["actions"]] == list(found.table["name"])
    assert said["files"] == [str(file)]
    after = result.apply(Scenario.load(file))
    near = [covered(each) for each in (after, result)]
    assert near[0] - near[1] == found.gained


def test_the_table_names_each_action_and_the_money(result):
    answer = run()
    assert answer.exit_code == 0, answer.output
    words = " ".join(answer.output.split())
    found = best_mix(result, 130.0, ["elderly_care"], links=0)
    assert f"{found.cost:g}" in words
    assert f"{found.gained:,.0f}" in words
    assert "made up" in words or "synthetic" in words


def test_a_budget_that_buys_nothing_is_bad_input():
    answer = CliRunner().invoke(app, ["mix", "demo", "--budget", "-1", "--language", "en"])
    assert answer.exit_code == 2
