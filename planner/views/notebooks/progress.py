"""How far slow work is, in a notebook, or in one line of stderr elsewhere."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from planner.views.escaping import safe
from planner.views.words.labels import Labels

_STEPS = 100
"""So many states a bar is drawn in at most: each is a message to the browser."""


class ProgressBar:
    """A ``progress(code, fraction)`` that draws a bar.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> bar = ProgressBar()
    >>> bar.text("analysis.progress_network", 0.25)
    'Building the street network (25%)'
    """

    def __init__(self, language: str = "en") -> None:
        self._labels = Labels(language)
        self._handle: Any = None
        self._drawn: tuple[str, int] | None = None

    def __call__(self, code: str, fraction: float) -> None:
        """Draw how far the work is; what looks the same as before is not drawn again."""
        state = code, round(fraction * _STEPS)
        if state == self._drawn:
            return
        self._drawn = state
        if _in_notebook():
            self._draw(code, fraction)
        else:
            print(self.text(code, fraction), file=sys.stderr, flush=True)

    def text(self, code: str, fraction: float) -> str:
        """Return what goes on, in words, and how far it is."""
        return f"{self._labels.message(code)} ({self._labels.percent(fraction, 0)})"

    def _draw(self, code: str, fraction: float) -> None:
        drawing: Any = import_module("IPython.display")  # its functions tell no types
        bar = f'<progress max="1" value="{fraction:.2f}" style="width:16em"></progress>'
        shown = drawing.HTML(f"<div>{bar} {safe(self.text(code, fraction))}</div>")
        if self._handle is None:
            self._handle = drawing.display(shown, display_id=True)
        else:
            self._handle.update(shown)


def progress_bar(language: str = "en") -> ProgressBar:
    """Return a bar for the parameter ``progress`` of slow work.

    One for each work: :func:`planner.assess`, :func:`planner.from_files`,
    :func:`planner.from_osm`, ``result.report`` and the like. Where no notebook runs, each
    step is a line of stderr.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    InputError
        ``views.unknown_language``.

    Examples
    --------
    >>> import planner
    >>> result = planner.assess(planner.demo_district(), progress=planner.progress_bar())
    """
    return ProgressBar(language)


def _in_notebook() -> bool:
    """Whether what is displayed is drawn: by a kernel, which has loaded IPython itself."""
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
