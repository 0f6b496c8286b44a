"""``planner departments`` as a user and as a program meet it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from departments_town import two_streets
from effort import few
from people_words import PEOPLE

import planner
from planner.views.exports.siting.departments import FILES


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("departments")
    return Path(planner.write_district(two_streets(), folder / "streets.gpkg"))


@pytest.mark.long
def test_a_program_reads_departments_gaps_and_talks(run, workspace):
    code, out, _ = run("departments", workspace, "--json")
    assert code == 0
    told = json.loads(out)
    by_kind = {row["kind"]: row for row in told["kinds"]}
    assert by_kind["clinic"]["beyond"] == 340.0
    assert by_kind["clinic"]["department"] == "health"
    assert by_kind["elderly_care"]["judged"] is False
    assert by_kind["elderly_care"]["beyond"] is None
    assert {row["reason"] for row in told["talks"]} >= {"build", "gate", "building"}
    assert (told["duties_verified"], told["prices_verified"]) == (False, False)


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("en", "public_security", ["Public security", "Housing and urban-rural", "placeholders"]),
        ("zh", "公安局", ["公安与住建", "尚无人核实", "万元"]),
    ],
)
def test_one_department_is_shown_in_both_languages(run, workspace, language, name, said):
    code, out, _ = run("departments", workspace, "--department", name, "--language", language)
    assert code == 0
    for words in said:
        assert words in out
    assert ("不" if language == "en" else "should talk") not in out


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_counts_of_a_group_are_called_its_own(run, workspace, language):
    code, out, _ = run("departments", workspace, "--group", "pop_65plus", "--language", language)
    assert code == 0
    of_group = {"en": "residents (65 and over)", "zh": "名居民（65 岁及以上）"}[language]
    assert of_group in out
    counted = re.findall(r"\d (?:residents|people)(?! \(65)|\d (?:名居民|人)(?!（65)", out)
    assert counted == []


@pytest.mark.long
def test_a_department_with_nothing_to_do_is_refused(run, workspace):
    code, _, err = run("departments", workspace, "--department", "commerce")
    assert code == 2
    assert "health" in err


@pytest.mark.long
def test_files_hold_everything_and_no_formula(run, workspace, tmp_path):
    district = planner.read_district(workspace)
    streets = district.streets.assign(name=["=South", "", "North"])
    own = planner.write_district(district.with_layers(streets=streets), tmp_path / "own.gpkg")
    code, _, _ = run("departments", own, "--out", tmp_path / "out", "--language", "en")
    assert code == 0
    assert {each.name for each in (tmp_path / "out").iterdir()} == set(FILES)
    gaps = pd.read_csv(tmp_path / "out" / "department_gaps.csv", encoding="utf-8-sig")
    assert not gaps["Place"].str.startswith("=").any()
    assert gaps["Who does it"].isin(["Housing and urban-rural development"]).any()
    layers = set(pyogrio.list_layers(tmp_path / "out" / "departments.gpkg")[:, 0])
    assert layers >= {"gaps", "shared_buildings"}


def test_who_does_what_may_be_ones_own(run, workspace, tmp_path):
    from planner.siting.departments import duties

    text = Path(duties.__file__).with_name("duties.toml").read_text(encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(
        text.replace('by = "housing"', 'by = "transport"').replace(
            "\nverified = false", "\nverified = true"
        ),
        encoding="utf-8",
    )
    code, out, _ = run("departments", workspace, "--duties", file, "--json")
    assert code == 0
    told = json.loads(out)
    assert told["duties_verified"] is True
    assert {row["actor"] for row in told["gaps"]} >= {"transport"}


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_an_estimate_is_not_called_people(run, tmp_path, language):
    district = two_streets()
    demand = district.demand.drop(columns=district.groups)
    demand.insert(2, "weight", [80.0, 200.0, 60.0, 50.0])
    file = planner.write_district(replace(district, demand=demand), tmp_path / "weights.gpkg")
    out = tmp_path / "out"
    code, said, _ = run(
        "departments", file, "--department", "health", "--out", out, "--language", language
    )
    assert code == 0
    assert ("estimated demand" if language == "en" else "估算需求") in said
    written = [said, *(each.read_text(encoding="utf-8-sig") for each in out.glob("*.csv"))]
    for name in pyogrio.list_layers(out / "departments.gpkg")[:, 0]:
        columns = pyogrio.read_info(out / "departments.gpkg", layer=name)["fields"]
        written.append(" ".join(columns).replace("_", " "))
    assert len(written) > 6
    wrong = [line for text in written for line in text.splitlines() if PEOPLE.search(line)]
    assert not wrong, wrong
