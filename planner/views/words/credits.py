"""Credits of data, with links to the terms they stand for and to nowhere else.

Whoever wrote a file decides what its credit says, and must not decide where a click on our page
leads. So only names and addresses of the table ``licences.toml`` become links, each to the address
that the table gives.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from planner.documents import parse_toml
from planner.views.escaping import safe

_BEFORE, _AFTER = r"(?<![\w@/:.%?=&#-])", r"(?![\w@/:%?=&#]|[.-]\w)"
"""What must not stand beside a name, else it is a part of another one or of an address."""


def credit_parts(text: str) -> list[tuple[str, str]]:
    """Return the pieces of a credit, each with the address that it leads to, empty for none.

    Examples
    --------
    >>> credit_parts("Survey; ODbL 1.0")
    [('Survey; ', ''), ('ODbL 1.0', 'https://opendatacommons.org/licenses/odbl/1-0/')]
    >>> credit_parts("http://evil.example/OpenStreetMap")
    [('http://evil.example/OpenStreetMap', '')]
    """
    urls, pattern = _table()
    parts, at = [], 0
    for found in pattern.finditer(text):
        if found.start() > at:
            parts.append((text[at : found.start()], ""))
        parts.append((found.group(), urls[found.group().casefold()]))
        at = found.end()
    if at < len(text):
        parts.append((text[at:], ""))
    return parts


def credit_html(text: str) -> str:
    """Return a credit as HTML, made safe, with its links.

    Examples
    --------
    >>> credit_html("<b>")
    '&lt;b&gt;'
    """
    return "".join(
        f'<a href="{safe(url)}" target="_blank" rel="noopener noreferrer">{safe(part)}</a>'
        if url
        else safe(part)
        for part, url in credit_parts(text)
    )


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the address by name, and what finds the names, the longest first."""
    text = resources.files(__package__).joinpath("licences.toml").read_text(encoding="utf-8")
    urls: dict[str, str] = {}
    for entry in parse_toml(text)["entry"]:
        for name in (*entry["names"], entry["url"], *entry.get("also", ())):
            urls[name.casefold()] = entry["url"]
    names = "|".join(re.escape(name) for name in sorted(urls, key=len, reverse=True))
    return urls, re.compile(f"{_BEFORE}(?:{names}){_AFTER}", re.IGNORECASE)
