"""What is asked of one district of many, and the key under which its answer is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from planner import __version__
from planner.district import Standard
from planner.errors import InputError, MissingFileError
from planner.sources.corrections import corrections_file

FORMAT = 4
"""Number of the form of the results: another form has other keys."""

SEEKING = frozenset({"curves", "siting"})
"""Questions for whose answers new sites are sought."""


@dataclass(frozen=True)
class Place:
    """A district by where its workspace lies and what it is called among the others.

    Parameters
    ----------
    workspace
        A workspace GeoPackage.
    district
        Its id among all districts of a run, or of a province where that is told.
    province
        What it belongs to, empty where nobody says.
    """

    workspace: Path
    district: str
    province: str = ""

    @property
    def called(self) -> str:
        """Province and district in one."""
        return f"{self.province}/{self.district}" if self.province else self.district


@dataclass(frozen=True)
class SitesAsked:
    """How many new sites are sought of each kind, and how long.

    Steps are counted and not seconds, so that each machine finds the same.

    Parameters
    ----------
    new
        New sites of a kind at most.
    steps
        Of the search.
    seed
        Of its random numbers.
    """

    new: int = 3
    steps: int = 2000
    seed: int = 0

    def check(self) -> None:
        """Refuse numbers that no search can be made of.

        Raises
        ------
        InputError
            ``batch.bad_search``.
        """
        if self.new < 1 or self.steps < 1 or self.seed < 0:
            raise InputError("batch.bad_search", **asdict(self))


@dataclass(frozen=True)
class Job:
    """A district to be assessed, and how.

    Parameters
    ----------
    place
        Which.
    content
        Sign of the files it is read from, see :func:`content_of`.
    standard
        By which it is judged; by its own where None.
    groups
        People columns that are counted; all where None.
    also
        Further questions, of :data:`planner.batch.questions.QUESTIONS`.
    sites
        How sites are sought, where one of :data:`SEEKING` is among the questions.
    withhold_below
        People of a group below whom counts are withheld, see
        :meth:`planner.district.District.withhold`; nothing is where None.
    version
        Of the product that made the job, which alone may do it.
    """

    place: Place
    content: str
    standard: Standard | None = None
    groups: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    sites: SitesAsked = field(default_factory=SitesAsked)
    withhold_below: int | None = None
    version: str = __version__

    @property
    def key(self) -> str:
        """64 hexadecimal digits that differ as soon as anything does that the answer comes from."""
        asked = {
            "format": FORMAT,
            "version": self.version,
            "province": self.place.province,
            "district": self.place.district,
            "content": self.content,
            "standard": None if self.standard is None else asdict(self.standard),
            "groups": self.groups,
            "also": self.also,
        }
        # nothing else comes from how sites are sought
        asked |= {"sites": asdict(self.sites)} if SEEKING.intersection(self.also) else {}
        # results with all counts keep the keys that they had
        asked |= {} if self.withhold_below is None else {"withhold_below": self.withhold_below}
        text = json.dumps(asked, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def content_of(workspace: Path) -> str:
    """Return the sign of a workspace: of its bytes, and of the corrections kept beside it.

    What a program that has the file open wrote last stands in a log beside it, which counts too.

    Raises
    ------
    MissingFileError, InputError
        ``sources.missing_file`` where there is none, ``sources.cannot_read``.
    """
    if not workspace.exists():
        raise MissingFileError("sources.missing_file", file=str(workspace))
    told = hashlib.sha256()
    log = workspace.with_name(f"{workspace.name}-wal")
    for file in (workspace, log, corrections_file(workspace)):
        told.update(f"\0{file.name[len(workspace.name) :]}\0".encode())
        if file is workspace or file.exists():
            told.update(digest_of(file))
    return told.hexdigest()


def digest_of(file: Path) -> bytes:
    """Return the sign of the bytes of a file.

    Raises
    ------
    InputError
        ``sources.cannot_read``.
    """
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError("sources.cannot_read", file=str(file), reason=reason) from error


def same_ids(places: Sequence[Place]) -> dict[Place, Place]:
    """Return each place whose id another one has too, with that other one."""
    by_id: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        by_id.setdefault((place.province, place.district), []).append(place)
    return {
        place: alike[1] if place is alike[0] else alike[0]
        for alike in by_id.values()
        if len(alike) > 1
        for place in alike
    }
