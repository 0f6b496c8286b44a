"""Messages that no page of ours sends, made by hand and sent over a page's connection."""

import http.client
import os
import subprocess
import sys
from contextlib import closing, suppress

import pytest
from dashboard_server import start
from own_loop import run
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from test_windows import Window, megabytes

from planner.app.server import map_files
from planner.app.server.requests.messages import (
    MOST_BESIDES,
    MOST_BYTES,
    MOST_OF_A_STRANGER,
    READERS,
    STRANGERS,
    Messages,
)
from planner.app.server.sign_in.gate import Gate


def message(kind: str) -> bytes:
    said = BackMsg()
    field = BackMsg.DESCRIPTOR.fields_by_name[kind]
    if field.message_type is None:
        setattr(said, kind, True)
    else:
        getattr(said, kind).SetInParent()
    return said.SerializeToString()


KINDS = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]


def heard(sent: list[dict], **scope: object) -> list[bytes]:
    """Return what Streamlit hears of the messages of a browser."""
    waiting, got = [*sent, {"type": "websocket.disconnect"}], []

    async def inner(_, receive, __) -> None:
        while (said := await receive())["type"] == "websocket.receive":
            got.append(said["bytes"])

    async def receive():
        return waiting.pop(0)

    run(Messages(inner)({"type": "websocket", **scope}, receive, None))
    return got


@pytest.mark.parametrize("kind", KINDS)
def test_only_messages_of_our_pages_are_handed_on(kind):
    sent = [{"type": "websocket.receive", "bytes": message(kind)}]
    assert bool(heard(sent)) == (kind in READERS)
    assert bool(heard(sent, planner_signed_in=False)) == (kind in STRANGERS)


def test_what_clears_ends_or_tells_of_the_server_is_never_among_them():
    ours = {"clear_cache", "set_run_on_save", "load_git_info", *(k for k in KINDS if "debug" in k)}
    assert not ours & READERS


def many() -> bytes:
    said = BackMsg()
    said.file_urls_request.file_names.extend(["a"] * 1000)
    return said.SerializeToString()


def large() -> bytes:
    said = BackMsg()
    said.rerun_script.query_string = "x" * (MOST_BYTES + 1)
    return said.SerializeToString()


def wide() -> bytes:
    said = BackMsg()
    said.rerun_script.query_string = "x" * (MOST_BESIDES + 1)
    return said.SerializeToString()


def installing() -> bytes:
    said = BackMsg()
    said.backend_operation_request.request_id = "a"
    said.backend_operation_request.install_skills.SetInParent()
    return said.SerializeToString()


@pytest.mark.parametrize("packed", [b"", b"\xff" * 50, many(), wide(), installing()], ids=len)
def test_messages_that_are_none_or_ask_for_too_much(packed):
    good = message("rerun_script")
    sent = [{"type": "websocket.receive", "bytes": each} for each in (packed, good)]
    assert heard(sent) == [good]
    assert heard([{"type": "websocket.receive", "text": "x"}]) == []


@pytest.mark.parametrize(
    ("sent", "signed_in", "ends"),
    [
        (large(), True, True),
        (b"\0" * (MOST_BYTES + 1), True, True),
        (b"\0" * (MOST_OF_A_STRANGER + 1), False, True),
        (b"\0" * (MOST_OF_A_STRANGER + 1), True, False),
    ],
    ids=["ours", "none", "a stranger's", "a reader's"],
)
def test_a_message_larger_than_any_of_ours_ends_the_connection(sent, signed_in, ends):
    waiting = [{"type": "websocket.receive", "bytes": each} for each in (sent, b"")]
    waiting.append({"type": "websocket.disconnect", "code": 1000})
    got, closed = [], []

    async def inner(_, receive, __) -> None:
        got.append(await receive())

    async def receive():
        return waiting.pop(0)

    async def send(said) -> None:
        closed.append(said["code"])

    run(Messages(inner)({"type": "websocket", "planner_signed_in": signed_in}, receive, send))
    assert closed == ([1009] if ends else [])
    assert got == [{"type": "websocket.disconnect", "code": 1009 if ends else 1000}]


def test_what_a_table_edited_by_hand_says_is_heard():
    said = BackMsg()
    state = said.rerun_script.widget_states.widgets.add()
    state.id, state.json_value = "table", "x" * (4 * MOST_BESIDES)
    packed = said.SerializeToString()
    assert heard([{"type": "websocket.receive", "bytes": packed}]) == [packed]


def test_the_gate_says_who_is_a_stranger():
    said = []

    async def inner(scope, _, __) -> None:
        said.append(scope["planner_signed_in"])

    from test_signed_out import auth, claims, scope

    for found in (claims(), {}):
        run(Gate(inner, auth())(scope("websocket", "/_stcore/stream", found), None, None))
    assert said == [True, False]


def told(message: ForwardMsg) -> ForwardMsg:
    """Return what a browser is told of a message of Streamlit's."""
    got = []

    async def inner(_, __, send) -> None:
        await send({"type": "websocket.send", "bytes": message.SerializeToString()})

    async def send(said) -> None:
        got.append(said["bytes"])

    run(Messages(inner)({"type": "websocket"}, None, send))
    return ForwardMsg.FromString(got[0])


def test_nothing_is_told_of_the_machine():
    message = ForwardMsg()
    begins = message.new_session
    begins.main_script_path = begins.initialize.environment_info.server_os = "secret"
    begins.initialize.environment_info.python_version = "secret"
    for field in begins.initialize.user_info.DESCRIPTOR.fields:
        setattr(begins.initialize.user_info, field.name, "secret")
    begins.initialize.environment_info.streamlit_version = "1.2"
    begins.initialize.session_id, begins.name, begins.page_script_hash = "s1", "script", "h"
    got = told(message)
    assert b"secret" not in got.SerializeToString()
    kept = got.new_session
    assert (kept.initialize.session_id, kept.name, kept.page_script_hash) == ("s1", "script", "h")
    assert kept.initialize.environment_info.streamlit_version == "1.2"
    assert kept.initialize.HasField("user_info")


def test_other_messages_are_told_as_they_are():
    message = ForwardMsg(hash="h")
    message.delta.new_element.markdown.body = "text"
    assert told(message) == message


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("messages")
    (folder / "data").mkdir()
    running = start(folder, folder / "data")
    yield running
    running.end()


@pytest.mark.long
def test_a_window_learns_no_folder_of_the_server(server):
    window = Window(server)
    window.ask("coverage")
    begins = window.next("new_session").new_session
    assert begins.initialize.session_id
    assert begins.main_script_path == ""
    assert not begins.initialize.user_info.ListFields()
    window.line.close()


@pytest.mark.long
def test_a_large_message_is_not_taken_in(server):
    closed = pytest.importorskip("websockets.exceptions").ConnectionClosed
    first = Window(server)
    first.ask("coverage")
    first.shown()  # what a server loads for its first page is no message
    before, windows = megabytes(server), [Window(server) for _ in range(5)]
    assert "permessage-deflate" not in str(windows[0].line.response.headers)
    for window in windows:
        with suppress(closed):  # it may be closed while it is still sent
            window.line.send(bytes(30_000_000))
        with pytest.raises(closed) as over:
            window.shown()
        assert over.value.rcvd is None or over.value.rcvd.code == 1009
    assert megabytes(server) < before + 60


@pytest.mark.long
def test_no_message_takes_the_maps_files_from_everybody(server):
    component = "/component/planner.app.server.map_files.map/index.html"

    def status() -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as asked:
            asked.request("GET", component)
            return asked.getresponse().status

    window = Window(server)
    window.ask("coverage")
    window.shown()
    assert status() == 200
    for kind in KINDS:
        if kind not in READERS:
            window.line.send(message(kind))
    window.ask("coverage")
    assert window.shown() > 5
    assert status() == 200
    window.line.close()


def test_files_that_went_are_put_again():
    kept = map_files.HashedFiles()
    name = kept.put("a", "json", "{}")
    (kept.folder / name).unlink()
    assert kept.put("a", "json", "{}") == name
    assert (kept.folder / name).read_text(encoding="utf-8") == "{}"
    kept._kept.cleanup()


@pytest.mark.long
def test_folders_of_ended_servers_are_removed_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr(map_files.tempfile, "tempdir", str(tmp_path))
    mine = map_files.HashedFiles()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = [f"{map_files.PREFIX}{ended.pid}-a", f"{map_files.PREFIX}{os.getpid()}-before"]
    stay = [f"{map_files.PREFIX}{os.getppid()}-b", f"{map_files.PREFIX}x-c", "planner-other"]
    for name in (*left, *stay):
        (tmp_path / name).mkdir()
    other = map_files.HashedFiles()
    there = {folder.name for folder in tmp_path.iterdir()}
    assert there == {*stay, mine.folder.name, other.folder.name}
    for files in (mine, other):
        files._kept.cleanup()
