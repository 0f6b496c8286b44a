"""How the figures are made: definitions and formulas, and the literature they come from."""

from __future__ import annotations

import pandas as pd

from planner.reports.asked import Asked
from planner.reports.content import Block, Part, Table, table_of
from planner.views.words.provenance import definition_rows

_STEPS = ("walk", "limit", "unknown", "gap", "cause", "remedy")


def method(asked: Asked) -> Part:
    """Return the method in sentences, the figures with their formulas, and the sources."""
    blocks: list[Block] = [asked.say(f"method_{name}") for name in _STEPS]
    blocks.append(_definitions(asked))
    blocks.append(asked.say("method_source_walk"))
    if asked.proposals:
        blocks += [asked.say("method_siting"), asked.say("method_source_siting")]
    return Part("method", asked.say("part_method"), tuple(blocks))


def _definitions(asked: Asked) -> Table:
    rows = definition_rows(asked.labels)
    frame = pd.DataFrame(
        {
            asked.say("col_figure"): [each["heading"] for each in rows],
            asked.say("col_formula"): [each["formula"] for each in rows],
            asked.say("col_meaning"): [each["meaning"] for each in rows],
        }
    )
    caption = asked.say("caption_definitions")
    return table_of(asked.say("sheet_definitions"), caption, frame, asked.columns())
