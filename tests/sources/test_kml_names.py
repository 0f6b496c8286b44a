"""Figures of a place in a KML file are called what the file calls them."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from places import CRS

from planner.district import builtin_kinds
from planner.errors import InputError
from planner.sources import read_demand, read_facilities
from planner.sources.vector import gdal
from planner.sources.vector.kml_names import with_plain_names

KINDS = builtin_kinds()


def kml(path: Path, *places: dict[str, str], declared: str = "utf-8") -> Path:
    """Write places with untyped data, as services of maps do."""
    marks = []
    for number, data in enumerate(places):
        told = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in data.items())
        marks.append(
            f"<Placemark><name>社区卫生服务站{number}</name><ExtendedData>{told}</ExtendedData>"
            f"<Point><coordinates>{114.93 + number / 1000},25.85</coordinates></Point></Placemark>"
        )
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{"".join(marks)}</Document></kml>'
    )
    path.write_bytes(text.encode(declared))
    return path


def columns(path: Path) -> dict[str, list[object]]:
    with gdal.opened(path) as file:
        (layer,) = file.layers()
        table = file.read(layer)
        assert set(file.size(layer)[1]) <= set(table.columns)
    return {str(name): table[name].tolist() for name in table.columns}


def test_names_of_like_length_stay_two_columns(tmp_path):
    path = kml(tmp_path / "a.kml", {"状态": "停用", "地址": "1号"}, {"状态": "在用", "地址": "2号"})
    before = path.read_bytes()
    found = columns(path)
    assert found["状态"] == ["停用", "在用"]
    assert found["地址"] == ["1号", "2号"]
    assert path.read_bytes() == before


def test_what_is_closed_by_a_chinese_name_does_not_count(tmp_path):
    path = kml(tmp_path / "a.kml", {"状态": "停用"}, {"状态": "在用"})
    table = read_facilities(path, KINDS).table
    assert table["status"].tolist() == ["closed", "existing"]


def test_residents_and_groups_of_any_names_are_read(tmp_path):
    path = kml(tmp_path / "a.kml", {"population": "100", "65岁以上人口": "10"})
    table = read_demand(path, crs=CRS).table
    assert table["population"].tolist() == [100]
    assert table["pop_65plus"].tolist() == [10]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Open hours", "Open hours"),
        ("A &amp; B", "A & B"),
        ("planner_data_0", "planner_data_0"),
        ("plain", "plain"),
    ],
)
def test_a_name_is_what_a_reader_of_the_file_sees(tmp_path, written, name):
    found = columns(kml(tmp_path / "a.kml", {"人口": "1", written: "2"}))
    assert (found["人口"], found[name]) == (["1"], ["2"])


def test_single_quotes_other_prefixes_and_archives(tmp_path):
    path = kml(tmp_path / "a.kml", {"状态": "停用"})
    text = path.read_text(encoding="utf-8").replace(
        'Data name="状态"', "Data\n id='7' name = '状态'"
    )
    path.write_text(text, encoding="utf-8")
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "a.kml")
    for file in (path, tmp_path / "a.zip"):
        assert columns(file)["状态"] == ["停用"]


def test_names_that_differ_by_capitals_stay_two(tmp_path):
    path = kml(
        tmp_path / "a.kml", {"Status": "停用", "status": ""}, {"Status": "在用", "status": ""}
    )
    found = columns(path)
    assert found["Status"] == ["停用", "在用"]


@pytest.mark.parametrize("there", [True, False])
def test_names_of_a_schema_are_kept_and_without_one_too(tmp_path, there):
    path = kml(tmp_path / "a.kml", {"状态": "停用", "地址": "1号"})
    text = path.read_text(encoding="utf-8")
    text = text.replace("<Data ", "<SimpleData ").replace("<value>", "").replace("</value>", "")
    text = text.replace("</Data>", "</SimpleData>")
    text = text.replace("<ExtendedData>", '<ExtendedData><SchemaData schemaUrl="#s">')
    text = text.replace("</ExtendedData>", "</SchemaData></ExtendedData>")
    fields = "".join(f'<SimpleField name="{n}" type="string"/>' for n in ("状态", "地址"))
    schema = f'<Document><Schema name="s" id="s">{fields}</Schema>'
    text = text.replace("<Document>", schema) if there else text
    path.write_text(text, encoding="utf-8")
    found = columns(path)
    assert (found["状态"], found["地址"]) == (["停用"], ["1号"])


@pytest.mark.parametrize("encoding", ["GBK", "GB18030"])
def test_a_file_in_an_encoding_of_china_is_read(tmp_path, encoding):
    path = kml(tmp_path / "a.kml", {"名稱": "停用"}, {"名稱": "在用"}, declared=encoding)
    assert columns(path)["名稱"] == ["停用", "在用"]


@pytest.mark.parametrize("shown", ["状态", "<![CDATA[状态]]>", " 状态 "])
def test_what_is_shown_for_a_name_goes_before_it(tmp_path, shown):
    path = kml(tmp_path / "a.kml", {"f1": "停用", "f2": "x"}, {"f1": "在用", "f2": "y"})
    text = path.read_text(encoding="utf-8")
    named = f'name="f1"><displayName>{shown}</displayName>'
    path.write_text(text.replace('name="f1">', named), encoding="utf-8")
    assert columns(path)["状态"] == ["停用", "在用"]
    assert read_facilities(path, KINDS).table["status"].tolist() == ["closed", "existing"]


def test_what_is_shown_for_two_names_says_nothing(tmp_path):
    path = kml(tmp_path / "a.kml", {"f1": "停用", "f2": "x"})
    text = path.read_text(encoding="utf-8")
    for name in ("f1", "f2"):
        text = text.replace(f'"{name}">', f'"{name}"><displayName>说明</displayName>')
    path.write_text(text, encoding="utf-8")
    found = columns(path)
    assert (found["f1"], found["f2"]) == (["停用"], ["x"])


@pytest.mark.parametrize("empty", ["<Data name='状态'/>", '<Data name="状态"><value/></Data>'])
def test_an_empty_figure_takes_nothing_from_one_of_its_name(tmp_path, empty):
    path = kml(tmp_path / "a.kml", {"状态": "停用"}, {"状态": "在用"})
    text = path.read_text(encoding="utf-8").replace("</ExtendedData>", f"{empty}</ExtendedData>")
    path.write_text(text, encoding="utf-8")
    assert columns(path)["状态"] == ["停用", "在用"]


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "city.gdb").mkdir()
    with pytest.raises(InputError) as refused, gdal.opened(tmp_path / "city.gdb"):
        pass
    assert refused.value.code == "sources.is_folder"


def test_a_name_that_is_known_stays_whatever_is_shown_for_it(tmp_path):
    path = kml(tmp_path / "a.kml", {"状态": "停用"}, {"状态": "在用"})
    text = path.read_text(encoding="utf-8")
    named = '"状态"><displayName>运营</displayName>'
    path.write_text(text.replace('"状态">', named), encoding="utf-8")
    assert read_facilities(path, KINDS).table["status"].tolist() == ["closed", "existing"]


@pytest.mark.parametrize("blank", ['<SimpleData name="n"/>', '<SimpleData name="n"> </SimpleData>'])
@pytest.mark.parametrize("kind", ["int", "double"])
def test_a_blank_of_a_typed_figure_is_not_known(tmp_path, kind, blank):
    path = kml(tmp_path / "a.kml", {"n": "7"}, {"n": "8"})
    text = path.read_text(encoding="utf-8").replace(
        "<Document>",
        f"""<Document>
        <Schema id="s" name="s"><SimpleField type="{kind}" name="n"/></Schema>""",
    )
    for value, told in (("7", '<SimpleData name="n">7</SimpleData>'), ("8", blank)):
        old = f'<Data name="n"><value>{value}</value></Data>'
        text = text.replace(old, f'<SchemaData schemaUrl="#s">{told}</SchemaData>')
    path.write_text(text, encoding="utf-8")
    seven, none = columns(path)["n"]
    assert float(str(seven)) == 7
    assert none is None or none != none


def test_signs_beyond_the_encoding_that_is_said_are_read(tmp_path):
    """Files say GB2312 and have names that only GBK can write."""
    path = kml(tmp_path / "a.kml", {"地址": "朱镕基路"}, declared="GBK")
    path.write_bytes(path.read_bytes().replace(b"GBK", b"gb2312"))
    assert columns(path)["地址"] == ["朱镕基路"]


@pytest.mark.parametrize("named", ["utf-7", "unicode_escape", "punycode", "nobody-knows-it"])
def test_an_encoding_in_which_mark_up_may_hide_is_not_read(tmp_path, named):
    path = kml(tmp_path / "a.kml", {"a": "b"})
    path.write_bytes(path.read_bytes().replace(b"utf-8", named.encode()))
    with with_plain_names(path) as plain:
        assert plain.path == path


@pytest.mark.parametrize("shown", ["Name", "description", "geometry"])
def test_what_is_shown_doubles_no_column_of_the_library(tmp_path, shown):
    path = kml(tmp_path / "a.kml", {"f1": "停用"})
    named = f'"f1"><displayName>{shown}</displayName>'
    text = path.read_text(encoding="utf-8").replace('"f1">', named)
    path.write_text(text, encoding="utf-8")
    assert columns(path)["f1"] == ["停用"]


def test_blanks_behind_what_is_shown_are_read_in_one_pass(tmp_path):
    """Steps, not seconds: each of them would be tried with each other."""
    path = kml(tmp_path / "a.kml", {"f1": "停用"})
    blanks = " " * 200_000
    text = path.read_text(encoding="utf-8")
    named = f'"f1">{blanks}<displayName>{blanks}</nothing>'
    path.write_text(text.replace('"f1">', named), encoding="utf-8")
    with with_plain_names(path) as plain:
        assert (plain.path, plain.names) == (path, {})


@pytest.mark.parametrize("declared", ["utf-8", ""])
def test_a_file_in_gbk_that_says_utf_8_is_read_and_told(tmp_path, declared):
    path = kml(tmp_path / "a.kml", {"地址": "朱镕基路"}, declared="GBK")
    old = b' encoding="GBK"'
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, f' encoding="{declared}"'.encode() if declared else b""))
    read = read_facilities(path, KINDS)
    assert columns(path)["地址"] == ["朱镕基路"]
    told = [each for each in read.findings if each.code == "sources.decoded"]
    assert [each.params["encoding"] for each in told] == ["GB18030"]
