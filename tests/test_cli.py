"""The verbs as a user and as a program meet them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from effort import tries

import planner
from planner.cli import app, main
from planner.cli.shared import console
from planner.district import District, builtin_kinds
from planner.sources import read_district, write_district

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=pytest.fail)


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("PLANNER_LANGUAGE", "en")

    def call(*arguments: str | Path) -> Answer:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(int(stopped.value.code or 0), captured.out, captured.err)

    return call


def layers(crs: str = CRS) -> dict[str, gpd.GeoDataFrame]:
    """A street of 400 m: a clinic at its start, homes 10 m beside it at 100 m and at 390 m."""

    def frame(shapes: list[Any], **columns: Any) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)

    return {
        "communities": frame(
            [shapely.box(X - 50, Y - 50, X + 450, Y + 50)], community_id=["001"], name=["East"]
        ),
        "streets": frame([shapely.LineString([(X, Y), (X + 400, Y)])], street_id=["s"]),
        "facilities": frame(
            [shapely.Point(X, Y)], facility_id=["f"], name=["Clinic"], kind=["clinic"]
        ),
        "demand": frame(
            [shapely.Point(X + 100, Y + 10), shapely.Point(X + 390, Y + 10)],
            demand_id=["a", "b"],
            community_id=["001", "001"],
            population=[30.0, 70.0],
            pop_65plus=[10.0, 5.0],
        ),
    }


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    district = District.from_layers("Street", layers(), synthetic=True, complete=builtin_kinds())
    return Path(planner.write_district(district, tmp_path / "street.gpkg"))


def one_line(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith("\n") and "Traceback" not in text


# ---- assess


@pytest.mark.long
def test_assess_prints_a_table_for_people(run: Run, workspace: Path) -> None:
    answer = run("assess", workspace, "--group", "population")
    assert answer.code == 0
    row = next(line for line in answer.out.splitlines() if "health station" in line)
    assert row.split()[-8:] == ["300*", "1", "30", "70", "0", "30.0%", "400", "0"]
    assert "made up" in answer.out


def test_assess_leads_to_a_standard_that_judges(run: Run, tmp_path: Path) -> None:
    shops = layers()
    shops["facilities"]["kind"] = "convenience_outlet"
    file = planner.write_district(District.from_layers("Street", shops), tmp_path / "shops.gpkg")
    answer = run("assess", file)
    assert answer.code == 0
    said = next(line for line in answer.out.splitlines() if line.startswith("Nothing is judged"))
    assert "(15-minute)" in said


def test_assess_json_holds_the_same_figures(run: Run, workspace: Path) -> None:
    answer = run("assess", workspace, "--json")
    assert answer.code == 0
    summary = {(row["kind"], row["group"]): row for row in answer.json["summary"]}
    clinic = summary["clinic", "population"]
    assert (clinic["covered"], clinic["uncovered"], clinic["unknown"]) == (30.0, 70.0, 0.0)
    assert clinic["share"] == 0.3
    assert clinic["limit_m"] == 300.0
    assert clinic["verified"] is False
    assert summary["clinic", "pop_65plus"]["covered"] == 10.0
    assert answer.json["district"]["synthetic"] is True
    assert answer.json["groups"] == ["population", "pop_65plus"]


def test_assess_tells_the_figures_of_areas(run: Run, workspace: Path, tmp_path: Path) -> None:
    areas, out = tmp_path / "areas.geojson", tmp_path / "out"
    shapes = [shapely.box(X, Y - 20, X + 200, Y + 20), shapely.box(X + 300, Y, X + 400, Y + 20)]
    table = gpd.GeoDataFrame({"name": ["Near", "Far"]}, geometry=shapes, crs=CRS)
    table.to_crs(4326).to_file(areas, driver="GeoJSON")
    answer = run("assess", workspace, "--area", areas, "--out", out, "--json")
    assert answer.code == 0
    clinics = [row for row in answer.json["areas"] if row["kind"] == "clinic"]
    told = {(row["area_id"], row["group"]): row for row in clinics}
    assert (told["Near", "population"]["covered"], told["Near", "population"]["total"]) == (30, 30)
    assert (told["Far", "population"]["covered"], told["Far", "pop_65plus"]["total"]) == (0, 5)
    assert [told[name, "population"]["facilities"] for name in ("Near", "Far")] == [1, 0]
    assert str(out / "areas.csv") in answer.json["files"]
    table = pd.read_csv(out / "areas.csv", encoding="utf-8-sig")
    assert table[table["Area"] == "Near"]["Coverage rate (%)"].max() == 100
    assert "Near · 0.8 ha" in run("assess", workspace, "--area", areas).out


def test_areas_are_called_as_their_column_of_names_says(
    run: Run, workspace: Path, tmp_path
) -> None:
    areas = tmp_path / "areas.geojson"
    shapes = [shapely.box(X, Y - 20, X + 200, Y + 20), shapely.box(X + 300, Y, X + 400, Y + 20)]
    names = {"Name": ["", ""], "名称": ["Near", None]}
    table = gpd.GeoDataFrame(names, geometry=shapes, crs=CRS)
    table.to_crs(4326).to_file(areas, driver="GeoJSON")
    rows = run("assess", workspace, "--area", areas, "--json").json["areas"]
    assert dict.fromkeys(row["area_id"] for row in rows) == {"Near": None, "2": None}


@pytest.mark.long
def test_what_is_no_number_is_null_in_json(run: Run, workspace: Path) -> None:
    rows = run("assess", workspace, "--json").json["summary"]
    station = next(row for row in rows if row["kind"] == "police_station")
    assert station["mean_distance_m"] is None
    assert station["share"] == 0.0


@pytest.mark.long
def test_a_kind_without_limit_has_no_share(run: Run, workspace: Path, tmp_path: Path) -> None:
    standard = tmp_path / "none.toml"
    standard.write_text('en = "None"\nzh = "无"\nsource = "test"\n', encoding="utf-8")
    answer = run("assess", workspace, "--standard", standard, "--json")
    rows = [row for row in answer.json["summary"] if row["group"] == "population"]
    assert "clinic" in {row["kind"] for row in rows}
    for row in rows:
        assert row["judged"] is False
        assert row["share"] is None
    assert "not judged" in run("assess", workspace, "--standard", standard).out


@pytest.mark.long
def test_assess_writes_map_tables_and_a_workspace(
    run: Run, workspace: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    answer = run("assess", workspace, "--out", out, "--json")
    assert answer.code == 0
    written = {Path(file) for file in answer.json["files"]}
    assert written == {file for file in out.iterdir() if file.is_file()}
    assert {"map.html", "summary.csv", "communities.csv", "result.gpkg", "workspace.gpkg"} <= {
        file.name for file in written
    }
    again = planner.read_district(out / "workspace.gpkg")
    assert list(again.demand["demand_id"]) == ["a", "b"]


@pytest.mark.long
def test_language_of_tables(run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "社区卫生服务站" in run("assess", workspace, "--language", "zh").out
    monkeypatch.setenv("PLANNER_LANGUAGE", "zh")
    assert "社区卫生服务站" in run("assess", workspace).out
    monkeypatch.delenv("PLANNER_LANGUAGE")
    for name, expected in (("zh_CN.UTF-8", "zh"), ("de_DE.UTF-8", "en")):
        monkeypatch.setenv("LC_ALL", name)
        assert console.system_language() == expected


# ---- demo


@pytest.mark.long
def test_demo_ends_after_writing(run: Run, tmp_path: Path, small_demo: Path) -> None:
    answer = run("demo", "--out", tmp_path / "demo", "--no-serve", "--language", "zh")
    assert answer.code == 0
    assert "虚构" in answer.out
    assert (tmp_path / "demo" / "map.html").stat().st_size > 100_000
    assert planner.read_district(tmp_path / "demo" / "workspace.gpkg").synthetic


def test_demo_serves_at_the_end(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import planner.app.server.serve

    def serve(
        data: Path | None,
        port: int | None,
        address: str | None,
        language: str | None,
        announce: Any,
        **more: Any,
    ) -> int:
        assert (data, port, address, more["config"]) == (None, 8600, None, None)
        assert language is None  # each reader's browser says it
        announce("http://127.0.0.1:8600")
        return 0

    monkeypatch.setattr(planner.app.server.serve, "serve", serve)
    monkeypatch.delenv("PLANNER_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    # what is written is looked at above; the verb has the name of its module
    monkeypatch.setattr(import_module("planner.cli.demo"), "write", lambda *_: [])
    answer = run("demo", "--out", tmp_path / "demo", "--port", "8600")
    assert answer.code == 0
    assert answer.out.splitlines()[-1].startswith("Dashboard: http://127.0.0.1:8600")


# ---- check, kinds, standards


@pytest.mark.long
def test_check_tells_what_is_inside(run: Run, workspace: Path, tmp_path: Path) -> None:
    answer = run("check", workspace)
    assert answer.code == 0
    assert "street.gpkg is sound" in answer.out
    place = read_district(workspace)
    edited = place.streets.assign(foot="no")
    write_district(place.with_layers(streets=edited), tmp_path / "edited.gpkg")
    doubted = run("check", tmp_path / "edited.gpkg").out
    assert "says that figures may be wrong" in doubted
    assert "is sound" not in doubted
    document = run("check", workspace, "--json").json
    assert document["rows"]["demand"] == 2
    assert document["crs"] == CRS


def test_check_mends_a_copy_and_leaves_out_what_was_ticked_off(
    run: Run, workspace: Path, tmp_path: Path
) -> None:
    out = tmp_path / "check"
    document = run("check", workspace, "--out", out, "--json").json
    keys = [row["key"] for row in document["problem_rows"]]
    assert len(keys) == sum(row["count"] for row in document["problems"]) > 0
    assert sorted(file.name for file in out.iterdir()) == [
        "data_problem_rows.csv",
        "data_problems.csv",
    ]
    ticked = run("check", workspace, "--tick", keys[0], "--json").json
    assert (ticked["ticked"], len(ticked["problem_rows"])) == (1, len(keys) - 1)
    assert run("check", workspace, "--untick", keys[0], "--json").json["ticked"] == 0
    wrong = run("check", workspace, "--tick", "no such row")
    assert (wrong.code, "no such row" in wrong.err) == (2, True)
    assert run("check", workspace, "--only", "join_streets").code == 2
    assert run("check", workspace, "--mend", workspace).code == 2
    mended = run("check", workspace, "--mend", tmp_path / "mended.gpkg")
    assert mended.code == 0
    assert (tmp_path / "mended.gpkg").exists() == ("Nothing can be mended" not in mended.out)


def test_kinds(run: Run, tmp_path: Path) -> None:
    assert "amenity=library" in run("kinds").out
    own = tmp_path / "kinds.toml"
    own.write_text('[pharmacy]\nen = "Pharmacy"\nzh = "药店"\n', encoding="utf-8")
    ids = [kind["id"] for kind in run("kinds", "--kinds", own, "--json").json["kinds"]]
    assert "clinic" in ids
    assert ids[-1] == "pharmacy"


def test_standards_list_show_copy(run: Run, workspace: Path, tmp_path: Path) -> None:
    listed = run("standards", "list", "--json").json["standards"]
    assert {entry["id"] for entry in listed} >= {"gb50180-2018", "15-minute"}
    assert run("standards").out == run("standards", "list").out
    shown = run("standards", "show", "gb50180-2018", "--json").json
    assert {rule["kind"]: rule["limit_m"] for rule in shown["rules"]}["clinic"] == 300
    assert "300" in run("standards", "show", "gb50180-2018").out
    areas = " ".join(run("standards", "show", "national-floor-area").out.split())
    assert "30 m²" in areas
    assert "2.6 m²" in areas

    copy = tmp_path / "ours.toml"
    assert run("standards", "copy", "gb50180-2018", copy).code == 0
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace("limit_m = 300", "limit_m = 400"), encoding="utf-8")
    rows = run("assess", workspace, "--standard", copy, "--json").json["summary"]
    assert next(row for row in rows if row["kind"] == "clinic")["share"] == 1.0
    again = run("standards", "copy", "gb50180-2018", copy)
    assert again.code == 2
    assert "exists already" in again.err


# ---- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["assess", "absent.gpkg"], "absent.gpkg"),
        (["check", "absent.gpkg"], "absent.gpkg"),
        (["import", "absent.osm.pbf", "--out", "x.gpkg"], "absent.osm.pbf"),
        (["import", "--out", "x.gpkg"], "--boundaries"),
        (["import", "--streets", "s.gpkg", "--out", "x.gpkg"], "--boundaries"),
        (["import", "a.osm.pbf", "--streets", "s.gpkg", "--out", "x.gpkg"], "--streets"),
        (["import", "--boundary", "A", "--streets", "s", "--out", "x.gpkg"], "--boundary"),
        (["import", "a.osm", "--facility-column", "clinic", "--out", "x.gpkg"], "KIND=COLUMN"),
        (["standards", "show", "nope"], "gb50180-2018"),
        (["kinds", "--language", "fr"], "fr"),
        (["assess"], "WORKSPACE"),
        (["assess", "a.gpkg", "--max-access-m", "-1"], "--max-access-m"),
        (["nonsense"], "nonsense"),
        (["kinds", "--nonsense"], "--nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_bad_input_is_one_line_and_exit_code_2(
    run: Run, arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert one_line(answer.err), answer.err
    assert says in answer.err
    assert list(tmp_path.iterdir()) == []


def test_errors_speak_the_chosen_language(run: Run) -> None:
    wrong = ("--facility-column", "clinic", "--out", "x.gpkg")
    answer = run("import", "a.osm", *wrong, "--language", "zh")
    assert answer.code == 2
    assert one_line(answer.err)
    assert "写法是" in answer.err


@pytest.mark.long
def test_unknown_group_and_wrong_file(run: Run, workspace: Path, tmp_path: Path) -> None:
    answer = run("assess", workspace, "--group", "pop_cats")
    assert answer.code == 2
    assert "pop_65plus" in answer.err
    wrong = tmp_path / "wrong.gpkg"
    wrong.write_text("no GeoPackage", encoding="utf-8")
    answer = run("check", wrong, "--json")
    assert (answer.code, answer.out) == (2, "")
    assert one_line(answer.err)


@pytest.mark.long
def test_out_may_not_be_a_file(run: Run, workspace: Path) -> None:
    answer = run("assess", workspace, "--out", workspace)
    assert answer.code == 2
    assert one_line(answer.err)
    assert planner.read_district(workspace).name == "Street"


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ZeroDivisionError("by zero"), "--debug"),
        (PermissionError(13, "denied", "x.gpkg"), "x.gpkg may not be"),
        (OSError(28, "no space", "x.gpkg"), "disk is full"),
        (OSError(5, "input/output error", "x.gpkg"), "input/output error"),
    ],
)
def test_failed_work_is_one_line_and_exit_code_1(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def fail(path: Path, **options: object) -> None:
        raise error

    monkeypatch.setattr("planner.sources.read_district", fail, raising=False)
    answer = run("check", workspace)
    assert answer.code == 1
    assert one_line(answer.err)
    assert says in answer.err
    assert "Traceback" in run("check", workspace, "--debug").err


@pytest.mark.long
def test_interruption_is_exit_code_1(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("planner.sources.read_district", interrupt, raising=False)
    answer = run("check", workspace)
    assert answer.code == 1
    assert one_line(answer.err)


# ---- as a process


def planner_process(
    *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "planner.cli", *map(str, arguments)]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, check=False)


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["cp936", "ascii", "cp1252"][: tries(1, 3)])
def test_consoles_that_lack_characters_stop_nothing_and_see_no_progress(
    workspace: Path, encoding: str
) -> None:
    done = planner_process(
        "assess", workspace, "--language", "zh", PYTHONIOENCODING=encoding, PYTHONUTF8="0"
    )
    assert done.returncode == 0, done.stderr
    assert b"\x1b" not in done.stdout + done.stderr, "progress is for terminals"
    if encoding == "cp936":
        assert "社区卫生服务站" in done.stdout.decode("cp936")
    machine = planner_process(
        "kinds", "--json", "--language", "zh", PYTHONIOENCODING=encoding, PYTHONUTF8="0"
    )
    clinic = next(k for k in json.loads(machine.stdout)["kinds"] if k["id"] == "clinic")
    assert clinic["zh"] == "社区卫生服务站"


def test_version_and_help(run: Run) -> None:
    assert run("--version").out.strip() == planner.__version__
    nothing = run()
    assert nothing.code in (0, 2)  # click 8.2 calls the help of a command without arguments misuse
    assert "assess" in nothing.err + nothing.out
    assert app.info.name == "planner"
