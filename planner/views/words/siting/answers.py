"""Why these sites, in sentences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.analysis.links.links import DEFAULT
from planner.views.words.analysis.links import looked_for, work_word
from planner.views.words.labels import Labels
from planner.views.words.measured import by_measure
from planner.views.words.money import money
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planner.siting.proposals.proposal import Proposal

NAMED = 3
"""Communities that a sentence names."""


def reason_sentences(proposal: Proposal, reasons: pd.DataFrame, language: str = "en") -> list[str]:
    """Return for each site whom it serves, how far they walk today and then, and why.

    Parameters
    ----------
    proposal, reasons
        A proposal, and :func:`planner.siting.reasons` of it.
    """
    labels = answer_labels(proposal, language)
    areas, names = community_words(proposal), site_names(proposal)
    shown = partial(proposal.assessment.district.shown_count, proposal.group)
    standard = proposal.assessment.standard
    return [
        _reason(
            row,
            rank,
            names[row.site_id],
            areas,
            lambda count: labels.count(shown(count)),
            partial(by_measure, "siting.why_walk", standard, [proposal.kind], labels),
            labels,
        )
        for rank, row in enumerate(rows_of(reasons), start=1)
    ]


def against_sentence(proposal: Proposal, rows: pd.DataFrame, language: str = "en") -> str:
    """Say whether the best site or the best link brings more residents for the money."""
    labels = answer_labels(proposal, language)
    names = pd.Series(option_names(proposal, rows, labels), index=rows.index)
    best = {str(what): part.index[0] for what, part in rows.groupby("what")}
    if "link" not in best or "site" not in best:
        if "link" in best:
            return ""
        return labels.paragraph([labels.message("siting.no_link"), looked_for(DEFAULT, labels)])
    told: dict[str, str] = {}
    for what, row in best.items():
        told[what] = names[row]
        told[f"{what}_gain"] = labels.count(rows.loc[row, "gained"])
        told[f"{what}_cost"] = money(float(rows.loc[row, "cost"]), labels)
    first = "link" if best["link"] < best["site"] else "site"
    told.pop("site" if first == "link" else "link")
    return labels.message(f"siting.{first}_first", **told)


def _reason(
    row: Any,
    rank: int,
    site: str,
    areas: Mapping[str, str],
    told_count: Callable[[float], str],
    told_ways: Callable[..., str],
    labels: Labels,
) -> str:
    say = labels.message
    if not row.serves:
        return say("siting.why_nobody", rank=rank, site=site)
    comma, gap = ("、", "") if labels.language == "zh" else (", ", " ")
    pairs = list(zip(row.community_ids, row.community_residents, strict=True))
    named = [
        say(
            "siting.community",
            name=areas.get(area) or area or "–",
            people=told_count(people),
        )
        for area, people in pairs[:NAMED]
    ]
    if len(pairs) > NAMED:
        named.append(say("siting.and_more", count=len(pairs) - NAMED))
    told = [
        say(
            "siting.why_site",
            rank=rank,
            site=site,
            serves=told_count(row.serves),
            communities=comma.join(named),
        )
    ]
    if row.walked_m == row.walked_m:
        before, after = labels.metres(row.walked_m), labels.metres(row.walks_m)
        told.append(told_ways(before=before, after=after))
    if row.cut_off:
        told.append(say("siting.why_cut_off", people=told_count(row.cut_off)))
    if row.cause:
        cause = say(f"gaps.cause_{row.cause}")
        share = labels.percent(row.cause_share, 0)
        told.append(say("siting.why_cause", cause=cause, share=share))
    return gap.join(told)


def option_names(proposal: Proposal, rows: pd.DataFrame, labels: Labels) -> list[str]:
    """Return the name of each site or link of a comparison."""
    sites, areas = site_names(proposal), community_words(proposal)
    return [
        sites[row.site_id]
        if row.what == "site"
        else labels.message(
            "siting.link_name",
            work=work_word(row.work, labels),
            length=labels.metres(row.length_m),
            community=areas.get(row.community_id) or row.community_id or "–",
        )
        for row in rows_of(rows)
    ]


def rows_of(table: pd.DataFrame) -> list[Any]:
    """Return the rows of a table as named tuples."""
    return list(table.itertuples())


def site_names(proposal: Proposal) -> dict[str, str]:
    """Return the name of each candidate by its id."""
    return {row.site_id: str(row.name or row.site_id) for row in proposal.candidates.itertuples()}


def community_words(proposal: Proposal) -> dict[str, str]:
    """Return the name of each community by its id, empty where it has none."""
    layer = proposal.assessment.district.communities
    return dict(zip(layer["community_id"], layer["name"], strict=True))
