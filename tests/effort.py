"""How much a test tries: a small seeded number in an ordinary run, the full one with ``--long``.

A test that draws its cases by chance, or walks through many, says both numbers::

    @settings(max_examples=tries(80, 2000))
    @pytest.mark.parametrize("seed", range(tries(4, 100)))

A test that takes long and repeats in whole what others see in part is marked
``@pytest.mark.long`` and says what those are: an ordinary run leaves it out.

A test that walks a whole way in a browser, or resolves the packages that an installation takes,
is marked ``@pytest.mark.journey``: ``tests/run.py --journeys`` runs all of these, with the small
numbers.

``tests/run.py`` takes the first. ``tests/run.py --long`` takes the second, draws anew each time,
and runs only what is marked, journeys too, and the modules that import :func:`tries`. Its
``--minutes`` ends the run after a while and ``--order WORD`` shuffles the tests, so that many
short runs with different words see all.
"""

from __future__ import annotations

import os

LONG = bool(os.environ.get("PLANNER_LONG"))
JOURNEYS = bool(os.environ.get("PLANNER_JOURNEYS"))


def tries(small: int, full: int) -> int:
    """Return `small` in an ordinary run and `full` in a long one."""
    return full if LONG else small
