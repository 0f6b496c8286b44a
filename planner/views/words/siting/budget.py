"""Remedies under one budget, in sentences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from planner.arrays import Bool
from planner.district.scenarios.scenario import Connect
from planner.siting.change_prices import work_of
from planner.siting.findings import built_at
from planner.views.words.analysis.links import work_word
from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.ranges import gains_unsure_words, spread_words
from planner.views.words.siting.prices import answer_labels, price_notes, priced_by_list

if TYPE_CHECKING:
    from planner.siting.budget import Mix


def remedy_word(remedy: str, kind: str, labels: Labels) -> str:
    """Return what a remedy does, and for which kind where it is for one (the kind in words)."""
    word = labels.message(f"budget.remedy_{remedy}")
    return labels.message("budget.remedy_of", remedy=word, kind=kind) if kind else word


def remedy_words(mix: Mix, labels: Labels) -> list[str]:
    """Return what each remedy of ``mix.table`` does, of a way as the search for links calls it."""
    district, words = mix.assessment.district, []
    for row in mix.ranked:
        change, action = mix.changes[row], mix.actions.iloc[row]
        if isinstance(change, Connect):
            words.append(work_word(work_of(district, change), labels))
        else:
            kind = labels.kind(action["kind"], district.kinds) if action["kind"] else ""
            words.append(remedy_word(action["remedy"], kind, labels))
    return words


def mix_sentences(mix: Mix, language: str = "en") -> list[str]:
    """Return the answer in sentences, what it rests on behind it."""
    labels = answer_labels(mix, language)
    spread = spread_words(mix.assessment, mix.group, labels, mix.kinds)
    return [*mix_answer(mix, language), *spread, *mix_remarks(mix, language)]


def mix_answer(mix: Mix, language: str = "en") -> list[str]:
    """Return the answer alone: gains, residents, money, proof, what the sum promised."""
    labels = answer_labels(mix, language)
    say, number = labels.message, labels.number
    shown = partial(mix.assessment.district.shown_count, mix.group)
    lines = [
        say(
            "budget.answer",
            actions=number(len(mix.chosen)),
            cost=money(mix.cost, labels),
            gained=labels.count(shown(mix.gained)),
            residents=labels.count(shown(mix.residents)),
        )
    ]
    lines += gains_unsure_words(shown(mix.gained_unsure), labels)
    if mix.siting.optimal:
        lines.append(say("budget.proof_optimal", actions=number(len(mix.actions))))
    else:
        gap = labels.percent(mix.siting.gap, 2)
        lines.append(say("budget.proof_gap", gap=gap, actions=number(len(mix.actions))))
    if mix.promised != mix.gained:
        lines.append(say("budget.difference", promised=labels.count(shown(mix.promised))))
    return lines


def mix_remarks(mix: Mix, language: str = "en") -> list[str]:
    """Return what the answer rests on: where places and prices come from."""
    labels = answer_labels(mix, language)
    notes = [labels.finding(each, mix.assessment.district.kinds) for each in mix.findings]
    return [*notes, *price_notes(_priced_by_list(mix), mix.costs, labels)]


def _priced_by_list(mix: Mix) -> Bool:
    """Return which of the remedies are built at a candidate whose list names the price."""
    told = priced_by_list(mix.assessment.district)
    rows = mix.actions.iloc[mix.chosen]
    own = [
        remedy == "build" and built_at(kind, action_id) in told
        for remedy, kind, action_id in zip(
            rows["remedy"], rows["kind"], rows["action_id"], strict=True
        )
    ]
    return np.array(own, dtype=np.bool_)
