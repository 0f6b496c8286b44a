"""Workbooks made to do harm: they unpack, reach or repeat beyond reason, or are something else."""

import base64
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from steps import steps_of

from planner.errors import InputError
from planner.sources import read_demand
from planner.sources.tables.workbooks.excel import read_sheet
from planner.sources.untrusted.uploads import check_table
from planner.sources.untrusted.workbooks import check_spreadsheet

_ODS = (
    '<?xml version="1.0"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="S">{}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)
_CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def row(cells, repeated=""):
    times = f' table:number-rows-repeated="{repeated}"' if repeated else ""
    return f"<table:table-row{times}>{cells}</table:table-row>"


def ods(path: Path, body: str, **more: bytes) -> Path:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", _ODS.format(body))
        for name, content in more.items():
            archive.writestr(name, content)
    return path


def xlsx(path: Path, change) -> Path:
    """Write a workbook of one sheet whose parts are changed before they are packed."""
    plain = BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        sheet = book.add_worksheet("a")
        sheet.write_row(0, 0, ["lon", "lat", "population"])
        sheet.write_row(1, 0, [114, 25, 5])
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for part in source.infolist():
            out.writestr(part.filename, change(part.filename, source.read(part)))
    return path


def in_sheet(old: bytes, new: bytes):
    def change(name, text):
        if not name.startswith("xl/worksheets/"):
            return text
        assert old in text
        return text.replace(old, new)

    return change


FAR = [
    in_sheet(b'r="C2"', b'r="XFD1048576"'),
    in_sheet(b'r="C2"', b"r='XFD1048576'"),
    in_sheet(b'r="C2"', b'r="xfd1048576"'),
    in_sheet(b'<row r="2"', b'<row r="99999999"'),
    in_sheet(b'<row r="2"', b'<row s=">" r\n = "99999999"'),
    in_sheet(b'r="C2"', b'r = "XFD1048576"'),
    in_sheet(
        b"</sheetData>", b"<row/>" * 20_000 + b"<row>" + b"<c/>" * 20_000 + b"</row></sheetData>"
    ),
]


@pytest.mark.parametrize("change", FAR)
def test_cells_far_apart_are_refused_before_they_are_laid_out(tmp_path, change):
    with pytest.raises(InputError, match="reaches over"):
        read_demand(xlsx(tmp_path / "a.xlsx", change))


def test_a_sheet_is_found_where_the_workbook_says(tmp_path):
    """The name of a part says nothing: its sheet may lie anywhere."""
    far, path = in_sheet(b'r="C2"', b'r="XFD1048576"'), tmp_path / "a.xlsx"
    named, moved = xlsx(tmp_path / "named.xlsx", far), b"worksheets/sheet1.xml"
    with zipfile.ZipFile(named) as source, zipfile.ZipFile(path, "w") as out:
        for part in source.infolist():
            name = part.filename.replace(moved.decode(), "else/where.bin")
            out.writestr(name, source.read(part).replace(moved, b"else/where.bin"))
    with pytest.raises(InputError, match="reaches over"):
        read_demand(path)


def test_a_long_text_that_many_cells_share_is_refused(tmp_path):
    def change(name, text):
        if name == "xl/sharedStrings.xml":
            return text.replace(b">lon<", b">" + b"a" * 1_000_000 + b"<")
        cells = b"".join(b'<row><c t="s"><v>%d</v></c></row>' % (n % 2) for n in range(6000))
        return in_sheet(b"</sheetData>", cells + b"</sheetData>")(name, text)

    with pytest.raises(InputError, match="unpacks to"):
        read_demand(xlsx(tmp_path / "a.xlsx", change))


@pytest.mark.parametrize(
    "change",
    [
        in_sheet(b'r="C2"', b'r="&#88;FD1048576"'),
        in_sheet(b"<v>5</v>", b"<v><![CDATA[5]]></v>"),
        lambda name, text: text.decode().encode("utf-16") if "sheet1" in name else text,
    ],
    ids=["a place in disguise", "a value in disguise", "two bytes a sign"],
)
def test_what_hides_a_place_or_a_value_is_refused(tmp_path, change):
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        check_spreadsheet(xlsx(tmp_path / "a.xlsx", change))


REPEATED = [
    row(_CELL.format("", "a"), "1000000000"),
    row(_CELL.format(' table:number-columns-repeated="40000000"', "a")),
    row(_CELL.format(' table:number-columns-repeated="16000"', "a"), "16000"),
    row(
        '<table:table-cell table:number-columns-repeated="16000"/>' + _CELL.format("", "a"), "9000"
    ),
    row('<table:table-cell office:value="1" table:number-columns-repeated="99999999"/>'),
    row(_CELL.format("", "a"), "900000") * 40,
]


@pytest.mark.parametrize("body", REPEATED)
def test_what_is_repeated_beyond_reason_is_refused(tmp_path, body):
    file = ods(tmp_path / "a.ods", body)

    def read() -> None:
        with pytest.raises(InputError, match="reaches over"):
            read_demand(file)

    assert steps_of(read) < 100_000


def test_a_count_in_disguise_is_refused(tmp_path):
    body = row(_CELL.format(' table:number-columns-repeated="&#57;9999999"', "a"))
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_demand(ods(tmp_path / "a.ods", body))


def test_an_honest_sheet_ends_in_repeated_blanks(tmp_path):
    head = row("".join(_CELL.format("", word) for word in ("lon", "lat", "population")))
    body = row("".join(_CELL.format("", word) for word in ("114", "25", "5")))
    blanks = row('<table:table-cell table:number-columns-repeated="16384"/>', "1048574")
    assert len(read_demand(ods(tmp_path / "a.ods", head + body + blanks)).table) == 1


@pytest.mark.long
@pytest.mark.parametrize("name", ["a.ods", "a.xlsx"])
def test_a_bomb_is_not_unpacked(tmp_path, name):
    zeros = b" " * 400_000_000
    if name == "a.ods":
        path = ods(tmp_path / name, "", **{"Pictures/a.png": zeros})
    else:
        path = xlsx(tmp_path / name, lambda _, text: text)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/a.png", zeros)
    del zeros
    with pytest.raises(InputError, match="unpacks to"):
        check_table(path)


@pytest.mark.long
def test_entities_other_archives_and_locked_ones_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    entity = in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "yyyy">]><worksheet')
    with pytest.raises(InputError, match="ENTITY"):
        check_spreadsheet(xlsx(path, entity))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match=r"workbook \(zip\)"):
        check_spreadsheet(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(InputError, match="locked by a password"):
        check_spreadsheet(path)
    for content in (b"", b"PK\x03\x04 nonsense", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600):
        path.write_bytes(content)
        with pytest.raises(InputError):
            read_demand(path)


def with_comment(archive: bytes, length: int) -> bytes:
    """Return an archive that says so long a comment follows."""
    return archive[:-2] + struct.pack("<H", length)


def with_end(archive: bytes, offset: int, value: int) -> bytes:
    """Return an archive whose end record says something else at an offset."""
    at = len(archive) - 22 + offset
    return archive[:at] + struct.pack("<H", value) + archive[at + 2 :]


DISK, ENTRIES_HERE, ENTRIES, COMMENT = 4, 8, 10, 20
"""Places in the end record of an archive."""


@pytest.mark.parametrize("place", [DISK, ENTRIES_HERE, ENTRIES, COMMENT])
def test_what_is_read_is_what_was_checked(tmp_path, place):
    """Two archives in one file: each reader takes another for the one that counts."""
    seen = xlsx(tmp_path / "seen.xlsx", in_sheet(b"<v>5</v>", b"<v>1</v>")).read_bytes()
    hidden = xlsx(tmp_path / "hidden.xlsx", in_sheet(b"<v>5</v>", b"<v>2</v>")).read_bytes()
    seen = with_end(seen, place, 1)
    both = tmp_path / "both.xlsx"
    both.write_bytes(with_comment(hidden, len(seen)) + seen)
    with zipfile.ZipFile(both) as archive:
        assert b"<v>1</v>" in archive.read("xl/worksheets/sheet1.xml")
    read = read_sheet(both, "demand")
    assert "1" in read.rows.to_numpy()
    assert "2" not in read.rows.to_numpy()


def test_names_that_stand_twice(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", lambda _, text: text)
    with (
        zipfile.ZipFile(path, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate"),
    ):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    with pytest.raises(InputError, match="2 ×"):
        check_spreadsheet(path)


OLD_FORM = r"""
c-p&gUhu)fjZzO8(10BSGsD0CoD6J8VvIn{3F8Pb0OkMx2QgtZ2N3@s1w#sOasVTejg?_H?-
_Pb9D?HeAp;Y`29|?Bl7Zn75XUeSF!<%?r7F-7IDy@e$Ov+SEs$hnm;)5yV~_;9N(f9QgGpg9xgM-
?514cSi}Zp?TcFwpj8P2d?ftYYps6^5NeL{+#{e>SJ6O*xu!tdpD8mU*Dz2Zv2vN(*;8>KIm@_yf<XCtZmM{S0%{
?_QwJ0&?0fPuI0+%p+{jb2l@CBAr4=9X^(^s640Vw_hRh%7*_+%y)28ITP{|Vp(-
U=*Sw=zQ_IPniK&KaR)E*AqsL4HALPGU)BejXR75C&&j0hCP33r@^DKr)4aAIug6Cusp-vHWM{$4kCR0rv4=kp^%
<4KZ33<N}8O42>WiK+Sw$874TX1tzt@WE0p_X)s#~Oo{*#B9K-
K5QQ?_n!##Xz_MyUdyK*0vb{PITLZ{$eI2+%uJy6KCXl_({b7~Jy6g4}8I*t_kOI^Xg3Sy%j5>_7W`e*@dl=0K&H
8u2q$EZ$z`-
N{_1k}FoyE`a7ZiX%AP6QwDj31OL#SW|`kN6PVgbF=^JM;ha<F3(V%P=_1_z`Hkc(jyjDk@x3P!;w7zLwX6pVr)4
H%&feNevx)D>Wbb|=`O<2rwV_}}O-$*=`M4EaD<0_>Q&GUNg2B8Ezm(vKJeD<jM-
Mk4jV#tT6p9B6wHLpDPa*d5s<r(a-qkP+EGL~9hFUKS$N{(q#nlg9P~0C94^Z~
"""
"""A workbook of two cells, ``population`` in A1 and 77777.777 in B2, as xlwt writes it."""


def old_form(path: Path, row: int, column: int) -> Path:
    """Write a workbook of the old form with two cells, the second at a place that is said."""
    content = bytearray(zlib.decompress(base64.b85decode("".join(OLD_FORM.split()))))
    at = content.index(struct.pack("<d", 77777.777)) - 6
    assert struct.unpack_from("<HH", content, at) == (1, 1)
    struct.pack_into("<HH", content, at, row, column)
    path.write_bytes(content)
    return path


@pytest.mark.long
def test_an_old_workbook_ends_no_process_of_ours(tmp_path):
    with pytest.raises(InputError, match="memory"):
        read_sheet(old_form(tmp_path / "a.xls", 65535, 65535), "demand")


@pytest.mark.long
def test_an_old_workbook_is_read(tmp_path):
    read = read_sheet(old_form(tmp_path / "a.xls", 1, 1), "demand")
    assert read.rows.to_numpy().tolist() == [["population", ""], ["", "77777.777"]]
