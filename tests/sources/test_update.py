"""A layer of a workspace brought up to date: what is told before, kept through it, and undone."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import few, tries
from places import CRS, X, Y, points, small_district
from towns import EAST, NORTH, town

import planner
from planner.district import LAYERS, builtin_kinds
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import add, edit, remove
from planner.errors import InputError, WorkError
from planner.sources import Intake, read_district, read_update, undo_update, write_update
from planner.sources.checks.severity import severity
from planner.sources.corrections import change_corrections, read_corrections
from planner.sources.files.layers import read_layer
from planner.sources.tables.kept_mappings import read_mappings, write_mappings
from planner.sources.tables.text import read_listed
from planner.sources.update.taking import last_taken, may_undo, previous_file

AT = "2026-03-04T09:30:00+08:00"
NAMES = ["春风诊所", "河湾诊所", "南门诊所", "老街图书馆", "公厕", "公厕"]
KINDS = ["clinic", "clinic", "clinic", "library", "police_room", "police_room"]
PLACES = [(0, 5), (100, 5), (200, 5), (300, 5), (50, 40), (90, 40)]


def facilities(names=NAMES, kinds=KINDS, places=PLACES, **more):
    columns = {"name": names, "kind": kinds, **more}
    spots = [(X + x, Y + y) for x, y in places]
    return points(spots, **columns)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    own = facilities(
        facility_id=[f"f{n}" for n in range(1, 7)],
        opening_hours=["24/7", "", "", "", "", ""],
        capacity=[10.0, 20.0, None, None, None, None],
        source=["osm:node/1", "", "", "", "", ""],
        beds=[4.0, 8.5, None, None, None, 2.0],
        ramp=[True, False, True, True, False, True],
    )
    folder = tmp_path_factory.mktemp("written")
    return planner.write_district(small_district(facilities=own), folder / "city.gpkg")


@pytest.fixture
def workspace(written, tmp_path):
    return shutil.copy2(written, tmp_path / "city.gpkg")


def listed(**changed):
    """Return the list of the next year: one gone, one new, one renamed, one moved, no ids."""
    table = facilities()
    table.loc[1, "name"] = "河湾社区诊所"
    table.loc[2, "geometry"] = shapely.Point(X + 200, Y + 105)
    table = table.drop(index=[3])
    fresh = facilities(["新城图书馆"], ["library"], [(390, 5)])
    table = pd.concat([table, fresh], ignore_index=True).iloc[::-1]
    return table.assign(**changed)


def correct(workspace, *steps):
    kept = Corrections(crs=CRS).do(*steps)
    change_corrections(workspace, read_corrections(workspace).sign, lambda _: kept)


def tables(workspace):
    """Return the bytes of each table of a workspace."""
    with closing(sqlite3.connect(workspace)) as data, data:
        every = data.execute("select name from sqlite_master where type='table'").fetchall()
        return {
            name: data.execute(f'select * from "{name}"').fetchall()
            for (name,) in every
            if name in LAYERS or name == "layer_styles"
        }


@pytest.mark.long
def test_a_list_that_replaces_is_shown_as_a_difference(workspace):
    before = workspace.read_bytes()
    change = read_update(workspace, "facilities", listed(), "replace")
    assert change.counts() == {"new": 1, "gone": 1, "changed": 2, "unchanged": 3, "undecided": 0}
    assert change.new["name"].tolist() == ["新城图书馆"]
    assert change.gone["facility_id"].tolist() == ["f4"]
    told = change.changed.set_index("column")
    assert told.loc["name", ["id", "old", "new", "how"]].tolist() == [
        "f2",
        "河湾诊所",
        "河湾社区诊所",
        "place",
    ]
    assert told.loc["geometry", ["id", "metres", "how"]].tolist() == ["f3", 100.0, "name"]
    assert change.matched.set_index("id")["how"].to_dict()["f5"] == "equal"
    assert change.kept == {"opening_hours": 1, "capacity": 2, "beds": 3, "ramp": 3}
    figures = {each.name: (each.before, each.after) for each in change.figures}
    assert figures["library"] == (1, 1)
    assert figures["rows"] == (6, 6)
    assert workspace.read_bytes() == before
    assert not previous_file(workspace).exists()


@pytest.mark.long
def test_taken_it_leaves_the_other_layers_as_they_are_byte_by_byte(workspace):
    with closing(sqlite3.connect(workspace)) as data, data:
        data.execute("create table layer_styles (name text)")
        data.execute("insert into layer_styles values ('made in QGIS')")
    before = tables(workspace)
    write_update(read_update(workspace, "facilities", listed(), "replace"))
    after = tables(workspace)
    assert {name for name in before if before[name] != after[name]} == {"facilities"}
    found = read_district(workspace).facilities.set_index("facility_id")
    assert sorted(found.index) == ["1", "f1", "f2", "f3", "f5", "f6"]
    assert found.loc["f1", ["opening_hours", "capacity", "source"]].tolist() == [
        "24/7",
        10.0,
        "osm:node/1",
    ]
    assert found.loc["f3"].geometry.y == pytest.approx(Y + 105)
    assert (found["beds"].dtype.kind, found["beds"].sum()) == ("f", 14.5)
    assert found["ramp"].map(bool, na_action="ignore").tolist()[:3] == [True, False, True]
    assert pd.isna(found.loc["1", "ramp"])
    assert found.loc["1", ["name", "status"]].tolist() == ["新城图书馆", "existing"]
    assert read_update(workspace, "facilities", listed(), "replace").changes_nothing


@pytest.mark.long
def test_that_all_are_listed_is_kept_of_a_list_that_changes_no_row(workspace):
    write_update(read_update(workspace, "facilities", listed(), "replace"))
    for mode in ("replace", "append"):
        said = read_update(workspace, "facilities", listed(), mode, complete=["clinic"])
        assert not said.changes_nothing
        told = {each.code: each.params for each in said.findings}
        assert told["update.records_only"]["kinds"] == "clinic"
    write_update(said)
    assert read_district(workspace).records["clinic"].complete
    again = read_update(workspace, "facilities", listed(), "append", complete=["clinic"])
    assert again.changes_nothing
    assert again.after.records == read_district(workspace).records


@pytest.mark.long
def test_what_is_appended_is_not_doubled(workspace):
    change = read_update(workspace, "facilities", listed(), "append")
    assert change.counts() == {"new": 1, "gone": 0, "changed": 2, "unchanged": 3, "undecided": 0}
    assert change.kept == {}
    write_update(change)
    found = read_district(workspace).facilities
    assert found["facility_id"].tolist() == ["f1", "f2", "f3", "f4", "f5", "f6", "1"]
    assert found["name"].tolist() == [*NAMES, "新城图书馆"]
    assert read_update(workspace, "facilities", listed(), "append").changes_nothing


def test_new_codes_of_the_same_rows_are_told_and_those_of_the_workspace_stay(workspace, tmp_path):
    before = read_district(workspace)
    communities = before.communities.assign(
        community_id=[f"3607{at:02}" for at in range(len(before.communities))]
    )
    path = tmp_path / "new.geojson"
    communities[["community_id", "name", "geometry"]].to_crs(4326).to_file(path, driver="GeoJSON")
    change = read_update(workspace, "communities", path, "replace")
    told = {finding.code: finding.params for finding in change.findings}
    assert told["update.ids_stay"]["count"] == len(communities)
    first = before.communities["community_id"].iloc[0]
    assert told["update.ids_stay"]["ids"].startswith(f"360700 → {first}")
    assert change.after.communities["community_id"].tolist() == (
        before.communities["community_id"].tolist()
    )
    numbered = facilities(facility_id=["1", "2", "3", "4", "5", "6"])
    change = read_update(workspace, "facilities", numbered, "replace")
    assert "update.ids_stay" not in [finding.code for finding in change.findings]


@pytest.mark.long
def test_ids_count_where_they_are_kept_and_not_where_the_list_is_numbered_anew(workspace):
    kept = facilities(facility_id=[f"f{n}" for n in range(1, 7)])
    kept.loc[0, ["name", "geometry"]] = ["惠民诊所", shapely.Point(X + 350, Y + 40)]
    kept.loc[1, "geometry"] = shapely.Point(X + 390, Y + 5)
    change = read_update(workspace, "facilities", kept, "replace")
    assert change.matched["how"].eq("id").all()
    assert change.changed[["id", "column"]].to_numpy().tolist() == [
        ["f1", "name"],
        ["f1", "geometry"],
        ["f2", "geometry"],
    ]
    anew = facilities(facility_id=["f2", "f3", "f4", "f1", "f6", "f9"])
    change = read_update(workspace, "facilities", anew, "replace")
    assert "update.ids_not_kept" in [finding.code for finding in change.findings]
    assert len(change.matched) == 6
    assert not len(change.changed)
    # its own ids stay beside, so that they count the next time
    write_update(change)
    again = read_update(workspace, "facilities", anew.sample(frac=1, random_state=1), "replace")
    assert again.matched["how"].eq("id").all()
    assert again.changes_nothing


@pytest.mark.long
def test_running_numbers_are_no_change(workspace):
    numbered = facilities(序号=range(1, 7))
    write_update(read_update(workspace, "facilities", numbered, "replace"))
    newer = pd.concat([facilities(["新站"], ["clinic"], [(390, 5)]), facilities()])
    change = read_update(workspace, "facilities", newer.assign(序号=range(1, 8)), "replace")
    assert (change.counts()["new"], change.counts()["changed"]) == (1, 0)
    assert "update.running" in {finding.code for finding in change.findings}
    ranked = read_update(workspace, "facilities", facilities(序号=[2, 1, 3, 4, 5, 6]), "replace")
    assert ranked.counts()["changed"] == 2  # no order of the rows: somebody's own number


@pytest.mark.long
def test_ids_that_only_count_the_rows_match_no_rows_unlike(tmp_path):
    names = [f"{name}诊所" for name in "甲乙丙丁戊己庚辛壬癸"]
    spots = [(30 * n, 5) for n in range(10)]
    own = facilities(names, ["clinic"] * 10, spots, facility_id=[str(n) for n in range(1, 11)])
    file = planner.write_district(small_district(facilities=own), tmp_path / "city.gpkg")
    newer = own.drop(index=8).reset_index(drop=True)
    newer["facility_id"] = [str(n) for n in range(1, 10)]
    newer["编号"] = newer.pop("facility_id")
    newer.loc[8, "geometry"] = shapely.Point(X + 270, Y + 25)
    change = read_update(file, "facilities", newer, "replace")
    assert (change.gone["facility_id"].tolist(), len(change.new)) == (["9"], 0)
    assert change.matched["id"].tolist() == ["1", "2", "3", "4", "5", "6", "7", "8", "10"]


def test_an_id_that_another_facility_bears_now_is_asked_and_never_matched(workspace):
    table = facilities(facility_id=[f"f{n}" for n in range(1, 7)])
    table.loc[0, ["name", "kind"]] = ["西郊图书馆", "library"]
    table.loc[0, "geometry"] = shapely.Point(X + 400, Y + 1200)
    change = read_update(workspace, "facilities", table, "replace")
    assert change.undecided[["row", "why", "others"]].to_numpy().tolist() == [
        ["1", "same_id", "f1"]
    ]
    with pytest.raises(InputError) as error:
        write_update(change)
    assert error.value.code == "update.undecided"
    other = read_update(workspace, "facilities", table, "replace", same={"1": ""})
    assert other.new["id"].tolist() == ["f1-2"]
    assert other.gone["facility_id"].tolist() == ["f1"]
    same = read_update(workspace, "facilities", table, "replace", same={"1": "f1"})
    assert same.matched.set_index("id").loc["f1", "how"] == "said"
    assert len(same.new) == 0


@pytest.mark.long
def test_what_fits_several_is_listed_and_not_guessed(workspace):
    table = facilities()
    table.loc[[4, 5], "geometry"] = [shapely.Point(X + 70, Y + 55), shapely.Point(X + 70, Y + 60)]
    change = read_update(workspace, "facilities", table, "append")
    assert change.undecided["others"].tolist() == ["f5; f6", "f5; f6"]
    assert change.to_decide == 2
    said = {"5": "f5", "6": "f6"}
    assert read_update(workspace, "facilities", table, "append", same=said).changes_nothing
    apart = read_update(workspace, "facilities", table, "append", apart=True)
    assert (len(apart.new), apart.to_decide) == (2, 0)
    far = facilities()
    far.loc[0, "geometry"] = shapely.Point(X, Y + 1300)
    assert read_update(workspace, "facilities", far, "append").undecided["why"].tolist() == ["far"]
    for wrong, code in (({"9": "f1"}, "no_row"), ({"1": "f99"}, "no_id")):
        with pytest.raises(InputError) as error:
            read_update(workspace, "facilities", table, "append", same=wrong)
        assert error.value.code == f"update.{code}"


@pytest.mark.long
def test_corrections_hold_where_their_facility_is_there_and_are_told_where_not(workspace):
    here = read_district(workspace)
    correct(
        workspace,
        edit(here, "f3", {"name": "南门社区卫生站", "x": X + 260.0, "y": Y + 40.0}, AT),
        edit(here, "f4", {"status": "closed"}, AT),
        remove(here, "f5", AT),
        add(here, {"name": "新城图书馆", "kind": "library", "x": X + 385.0, "y": Y + 5.0}, AT),
    )
    own = read_corrections(workspace).steps[-1].facility_id
    table = listed()
    # the bureau mended its list as the planner had: it is known by the corrected name and place
    table.loc[2, ["name", "geometry"]] = ["南门社区卫生站", shapely.Point(X + 260, Y + 40)]
    # a list numbered by hand gives an id of a corrected facility to another one
    table["facility_id"] = [f"f{n}" for n in (4, 3, 2, 1, 6, 5)]
    change = read_update(workspace, "facilities", table, "replace")
    states = change.corrections.set_index("id")["state"].to_dict()
    assert states == {"f3": "kept", "f4": "lost", "f5": "kept", own: "listed"}
    codes = [finding.code for finding in change.findings]
    assert {"update.corrections_lost", "update.corrections_listed"} <= set(codes)
    write_update(change)
    found = read_district(workspace)
    assert "corrections.lost" in [finding.code for finding in found.findings]
    after = found.facilities.set_index("facility_id")
    assert "f4" not in after.index
    assert "f5" not in after.index
    assert after.loc["f3", "name"] == "南门社区卫生站"
    assert after["name"].tolist().count("新城图书馆") == 1
    assert (after["status"] == "existing").all()


@pytest.mark.parametrize("with_ids", [True, False])
def test_a_corrected_facility_that_is_listed_again_is_as_corrected(workspace, with_ids):
    """A list without it was taken, then the right one: it is not open again under another id."""
    here = read_district(workspace)
    correct(workspace, edit(here, "f1", {"status": "closed"}, AT), remove(here, "f2", AT))
    ids = {"facility_id": [f"f{n}" for n in range(1, 7)]} if with_ids else {}
    whole = facilities(**ids)
    corrected = read_district(workspace).facilities.set_index("facility_id")
    write_update(read_update(workspace, "facilities", whole.iloc[2:], "replace"))
    lacking = read_district(workspace)
    assert not {"f1", "f2"} & set(lacking.facilities["facility_id"])
    write_update(read_update(workspace, "facilities", whole, "replace"))
    again = read_district(workspace)
    after = again.facilities.set_index("facility_id")
    assert after["status"].to_dict() == corrected["status"].to_dict()
    assert "corrections.lost" not in [each.code for each in again.findings]


def test_what_was_added_by_hand_and_taken_out_again_is_listed_later(workspace):
    here = read_district(workspace)
    spot = {"name": "新城诊所", "kind": "clinic", "x": X + 385.0, "y": Y + 5.0}
    correct(workspace, add(here, spot, AT))
    own = read_corrections(workspace).steps[-1].facility_id
    now = read_corrections(workspace)
    gone = remove(read_district(workspace), own, AT)
    change_corrections(workspace, now.sign, lambda kept: kept.do(gone))
    fresh = facilities(["新城诊所"], ["clinic"], [(385, 5)])
    whole = pd.concat([facilities(), fresh], ignore_index=True)
    write_update(read_update(workspace, "facilities", whole, "replace"))
    after = read_district(workspace).facilities
    assert after["name"].tolist().count("新城诊所") == 1


def test_another_facility_that_bears_the_id_of_a_lost_one_is_another(workspace):
    here = read_district(workspace)
    correct(workspace, edit(here, "f1", {"status": "closed"}, AT))
    whole = facilities(facility_id=[f"f{n}" for n in range(1, 7)])
    write_update(read_update(workspace, "facilities", whole.iloc[1:], "replace"))
    whole.loc[0, ["name", "geometry"]] = ["远山诊所", shapely.Point(X + 390, Y + 300)]
    write_update(read_update(workspace, "facilities", whole, "replace"))
    again = read_district(workspace)
    after = again.facilities.set_index("facility_id")
    assert after.loc["f1-2", ["name", "status"]].tolist() == ["远山诊所", "existing"]
    (lost,) = [each for each in again.findings if each.code == "corrections.lost"]
    assert lost.params["ids"] == "f1"
    # a correction that is not applied is not counted among those that are
    assert "corrections.applied" not in [each.code for each in again.findings]


@pytest.mark.long
def test_a_list_that_cannot_be_read_is_refused_before_the_layer_is_written(workspace):
    write_update(read_update(workspace, "facilities", listed(), "replace"))
    earlier = may_undo(workspace)
    change = read_update(workspace, "facilities", listed(), "append")
    before = workspace.read_bytes()
    aside = workspace.with_suffix(".set_aside.csv")
    aside.write_bytes(b"a\x00b\x81")
    with pytest.raises(InputError) as error:
        write_update(change)
    assert error.value.code == "sources.not_text"
    assert workspace.read_bytes() == before
    assert earlier is not None
    assert may_undo(workspace) == earlier
    aside.write_bytes("文件,行\r\n居民.csv,3\r\n".encode("gb18030"))
    assert read_listed(aside).to_dict("records") == [{"文件": "居民.csv", "行": "3"}]


@pytest.mark.long
def test_undone_once_and_refused_after_another_change(workspace):
    before = workspace.read_bytes()
    write_mappings(workspace.with_suffix(".mappings.json"), {})
    aside = workspace.with_suffix(".set_aside.csv")
    aside.write_text("of the first import", encoding="utf-8")
    write_update(read_update(workspace, "facilities", listed(), "replace"))
    assert read_mappings(workspace.with_suffix(".mappings.json"))["facilities"].columns
    aside.write_text("of the newer file", encoding="utf-8")
    taken = undo_update(workspace)
    assert aside.read_text(encoding="utf-8") == "of the first import"
    assert (taken.layer, taken.mode, taken.counts["gone"]) == ("facilities", "replace", 1)
    assert workspace.read_bytes() == before
    assert read_mappings(workspace.with_suffix(".mappings.json")) == {}
    with pytest.raises(InputError) as error:
        undo_update(workspace)
    assert error.value.code == "update.nothing_to_undo"

    aside.unlink()
    write_update(read_update(workspace, "facilities", listed(), "replace"))
    aside.write_text("of the newer file", encoding="utf-8")
    undo_update(workspace)
    assert not aside.exists(), "there was none before"
    write_update(read_update(workspace, "facilities", listed(), "replace"))
    assert may_undo(workspace) is not None
    planner.write_district(read_district(workspace), workspace)
    changed = workspace.read_bytes()
    with pytest.raises(InputError) as error:
        undo_update(workspace)
    assert error.value.code == "update.changed_after"
    assert workspace.read_bytes() == changed
    assert last_taken(workspace) is not None
    assert may_undo(workspace) is None


@pytest.mark.long
def test_what_cannot_be_kept_of_how_the_file_was_read_leaves_the_workspace(workspace):
    before = workspace.read_bytes()
    change = read_update(workspace, "facilities", listed(), "replace")
    workspace.with_suffix(".mappings.json").mkdir()
    with pytest.raises((InputError, WorkError)):
        write_update(change)
    assert workspace.read_bytes() == before


@pytest.mark.long
@pytest.mark.parametrize("wrong", few(["{}", "[", {"layer": "<b>"}, {"counts": 3}], 2))
def test_a_note_that_is_none_is_refused_by_its_name(workspace, wrong):
    write_update(read_update(workspace, "facilities", listed(), "replace"))
    note = workspace.with_name("city.gpkg.update.json")
    whole = json.loads(note.read_text(encoding="utf-8"))
    text = json.dumps(whole | wrong) if isinstance(wrong, dict) else wrong
    note.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        last_taken(workspace)
    assert error.value.code == "update.no_note"
    assert error.value.params["file"] == note.name


@pytest.mark.long
def test_a_change_is_not_taken_into_another_workspace_than_it_was_shown_for(workspace):
    change = read_update(workspace, "facilities", listed(), "replace")
    correct(workspace, edit(read_district(workspace), "f3", {"status": "closed"}, AT))
    with pytest.raises(InputError) as error:
        write_update(change)
    assert error.value.code == "update.changed_since"
    change = read_update(workspace, "facilities", listed(), "replace")
    workspace.with_name("city.gpkg-wal").write_bytes(b"x")
    with pytest.raises(InputError) as error:
        write_update(change)
    assert error.value.code == "update.open_elsewhere"


KILLED = """
import os, sys
from planner.sources import read_update, write_update
from planner.sources.update import taking
step = int(sys.argv[2])
calls = []
def ending(name):
    whole = getattr(taking, name)
    def work(*given):
        if len(calls) == step:
            os._exit(9)
        calls.append(name)
        return whole(*given)
    return work
for name in ("copy_whole", "put_whole", "put_in_place"):
    setattr(taking, name, ending(name))
write_update(read_update(sys.argv[1], "facilities", sys.argv[3], "replace"))
"""


@pytest.mark.long
@pytest.mark.parametrize("step", [2, 1][: tries(1, 2)])
def test_killed_in_the_middle_the_old_workspace_is_there(workspace, tmp_path, step):
    file = tmp_path / "list.gpkg"
    listed().to_file(file)
    before = workspace.read_bytes()
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, workspace, str(step), file], check=False, timeout=300
    )
    assert ended.returncode == 9
    assert workspace.read_bytes() == before
    with pytest.raises(InputError) as error:
        undo_update(workspace)
    assert error.value.code == "update.nothing_to_undo"
    write_update(read_update(workspace, "facilities", file, "replace"))
    undo_update(workspace)
    assert workspace.read_bytes() == before


@pytest.mark.long
def test_a_chinese_list_in_gbk_is_read_as_the_last_one_was(workspace, tmp_path):
    degrees = facilities().to_crs(4326)
    sheet = pd.DataFrame(
        {
            "单位": NAMES,
            "设施类别": ["诊所点", "诊所点", "诊所点", "图书馆", "警务室", "警务室"],
            "经度": degrees.geometry.x,
            "纬度": degrees.geometry.y,
        }
    )
    first, second = tmp_path / "名录2025.csv", tmp_path / "名录2026.csv"
    sheet.to_csv(first, index=False, encoding="gbk")
    sheet.drop(index=0).assign(营业时间="周一至周五 8:30-17:30").to_csv(
        second, index=False, encoding="gbk"
    )
    how = Intake(kind_words={"诊所点": "clinic"}, datum="wgs84")
    mapping = read_layer("facilities", first, builtin_kinds(), how).mapping
    columns = {**mapping.columns, "单位": "name"}
    kept = {"facilities": planner.sources.TableMapping(**{**vars(mapping), "columns": columns})}
    write_mappings(workspace.with_suffix(".mappings.json"), kept)
    change = read_update(workspace, "facilities", second, "replace", intake=Intake(datum="wgs84"))
    assert change.reading.mapping.encoding == "gb18030"
    assert change.gone["name"].tolist() == ["春风诊所"]
    assert change.matched["how"].isin(["equal", "name"]).all()
    hours = change.changed[change.changed["column"] == "opening_hours"]
    assert hours["new"].tolist() == ["Mo-Fr 08:30-17:30"] * 5


def test_each_departments_list_is_read_as_its_own_was(workspace):
    lists = {
        "facilities": {"columns": {"机构": "name", "种类": "kind"}, "kind_words": {"甲": "clinic"}},
        "facilities:2": {
            "columns": {"点位": "name", "种类": "kind"},
            "kind_words": {"甲": "library"},
        },
    }
    kept = {key: planner.sources.TableMapping("facilities", **how) for key, how in lists.items()}
    write_mappings(workspace.with_suffix(".mappings.json"), kept)
    row = points([(X + 390, Y + 5)], 点位=["乙"], 种类=["甲"])
    change = read_update(workspace, "facilities", row, "append")
    assert change.new[["name", "kind"]].to_numpy().tolist() == [["乙", "library"]]
    write_update(change)
    now = read_mappings(workspace.with_suffix(".mappings.json"))
    assert list(now) == ["facilities", "facilities:2"]
    assert now["facilities"] == kept["facilities"]
    undo_update(workspace)
    assert read_mappings(workspace.with_suffix(".mappings.json")) == kept


@pytest.mark.long
def test_kinds_that_a_list_is_not_about_are_told_and_can_stay(workspace):
    clinics = facilities().iloc[[0, 1]]
    change = read_update(workspace, "facilities", clinics, "replace", keep_other_kinds=False)
    told = {finding.code: finding.params for finding in change.findings}
    assert told["update.kinds_vanish"]["kinds"] == "library, police_room"
    assert not change.after.has_data("library")
    stays = read_update(workspace, "facilities", clinics, "replace")
    assert (stays.other_kinds, stays.keep_other_kinds) == (("library", "police_room"), True)
    told = {finding.code: finding.params for finding in stays.findings}
    assert told["update.others_kept"]["count"] == 3
    assert stays.gone["facility_id"].tolist() == ["f3"]
    assert stays.after.has_data("library")
    whole = read_update(workspace, "facilities", facilities(), "replace")
    assert (whole.other_kinds, whole.keep_other_kinds) == ((), False)
    none_left = read_update(
        workspace, "facilities", clinics, "replace", complete=["library", "police_room"]
    )
    assert none_left.after.data_state("library") == "complete"
    record = change.after.records["clinic"]
    assert record.source == "facilities (GeoDataFrame)"
    assert record.date == ""  # a table in memory states none
    assert [s.source for s in change.after.sources if s.layer == "facilities"] == [record.source]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("keep", [True, False])
def test_lists_of_two_departments_numbered_alike_are_told_apart(tmp_path, keep):
    """A clinic and a library in each house, both numbered 1 and 2 and named by the community."""
    names, spots = ["幸福社区", "和平社区"], [(0, 5), (200, 5)]
    near = [(x + 20, y) for x, y in spots]
    own = facilities(
        names * 2, ["clinic"] * 2 + ["library"] * 2, spots + near,
        facility_id=["1", "2", "图书/1", "图书/2"],
    )  # fmt: skip
    path = planner.write_district(small_district(facilities=own), tmp_path / "city.gpkg")
    newer = facilities(
        [*names, "新村"], ["library"] * 3, [*near, (390, 5)], facility_id=["1", "2", "3"]
    )
    change = read_update(path, "facilities", newer, "replace", keep_other_kinds=keep)
    assert change.new["name"].tolist() == ["新村"]
    assert change.gone["facility_id"].tolist() == ([] if keep else ["1", "2"])
    assert change.changed.empty
    kinds = change.after.facilities["kind"].value_counts().to_dict()
    assert kinds == ({"library": 3, "clinic": 2} if keep else {"library": 3})


def test_a_list_placed_by_another_map_is_told(workspace):
    moved = facilities()
    moved["geometry"] = moved.translate(400, 300)
    change = read_update(workspace, "facilities", moved, "replace", apart=True)
    told = {finding.code: finding.params for finding in change.findings}
    assert told["update.all_moved"]["metres"] == 500


@pytest.mark.long
@pytest.mark.parametrize(
    ("column", "factor", "code"),
    [
        ("capacity", 1e-4, "update.figures_shrunk"),
        ("beds", 10.0, "update.figures_grown"),
        ("capacity", 3.0, None),
    ],
)
def test_figures_of_another_unit_are_told(workspace, column, factor, code):
    own = read_district(workspace).facilities
    own[["capacity", "beds"]] = [[60.0 + n, 8.0 + n] for n in range(len(own))]
    write_update(read_update(workspace, "facilities", own, "replace"))
    newer = own.assign(**{column: own[column] * factor})
    change = read_update(workspace, "facilities", newer, "replace")
    told = [f for f in change.findings if f.code.startswith("update.figures_")]
    assert [each.code for each in told] == ([code] if code else [])
    if code:
        shown = {key: told[0].params[key] for key in ("column", "count", "total")}
        assert shown == {"column": column, "count": 6, "total": 6}


def irregular_streets(seed: int, east: float = 0.0, north: float = 0.0):
    """Return a net of streets whose blocks are of many sizes, moved as a whole."""
    random = np.random.default_rng(seed)
    x, y = (np.cumsum(random.uniform(60, 180, 8)) for _ in "xy")
    lines = [
        shapely.LineString([(x[a], y[b]), (x[c], y[d])])
        for a in range(8)
        for b in range(8)
        for c, d in ((a + 1, b), (a, b + 1))
        if c < 8 and d < 8
    ]
    lines = [
        shapely.transform(line, lambda xy: xy + np.array([EAST + east, NORTH + north]))
        for line in lines
    ]
    return gpd.GeoDataFrame(
        {"highway": ["residential"] * len(lines)}, geometry=lines, crs="EPSG:32650"
    )


@pytest.mark.parametrize(
    ("newer", "metres"),
    [
        (irregular_streets(1, 300.0, 40.0), 303),
        (irregular_streets(1, 300.0, 40.0).to_crs(4326), 303),
        (irregular_streets(1).iloc[::-1], None),
        (irregular_streets(2), None),
        (irregular_streets(1, 1.0), None),
    ],
    ids=["moved", "degrees", "same", "others", "two pictures"],
)
def test_streets_that_are_the_same_elsewhere_are_told(tmp_path, newer, metres):
    workspace = planner.write_district(town(), tmp_path / "town.gpkg")
    write_update(read_update(workspace, "streets", irregular_streets(1), "replace"))
    change = read_update(workspace, "streets", newer, "replace")
    found = [f.params["metres"] for f in change.findings if f.code == "update.network_moved"]
    assert found == ([pytest.approx(metres, abs=1)] if metres else [])


def test_homes_are_replaced_with_their_sums_told(workspace):
    homes = read_district(workspace).demand
    newer = homes[["population", "geometry"]].assign(population=[110.0, 50.0, 40.0])
    newer = pd.concat([newer, points([(X + 330, Y - 20)], population=[7.0])])
    change = read_update(workspace, "demand", newer, "replace")
    figures = {each.name: (each.before, each.after) for each in change.figures}
    assert figures["population"] == (180.5, 207.0)
    assert change.counts()["changed"] == 2
    codes = {finding.code: finding.params for finding in change.findings}
    assert codes["update.columns_go"]["columns"] == "pop_65plus"
    write_update(change)
    found = read_district(workspace).demand
    assert found["demand_id"].tolist()[:3] == ["001", "002", "003"]
    assert found["community_id"].tolist()[-1] == "036000000002"
    weights = newer.rename(columns={"population": "weight"})
    with pytest.raises(InputError) as error:
        read_update(workspace, "demand", weights, "append")
    assert error.value.code == "update.other_unit"


@pytest.mark.long
def test_columns_that_come_or_go_are_no_nothing(workspace):
    same = read_district(workspace).demand[["demand_id", "population", "pop_65plus", "geometry"]]
    assert read_update(workspace, "demand", same, "replace").changes_nothing
    fewer = read_update(workspace, "demand", same.drop(columns="pop_65plus"), "replace")
    assert fewer.counts()["changed"] == 0
    assert not fewer.changes_nothing
    assert "update.groups_blank" not in {each.code for each in fewer.findings}
    # what no row tells is not known, and a part that tells nothing is in no sum
    blank = read_update(workspace, "demand", same.assign(pop_65plus=np.nan), "replace")
    sums = {each.name: each.after for each in blank.figures}
    assert np.isnan(sums["pop_65plus"])
    assert "pop_65plus (3)" in " ".join(str(each) for each in blank.findings)
    part = same.assign(pop_65plus=[1.0, np.nan, np.nan])
    told = read_update(workspace, "demand", part, "replace").findings
    assert "pop_65plus (2)" in " ".join(map(str, told))
    write_update(read_update(workspace, "demand", same.assign(floors=3), "replace"))
    assert read_district(workspace).demand["floors"].tolist() == [3, 3, 3]


def test_households_of_communities_beside_newer_residents_are_told(workspace):
    before = read_district(workspace)
    newer = before.demand[["demand_id", "population", "geometry"]].copy()
    newer.loc[newer.index[0], "population"] += 30
    change = read_update(workspace, "demand", newer, "replace")
    assert "update.households_stay" not in {each.code for each in change.findings}
    known = before.communities.assign(households=[20.0, 30.0])
    planner.write_district(before.with_layers(communities=known), workspace)
    change = read_update(workspace, "demand", newer, "replace")
    (told,) = (f.params for f in change.findings if f.code == "update.households_stay")
    exact = before.demand["population"].sum()
    people = round(exact)
    assert (told["count"], told["before"], told["after"]) == (2, people, round(exact + 30))
    write_update(change)
    kept = read_district(workspace)
    assert [f.params["after"] for f in kept.findings if "households" in f.code] == [
        round(exact + 30)
    ]
    assert kept.communities["households"].tolist() == [20, 30]
    # a second file is held against the residents that the households are of; so is the first again
    newer.loc[newer.index[0], "population"] += 5
    write_update(read_update(workspace, "demand", newer, "replace"))
    again = [f.params for f in read_district(workspace).findings if "households" in f.code]
    assert [(each["before"], each["after"]) for each in again] == [(people, round(exact + 35))]
    newer["population"] = before.demand["population"].to_numpy()
    write_update(read_update(workspace, "demand", newer, "replace"))
    assert not [f for f in read_district(workspace).findings if "households" in f.code]


def test_homes_follow_boundaries_that_move(workspace):
    areas = read_district(workspace).communities[["community_id", "name", "geometry"]]
    areas["geometry"] = [
        shapely.box(X - 50, Y - 50, X + 100, Y + 50),
        shapely.box(X + 100, Y - 50, X + 450, Y + 50),
    ]
    change = read_update(workspace, "communities", areas, "replace")
    assert change.written == ("communities", "demand")
    assert change.after.demand["community_id"].tolist() == ["036000000001"] + ["036000000002"] * 2
    told = {finding.code: finding.params for finding in change.findings}
    assert told["update.homes_moved"] == {"count": 1, "amount": 50, "outside": 0}
    # what was counted inside the old boundary is not known of the new one
    assert change.kept == {"subdistrict": 2}
    assert "population" not in change.after.communities
    assert told["update.counts_of_old_ground"]["columns"] == "population (1)"
    redrawn = told["update.redrawn"]
    assert redrawn["communities"] == ["036000000001", "036000000002"]
    assert redrawn["count"] == 2 + len(redrawn["subdistricts"]) + redrawn["district"]


@pytest.mark.long
def test_communities_that_are_merged_take_their_homes_along(workspace):
    before = read_district(workspace)
    whole = before.communities.geometry.union_all().envelope
    merged = gpd.GeoDataFrame(
        {"community_id": ["036000000009"], "name": ["Both"]}, geometry=[whole], crs=before.crs
    )
    change = read_update(workspace, "communities", merged, "replace")
    assert set(change.after.demand["community_id"]) == {"036000000009"}
    told = {finding.code: finding.params for finding in change.findings}
    assert told["update.homes_moved"]["count"] == len(before.demand)
    write_update(change)
    assert read_district(workspace).communities["name"].tolist() == ["Both"]


@pytest.mark.long
def test_streets_gates_and_barriers(tmp_path):
    workspace = planner.write_district(town(), tmp_path / "town.gpkg")
    longer = gpd.GeoDataFrame(
        {"highway": ["residential", "footway"]},
        geometry=[
            shapely.LineString([(EAST, NORTH), (EAST + 1000, NORTH)]),
            shapely.LineString([(EAST + 500, NORTH), (EAST + 500, NORTH + 300)]),
        ],
        crs="EPSG:32650",
    )
    change = read_update(workspace, "streets", longer, "replace")
    assert change.counts()["new"] == 1
    assert "sources.unjoined" in [finding.code for finding in change.after.findings]
    joined = read_update(workspace, "streets", longer, "replace", join_streets=True)
    assert len(joined.after.streets) == 3
    write_update(joined)  # and from then on without being asked
    kept = read_update(workspace, "streets", longer, "replace").after
    assert "sources.unjoined" not in [finding.code for finding in kept.findings]
    assert len(kept.streets) == 3
    gates = gpd.GeoDataFrame(
        {"open": ["开放"]}, geometry=[shapely.Point(EAST, NORTH)], crs="EPSG:32650"
    )
    write_update(read_update(workspace, "gates", gates, "append"))
    assert read_district(workspace).gates["open"].tolist() == [True]
    assert read_update(workspace, "gates", gates, "append").changes_nothing


def test_what_cannot_be_updated(workspace):
    for layer, mode, code in (
        ("context", "replace", "update.unknown_layer"),
        ("facilities", "merge", "update.unknown_mode"),
    ):
        with pytest.raises(InputError) as error:
            read_update(workspace, layer, listed(), mode)
        assert error.value.code == code


# ---- facilities added by hand or by the joint plan, which the list brings under another name

HALL = {"name": "新体育馆", "kind": "sports", "x": X + 150.0, "y": Y + 5.0, "capacity": 40.0}


def with_hall(workspace, **more):
    """Add a hall by hand, under a working title; return its id."""
    step = add(read_district(workspace), {**HALL, **more}, AT)
    kept = read_corrections(workspace)
    change_corrections(workspace, kept.sign, lambda k: Corrections(k.steps, crs=CRS).do(step))
    return step.facility_id


def with_row(name="滨江体育馆", kind="sports", away=60.0, **more):
    """Return the list as it was, and a row so many metres from the hall."""
    row = facilities([name], [kind], [(150 + away, 5)], **more)
    return pd.concat([facilities(), row], ignore_index=True)


def halls(workspace):
    """Return name and capacity of each sports ground of a workspace."""
    found = read_district(workspace).facilities
    return found.loc[found["kind"] == "sports", ["name", "capacity"]].to_numpy().tolist()


@pytest.mark.long(but=1)
@pytest.mark.parametrize("mode", few(["append", "replace"], 1))
def test_one_added_by_hand_is_asked_of_whatever_the_list_calls_it(workspace, mode):
    own = with_hall(workspace)
    table = with_row(capacity=25.0)
    change = read_update(workspace, "facilities", table, mode)
    assert change.undecided[["row", "why", "others"]].to_numpy().tolist() == [["7", "added", own]]
    assert (change.names[own], change.added) == ("新体育馆", (own,))
    with pytest.raises(InputError) as error:
        write_update(change)
    assert error.value.code == "update.undecided"
    assert halls(workspace) == [["新体育馆", 40.0]]

    def decided(**said):
        copy = workspace.with_name(f"{'-'.join(said)}.gpkg")
        copy.write_bytes(workspace.read_bytes())
        kept = read_corrections(workspace)
        change_corrections(copy, "", lambda _: kept)
        change = read_update(copy, "facilities", table, mode, **said)
        sports = {f.name: (f.before, f.after) for f in change.figures}["sports"]
        write_update(change)
        return copy, sports, halls(copy), {finding.code for finding in change.findings}

    kept, sports, found, told = decided(same={"7": own})
    assert (sports, found) == ((1.0, 1.0), [["新体育馆", 40.0]])
    assert "update.corrections_listed" in told
    both, sports, found, _ = decided(same={"7": ""}, apart=False)
    assert sports == (1.0, 2.0)
    assert sorted(found) == [["新体育馆", 40.0], ["滨江体育馆", 25.0]]
    listed_, sports, found, told = decided(as_listed={"7": own})
    assert (sports, found) == ((1.0, 1.0), [["滨江体育馆", 25.0]])
    assert "update.corrections_as_listed" in told
    # once it is decided nobody is asked again, and the list goes on to hold it
    for copy, count in ((kept, 1), (both, 2), (listed_, 1)):
        again = read_update(copy, "facilities", table, mode)
        assert again.to_decide == 0
        assert len(halls(copy)) == count
    # taken back, what was entered by hand holds again; and the other answer can be given
    undo_update(listed_)
    assert halls(listed_) == [["新体育馆", 40.0]]
    write_update(read_update(listed_, "facilities", table, mode, same={"7": own}))
    assert halls(listed_) == [["新体育馆", 40.0]]


def dropped(workspace, **said):
    """Take a list that has the hall, as said, then one that has it no more; return what it told."""
    write_update(read_update(workspace, "facilities", with_row(), "replace", **said))
    change = read_update(workspace, "facilities", facilities(), "replace", complete=["sports"])
    write_update(change)
    return change


def codes_of(change):
    return {finding.code for finding in change.findings}


@pytest.mark.long
def test_one_that_the_list_was_believed_of_goes_with_the_list(workspace):
    own = with_hall(workspace)
    change = dropped(workspace, as_listed={"7": own})
    assert halls(workspace) == [], "it does not come back as it was entered"
    assert {f.name: (f.before, f.after) for f in change.figures}["sports"] == (1.0, 0.0)
    assert change.gone["facility_id"].tolist() == [own]
    assert change.corrections.set_index("id")["state"][own] == "gone"
    assert "update.corrections_gone" in codes_of(change)
    # taken back, the list has it again, as it says; and once more it goes
    undo_update(workspace)
    assert [name for name, _ in halls(workspace)] == ["滨江体育馆"]
    write_update(read_update(workspace, "facilities", facilities(), "replace", complete=["sports"]))
    assert halls(workspace) == []
    # a later list that has it again has a facility like any other
    again = read_update(workspace, "facilities", with_row(), "replace")
    assert again.to_decide == 0
    assert own not in set(again.corrections["id"])
    write_update(again)
    assert [name for name, _ in halls(workspace)] == ["滨江体育馆"]
    kept = read_corrections(workspace)
    assert Corrections.from_json(kept.to_json()) == kept


@pytest.mark.long
def test_one_whose_entry_goes_before_the_list_stays_and_is_told(workspace):
    own = with_hall(workspace)
    change = dropped(workspace, same={"7": own})
    assert halls(workspace) == [["新体育馆", 40.0]]
    assert change.gone.empty, "what counts on is not said to be gone"
    assert not change.changes_nothing
    assert change.corrections.set_index("id")["state"][own] == "unlisted"
    assert severity("update.corrections_unlisted") == "harmful"
    assert "update.corrections_unlisted" in codes_of(change)


@pytest.mark.long
@pytest.mark.parametrize("how", ["same", "as_listed"])
def test_one_removed_by_hand_that_the_list_drops_is_done(workspace, how):
    own = with_hall(workspace)
    write_update(read_update(workspace, "facilities", with_row(), "replace", **{how: {"7": own}}))
    step = remove(read_district(workspace), own, AT)
    kept = read_corrections(workspace)
    change_corrections(workspace, kept.sign, lambda k: k.do(step))
    change = read_update(workspace, "facilities", facilities(), "replace", complete=["sports"])
    assert change.corrections.set_index("id")["state"][own] == "done"
    write_update(change)
    assert halls(workspace) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("row", "asked"),
    [
        ({"away": 99.0}, True),
        ({"away": 101.0}, False),
        ({"kind": "canteen"}, False),
        ({"name": "", "away": 60.0}, True),
    ],
)
def test_by_kind_and_place_alone_one_added_is_asked_of(workspace, row, asked):
    with_hall(workspace)
    change = read_update(workspace, "facilities", with_row(**row), "append")
    assert change.undecided["why"].tolist() == ["added"] * asked
    assert change.to_decide == asked


@pytest.mark.long
def test_all_rows_by_one_that_was_added_are_asked_of(workspace):
    own = with_hall(workspace, name="")
    table = pd.concat(
        [with_row("甲馆", away=-50.0), facilities(["乙馆"], ["sports"], [(215, 5)])],
        ignore_index=True,
    )
    change = read_update(workspace, "facilities", table, "append")
    assert change.undecided["row"].tolist() == ["7", "8"]
    one = read_update(workspace, "facilities", table, "append", as_listed={"8": own})
    assert one.to_decide == 0, "the hall is found: the other row is a new one"
    assert {f.name: f.after for f in one.figures}["sports"] == 2.0
    other = read_update(workspace, "facilities", table, "append", same={"7": ""})
    assert other.undecided["row"].tolist() == ["8"]
    assert read_update(workspace, "facilities", table, "append", apart=True).to_decide == 0


@pytest.mark.long
def test_several_kinds_of_one_row_are_decided_each(workspace, tmp_path):
    sports = with_hall(workspace)
    clinic = with_hall(workspace, kind="clinic", name="新诊所", x=X + 160.0)
    file = tmp_path / "list.csv"
    file.write_text(f"name,kind,x,y\n滨江中心,sports、clinic,{X + 210},{Y + 45}\n")
    told = {"crs": CRS}
    change = read_update(workspace, "facilities", file, "append", **told)
    found = change.undecided[["row", "others"]].to_numpy().tolist()
    assert found == [["2/sports", sports], ["2/clinic", clinic]]
    with pytest.raises(InputError) as error:
        read_update(workspace, "facilities", file, "append", same={"2": sports}, **told)
    assert error.value.code == "update.said_of_several"
    said = {"same": {"2/clinic": clinic}, "as_listed": {"2/sports": sports}}
    write_update(read_update(workspace, "facilities", file, "append", **said, **told))
    after = read_district(workspace).facilities.set_index("facility_id")["name"]
    assert (after[sports], after[clinic]) == ("滨江中心", "新诊所")
    assert len(after) == len(NAMES) + 2


def test_the_list_goes_before_only_what_was_added_by_hand(workspace):
    own = with_hall(workspace)
    for said, code in (
        ({"as_listed": {"7": "f1"}}, "not_added"),
        ({"as_listed": {"7": own}, "same": {"7": ""}}, "said_twice"),
    ):
        with pytest.raises(InputError) as error:
            read_update(workspace, "facilities", with_row(), "append", **said)
        assert error.value.code == f"update.{code}"


# ---- facilities of several kinds in one house, which bear the name of the house

HOUSE = "春风诊所"
"""A clinic of the workspace; canteens are of a kind that it has no data of."""


def in_house(name=HOUSE, kind="canteen", place=(0, 5), **more):
    """Return a list of one facility in the house of another."""
    return facilities([name], [kind], [place], **more)


def held(workspace, *kinds):
    """Return how many facilities of each kind count, None where there is no data."""
    found = read_district(workspace)
    count = found.open_facilities()["kind"].value_counts()
    return [int(count.get(kind, 0)) if found.has_data(kind) else None for kind in kinds]


@pytest.mark.long
@pytest.mark.parametrize("ids", [{}, {"facility_id": ["L1"]}, {"facility_id": ["f1"]}])
def test_another_kind_in_a_house_is_no_row_that_is_there(workspace, ids):
    assert held(workspace, "clinic", "canteen") == [3, None]
    change = read_update(workspace, "facilities", in_house(**ids), "append")
    assert change.counts() == {"new": 1, "gone": 0, "changed": 0, "unchanged": 0, "undecided": 0}
    assert {f.name: (f.before, f.after) for f in change.figures}["canteen"] == (0.0, 1.0)
    write_update(change)
    assert held(workspace, "clinic", "canteen") == [3, 1]
    again = read_update(workspace, "facilities", in_house(**ids), "append")
    assert (again.counts()["new"], again.changes_nothing) == (0, True)


@pytest.mark.long
def test_a_list_that_replaces_has_both_kinds_of_a_house(workspace):
    table = pd.concat([facilities(), in_house()], ignore_index=True)
    change = read_update(workspace, "facilities", table, "replace")
    assert change.counts() == {"new": 1, "gone": 0, "changed": 0, "unchanged": 6, "undecided": 0}
    # a clinic that is gone from its house is gone, whatever else moves in
    change = read_update(workspace, "facilities", table.drop(index=[0]), "replace")
    assert change.gone["facility_id"].tolist() == ["f1"]
    assert change.new[["name", "kind"]].to_numpy().tolist() == [[HOUSE, "canteen"]]
    write_update(change)
    assert held(workspace, "clinic", "canteen") == [2, 1]


@pytest.mark.long
@pytest.mark.parametrize("mode", few(["append", "replace"], 1))
def test_another_kind_is_not_the_one_added_by_hand_under_its_name(workspace, mode):
    own = with_hall(workspace)
    change = read_update(workspace, "facilities", with_row("新体育馆", "canteen", away=0.0), mode)
    assert (change.counts()["new"], change.to_decide) == (1, 0)
    assert own not in set(change.new["id"])
    assert change.corrections["state"].tolist() == ["kept"]
    figures = {f.name: (f.before, f.after) for f in change.figures}
    assert (figures["sports"], figures["canteen"]) == ((1.0, 1.0), (0.0, 1.0))
    assert "update.corrections_listed" not in {finding.code for finding in change.findings}
    write_update(change)
    assert held(workspace, "sports", "canteen") == [1, 1]


@pytest.mark.long
@pytest.mark.parametrize(
    ("mode", "away"), few([("append", 0), ("append", 60), ("replace", 0), ("replace", 60)], 2)
)
def test_one_added_by_hand_is_found_beside_another_kind_of_its_name(workspace, mode, away):
    own = with_hall(workspace)
    house = with_row("新体育馆", "canteen", away=0.0)
    table = pd.concat([house, facilities(["滨江体育馆"], ["sports"], [(150 + away, 5)])])
    change = read_update(workspace, "facilities", table, mode)
    asked = [["8", "added", own]] if away else []
    assert change.undecided[["row", "why", "others"]].to_numpy().tolist() == asked
    assert {f.name: f.after for f in change.figures}["sports"] == (2.0 if away else 1.0)
    write_update(read_update(workspace, "facilities", table, mode, as_listed={"8": own}))
    assert held(workspace, "sports", "canteen") == [1, 1]
    assert halls(workspace)[0][0] == "滨江体育馆"


@pytest.mark.long
@pytest.mark.parametrize("mode", few(["append", "replace"], 1))
def test_two_kinds_added_by_hand_in_one_house_are_each_its_own_row(workspace, mode):
    sports, canteen = with_hall(workspace), with_hall(workspace, kind="canteen")
    house = facilities(["新体育馆"] * 2, ["canteen", "sports"], [(150, 5)] * 2)
    table = pd.concat([facilities(), house], ignore_index=True)
    change = read_update(workspace, "facilities", table, mode)
    found = change.new.set_index("kind")["id"].to_dict()
    assert (found, change.to_decide) == ({"canteen": canteen, "sports": sports}, 0)
    write_update(change)
    assert held(workspace, "sports", "canteen") == [1, 1]


@pytest.mark.long
def test_an_id_that_is_kept_may_tell_of_another_kind(workspace):
    ids = [f"f{n}" for n in range(1, 7)]
    table = facilities(kinds=["canteen", *KINDS[1:]], facility_id=ids)
    # what is added leaves the clinic a clinic, so nothing is known of canteens, all or none
    for complete in ((), ("canteen",)):
        change = read_update(workspace, "facilities", table, "append", complete=complete)
        assert change.counts()["changed"] == 1
        assert change.matched.set_index("id")["how"]["f1"] == "id"
        told = {finding.code: finding.params for finding in change.findings}
        assert told["update.kinds_passed"] | {"file": ""} == {
            "file": "",
            "kinds": "canteen",
            "count": 1,
        }
        assert not change.after.has_data("canteen")
        assert change.changes_nothing
    change = read_update(workspace, "facilities", table, "append", same={"1": ""})
    assert change.after.data_state("canteen") == "listed"
    assert change.counts()["new"] == 1
    write_update(read_update(workspace, "facilities", table, "replace"))
    assert held(workspace, "clinic", "canteen") == [2, 1]


@pytest.mark.long
@pytest.mark.parametrize("listed_before", [False, True])
def test_an_id_of_another_kind_than_was_entered_is_asked_of(workspace, listed_before):
    own = with_hall(workspace)
    ids, every = [f"f{n}" for n in range(1, 7)] + [own], {"keep_other_kinds": False}
    if listed_before:
        table = with_row("新体育馆", away=0.0, facility_id=[""]).assign(facility_id=ids)
        write_update(read_update(workspace, "facilities", table, "replace"))
    table = with_row("新体育馆", "canteen", away=0.0).assign(facility_id=ids)
    change = read_update(workspace, "facilities", table, "replace", **every)
    assert change.undecided[["row", "why", "others"]].to_numpy().tolist() == [
        ["7", "other_kind", own]
    ]
    assert change.added == (own,)
    # what was entered would leave the list's canteen out of all kinds
    with pytest.raises(InputError) as error:
        read_update(workspace, "facilities", table, "replace", **every, same={"7": own})
    assert error.value.code == "update.other_kind"
    both = read_update(workspace, "facilities", table, "replace", **every, same={"7": ""})
    assert {f.name: f.after for f in both.figures}["canteen"] == 1.0
    change = read_update(workspace, "facilities", table, "replace", **every, as_listed={"7": own})
    assert change.corrections["state"].tolist() == ["as_listed"]
    write_update(change)
    assert held(workspace, "canteen") == [1]
    assert halls(workspace) == []
    assert read_update(workspace, "facilities", table, "replace", **every).to_decide == 0
