"""The report of an assessment: made once, written as Word, Excel or one page of HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.analysis.assessment import Assessment
from planner.errors import InputError
from planner.progress import Progress
from planner.reports.content import Form, Part
from planner.reports.manuscript import Manuscript
from planner.reports.naming import named
from planner.reports.parts.coverage import coverage
from planner.reports.parts.data import data
from planner.reports.parts.gaps import gaps
from planner.reports.parts.joint_plan import joint_plan
from planner.reports.parts.maps import maps
from planner.reports.parts.method import method
from planner.reports.parts.provenance import provenance
from planner.reports.parts.siting import siting
from planner.reports.parts.standard import standard
from planner.reports.parts.summary import summary
from planner.reports.request import JointWork, ReportRequest
from planner.views.words.extent import extent_sentence

if TYPE_CHECKING:
    from planner.siting.costs import Costs
    from planner.siting.departments.departments import Departments
    from planner.siting.proposals.proposal import Proposal

PARTS: dict[str, Callable[[ReportRequest], Part]] = {
    "summary": summary,
    "standard": standard,
    "coverage": coverage,
    "maps": maps,
    "gaps": gaps,
    "siting": siting,
    "plan": joint_plan,
    "data": data,
    "method": method,
    "provenance": provenance,
}
"""The parts by name, in their order."""

ALWAYS = ("provenance",)
"""Parts that no report is without: figures are told with where they come from."""


class Report(Manuscript):
    """A report, to be written in a form. Made by :func:`report`."""

    def docx(self, template: str | Path | bytes | None = None) -> bytes:
        """Return it as a Word document.

        Parameters
        ----------
        template
            A .docx of one's own (its path, or what it holds), whose styles, margins, headers and
            first pages are kept; see :class:`planner.reports.document.Paper`.
        """
        from planner.reports.word import written

        return written(self, template)

    def xlsx(self) -> bytes:
        """Return it as a workbook: a sheet a table."""
        from planner.reports.workbook import written

        return written(self)

    def html(self) -> str:
        """Return it as one HTML file that needs nothing else."""
        from planner.reports.page import written

        return written(self)

    def write(self, file: str | Path, template: str | Path | bytes | None = None) -> Path:
        """Write it into a file, whose name says in which form.

        Raises
        ------
        InputError
            Where the name ends otherwise than in .docx, .xlsx or .html, or cannot be written.
        """
        path = Path(file)
        ending = path.suffix.casefold()
        check_name(path)
        if template is not None and ending != ".docx":
            raise InputError("reports.template_of_word")
        if ending == ".docx":
            made = self.docx(template)
        else:
            made = self.xlsx() if ending == ".xlsx" else self.html().encode("utf-8")
        try:
            path.write_bytes(made)
        except OSError as error:
            raise InputError("reports.not_written", file=str(path)) from error
        return path


FORMS = (".docx", ".xlsx", ".html")
"""Endings of the files that a report can be."""


def check_name(file: Path) -> None:
    """Refuse a name that ends otherwise than a report can be.

    Raises
    ------
    InputError
        ``reports.unknown_form``.
    """
    if file.suffix.casefold() not in FORMS:
        raise InputError("reports.unknown_form", file=str(file), known=", ".join(FORMS))


def report(
    result: Assessment,
    *,
    parts: Collection[str] | None = None,
    language: str = "en",
    group: str | None = None,
    proposals: Sequence[Proposal] = (),
    work: JointWork | None = None,
    form: Form | None = None,
    departments: Departments | None = None,
    costs: Costs | None = None,
    at: dt.datetime | None = None,
    progress: Progress | None = None,
) -> Report:
    """Make the report of an assessment.

    Parameters
    ----------
    result
        The assessment.
    parts
        Names of :data:`PARTS`; where none are given all, but siting and the joint plan only
        where there are any. Provenance is in every report.
    language
        ``"en"`` or ``"zh"``.
    group
        Whom coverage, gaps and departments count; the first group where none is given.
    proposals
        Of :func:`planner.siting.propose`, told with their proof.
    work
        The joint plan of the departments.
    form
        Fields of the papers of a bureau.
    departments
        Who must act in this group, where that is found already; found here if not given.
    costs
        What remedies cost, as :func:`planner.siting.costs.read_costs` reads it; the prices of
        `departments` count where these are given, those that ship where neither is.
    at
        When it is made; now where not given.
    progress
        Called with a message code and the fraction done.

    Returns
    -------
    Report

    Raises
    ------
    InputError
        For a part, group or language that is not known.

    Examples
    --------
    >>> from planner import assess, demo_district  # doctest: +SKIP
    >>> report(assess(demo_district())).write("report.docx")  # doctest: +SKIP
    """
    told = result.groups[0] if group is None else group
    if told not in result.groups:
        raise InputError("analysis.unknown_group", group=told, known=", ".join(result.groups))
    request = ReportRequest(
        result,
        language,
        told,
        at or dt.datetime.now(),
        tuple(proposals),
        work,
        form or Form(),
        departments,
        costs,
    )
    wanted = _wanted(request, parts)
    request = replace(request, told=tuple(wanted))
    made = []
    for number, name in enumerate(wanted):
        if progress is not None:
            progress("reports.progress", number / len(wanted))
        made.append(named(PARTS[name](request), request.names))
    district = request.names.of(request.labels.text(result.district.name))
    title = request.measured("title", result.judged_kinds, district=district)
    return Report(
        title, tuple(made), request.form, request.labels, request.at, tuple(_remarks(request))
    )


def _wanted(request: ReportRequest, parts: Collection[str] | None) -> list[str]:
    """Return the parts that are told, in their order."""
    unknown = [each for each in parts or () if each not in PARTS]
    if unknown:
        raise InputError("reports.unknown_part", part=unknown[0], known=", ".join(PARTS))
    if parts is not None:
        return [name for name in PARTS if name in parts or name in ALWAYS]
    left_out = {"siting"} if not request.proposals else set()
    left_out |= {"plan"} if request.work is None else set()
    return [name for name in PARTS if name not in left_out]


def _remarks(request: ReportRequest) -> Iterator[str]:
    """Yield what no reader may miss, whichever parts are told."""
    if told := extent_sentence(request.result.district, request.labels):
        yield request.names.of(told)
    if request.result.district.synthetic:
        yield request.labels.message("app.synthetic_note")
    if request.result.district.estimated:
        yield request.labels.message("app.estimated_note")
    yield from request.labels.asked(request.result)
