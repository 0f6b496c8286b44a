"""What goes wrong on the server: told without its secrets, with a way back, and no work is lost."""

import errno
import os
import re
import stat
from pathlib import Path

import pytest

from planner import Scenario
from planner.app import main
from planner.app.session.answers import assessments
from planner.app.session.answers.assessments import Question
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.files import DraftFiles
from planner.district.scenarios.scenario import Close
from planner.errors import WorkError

SECRET = "a value that only the log may hold"


def saved(scenarios: Path, district: str = "town.gpkg") -> str:
    files = DraftFiles(scenarios)
    draft_id = files.new_id()
    kept = Scenario("east bank", [Close("f1")])
    files.write(draft_id, district, Draft(Scenario("", [Close("f1")]), (), (kept,)), "")
    return draft_id


@pytest.mark.long
def test_a_crash_is_told_with_a_way_back_and_loses_no_work(
    open_app, scenarios, monkeypatch, caplog
):
    draft_id = saved(scenarios)
    before = (scenarios / f"{draft_id}.json").read_bytes()

    def crash(*_: object) -> None:
        raise RuntimeError(SECRET)

    real = current.assessment_after
    monkeypatch.setattr(current, "assessment_after", crash)
    app = open_app("what-if", district="town.gpkg", work=draft_id, lang="en")
    assert not app.exception
    told = " ".join(error.value for error in app.error)
    number = re.search(r"number ([0-9a-f]{8})", told.replace("\\", ""))
    assert number
    shown = " ".join(str(each) for each in (*app.error, *app.markdown, *app.caption))
    assert SECRET not in shown
    assert "Traceback" not in shown
    assert number[1] in caplog.text
    assert SECRET in caplog.text
    assert (scenarios / f"{draft_id}.json").read_bytes() == before

    monkeypatch.setattr(current, "assessment_after", real)
    again = next(button for button in app.button if button.key == "error_again")
    app = again.click().run()
    assert not app.error
    assert DraftFiles(scenarios).read(draft_id, "town.gpkg")[0].kept[0].name == "east bank"
    assert draft_id in app.query_params["work"]


def test_a_full_disk_is_told_and_the_old_work_stays(tmp_path, monkeypatch):
    folder = tmp_path / "scenarios"
    draft_id = saved(folder)
    before = (folder / f"{draft_id}.json").read_bytes()
    real = os.open

    def full(file, *args, **kwargs):
        if str(file).endswith(".part"):
            raise OSError(errno.ENOSPC, "No space left on device", str(file))
        return real(file, *args, **kwargs)

    monkeypatch.setattr(os, "open", full)
    files = DraftFiles(folder)
    _, version = files.read(draft_id, "town.gpkg")
    with pytest.raises(WorkError) as error:
        files.write(draft_id, "town.gpkg", Draft(), version)
    assert error.value.code == "sources.disk_full"
    assert str(folder) not in str(error.value)
    assert (folder / f"{draft_id}.json").read_bytes() == before
    assert [file.name for file in folder.iterdir() if file.suffix != ".lock"] == [
        f"{draft_id}.json"
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_work_is_for_the_server_alone_and_under_an_id_that_nobody_guesses(tmp_path):
    folder = tmp_path / "scenarios"
    ids = {saved(folder) for _ in range(20)}
    assert len(ids) == 20
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert all(re.fullmatch(r"[a-z2-7]{26}", each) for each in ids)  # 130 random bits


@pytest.mark.long
def test_what_sessions_share_is_the_same_after_a_journey(open_app, scenarios, monkeypatch):
    import pandas as pd

    from planner.app.session.catalogue import catalogue

    def fingerprint() -> dict[str, int]:
        question = Question(catalogue(folder)["town.gpkg"], "gb50180-2018")
        result = question.assessment()
        frames = {
            **{name: pd.DataFrame(layer) for name, layer in result.district.layers.items()},
            "distances": result.distances,
            "summary": assessments.summary(question),
            "league": assessments.league(question, "community"),
        }
        return {
            name: hash((tuple(frame.columns), frame.to_csv())) for name, frame in frames.items()
        }

    pages = main.PAGES
    open_app("coverage", district="town.gpkg", lang="en", kind="clinic")
    folder = Path(os.environ["PLANNER_DATA"])
    before = fingerprint()
    draft_id = saved(scenarios)
    for page in ("overview", "coverage", "kinds", "gaps", "supply", "links", "siting", "what-if"):
        for lang in ("en", "zh"):
            monkeypatch.setattr(main, "PAGES", pages)
            app = open_app(page, district="town.gpkg", kind="clinic", lang=lang, work=draft_id)
            assert not app.exception
    assert fingerprint() == before
