"""Names of the figures that a place of a KML file bears, as the file says them.

Map services write what is known of a place as ``<Data name="状态">``. The library that reads KML
keeps of such a name what a variable may be called, and writes ``_`` for every other byte: two
names of like length become one column, and the one before is lost. So do two names that differ by
capitals alone.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_NAME = re.compile(
    rb"(<(?:\w+:)?(?:Data|SimpleData|SimpleField)\s(?:[^<>]*?\s)?name\s*=\s*)"
    rb"(?:\"([^\"<]*)\"|'([^'<]*)')"
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")
_STAND_IN = "planner_data_"


@contextmanager
def with_plain_names(path: Path) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Give a file whose names are kept as they are, and what each of them stands for.

    Parameters
    ----------
    path
        A KML file, held against its content before.

    Yields
    ------
    tuple
        The file itself and nothing where its names are plain; else a copy that lasts as long as
        this, and the names of the file by those of the copy.
    """
    original = path.read_bytes()
    content = _untyped(original)
    declared = _ENCODING.match(content)
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        said = {_text(found, encoding) for found in _NAME.finditer(content)} - {""}
    except LookupError:  # an encoding that nobody knows: who reads the file will say so
        said = set()
    alike = Counter(name.casefold() for name in said)
    unsafe = sorted(name for name in said if not _is_safe(name) or alike[name.casefold()] > 1)
    stand_ins = {name: f"{_STAND_IN}{number}" for number, name in enumerate(unsafe)}
    if not stand_ins and content == original:
        yield path, {}
        return

    def plain(found: re.Match[bytes]) -> bytes:
        own = stand_ins.get(_text(found, encoding))
        return found[0] if own is None else found[1] + f'"{own}"'.encode("ascii")

    renamed = _NAME.sub(plain, content)
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(renamed)
        yield copy, {own: said for said, own in stand_ins.items()}


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


def _text(found: re.Match[bytes], encoding: str) -> str:
    """Return a name as a reader of the file sees it."""
    return html.unescape((found[2] or found[3] or b"").decode(encoding, "replace")).strip()


def _is_safe(name: str) -> bool:
    return bool(_PLAIN.fullmatch(name)) and not name.startswith(_STAND_IN)
