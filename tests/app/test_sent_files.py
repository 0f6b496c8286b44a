"""Files that a browser sent: let go once read or left, and said in words where refused."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from planner.app.pages.data.files import requests
from planner.app.pages.data.files.state import KEY, Given
from planner.app.server.reading import uploads
from planner.app.server.requests import upload_limit
from planner.app.session import sent_files


@pytest.fixture
def let_go(monkeypatch) -> list[str]:
    """Files that were let go, as they are."""
    gone: list[str] = []
    monkeypatch.setattr(sent_files, "_remove", gone.extend)
    return gone


@pytest.fixture
def page(open_app, tmp_path) -> AppTest:
    return open_app("data", tmp_path, part="add", lang="en")


def send(app: AppTest) -> AppTest:
    return app.file_uploader("files_sent_0").set_value(("a.csv", b"a,b\n1,2\n", "text/csv")).run()


def test_files_that_were_looked_at_give_their_room_back(page, let_go):
    send(page)
    (sent,) = page.session_state["files_sent_0"]
    assert not let_go
    page.button("files_look").click().run()
    assert not page.exception
    assert let_go == [sent.file_id]
    given: Given = page.session_state[KEY]
    assert given.names == ("a.csv",)
    given.job.cancel()
    uploads.discard(given.folder)


@pytest.mark.long
def test_files_of_a_box_that_was_left_give_their_room_back(page, let_go):
    send(page)
    (sent,) = page.session_state["files_sent_0"]
    page.segmented_control("pick_part").set_value("layers").run()
    page.run()
    assert let_go == [sent.file_id]


def test_a_refused_file_is_said_and_nothing_goes_on_without_it(page, let_go, monkeypatch):
    send(page)
    assert not page.button("files_look").disabled
    monkeypatch.setattr(upload_limit, "_refused", {"test session id": 1})
    page.run()
    assert "did not take: 1" in page.error[0].value
    assert page.button("files_look").disabled
    page.button("files_refused_without").click().run()
    assert not page.error
    assert not page.button("files_look").disabled

    monkeypatch.setattr(upload_limit, "_refused", {"test session id": 2})
    page.button("files_look").click().run()  # refused since the page was drawn
    assert KEY not in page.session_state
    assert page.error


def test_a_window_knows_its_own_refusals_only(monkeypatch):
    monkeypatch.setattr(upload_limit, "_refused", {})
    monkeypatch.setattr(upload_limit, "MOST_SESSIONS", 2)
    for session in ("a", "b", "b", "c"):
        upload_limit._note(session)
    assert [upload_limit.refused(each) for each in "abc"] == [0, 2, 1]


def test_further_files_keep_what_was_said(tmp_path):
    part = {"path": "x", "file": "x", "name": "", "rows": 1, "layer": "facilities"}
    given = Given(tmp_path, ("x",), None)  # type: ignore[arg-type]
    given.take_parts([part, {**part, "layer": "streets"}])
    given.layers[1] = "barriers"
    given.take_parts([{**part, "layer": "streets"}, {**part, "layer": "barriers"}, part])
    used = ["facilities", "barriers", "streets", "", "facilities"]
    assert [given.layers[n] for n in range(5)] == used
    assert requests.MOST_FILES < upload_limit.MOST_FILES


def test_what_is_let_go_is_gone_from_the_memory_of_the_server(monkeypatch):
    kept = MemoryUploadedFileManager("/files")
    for name in "abc":
        kept.add_file("w", UploadedFileRec(name, f"{name}.csv", "text/csv", b"1"))
    running = SimpleNamespace(uploaded_file_mgr=kept, session_id="w")
    monkeypatch.setattr(sent_files, "get_script_run_ctx", lambda: running)
    sent_files.let_go([SimpleNamespace(file_id="a"), SimpleNamespace(file_id="gone"), "no file"])
    assert set(kept.file_storage["w"]) == {"b", "c"}
    sent_files.let_all_go()
    assert "w" not in kept.file_storage


def test_refusals_that_the_server_forgot_after_an_answer_are_none(monkeypatch):
    def script() -> None:
        import streamlit as st

        from planner.app.session import sent_files

        st.markdown(str(sent_files.refused()))
        sent_files.answered()

    counts = iter([3, 3, 0, 0])
    monkeypatch.setattr(sent_files, "refused_ever", lambda: next(counts))
    app = AppTest.from_function(script).run()
    assert app.markdown[0].value == "3"
    assert app.run().markdown[0].value == "0"
