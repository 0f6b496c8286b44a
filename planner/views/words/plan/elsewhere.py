"""Where the plan of a workspace is, where the one at hand has nothing about it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from planner.views.words.labels import Labels


def elsewhere_sentence(labels: Labels, elsewhere: Collection[str]) -> str:
    """Return that all proposals of the plan are about other workspaces than the one asked for.

    Parameters
    ----------
    labels
        The language.
    elsewhere
        As of :func:`planner.plan.queries.elsewhere_of`.
    """
    names = labels.message("plan_words.comma").join(sorted({*filter(None, elsewhere)}))
    count = labels.number(len(elsewhere))
    return labels.message("plan_words.elsewhere", count=count, names=names or "–")


def beside_sentence(labels: Labels, file: Path) -> str:
    """Return that another plan lies beside a workspace, see ``plan_beside`` of the store."""
    return labels.message("plan_words.plan_beside", file=str(file))
