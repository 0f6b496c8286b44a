"""How the figures are made: definitions and formulas, and the literature they come from."""

from __future__ import annotations

import pandas as pd

from planner.reports.content import Block, Part, Table, table_of
from planner.reports.request import ReportRequest
from planner.views.words.provenance import definition_rows

_STEPS = ("limit", "unknown", "gap", "cause", "remedy")


def method(request: ReportRequest) -> Part:
    """Return the method in sentences, the figures with their formulas, and the sources."""
    kinds, measure_of = request.result.judged_kinds, request.result.standard.measure_of
    straight = [kind for kind in kinds if measure_of(kind) == "straight"]
    walked = not straight or len(straight) < len(kinds)
    blocks: list[Block] = [request.say("method_walk")] if walked else []
    if straight:
        names = request.labels.text(", ").join(map(request.kind, straight))
        blocks.append(request.say("method_straight", kinds=names))
    blocks += [request.say(f"method_{name}") for name in _STEPS]
    blocks.append(_definitions(request))
    if walked:
        blocks.append(request.say("method_source_walk"))
    if request.proposals:
        blocks += [request.say("method_siting"), request.say("method_source_siting")]
    return Part("method", request.say("part_method"), tuple(blocks))


def _definitions(request: ReportRequest) -> Table:
    rows = definition_rows(request.labels)
    frame = pd.DataFrame(
        {
            request.say("col_figure"): [each["heading"] for each in rows],
            request.say("col_formula"): [each["formula"] for each in rows],
            request.say("col_meaning"): [each["meaning"] for each in rows],
        }
    )
    caption = request.say("caption_definitions")
    return table_of(request.say("sheet_definitions"), caption, frame, request.columns())
