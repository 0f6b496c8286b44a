"""Several lists of facilities, one a department: each read by itself, then one layer."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from grid_town import (
    CRS,
    boundaries,
    extract,
    finding,
    from_extract,
    homes,
    point,
    streets,
)
from osm_maker import degrees

import planner
from planner.cli import main
from planner.cli.data.intake import _layers, _list_kinds, called, datums
from planner.district import builtin_kinds
from planner.errors import InputError
from planner.sources import Intake, from_files, from_frames
from planner.sources.files.lists import by_key, key_of, layer_of
from planner.sources.files.previews import preview
from planner.sources.tables.kept_mappings import read_mappings


def spot(x: float, y: float) -> str:
    (place,) = gpd.GeoSeries([point(x, y)], crs=CRS).to_crs(4326)
    return f"{place.x:.7f},{place.y:.7f}"


def test_two_lists_of_one_name_are_told_apart_by_path_and_number():
    health, culture = Path("health/list.csv"), Path("culture/list.csv")
    names = called({"facilities": health, "facilities:2": culture, "facilities:3": Path("c.csv")})
    assert (names[str(health)], names[str(culture)]) == ("facilities", "facilities:2")
    assert (names["facilities:2"], names["c.csv"]) == ("facilities:2", "facilities:3")
    assert _list_kinds(["facilities=clinic", "c.csv=library"], names) == {
        "facilities": "clinic",
        "facilities:3": "library",
    }
    for say in (_list_kinds, lambda pairs, own: _layers(pairs, ["facilities"], own), datums):
        with pytest.raises(InputError) as error:
            say(["list.csv=gcj02"], names)
        assert error.value.code == "cli.list_twice"
    book = called({"facilities": Path("a.xlsx"), "facilities:2": Path("a.xlsx")})
    assert _layers(["facilities:2=S2"], ["facilities"], book) == {"facilities:2": "S2"}


def test_the_datum_of_the_first_list_is_not_that_of_the_others():
    names = called({"facilities": Path("a.csv"), "facilities:2": Path("b.csv")})
    how = Intake(datum=datums(["a.csv=gcj02"], names))
    assert (how.datum_of("facilities"), how.datum_of("facilities:2")) == ("gcj02", "")
    how = Intake(datum=datums(["facilities=gcj02"], names))
    assert (how.datum_of("facilities"), how.datum_of("facilities:2")) == ("gcj02", "gcj02")


@pytest.fixture
def lists(tmp_path) -> list[Path]:
    """Clinics in a workbook, libraries without a column of kinds, police with one."""
    clinics = pd.DataFrame(
        {
            "编号": [1, 2],
            "名称": ["甲卫生服务站", "乙卫生服务站"],
            "类别": ["卫生服务站", "卫生服务站"],
            "坐标(WGS84)": [spot(50, 0), spot(450, 0)],
        }
    )
    book = tmp_path / "clinics.xlsx"
    clinics.to_excel(book, sheet_name="卫生", index=False)
    libraries = tmp_path / "libraries.csv"
    rows = ["编号,名称,经度(WGS84),纬度(WGS84)", f"1,东馆,{spot(150, 0)}", f"9,西馆,{spot(350, 0)}"]
    libraries.write_text("\n".join(rows), encoding="gb18030")
    police = tmp_path / "police.csv"
    rows = [
        "名称,类型,状态,经度(WGS84),纬度(WGS84)",
        f"派出所,派出所,在用,{spot(250, 0)}",
        f"甲社区卫生服务站,卫生服务站,在用,{spot(52, 0)}",
    ]
    police.write_text("\n".join(rows), encoding="utf-8")
    return [book, libraries, police]


@pytest.fixture
def ground(tmp_path) -> dict[str, Path]:
    tables = {"boundaries": boundaries(), "streets": streets(), "demand": homes()}
    for name, table in tables.items():
        table.to_file(tmp_path / f"{name}.gpkg", engine="pyogrio")
    return {name: tmp_path / f"{name}.gpkg" for name in tables}


LIBRARY = {"facilities:2": "library"}


@pytest.mark.long
def test_each_list_has_its_own_kind_and_they_become_one_layer(lists, ground):
    seen: list[str] = []
    intake = Intake(list_kinds=LIBRARY, on_reading=lambda reading: seen.append(reading.called))
    made = from_files("Town", **ground, facilities=lists, intake=intake)
    assert made.facilities["kind"].value_counts().to_dict() == {
        "clinic": 3,
        "library": 2,
        "police_station": 1,
    }
    assert seen[2:5] == ["facilities", "facilities:2", "facilities:3"]
    ids = made.facilities["facility_id"].tolist()
    assert len(set(ids)) == 6
    assert {"1", "2", "9", "libraries/1", "police/2", "3"} == set(ids)
    told = [each.params["ids"] for each in made.findings if each.code == "sources.ids_of_lists"]
    assert told == ["1 → libraries/1", "2 → police/2"]
    pair = finding(made, "sources.doubles_of_lists")
    assert (pair["file"], pair["other"], pair["count"]) == ("clinics.xlsx", "police.csv", 1)
    assert "甲卫生服务站 = 甲社区卫生服务站" in pair["names"]
    files = [source.source for source in made.sources if source.layer == "facilities"]
    assert files == ["clinics.xlsx", "libraries.csv", "police.csv"]
    assert made.facilities["status"].tolist() == ["existing"] * 6
    assert planner.assess(made).summary().query("kind == 'library'")["facilities"].iloc[0] == 2


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("name", "away", "told"),
    [
        ("幸福服务点", 8, True),
        ("幸福服务点", 20, False),
        ("", 0, True),
        ("", 25, True),
        ("", 40, False),
    ],
)
def test_doubles_of_two_lists_under_another_name_or_none_are_told(name, away, told):
    table = pd.DataFrame({"名称": ["乙卫生服务站"], "类别": "卫生服务站"})
    both = [
        gpd.GeoDataFrame(table.assign(名称=each), geometry=[point(x, 0)], crs=CRS)
        for each, x in (("乙卫生服务站", 50), (name, 50 + away))
    ]
    made = from_frames(communities=boundaries(), streets=streets(), demand=homes(), facilities=both)
    assert len(made.facilities) == 2
    assert told == ("sources.doubles_of_lists" in {each.code for each in made.findings})


@pytest.mark.long
def test_tables_in_memory_and_extracts_take_lists_too(lists, ground, tmp_path):
    tables = [pd.read_excel(lists[0], engine="calamine"), pd.read_csv(lists[2])]
    made = from_frames(
        communities=boundaries(), streets=streets(), demand=homes(), facilities=tables
    )
    assert sorted(made.facilities["kind"]) == ["clinic", "clinic", "clinic", "police_station"]
    given = []
    for name, where in (("libraries", (150, 0)), ("others", (350, 0))):
        lon, lat = degrees(*where)
        given.append(tmp_path / f"{name}.csv")
        given[-1].write_text(
            f"名称,经度(WGS84),纬度(WGS84)\n{name},{lon},{lat}\n", encoding="utf-8"
        )
    own = Intake(list_kinds={"facilities": "library", "facilities:2": "sports"})
    town = from_extract(extract(), tmp_path, facilities=given, intake=own)
    assert sorted(town.facilities["kind"]) == ["library", "sports"]


@pytest.mark.long
def test_what_is_said_of_a_list_is_shown_and_kept_for_that_list(lists, ground, tmp_path):
    files = {"communities": ground["boundaries"], "streets": ground["streets"]}
    files |= by_key("facilities", lists)
    shown = preview(files, builtin_kinds(), Intake(list_kinds=LIBRARY))
    layers = shown["layers"]
    assert [layers[key]["error"] for key in layers] == [None] * len(layers)
    assert {word["word"] for word in layers["facilities:3"]["words"]} == {"派出所", "卫生服务站"}
    assert set(shown["drawing"]["points"]) == {"facilities", "facilities:2", "facilities:3"}
    out = tmp_path / "made.gpkg"
    command = ["import", *(f"--{name}={file}" for name, file in ground.items()), f"--out={out}"]
    command += [f"--facilities={file}" for file in lists]
    with pytest.raises(SystemExit) as stopped:
        main([*command, "--list-kind=libraries.csv=library", "--layer=clinics.xlsx=卫生"])
    assert not stopped.value.code
    kept = read_mappings(out.with_suffix(".mappings.json"))
    assert {"facilities", "facilities:2", "facilities:3"} <= set(kept)
    assert (kept["facilities:2"].kind, kept["facilities"].sheet) == ("library", "卫生")
    again = from_files("Town", **ground, facilities=lists, intake=Intake(mappings=kept))
    assert sorted(again.facilities["kind"])[3:5] == ["library", "library"]


def test_names_of_lists():
    assert [layer_of(key_of("facilities", n)) for n in (1, 2)] == ["facilities"] * 2
    assert layer_of("streets:2") == "streets:2"
    with pytest.raises(InputError) as error:
        Intake(layers={"streets:2": "a"})
    assert error.value.code == "tables.no_such_layer"
    said = Intake(datum={"facilities": "gcj02", "facilities:2": "wgs84"})
    told = [said.datum_of(key_of("facilities", n)) for n in (1, 2, 3)]
    assert told == ["gcj02", "wgs84", "gcj02"]
    with pytest.raises(InputError) as error:
        by_key("facilities", [])
    assert error.value.code == "sources.no_lists"
