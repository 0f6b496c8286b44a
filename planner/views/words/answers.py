"""Why these sites: sentences and tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.views.words.labels import Labels
from planner.views.words.links import work_word

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    labels = Labels(language)
    areas, names = _communities(proposal), _sites(proposal)
    return [
        _reason(row, rank, names[row.site_id], areas, labels)
        for rank, row in enumerate(_rows(reasons), start=1)
    ]


def before_after_table(changes: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a table of :func:`planner.siting.before_after` for people."""
    labels = Labels(language)
    whole = labels.message("site_answers.whole_district")
    names = changes["name"].where(changes["name"] != "", changes["area_id"])
    columns = {
        "area": names.where(changes["level"] != "district", whole),
        "group": [labels.group(group) for group in changes["group"]],
        "before": (changes["share_before"] * 100).round(1),
        "after": (changes["share_after"] * 100).round(1),
        "points": (changes["share_change"] * 100).round(1),
        "residents": changes["covered_change"].round(),
    }
    return _headed(columns, labels)


def against_table(proposal: Proposal, rows: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a table of :func:`planner.siting.against_links` for people."""
    labels = Labels(language)
    say = labels.message
    kinds = [say(f"site_answers.what_{each}") for each in rows["what"]]
    return pd.DataFrame(
        {
            say("site_answers.col_what"): kinds,
            say("siting_words.col_site"): _option_names(proposal, rows, labels),
            say("site_answers.col_alone"): rows["gained"].round(),
            say("siting_words.col_cost"): rows["cost"].round(1),
            say("site_answers.col_per_unit"): rows["per_unit"].round(2),
        }
    )


def against_sentence(proposal: Proposal, rows: pd.DataFrame, language: str = "en") -> str:
    """Say whether the best site or the best link brings more residents for the money."""
    labels = Labels(language)
    names = pd.Series(_option_names(proposal, rows, labels), index=rows.index)
    best = {str(what): part.index[0] for what, part in rows.groupby("what")}
    if "link" not in best or "site" not in best:
        return labels.message("site_answers.no_link") if "link" not in best else ""
    told: dict[str, str] = {}
    for what, row in best.items():
        told[what] = names[row]
        told[f"{what}_gain"] = labels.number(rows.loc[row, "gained"])
        told[f"{what}_cost"] = labels.number(rows.loc[row, "cost"])
    first = "link" if best["link"] < best["site"] else "site"
    told.pop("site" if first == "link" else "link")
    return labels.message(f"site_answers.{first}_first", **told)


def phase_table(proposal: Proposal, phases: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a table of :func:`planner.siting.phases` for people."""
    labels, names = Labels(language), _sites(proposal)
    comma = "、" if language == "zh" else ", "
    columns = {
        "phase": phases["phase"],
        "opened": [comma.join(names[s] for s in ids.split(";")) for ids in phases["site_ids"]],
        "residents": phases["gained"].round(),
        "free": phases["free"].round(),
        "nesting": phases["nesting_cost"].round(),
    }
    return _headed(columns, labels)


def money_table(curve: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a curve of :func:`planner.siting.budget_curve` for people."""
    labels = Labels(language)
    names = {
        "budget": "site_answers.col_budget",
        "sites": "siting_words.col_sites",
        "gained": "siting_words.col_gained",
        "bound": "siting_words.col_bound",
        "per_unit": "site_answers.col_per_unit",
        "share_after": "siting_words.col_share_after",
    }
    figures = curve.assign(
        gained=curve["gained"].round(),
        bound=curve["bound"].round(),
        per_unit=curve["per_unit"].round(2),
        share_after=(curve["share_after"] * 100).round(1),
    )
    return figures[list(names)].rename(columns=lambda name: labels.message(names[name]))


def _reason(row: Any, rank: int, site: str, areas: Mapping[str, str], labels: Labels) -> str:
    say = labels.message
    if not row.serves:
        return say("site_answers.why_nobody", rank=rank, site=site)
    comma, gap = ("、", "") if labels.language == "zh" else (", ", " ")
    pairs = list(zip(row.community_ids, row.community_residents, strict=True))
    named = [
        say(
            "site_answers.community",
            name=areas.get(area) or area or "–",
            people=labels.number(people),
        )
        for area, people in pairs[:NAMED]
    ]
    if len(pairs) > NAMED:
        named.append(say("site_answers.and_more", count=len(pairs) - NAMED))
    told = [
        say(
            "site_answers.why_site",
            rank=rank,
            site=site,
            serves=labels.number(row.serves),
            communities=comma.join(named),
        )
    ]
    if row.walked_m == row.walked_m:
        before, after = labels.metres(row.walked_m), labels.metres(row.walks_m)
        told.append(say("site_answers.why_walk", before=before, after=after))
    if row.cut_off:
        told.append(say("site_answers.why_cut_off", people=labels.number(row.cut_off)))
    if row.cause:
        cause = say(f"analysis_gaps.cause_{row.cause}")
        share = labels.percent(row.cause_share, 0)
        told.append(say("site_answers.why_cause", cause=cause, share=share))
    return gap.join(told)


def _option_names(proposal: Proposal, rows: pd.DataFrame, labels: Labels) -> list[str]:
    sites, areas = _sites(proposal), _communities(proposal)
    return [
        sites[row.site_id]
        if row.what == "site"
        else labels.message(
            "site_answers.link_name",
            work=work_word(row.work, labels),
            length=labels.metres(row.length_m),
            community=areas.get(row.community_id) or row.community_id or "–",
        )
        for row in _rows(rows)
    ]


def _rows(table: pd.DataFrame) -> list[Any]:
    return list(table.itertuples())


def _sites(proposal: Proposal) -> dict[str, str]:
    return {row.site_id: str(row.name or row.site_id) for row in proposal.candidates.itertuples()}


def _communities(proposal: Proposal) -> dict[str, str]:
    layer = proposal.assessment.district.communities
    return dict(zip(layer["community_id"], layer["name"], strict=True))


def _headed(columns: dict[str, Any], labels: Labels) -> pd.DataFrame:
    return pd.DataFrame(columns).rename(columns=lambda n: labels.message(f"site_answers.col_{n}"))
