"""What a verb tells beside its figures stands in groups, the gravest first."""

import json

import pandas as pd
import pytest
from demo_part import part_of_demo
from effort import few

import planner
from planner.cli.shared.console import Console
from planner.district import builtin_kinds
from planner.errors import Finding


def test_what_may_make_figures_wrong_stands_before_what_the_program_decided(capsys):
    told = [
        Finding("sources.decoded", {"file": "a.csv", "encoding": "gb18030"}),
        Finding("sources.communities_empty", {"count": 1, "names": "West"}),
    ]
    Console("en").show_findings(told, builtin_kinds())
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "Worth knowing:",
        "Figures may be wrong, or people or places missing: 1",
    ]
    assert "West" in lines[2]
    assert lines[3] == "For the record: 1"
    assert "a.csv" in lines[4]


def test_without_findings_nothing_is_said(capsys):
    Console("en").show_findings((), builtin_kinds())
    assert capsys.readouterr().out == ""


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Return a workspace in which a clinic is listed once more, 5 m from itself."""
    district = part_of_demo(2)
    clinics = district.facilities[district.facilities["kind"] == "clinic"]
    again = clinics.iloc[:1].assign(facility_id="again", geometry=clinics.translate(5.0).iloc[:1])
    both = pd.concat([district.facilities, again], ignore_index=True)
    file = tmp_path_factory.mktemp("twice") / "twice.gpkg"
    planner.write_district(district.with_layers(facilities=both), file)
    return file


VERBS = [
    ["site", "--kind", "clinic", "--new", "1"],
    ["relocate", "--kind", "clinic", "--moves", "1"],
    ["one-stop", "--budget", "500"],
    ["mix", "--budget", "100", "--kind", "clinic"],
    ["links", "--kind", "clinic"],
    ["gaps", "--kind", "clinic"],
    ["departments"],
    ["checkup"],
    ["measure", "redundancy", "--kind", "clinic"],
]


@pytest.mark.long
@pytest.mark.parametrize("asked", few(VERBS, 4), ids=lambda asked: asked[0])
def test_every_verb_says_by_what_its_figures_may_be_wrong(run, twice, asked):
    verb, *options = asked
    words = [verb, twice, *options]
    code, out, _ = run(*words, "--language", "en")
    assert code == 0
    assert "Figures may be wrong, or people or places missing" in out
    assert "again: 5 m" in out
    told = json.loads(run(*words, "--json")[1])["findings"]
    assert "district.facilities_near" in {each["code"] for each in told}
