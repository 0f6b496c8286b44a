"""A district from files on the Data page: steps, words, rows set aside, consent, kept settings."""

import json
import re
import time
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest
from towns import town

from planner import read_district
from planner.app.pages.data.files import drawing, earlier_readings, requests, set_aside
from planner.app.pages.data.files import places as places_step
from planner.app.pages.data.files.requests import _keep
from planner.app.pages.data.files.state import KEY, Given, Said
from planner.app.server.reading import importer, jobs, uploads
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.district import builtin_kinds
from planner.errors import InputError
from planner.sources.tables.kept_mappings import MAPPINGS
from planner.views.tables.set_aside import set_aside_rows
from planner.views.words.labels import Labels


class Sent:
    """What a browser sends."""

    def __init__(self, name: str, content: bytes):
        self.name, self.content = name, content

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def worked_where(request: pytest.FixtureRequest) -> None:
    """Leave the process of its own to the one test that goes all the way."""
    if request.function is not test_files_become_a_district_step_by_step:
        request.getfixturevalue("worked_here")


@pytest.fixture
def given(tmp_path, own) -> Given:
    """The town as a map file of two layers and two tables, one with rows that do not fit."""
    here, folder = town(), uploads.new_folder(own)
    book = tmp_path / "map.gpkg"
    here.communities.to_file(book, layer="社区边界")
    here.streets.to_file(book, layer="道路")
    places = here.facilities.geometry.to_crs(4326)
    words = {"clinic": "卫生服务站", "library": "图书馆"}
    lines = ["设施一览,,,,,", "名称,类别,状态,开放时间,经度(WGS84),纬度(WGS84)"]
    for row, place in zip(here.facilities.itertuples(), places, strict=True):
        word = words.get(row.kind, "咖啡屋")
        lines.append(f"{row.name or '甲'},{word},在用,24小时,{place.x:.7f},{place.y:.7f}")
    lines += [f"乙,咖啡屋,在用,,{places.iloc[0].x:.7f},{places.iloc[0].y:.7f}", "丙,图书馆,在用,,,"]
    homes = here.demand.geometry.to_crs(4326)
    people = ["编号,人口(人),lon_wgs84,lat_wgs84"]
    for row, place in zip(here.demand.itertuples(), homes, strict=True):
        people.append(f"{row.demand_id},{row.population:.0f},{place.x:.7f},{place.y:.7f}")
    sent = [
        Sent("map.gpkg", book.read_bytes()),
        Sent("设施.csv", "\n".join(lines).encode("gb18030")),
        Sent("居民.csv", "\n".join(people).encode()),
    ]
    files = _keep(sent, folder)
    job = jobs.start({"do": "parts", "files": [str(file) for file in files]}, folder)
    return Given(folder, tuple(file.name for file in files), job)


def done(given: Given) -> None:
    end = time.monotonic() + 90
    while given.job.state == "running":
        assert time.monotonic() < end, "the work did not end"
        time.sleep(0.05)
    assert given.job.error is None, given.job.error


@pytest.fixture
def opened(open_app, own, given, monkeypatch):
    def page(lang: str) -> AppTest:
        app = open_app("data", district="demo", part="add", lang=lang)
        monkeypatch.setenv("PLANNER_DATA", str(own))
        done(given)
        app.session_state[KEY] = given
        return app.run()

    return page


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key).click().run()


def texts(app: AppTest) -> str:
    kinds = ("markdown", "caption", "warning", "error", "success", "info")
    return "\n".join(each.value for kind in kinds for each in getattr(app, kind))


@pytest.mark.long
def test_files_become_a_district_step_by_step(opened, own, given, monkeypatch):
    app = opened("zh")
    assert not app.exception
    assert [given.layers[n] for n in range(4)] == ["communities", "streets", "facilities", "demand"]
    columns = {
        "名称": "name",
        "类别": "kind",
        "状态": "",
        "经度(WGS84)": "lon",
        "纬度(WGS84)": "lat",
    }
    before = {"layer": "facilities", "columns": columns}
    earlier_readings.keep(own / "older.gpkg", [{"layer": "facilities", "mapping": before}])
    press(app, "files_read")
    done(given)
    app.run()
    assert not app.exception
    assert given.step == "columns"
    assert given.looked_at == "facilities"
    assert not given.stale, "nothing was said yet"
    assert "**名称**" in texts(app)
    assert app.number_input(given.key("row", "facilities")).value == 2

    press(app, "files_earlier_facilities_0")
    earlier = given.of("facilities").mapping
    assert earlier is not None
    assert earlier["columns"]["状态"] == ""
    given.said.clear()
    app.run()
    app.selectbox(given.key("means", "facilities", 3)).select("services").run()
    assert not app.exception
    changed = given.of("facilities").mapping
    assert changed is not None
    assert changed["columns"]["开放时间"] == "services"
    app.selectbox(given.key("means", "facilities", 3)).select("opening_hours").run()
    given.step = "words"
    app.run()
    assert not app.exception
    assert "1 个用词无法识别" in texts(app)
    app.text_input("files_own_kind").set_value("咖啡屋站").run()
    press(app, "files_own_kind_add")
    box = app.selectbox(given.key("word", 0))
    box.select("own_1").run()
    assert given.kind_words == {"咖啡屋": "own_1"}
    state = app.selectbox(given.key("state", "facilities", 0))
    assert state.value == "existing"
    state.select("planned").run()
    assert given.state_words == {"status": {"在用": "planned"}}
    app.selectbox(given.key("state", "facilities", 0)).select("existing").run()
    assert not app.exception
    street = app.selectbox(given.key("state", "streets", 0))
    assert "不供步行" in street.options
    (word,) = [each["word"] for each in given.shown()["streets"]["states"][:1]]
    known = street.value
    street.select("no").run()
    assert given.state_words["street_class"] == {word: "no"}
    app.selectbox(given.key("state", "streets", 0)).select(known).run()
    assert given.stale
    assert "设置已更改" in texts(app)

    given.step = "finish"
    app.run()
    assert app.button("files_import").disabled
    press(app, "files_read_again")
    done(given)
    app.run()
    assert not app.exception
    assert [row["value"] for row in set_aside.every_row(given.folder)] == [""]
    aside_table = app.dataframe[1].value
    assert aside_table["列"].tolist() == ["经度(WGS84)"]
    assert app.button("files_import").disabled, "rows are left out only where that was agreed to"
    app.checkbox(given.key("agreed")).check().run()
    assert given.agreed
    starts = []
    start = jobs.start
    monkeypatch.setattr(jobs, "start", lambda *args: starts.append(args) or start(*args))
    press(app, "files_import")
    again = partial(requests.import_files, Labels("zh"), dict(starts[0][0]), "")
    given.ask_for(again)  # a second press, of the page that was drawn before
    app.run()
    assert len(starts) == 1
    done(given)
    given.ask_for(again)
    app.run()
    assert len(starts) == 1
    assert "已不在服务器上" not in texts(app)
    assert not app.exception
    assert KEY not in app.session_state
    made = str(app.query_params["district"])
    district = read_district(own / made)
    assert set(district.facilities["kind"]) >= {"own_1", "clinic"}
    assert district.kinds["own_1"].zh == "咖啡屋站"
    assert district.demand["population"].sum() == town().demand["population"].sum()
    assert (own / made).with_suffix(MAPPINGS).is_file()
    listed = set_aside.kept(own / made)
    assert listed is not None
    assert "经度(WGS84)" in listed.read_text(encoding="utf-8-sig")
    assert [path.name for path in own.iterdir() if path.name.startswith(uploads.PREFIX)] == []


def test_a_part_may_be_used_for_one_layer_only_and_what_lacks_is_told(opened, given):
    app = opened("en")
    box = app.selectbox(given.key("use", 3))
    box.select("streets").run()
    assert "Several sheets or layers are used for the same: Streets" in texts(app)
    assert "Still needed for a district: Homes" in texts(app)
    assert app.button("files_read").disabled


def test_lists_of_several_departments_become_one_layer(opened, given, own, tmp_path):
    places = town().facilities.geometry.to_crs(4326)
    extra = given.folder / "more" / "警务.csv"
    extra.parent.mkdir()
    rows = [f"警务点{n},{place.x:.7f},{place.y:.7f}" for n, place in enumerate(places)]
    extra.write_text("\n".join(["名称,经度(WGS84),纬度(WGS84)", *rows]), encoding="utf-8")
    done(given)
    parts = importer._parts({"files": [str(extra)]}, lambda **_: None)["parts"]
    given.job.answer["parts"] += parts
    app = opened("en")
    assert given.layers[4] == "facilities"
    assert list(given.used()) == ["communities", "streets", "facilities", "facilities:2", "demand"]
    press(app, "files_read")
    done(given)
    app.run()
    assert not app.exception
    assert given.lists() == ["facilities", "facilities:2"]
    given.step = "words"
    app.run()
    app.selectbox(given.key("list_kind", "facilities:2")).select("police_room").run()
    assert given.list_kinds == {"facilities:2": "police_room"}
    assert given.stale
    app.button("files_read_again").click().run()
    done(given)
    app.run()
    given.kind_words["咖啡屋"] = ""
    for step in ("columns", "words", "places", "finish"):
        given.step = step
        app.run()
        assert not app.exception
        assert not any("not foreseen" in each.value for each in app.error), step
    assert "Facilities (警务.csv)" in app.dataframe[0].value.iloc[:, 0].tolist()
    app.checkbox(given.key("agreed")).check().run()
    press(app, "files_import")
    done(given)
    app.run()
    made = read_district(own / str(app.query_params["district"]))
    assert (made.facilities["kind"] == "police_room").sum() == len(rows)


@pytest.mark.long
def test_every_row_set_aside_can_be_taken_away(tmp_path):
    here, book = town(), tmp_path / "map.gpkg"
    here.communities.to_file(book, layer="areas")
    listed = tmp_path / "list.csv"
    rows = ["甲,图书馆,114.9,25.8", *["乙,图书馆,,"] * 1200]
    listed.write_text("\n".join(["名称,类别,经度(WGS84),纬度(WGS84)", *rows]), encoding="utf-8")
    files = {"communities": str(book), "facilities": str(listed)}
    for _ in range(2):  # a second look begins anew
        answer = importer._preview({"files": files, "folder": str(tmp_path)}, lambda **_: None)
    shown = answer["layers"]["facilities"]
    assert (len(shown["set_aside"]), shown["count_set_aside"]) == (1000, 1200)
    every = set_aside.every_row(tmp_path)
    table = set_aside_rows(every, Labels("zh"), lambda told: told["code"])
    assert len(table) == 1200
    assert table.iloc[-1].tolist()[2:4] == ["1202", "经度(WGS84)"]


def test_settings_are_offered_for_a_file_of_the_same_shape(tmp_path):
    mapping = {
        "layer": "facilities",
        "columns": {"名称": "name", "小类": "kind", "备注": ""},
        "kind_words": {"甲": "clinic", "乙": "own_9", "丙": ""},
    }
    earlier_readings.keep(tmp_path / "town.gpkg", [{"layer": "facilities", "mapping": mapping}])
    (tmp_path / f"other{MAPPINGS}").write_text("{}", encoding="utf-8")
    kinds = builtin_kinds()
    (offer,) = earlier_readings.earlier(tmp_path, "facilities", ["小类", "名称", "年份"], kinds)
    assert offer.name == "town"
    assert offer.mapping["kind_words"] == {"甲": "clinic", "丙": ""}
    json.dumps(offer.mapping)
    assert earlier_readings.earlier(tmp_path, "facilities", ["名称", "年份"], kinds) == []
    assert earlier_readings.earlier(tmp_path, "demand", ["小类", "名称"], kinds) == []


def test_files_of_a_shapefile_are_kept_as_one(tmp_path):
    sent = [Sent(f"roads{ending}", b"x") for ending in (".shp", ".DBF", ".shx")]
    (file,) = _keep(sent, tmp_path)
    assert file.name == "roads.zip"
    with pytest.raises(InputError) as error:
        _keep([Sent("a.exe", b"x")], tmp_path)
    assert error.value.code == "uploads.unknown_ending"


def test_the_picture_holds_what_is_drawn_and_names_run_no_code():
    told = {"bounds": [0, 0, 100, 100], "areas": [[[0, 0], [100, 0]]], "lines": [[[0, 0], [9, 9]]]}
    picture = drawing.svg({**told, "points": {"facilities": [[50, 50]]}})
    assert picture.count("<circle") == 1
    assert f'cx="{drawing.WIDTH / 2}"' in picture
    lists = {f"facilities:{n}": [[50, 50]] for n in range(2, 9)} | {"raster": [[1, 1]]}
    every = {**told, "points": lists}
    assert drawing.svg(every).count("<circle") == 8
    assert drawing.html(every, dict.fromkeys(lists, "x"), "y").count("●") == 8
    assert "<b>" not in drawing.html({**told, "points": {}}, {"facilities": "<b>"}, "<b>")


@pytest.mark.long
def test_a_datum_that_nobody_says_and_places_do_not_tell_is_asked(tmp_path):
    here, book = town(), tmp_path / "map.gpkg"
    here.communities.to_file(book, layer="areas")
    here.streets.to_file(book, layer="roads")
    places = here.facilities.geometry.to_crs(4326)
    rows = [f"甲,图书馆,{place.x:.6f},{place.y:.6f}" for place in places]
    listed = tmp_path / "list.csv"
    listed.write_text("\n".join(["名称,类别,经度,纬度", *rows]), encoding="utf-8")
    files = {"communities": str(book), "streets": str(book), "facilities": str(listed)}
    asked = {"files": files, "layers": {"communities": "areas", "streets": "roads"}}

    def shown(**said: object) -> Given:
        answer = importer._preview(asked | said, lambda **_: None)
        return Given(tmp_path, (), cast("jobs.Job", None), preview=answer)

    before = shown()
    assert places_step.asked(before) == ["facilities"]
    datum = before.shown()["facilities"]["datum"]
    assert (datum["known"], datum["sure"], len(datum["fits"])) == (False, False, 3)
    after = shown(datum={"facilities": "gcj02"})
    assert places_step.asked(after) == []
    assert after.faults() == []
    drawn = [each.preview["drawing"]["points"]["facilities"][0] for each in (before, after)]
    assert abs(drawn[0][0] - drawn[1][0]) > 100, "a few hundred metres lie between the two"


def aside_of(count: int, **mapping: str) -> dict:
    """What a preview says of a file of which rows do not fit."""
    rows = [{"row": n, "code": "x"} for n in range(min(count, 3))]
    return {"count_set_aside": count, "set_aside": rows, "mapping": mapping, "error": None}


def test_a_consent_is_to_the_rows_that_were_shown_and_to_no_others(tmp_path):
    shown = {"layers": {"facilities": aside_of(4, columns="a")}}
    given = Given(tmp_path, ("a",), cast("jobs.Job", None), preview=shown)
    assert requests._left_out(given) == {"set_aside": requests.NOTHING, "agreed": 0}
    given.agree(True)
    assert requests._left_out(given) == {"set_aside": requests.EVERYTHING, "agreed": 4}
    for other in (aside_of(5, columns="a"), aside_of(4, columns="b"), aside_of(0, columns="a")):
        given.preview = {"layers": {"facilities": other}}
        assert not given.agreed, other
        assert requests._left_out(given)["set_aside"] == requests.NOTHING
    given.preview = shown
    assert given.agreed
    given.layers = {0: "facilities"}  # another sheet
    assert not given.agreed
    given.agree(True)
    given.difference = {"reading": {"count_set_aside": 9}}
    assert not given.agreed, "the comparison found others"
    given.agree(True)
    given.change()
    given.stale = False
    assert not given.agreed


def test_the_process_that_reads_leaves_out_no_more_than_was_agreed_to():
    importer._refuse_more_aside({"agreed": 4}, 4)
    importer._refuse_more_aside({}, 4)  # the tables beside an extract: their own allowance holds
    for agreed in (0, 3):
        with pytest.raises(InputError) as caught:
            importer._refuse_more_aside({"agreed": agreed}, 4)
        assert caught.value.code == "app_files.aside_since"
        assert "4" in Labels("zh").finding(caught.value.finding)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (Said(datum="cgcs2000"), "you chose CGCS2000"),
        (Said(datum="wgs84"), "you chose WGS 84"),
        (Said(mapping={"crs": "EPSG:2422"}), "you chose Beijing 1954"),
        (Said(mapping={"crs": "EPSG:2370"}), "you chose Xi'an 1980"),
        (Said(), "the file says CGCS2000"),
    ],
)
def test_a_doubted_system_is_told_by_the_name_that_was_chosen(tmp_path, said, name):
    context = Context(Labels("en"), Entry("demo"), "gb50180-2018")
    answer = {"crs": "EPSG:4490", "file": "a.csv", "sums": {}}
    given = Given(
        tmp_path,
        ("a.csv",),
        cast("jobs.Job", None),
        preview={"layers": {"facilities": answer}},
        said={"facilities": said},
    )
    params = {"best": "GCJ-02", "wgs84_m": 400, "gcj02_m": 12, "bd09_m": 900}
    doubt = {"code": "datums.looks_shifted", "params": params}
    sentence = places_step.doubted(context, given, "facilities", doubt)
    assert name in sentence
    assert "400" in sentence


def test_an_answer_moves_no_word_and_every_question_is_counted_at_the_top(opened, given):
    app = opened("en")
    press(app, "files_read")
    done(given)
    app.run()
    given.shown()["facilities"]["words"].insert(
        0, {"word": "养老院", "kind": "", "choices": ["elderly_care"], "count": 7}
    )
    given.shown()["streets"]["states"] += [
        {"column": "street_class", "word": "living_street", "value": "living_street", "count": 9},
        {"column": "street_class", "word": "巷弄", "value": "", "count": 8},
    ]
    given.step = "words"
    app.run()
    assert not app.exception
    assert "**Kinds of facilities:** 2 words" in texts(app)
    assert "**Streets (below):** 1 word is" in texts(app)
    assert "may be: " in texts(app)
    first = next(box for box in app.selectbox if box.label == "Kind of facility for 养老院")
    assert "(likely)" in first.options[1]
    streets = {box.label: box.value for box in app.selectbox if "state_streets" in str(box.key)}
    assert streets["What living\\_street means"] == "living_street", "known words are not asked"
    words = [box.label for box in app.selectbox if "_word_" in str(box.key)]
    first.select("elderly_care").run()
    given.shown()["facilities"]["words"].sort(key=lambda each: each["count"])  # as read again
    app.run()
    assert [box.label for box in app.selectbox if "_word_" in str(box.key)] == words
    assert "**Kinds of facilities:** 1 word is" in texts(app)


@pytest.mark.long
def test_an_answer_that_comes_with_the_button_is_read_too(opened, given):
    app = opened("en")
    press(app, "files_read")
    done(given)
    app.run()
    given.step = "words"
    app.run()
    given.change()
    app.run()
    app.button("files_read_again").click()
    app.selectbox(given.key("word", 0)).select("library")
    app.run()  # both at once, in whatever order
    done(given)
    app.run()
    assert not given.stale
    assert given.kind_words == {"咖啡屋": "library"}
    assert not [each for each in app.button if each.key == "files_read_again"]


@pytest.mark.long
def test_what_was_said_in_the_last_step_stays_and_a_name_that_is_taken_is_told(opened, given, own):
    app = opened("en")
    press(app, "files_read")
    done(given)
    app.run()
    given.kind_words["咖啡屋"] = ""
    given.step = "finish"
    app.run()
    (own / "Old-town.gpkg").touch()
    app.text_input("files_name").set_value("Old town")
    app.number_input("files_buffer").set_value(800.0)
    app.checkbox("add_join").check()
    app.checkbox(given.key("agreed")).check()
    app.run()
    assert "“Old\\-town\\-2”" in texts(app)
    given.step = "places"
    app.run()
    app.segmented_control("pick_part").set_value("layers").run()
    app.segmented_control("pick_part").set_value("add").run()
    given.step = "finish"
    app.run()
    assert not app.exception
    assert app.text_input("files_name").value == "Old town"
    assert app.number_input("files_buffer").value == 800.0
    assert app.checkbox("add_join").value
    assert app.checkbox(given.key("agreed")).value
    given.change()
    app.run()
    assert not app.checkbox(given.key("agreed")).value, "agreed to rows that were shown"


@pytest.mark.long
def test_wrong_answers_are_seen_before_an_import(opened, given):
    app = opened("en")
    press(app, "files_read")
    done(given)
    app.run()
    fits = {
        f"{datum}_{unit}": 5 for datum in ("wgs84", "gcj02", "bd09") for unit in ("m", "percent")
    }
    params = {"file": "设施.csv", "said": "BD-09", "best": "GCJ-02", **fits, "bd09_m": 480}
    given.shown()["facilities"]["findings"] = [
        {"code": "datums.said_otherwise", "params": params},
        {
            "code": "datums.against_table",
            "params": {"told": "经度(GCJ-02)", "said": "GCJ-02", "given": "BD-09"},
        },
    ]
    given.of("facilities").datum = "bd09"
    given.shown()["demand"]["people_aside"] = 12.0
    given.step = "finish"
    app.run()
    assert not app.exception
    assert app.button("files_step_places").label.startswith(":red[:material/error:")
    (told,) = [each.value for each in app.error if "hundred metres" in each.value]
    assert "you chose BD-09" in told
    assert "within 480 m" in told
    assert "as **GCJ-02**: within 5 m" in told
    assert "in the file says GCJ" in told
    assert "tell of 12 residents" in texts(app)
    counted = re.findall(r"Facilities by kind, all statuses: .*", texts(app))
    assert counted == [
        "Facilities by kind, all statuses: Community health station \\(clinic\\) 1.  "
    ]
    assert "No facility of: " in texts(app)
    given.step = "places"
    app.run()
    assert "you chose BD-09" in texts(app)
    assert "two sources" not in texts(app)


def test_the_system_of_a_survey_is_chosen_beside_its_file_in_words(opened, given):
    app = opened("en")
    press(app, "files_read")
    done(given)
    app.run()
    answer = given.shown()["facilities"]
    answer["crs"] = "EPSG:4526"
    answer["findings"] = [
        {"code": "tables.zone_guessed", "params": {"file": "设施.csv", "crs": "…"}},
        {"code": "tables.north_first", "params": {"file": "设施.csv"}},
    ]
    given.step = "places"
    app.run()
    assert not app.exception
    box = app.selectbox(given.key("survey", "facilities"))
    assert box.value == "cgcs2000"
    assert "Beijing 1954, 3° zone 38 (EPSG:2414)" in box.options
    assert "that it is CGCS2000 is assumed" in texts(app)
    assert "longitude and latitude" in texts(app)
    crs_box = app.text_input(given.key("crs"))
    assert crs_box.placeholder == given.preview["metric"] != ""
    box.select("beijing54").run()
    assert given.of("facilities").mapping["crs"] == "EPSG:2414"
    assert given.stale
    given.shown()["demand"]["error"] = {"code": "sources.no_crs", "params": {"file": "居民.csv"}}
    app.button("files_step_columns").click().run()
    assert given.looked_at == "demand", "it opens on the file that cannot be read"
    given.looked_at = "facilities"
    app.run()
    turned = app.checkbox(given.key("turned", "facilities"))
    assert turned.value
    assert turned.disabled
    assert "⇄ read as: " in texts(app)
    assert "more are set aside (last step)" in texts(app)
