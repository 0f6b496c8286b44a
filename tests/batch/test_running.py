"""Many districts: done once, gone on with, and one that is spoilt hinders no other."""

import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec

import pandas as pd
import pyogrio
import pytest

import planner
from planner.batch import open_results, run
from planner.batch.tables import PARTITIONS

GROUPS = ["population"]


def files_of(folder):
    """Return the content of all files of results by their names."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }


@pytest.mark.long
def test_figures_are_those_of_each_assessment(made, results):
    summary = results.summary()
    assert sorted(set(summary["district"])) == ["d1", "d2", "d3"]
    for name, rows in summary.groupby("district"):
        own = planner.assess(planner.read_district(made / f"{name}.gpkg"), groups=GROUPS)
        expected = own.summary().set_index("kind")
        assert rows["kind"].tolist() == expected.index.tolist()
        for row in rows.itertuples():
            for figure in ("uncovered", "unknown", "share", "limit_m"):
                own_figure = pytest.approx(expected.loc[row.kind, figure], nan_ok=True)
                assert getattr(row, figure) == own_figure
        gaps = results.gaps()
        assert (gaps["district"] == name).sum() == len(own.gaps())
    assert summary.crs == results.communities().crs == "EPSG:4326"
    assert len(results.communities("clinic")) == 2 * 3


@pytest.mark.long
def test_what_is_done_is_not_done_again(made, tmp_path):
    # half of them first, under the ids that they have in the whole
    run([made / "d1.gpkg", made / "d2.gpkg"], tmp_path, groups=GROUPS)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.parquet")}
    told = []
    again = run(made, tmp_path, groups=GROUPS, progress=lambda *each: told.append(each))
    assert again.resumed == 2
    assert told == [("batch.progress", 0.0), ("batch.progress", 1.0)]
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert len(list((tmp_path / "summary").iterdir())) == 3


@pytest.mark.long
def test_other_data_and_another_standard_are_other_results(workspaces, tmp_path):
    into = tmp_path / "results"
    run(workspaces, into, groups=GROUPS)
    first = {file.name for file in (into / "summary").iterdir()}
    planner.write_district(
        planner.read_district(workspaces / "d3.gpkg").with_layers(
            facilities=planner.read_district(workspaces / "d3.gpkg").facilities.iloc[1:]
        ),
        workspaces / "d3.gpkg",
    )
    assert run(workspaces, into, groups=GROUPS).resumed == 2
    second = {file.name for file in (into / "summary").iterdir()}
    # what the folder held of the old data is gone: it holds this run alone
    assert len(first & second) == 2
    assert len(second) == 3
    assert run(workspaces, into, groups=GROUPS, standard="15-minute").resumed == 0
    assert set(open_results(into).summary()["standard"]) == {"15-minute"}


@pytest.mark.long
def test_spoilt_ones_are_told_and_the_others_go_on(workspaces, tmp_path):
    (workspaces / "broken.gpkg").write_bytes(b"no GeoPackage")
    shutil.copy(workspaces / "d2.gpkg", workspaces / "twin.gpkg")
    shutil.copy(workspaces / "d3.gpkg", workspaces / "streetless.gpkg")
    streets = pyogrio.read_dataframe(workspaces / "streetless.gpkg", layer="streets").iloc[:0]
    pyogrio.write_dataframe(streets, workspaces / "streetless.gpkg", layer="streets", append=False)
    found = run(workspaces, tmp_path / "results", groups=GROUPS)
    failures = found.failures().set_index("district")
    assert failures["code"].to_dict() == {
        "broken": "sources.not_workspace",
        "streetless": "district.empty_layer",
        "twin": "batch.same_data",
    }
    assert "broken.gpkg" in failures.loc["broken", "sentence"]
    states = found.districts().set_index("district")["state"].to_dict()
    assert states == {
        **dict.fromkeys(("d1", "d2", "d3"), "done"),
        **dict.fromkeys(("broken", "streetless", "twin"), "failed"),
    }
    assert set(found.summary()["district"]) == {"d1", "d2", "d3"}


@pytest.mark.long
def test_two_of_one_id_count_neither_until_they_are_told_apart(made, tmp_path):
    table = pd.DataFrame(
        {"workspace": [str(made / f"d{n}.gpkg") for n in (1, 2, 3)], "district": ["a", "a", "b"]}
    )
    found = run(table, tmp_path, groups=GROUPS)
    assert found.failures()["code"].tolist() == ["batch.same_id"] * 2
    assert set(found.summary()["district"]) == {"b"}
    file = made.parent / "table.csv"
    table.assign(province=["x", "y", "y"]).to_csv(file, index=False)
    found = run(file, tmp_path, groups=GROUPS)
    assert found.failures().empty
    summary = found.summary()
    assert set(zip(summary["province"], summary["district"], strict=True)) == {
        ("x", "a"),
        ("y", "a"),
        ("y", "b"),
    }


KILLED = """
import os, signal
from planner.batch import running
from planner.sources.kept_files import put_whole


def is_the_moment(file):
    {is_the_moment}


def killed_in_the_middle(file, content):
    if is_the_moment(file):
        os.kill(os.getpid(), signal.SIGKILL)
    put_whole(file, content)


running.put_whole = killed_in_the_middle
"""
"""What a process runs that is to be killed in the middle, before it keeps a file of a district."""


@pytest.mark.long
def test_a_run_that_is_killed_goes_on(made, results, tmp_path):
    into = tmp_path / "results"
    # of the second district the first file is there, and the next is not
    moment = "return len(list(file.parents[1].glob('gaps/*.parquet'))) == 2"
    killed = KILLED.format(is_the_moment=moment)
    code = f"{killed}\nrunning.run({str(made)!r}, {str(into)!r}, groups={GROUPS!r})"
    ended = subprocess.run([sys.executable, "-c", code], check=False, timeout=300)
    assert ended.returncode == -signal.SIGKILL
    assert [len(list(into.glob(f"{name}/*.parquet"))) for name in PARTITIONS] == [2, 1, 1, 1]
    assert (open_results(into).districts()["state"] == "missing").sum() == 2
    assert run(made, into, groups=GROUPS).resumed == 1
    assert files_of(into) == files_of(results.folder)


@pytest.mark.long
@pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed (extra batch)")
def test_several_processes_write_the_same_bytes_though_one_dies(made, results, tmp_path):
    import dask
    import distributed  # noqa: F401 - settings are changed that it must have made

    # whichever is the first to keep a file dies before, and no other
    dead = tmp_path / "dead"
    moment = f"""try:
        os.mkdir({str(dead)!r})
    except FileExistsError:
        return False
    return True"""
    dies = tmp_path / "dies.py"
    dies.write_text(KILLED.format(is_the_moment=moment), encoding="utf-8")
    with dask.config.set({"distributed.worker.preload": [str(dies)]}):
        found = run(made, tmp_path / "results", groups=GROUPS, workers=2)
    assert dead.is_dir()
    assert found.failures().empty
    assert files_of(found.folder) == files_of(results.folder)
    for name in PARTITIONS:
        assert len(list((found.folder / name).glob("*.parquet"))) == 3


@pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed (extra batch)")
def test_a_scheduler_that_is_not_there(made, tmp_path):
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(planner.PlannerError) as raised,
    ):
        run(made, tmp_path, groups=GROUPS, scheduler="tcp://127.0.0.1:9")
    assert raised.value.code == "batch.no_scheduler"


def test_several_processes_need_dask(made, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(planner.InputError) as raised:
        run(made, tmp_path, groups=GROUPS, workers=2)
    assert raised.value.code == "batch.needs_distributed"


def test_nothing_named(tmp_path):
    with pytest.raises(planner.InputError, match="No workspace is named"):
        run(tmp_path, tmp_path / "results")
    with pytest.raises(planner.InputError, match="at least one worker"):
        run(tmp_path, tmp_path / "results", workers=0)
