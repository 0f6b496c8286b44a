"""The briefing on offer: one page of Word, or of HTML to print."""

from __future__ import annotations

import datetime as dt

from planner.app.session.context import Context
from planner.app.session.drafts.prices import own
from planner.app.session.jobs.tickets import Ticket
from planner.app.widgets import downloads


def draw(context: Context, group: str) -> None:
    """Draw the button that offers the briefing; it is made when a file is asked for.

    Parameters
    ----------
    context
        The district, the standard and the reader's language.
    group
        Whom it counts.
    """
    prices = own(context)

    def make(word: bool) -> bytes | str:
        # siting and reports take longer to load than all else of this page
        from planner.app.session.answers.departments import DepartmentsQuestion, departments
        from planner.reports.briefing import briefing, briefing_docx, briefing_html

        question = DepartmentsQuestion(context.entry, context.standard, group=group, prices=prices)
        made = briefing(departments(question, Ticket()), labels=context.labels_of_files)
        return briefing_docx(made, dt.datetime.now()) if word else briefing_html(made)

    name = f"{context.stem}-briefing"
    say = context.word
    offered = [
        downloads.File(say("app_overview.briefing_word"), f"{name}.docx", lambda: make(True)),
        downloads.File(say("app_overview.briefing_html"), f"{name}.html", lambda: make(False)),
    ]
    downloads.files(context, "briefing", offered, say("app_overview.briefing_note"))
