"""How long work will take, from its size alone and from how long the like of it took here."""

from __future__ import annotations

import threading

from planner.analysis.assessment import Assessment
from planner.district import District

_SECONDS = {
    "assessment": 5e-6,
    "gaps": 2e-5,
    "largest_gaps": 2e-5,
    "departments": 5e-5,
    "links": 6e-5,
    "remedies": 4e-5,
    "checkup": 1e-5,
    "checkup_card": 1.5e-5,
}
"""Of one home and kind; measured on the demo district, 2 cores, until this server knows better."""

_ALWAYS_S = {"remedies": 2.5, "checkup_card": 0.5}
"""What work takes beside, of whatever size: places that could be built at, the search itself."""

_SHORTEST_S = 0.5
"""Work that took less was over before it had begun in earnest: nothing is learned from it."""

_learned: dict[str, float] = {}
_lock = threading.Lock()


def size_of(district: District, kinds: int) -> int:
    """Return the size of a question: homes times the kinds that it is asked of."""
    return len(district.demand) * max(kinds, 1)


def judged_size(result: Assessment, kind: str) -> int:
    """Return the size of a question that is asked of one kind, or of all judged where none is."""
    return size_of(result.district, 1 if kind else len(result.judged_kinds))


def seconds(work: str, size: int) -> float:
    """Return the seconds that work is expected to take, 0 where nothing is known of its like.

    Parameters
    ----------
    work
        Its name.
    size
        Of :func:`size_of`, 0 where unknown.

    Examples
    --------
    >>> seconds("what nobody has measured", 500_000)
    0.0
    """
    with _lock:
        each = _learned.get(work, _SECONDS.get(work, 0.0))
    return size * each + (_ALWAYS_S.get(work, 0.0) if size else 0.0)


def learn(work: str, size: int, took_s: float) -> None:
    """Remember how long work of a size took on this machine."""
    if size and took_s >= _SHORTEST_S:
        with _lock:
            _learned[work] = max(took_s - _ALWAYS_S.get(work, 0.0), 0.0) / size
