"""English names of places are put in where a name stands, safe, and nowhere else."""

import re
from dataclasses import replace
from importlib import resources

import pandas as pd
import pytest
from demo_part import part_of_demo

from planner.app.session.errors import markdown
from planner.app.widgets import map_view
from planner.views.escaping import safe
from planner.views.maps.base.drawing import TEXTS
from planner.views.maps.parts.facilities import facility_group
from planner.views.words.labels import Labels
from planner.views.words.names_of_places import PlaceNames

SHOWS = re.compile(r"bindTooltip|titled\(|html: \"<div>")
"""What a drawing of the map library shows a text with."""

HOSTILE = "<img src=x onerror=alert(1)> [x](http://a)"


def district(**names: tuple[str, str | None]):
    """Return a part of the demo, facilities of it called by own and English names, by id."""
    demo = part_of_demo(1)
    table = demo.facilities.copy()
    table["name_en"] = table["name_en"].astype(object)
    for row, (own, said) in enumerate(names.values()):
        table.loc[table.index[row], ["name", "name_en"]] = [own, said]
    return demo.with_layers(facilities=table)


def names_of(**names: tuple[str, str | None]) -> PlaceNames:
    return PlaceNames.of_district(district(**names), "en")


def test_a_name_of_latin_letters_or_figures_is_put_in_nowhere():
    labels = Labels("en", names=names_of(a=("1", "Community 1"), b=("Park", "Central Park")))
    assert labels.text("{count} homes", count="12,345") == "12,345 homes"
    assert labels.text("{kind}", kind="Park") == "Park"
    cells = pd.DataFrame({"Distance": ["1 km", "3.5 km"], "Day": ["2026-1-1", "1"]})
    assert labels.names.in_cells(cells).equals(cells)


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ("Ростов", "Ростов-на-Дону"),
        ("गाव", "गावों"),  # a vowel behind the name is a mark and no letter
        ("古浮桥", "古浮桥社区"),
        ("古浮桥", "古浮桥.gpkg"),
        ("النور", "النورية"),
    ],
)
def test_a_name_is_put_in_as_a_whole_word_of_its_script(own, word):
    names = PlaceNames({own: "Somewhere"})
    assert names.of(f"near {own}, 1 km") == "near Somewhere, 1 km"
    assert names.of(f"near {word}") == f"near {word}"


@pytest.mark.long
@pytest.mark.parametrize("missing", ["", None, "古桥"])
def test_of_two_places_of_one_name_none_is_called_what_the_other_is(missing):
    told = names_of(a=("新桥诊所", "New Bridge Clinic"), b=("新桥诊所", missing))
    assert told.of("新桥诊所") == "新桥诊所"
    assert names_of(a=("新桥诊所", "New Bridge Clinic")).of("新桥诊所") == "New Bridge Clinic"


def test_the_word_for_a_kind_is_no_name():
    demo = district(a=("茶室", "Tea Room"))
    kind = replace(next(iter(demo.kinds.values())), id="tea", en="茶室", zh="茶室")
    told = replace(demo, kinds={**demo.kinds, "tea": kind})
    assert PlaceNames.of_district(told, "en").of("茶室") == "茶室"


def test_a_hostile_name_is_escaped_as_the_text_is_that_it_is_put_into():
    names = PlaceNames({"茶亭": HOSTILE, "甲 & <乙>": "A & <B>"})
    assert names.in_html.of("<b>茶亭</b>") == f"<b>{safe(HOSTILE)}</b>"
    assert names.in_html.of(f"<b>{safe('甲 & <乙>')}</b>") == "<b>A &amp; &lt;B&gt;</b>"
    labels = Labels("en", names=names)
    assert labels.text("{name}: 1", name=markdown("茶亭")) == f"{markdown(HOSTILE)}: 1"
    assert labels.text("{name}: 1", name=safe("茶亭")) == f"{safe(HOSTILE)}: 1"
    assert labels.text("{name}: 1", name="甲 & <乙>") == "A & <B>: 1"


def test_the_own_name_is_not_put_behind_twice():
    names = PlaceNames({"茶亭": "Tea"}).with_own
    once = names.of("茶亭")
    assert once == "Tea (茶亭)"
    assert names.of(once) == once
    assert names.of(markdown(once)) == markdown(once)


def test_cells_are_written_by_the_place_of_their_column():
    table = pd.DataFrame([["茶亭", "茶亭", "茶亭", 3]], columns=[1, "Name", "Name", 2], index=[7])
    said = PlaceNames({"茶亭": "Tea"}).in_cells(table)
    assert list(said.columns) == [1, "Name", "Name", 2]
    assert said.to_numpy().tolist() == [["Tea", "Tea", "Tea", 3]]
    ids = pd.DataFrame({"community_id": ["茶亭"], "Facility code": ["茶亭"], "name": ["茶亭"]})
    assert PlaceNames({"茶亭": "Tea"}).in_cells(ids).iloc[0].tolist() == ["茶亭", "茶亭", "Tea"]


def test_on_a_map_tooltips_are_said_otherwise_and_ids_are_not():
    demo = district(a=("茶亭", HOSTILE))
    table = demo.facilities.copy()
    table.loc[table.index[0], "facility_id"] = "茶亭"
    told = demo.with_layers(facilities=table)
    names = PlaceNames.of_district(told, "en")
    group = facility_group(told, table["kind"].iloc[0], "en")
    drawing = next(iter(group._children.values()))
    _, arguments, address = map_view._call(drawing, names)
    folder = map_view.hashed_files().folder
    sent = arguments or folder.joinpath(address).read_text(encoding="utf-8")
    assert '"茶亭"' in sent  # the id that a click comes back with
    rows = map_view.json.loads(sent)[0]
    row = next(each for each in rows if each[4] == "茶亭")
    assert row[3].startswith(f"<b>{safe(HOSTILE)} (茶亭)</b>")


def test_each_tooltip_and_label_of_the_map_library_is_told_of():
    """A call that takes texts of places and is not told of would show own names alone."""
    script = resources.files("planner.views.maps").joinpath("web/layers.js").read_text("utf-8")
    calls = re.split(r"\n  function (\w+)\(group, ", script)[1:]
    rows = {name for name, code in zip(calls[::2], calls[1::2], strict=True) if SHOWS.search(code)}
    assert rows <= set(TEXTS) | {"inView"}
    assert set(TEXTS) - {"panel"} <= set(re.findall(r"function (\w+)\(group, ", script))


def test_a_file_in_a_sentence_keeps_its_name():
    labels = Labels("en", names=PlaceNames({"茶亭": "Tea"}))
    assert labels.text("{file}: {place}", file="茶亭", place="茶亭") == "茶亭: Tea"
