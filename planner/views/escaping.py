"""Text and data made safe for a page: nothing that stands in a file may run in a browser.

Folium pastes texts into JavaScript template literals and renders the result as a Jinja template
once more, so besides HTML's own characters the backtick, ``$`` and braces are dangerous too.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

_IN_TEXT = {ord(sign): f"&#{ord(sign)};" for sign in "`${}\\"}
_IN_DATA = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&'`${}%#\u2028\u2029"}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


class Escaped(str):
    """A text that was made safe already, and by what: whatever is put into it is made so alike."""

    by: Callable[[str], str]

    def __new__(cls, text: str, by: Callable[[str], str]) -> Escaped:
        """Keep the text with the function that made it safe."""
        made = super().__new__(cls, text)
        made.by = by
        return made

    def __getnewargs__(self) -> tuple[str, Callable[[str], str]]:  # type: ignore[override]
        return str(self), self.by


def safe(value: object) -> str:
    """Return a value as text that shows as itself in HTML, in an attribute, script or template.

    Examples
    --------
    >>> safe("<b>${1}</b>")
    '&lt;b&gt;&#36;&#123;1&#125;&lt;/b&gt;'
    """
    return Escaped(html.escape(str(value), quote=True).translate(_IN_TEXT), safe)


def data(value: object) -> str:
    r"""Return a value as compact JSON that may stand in a ``<script>`` or a template.

    Examples
    --------
    >>> data(["</script>", 1.5])
    '["\\u003c/script\\u003e",1.5]'
    """
    plain = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _STRING.sub(lambda found: found.group().translate(_IN_DATA), plain)
