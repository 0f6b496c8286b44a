"""What the demo's places are called on pages in English, and their own names where these count."""

import re

import pandas as pd
import pytest
from effort import few
from latin_words import shown

from planner.app.main import PAGES
from planner.app.pages.coverage import place_search
from planner.app.pages.gaps import files as gap_files
from planner.app.pages.links import files as link_files
from planner.app.session.answers import assessments
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.widgets import map_view, tables
from planner.sources import demo_district
from planner.views.maps.parts.facilities import facility_group
from planner.views.words.labels import Labels

HAN = re.compile(r"[\u3400-\u9fff]+")
CITED = re.compile(
    r"中文"  # the choice of language, in that language
    r"|GB 50180-2018, 城市居住区规划设计标准"  # the title of a standard
    r"|经济日报[ ,，]*2012.{0,2}04.{0,2}14"  # a newspaper, cited as its readers find it
    r"|GB [^;:]{0,200}: service radius"  # the wording of a standard
)
OWN = re.compile(r"(?<=[\w)]) \([^()]*[\u3400-\u9fff][^()]*\)")
"""A place's own name behind the English one."""

ADDRESSES = [leaf.path for leaves in PAGES.values() for leaf in leaves]
SLOW = {"siting", "links", "one-stop", "budget", "departments"}
"""Pages that search for minutes; their tables are drawn as those of the others."""


@pytest.mark.long
@pytest.mark.parametrize("page", few([page for page in ADDRESSES if page not in SLOW], 6))
def test_no_page_in_english_shows_a_chinese_name(open_app, page):
    app = open_app(page, lang="en", kind="clinic", place="c.990702001001", tour="off")
    assert not app.exception, app.exception
    texts = [CITED.sub("", text) for text in shown(app)]
    if page == "data":
        texts = [OWN.sub("", text) for text in texts]
    assert not [text for text in texts if HAN.search(text)]


def test_a_page_in_chinese_keeps_the_names(open_app):
    app = open_app("coverage", lang="zh", kind="clinic", place="c.990702001001")
    assert any("古浮桥社区" in each.value for each in app.markdown)


def test_data_are_mended_under_their_own_names(open_app):
    app = open_app("data", lang="en", part="correct")
    names = app.dataframe[0].value["name"]
    assert names.str.contains(r"Tea Pavilion Clinic \(茶亭社区卫生服务站\)").any()


def test_the_map_labels_in_english_and_keeps_the_own_name_where_it_is_pointed_at():
    district, names = demo_district(), assessments.place_names(Entry("demo"), "en")
    layers = map_view._layers([facility_group(district, "clinic", "en")], names)
    told = "".join(
        map_view.hashed_files().folder.joinpath(call[2]).read_text(encoding="utf-8")
        if call[2]
        else call[1]
        for layer in layers
        for call in layer["calls"]
    )
    assert "Tea Pavilion Clinic (茶亭社区卫生服务站)" in told


def test_a_place_is_found_by_either_name():
    district, names = demo_district(), assessments.place_names(Entry("demo"), "en")
    for text in ("old pontoon", "古浮桥"):
        found = place_search.find(district, text, names.of)
        assert found[0].name == "Old Pontoon Community"


def test_files_keep_the_own_names(monkeypatch):
    entry = Entry("demo")
    names = assessments.place_names(entry, "en")
    context = Context(Labels("en", names=names), entry, "15-minute")
    written = []
    for module in (gap_files, link_files):
        monkeypatch.setattr(module, "write_layer", lambda *_, **__: None)
        monkeypatch.setattr(module, "write_about", lambda *told: written.append(told[1]))
        monkeypatch.setattr(module, "metadata", lambda _, labels: labels.place("古浮桥社区"))
        module.write_layers(context, None, None, None)
    assert written == ["古浮桥社区"] * 2
    assert context.place("古浮桥社区") == "Old Pontoon Community"


def test_yes_and_no_are_written_into_the_column_they_come_from():
    context = Context(Labels("en"), Entry("demo"), "15-minute")
    shown = tables._without_boxes(context, pd.DataFrame([[True, False]], columns=[1, "open"]))
    assert list(shown.columns) == [1, "open"]
    assert shown.to_numpy().tolist() == [["yes", "no"]]
