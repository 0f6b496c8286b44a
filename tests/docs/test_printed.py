"""What is printed and not run is counted: quick, since whoever adds a page meets it first."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from printed import ALL, BLOCK, PAGES, RUN
from typer.core import TyperCommand

from planner.cli import main

NOT_RUN = 26
"""So many blocks say why they do not run; one more is to be looked at."""


def test_so_many_blocks_do_not_run() -> None:
    assert sum(bool(block["why"]) for _, block in ALL) == NOT_RUN
    assert sum(block["language"] == "bash" for _, block in RUN) > 30


def commands(page: Path) -> Iterator[list[str]]:
    """Return the words of each command of ``planner`` on a page."""
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        for line in block["code"].replace("\\\n", " ").splitlines():
            if block["language"] == "bash" and line.startswith("planner "):
                yield shlex.split(line, comments=True)


def taken(words: list[str], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether the command takes these words; it does nothing."""
    monkeypatch.setattr(TyperCommand, "invoke", lambda self, context: 0)
    with pytest.raises(SystemExit) as stopped:
        main(words[1:])
    return not stopped.value.code


def test_all_printed_commands_are_taken_and_verbs_of_pages_in_chinese_are_in_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A long run runs them all; a run of journeys some of those that pages in English print."""
    chinese = [page for page in PAGES if ".zh-CN." in page.name]
    english = {words[1] for page in PAGES if page not in chinese for words in commands(page)}
    printed = [(page, words) for page in PAGES for words in commands(page)]
    assert sum(page in chinese for page, _ in printed) > 20
    assert len(printed) > 150
    for page, words in printed:
        assert page not in chinese or words[1] in english, f"{page.name}: {shlex.join(words)}"
        assert taken(words, monkeypatch), f"{page.name}: {shlex.join(words)}"
    assert not taken(["planner", "gaps", "demo", "--no-such-option"], monkeypatch)
    assert not taken(["planner", "gaps", "demo", "--links", "many"], monkeypatch)
