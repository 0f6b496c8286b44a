"""The files that drafts are kept in, each under a random id that only its own address carries."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from planner.app.session.drafts.draft import MOST_CHANGES, Draft
from planner.district import Scenario
from planner.errors import InputError, PlannerError
from planner.sources.kept_files import (
    NONE,
    ChangedMeanwhileError,
    Kept,
    clean,
    read_kept,
    write_kept,
)

MOST_BYTES = 1_000_000
MOST_DRAFT_BYTES = 32_000_000
_ID = re.compile(r"[a-z2-7]{26}")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class DraftFiles:
    """A folder of drafts, one file each.

    Parameters
    ----------
    folder
        Made when first written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        clean(folder)

    def new_id(self) -> str:
        """Return an id that nobody can guess."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(26))

    def is_kept(self, draft_id: str) -> bool:
        """Whether there is a draft of that id."""
        return is_id(draft_id) and self._file(draft_id).is_file()

    def read(self, draft_id: str, district: str) -> tuple[Draft, str] | None:
        """Return a draft and its version, None where there is none of that id for that district.

        Raises
        ------
        InputError
            Where its file cannot be understood.
        """
        if not is_id(draft_id):
            return None
        kept = read_kept(self._file(draft_id), MOST_DRAFT_BYTES)
        if kept.version == NONE:
            return None
        of, draft = _understood(draft_id, kept)
        return (draft, kept.version) if of == district else None

    def write(self, draft_id: str, district: str, draft: Draft, version: str) -> str:
        """Keep a draft under its id, the whole file or nothing; return its new version.

        Parameters
        ----------
        draft_id, district, draft
            What is kept.
        version
            Version that the draft follows on, as read; empty for a new one.

        Raises
        ------
        OtherDraftError
            Where another window wrote another version; nothing is written.
        InputError
            Where the id is none that :meth:`new_id` made.
        WorkError
            Where the disk is full or writing is not permitted.
        """
        if not is_id(draft_id):
            raise InputError("app_what_if.bad_id")
        text = draft.to_json(district)
        try:
            return write_kept(
                self._file(draft_id), text, version, MOST_DRAFT_BYTES, private=True
            ).version
        except ChangedMeanwhileError as error:
            if error.theirs.text == text:  # both windows did the same
                return error.theirs.version
            _, theirs = _understood(draft_id, error.theirs)
            raise OtherDraftError(theirs, error.theirs.version) from error

    def _file(self, draft_id: str) -> Path:
        return self._folder / f"{draft_id}.json"


class OtherDraftError(InputError):
    """Another window changed the same draft meanwhile.

    Parameters
    ----------
    theirs
        The draft as the other window left it.
    version
        Its version.
    """

    def __init__(self, theirs: Draft, version: str) -> None:
        super().__init__("app_what_if.other_window")
        self.theirs = theirs
        self.version = version


def _understood(draft_id: str, kept: Kept) -> tuple[str, Draft]:
    if kept.version == NONE:  # another window removed it
        return "", Draft()
    try:
        return Draft.from_json(kept.text)
    except (ValueError, KeyError, TypeError, RecursionError, PlannerError) as error:
        raise InputError("app_what_if.broken_work", id=draft_id) from error


def is_id(text: str) -> bool:
    """Whether a text has the form of an id.

    Examples
    --------
    >>> is_id("../../etc/passwd"), is_id("a" * 26)
    (False, True)
    """
    return _ID.fullmatch(text) is not None


def uploaded(content: bytes, name: str) -> Scenario:
    """Read a scenario file that a browser sent.

    Raises
    ------
    InputError
        Where it is too large or no scenario.
    """
    if len(content) > MOST_BYTES:
        raise InputError("app_what_if.file_too_large", file=name, most=MOST_BYTES // 1000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("district.not_a_scenario", file=name) from error
    scenario = Scenario.from_json(text, name)
    if len(scenario.changes) > MOST_CHANGES:
        raise InputError("app_what_if.too_many_changes", most=MOST_CHANGES)
    return scenario
