"""What is wrong with an input is told by ``import``, by ``check`` and by ``assess``."""

import geopandas as gpd
import pytest
import shapely
from effort import few
from grid_town import AT, CRS, Files, facilities, line, point, streets, with_rows

from planner.cli import main


def _proposed():
    table = streets()
    table.loc[6:7, "highway"] = "proposed"
    return {"streets": table}


def _unjoined():
    shapes = [shapely.LineString([s.coords[0], s.coords[-1]]) for s in streets().geometry]
    return {"streets": streets().set_geometry(shapes, crs=CRS)}


def _stub():
    table = with_rows(streets(), line((47, -15), (53, -15)), name="stub", highway="footway")
    return {"streets": table, "facilities": facilities((50, -20))}


def _platform():
    changed = _stub()
    changed["streets"].loc[len(AT) * 2, "highway"] = "platform"
    return changed


def _gate():
    gate = {"gate_id": ["g1"], "open": ["ask the porter"]}
    return {"gates": gpd.GeoDataFrame(gate, geometry=[point(50, 5)], crs=CRS)}


CASES = {
    "proposed": (_proposed, "on which nobody walks were left out: highway=proposed: 2"),
    "unjoined": (_unjoined, "16 crossings have no common vertex"),
    "stub": (_stub, "beside a small loose piece of street"),
    "platform": (_platform, "hangs on no street and was left out"),
    "gate": (_gate, "ask the porter (1)"),
    "gone": (lambda: {"facilities": facilities(end_date="2019")}, "First (f1): end_date=2019"),
    "datum": (dict, "no exact shift is known"),
}


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("PLANNER_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "4000")

    def call(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert not stopped.value.code, said.err
        return " ".join((said.out + said.err).split())

    return call


@pytest.mark.parametrize("case", few(CASES, 3))
def test_by_every_verb(run, tmp_path, case):
    make, sentence = CASES[case]
    paths = Files(tmp_path, make()).paths()
    if case == "datum":
        paths["boundaries"] = tmp_path / "xian.gpkg"
        gpd.read_file(tmp_path / "boundaries.geojson").to_crs(2383).to_file(paths["boundaries"])
    given = [f"--{name}={path}" for name, path in paths.items()]
    workspace = tmp_path / "town.gpkg"
    assert sentence in run("import", *given, "--out", workspace)
    assert sentence in run("check", workspace)
    assert sentence in run("assess", workspace)
