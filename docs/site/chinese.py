"""Chinese words in the index that the site's search reads.

The search takes what stands between spaces for a word, and Chinese has none. So marks without width
are set between words: those that the program itself uses as labels, longest first, and single
characters where it knows none. The search cuts what somebody asks into the words of the index.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
MARK = "\u200b"
_HAN = "[\u3400-\u9fff]"
_LABEL = re.compile(rf'^msgstr "({_HAN}{{2,4}})"$', re.M)


def vocabulary() -> list[str]:
    """Return the short Chinese labels of the program and the words of the glossary."""
    catalogues = (ROOT / "planner/locale/zh").rglob("*.po")
    known = {word for each in catalogues for word in _LABEL.findall(each.read_text("utf-8"))}
    glossary = (ROOT / "docs/glossary.md").read_text("utf-8")
    rows = [line.split("|") for line in glossary.splitlines() if line.startswith("|")]
    known |= {word for row in rows for word in re.findall(rf"{_HAN}+", row[2])}
    return sorted(known, key=lambda word: (-len(word), word))


def marked(text: str, word: re.Pattern[str]) -> str:
    """Return a text with a mark before and after each Chinese word."""
    return re.sub(f"{MARK}+", MARK, word.sub(rf"{MARK}\g<0>{MARK}", text))


def on_post_build(config: MkDocsConfig, **_about: object) -> None:
    """Set the marks in the index of the search."""
    path = Path(config.site_dir) / "search/search_index.json"
    index = json.loads(path.read_text("utf-8"))
    word = re.compile("|".join([*vocabulary(), _HAN]))
    for section in index["docs"]:
        for field in ("title", "text"):
            section[field] = marked(section[field], word)
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")


def on_post_page(output: str, page: Page, **_about: object) -> str:
    """Return a page that is written in Chinese as one that says so."""
    if page.file.src_uri.endswith(".zh-CN.md"):
        return output.replace('<html lang="en"', '<html lang="zh-CN"', 1)
    return output
