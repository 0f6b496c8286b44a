"""Names of the figures that a place of a KML file bears, as the file says them.

Map services write what is known of a place as ``<Data name="状态">``. The library that reads KML
keeps of such a name what a variable may be called, and writes ``_`` for every other byte: two
names of like length become one column, and the one before is lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_NAME = re.compile(rb"(<(?:\w+:)?Data\s(?:[^>]*?\s)?name\s*=\s*)(?:\"([^\"]*)\"|'([^']*)')")
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
    content = path.read_bytes()
    declared = _ENCODING.match(content)
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    stand_ins: dict[str, str] = {}

    def plain(found: re.Match[bytes]) -> bytes:
        said = html.unescape((found[2] or found[3] or b"").decode(encoding, "replace")).strip()
        if not said or (_PLAIN.fullmatch(said) and not said.startswith(_STAND_IN)):
            return found[0]
        own = stand_ins.setdefault(said, f"{_STAND_IN}{len(stand_ins)}")
        return found[1] + f'"{own}"'.encode("ascii")

    try:
        renamed = _NAME.sub(plain, content)
    except LookupError:  # an encoding that nobody knows: who reads the file will say so
        stand_ins.clear()
    if not stand_ins:
        yield path, {}
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(renamed)
        yield copy, {own: said for said, own in stand_ins.items()}
