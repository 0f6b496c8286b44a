"""Text on its way to a terminal: what would steer it is shown as a sign.

Names and cells of files come into sentences and tables. A terminal takes some of their signs for
orders: to colour, to wipe what stood there, to set its title or what will be pasted next, to write
from right to left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_UNKNOWN = "\ufffd"
_C0 = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
_C1 = dict.fromkeys(range(0x80, 0xA0), _UNKNOWN)
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SIGNS = {**_C0, 0x7F: "\u2421", **_C1, **dict.fromkeys(_TURNING, _UNKNOWN)}
_IN_JSON = re.compile(r"[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Return text whose signs that would steer a terminal are shown.

    Examples
    --------
    >>> visible("a\x1b[31mb\r"), visible("two\nlines") == "two\nlines"
    ('a␛[31mb␍', True)
    """
    return text.translate(_SIGNS)


def escaped(document: str) -> str:
    r"""Return JSON that says the same, without such signs.

    Examples
    --------
    >>> escaped('["\u202e"]')
    '["\\u202e"]'
    """
    return _IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", document)


def console(**options: Any) -> Console:
    """Return a console whose tables and texts are :func:`visible`, whatever they hold.

    Parameters
    ----------
    **options
        Of Rich's ``Console``.
    """
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Shown(Console):
        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterable[Segment]:
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else visible(text), style, control)

    return Shown(**options)
