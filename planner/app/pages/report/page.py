"""Report: which parts are told is ticked, and the files are taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.server.requests.upload_limit import SMALL_BYTES
from planner.app.session import background, plan
from planner.app.session.answers.cache import is_known
from planner.app.session.answers.candidates import usual_places
from planner.app.session.answers.departments import DepartmentsQuestion
from planner.app.session.answers.departments import departments as find_departments
from planner.app.session.answers.proposals import SiteQuestion
from planner.app.session.answers.proposals import proposal as find_sites
from planner.app.session.context import Context
from planner.app.session.drafts.prices import own
from planner.app.session.errors import markdown, showing_errors
from planner.app.session.jobs import estimates
from planner.app.session.reader import permissions
from planner.app.widgets import downloads, frame, inputs
from planner.reports.content import Form
from planner.reports.report import ALWAYS, FORMS, PARTS, Report, report
from planner.reports.request import JointWork
from planner.siting.departments.departments import Departments
from planner.siting.proposals.proposal import Proposal
from planner.sources.untrusted.word_documents import MOST_BYTES, checked_document

MOST_KINDS, MOST_SITES = 3, 20.0
"""Kinds for which sites are looked for at once, and sites of each."""

_TICKED = tuple(name for name in PARTS if name not in (*ALWAYS, "siting", "plan"))
"""Parts that are told where nobody ticks others."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    group = frame.group_row(context, result, [9, 3])
    context = context.counting(group)
    say = context.word
    st.markdown(markdown(say("reports.page_text")))
    offered = [name for name in PARTS if name not in ALWAYS and (name != "plan" or plan.is_begun())]
    parts = inputs.several(
        "parts",
        say("reports.parts"),
        offered,
        lambda name: say(_HEADINGS[name]),
        usual=_TICKED,
        help=say("reports.parts_help"),
    )
    form = _form(context)
    template, forms = _template(context)
    kinds, sites = _sites_asked(context, result, told="siting" in parts)
    frame.refused_choices(context)
    acting = _acting(context, result, group)
    if acting is None:
        return
    found = _proposals(context, result, group, kinds, sites)
    if found is None:
        return
    joint = plan.opened() if "plan" in parts else None

    def make() -> Report:
        work = None if joint is None else JointWork.of(joint, result, context.entry.id)
        return report(
            result,
            parts=parts,
            language=context.labels.language,
            group=group,
            proposals=found,
            work=work,
            form=form,
            departments=acting,
            at=dt.datetime.now(),
        )

    _files(context, make, template, forms)
    frame.notes(context, result, None)


_HEADINGS = {
    "summary": "reports.summary",
    **{name: f"reports.part_{name}" for name in PARTS if name != "summary"},
}
"""Headings of the parts, by name."""


def _form(context: Context) -> Form:
    """Draw the fields that a bureau writes on its papers."""
    say = context.word
    names = ("document_number", "issuing_unit", "classification", "map_number")
    boxes = st.columns(len(names))
    filled = {}
    for name, box in zip(names, boxes, strict=True):
        with box:
            filled[name] = inputs.text(name, say(f"reports.field_{name}"), most=60)
    return Form(**filled)


def _sites_asked(
    context: Context, result: Assessment, *, told: bool
) -> tuple[tuple[str, ...], int]:
    """Draw for which kinds sites are looked for, and how many of each, where these are told."""
    if not told or not result.judged_kinds:
        return (), 0
    left, right = st.columns([8, 4])
    with left:
        kinds = inputs.several(
            "site_kinds",
            context.word("reports.site_kinds"),
            result.judged_kinds,
            context.kind,
            most=MOST_KINDS,
            placeholder=context.word("reports.no_kind"),
        )
    with right:
        sites = inputs.number(
            "sites", context.word("reports.site_count"), least=1.0, most=MOST_SITES, default=3.0
        )
    return kinds, int(sites)


def _acting(context: Context, result: Assessment, group: str) -> Departments | None:
    """Return who must act, as the page of departments finds it."""
    asked = DepartmentsQuestion(context.entry, context.standard, group=group, prices=own(context))
    return background.value(
        context,
        ("departments", asked),
        partial(find_departments, asked),
        context.word("departments.links_working"),
        can_stop=True,
        size=estimates.judged_size(result, ""),
        there=is_known(find_departments, asked),
    )


def _proposals(
    context: Context, result: Assessment, group: str, kinds: tuple[str, ...], sites: int
) -> tuple[Proposal, ...] | None:
    """Return sites for each kind, None while they are looked for."""
    found = []
    for kind in kinds:
        asked = SiteQuestion(
            context.entry,
            context.standard,
            kind=kind,
            group=group,
            objective="coverage",
            most=sites,
            places=usual_places(result.district),
            prices=own(context),
        )
        words = context.word("reports.looking_for_sites", kind=context.kind(kind))
        one = background.searched(context, find_sites, asked, words)
        if one is None:
            return None
        found.append(one)
    return tuple(found)


def _template(context: Context) -> tuple[bytes | None, Sequence[str]]:
    """Draw the place for a template; return it once it is seen to mean no harm, and the forms.

    Where a template is refused there is no Word document: one without it is not what was asked for.
    """
    most = MOST_BYTES if permissions.may_upload() else SMALL_BYTES
    sent = st.file_uploader(
        context.word("reports.template"),
        type=["docx"],
        key="report_template",
        max_upload_size=most // 1_000_000,
        help=context.word("reports.template_help"),
    )
    if sent is None:
        return None, FORMS
    taken: list[bytes] = []
    with showing_errors(context.labels):
        taken.append(checked_document(sent.getvalue(), sent.name).getvalue())
    if taken:
        return taken[0], FORMS
    return None, tuple(ending for ending in FORMS if ending != ".docx")


def _files(
    context: Context, make: Callable[[], Report], template: bytes | None, forms: Sequence[str]
) -> None:
    """Draw a button for each form of the report."""
    contents: dict[str, Callable[[], bytes | str]] = {
        ".docx": lambda: make().docx(template),
        ".xlsx": lambda: make().xlsx(),
        ".html": lambda: make().html(),
    }
    with st.container(horizontal=True):
        for ending in forms:
            label = context.word(f"reports.take_{ending[1:]}")
            name = f"{context.stem}-{context.standard}-report{ending}"
            downloads.file(downloads.File(label, name, contents[ending]), f"report{ending[1:]}")
