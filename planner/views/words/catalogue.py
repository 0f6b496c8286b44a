"""Sentences of the program by language: the gettext catalogues under ``planner/locale``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

_LOCALES = Path(__file__).parents[2] / "locale"

COMMAND, BROWSER, PAPER = "command", "browser", "paper"
"""Doors through which sentences reach people: the command line and Python, the dashboard, or a
document to be signed, which says what is so and not what to click."""

LANGUAGES: dict[str, str] = {"en": "en", "zh": "zh_Hans_CN"}
"""Languages that can be asked for, and the locale that formats their numbers and dates."""


def N_(msgid: str) -> str:  # noqa: N802
    """Mark a sentence for the catalogues and return it as it is (the habit of gettext)."""
    return msgid


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the translations of a language by the sentence as the program has it.

    English has a few: of what the standards that ship say in Chinese.
    """
    found: dict[str, str] = {}
    for file in sorted((_LOCALES / language / "LC_MESSAGES").glob("*.po")):
        with file.open("rb") as stream:
            entries = read_po(stream, locale=language)
        found.update(
            {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}
        )
    return found
