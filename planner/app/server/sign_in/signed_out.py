"""The sign-ins that ended before their cookies do, kept so that a restart brings nobody back.

A cookie cannot be called back: whoever has a copy can send it until it is too old. So a sign-in
that ended is remembered, in memory and in a file beside the scenarios, as long as its cookie could
still count. The file holds sums of sign-ins and times, nothing of a person.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from planner.documents import parse_json
from planner.errors import PlannerError
from planner.sources.kept_files import NONE, locked, put_whole, read_kept

FILE = "signed-out.json"
MOST = 20_000
"""Sign-ins that are remembered; beyond that, those whose cookies end first are forgotten."""

MOST_BYTES = 8_000_000
SLACK_S = 30 * 24 * 3600.0
"""An entry of the file goes so long after its cookie: a clock may be wrong at a start."""

_MARK = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger(__name__)


class SignedOut:
    """The sign-ins that ended, of one file.

    Parameters
    ----------
    file
        Made when the first ends. Where it cannot be understood, nobody knows who signed out
        before this start: then every sign-in from before counts as ended.
    longest_s
        How long a sign-in may hold at most, seconds.
    """

    def __init__(self, file: Path, longest_s: float) -> None:
        self._file, self._longest_s = file, longest_s
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}
        self._nobody_before = 0.0
        try:
            kept = self._read()
        except (PlannerError, ValueError) as error:
            self._nobody_before = time.time()
            _log.error("%s cannot be read; all have to sign in again: %s", file.name, error)
        else:
            # by the clock that only goes forward: one that was wrong at the start and is set
            # right later must not bring anybody back
            self._until = dict.fromkeys(kept, time.monotonic() + longest_s)

    def is_out(self, mark: str, issued: float) -> bool:
        """Whether a sign-in ended.

        Parameters
        ----------
        mark
            Sign of the sign-in.
        issued
            When it began, seconds since 1970.
        """
        with self._lock:
            return issued < self._nobody_before or mark in self._until

    def end(self, mark: str, cookie_ends: float) -> None:
        """Let a sign-in count no more, from now on and after a restart.

        It holds at once, also where the file cannot be written; that is then told in the log.

        Parameters
        ----------
        mark
            Sign of the sign-in.
        cookie_ends
            When its cookie is too old, seconds since 1970.
        """
        now = time.monotonic()
        with self._lock:
            for each in [each for each, until in self._until.items() if until < now]:
                del self._until[each]
            self._until[mark] = now + self._longest_s
            while len(self._until) > MOST:
                del self._until[next(iter(self._until))]
        try:
            with locked(self._file):
                self._keep(mark, cookie_ends)
        except PlannerError as error:
            _log.error("a sign-out is not kept beyond a restart: %s", error)

    def _keep(self, mark: str, cookie_ends: float) -> None:
        try:
            kept = self._read()
        except (PlannerError, ValueError):
            kept = {}
        stale = time.time() - SLACK_S
        with self._lock:
            kept = {each: at for each, at in kept.items() if at > stale or each in self._until}
        kept[mark] = cookie_ends
        newest = sorted(kept.items(), key=lambda each: each[1])[-MOST:]
        put_whole(self._file, json.dumps(dict(newest)).encode("ascii"), private=True)

    def _read(self) -> dict[str, float]:
        """Return what the file keeps.

        Raises
        ------
        PlannerError, ValueError
            Where it cannot be read or holds something else.
        """
        kept = read_kept(self._file, MOST_BYTES)
        found = parse_json(kept.text) if kept.version != NONE else {}
        if not isinstance(found, Mapping):
            raise ValueError("not a table of sign-outs")
        for mark, at in found.items():
            if not _MARK.fullmatch(mark) or isinstance(at, bool) or not isinstance(at, int | float):
                raise ValueError("not a table of sign-outs")
        return {str(mark): float(at) for mark, at in found.items()}
