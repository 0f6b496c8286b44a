"""What changed since the figures of a district were last looked at.

The server keeps the key figures of a district by a standard as they were last seen: for a planner
whose address carries a work id under that id, for everybody else together. Nothing of it is kept
in the browser. Figures that are looked at for the first time are kept at once; after that they
are only kept anew when the reader says that the changes were seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from planner.app.session.drafts.files import is_id
from planner.errors import InputError
from planner.sources.kept_files import locked, put_whole, read_kept

EVERYBODY = "everybody"
MOST_BYTES = 8_000_000
MOST_KEPT = 200
"""Districts and standards remembered in one file; those kept the longest ago go first."""


@dataclass(frozen=True)
class Look:
    """Key figures as they were seen.

    Parameters
    ----------
    when
        ISO 8601 time, UTC.
    data
        Sign of the district's file: another one says that the data changed.
    rules
        Sign of the standard's rules.
    figures
        Figures by group and name; a share from 0 to 1, people as a number. None where there is
        no figure.
    """

    when: str
    data: str
    rules: str
    figures: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True)
class Changes:
    """What differs from the last look.

    Parameters
    ----------
    since
        When the figures were last seen, ISO 8601, UTC.
    causes
        ``"data"``, ``"rules"``; ``"program"`` where neither changed but figures did.
    figures
        Name, figure before and figure now, of each that differs.
    """

    since: str
    causes: tuple[str, ...]
    figures: tuple[tuple[str, float | None, float | None], ...]


def sign(value: object) -> str:
    """Return a short sign of anything whose ``repr`` says what it holds."""
    return hashlib.sha256(repr(value).encode("utf-8")).hexdigest()[:16]


def changes(before: Look, now: Look, group: str) -> Changes | None:
    """Return what changed for a group between two looks, None where no figure differs.

    Figures are compared as they are shown: shares to a tenth of a per cent, people to one.

    Examples
    --------
    >>> then = Look("2026-01-01", "a", "r", {"population": {"share:clinic": 0.5, "people": 10.0}})
    >>> now = Look("2026-02-01", "b", "r", {"population": {"share:clinic": 0.6, "people": 10.2}})
    >>> changes(then, now, "population").figures
    (('share:clinic', 0.5, 0.6),)
    """
    old, new = before.figures.get(group, {}), now.figures.get(group, {})
    if not old:
        return None
    differ = tuple(
        (name, old.get(name), new.get(name))
        for name in {**new, **old}
        if _shown(name, old.get(name)) != _shown(name, new.get(name))
    )
    if not differ:
        return None
    causes = [name for name in ("data", "rules") if getattr(before, name) != getattr(now, name)]
    return Changes(before.when, tuple(causes) or ("program",), differ)


def _shown(name: str, figure: float | None) -> float | None:
    if figure is None:
        return None
    return round(figure, 3) if name.startswith("share") else round(figure)


class OtherLookError(InputError):
    """Another window kept other figures as seen since they were read here.

    Parameters
    ----------
    theirs
        What is kept now.
    """

    def __init__(self, theirs: Look) -> None:
        super().__init__("app_work.look_conflict")
        self.theirs = theirs


class Looks:
    """The looks that a folder keeps, a small file for each work and one for everybody else.

    Parameters
    ----------
    folder
        Made when first written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, who: str, district: str, standard: str) -> Look | None:
        """Return the last look at a district by a standard, None where there was none.

        Parameters
        ----------
        who
            A work id, or anything else for everybody together.
        district, standard
            Their ids.
        """
        return _understood(self._read(who).get(_key(district, standard)))

    def keep(
        self, who: str, district: str, standard: str, look: Look, before: Look | None = None
    ) -> None:
        """Keep a look in the place of the one before, the whole file or nothing.

        Parameters
        ----------
        who, district, standard
            As for :meth:`last`.
        look
            What was seen.
        before
            The look that it follows on, as :meth:`last` gave it.

        Raises
        ------
        OtherLookError
            Where another window kept other figures meanwhile; nothing is written.
        WorkError
            Where the disk is full or writing is not permitted.
        """
        file = self._file(who)
        with locked(file):
            kept = self._read(who)
            key = _key(district, standard)
            now = _understood(kept.get(key))
            if now is not None and now != before:
                if now.figures == look.figures and (now.data, now.rules) == (look.data, look.rules):
                    return  # both windows saw the same
                raise OtherLookError(now)
            kept.pop(key, None)
            kept[key] = asdict(look)
            for oldest in list(kept)[:-MOST_KEPT]:
                del kept[oldest]
            put_whole(file, json.dumps(kept, ensure_ascii=False).encode("utf-8"))

    def _file(self, who: str) -> Path:
        return self._folder / f"looks-{who if is_id(who) else EVERYBODY}.json"

    def _read(self, who: str) -> dict[str, dict[str, Any]]:
        """Return what a file keeps; one that cannot be understood holds nothing."""
        try:
            kept = json.loads(read_kept(self._file(who), MOST_BYTES).text or "{}")
        except (InputError, ValueError, RecursionError):
            return {}
        return kept if isinstance(kept, dict) else {}


def _understood(kept: object) -> Look | None:
    """Return the look that a file keeps; one that cannot be understood is none."""
    try:
        return Look(**kept) if isinstance(kept, dict) and kept else None
    except TypeError:
        return None


def _key(district: str, standard: str) -> str:
    return f"{district}\n{standard}"
