"""``planner match`` as a user and as a program meet it."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from effort import few

import planner
from planner.district import Scenario
from planner.views.exports.siting.matching import FILES

ASKED = ("match", "demo", "--service", "rehabilitation", "--limit", "500")


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district())


@pytest.mark.long
def test_json_is_what_the_library_says(run, result):
    code, out, _ = run(*ASKED, "--more", "250", "--json")
    assert code == 0
    answer = json.loads(out)
    found = planner.match_needs(result, service="rehabilitation", limit_m=500.0)
    assert answer["summary"] == pytest.approx(found.summary())
    assert answer["room"] == "capacity_residents"
    steps = found.enlarge_sequence(250.0)
    assert [row["facility_id"] for row in answer["enlargements"]] == list(steps["facility_id"])
    assert len(answer["places"]) == len(found.served)


@pytest.mark.long
def test_files_hold_everything_and_the_scenario_keeps_its_promise(run, result, tmp_path):
    code, out, _ = run(*ASKED, "--more", "250", "--steps", "3", "--out", tmp_path / "out")
    assert code == 0
    folder = tmp_path / "out"
    assert {file.name for file in folder.iterdir()} == set(FILES)
    found = planner.match_needs(result, service="rehabilitation", limit_m=500.0)
    homes = pd.read_csv(folder / "homes.csv")
    assert homes["Served"].sum() == pytest.approx(found.summary()["served"])
    flows = pd.read_csv(folder / "flows.csv")
    assert flows["Amount"].sum() == pytest.approx(found.summary()["served"])
    told = pd.read_csv(folder / "communities.csv")["Share served (%)"]
    assert told.max() == pytest.approx(100 * found.communities()["share_served"].max(), abs=1e-3)
    layers = gpd.list_layers(folder / "matching.gpkg")["name"].tolist()
    assert layers == ["places", "communities", "homes", "exchanges"]
    places = gpd.read_file(folder / "matching.gpkg", layer="places")
    assert places["used"].sum() == pytest.approx(found.summary()["served"])
    scenario = Scenario.load(folder / "enlargements_scenario.json")
    after = planner.match_needs(result.apply(scenario), service="rehabilitation", limit_m=500.0)
    promised = found.enlarge_sequence(250.0, 3)["serves"].sum()
    gained = after.summary()["served"] - found.summary()["served"]
    assert gained == pytest.approx(promised)
    assert gained > 0
    assert "<!DOCTYPE html>" in (folder / "map.html").read_text(encoding="utf-8")[:200]
    assert "enlargements_scenario.json" in out


@pytest.mark.long
def test_options_say_who_counts_and_what_is_assumed(run):
    asked = ("match", "demo", "--kind", "canteen", "--limit", "500", "--json")

    def owners(*options):
        code, out, err = run(*asked, *options)
        assert code == 0, err
        return {row["ownership"] for row in json.loads(out)["ownership"]}

    assert owners() == {"public", "partner"}
    assert owners("--no-partners", "--internal") == {"public", "internal"}
    code, out, _ = run("match", "demo", "--kind", "clinic", "--capacity", "unlimited", "--json")
    assert code == 0
    assert json.loads(out)["summary"]["unknown_room"] == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("which kind of facility or which service", ()),
        ("canteen", ("--kind", "canteen")),
        ("martian", ("--kind", "martian")),
        ("need of a resident is -1", ("--kind", "clinic", "--need", "-1")),
        ("no column 'appetite'", ("--kind", "clinic", "--need", "appetite")),
        ("much", ("--kind", "clinic", "--capacity", "much")),
        ("only be enlarged by more than 0", ("--kind", "clinic", "--more", "0")),
    ],
)
def test_bad_input_is_one_line_and_code_2(run, said, options):
    code, out, err = run("match", "demo", *options)
    assert code == 2
    assert out == ""
    assert said in err.splitlines()[-1]


def test_chinese_is_spoken(run):
    code, out, _ = run(*ASKED, "--language", "zh")
    assert code == 0
    assert "供需" in out or "需求" in out
    assert "Served" not in out


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "alone", "more"),
    few(
        [
            (
                "en",
                "one group alone (65 and over)",
                "More room helps nobody whose needs are counted here",
            ),
            ("zh", "一个群体（65 岁及以上）", "就此处所计需求而言，扩容帮不到任何人"),
        ],
        1,
    ),
)
def test_a_group_is_told_to_have_all_room_in_the_answer_and_its_files(
    run, tmp_path, language, alone, more
):
    asked = ("match", "demo", "--kind", "clinic", "--limit", "500", "--language", language)
    code, out, _ = run(*asked, "--group", "pop_65plus", "--out", tmp_path / "old")
    assert code == 0
    said = out.replace("\n", "" if language == "zh" else " ")
    assert alone in said
    assert more in said
    assert "nobody is left out" not in said
    assert alone in (tmp_path / "old" / "matching_notes.txt").read_text(encoding="utf-8-sig")
    code, out, _ = run(*asked, "--group", "pop_65plus", "--json")
    findings = json.loads(out)["findings"]
    (told,) = (each for each in findings if each["code"] == "matching.group_alone")
    assert alone in told["text"]
    code, out, _ = run(*asked, "--json")
    assert "matching.group_alone" not in {each["code"] for each in json.loads(out)["findings"]}
