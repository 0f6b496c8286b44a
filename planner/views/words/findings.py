"""What stands in a finding's sentence in place of ids: kinds, groups, columns by their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from planner.district import Kinds, WalkProfile
from planner.errors import Finding
from planner.views.words.analysis.hours import hours_word
from planner.views.words.catalogue import COMMAND

OF_COLUMNS = (
    "district.ages_exceed",
    "update.kept_values",
    "update.columns_go",
    "update.columns_new",
    "update.counts_of_old_ground",
    "update.groups_blank",
    "update.groups_differ",
)
"""Findings that name columns of ours, some with counts."""


class Words(Protocol):
    """What gives ids their words: :class:`planner.views.words.labels.Labels`."""

    @property
    def language(self) -> str:
        """``"en"`` or ``"zh"``."""

    @property
    def door(self) -> str:
        """Through which the sentence reaches its reader."""

    def text(self, msgid: str, **params: object) -> str:
        """Return a text in the language."""

    def message(self, code: str, **params: object) -> str:
        """Return a message in the language."""

    def kind(self, kind: str, kinds: Kinds | None = None) -> str:
        """Return the name of a kind."""

    def group(self, column: str) -> str:
        """Return the name of a group."""

    def column(self, name: str, kinds: Kinds | None = None) -> str:
        """Return the word for a column."""

    def value(self, value: str) -> str:
        """Return the word for a value."""

    def profile(self, profile: str | WalkProfile, own: str = "") -> str:
        """Return the name of a profile of walking."""


OF_HOURS = {"plan.shorter_hours": ("now", "hours"), "plan.same_hours": ("hours",)}
"""Parameters that are opening hours which were understood; those that were not stand as written."""


def named_in(labels: Words, finding: Finding, kinds: Kinds | None = None) -> dict[str, Any]:
    """Return the parameters of a finding that are ids, in words."""
    params = finding.params
    named: dict[str, Any] = {}
    if isinstance(params.get("kind"), str):
        named["kind"] = _several(labels, params["kind"], lambda each: labels.kind(each, kinds))
    if isinstance(params.get("kinds"), str):
        named["kinds"] = _several(labels, params["kinds"], lambda each: labels.kind(each, kinds))
    if isinstance(params.get("kind_words"), str):
        named["kind_words"] = _behind_arrows(
            params["kind_words"], lambda each: labels.kind(each, kinds)
        )
    if finding.code == "tables.words_taken":
        named["words"] = _behind_arrows(params["words"], labels.value)
    if isinstance(params.get("group"), str):
        named["group"] = labels.group(params["group"])
    columns = [name for name in ("column", "inner", "outer") if isinstance(params.get(name), str)]
    named |= {name: _column_of_file(labels, params[name]) for name in columns}
    if isinstance(params.get("profile"), str):
        own = params.get(f"profile_{labels.language}", params["profile"])
        named["profile"] = labels.profile(params["profile"], own)
    if finding.code.startswith("profiles.unknown_"):
        parts = (each.strip().partition(" ") for each in params["columns"].split(";"))
        named["columns"] = labels.text(", ").join(
            f"{labels.column(name)} {length}" for name, _, length in parts
        )
    if finding.code == "profiles.unverified" and labels.door != COMMAND:
        asked = dict.fromkeys(str(params.get("asks") or params["rules"]).split(", "))
        named["rules"] = labels.text(", ").join(map(labels.column, asked))
    if finding.code in OF_COLUMNS:
        named["columns"] = _several(
            labels, params["columns"], lambda told: _counted_column(labels, told)
        )
    for name in OF_HOURS.get(finding.code, ()):
        named[name] = hours_word(str(params[name]), labels)
    if finding.code == "siting.no_sites":
        named["where"] = _several(
            labels, params["where"], lambda each: labels.message(f"siting.where_{each}")
        )
    return named


NO_IDS = "\ue000"
"""What stands for ids in a sentence from which they are taken."""

_IDS_TOLD = re.compile(rf"\s*[:：(（]\s*{NO_IDS}[)）]?")


def without_ids(said: str) -> str:
    """Return a sentence without its list of ids: a document counts, and its workbook lists.

    Examples
    --------
    >>> without_ids(f"2 gates are shut: {NO_IDS}. Open them.")
    '2 gates are shut. Open them.'
    >>> without_ids(f"有 2 处（{NO_IDS}）。")
    '有 2 处。'
    """
    return _IDS_TOLD.sub("", said)


def _several(labels: Words, joined: str, word: Callable[[str], str]) -> str:
    """Return words of ids that commas join, joined as the language joins them."""
    return labels.text(", ").join(word(each.strip()) for each in joined.split(","))


def _behind_arrows(told: str, word: Callable[[str], str]) -> str:
    """Return what a list's words were taken for, the ids behind arrows in words."""
    return re.sub(
        r"(?<=→ )[\w/]+", lambda found: "/".join(map(word, found.group().split("/"))), told
    )


def _counted_column(labels: Words, told: str) -> str:
    """Return the word for a column, with the count behind it where there is one."""
    name, _, count = told.partition(" ")
    return f"{labels.column(name)} {count}".rstrip()


def _column_of_file(labels: Words, name: str) -> str:
    """Return a column as a reader finds it in a file, after the word for it."""
    word = labels.column(name)
    return name if word == name else f"{word} ({name})"
