"""The Data page without a browser: layers, corrections with undo, rights, downloads."""

import ast
import io
import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import streamlit as st
from shapely import Point
from streamlit.testing.v1 import AppTest
from towns import EAST, NORTH, town

import planner
from planner import demo_district, write_district
from planner.analysis.misplaced import misplaced
from planner.app.pages.data import facilities as facilities_page
from planner.app.pages.data import layers as layers_page
from planner.app.pages.data import moving
from planner.app.pages.data.corrections import CHOSEN
from planner.app.pages.data.layers import layer_of
from planner.app.session.answers import assessments
from planner.app.session.catalogue import catalogue
from planner.app.widgets.map_view import Pick
from planner.district import LAYERS, Source
from planner.errors import Finding, messages
from planner.sources.corrections import (
    OtherCorrectionsError,
    corrections_file,
    read_corrections,
)
from planner.views.exports.layers import FORMATS, layer_file, template_file
from planner.views.maps.parts.layers import layer_group
from planner.views.words.labels import Labels


@pytest.fixture
def own(tmp_path):
    """A folder of its own for what a test changes."""
    folder = tmp_path / "own"
    write_district(town(), folder / "town.gpkg")
    return folder


@pytest.fixture
def opened(open_app, own):
    def page(part: str, **more: str) -> AppTest:
        return open_app(
            "data", own, **{"district": "town.gpkg", "part": part, "lang": "en", **more}
        )

    return page


def field(app: AppTest, kind: str, name: str):
    return next(each for each in getattr(app, kind) if each.key and each.key.endswith(f"-{name}"))


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def facilities(own) -> pd.DataFrame:
    from planner import read_district

    return read_district(own / "town.gpkg").facilities.set_index("facility_id")


@pytest.mark.long
def test_layers_tell_their_findings_and_first_rows(opened):
    app = opened("layers", layer="facilities")
    assert not app.exception
    table = app.dataframe[0].value.set_index("layer")
    assert table.loc["Facilities", ["rows", "crs", "findings"]].tolist() == [2, "EPSG:32650", 3]
    assert list(app.dataframe[1].value["name"]) == ["Clinic", "Canteen"]
    assert any("2 of 2 facilities have no" in text.value for text in app.markdown)


REFUSED = {
    "osm.not_osm",
    "osm.truncated",
    "sources.archive_empty",
    "sources.archive_several",
    "sources.changed_meanwhile",
    "sources.unknown_finding",
}
"""Codes that are raised by way of a name, and one that tells of any layer."""


def codes_told() -> set[str]:
    """Codes of sources and corrections that stand in the code otherwise than as errors."""
    rooms = [Path(planner.__file__).parent / room for room in ("sources", "district")]
    strings: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for file in (each for room in rooms for each in room.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings[node.value] += 1
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error"):
                refused.update(
                    each.value
                    for each in ast.walk(node.args[0])
                    if node.args and isinstance(each, ast.Constant)
                )
    known = [code for code in messages() if not code.startswith(("osm.progress_", "tiles."))]
    return {code for code in known if strings[code] > refused[code]}


@pytest.mark.long
def test_each_finding_belongs_to_a_layer_or_to_the_layer_of_its_file():
    source = Source("demand", "people.csv", "")
    here = replace(town(), sources=(source, Source("streets", "a.gpkg", "")))
    of_a_file = {"sources.decoded", "sources.mended", "sources.points_of_areas"}
    of_a_file |= {"sources.xy_degrees", "sources.unknown_shift", "sources.left_out_far"}
    of_a_file |= {"sources.lines_left_out_far"}
    rooms = ("osm.", "sources.", "corrections.")
    told = {code for code in codes_told() if code.startswith(rooms)}
    assert {"osm.tracks_crossed", "sources.hanging_streets", "osm.cycleways_unclear"} <= told
    for code in told - REFUSED:
        found = layer_of(Finding(code, {"file": "people.csv"}), here)
        assert found, code
        assert (found == "demand") >= (code in of_a_file), code
        if code in of_a_file:
            assert layer_of(Finding(code, {"file": "other.csv"}), here) == ""


@pytest.mark.long
def test_a_correction_is_kept_shown_undone_and_made_again(opened, own):
    app = opened("correct", fixing="f1")
    assert not app.exception
    field(app, "text_input", "opening_hours").set_value("Mo-Fr 08:00-18:00")
    field(app, "number_input", "capacity").set_value(40.0)
    app = press(app, "Save")
    assert not app.exception
    assert not app.warning
    assert facilities(own).loc["f1", ["opening_hours", "capacity"]].tolist() == [
        "Mo-Fr 08:00-18:00",
        40.0,
    ]
    assert any(
        "Capacity (people a day): – → 40" in text.value.replace("\\", "") for text in app.markdown
    )
    app = press(app, "Undo")
    assert facilities(own).loc["f1", "opening_hours"] == ""
    app = press(app, "Redo")
    assert facilities(own).loc["f1", "capacity"] == 40.0


@pytest.mark.long
def test_hours_that_cannot_be_read_and_places_far_away_are_refused(opened, own):
    app = opened("correct", fixing="f1")
    field(app, "text_input", "opening_hours").set_value("by day")
    app = press(app, "Save")
    assert "by day" in app.warning[0].value
    app = opened("correct", fixing="f1")
    field(app, "number_input", "lat").set_value(50.0)
    app = press(app, "Save")
    assert "km from the streets" in app.warning[0].value
    assert not corrections_file(own / "town.gpkg").exists()


@pytest.mark.long
def test_a_facility_is_removed(opened, own):
    app = press(opened("correct", fixing="f2"), "Remove")
    assert not app.exception
    assert list(facilities(own).index) == ["f1"]
    assert [step.do for step in read_corrections(own / "town.gpkg").steps] == ["remove"]


@pytest.fixture
def two_windows(opened, own):
    """Return a window that named a facility after another window had named it."""

    def made(theirs: str = "f1") -> AppTest:
        app, other = opened("correct", fixing="f1"), opened("correct", fixing=theirs)
        field(other, "text_input", "name").set_value("Theirs")
        press(other, "Save")
        field(app, "text_input", "name").set_value("Mine")
        return press(app, "Save")

    return made


def names(own) -> list[str]:
    return facilities(own)["name"].tolist()


def ways(app: AppTest) -> list[str]:
    return [b.key.removeprefix("data_conflict_") for b in app.button if "conflict" in str(b.key)]


@pytest.mark.long
def test_who_corrected_meanwhile_is_not_overwritten_and_both_are_shown(two_windows, own):
    app = two_windows()
    assert "Nothing was overwritten" in app.warning[0].value
    assert names(own) == ["Theirs", "Canteen"]
    assert ways(app) == ["theirs", "both", "mine"]
    told = "".join(text.value for text in app.markdown)
    assert "Clinic → Mine" in told
    assert "Clinic → Theirs" in told


@pytest.mark.long
def test_the_other_windows_correction_can_stay(two_windows, own):
    app = press(two_windows(), "Leave it at the other window's")
    assert not ways(app)
    assert names(own) == ["Theirs", "Canteen"]


@pytest.mark.long
def test_both_corrections_can_be_kept_one_after_the_other(two_windows, own):
    app = press(two_windows(), "Keep both: do mine after theirs")
    assert not ways(app)
    assert not app.warning
    assert names(own) == ["Mine", "Canteen"]
    steps = read_corrections(own / "town.gpkg").steps
    assert [dict(step.old)["name"] for step in steps] == ["Clinic", "Theirs"]
    press(app, "Undo")
    assert names(own) == ["Theirs", "Canteen"]


def test_corrections_of_two_facilities_are_joined(two_windows, own):
    press(two_windows(theirs="f2"), "Keep both: do mine after theirs")
    assert names(own) == ["Mine", "Theirs"]


@pytest.mark.long
def test_ones_own_correction_can_take_the_place_of_the_others(two_windows, own):
    press(two_windows(theirs="f2"), "Put mine in the place of theirs")
    assert names(own) == ["Mine", "Canteen"]


@pytest.mark.long
def test_who_settles_after_a_third_window_sees_that_too(two_windows, opened, own):
    app = two_windows()
    third = opened("correct", fixing="f2")
    field(third, "text_input", "name").set_value("Third")
    press(third, "Save")
    app = press(app, "Put mine in the place of theirs")
    assert names(own) == ["Theirs", "Third"]
    assert ways(app) == ["theirs", "both", "mine"]
    press(app, "Keep both: do mine after theirs")
    assert names(own) == ["Mine", "Third"]


@pytest.mark.long
def test_what_is_taken_back_in_two_windows(opened, own):
    first = opened("correct", fixing="f1")
    field(first, "text_input", "name").set_value("Theirs")
    press(first, "Save")
    app = opened("correct", fixing="f1")
    press(opened("correct", fixing="f2"), "Remove")
    app = press(app, "Undo")
    assert names(own) == ["Theirs"], "nobody else's step is taken back"
    assert ways(app) == ["theirs", "mine"]
    press(app, "Put mine in the place of theirs")
    assert names(own) == ["Clinic", "Canteen"]


def test_a_kind_said_to_be_complete_in_two_windows(opened, own):
    write_district(replace(town(), records={}), own / "town.gpkg")
    app = opened("kinds")
    press(opened("correct", fixing="f2"), "Remove")
    app.multiselect[0].select("library").run()
    # the page was drawn anew for the choice and shows what the other window did
    press(app, "All are listed")
    assert [s.do for s in read_corrections(own / "town.gpkg").steps] == ["remove", "complete"]


def test_a_district_is_not_kept_under_the_sign_of_other_corrections(opened, own):
    """The corrections change between the list of districts and the reading of one."""
    opened("correct", fixing="f1")
    found = catalogue(own)["town.gpkg"]
    app = opened("correct", fixing="f2")
    press(app, "Remove")
    now = catalogue(own)["town.gpkg"]
    with pytest.raises(OtherCorrectionsError):
        assessments.district(replace(now, corrections="0" * 16))
    assert len(assessments.district(found).facilities) == 2
    assert len(assessments.district(now).facilities) == 1


def test_a_facility_off_the_street_moves_to_it(opened, own):
    table = town().facilities.copy()
    table.loc[table["facility_id"] == "f2", "geometry"] = table.geometry.translate(400, 180)
    write_district(town().with_layers(facilities=table), own / "town.gpkg")
    app = press(opened("correct"), "Move to nearest street")
    assert not app.exception
    moved = facilities(own).loc["f2"].geometry
    assert (moved.x, moved.y) == (EAST + 400, NORTH)
    assert any("stands by a street" in text.value for text in app.success)


OUTSIDE = (EAST + 500.0, NORTH - 2_000.0)


def test_a_place_outside_the_district_is_looked_at_before_a_move(opened, own):
    app = opened("correct", fixing="f1", hand="move")
    there = moving.PendingMove(catalogue(own)["town.gpkg"], "f1", *OUTSIDE)
    before = facilities(own).loc["f1"].geometry
    app.session_state["planner_pending_move"] = there
    app.run()
    assert not app.exception
    metres = math.ceil(before.distance(Point(*OUTSIDE)))
    told = next(text.value for text in app.markdown if "would move" in text.value)
    assert f"{metres:,} m" in told
    assert "30 today, 0 then" in told
    assert "The place lies outside the district's boundary" in told
    assert read_corrections(own / "town.gpkg").steps == ()
    press(app, "Leave it where it is")
    assert not any("would move" in text.value for text in app.markdown)
    app.session_state["planner_pending_move"] = there
    press(app.run(), "Move it here")
    moved = facilities(own).loc["f1"].geometry
    assert (moved.x, moved.y) == OUTSIDE
    assert [step.do for step in read_corrections(own / "town.gpkg").steps] == ["edit"]


def test_a_place_that_is_clicked_is_where_the_chosen_facility_moves(monkeypatch):
    told, chosen = [], {CHOSEN: "f1"}
    monkeypatch.setattr(facilities_page.moving, "move", lambda *given: told.append(given[2:]))
    monkeypatch.setattr(facilities_page.choices, "choices", lambda: chosen)
    facilities_page._picked(None, None, "pick", "", Pick("place", "", 5.0, 6.0, 1.0))
    assert told == [("f1", 5.0, 6.0)]
    facilities_page._picked(None, None, "pick", "", Pick("facility", "f2", 7.0, 8.0, 1.0))
    assert chosen[CHOSEN] == "f2"
    assert len(told) == 1  # another one is chosen, and nothing is to move


def test_a_correction_is_told_with_its_undo_above_the_map(opened, own, monkeypatch):
    real = facilities_page.map_view.show
    at: list[Pick] = []

    def show(context, panes, *, on_pick, **given):
        if at:
            on_pick(at.pop())
            st.rerun()
        real(context, panes, on_pick=on_pick, **given)

    monkeypatch.setattr(facilities_page.map_view, "show", show)
    app = opened("correct", fixing="f1")
    at.append(Pick("place", "", EAST + 500.0, NORTH + 10.0, 1.0))
    app.run()
    assert not app.exception
    moved = facilities(own).loc["f1"].geometry
    assert (moved.x, moved.y) == (EAST + 500.0, NORTH + 10.0)
    (told,) = [each.value for each in app.markdown if "Corrected in town" in each.value]
    # homes of ten each, 10 m from the street: those at 50 to 250 m before, at 250 to 750 m now
    assert "30 before, 60 now" in told
    app.button(key="correct_made_undo").click().run()
    assert read_corrections(own / "town.gpkg").steps == ()
    (told,) = [each.value for each in app.markdown if "Taken back in town" in each.value]
    assert "before" not in told
    app.button(key="correct_made_redo").click().run()
    assert len(read_corrections(own / "town.gpkg").steps) == 1
    assert app.button(key="correct_made_undo")


@pytest.mark.long
def test_a_facility_of_the_layers_map_is_clicked_to_be_corrected(opened, monkeypatch):
    made = {}
    monkeypatch.setattr(layers_page.choices, "choices", lambda: made)
    layers_page._correct(Pick("place", "", 5.0, 6.0, 1.0))
    assert made == {}
    layers_page._correct(Pick("facility", "f2", 7.0, 8.0, 1.0))
    assert made == {"part": "correct", CHOSEN: "f2"}
    shapes = layer_group(town(), "facilities", "Facilities")._children.values()
    assert all('["facility",' in each.arguments.replace(", ", ",") for each in shapes)


@pytest.mark.long
def test_services_are_chosen_in_words_and_kept_as_they_are_written(opened, own):
    table = town().facilities.copy()
    table["services"] = "meals; medical_care"
    write_district(town().with_layers(facilities=table), own / "town.gpkg")
    app = opened("correct", fixing="f1", lang="zh")
    box = field(app, "multiselect", "services")
    assert set(box.options) == {"助餐", Labels("zh").service("medical_care")}
    press(app, Labels("zh").message("app_data.save"))
    assert facilities(own).loc["f1", "services"] == "meals; medical_care"
    app = opened("correct", fixing="f1", lang="zh")
    field(app, "multiselect", "services").set_value(["meals"])
    press(app, Labels("zh").message("app_data.save"))
    assert facilities(own).loc["f1", "services"] == "meals"
    assert any("助餐" in text.value for text in app.markdown)  # among the steps


def test_misplaced_facilities_worst_first():
    here = town()
    assert misplaced(here).empty
    table = here.facilities.copy()
    table["geometry"] = gpd.points_from_xy([EAST + 500, EAST + 10], [NORTH + 150, NORTH + 9_000])
    found = misplaced(here.with_layers(facilities=table))
    assert found["problem"].tolist() == ["unreachable", "far"]
    assert found["street_m"].round(1).tolist()[1] == 150.0
    assert found["x"].isna().tolist() == [True, False]


@pytest.mark.long
def test_the_first_correction_of_the_demo_is_made_in_a_copy(small_demo, opened, own):
    app = opened("correct", district="demo")
    ours = next(each for each in demo_district().facilities.itertuples() if each.kind == "clinic")
    there = moving.PendingMove(catalogue(own)["demo"], ours.facility_id, *_beside(ours))
    app.session_state["planner_pending_move"] = there
    app.session_state["planner_choices"]["fixing"] = ours.facility_id
    app = press(app.run(), "Move it here")
    assert not app.exception
    assert app.selectbox(key="pick_district").value == "demo-copy.gpkg"
    told = [text.value.replace("\\", "") for text in app.success]
    assert any("in a copy of it, demo-copy, which" in text for text in told)
    assert any("Corrected in demo-copy:" in text.value.replace("\\", "") for text in app.markdown)
    (step,) = read_corrections(own / "demo-copy.gpkg").steps
    assert (step.do, step.facility_id) == ("edit", ours.facility_id)

    # the demo again: it goes on in the copy that is there
    app.selectbox(key="pick_district").select("demo").run()
    assert any("your copy of it, demo-copy" in each.value.replace("\\", "") for each in app.info)
    app.session_state["planner_choices"]["fixing"] = ours.facility_id
    press(app.run(), "Remove")
    assert not app.exception
    assert app.selectbox(key="pick_district").value == "demo-copy.gpkg"
    assert not (own / "demo-copy-2.gpkg").exists()
    assert [each.do for each in read_corrections(own / "demo-copy.gpkg").steps] == [
        "edit",
        "remove",
    ]
    told = [text.value for text in app.success]
    assert any("had 1 correction before" in text for text in told)
    app.button(key="correct_made_undo").click().run()
    assert [each.do for each in read_corrections(own / "demo-copy.gpkg").steps] == ["edit"]


def _beside(facility) -> tuple[float, float]:
    return facility.geometry.x + 40.0, facility.geometry.y


@pytest.mark.long
def test_the_demo_is_copied_not_corrected(small_demo, opened, own):
    app = opened("correct", district="demo")
    assert "makes a copy of it" in app.info[0].value
    app = press(app, "Copy the demo district")
    assert not app.exception
    assert (own / "demo-copy.gpkg").is_file()
    assert app.selectbox(key="pick_district").value == "demo-copy.gpkg"
    assert [path.name for path in own.iterdir() if path.name.startswith(".")] == []


@pytest.mark.long
def test_who_may_only_look_sees_no_way_to_change(opened, monkeypatch):
    monkeypatch.setenv("PLANNER_UPLOADS", "off")
    for part in ("correct", "add"):
        app = opened(part, fixing="f1")
        assert "You may look" in app.info[0].value
        assert not [button for button in app.button if button.label == "Save"]
        assert not app.get("file_uploader")


@pytest.mark.long
def test_everything_can_be_taken_away_and_an_empty_layer_only_as_a_form(opened):
    app = opened("take")
    assert not app.exception
    boxes = [box.proto for box in app.get("download_button")]
    keys = {box.id.rpartition("-")[2].removeprefix("download_"): box for box in boxes}
    assert {"workspace", "results"} <= set(keys)
    for layer in LAYERS:
        assert not keys[f"template_{layer}"].disabled
        empty = getattr(town(), layer).empty
        assert {keys[f"{layer}_{kind}"].disabled for kind in FORMATS} == {empty}


@pytest.mark.long
def test_an_unknown_part_of_the_address_is_passed_over(opened):
    app = opened("<script>", layer="none")
    assert not app.exception
    assert not app.error
    assert len(app.dataframe) == 2


def opened_file(content: bytes, folder: Path, **more: str) -> gpd.GeoDataFrame:
    file = folder / "layer.gpkg"
    file.write_bytes(content)
    return gpd.read_file(file, **more)


def test_layers_as_files_with_their_credit(tmp_path):
    here = town()
    csv = pd.read_csv(io.BytesIO(layer_file(here, "facilities", "csv")))
    assert csv["lat"].between(25, 27).all()
    streets = json.loads(layer_file(here, "streets", "geojson"))
    assert streets["attribution"] == "© River Town survey; ODbL-1.0"
    table = pd.read_csv(io.BytesIO(layer_file(here, "streets", "csv")))
    assert table["attribution"].tolist() == ["© River Town survey; ODbL-1.0"]
    assert table["wkt"].str.startswith("LINESTRING").all()
    for layer, rows in (("streets", 1), ("communities", 2), ("facilities", 2)):
        read = opened_file(layer_file(here, layer, "gpkg"), tmp_path, layer=layer)
        assert (len(read), read.crs) == (rows, here.crs)


@pytest.mark.long
def test_forms_have_every_column_and_can_be_read_back(tmp_path):
    from planner.district import LAYERS, builtin_kinds
    from planner.sources import read_facilities

    form = template_file("facilities", town().crs).decode("utf-8-sig")
    header = form.strip().split(",")
    assert header == [*(c.name for c in LAYERS["facilities"].columns), "lon", "lat"]
    row = dict.fromkeys(header, "") | {
        "facility_id": "a", "kind": "clinic", "lon": "115", "lat": "25.8",
    }  # fmt: skip
    filled = tmp_path / "facilities.csv"
    filled.write_text(form.strip() + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    assert read_facilities(filled, builtin_kinds()).table["facility_id"].tolist() == ["a"]
    for layer in ("streets", "communities", "barriers"):
        empty = opened_file(template_file(layer, town().crs), tmp_path)
        assert {c.name for c in LAYERS[layer].columns} <= set(empty.columns)
        assert empty.empty


@pytest.mark.long
def test_kinds_without_data_are_said_to_be_complete_and_taken_back(opened, own):
    write_district(replace(town(), records={}), own / "town.gpkg")
    app = opened("kinds")
    assert not app.exception
    known = app.dataframe[0].value.set_index("Kind of facility")
    assert known.loc["Library or reading room", "Data on the kind"] == "no data"
    assert pd.isna(known.loc["Library or reading room", "Facilities"])
    assert (
        known.loc["Community health station (clinic)", "Data on the kind"]
        == "some or all are listed"
    )
    app.multiselect[0].select("library").select("police_room").run()
    press(app, "All are listed")
    assert not app.exception
    known = app.dataframe[0].value.set_index("Kind of facility")
    assert known.loc["Library or reading room", "Data on the kind"] == "all are listed"
    assert known.loc["Library or reading room", "Facilities"] == 0
    assert [step.do for step in read_corrections(own / "town.gpkg").steps] == ["complete"] * 2
    app = opened("correct")
    assert any("Police room" in text.value for text in app.markdown)
    app.button(key="correct_undo").click().run()
    steps = read_corrections(own / "town.gpkg").steps
    assert [step.new["kind"] for step in steps] == ["library"]
