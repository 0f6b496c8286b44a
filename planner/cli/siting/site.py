"""``planner site``: where new facilities of a kind should be opened, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Places, ProvenSearch, Question
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head, proof

if TYPE_CHECKING:
    import pandas as pd

    from planner.siting.proposals.options import SiteOptions
    from planner.siting.proposals.proposal import Proposal


def _site_ids(option: str, words: str) -> Any:
    return options.optional("ID", words, option)


@dataclass(frozen=True)
class Sites:
    """What else is asked of the sites."""

    fix: Annotated[
        list[str] | None, _site_ids("--fix", "A site that must be chosen; may be repeated.")
    ] = None
    forbid: Annotated[
        list[str] | None, _site_ids("--forbid", "A site that must not be; may be repeated.")
    ] = None
    apart: Annotated[
        float, typer.Option(metavar="METRES", help="Least distance between new sites.")
    ] = 0.0
    backup: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="Share of a resident that counts only with a second facility within the limit.",
        ),
    ] = 0.0
    floor: Annotated[
        float | None, options.optional("SHARE", "Least coverage rate of every community.")
    ] = None
    share: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="For the objective everyone: share to be served of those beyond the limit today "
            "whom a place can reach.",
        ),
    ] = 1.0
    budget: Annotated[
        float | None,
        options.optional(
            "MONEY",
            "Most to spend, in the unit of the district's prices (10,000 yuan in China).",
            min=0,
        ),
    ] = None
    limit_m: options.OwnLimit = None

    def as_options(self) -> SiteOptions:
        """Return what else a proposal is asked for."""
        from planner.siting.proposals.options import SiteOptions

        return SiteOptions(
            fixed=self.fix or (),
            forbidden=self.forbid or (),
            apart_m=self.apart,
            backup=self.backup,
            floor=self.floor,
            budget=self.budget,
            share=self.share,
            limit_m=self.limit_m,
        )


@verb
def site(
    console: Console,
    *,
    workspace: options.Workspace,
    kind: Annotated[str, typer.Option(metavar="KIND", help="The kind of facility to site.")],
    new: Annotated[int | None, options.optional("NUMBER", "New sites at most.")] = None,
    objective: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="coverage (most residents), everyone (fewest sites for all), distance (least "
            "in total), farthest (shortest longest one) or worst_first (worst community first).",
        ),
    ] = "coverage",
    places: Places,
    sites: Sites,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    curve: Annotated[
        int, options.at_least("NUMBER", "Also show what 1 to NUMBER sites bring.")
    ] = 0,
    budget_curve: Annotated[
        bool, typer.Option("--budget-curve", help="Also show what more and more money brings.")
    ] = False,
    years: Annotated[
        int,
        options.at_least("NUMBER", "Also spread the sites over as many years."),
    ] = 0,
    why: Annotated[
        bool,
        typer.Option(
            "--why",
            help="Also say whom each site serves, what changes where, and what a link would bring.",
        ),
    ] = False,
    search: ProvenSearch,
    out: options.TablesFolder = None,
) -> None:
    """Propose where new facilities of a kind should be opened, with a proven bound.

    Prints the sites in the order in which they bring most, and how far they are at most from the
    best possible choice. With --out also writes them as a scenario for planner compare.
    """
    from planner.siting.proposals import curves
    from planner.siting.proposals.answers import against_links, before_after, reasons
    from planner.siting.proposals.proposing import propose
    from planner.views.exports.siting.proposals import write_proposal

    result = assessed(console, workspace, standard, question)
    offered = places.as_options(result.district)
    proposal = propose(
        result,
        kind,
        new,
        objective=objective,  # type: ignore[arg-type]
        places=offered,
        options=sites.as_options(),
        limits=search.proven_limits(),
    )
    limits = search.limits()
    found: dict[str, pd.DataFrame | None] = {
        "curve": curves.coverage_curve(proposal, curve, limits=limits) if curve else None,
        "budget_curve": curves.budget_curve(proposal, limits=limits) if budget_curve else None,
        "phases": (
            curves.phases(proposal, curves.even_phases(len(proposal.sites), years), limits=limits)
            if years
            else None
        ),
        "reasons": reasons(proposal) if why else None,
        "before_after": before_after(proposal) if why else None,
        "links": against_links(proposal, costs=offered.costs) if why else None,
    }
    files = write_proposal(proposal, out, console.labels.language) if out else []
    _give(console, proposal, found, files)
    _show(console, proposal, found, files)


def _give(
    console: Console,
    proposal: Proposal,
    found: dict[str, pd.DataFrame | None],
    files: list[Path],
) -> None:
    from planner.cli.shared.tables import point_records, records

    result = proposal.assessment
    shown = partial(result.district.shown_count, proposal.group)
    console.give(
        {
            **head(result, kind=proposal.kind, group=proposal.group),
            "goal": proposal.goal,
            "limit_m": proposal.limit_m,
            "gained": shown(proposal.gained),
            "backed_up": shown(proposal.backed_up),
            **proof(console, proposal),
            "sites": point_records(proposal.sites),
            **{name: None if rows is None else records(rows) for name, rows in found.items()},
            "files": files,
        }
    )


def _show(
    console: Console,
    proposal: Proposal,
    found: dict[str, pd.DataFrame | None],
    files: list[Path],
) -> None:
    from planner.cli.shared.tables import rows_table
    from planner.views.tables.siting import answers as tables
    from planner.views.tables.siting.proposals import curve_table, sites_table
    from planner.views.words.siting import answers as words
    from planner.views.words.siting.prices import answer_labels
    from planner.views.words.siting.proposals import answer, site_prices
    from planner.views.words.siting.sought import of_curves

    labels = answer_labels(proposal, console.labels.language)
    language, say = labels.language, labels.message

    def show(title: str, rows: pd.DataFrame, numbers_from: int) -> None:
        console.show(rows_table(say(title), rows, numbers_from))

    show("siting.sites", sites_table(proposal, language), 3)
    console.show(*answer(proposal, language))
    if proposal.backup:
        shown = proposal.assessment.district.shown_count(proposal.group, proposal.backed_up)
        people = labels.count(shown)
        console.show(say("siting.backed_up", people=people))
    if (rows := found["reasons"]) is not None:
        console.show(say("siting.why"), *words.reason_sentences(proposal, rows, language))
    if (rows := found["before_after"]) is not None:
        table = tables.before_after_table(rows, labels)
        show("siting.before_after", table, 2)
    if (rows := found["links"]) is not None:
        show("siting.links", tables.against_table(proposal, rows, language), 2)
        console.show(words.against_sentence(proposal, rows, language))
    if (rows := found["curve"]) is not None:
        show("siting.curve", curve_table(rows, labels), 0)
    if (rows := found["budget_curve"]) is not None:
        show("siting.money", tables.money_table(rows, labels), 0)
    if found["curve"] is not None or found["budget_curve"] is not None:
        console.show(*of_curves(proposal, labels))
    if (rows := found["phases"]) is not None:
        show("siting.phases", tables.phase_table(proposal, rows, language), 2)
    console.show(*site_prices(proposal, labels))
    finish(console, proposal.assessment.district, files, proposal.group, of=proposal.assessment)
