"""The Python and shell blocks of README and docs in both languages, each once."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
BLOCK = re.compile(
    r"(<!-- not run: (?P<why>.+?) -->\n+)?^```(?P<language>bash|python)\n(?P<code>.*?)^```",
    re.S | re.M,
)


def blocks() -> list[tuple[str, re.Match[str]]]:
    found: list[tuple[str, re.Match[str]]] = []
    printed: set[str] = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in BLOCK.finditer(text):
            if block["code"] in printed:
                continue
            printed.add(block["code"])
            line = text[: block.start("code")].count("\n")
            found.append((f"{page.name}:{line}", block))
    return found


ALL = blocks()
RUN = [(where, block) for where, block in ALL if not block["why"]]
