"""Date, licence and credit of a source are stated on the Data page, and put back."""

import pytest
from towns import town

from planner.district import Source
from planner.district.provenance import with_sources
from planner.sources import read_district, write_district
from planner.sources.update.sources import write_sources


def test_they_are_stated_and_put_back(open_app, workspaces):
    sources = (Source("streets", "map", "2020", "ODbL 1.0"), Source("demand", "homes.csv"))
    file = write_district(with_sources(town(), sources), workspaces / "stated.gpkg")
    try:
        app = open_app("data", district="stated.gpkg", lang="en")
        app.selectbox(key="stated_stated.gpkg_source").select_index(1).run()
        for box, said in (("Date of the data", "2021"), ("Licence", "CC0"), ("Credit", "City")):
            (field,) = [each for each in app.text_input if each.label == box]
            field.set_value(said)
        app.button(key="stated_keep").click().run()
        assert not app.exception
        assert not app.error
        kept = read_district(file).sources
        assert (kept[1].date, kept[1].licence, kept[1].attribution) == ("2021", "CC0", "City")
        assert kept[0] == sources[0]
        app.button(key="stated_back").click().run()
        assert not app.error
        assert read_district(file).sources == sources
    finally:
        file.unlink()


@pytest.mark.long
def test_an_undo_does_not_overwrite_what_came_since(open_app, workspaces):
    sources = (Source("streets", "map", "2020", "ODbL 1.0"), Source("demand", "homes.csv"))
    file = write_district(with_sources(town(), sources), workspaces / "stated.gpkg")
    try:
        app = open_app("data", district="stated.gpkg", lang="en")
        app.selectbox(key="stated_stated.gpkg_source").select_index(1).run()
        (field,) = [each for each in app.text_input if each.label == "Licence"]
        field.set_value("CC0")
        app.button(key="stated_keep").click().run()
        kept = read_district(file).sources
        newer = (kept[0], Source("demand", "homes 2026.csv", "2026", "CC BY 4.0"))
        write_sources(file, newer, kept)  # another window
        app.run()
        app.button(key="stated_back").click().run()
        assert len(app.error) == 1
        assert read_district(file).sources == newer
    finally:
        file.unlink()


@pytest.mark.long
def test_what_is_no_date_is_refused_in_words(open_app, workspaces):
    sources = (Source("demand", "homes.csv"),)
    file = write_district(with_sources(town(), sources), workspaces / "stated.gpkg")
    try:
        app = open_app("data", district="stated.gpkg", lang="en")
        (field,) = [each for each in app.text_input if each.label == "Date of the data"]
        field.set_value("lately")
        app.button(key="stated_keep").click().run()
        assert any("is no date" in each.value for each in app.error)
        assert read_district(file).sources == sources
    finally:
        file.unlink()
