"""What a run asks of each district beside figures, areas and gaps."""

import shutil

import pandas as pd
import pytest
from gap_towns import line, town

import planner
from planner.analysis.compliance.checkup import checkup
from planner.batch import run

GROUPS = ["population"]


@pytest.fixture(scope="module")
def walled(made, tmp_path_factory):
    """The small towns, and one whose homes see their clinic across a wall."""
    folder = shutil.copytree(made, tmp_path_factory.mktemp("walled") / "towns")
    district = town(
        [(x, 45) for x in range(1000, 2000, 100)],
        [{"at": (1500, 10)}],
        streets=[line((0, 0), (0, 40)), line((0, 40), (2000, 40))],
        barriers=[line((5, 20), (2000, 20))],
    )
    planner.write_district(district, folder / "walled.gpkg")
    return folder


@pytest.fixture(scope="module")
def found(walled, tmp_path_factory):
    into = tmp_path_factory.mktemp("asked")
    return run(walled, into, groups=GROUPS, also=["links", "checkup"])


def own(walled, name):
    return planner.assess(planner.read_district(walled / f"{name}.gpkg"), groups=GROUPS)


@pytest.mark.long
def test_checkups_are_those_of_each_assessment(walled, found):
    assert found.failures().empty
    rows = found.checkup()
    assert rows.crs == "EPSG:4326"
    assert sorted(set(rows["district"])) == ["d1", "d2", "d3", "walled"]
    for name, inside in rows.groupby("district"):
        expected = checkup(own(walled, name)).scores
        assert inside["area_id"].tolist() == expected.index.tolist()
        for column in ("score", "score_low", "score_high", "met", "missed", "open"):
            told = inside[column].astype("float64").tolist()
            assert told == pytest.approx(expected[column].astype("float64").tolist(), nan_ok=True)
        assert not inside.geometry.is_empty.any()


@pytest.mark.long
def test_links_are_those_of_each_assessment(walled, found):
    rows = found.links()
    assert set(rows["district"]) == {"walled"}
    for name, inside in rows.groupby("district"):
        expected = own(walled, name).links(count=20)
        assert inside["gain"].tolist() == pytest.approx(expected["gain"].tolist())
        lengths = inside.to_crs(expected.crs).length.tolist()
        assert lengths == pytest.approx(expected.length.tolist(), abs=0.01)
    # what a run tells besides is the same with more questions
    assert {"doubts", "attribution", "standard"} <= set(rows)


def test_a_district_whose_distances_are_straight_lines_has_results_and_no_links(made, tmp_path):
    straight = tmp_path / "straight.toml"
    straight.write_text(
        'id = "straight"\nen = "Straight"\nzh = "直线"\nsource = "own"\nmeasure = "straight"\n'
        '[[rule]]\nkind = "clinic"\nlimit_m = 300\nclause = "c"\n',
        encoding="utf-8",
    )
    asked = {"groups": GROUPS, "also": ["links"], "standard": straight}
    found = run(made / "d1.gpkg", tmp_path / "into", **asked)
    assert found.failures().empty
    assert set(found.summary()["measure"]) == {"straight"}
    assert found.links().empty


@pytest.mark.long
def test_the_same_questions_are_not_asked_again_and_others_are(walled, found, tmp_path):
    assert run(walled, found.folder, groups=GROUPS, also=["checkup", "links"]).resumed == 4
    fewer = run(walled, tmp_path, groups=GROUPS, also=["checkup"])
    again = run(walled, tmp_path, groups=GROUPS)
    assert again.resumed == 0
    # answers to what is not asked any more are gone
    assert not list((tmp_path / "checkup").iterdir())
    pd.testing.assert_frame_equal(
        fewer.summary().drop(columns="geometry"), found.summary().drop(columns="geometry")
    )


def test_what_nobody_asked_is_told(walled, results):
    with pytest.raises(planner.InputError) as refused:
        results.checkup()
    assert refused.value.code == "batch.not_asked"
    with pytest.raises(planner.InputError) as refused:
        run(walled, results.folder.parent / "none", also=["weather"])
    assert refused.value.code == "batch.unknown_question"
