"""``planner relocate``, and what ``planner site`` tells beside the sites."""

import json

import pytest
import shapely

import planner


def clinic_change(run, demo, scenario) -> float:
    _, out, _ = run("compare", demo, scenario, "--json")
    rows = json.loads(out)["summary"]
    row = next(r for r in rows if r["kind"] == "clinic" and r["group"] == "population")
    return row["covered_change"]


@pytest.mark.long
def test_moves_are_printed_with_their_proof(run, demo):
    options = ["--kind", "clinic", "--moves", "1", "--curve", "1", "--missed-least", "2"]
    code, out, _ = run("relocate", demo, *options)
    assert code == 0
    assert "1 of 92 facilities move" in out
    assert "no other choice of as many moves" in out
    assert "How many moves are worth while" in out
    assert "Who could be done without" in out


def test_the_scenario_of_moves_keeps_the_promise(run, demo, tmp_path):
    folder = tmp_path / "out"
    options = ["--kind", "clinic", "--moves", "2", "--closing", "1", "--json", "--out", folder]
    code, out, _ = run("relocate", demo, *options)
    answer = json.loads(out)
    assert code == 0
    assert answer["net"] == answer["gained"] - answer["lost"]
    assert clinic_change(run, demo, folder / "moves_scenario.json") == answer["net"]
    assert sorted(file.name for file in folder.iterdir()) == [
        "moves.csv",
        "moves.gpkg",
        "moves_notes.txt",
        "moves_scenario.json",
    ]


@pytest.mark.long
def test_moves_that_make_no_sense_are_bad_input(run, street):
    for options, words in (
        (["--moves", "0"], "Neither a move"),
        (["--moves", "500"], "from 0 to 4"),
        (["--keep", "none"], "'none' is to be kept"),
        (["--within", "Atlantis"], "no community 'Atlantis'"),
        (["--within", "no-such.geojson"], "no-such.geojson"),
    ):
        code, out, err = run("relocate", street, "--kind", "clinic", *options)
        assert (code, out) == (2, "")
        assert words in " ".join(err.split())


def test_sites_within_an_area_of_a_file_or_by_name(run, demo, tmp_path):
    district = planner.demo_district()
    area = district.communities.iloc[[0]]
    file = tmp_path / "area.geojson"
    area[["geometry"]].to_crs(4326).to_file(file, driver="GeoJSON")
    places = {}
    for given in (file, area["community_id"].iloc[0]):
        options = ["--kind", "clinic", "--new", "1", "--where", "streets", "--within", given]
        code, out, _ = run("site", demo, *options, "--json", "--limit-m", "200")
        assert code == 0
        places[given] = json.loads(out)["sites"]
        shape = area.geometry.iloc[0].buffer(0.1)
        assert all(shape.covers(shapely.Point(s["x"], s["y"])) for s in places[given])


@pytest.mark.long
def test_the_full_answer_for_programs_and_people(run, demo):
    more = ["--why", "--years", "2", "--budget-curve", "--apart", "500", "--backup", "0.2"]
    code, out, _ = run("site", demo, "--kind", "clinic", "--new", "2", *more, "--json")
    answer = json.loads(out)
    assert code == 0
    assert [row["phase"] for row in answer["phases"]] == [1, 2]
    assert sum(row["serves"] for row in answer["reasons"]) == answer["gained"]
    assert {row["what"] for row in answer["links"]} == {"site", "link"}
    assert answer["budget_curve"][-1]["gained"] >= answer["budget_curve"][0]["gained"]
    whole = next(r for r in answer["before_after"] if r["level"] == "district")
    assert whole["covered_change"] == answer["gained"]
    code, out, _ = run("site", demo, "--kind", "clinic", "--new", "2", *more)
    assert code == 0
    for words in ("Today they walk", "Before and after", "For the money", "Which in which year"):
        assert words in out


def test_limits_that_cannot_be_kept_tell_the_nearest(run, demo):
    for options, words in (
        (["--new", "3", "--floor", "0.99"], "all places together cover"),
        (["--objective", "everyone", "--budget", "10"], "costs at least"),
        (["--new", "1", "--fix", "c044", "--forbid", "c044"], "both required and forbidden"),
        (["--new", "1", "--objective", "distance", "--apart", "100"], "no effect"),
    ):
        code, out, err = run("site", demo, "--kind", "clinic", *options)
        assert (code, out) == (2, "")
        assert words in " ".join(err.split())
