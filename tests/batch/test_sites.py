"""New sites of each judged kind, asked of many districts."""

import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

import planner
from planner.batch import find_league, league_report, run
from planner.batch.jobs import SitesAsked
from planner.batch.proposed_sites import find_proposed_sites
from planner.cli import app
from planner.reports.content import shown
from planner.siting import propose

GROUPS = ["population"]
ASKED = SitesAsked(new=2, steps=300, seed=1)


@pytest.fixture(scope="module")
def towns(made, tmp_path_factory):
    """The small towns, in the last of which nobody lives beyond the limit for a clinic."""
    folder = shutil.copytree(made, tmp_path_factory.mktemp("sited") / "towns")
    last = planner.read_district(folder / "d3.gpkg")
    clinic = last.facilities.iloc[[0]]
    beside = [
        clinic.assign(facility_id=f"beside-{n}").set_geometry([home])
        for n, home in enumerate(last.demand.geometry)
    ]
    crowded = pd.concat([last.facilities, *beside], ignore_index=True)
    planner.write_district(last.with_layers(facilities=crowded), folder / "d3.gpkg")
    return folder


@pytest.fixture(scope="module")
def found(towns, tmp_path_factory):
    into = tmp_path_factory.mktemp("sites")
    return run(towns, into, groups=GROUPS, also=["siting"], sites=ASKED)


@pytest.mark.long
def test_sites_are_those_of_each_assessment(towns, found):
    assert found.failures().empty
    rows, sites = found.siting(), found.sites()
    sited = rows[rows["why_not"] == ""]
    districts = {name: planner.read_district(towns / f"{name}.gpkg") for name in ("d1", "d2", "d3")}
    assessed = {name: planner.assess(each, groups=GROUPS) for name, each in districts.items()}
    told = rows.groupby("district")["kind"].apply(list).to_dict()
    assert told == {name: list(each.judged_kinds) for name, each in assessed.items()}
    assert len(sited) == len(rows) - 1
    for row in sited.itertuples():
        own = assessed[row.district]
        expected = propose(own, row.kind, 2, max_iterations=300, seed=1)
        told = (row.gained, row.bound, row.gap, row.places, row.sites, row.asked)
        places, many = len(expected.candidates), len(expected.sites)
        assert told == (expected.gained, expected.bound, expected.gap, places, many, 2)
        covered = (row.covered, row.unknown), (row.covered_after, row.unknown_after)
        assert covered == expected.counts()
        assert row.remarks_en
        chosen = sites[(sites["district"] == row.district) & (sites["kind"] == row.kind)]
        assert chosen["site_id"].tolist() == expected.sites["site_id"].tolist()
        assert chosen["gained"].tolist() == expected.sites["gained"].tolist()
        apart = chosen.to_crs(expected.sites.crs).distance(expected.sites, align=False)
        assert (apart < 0.01).all()


@pytest.mark.long
def test_a_kind_that_cannot_be_sited_says_why(found):
    full = found.siting().set_index(["district", "kind"]).loc["d3", "clinic"]
    assert full["why_not"] == "siting.all_covered"
    assert "Nobody lives beyond the limit" in full["why_not_en"]
    assert full["why_not_zh"] not in ("", full["why_not_en"])
    assert pd.isna(full["gained"])
    assert pd.isna(full["sites"])
    # who is near one today is told all the same
    assert full["covered"] + full["unknown"] == full["total"] > 0
    assert full["share"] == full["share_high"] == 1
    sites = found.sites()
    assert not ((sites["district"] == "d3") & (sites["kind"] == "clinic")).any()


def test_as_many_sites_as_there_are_places(made, tmp_path):
    asked = SitesAsked(new=500, steps=300)
    rows = run(made / "d1.gpkg", tmp_path, groups=GROUPS, also=["siting"], sites=asked).siting()
    assert set(rows["asked"]) == {500}
    assert (rows["places"] < 500).all()
    assert (rows["gained"] > 0).all()


@pytest.mark.long  # what is asked anew: test_questions.py; the same bytes: test_running.py
def test_the_answer_is_the_same_each_time_and_asked_anew_where_it_would_differ(
    towns, found, tmp_path
):
    again = run(towns, tmp_path, groups=GROUPS, also=["siting"], sites=ASKED)
    for folder in ("siting", "sites"):
        first, second = (
            {file.name: file.read_bytes() for file in (results.folder / folder).iterdir()}
            for results in (found, again)
        )
        assert first == second
        assert len(first) == 3
    assert run(towns, tmp_path, groups=GROUPS, also=["siting"], sites=ASKED).resumed == 3
    other = SitesAsked(new=1, steps=300, seed=1)
    assert run(towns, tmp_path, groups=GROUPS, also=["siting"], sites=other).resumed == 0
    # once nobody asks for sites, no folder holds any
    assert run(towns, tmp_path, groups=GROUPS).resumed == 0
    assert not list((tmp_path / "sites").iterdir())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--new", "2"], "--also siting"),
        (["--also", "siting", "--steps", "0"], "--steps"),
        (["--also", "weather"], "checkup, curves, links, siting"),
    ],
)
def test_what_cannot_be_asked_is_refused(made, tmp_path, given, words):
    failed = CliRunner().invoke(app, ["batch", str(made), "--into", str(tmp_path / "o"), *given])
    assert failed.exit_code == 2
    assert words in " ".join(failed.output.split())
    with pytest.raises(planner.InputError) as refused:
        run(made, tmp_path / "o", also=["siting"], sites=SitesAsked(new=0))
    assert refused.value.code == "batch.bad_search"


@pytest.mark.long
def test_the_command_asks_for_sites(made, tmp_path):
    given = ["batch", str(made / "d1.gpkg"), "--into", str(tmp_path), "--group", "population"]
    done = CliRunner().invoke(app, [*given, "--also", "siting", "--new", "1", "--seed", "4"])
    assert done.exit_code == 0, done.output
    rows = planner.open_results(tmp_path).siting()
    assert (set(rows["asked"]), set(rows["seed"])) == ({1}, {4})
    assert set(rows["steps"]) == {SitesAsked().steps}


def test_the_sites_of_a_kind_stand_beside_the_areas_that_are_ranked(found):
    league = find_league(found, "district", "clinic")
    proposed = find_proposed_sites(found, "clinic", league.areas)
    rows = found.siting()
    rows = rows[rows["kind"] == "clinic"]
    assert proposed.others == 0
    assert set(proposed.districts["district"]) == set(rows["district"])
    assert proposed.districts["gained"].dropna().is_monotonic_decreasing
    assert pd.isna(proposed.districts["gained"].iloc[-1])  # nobody is beyond the limit there
    order = proposed.districts["district"].tolist()
    assert proposed.sites["district"].drop_duplicates().tolist() == order[:-1]
    assert (proposed.sites.groupby("district")["rank"].diff().dropna() == 1).all()
    one = find_proposed_sites(found, "clinic", league.areas.head(1))
    assert one.districts["district"].tolist() == league.areas["district"].head(1).tolist()
    assert set(one.sites["district"]) <= set(one.districts["district"])


def test_districts_counted_otherwise_are_told_apart(found, monkeypatch):
    rows = found.siting()
    rows.loc[rows["district"] == "d1", "demand_unit"] = "street_m"
    monkeypatch.setattr(type(found), "siting", lambda self: rows)
    proposed = find_proposed_sites(found, "clinic")
    assert (set(proposed.districts["district"]), proposed.others) == ({"d2", "d3"}, 1)
    assert set(proposed.sites["district"]) == {"d2"}


def test_a_run_that_sought_no_sites_has_none(made, tmp_path):
    plain = run(made, tmp_path / "plain", groups=GROUPS)
    assert find_proposed_sites(plain, "clinic") is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_tells_what_new_sites_bring(found, language):
    league = find_league(found, "district", "clinic")
    report = league_report(found, league, "district", language=language)
    (part,) = [each for each in report.parts if each.name == "new_sites"]
    brought, each = part.tables()
    headings = [column.heading for column in brought.columns]
    gained = [
        row[headings.index(report.labels.message("siting.col_gained"))] for row in brought.rows
    ]
    rows = found.siting()
    rows = rows[rows["kind"] == "clinic"]["gained"].dropna().sort_values(ascending=False)
    assert gained[:-1] == rows.round().tolist()
    assert gained[-1] == "–"
    assert rows.notna().sum() == 2
    # the numbers of sites are whole ones, beside the district that has none
    sites = headings.index(report.labels.message("siting.col_sites"))
    assert brought.columns[sites].style == "whole"
    assert {shown(row[sites], brought.columns[sites], report.labels) for row in brought.rows} == {
        "1",
        "–",
    }
    today = headings.index(report.labels.message("leagues.col_share"))
    assert brought.rows[-1][today] == 100
    known = report.labels.message("leagues.col_known")
    why = found.siting().set_index(["district", "kind"]).loc["d3", "clinic"][f"why_not_{language}"]
    assert brought.rows[-1][headings.index(known)] == why
    assert brought.rows[0][headings.index(known)] != "."
    assert len(each.rows) == len(found.sites().query("kind == 'clinic'"))
