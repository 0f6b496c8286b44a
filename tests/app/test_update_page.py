"""A layer brought up to date on the Data page: steps, difference, decision, taken, undone."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from effort import few
from streamlit.testing.v1 import AppTest
from towns import EAST, NORTH, town

from planner import read_district, write_district
from planner.app.pages.data.files import difference, listing
from planner.app.pages.data.files.requests import _keep
from planner.app.pages.data.files.state import KEY, Given, Into
from planner.app.server.reading import importer, jobs, uploads
from planner.district import builtin_kinds
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import add
from planner.errors import InputError
from planner.sources.corrections import change_corrections

pytestmark = pytest.mark.usefixtures("worked_here")


class Sent:
    """What a browser sends."""

    def __init__(self, name: str, content: bytes):
        self.name, self.content = name, content

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


LIST = f"""名称,类别,x,y
,卫生服务站,{EAST + 4},{NORTH}
,卫生服务站,{EAST + 5},{NORTH}
图书馆,图书馆,{EAST + 800},{NORTH}
甲,卫生服务站,?,{NORTH}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    write_district(town(), folder / "town.gpkg")
    return folder


@pytest.fixture
def given(own: Path) -> Given:
    folder = uploads.new_folder(own)
    files = _keep([Sent("名录2026.csv", LIST.encode("gb18030"))], folder)
    job = jobs.start({"do": "parts", "files": [str(file) for file in files]}, folder)
    into = Into("town.gpkg", own / "town.gpkg", builtin_kinds())
    return Given(folder, ("名录2026.csv",), job, into=into, crs="EPSG:32650")


@pytest.fixture
def opened(open_app, own):
    def page(district: str = "town.gpkg", lang: str = "en") -> AppTest:
        return open_app("data", own, district=district, part="update", lang=lang)

    return page


def done(given: Given, app: AppTest) -> AppTest:
    end = time.monotonic() + 90
    while given.job.state == "running":
        assert time.monotonic() < end, "the work did not end"
        time.sleep(0.05)
    assert given.job.error is None, given.job.error
    app.run()
    assert not app.exception
    return app


def done_again(given: Given, app: AppTest) -> None:
    """Compare again after work that failed."""
    press(app, "files_compare")
    done(given, app)


def press(app: AppTest, key: str) -> AppTest:
    app.button(key).click().run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = ("markdown", "caption", "warning", "error", "success", "info")
    return "\n".join(each.value for kind in kinds for each in getattr(app, kind))


def test_a_newer_list_is_compared_decided_taken_and_taken_back(opened, own, given):
    workspace = own / "town.gpkg"
    before = workspace.read_bytes()
    app = opened()
    app.session_state[KEY] = given
    done(given, app)
    assert given.layers == {0: "facilities"}
    done(given, press(app, "files_read"))
    assert given.step == "columns"
    assert given.faults() == []
    given.step = "difference"
    app.run()
    assert app.button("files_compare").disabled, "nobody chooses for the planner"
    app.segmented_control(given.key("mode")).set_value("replace").run()
    done(given, press(app, "files_compare"))
    assert given.difference is not None
    assert given.difference["counts"] == {
        "new": 3,
        "gone": 1,
        "changed": 0,
        "unchanged": 0,
        "undecided": 2,
    }
    assert "2 rows may be one that is there already" in texts(app)
    assert "Their 1 facility stays as it is; uncheck" in texts(app)
    assert app.button("files_take").disabled
    others = app.checkbox(given.key("others"))
    assert others.value
    others.uncheck().run()
    assert given.difference is None, "what was shown is of another choice"
    assert "files_take" not in [button.key for button in app.button]
    app.button("files_compare").click()
    done(given, app.run())
    assert given.difference["counts"]["gone"] == 2
    assert "All facilities of them (1) go" in texts(app).replace("\\", "")
    app.checkbox(given.key("others")).check().run()
    app.button("files_compare").click()
    done(given, app.run())
    app.selectbox(given.key("same", "2")).select("f1").run()
    app.selectbox(given.key("same", "3")).select("-").run()
    done(given, press(app, "files_compare"))
    assert given.difference["counts"]["gone"] == 0
    assert app.button("files_take").disabled, "a row is left out only where that was agreed to"
    app.checkbox(given.key("agreed")).check().run()
    # the tick is taken back with the very click that takes: a browser may send both at once
    app.checkbox(given.key("agreed")).uncheck()
    press(app, "files_take")
    end = time.monotonic() + 90
    while given.job.state == "running":
        assert time.monotonic() < end
        time.sleep(0.05)
    assert given.job.state == "failed"
    assert workspace.read_bytes() == before
    app.run()
    done_again(given, app)
    app.checkbox(given.key("agreed")).check().run()
    assert workspace.read_bytes() == before
    (own / "town.set_aside.csv").mkdir()  # it cannot be written
    press(app, "files_take")
    assert "add_cancel" not in [button.key for button in app.button]
    done(given, app)
    assert KEY not in app.session_state
    assert "The list of rows set aside could not be kept" in texts(app)
    (own / "town.set_aside.csv").rmdir()
    assert "Facilities" in texts(app)
    found = read_district(workspace).facilities
    assert found["facility_id"].tolist() == ["f1", "3", "4", "f2"]
    assert [path.name for path in own.iterdir() if path.name.startswith(uploads.PREFIX)] == []

    app.run()
    press(app, "update_undo")
    assert workspace.read_bytes() == before
    assert "is again as it was before 名录2026" in texts(app)


def test_what_was_chosen_after_the_comparison_is_not_taken():
    shown = {"mode": "append", "same": {}, "apart": False, "keep_other_kinds": None}
    for other in ({"mode": "replace"}, {"same": {"2": "f1"}}, {"apart": True}):
        request = {"into": "town.gpkg", **shown, **other, "asked": shown}
        with pytest.raises(InputError, match=r"town\.gpkg") as caught:
            importer._take(request, lambda **_: None)
        assert caught.value.code == "update.asked_otherwise"


@pytest.mark.long
def test_rows_decided_of_one_sheet_are_not_said_of_another(given, monkeypatch):
    given.layers = {0: "facilities", 1: ""}
    given.decided = {"mode": "replace", "same": {"2": "f1"}, "apart": True}
    monkeypatch.setattr(listing.st, "session_state", {"use": "facilities"})
    listing._use(given, 1, "use")
    assert given.decided == {"mode": "replace"}
    given.job.cancel()


@pytest.mark.long
def test_who_may_not_upload_and_the_demo(opened, monkeypatch):
    app = opened("demo", "zh")
    assert "复制示例区" in [button.label for button in app.button]
    assert not app.exception
    monkeypatch.setenv("PLANNER_UPLOADS", "off")
    app = opened()
    assert "update_look" not in [button.key for button in app.button]
    assert "You may look" in texts(app)


@pytest.mark.long
@pytest.mark.parametrize("choice", few(["{own}", "={own}", "-"], 2))
def test_one_added_by_hand_is_asked_of_and_counts_as_it_was_decided(opened, own, choice):
    workspace = own / "town.gpkg"
    hall = {"name": "Hall", "kind": "clinic", "x": EAST + 450.0, "y": float(NORTH)}
    step = add(read_district(workspace), hall, "2026-03-04T09:30:00+08:00")
    change_corrections(workspace, "", lambda _: Corrections(crs="EPSG:32650").do(step))
    text = f"名称,类别,x,y\n滨江站,卫生服务站,{EAST + 400},{NORTH}\n"
    folder = uploads.new_folder(own)
    files = _keep([Sent("名录2026.csv", text.encode())], folder)
    job = jobs.start({"do": "parts", "files": [str(file) for file in files]}, folder)
    into = Into("town.gpkg", workspace, builtin_kinds())
    given = Given(folder, ("名录2026.csv",), job, into=into, crs="EPSG:32650")
    app = opened()
    app.session_state[KEY] = given
    done(given, app)
    done(given, press(app, "files_read"))
    given.step = "difference"
    app.run()
    app.segmented_control(given.key("mode")).set_value("append").run()
    done(given, press(app, "files_compare"))
    assert given.difference["to_decide"] == 1
    assert "added by hand stands within 100 m" in texts(app)
    assert app.button("files_take").disabled
    box = app.selectbox(given.key("same", "2"))
    assert [word for word in box.options if "entered by hand" in word] == [
        f"{step.facility_id} Hall, entered by hand: what was entered goes before",
        f"{step.facility_id} Hall, entered by hand: what the list says goes before",
    ]
    box.select(choice.format(own=step.facility_id)).run()
    done(given, press(app, "files_compare"))
    assert given.difference["to_decide"] == 0
    done(given, press(app, "files_take"))
    found = read_district(workspace).facilities["name"]
    names = {"{own}": ["Hall"], "={own}": ["滨江站"], "-": ["Hall", "滨江站"]}[choice]
    assert sorted(found[found.isin(["Hall", "滨江站"])]) == sorted(names)


@pytest.mark.parametrize(("why", "codes"), [("other_kind", 1), ("added", 2)])
def test_one_entered_as_another_kind_can_only_be_as_the_list_has_it(why, codes):
    row = {"why": why, "others": [{"id": "hand-1", "name": "Hall", "added": True}]}
    context = SimpleNamespace(word=lambda code, facility: f"{code}: {facility}")
    words = difference._others(context, row)
    assert list(words) == ["hand-1", "=hand-1"][-codes:]
    assert words["=hand-1"] == "app_files.same_as_listed: hand-1 Hall"
