"""``planner measure`` for people and for programs."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from effort import few
from measured_towns import random_town

import planner
from planner.analysis.measures.redundancy import redundancy
from planner.cli import main
from planner.cli.analysis.measures import MEASURES, Measure
from planner.errors import messages


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    town = random_town(0, name=[f"No {n}" for n in range(11)])
    return Path(planner.write_district(town, tmp_path_factory.mktemp("measures") / "town.gpkg"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PLANNER_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(["measure", *map(str, arguments)])
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return call


@pytest.mark.parametrize("what", few(list(Measure), 6))
def test_every_measure_answers_people_and_programs(run, workspace, what) -> None:
    heeds = what not in (Measure.week, Measure.always, Measure.pieces)
    at = ["--at", "Sa 10:00"] if heeds else []
    code, out, err = run(workspace, what.value, "--standard", "gb50180-2018", *at)
    assert (code, err) == (0, "")
    assert messages()[f"measures.{what.value}"] in " ".join(out.split())
    kind = [] if what is Measure.pieces else ["--kind", "clinic"]
    code, out, _ = run(workspace, what.value, "--json", *kind)
    document = json.loads(out, parse_constant=pytest.fail)
    assert code == 0
    assert document["measure"] == what.value
    assert document["rows"]
    assert {row.get("kind", "clinic") for row in document["rows"]} == {"clinic"}


def test_every_column_has_a_heading_and_every_measure_a_function(workspace) -> None:
    from planner.cli.analysis.measures import MeasureOptions
    from planner.views.words.analysis.measures import heading
    from planner.views.words.labels import Labels

    assert set(MEASURES) == set(Measure)
    result = planner.assess(planner.read_district(workspace))
    asked = MeasureOptions(None, None, "2sfca", None, None)
    for function in MEASURES.values():
        for column in function(result, asked).columns:
            if column not in ("x1", "y1", "x2", "y2", "hour", "hour_of_day"):
                assert heading(Labels("zh"), column) != column, column


@pytest.mark.long
def test_rows_are_those_of_the_function(run, workspace) -> None:
    _, out, _ = run(workspace, "redundancy", "--kind", "clinic", "--json")
    rows = pd.DataFrame(json.loads(out)["rows"]).set_index("facility_id")
    expected = redundancy(planner.assess(planner.read_district(workspace)), "clinic")
    assert rows["alone_high"].tolist() == expected["alone_high"].tolist()
    assert rows.index.tolist() == expected.index.tolist()


def test_unknown_hours_are_told_where_ways_turn_on_them(run, tmp_path) -> None:
    town = random_town(0, opening_hours=["24/7", ""] + ["24/7"] * 9)
    file = planner.write_district(town, tmp_path / "hours.gpkg")
    for moment, told in ((["--at", "Su 22:00"], [1]), ([], [])):
        _, out, _ = run(file, "redundancy", "--kind", "clinic", "--json", *moment)
        found = [x for x in json.loads(out)["findings"] if x["code"] == "measures.taken_as_open"]
        assert [each["params"]["count"] for each in found] == told, moment


def test_a_file_holds_the_whole_table(run, workspace, tmp_path) -> None:
    file = tmp_path / "week.csv"
    code, out, _ = run(workspace, "week", "--kind", "clinic", "--out", file)
    assert code == 0
    assert str(file) in out.replace("\n", "")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 168
    assert "Mon" in out


@pytest.mark.long
def test_visits_turn_capacity_into_residents(run, workspace) -> None:
    asked = (workspace, "supply", "--kind", "clinic", "--json")
    _, out, _ = run(*asked, "--visits-a-day", "0.5")
    rows = json.loads(out)["rows"]
    assert rows[0]["room_residents"] == rows[0]["capacity"] / 0.5
    _, out, _ = run(*asked)
    assert json.loads(out)["rows"][0]["room_residents"] is None


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("redundancy", "--kind", "castle"), "castle"),
        (("load", "--kind", "castle"), "castle"),
        (("redundancy", "--kind", "library"), "no limit"),
        (("access", "--method", "4sfca"), "4sfca"),
        (("access", "--decay", "cliff"), "cliff"),
        (("supply", "--visits-a-day", "0"), "above 0"),
        (("guesses",), "guesses"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(run, workspace, arguments, said) -> None:
    code, out, err = run(workspace, *arguments)
    assert code == 2
    assert said in err
    assert not out
    assert err.count("\n") == 1


@pytest.mark.parametrize("what", ["load", "supply", "access"])
def test_room_against_one_group_alone_is_told(run, workspace, what):
    _, out, _ = run(workspace, what, "--kind", "clinic", "--group", "pop_65plus", "--json")
    told = {each["code"]: each for each in json.loads(out)["findings"]}
    assert told["measures.group_alone"]["params"] == {"group": "pop_65plus"}
    _, out, _ = run(workspace, what, "--kind", "clinic", "--group", "pop_65plus")
    assert "what others take of it is not counted" in " ".join(out.split())
    _, out, _ = run(workspace, what, "--kind", "clinic")
    assert "what others take of it" not in " ".join(out.split())


@pytest.mark.parametrize(
    "asked",
    [
        ["access", "--visits-a-day", "0.05"],
        ["equity", "--method", "e2sfca"],
        ["load", "--decay", "none"],
        ["week", "--at", "Su 22:00"],
        ["always", "--at", "Su 22:00"],
        ["pieces", "--kind", "clinic"],
    ],
)
def test_what_a_measure_would_not_heed_is_refused(run, workspace, asked) -> None:
    measure, option, _ = asked
    code, _, err = run(workspace, *asked)
    assert code != 0
    assert measure in err
    assert option in err


@pytest.mark.parametrize("visits", ["nan", "inf", "0", "-1"])
def test_visits_that_are_no_number_above_0_are_refused(run, workspace, visits) -> None:
    code, _, err = run(workspace, "load", "--visits-a-day", visits)
    assert code != 0
    assert "a number above 0" in " ".join(err.split())
