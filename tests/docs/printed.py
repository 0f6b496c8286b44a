"""The Python and shell blocks of README and docs."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(
    r"(<!-- not run: (?P<why>.+?) -->\n+)?^```(?P<language>bash|python)\n(?P<code>.*?)^```",
    re.S | re.M,
)


def blocks() -> list[tuple[str, re.Match[str]]]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            line = text[: block.start("code")].count("\n")
            found.append((f"{page.name}:{line}", block))
    return found


ALL = blocks()
RUN = [(where, block) for where, block in ALL if not block["why"]]
