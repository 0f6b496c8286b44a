"""Titles that the tool makes: what is done and where, in the language of whoever reads them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from planner.analysis.nearby import Nearby
from planner.plan.proposals.proposal import NEAR, Proposal
from planner.views.words.labels import Labels
from planner.views.words.places import named_place, nearby_word


def with_title(labels: Labels, draft: Proposal, what: str, spot: Nearby | None) -> Proposal:
    """Return a draft under the title that tells what is done and where, with what it is made of.

    Parameters
    ----------
    labels
        The language of whoever makes it.
    draft
        What is proposed; its title, if any, is what the advice calls the place.
    what
        What it does and for which kinds.
    spot
        What it is near, None where it has no place.
    """
    marks: dict[str, Any] = {"name": draft.title}
    if spot is not None:
        own = spot._asdict()
        # no number is none of JSON
        marks |= {**own, "landmark_m": None if math.isnan(spot.landmark_m) else spot.landmark_m}
    title = _title(labels, marks, what)
    return replace(draft, title=title, known_by={**draft.known_by, NEAR: {**marks, "title": title}})


def made_title(labels: Labels, proposal: Proposal, what: str) -> str:
    """Return the title of a proposal in the language of who reads it, as long as nobody typed one.

    Empty for a title that somebody typed, or that was made without keeping of what.

    Parameters
    ----------
    labels
        The language.
    proposal
        The proposal.
    what
        What it does and for which kinds.
    """
    marks = proposal.known_by.get(NEAR, {})
    return _title(labels, marks, what) if marks.get("title") == proposal.title else ""


def _title(labels: Labels, marks: Any, what: str) -> str:
    told = {name: marks[name] for name in Nearby._fields if name in marks}
    if not told:
        return what
    if told["landmark_m"] is None:
        told["landmark_m"] = math.nan
    place = named_place(str(marks["name"]), nearby_word(Nearby(**told), labels), labels)
    return labels.message("propose.title", what=what, place=place)
