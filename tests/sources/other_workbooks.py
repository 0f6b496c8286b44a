"""Makers of workbooks of other forms than Excel's newer one: .xls (MS-XLS in MS-CFB) and .ods."""

import struct
import zipfile
from html import escape

SECTOR = 512


def _record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def _string(text):
    return b"\1" + text.encode("utf-16-le")


def _sheet(rows, style_of, hidden, formulas=()):
    width = max(map(len, rows))
    extent = struct.pack("<IIHHH", 0, len(rows), 0, width, 0)
    parts = [
        _record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6)),
        _record(0x0200, extent),
    ]
    for at in range(len(rows)):
        flags = 0x100 | (0x20 if at in hidden else 0)
        parts.append(_record(0x0208, struct.pack("<HHHHHHHH", at, 0, width, 255, 0, 0, flags, 15)))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            head = struct.pack("<HHH", at, column, style_of.get((at, column), 0))
            if isinstance(value, str):
                text = struct.pack("<H", len(value)) + _string(value)
                parts.append(_record(0x0204, head + text))
            elif (at, column) in formulas:
                # its result, "calculate on load", no cached place, and a formula of one number
                body = struct.pack("<dHIH", value, 2, 0, 3) + struct.pack("<BH", 0x1E, 7)
                parts.append(_record(0x0006, head + body))
            else:
                parts.append(_record(0x0203, head + struct.pack("<d", value)))
    return b"".join(parts) + _record(0x000A)


def _workbook(rows, formats, hidden, struck=(), formulas=()):
    codes = dict.fromkeys(formats.values())
    style_of = {place: 1 + list(codes).index(code) for place, code in formats.items()}
    style_of |= dict.fromkeys(struck, 1 + len(codes))
    globals_ = [_record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))]
    # fonts 0 to 3, and the next is number 5
    globals_ += [
        _record(0x0031, struct.pack("<HHHHH", 200, crossed, 0, 400, 0) + b"\0" * 4)
        for crossed in (0, 0, 0, 0, 0x08)
    ]
    for number, code in enumerate(codes):
        globals_.append(
            _record(0x041E, struct.pack("<HH", 164 + number, len(code)) + _string(code))
        )
    globals_ += [
        _record(0x00E0, struct.pack("<HH", 0, number) + b"\0" * 16)
        for number in (0, *(164 + n for n in range(len(codes))))
    ]
    globals_.append(_record(0x00E0, struct.pack("<HH", 5, 0) + b"\0" * 16))
    name = struct.pack("<BBB", 0, 0, 4) + _string("data")
    start = sum(map(len, globals_)) + len(_record(0x0085, b"\0" * 4 + name)) + 4
    sheet = _record(0x0085, struct.pack("<I", start) + name[:2] + name[2:])
    return b"".join(globals_) + sheet + _record(0x000A) + _sheet(rows, style_of, hidden, formulas)


def _entry(name, kind, child, first, size):
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, 2**32 - 1, 2**32 - 1, child)
        + b"\0" * 36 + struct.pack("<IQ", first, size)
    )  # fmt: skip


def old_form(
    path,
    rows,
    formats=None,
    hidden=(),
    *,
    small=False,
    stream_name="Workbook",
    struck=(),
    formulas=(),
):
    """Write an .xls; `small`: where its stream is below the cut-off, and lies in the root's."""
    stream = _workbook(rows, formats or {}, hidden, struck, formulas)
    end, none, table = 2**32 - 2, 2**32 - 1, 2**32 - 3
    size = len(stream) if small else max(len(stream), 4096)
    stream = stream.ljust(-(-size // SECTOR) * SECTOR, b"\0")
    count = len(stream) // SECTOR
    # sectors: table of sectors, entries, table of small sectors, then the stream
    chain = [table, end, end, *(3 + n + 1 for n in range(count - 1)), end]
    fat = struct.pack(f"<{SECTOR // 4}I", *chain, *[none] * (SECTOR // 4 - len(chain)))
    minis = -(-size // 64)
    mini_chain = [*range(1, minis), end] if small else []
    mini = struct.pack(f"<{SECTOR // 4}I", *mini_chain, *[none] * (SECTOR // 4 - len(mini_chain)))
    entries = (
        _entry("Root Entry", 5, 1, 3 if small else end, len(stream) if small else 0)
        + _entry(stream_name, 2, none, 0 if small else 3, size)
    ).ljust(SECTOR, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6xIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096)
    header += struct.pack("<IIII", 2 if small else end, int(small), end, 0)
    header += struct.pack("<109I", 0, *[none] * 108)
    path.write_bytes(header + fat + entries + mini + stream)
    return path


NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def _cell(value, shown, times=1, style="", formula=False):
    many = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    many += f' table:style-name="{style}"' if style else ""
    many += ' table:formula="of:=[.A1]*1"' if formula else ""
    if value == "":
        return f"<table:table-cell{many}/>"
    if isinstance(value, str):
        said = 'office:value-type="string"'
    elif "%" in shown:
        said = f'office:value-type="percentage" office:value="{value!r}"'
    else:
        said = f'office:value-type="float" office:value="{value!r}"'
    return f"<table:table-cell {said}{many}><text:p>{escape(shown)}</text:p></table:table-cell>"


def open_document(
    path, rows, shown=None, hidden=(), way="collapse", before=0, struck=(), named=False, formulas=()
):
    """Write an .ods; `shown` is by row and column what a cell shows in place of its number."""
    lines = []
    if before:
        lines.append(
            f'<table:table-row table:number-rows-repeated="{before}">'
            "<table:table-cell/></table:table-row>"
        )
    for at, row in enumerate(rows):
        cells = "".join(
            _cell(
                value,
                (shown or {}).get((at, column), str(value)),
                style="ce1" if (at, column) in struck else "",
                formula=(at, column) in formulas,
            )
            for column, value in enumerate(row)
        )
        mark = f' table:visibility="{way}"' if at in hidden else ""
        lines.append(f"<table:table-row{mark}>{cells}</table:table-row>")
    body = f'<table:table table:name="data">{"".join(lines)}</table:table>'
    through = '<style:text-properties style:text-line-through-style="solid"/>'
    parent = ' style:parent-style-name="Gone"' if named else ""
    style = f'<style:style style:name="ce1"{parent}>{"" if named else through}</style:style>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES} '
        f'office:version="1.2"><office:automatic-styles>{style}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", content)
        if named:
            given = f'<style:style style:name="Gone">{through}</style:style>'
            book.writestr(
                "styles.xml", f"<office:document-styles {NAMES}>{given}</office:document-styles>"
            )
        book.writestr("META-INF/manifest.xml", "<manifest/>")
    return path
