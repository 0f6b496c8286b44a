"""How results show themselves in a notebook: by what is drawn in `views`, on first use.

What is shown lives left of what words and draws it, so it names that by its path, as packages do
for :mod:`planner.public_names`, and imports it when a notebook asks.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_SUMMARIES, _MAPS = "planner.views.notebooks.summaries", "planner.views.notebooks.maps"
_FIGURES = "planner.views.plots.proposals"


class Shown:
    """A result that a notebook shows as a table, in the language of ``PLANNER_LANGUAGE``."""

    def _repr_html_(self) -> str:
        """Return it as a piece of HTML that needs nothing else."""
        html: str = import_module(_SUMMARIES).html_of(self)
        return html


def explored(name: str, /, *about: Any, **how: Any) -> Any:
    """Return a map of a result.

    Parameters
    ----------
    name
        A function of :mod:`planner.views.notebooks.maps`.
    about, how
        What it is told.
    """
    return getattr(import_module(_MAPS), name)(*about, **how)


def plotted(name: str, /, *about: Any, **how: Any) -> Any:
    """Return a figure of a result for paper.

    Parameters
    ----------
    name
        A function of :mod:`planner.views.plots.proposals`.
    about, how
        What it is told.
    """
    return getattr(import_module(_FIGURES), name)(*about, **how)
