"""Key figures, each of which opens what it rests on.

One row of figures on every page: a small button in the corner of each opens its definition and
formula, the limit with its clause and whether that was checked, the data with their dates, and
what is not known of it with its range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets.formulas import formula
from planner.views.escaping import safe
from planner.views.words.provenance import LAYERS, data_lines, limit_line

_KEPT = "planner_figures"


@dataclass(frozen=True)
class Figure:
    """A key figure and what it rests on.

    Parameters
    ----------
    label, value
        Plain words and the figure as shown.
    meaning
        Its definition, plain text.
    formula
        Name in :data:`planner.app.widgets.formulas.FORMULAS`, empty for none.
    kinds
        Kinds whose limits it rests on: each is told with its clause; none where it rests on none.
    layers
        Layers of the district that it is computed from.
    unknown
        What is not known of it and its range, as :func:`planner.views.words.provenance.range_line`
        says it; empty where nothing is.
    source
        Where a figure comes from that is not of the district, such as a benchmark.
    delta
        Difference to what was before, as shown; empty for none.
    before
        The figure before, as shown; empty where nothing is compared.
    more_is_better
        Whether a greater figure is good: colours the difference.
    """

    label: str
    value: str
    meaning: str
    formula: str = ""
    kinds: Sequence[str] = ()
    layers: Sequence[str] = LAYERS
    unknown: str = ""
    source: str = ""
    delta: str = ""
    before: str = ""
    more_is_better: bool = True


def draw(context: Context, result: Assessment, figures: Sequence[Figure], key: str) -> None:
    """Draw figures in a row.

    Parameters
    ----------
    context, result
        Words, and the assessment that the figures come from.
    figures
        What is shown.
    key
        Name of the row, once on a page.
    """
    keep(figures)
    boxes = st.columns(len(figures), gap="small")
    for number, (box, figure) in enumerate(zip(boxes, figures, strict=True)):
        with box, st.container(key=f"figure_{key}_{number}"):
            st.metric(
                figure.label,
                figure.value,
                delta=figure.delta or None,
                delta_color="normal" if figure.more_is_better else "inverse",
                border=True,
            )
            about = context.word("app_work.about_figure", figure=markdown(figure.label))
            with st.popover(about, icon=":material/info:", type="tertiary"):
                _definition(context, result, figure)


def keep(figures: Sequence[Figure]) -> None:
    """Keep figures for what is printed of this page, see :func:`printed`."""
    st.session_state[_KEPT] = tuple(figures)


def forget() -> None:
    """Keep none: another page begins."""
    st.session_state.pop(_KEPT, None)


def printed() -> str:
    """Return the figures of this page as HTML for a printed sheet, empty where it has none."""
    figures: tuple[Figure, ...] = st.session_state.get(_KEPT, ())
    return "".join(
        f'<div class="pl-figure"><strong>{safe(each.value)}</strong>'
        f"<span>{safe(each.label)}{safe(f' ({each.delta})') if each.delta else ''}</span></div>"
        for each in figures
    )


def _compared(context: Context, figure: Figure) -> str:
    """Return the figure, where it is compared with the one before and the difference."""
    if not figure.before:
        return figure.value
    return context.word(
        f"plan_figures.{'change_by' if figure.delta else 'change_line'}",
        before=figure.before,
        after=figure.value,
        change=figure.delta,
    )


def _definition(context: Context, result: Assessment, figure: Figure) -> None:
    say, labels = context.word, context.labels
    st.markdown(f"**{markdown(figure.label)}**: {markdown(_compared(context, figure))}")
    st.markdown(markdown(figure.meaning))
    if figure.formula:
        st.latex(formula(figure.formula, labels))
    facts: list[tuple[str, Iterable[str]]] = [
        ("limits", [limit_line(result, kind, labels) for kind in figure.kinds]),
        ("unknown", [figure.unknown] if figure.unknown else []),
        ("source", [figure.source] if figure.source else []),
        ("data", data_lines(result.district, labels, figure.layers)),
    ]
    lines = [
        f"- **{say(f'app_work.{name}')}** {markdown(line)}" for name, told in facts for line in told
    ]
    st.caption("\n".join(lines))
