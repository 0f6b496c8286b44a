"""What proposals bring, in words: by which standard and question, and why it is not told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.analysis.questions import Question
from planner.district import builtin_standards
from planner.plan.proposals.figures import Figures
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import counts_as_asked
from planner.siting.findings import new_as_asked
from planner.views.words.labels import Labels
from planner.views.words.plan.basis import basis_words, counting, standard_word
from planner.views.words.plan.proposals import kinds_words
from planner.views.words.ranges import gains_unsure_words, spread_note_words


def bases(labels: Labels, proposals: Iterable[Proposal]) -> list[str]:
    """Return by what the gains of proposals were counted, each basis once."""
    told = (each.figures for each in proposals)
    own = [each for each in told if each is not None and each.gained() is not None]
    return list(dict.fromkeys(basis_words(labels, each) for each in own))


def bases_sentence(labels: Labels, found: list[str]) -> str:
    """Return by what gains that stand together were counted; empty where none is told.

    Gains by several standards or questions do not compare, and are added up nowhere.
    """
    if len(found) < 2:
        return labels.message("plan_words.gained_by", basis=found[0]) if found else ""
    return labels.message("plan_words.gained_by_several", count=labels.number(len(found)))


def no_data_sentence(labels: Labels, proposals: Iterable[Proposal]) -> str:
    """Return of which kinds no gain in a list tells, since no source does; empty for none."""
    told = (each.figures for each in proposals)
    own = [each for each in told if each is not None and each.gained() is not None]
    kinds = dict.fromkeys(kind for each in own for kind in each.no_data)
    if not kinds:
        return ""
    return labels.message("plan_words.gained_no_data", kinds=kinds_words(labels, kinds))


def brings_sentence(labels: Labels, proposal: Proposal) -> str:
    """Return what a proposal brings, in the unit of its figures, and what was left out of them."""
    figures = proposal.figures
    if figures is None:
        name = "nothing_known" if proposal.can_be_counted else "undescribed"
        return labels.message(f"plan_words.brings_{name}")
    parts = [_brings(labels, figures), *_not_counted(labels, proposal, figures)]
    said = " ".join([*parts, *_how_sure(labels, proposal, figures)])
    for each in figures.left_out:
        own = {"id": each.proposal, "name": each.title}
        named = labels.message("plan_words.called", **own) if each.title else each.proposal
        told = {"said": said, "proposal": named, "reason": labels.finding(each.reason)}
        said = labels.message("plan_words.brings_without", **told)
    return said


def _not_counted(labels: Labels, proposal: Proposal, figures: Figures) -> list[str]:
    """Return why what is done counts for nothing as it was asked; nothing where somebody gains."""
    if figures.gained():
        return []
    asked = figures.asked
    unasked = {
        "extend_hours": not asked.get("at"),
        "add_service": not asked.get("service"),
        "enlarge": True,
    }
    action = proposal.action
    return [labels.message(f"plan_words.not_counted_{action}")] if unasked.get(action) else []


def _how_sure(labels: Labels, proposal: Proposal, figures: Figures) -> list[str]:
    """Return what is not known of a gain, and what new facilities are taken to meet."""
    if figures.gained() is None:
        return []
    counted = counting(labels, figures)
    told = gains_unsure_words(
        figures.gained_unsure(), counted, figures.gained_more(), figures.lost_unsure()
    )
    if figures.asked.get("new_as_asked"):
        question = Question.of(figures.asked["at"], figures.asked["service"])
        taken = new_as_asked(counts_as_asked(proposal.changes, question))
        told += [labels.finding(each) for each in taken]
    kinds = tuple(dict.fromkeys(row.kind for row in figures.rows))
    return [*told, *spread_note_words(figures.ranges, counted, kinds=kinds)]


def _brings(labels: Labels, figures: Figures) -> str:
    gained = figures.gained()
    when = {
        "at": labels.date(figures.computed_at[:10]),
        "standard": basis_words(labels, figures),
    }
    if figures.changes_nothing:
        said = labels.message("plan_words.brings_no_change", **when)
        return _besides(labels, said, no_data=figures.no_data)
    if not figures.rows and figures.is_withheld():
        return labels.message("plan_words.brings_all_withheld")
    if not figures.rows:
        return labels.message("plan_words.brings_untold", **when)
    first = [row for row in figures.rows if row.group == figures.rows[0].group]
    free = [row.kind for row in first if row.limit_m is None]
    if gained is not None:
        said = counting(labels, figures).message(
            "plan_words.brings", gained=labels.number(gained), **when
        )
        return _besides(labels, said, free, figures.no_data)
    missing = [row.kind for row in first if row.limit_m is not None and row.gained is None]
    if missing:
        code = "no_data" if set(missing) <= set(figures.no_data) else "withheld"
        return labels.message(f"plan_words.brings_{code}", kinds=kinds_words(labels, missing))
    own = {"standard": standard_word(labels, figures.standard), "kinds": kinds_words(labels, free)}
    others = [
        labels.standard(each)
        for each in builtin_standards().values()
        if any(kind in each.rules for kind in free)
    ]
    if not others:
        return labels.message("plan_words.brings_not_judged", **own)
    named = labels.message("plan_words.comma").join(others)
    return labels.message("plan_words.brings_not_judged_others", others=named, **own)


def _besides(
    labels: Labels, said: str, free: Sequence[str] = (), no_data: Sequence[str] = ()
) -> str:
    """Return what is said of a gain, and which kinds are not in it: without a limit, or data."""
    for code, kinds in (("besides", free), ("besides_no_data", no_data)):
        if kinds:
            told = {"said": said, "kinds": kinds_words(labels, kinds)}
            said = labels.message(f"plan_words.brings_{code}", **told)
    return said
