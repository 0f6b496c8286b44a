"""``planner one-stop`` as a user and as a program meet it."""

import json
from functools import partial
from pathlib import Path

import pytest

import planner
import planner.siting
from planner.cli import main


@pytest.fixture(scope="module")
def demo(small_demo: Path) -> Path:
    return small_demo


@pytest.fixture
def run(run):
    return partial(run, "one-stop")


def test_buildings_are_printed_with_the_proof_and_the_comparison(run, demo):
    code, out, _ = run(demo, "--budget", "600", "--any-size", "--gap", "0.01")
    assert code == 0
    assert "Proven" in out
    assert "With one kind in each building, one building at a place," in " ".join(out.split())


@pytest.mark.long
def test_programs_get_numbers_and_the_scenario_keeps_the_promise(run, demo, tmp_path, capsys):
    kinds = ("--kind", "clinic", "--kind", "police_room")
    code, out, _ = run(demo, "--budget", "700", *kinds, "--json", "--out", tmp_path / "out")
    answer = json.loads(out)
    assert code == 0
    assert answer["total"] == sum(answer["gained"].values())
    assert answer["gap"] <= 0.01
    assert sum(row["cost"] for row in answer["buildings"]) == pytest.approx(answer["cost"])
    assert answer["cost"] <= 700
    assert answer["separate"]["total"] <= answer["bound"]
    with pytest.raises(SystemExit):
        main(["compare", str(demo), str(tmp_path / "out" / "one_stop_scenario.json"), "--json"])
    rows = json.loads(capsys.readouterr().out)["summary"]
    change = {row["kind"]: row["covered_change"] for row in rows if row["group"] == "population"}
    assert {kind: change[kind] for kind in answer["kinds"]} == answer["gained"]


@pytest.mark.long
def test_prices_of_ones_own_change_what_is_saved(run, demo, tmp_path):
    prices = Path(planner.siting.__file__).with_name("costs.toml")
    text = prices.read_text(encoding="utf-8").replace("saving = 0.25", "saving = 0.9")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    found = {}
    for name, more in (("ours", ()), ("own", ("--costs", tmp_path / "own.toml"))):
        code, out, _ = run(demo, "--budget", "1000", "--json", *more)
        assert code == 0
        found[name] = json.loads(out)
    assert found["own"]["saved"] > found["ours"]["saved"]
    assert found["own"]["total"] > found["ours"]["total"]


@pytest.mark.long
def test_a_question_without_an_answer_is_bad_input(run, street):
    for options, words in (
        (["--budget", "5"], "too small"),
        (["--budget", "0"], "above 0"),
        (["--budget", "500", "--kind", "library"], "no limit"),
        (["--budget", "500", "--buildings", "0"], "at least 1"),
    ):
        code, out, err = run(street, *options)
        assert (code, out) == (2, "")
        assert words in err
