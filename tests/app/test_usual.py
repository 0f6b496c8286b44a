"""What a district is judged by where nobody chooses otherwise is seen and changed on its page."""

import pytest
from towns import town

from planner.district import Defaults
from planner.district.defaults import NONE
from planner.sources import read_district, write_district
from planner.sources.update.defaults import write_defaults


@pytest.mark.long
def test_it_is_changed_for_all_and_put_back(open_app, workspaces):
    file = write_district(town(), workspaces / "usual.gpkg")
    try:
        app = open_app("data", district="usual.gpkg", lang="en")
        assert any("living circles" in each.value for each in app.markdown)
        app.selectbox(key="usual_usual.gpkg_standard").select("15-minute")
        app.text_input(key="usual_usual.gpkg_currency").set_value("EUR 1000")
        app.button(key="usual_keep").click().run()
        assert not app.exception
        assert not app.error
        assert read_district(file).defaults == Defaults("15-minute", "", "EUR 1,000")
        assert any("**EUR 1,000**" in each.value for each in app.markdown)
        app.button(key="usual_back").click().run()
        assert not app.error
        assert read_district(file).defaults == Defaults()
        assert app.text_input(key="usual_usual.gpkg_currency").value == ""
    finally:
        file.unlink()


@pytest.mark.long
def test_an_old_window_does_not_bring_back_what_was_changed_elsewhere(open_app, workspaces):
    file = write_district(town(), workspaces / "usual.gpkg")
    try:
        app = open_app("data", district="usual.gpkg", lang="en")
        app.selectbox(key="usual_usual.gpkg_standard").select("15-minute").run()
        write_defaults(file, Defaults(currency="EUR 1,000"))  # another window
        app.button(key="usual_keep").click().run()
        assert read_district(file).defaults == Defaults(currency="EUR 1,000")
        assert app.text_input(key="usual_usual.gpkg_currency").value == "EUR 1,000"
        assert app.selectbox(key="usual_usual.gpkg_standard").value == ""
        assert any("Somebody else changed" in each.value for each in app.warning)
        assert not [each for each in app.button if each.key == "usual_back"]
        app.button(key="usual_keep").click().run()  # what is seen is kept, and nothing older
        assert read_district(file).defaults == Defaults(currency="EUR 1,000")

        write_defaults(file, Defaults(currency="EUR 500"))
        app.run()  # something else was pressed: only then is the button pressed
        assert any("Somebody else changed" in each.value for each in app.warning)
        app.button(key="usual_keep").click().run()
        assert read_district(file).defaults == Defaults(currency="EUR 500")
        assert not app.warning
    finally:
        file.unlink()


@pytest.mark.long
def test_the_demo_says_it_and_stays_as_it_is(open_app):
    app = open_app("data", district="demo", lang="zh")
    assert any("万元" in each.value for each in app.markdown)
    assert not [each for each in app.button if each.key == "usual_keep"]


def test_help_tells_the_benchmark_only_of_a_district_that_has_one(open_app, workspaces):
    file = write_district(town(), workspaces / "usual.gpkg")
    try:
        told = {}
        for benchmark in ("china-2005", NONE):
            write_defaults(file, Defaults(benchmark=benchmark))
            app = open_app("help", district="usual.gpkg", lang="en")
            assert not app.exception
            told[benchmark] = "\n".join(each.value for each in app.markdown)
        assert all("Sources" in each for each in told.values())
        for words in ("National benchmark", "China, end of 2005"):
            assert [words in each for each in told.values()] == [True, False]
    finally:
        file.unlink()
