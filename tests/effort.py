"""How much a test tries: a small seeded number in an ordinary run, the full one with ``--long``.

A test that draws its cases by chance, or walks through many, says both numbers::

    @settings(max_examples=tries(80, 2000))
    @pytest.mark.parametrize("seed", range(tries(4, 100)))

A test that walks through a matrix of like cases, each of them the same rule on another page, verb
or word, says how many are enough to see it, and has all of them in a long run::

    @pytest.mark.parametrize("page", few(PAGES, 4))

A test that takes long and repeats what others see in part is marked ``@pytest.mark.long``: an
ordinary run leaves it out, or with ``@pytest.mark.long(but=1)`` takes the first of its cases only.
Which these are was measured: of the tests that take more than a second an ordinary run keeps those
that alone reach some of the code, those that hold a search against trying everything, and one of
each file. Together they reach 98 % of the lines that all tests reach, in less than a third of the
time. A new test belongs to the ordinary run unless it is slow and reaches nothing new.

A test that walks a whole way in a browser, or resolves the packages that an installation takes,
is marked ``@pytest.mark.journey``: ``tests/run.py --journeys`` runs all of these, with the small
numbers. One that repeats what others walk in part, or is one of many alike, is marked
``@pytest.mark.journey(one_in=3)``: with ``--order WORD`` a run of journeys takes a third of these,
those of each folder together. Which ones they are the word says, so that another day's word takes
others; without a word, and in a long run, all are taken.

``tests/run.py`` takes the first, and with ``--whole`` what is marked as long too, with the small
numbers: whoever changes much runs it once. ``tests/run.py --long`` takes the second, draws anew
each time, and runs only what is marked, journeys too, the tests whose cases :func:`few` gave, and
the modules that import :func:`tries`. Its ``--minutes`` ends the run after a while and ``--order
WORD`` shuffles the tests, so that many short runs with different words see all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

LONG = bool(os.environ.get("PLANNER_LONG"))
JOURNEYS = bool(os.environ.get("PLANNER_JOURNEYS"))


def tries(small: int, full: int) -> int:
    """Return `small` in an ordinary run and `full` in a long one."""
    return full if LONG else small


class Few(list[object]):
    """Cases of which an ordinary run takes a part: a long run takes the tests that have such.

    Cases of another kind, of which every run takes each, are added: ``few(PAGES, 2) + EDITORS``.
    """

    def __add__(self, others: Iterable[object]) -> Few:  # type: ignore[override]
        return Few([*self, *others])


def few(cases: Iterable[object], small: int) -> Few:
    """Return `small` of the cases in an ordinary run, the first and the last and evenly between.

    A long run gets all of them. Names of the cases in a list (``ids``) are shared out likewise.
    """
    every = list(cases)
    if LONG or small >= len(every):
        return Few(every)
    step = (len(every) - 1) / max(small - 1, 1)
    return Few(every[round(step * place)] for place in range(small))
