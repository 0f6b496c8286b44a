"""What a server makes ready in the background when it has started, before anybody asks.

Whoever comes first waits for the rest of it and for nothing twice: the modules of the pages, the
compiled programs and the answers are shared with every session. Programs are compiled once after
an installation; numba keeps them on the disk.
"""

from __future__ import annotations

import gc
import inspect
import logging
import time
from dataclasses import replace
from importlib import import_module

from planner.app.main import PAGES
from planner.app.pages.overview import page as overview
from planner.app.server import programs
from planner.app.server.requests import drawn
from planner.app.server.settings import configuration
from planner.app.server.settings.settings import LANGUAGES, settings
from planner.app.session import districts
from planner.app.session.answers import assessments, kept
from planner.app.session.answers.assessments import Question
from planner.app.session.catalogue import Entry, catalogue
from planner.app.session.context import usual_standard
from planner.app.session.jobs import compiling
from planner.app.session.reader import permissions
from planner.app.widgets import map_view
from planner.errors import PlannerError

_log = logging.getLogger(__name__)

TURN_OF_MAP_S = 4.0
"""So long what the first map does not need is put off, where nobody's is drawn by then."""

TURN_WITHOUT_PROGRAMS_S = 10.0
"""So long instead where that map does without the programs that measure: where these have to be
compiled, that holds up whatever is drawn meanwhile."""

TURN_OF_READER_S = 4.0
"""So long what only other pages need is put off: who waits for the first page has the processor."""


def prepare() -> None:
    """Make ready what the first map needs, the rest of its page, then what other pages need.

    What cannot be made ready is told in the log; the page that needs it tells the reader.
    """
    kept.begin(settings().work / "answers")
    _of_components()
    question, turn_s = None, TURN_OF_MAP_S
    try:
        first = first_entry()
        if assessments.may_be_kept(first):
            compiling.hold_back()
            turn_s = TURN_WITHOUT_PROGRAMS_S
        else:
            compiling.warm_up()
        question = first_map(first)
    except PlannerError as error:
        _log.warning("The first district is not made ready: %s", error)
    drawn.first.wait(turn_s)
    if question is not None:
        overview.prepare_rest(question)
    _of_streamlit()
    compiling.warm_up().join()
    time.sleep(TURN_OF_READER_S)
    programs.compile_ahead()
    for entries in PAGES.values():  # the first reader has not waited for them
        for entry in entries:
            entry.module()
    _set_aside()


def _of_components() -> None:
    """Have Python find the files of all modules, which it keeps.

    Streamlit asks whose file it is that first names a component, as the first map does.
    """
    inspect.getmodule(inspect.currentframe())


def _of_streamlit() -> None:
    """Have Streamlit do what it puts off until a page is first drawn.

    It compiles the pattern of all emoji with its first row of buttons.
    """
    import_module("streamlit.emojis")


def _set_aside() -> None:
    """Leave what is loaded by now, which lasts, out of the search for garbage.

    Streamlit looks through all objects after each run of a page, a tenth of a second in which
    nobody else is answered; most of them are modules.
    """
    gc.collect()
    gc.freeze()


def first_entry() -> Entry:
    """Return the district that a page shows to who has chosen none.

    Where sign-in decides who is shown small counts, it is the one with all of them, of which the
    others are made.
    """
    offered = catalogue(settings().offered)
    entry = offered[districts.first(offered)]
    if configuration.current().auth is not None:
        return entry
    return replace(entry, withheld=permissions.withheld_below(entry.id))


def first_map(entry: Entry) -> Question:
    """Compute what the first map shows of a district, and keep its base; return the question.

    Of the demo this comes with the program (``data/geo/measure_demo.py``).
    """
    question = Question(entry, usual_standard(entry))
    map_view.prepare(entry)
    overview.prepare(question, settings().language or LANGUAGES[0])
    return question
