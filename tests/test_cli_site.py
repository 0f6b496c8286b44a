"""``planner site`` as a user and as a program meet it."""

import json

import geopandas as gpd
import pandas as pd
import pytest

import planner


@pytest.fixture(scope="module")
def demo(small_demo):
    return small_demo


def test_sites_are_printed_with_their_proof(run, demo):
    code, out, _ = run("site", demo, "--kind", "clinic", "--new", "3", "--curve", "2")
    assert code == 0
    assert "no other choice among these" in out
    assert "3 sites bring" in out
    assert "More or fewer sites" in out


@pytest.mark.long
def test_the_hour_that_is_asked_for_is_said_once_and_what_new_sites_are_taken_for(run, demo):
    code, out, _ = run("site", demo, "--kind", "clinic", "--new", "1", "--at", "Su 23:00")
    assert code == 0
    assert out.count("Only what is open: Sunday 23:00") == 1
    assert "New facilities count as open at the hour that is asked for" in out
    code, out, _ = run("compare", demo, demo, "--at", "Su 23:00")
    assert (code, out.count("Only what is open: Sunday 23:00")) == (0, 1)


@pytest.mark.long
def test_programs_get_numbers_and_the_scenario_keeps_the_promise(run, demo, tmp_path):
    folder = tmp_path / "out"
    code, out, _ = run("site", demo, "--kind", "clinic", "--new", "2", "--json", "--out", folder)
    answer = json.loads(out)
    assert code == 0
    assert answer["optimal"] is True
    assert answer["bound"] == answer["gained"] == sum(site["gained"] for site in answer["sites"])
    code, out, _ = run("compare", demo, folder / "sites_scenario.json", "--json")
    rows = json.loads(out)["summary"]
    clinic = next(r for r in rows if r["kind"] == "clinic" and r["group"] == "population")
    assert code == 0
    assert clinic["covered_change"] == answer["gained"]
    assert sorted(file.name for file in folder.iterdir()) == [
        "sites.csv",
        "sites.gpkg",
        "sites_notes.txt",
        "sites_scenario.json",
    ]
    table = pd.read_csv(folder / "sites.csv", encoding="utf-8-sig")
    sites = gpd.read_file(folder / "sites.gpkg", layer="sites")
    assert sites["place"].tolist() == table["Place"].tolist()
    # places of one name are told apart by their ids, and found by their degrees
    assert table["Id of the place"].tolist() == sites["site_id"].tolist()
    there = sites.to_crs(4326).geometry
    assert table["Longitude"].tolist() == there.x.round(7).tolist()
    assert table["Latitude"].tolist() == there.y.round(7).tolist()


@pytest.mark.long
def test_a_question_without_an_answer_is_bad_input(run, street):
    for options, words in (
        (["--kind", "library", "--new", "2"], "no limit"),
        (["--kind", "clinic", "--new", "500"], "at most"),
        (["--kind", "clinic", "--objective", "beauty"], "not an objective"),
    ):
        code, out, err = run("site", street, *options)
        assert (code, out) == (2, "")
        assert words in err


def test_steps_in_place_of_time_give_the_same_answer_again(run, demo):
    asked = (
        "site",
        demo,
        "--kind",
        "clinic",
        "--new",
        "3",
        "--curve",
        "2",
        "--steps",
        "40",
        "--json",
    )
    answers = [json.loads(run(*asked)[1]) for _ in range(2)]
    for answer in answers:
        assert answer.pop("seconds") > 0
    assert answers[0] == answers[1]


@pytest.mark.long
def test_without_candidates_the_verb_says_where_it_looked(run, demo, tmp_path):
    district = planner.read_district(demo)
    facilities = district.facilities[district.facilities["ownership"] != "internal"]
    bare = district.with_layers(candidates=district.candidates.iloc[:0], facilities=facilities)
    file = planner.write_district(bare, tmp_path / "bare.gpkg")
    code, out, _ = run("site", file, "--kind", "clinic", "--new", "1", "--steps", "40")
    assert code == 0
    assert "were taken along the streets" in " ".join(out.split())
