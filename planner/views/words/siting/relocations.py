"""Facilities moved and closed, in sentences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from planner.views.words.labels import Labels
from planner.views.words.places import site_names
from planner.views.words.ranges import relocation_rows, spread_words, unsure
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.relocation.relocation import Relocation


def relocation_answer(found: Relocation, language: str = "en") -> list[str]:
    """Return the answer in sentences: who is gained and lost, before and after, the proof."""
    labels = answer_labels(found, language)
    say = labels.message
    limit, plan = labels.metres(found.limit_m), found.plan
    moved = int((plan["does"] == "move").sum())
    shown = partial(found.assessment.district.shown_count, found.group)
    told = {
        "moved": labels.number(moved),
        "closed": labels.number(len(plan) - moved),
        "count": labels.number(len(found.ground.rows)),
        "gained": labels.count(shown(found.gained)),
        "lost": labels.count(shown(found.lost)),
        "limit": limit,
    }
    if not len(plan):
        code = "answer_stay" if found.optimal else "answer_none_found"
        first = say(f"relocation.{code}", limit=limit)
    elif found.moves == 0:
        first = say("relocation.answer_closings", **told)
    else:
        code = "answer_moves" if len(plan) > moved else "answer_moved"
        first = say(f"relocation.{code}", **told)
    kind = labels.kind(found.kind, found.assessment.district.kinds)
    before, after = relocation_rows(found)
    second = say(
        "relocation.after", kind=kind, before=labels.rate(before), after=labels.rate(after)
    )
    notes = [labels.finding(each, found.assessment.district.kinds) for each in found.findings]
    open_end = unsure(found.gained_unsure, (before, after), labels)
    return [
        first,
        second,
        *open_end,
        *spread_words(found.assessment, found.group, labels, (found.kind,)),
        relocation_proof(found, labels),
        say("relocation.who_stays"),
        *notes,
    ]


def relocation_proof(found: Relocation, labels: Labels) -> str:
    """Return in words how far the answer is from the best possible."""
    places = labels.number(len(found.ground.sites))
    if found.optimal:
        aim = "_distance" if found.aim == "distance" else ""
        code = f"proof_optimal{aim}" if found.moves else f"proof_closings{aim}"
        return labels.message(f"relocation.{code}", **({"places": places} if found.moves else {}))
    if found.aim == "distance":
        gap = labels.percent(found.gap, 2)
        return labels.message("relocation.proof_distance", gap=gap, places=places)
    more = labels.number(found.most_net - found.net)
    return labels.message("relocation.proof_coverage", more=more, places=places)


def new_places(found: Relocation, labels: Labels) -> list[str]:
    """Return what the place is called that each facility moves to, empty for one that closes."""
    names = site_names(found.ground.sites, found.assessment.district, labels)
    return [names[each] if each else "" for each in found.plan["site_id"]]
