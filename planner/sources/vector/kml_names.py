"""Names of the figures that a place of a KML file bears, as the file says them.

Map services write what is known of a place as ``<Data name="状态">``. The library that reads KML
keeps of such a name what a variable may be called, and writes ``_`` for every other byte: two
names of like length become one column, and the one before is lost. So do two names that differ by
capitals alone. What stands as ``<displayName>`` is what people see, and goes before a name that
is no header that an import knows.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from planner.sources.tables.headers.headers import known_headers

_NAME = re.compile(
    rb"(<(?:\w+:)?(?:Data|SimpleData|SimpleField)\s(?:[^<>]*?\s)?name\s*=\s*)"
    rb"(?:\"([^\"<]*)\"|'([^'<]*)')"
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENCODING = re.compile(rb"(\s*<\?xml[^>]*?encoding\s*=\s*[\"'])([\w.-]+)")
_SHOWN = re.compile(
    rb"[^<>]*+>\s*+<(?:\w+:)?displayName\s*+>\s*+(?:<!\[CDATA\[([^<\]]*+)\]\]>\s*+|([^<]*+))"
    rb"</(?:\w+:)?displayName"
)
"""What follows a name where another is shown for it."""
_BLANK = re.compile(rb"<(?:\w+:)?SimpleData\s[^<>]*(?:/>|>\s*</(?:\w+:)?SimpleData\s*>)")
"""A figure of a schema that is left blank; the library reads one of a number's type as 0."""
_GB18030 = "gb18030"
_OF_CHINA = frozenset(("gb2312", "gb-2312-80", "gbk", "x-gbk", "cp936", "windows-936", _GB18030))
"""Names of encodings of China, each a part of the last: files say the first and have more."""
_OTHERS = re.compile(
    r"big5(-hkscs)?|shift-jis|euc-(jp|kr)|(windows-|cp)125\d|iso-8859-\d{1,2}|koi8-[ru]"
)
"""Others in which signs of mark-up are what they are in ASCII, as who vetted the file read them."""
_OF_LIBRARY = frozenset(
    (
        *("id", "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate"),
        *("extrude", "visibility", "draworder", "icon", "geometry", "fid"),
    )
)
"""Columns that the library makes of every place."""
_PLACE = re.compile(rb"<(?:\w+:)?Placemark\b")
_EMPTY = re.compile(
    rb"<(\w+:)?Data\s[^<>]*(?:/>|>\s*(?:<(?:\w+:)?value\s*(?:/>|>\s*</(?:\w+:)?value\s*>)\s*)?"
    rb"</(?:\w+:)?Data\s*>)"
)
_STAND_IN = "planner_data_"


@dataclass(frozen=True)
class Plain:
    """A file as the library reads it.

    Parameters
    ----------
    path
        The file itself where nothing was to be changed; else a copy.
    names
        The names of the file by those of the copy.
    encoding
        In which encoding it was read though it says to be in UTF-8; empty where it is.
    """

    path: Path
    names: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""


@contextmanager
def with_plain_names(path: Path) -> Iterator[Plain]:
    """Give a file whose names are kept as they are, and what each of them stands for.

    Parameters
    ----------
    path
        A KML file, held against its content before.

    Yields
    ------
    Plain
        With a copy that lasts as long as this.
    """
    original = path.read_bytes()
    text, encoding = _in_utf8(original)
    content = _without_blanks(_untyped(_BLANK.sub(b"", text)))
    names = list(_NAME.finditer(content))
    said = {_text(found) for found in names} - {""}
    shown = _shown_names(content, names, said)
    alike = Counter(name.casefold() for name in said)
    unsafe = sorted(
        name for name in said if not _is_safe(name) or alike[name.casefold()] > 1 or name in shown
    )
    stand_ins = {name: f"{_STAND_IN}{number}" for number, name in enumerate(unsafe)}
    if not stand_ins and content == original:
        yield Plain(path)
        return

    def plain(found: re.Match[bytes]) -> bytes:
        own = stand_ins.get(_text(found))
        return found[0] if own is None else found[1] + f'"{own}"'.encode("ascii")

    renamed = _NAME.sub(plain, content)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(renamed)
        told = {own: shown.get(said, said) for said, own in stand_ins.items()}
        yield Plain(copy, told, encoding)


def _in_utf8(content: bytes) -> tuple[bytes, str]:
    """Return a file in UTF-8 where it is in another encoding, such as GBK.

    The library knows few of those that a file may say. One that nobody knows stays, and who reads
    the file says so. With it, in which encoding a file was read that says to be in UTF-8: as text
    tables are, since tools of China write GBK below a heading that says otherwise.
    """
    declared = _ENCODING.match(content)
    named = declared[2].decode("ascii").lower().replace("_", "-") if declared else ""
    encoding = _GB18030 if named in _OF_CHINA else named if _OTHERS.fullmatch(named) else ""
    if named in ("", "utf-8", "utf8"):
        return _guessed(content)
    if declared is None or not encoding:
        return content, ""
    try:
        body = content[declared.end() :].decode(encoding).encode("utf-8")
    except (LookupError, UnicodeError):
        return content, ""
    return declared[1] + b"utf-8" + body, ""


def _guessed(content: bytes) -> tuple[bytes, str]:
    """Return a file that says to be in UTF-8, read as GB18030 where it is not and may be that."""
    for encoding in ("utf-8", _GB18030):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        return (content, "") if encoding == "utf-8" else (text.encode("utf-8"), encoding.upper())
    return content, ""


def _without_blanks(content: bytes) -> bytes:
    """Return a file without empty figures where a place bears a name twice: the last one counts."""
    times = Counter(_text(found) for found in _NAME.finditer(content))
    places = len(_PLACE.findall(content))
    return _EMPTY.sub(b"", content) if any(count > places for count in times.values()) else content


def _shown_names(
    content: bytes, names: Sequence[re.Match[bytes]], said: Collection[str]
) -> dict[str, str]:
    """Return what is shown for a name, where that is one thing throughout and no other's name."""
    shown: dict[str, set[str]] = {}
    for found in names:
        beside = _SHOWN.match(content, found.end())
        if beside is not None:
            text = html.unescape((beside[1] or beside[2] or b"").decode("utf-8", "replace"))
            shown.setdefault(_text(found), set()).add(text.strip())
    single = {name: texts.pop() for name, texts in shown.items() if len(texts) == 1}
    times = Counter(single.values())
    return {
        name: text
        for name, text in single.items()
        if text and not {text, text.casefold()} & {*said, *_OF_LIBRARY}
        if name and times[text] == 1 and not known_headers([name])
    }


def _untyped(content: bytes) -> bytes:
    """Return a file whose typed figures are plain ones where no schema tells their types.

    The library passes over figures of a schema that is not in the file.
    """
    if b"SimpleData" not in content or b"SimpleField" in content:
        return content
    for pattern, instead in _WITHOUT_SCHEMA:
        content = pattern.sub(instead, content)
    return content


_WITHOUT_SCHEMA = (
    (re.compile(rb"<(/?)(\w+:)?SchemaData\b[^<>]*>"), rb""),
    (re.compile(rb"<(\w+:)?SimpleData\b([^<>]*)/>"), rb"<\1Data\2><\1value/></\1Data>"),
    (re.compile(rb"<(\w+:)?SimpleData\b([^<>]*)>"), rb"<\1Data\2><\1value>"),
    (re.compile(rb"</(\w+:)?SimpleData\s*>"), rb"</\1value></\1Data>"),
)


def _text(found: re.Match[bytes]) -> str:
    """Return a name as a reader of the file sees it."""
    return html.unescape((found[2] or found[3] or b"").decode("utf-8", "replace")).strip()


def _is_safe(name: str) -> bool:
    return bool(_PLAIN.fullmatch(name)) and not name.startswith(_STAND_IN)
