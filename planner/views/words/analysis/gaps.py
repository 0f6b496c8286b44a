"""Gaps in words: where they are, why, and what would mend them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.analysis.gaps.causes import CAUSES
from planner.analysis.gaps.gaps import TOGETHER
from planner.analysis.gaps.names import Place
from planner.analysis.gaps.table import PATTERN
from planner.views.words.labels import Labels
from planner.views.words.places import named_place, place_words

if TYPE_CHECKING:
    from planner.district import District, Kinds

SHARED_FROM = 0.1
"""Causes of a gap with at least this share of its people are told with their shares."""


MOST_NAMED = 3
"""So many communities of a gap are named, the rest is counted."""


def rows_of(gaps: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table of gaps, as the words below take them."""
    # texts in columns of Arrow's are slow to take out one by one
    plain = pd.DataFrame({name: gaps[name].astype(object) for name in gaps if name != "geometry"})
    return plain.itertuples(index=False)


def place_word(row: Any, labels: Labels) -> str:
    """Return where a gap is, as a person would say it.

    Parameters
    ----------
    row
        A row of :func:`planner.analysis.gaps.gaps.find_gaps`.
    labels
        The language.
    """
    direction = labels.message(f"gaps.direction_{row.direction}") if row.direction else ""
    told = labels.message(
        row.place,
        gate=row.gate,
        street=row.street,
        direction=direction,
        community=_community_word(row, labels),
    )
    if not row.near:
        return told
    near = labels.message("places.near", landmark=row.near)
    return labels.message("places.named_briefly", name=told, place=near)


def words_of_places(rows: Iterable[Any], labels: Labels) -> list[str]:
    """Return where each of many gaps is; what several have in common is worded once.

    The same homes lack several kinds: of a city's 40,000 gaps 16,000 places differ.
    """
    told: dict[tuple[Any, ...], str] = {}
    words = []
    for row in rows:
        place = tuple(getattr(row, name) for name in Place._fields)
        if place not in told:
            told[place] = place_word(row, labels)
        words.append(told[place])
    return words


def _community_word(row: Any, labels: Labels) -> str:
    """Return the communities that a gap is named after, the most people first."""
    first = row.community or row.community_id
    if not row.other_communities:
        return str(first)
    names = [each or labels.message("gaps.outside") for each in row.others.split(";")]
    told = labels.text(", ").join([first, *names[: MOST_NAMED - 1]])
    more = len(names) - (MOST_NAMED - 1)
    return labels.message("gaps.and_more", names=told, count=more) if more > 0 else told


def kind_word(kind: str, labels: Labels, kinds: Kinds) -> str:
    """Return the name of a kind, or of the kinds taken together."""
    return labels.message(f"gaps.kinds_{kind}") if kind in TOGETHER else labels.kind(kind, kinds)


def cause_word(row: Any, labels: Labels) -> str:
    """Return a gap's cause, with the barrier; where causes are mixed each with its share."""
    shares = {
        cause: share
        for cause in CAUSES
        if (share := getattr(row, f"share_{cause}", 0.0)) >= SHARED_FROM
    }
    words = []
    for cause, share in sorted(shares.items(), key=lambda pair: -pair[1]):
        word = labels.message(f"gaps.cause_{cause}")
        if cause == "barrier" and row.barrier:
            word = labels.message("gaps.across", cause=word, barrier=barrier_word(row, labels))
        words.append(f"{word} {labels.percent(share, 0)}" if len(shares) > 1 else word)
    return labels.text(", ").join(words)


def main_cause_word(row: Any, labels: Labels) -> str:
    """Return in two or three words what most people of a gap lack a facility by."""
    # one that is short as it stands is called so everywhere
    code = "cause" if row.cause == "none_near" else "short"
    word = labels.message(f"gaps.{code}_{row.cause}")
    if row.cause == "barrier" and row.barrier:
        short = "short" if row.barrier == PATTERN else "barrier"
        barrier = labels.message(f"gaps.{short}_{row.barrier}")
        return labels.message("gaps.across", cause=word, barrier=barrier)
    return word


def barrier_word(row: Any, labels: Labels) -> str:
    """Return what parts a gap from its facility, empty where nothing does."""
    return labels.message(f"gaps.barrier_{row.barrier}") if row.barrier else ""


def remedy_word(row: Any, labels: Labels) -> str:
    """Return what would mend a gap, empty for kinds taken together."""
    return labels.message(f"gaps.remedy_{row.remedy}") if row.remedy else ""


def left_out_word(row: Any, labels: Labels) -> str:
    """Return the cycleways beside a gap that the import left out, empty where there are none."""
    ways = row.left_out_ways.split(";") if row.left_out_ways else []
    if not ways:
        return ""
    named = labels.text(", ").join(ways[:MOST_NAMED])
    more = len(ways) - MOST_NAMED
    if more > 0:
        named = labels.message("gaps.and_more", names=named, count=more)
    return labels.message("gaps.left_out", ways=named)


def link_word(row: Any, district: District, labels: Labels) -> str:
    """Return the best link of a gap, where it is and whom it brings, empty where there is none."""
    if not row.link_work:
        return ""
    middle = [[(row.link_x1 + row.link_x2) / 2, (row.link_y1 + row.link_y2) / 2]]
    (place,) = place_words(district, np.asarray(middle), labels)
    return labels.message(
        "gaps.link",
        work=labels.message(f"links.work_{row.link_work}"),
        name=named_place(row.link_name, place, labels),
        gain=labels.count(row.link_gain),
    )
