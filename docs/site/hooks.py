"""What the site makes of pages that are read on their own, too.

Pages beside ``docs`` that the docs lead to are taken in, and links to them follow; roles of
Sphinx in docstrings, which mkdocstrings does not know, become plain names.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
BESIDE = ("SECURITY.md", "benchmarks/network/RESULTS.md", "Containerfile")
_ROLE = re.compile(r":(?:func|class|meth|mod|data|attr|exc|doc):<code>~?([^<]+)</code>")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take in the pages that stand beside the docs."""
    for name in BESIDE:
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, name, content=text))
    picture = "benchmarks/network/cost_over_size.png"
    files.append(File.generated(config, picture, abs_src_path=str(ROOT / picture)))
    return files


def on_page_markdown(markdown: str, **_about: object) -> str:
    """Lead links to these pages to where they stand in the site."""
    return re.sub(r"\]\(\.\./((?:SECURITY|benchmarks)[^)]*)\)", r"](\1)", markdown)


def on_page_content(html: str, **_about: object) -> str:
    """Return a page without roles of Sphinx."""
    return _ROLE.sub(r"<code>\1</code>", html)
