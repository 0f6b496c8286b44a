"""Small counts of groups are in no results, and in no league of them, where they are withheld."""

import json

import numpy as np
import pandas as pd
import pytest
from small_towns import small_town
from typer.testing import CliRunner

import planner
from planner.batch import open_results, run
from planner.cli import app
from planner.errors import InputError

GROUP, TOTAL = "pop_disabled", 11.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two towns in whose communities a few disabled people live."""
    made = tmp_path_factory.mktemp("few")
    for number in (1, 2):
        town = small_town(number)
        few = np.where(np.arange(len(town.demand)) % 4 == 0, 1.0, 0.0)
        homes = town.demand.assign(**{GROUP: few})
        planner.write_district(town.with_layers(demand=homes), made / f"d{number}.gpkg")
    return made


@pytest.mark.long
def test_no_table_of_a_run_has_a_count_below_the_threshold(folder, tmp_path):
    asked = {"groups": ["population", GROUP], "also": ["checkup", "links", "siting"]}
    found = run(folder, tmp_path / "results", withhold_below=5, **asked)
    assert list(found.districts()["state"]) == ["done", "done"]
    assert open_results(found.folder).withhold_below == 5
    counts = ("total", "covered", "uncovered", "unknown", GROUP, "shown")
    for table in (found.summary(), found.communities(), found.gaps()):
        own = pd.DataFrame(table[table["group"] == GROUP])
        told = own[[name for name in counts if name in own]].to_numpy(dtype=float)
        assert not ((told > 0) & (told < 5)).any()
    hidden = found.communities().query("group == @GROUP")
    assert hidden[["total", "covered", "share", "share_low"]].isna().all(axis=None)
    everybody = found.communities().query("group == 'population'")
    assert everybody["share"].notna().any()
    # the same districts with all counts are other results
    again = run(folder, tmp_path / "results", **asked)
    assert again.resumed == 0
    assert again.withhold_below is None


def test_a_group_that_is_withheld_everywhere_has_no_gaps_and_no_failure(folder, tmp_path):
    found = run(folder, tmp_path / "results", groups=[GROUP], withhold_below=10**6)
    assert list(found.districts()["state"]) == ["done", "done"]
    assert not len(found.gaps())
    assert found.summary()[["total", "covered", "share"]].isna().all(axis=None)


@pytest.mark.long
def test_a_league_of_what_was_not_withheld_is_refused(folder, tmp_path):
    results = run(folder, tmp_path / "all", groups=["population", GROUP])
    with pytest.raises(InputError) as refused:
        results.shown_below(5, GROUP)
    assert refused.value.code == "batch.not_withheld"
    assert results.shown_below(5, None) is results
    assert results.shown_below(None, GROUP) is results
    kept = run(folder, tmp_path / "kept", groups=["population", GROUP], withhold_below=10)
    assert kept.shown_below(5, GROUP) is kept
    with pytest.raises(InputError):
        kept.shown_below(20, GROUP)


@pytest.mark.long
def test_the_commands_withhold_where_the_environment_says_so(folder, tmp_path, monkeypatch):
    command, results = CliRunner(), str(tmp_path / "results")
    league = ["league", results, "--kind", "clinic", "--level", "community", "--group", GROUP]
    ran = command.invoke(app, ["batch", str(folder), "--into", results])
    assert ran.exit_code == 0, ran.output
    assert command.invoke(app, league).exit_code == 0
    monkeypatch.setenv("PLANNER_WITHHOLD_BELOW", "5")
    refused = command.invoke(app, league)
    assert refused.exit_code == 2
    assert "--withhold-below 5" in " ".join(refused.output.split())
    command.invoke(app, ["batch", str(folder), "--into", results])
    told = command.invoke(app, [*league, "--json"])
    assert told.exit_code == 0, told.output
    areas = json.loads(told.stdout)["areas"]
    assert {row["uncovered"] for row in areas} == {None}


def test_results_of_groups_alone_say_that_everybody_is_not_counted(folder, tmp_path):
    results = run(folder, tmp_path / "groups", groups=[GROUP])
    with pytest.raises(InputError) as refused:
        results.league("district", "clinic")
    assert refused.value.code == "batch.no_total"
    assert refused.value.params["known"] == GROUP
