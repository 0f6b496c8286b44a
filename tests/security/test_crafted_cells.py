"""Cells made to keep a reader busy: each is short, and the pattern that meets it takes for ever."""

import time

import pytest

from planner.district import builtin_kinds
from planner.errors import InputError, PlannerError
from planner.sources.files.intake import Intake
from planner.sources.files.layers import read_layer
from planner.sources.osm.extracts import deleted_objects
from planner.sources.tables.kept_mappings import mapping_of
from planner.sources.tables.mapping import TableMapping
from planner.sources.tables.set_aside import parse_allowance
from planner.sources.tables.values.figures import figure
from planner.sources.untrusted.uploads import check_layer

SECONDS = 6.0
"""A table of a few rows is read in a tenth of a second."""

GOOD = "".join(f"g{n},clinic,n{n},114.9{n},25.8{n},Mo-Fr 08:00-17:00\n" for n in range(10, 30))
HEADS = "facility_id,kind,name,lon,lat,hours\n"
LONG = 30_000


def one(value: str, column: str = "hours") -> str:
    cells = {"kind": "clinic", "name": "n", "lon": "114.91", "lat": "25.81", "hours": ""}
    cells[column] = value
    return HEADS + GOOD + ",".join(["x", *(f'"{each}"' for each in cells.values())]) + "\n"


def in_pairs(value: str) -> str:
    rows = "".join(f'g{n},clinic,"114.9{n},25.8"\n' for n in range(10, 40))
    return f'facility_id,kind,坐标\n{rows}x,clinic,"{value}"\n'


CASES = {
    "spaces among hours": one("周" + " " * LONG + "x"),
    "letters after a word for except": one("除A" + "A" * LONG),
    "a list of days": one("周" + "一" * LONG + "x"),
    "days of the week again and again": one("Mo-Su," * LONG),
    "brackets among hours": one("(" * LONG),
    "spaces in an angle": one("114°" + " " * LONG + "x", "lon"),
    "spaces in a pair": in_pairs("1" + " " * LONG + "x"),
    "digits in a pair": in_pairs("1" * LONG),
    "brackets that never close": "facility_id,kind,place\n"
    + "".join(f'a{n},clinic,"POINT{"(" * LONG}"\n' for n in range(20)),
    "a word of a million signs": one("a" * 1_000_000, "kind"),
    "as many words as rows": HEADS + "".join(f"a{n},w{n},n,114.9,25.8,\n" for n in range(LONG)),
    "rows off the globe": HEADS
    + GOOD
    + "".join(f"o{n},clinic,n,400,{n % 1000 + 200},\n" for n in range(LONG)),
    "one wide row": HEADS + GOOD + "x" + "," * 200_000 + "\n" + "y,\n" * 2000,
    "more columns than any table": "facility_id,kind,lon,lat"
    + "".join(f",c{n}" for n in range(20_000))
    + "\n"
    + "a,clinic,114.9,25.8\n" * 20,
}


def read(path, mapping=None):
    how = Intake(
        allowance=parse_allowance("100%"), mappings={"facilities": mapping} if mapping else {}
    )
    return read_layer("facilities", path, builtin_kinds(), how)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("case", list(CASES))
def test_no_cell_keeps_its_reader_busy(tmp_path, case):
    file = tmp_path / "a.csv"
    file.write_text(CASES[case], encoding="utf-8")
    begun = time.process_time()
    said = ""
    try:
        read(file)
    except InputError as error:
        said = str(error)
    assert len(said) < 2000
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("comments", ["<!---->" * 60, "<?xml version='1.0'?>" + "<!-- a -->" * 50])
@pytest.mark.parametrize("root", ["<x/>", "<kmx>"])
def test_comments_before_a_kml(tmp_path, comments, root):
    file = tmp_path / "a.kml"
    file.write_text(comments + root)
    begun = time.process_time()
    with pytest.raises(InputError):
        check_layer(file)
    assert time.process_time() - begun < SECONDS


def test_comments_before_a_kml_that_is_one(tmp_path):
    file = tmp_path / "a.kml"
    file.write_text("<?xml version='1.0'?>\n<!-- a -->\n<!-- b > -- -->\n<kml xmlns='x'></kml>")
    check_layer(file)


@pytest.mark.parametrize("again", ["action='delete' ", "<node action='delete' "])
def test_a_deed_that_is_said_again_and_again(tmp_path, again):
    file = tmp_path / "a.osm"
    file.write_text("<osm><node id='1' " + again * 200_000)
    begun = time.process_time()
    deleted_objects(file)
    assert time.process_time() - begun < SECONDS


def test_what_is_deleted_is_known_whatever_the_order(tmp_path):
    file = tmp_path / "a.osm"
    file.write_text(
        "<osm><node id='1' action='delete'/><way action=\"delete\" v='2' id='-7'></way>"
    )
    assert deleted_objects(file) == {("n", 1), ("w", -7)}


@pytest.mark.parametrize("srid", ["999999", "9" * 40, "9" * 5000])
def test_numbers_of_reference_systems_that_are_none(tmp_path, srid):
    file = tmp_path / "a.csv"
    rows = "".join(f'a{n},clinic,"SRID={srid};POINT(114.9 25.8)"\n' for n in range(20))
    file.write_text("facility_id,kind,place\n" + rows)
    with pytest.raises(InputError, match="EPSG"):
        read(file)


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["punycode", "undefined", "a\0b", "zip", "x" * 9000])
def test_encodings_that_are_none(tmp_path, encoding):
    file = tmp_path / "a.csv"
    file.write_text(HEADS + GOOD)
    columns = {each: each for each in ("facility_id", "kind", "lon", "lat")}
    mapping = TableMapping("facilities", encoding=encoding, header_row=1, columns=columns)
    assert len(read(file, mapping).table) == 20


@pytest.mark.parametrize("separator", ["ab", ",,", '"', "\n"])
def test_separators_that_are_none(separator):
    with pytest.raises(PlannerError):
        mapping_of({"layer": "facilities", "separator": separator}, "a.json")


@pytest.mark.parametrize("cell", ["120²", "120 ①", "1,200³", "120₁"])
def test_the_mark_of_a_footnote_is_no_digit(cell):
    """A figure with one would be ten times itself, without a word."""
    assert figure(cell, "population") is None


def test_footnotes_at_places_and_figures(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(HEADS + GOOD + "x,clinic,n,11²,25.8,\n", encoding="utf-8")
    found = read(file)
    assert [row.row for row in found.set_aside] == [22]
    assert figure("120m²", "floor_area_m2") == (120.0, False)
