"""The frame of a page: its heading, what went wrong, notes below; and that it runs by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import wraps
from typing import Any

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.spacing import wide_ranges
from planner.app.session import choices
from planner.app.session.context import Context, entry_word
from planner.app.session.errors import credit_markdown, markdown, showing_errors
from planner.app.session.loading import loaded
from planner.app.widgets import inputs, key_figures, other_standards
from planner.district import District
from planner.views.words.catalogue import N_
from planner.views.words.ranges import spread_words

_OF_DEMO = (
    N_("示例区 · 三江 (synthetic)"),
    N_("Demo district, synthetic: not a real place"),
    N_("synthetic, make_demo.py seed 1"),
)
"""What the demo's file says of itself, which the catalogues have in Chinese."""

MOST_SHOWN = 80
"""Characters of a refused choice that are shown."""


def page(draw: Callable[[Context, Assessment], None]) -> Callable[[Context], None]:
    """Make a page of a function that draws an assessment.

    The page is a fragment: where one of its own widgets changes, it alone runs again. What goes
    wrong is therefore told inside, and the address brought in line once it is drawn. A widget that
    leads to another page makes the whole app run again, for only that changes pages.
    """

    @st.fragment
    @wraps(draw)
    def fragment(context: Context, result: Assessment) -> None:
        if choices.leaves():
            st.rerun(scope="app")
        key_figures.forget()
        with showing_errors(context.labels):
            draw(context, result)
        choices.write_address()

    @wraps(draw)
    def opened(context: Context) -> None:
        result = loaded(context)
        if result is None:
            choices.keep_address()
        else:
            fragment(context, result)

    return opened


def heading_row(context: Context, result: Assessment, widths: Sequence[float]) -> list[Any]:
    """Draw the heading in the first of some columns and return the others, for what is chosen."""
    title, *boxes = st.columns(list(widths), vertical_alignment="bottom")
    with title:
        heading(context, result.district)
    # below the row: beside the boxes many names would take a line each
    if without := _without(context, result.district, result.kinds_without_data):
        st.markdown(without)
    other_standards.draw(context, result)
    return boxes


def nothing_judged(context: Context, result: Assessment) -> bool:
    """Say that no kind is judged, where none is, and return whether that is so.

    Where there is no data on any, the heading says so and leads to other standards.
    """
    if result.judged_kinds:
        return False
    if not result.kinds_without_data:
        st.info(context.word("app_work.no_limits"), icon=":material/info:")
    notes(context, result, None)
    return True


def group_row(context: Context, result: Assessment, widths: Sequence[float]) -> str:
    """Draw the heading beside the choice of whom to count, and return the group."""
    (group_box,) = heading_row(context, result, widths)
    with group_box:
        return inputs.group(context, result)


def kind_and_group_row(context: Context, result: Assessment) -> tuple[str, str]:
    """Draw the heading beside the choices of a kind and of whom to count, and return both."""
    kind_box, group_box = heading_row(context, result, [5, 4, 3])
    with kind_box:
        kind = inputs.kind(context, result)
    with group_box:
        return kind, inputs.group(context, result)


def kind_group_and_walk_row(context: Context, result: Assessment) -> tuple[str, str, str]:
    """Draw the heading beside the choices of a kind, whom to count and whose walk it is."""
    kind_box, group_box, walk_box = heading_row(context, result, [4, 4, 3, 3])
    with kind_box:
        kind = inputs.kind(context, result)
    with group_box:
        group = inputs.group(context, result)
    with walk_box:
        return kind, group, inputs.walk(context)


def heading(context: Context, district: District, without: Sequence[str] = ()) -> None:
    """Draw the district's name, that it is made up where it is, and kinds without data.

    Parameters
    ----------
    context, district
        What is shown.
    without
        The standard's kinds of which no source tells: they are not judged.
    """
    badges = []
    if district.synthetic:
        badges.append(f":orange-badge[{context.word('app.synthetic')}]")
    if district.estimated:
        badges.append(f":blue-badge[{context.word('app.estimated')}]")
    if district.withheld is not None:
        fewer = context.word("small_numbers.badge", threshold=district.withheld.threshold)
        badges.append(f":violet-badge[{fewer}]")
    badges += filter(None, [_without(context, district, without)])
    name = markdown(context.place(context.labels.text(district.name)))
    # without badges a line is kept for them: the title stays clear of what follows
    st.markdown(f"## {name}\n{' '.join(badges) or '&nbsp;'}")


def _without(context: Context, district: District, kinds: Sequence[str]) -> str:
    """Return the badge that names kinds without data, empty where there are none."""
    if not kinds:
        return ""
    names = [context.labels.kind(kind, district.kinds) for kind in kinds]
    word, comma = context.labels.value("data_none"), context.labels.text(", ")
    return f":red-badge[{word} · {markdown(comma.join(names))}]"


def refused_choices(context: Context, districts: Iterable[str] = ()) -> None:
    """Say which choices are not on offer here and that another was taken.

    Parameters
    ----------
    context
        What is shown.
    districts
        Ids of the districts on offer, which are told where an address asks for another.
    """
    # always one place on the page: what follows would else be drawn anew, the map with it
    place, refused = st.empty(), choices.refused()
    if not refused:
        return
    with place.container():
        for name, value in refused.items():
            st.warning(_refusal(context, name, value, districts), icon=":material/info:")


def _refusal(context: Context, name: str, value: str, districts: Iterable[str]) -> str:
    told = markdown(_short(value))
    if name == choices.NAMES[0]:
        names = [entry_word(context.labels, each) for each in districts]
        return context.word(
            "app.district_not_found",
            value=told,
            shown=markdown(entry_word(context.labels, context.entry.id)),
            known=markdown(context.labels.text(", ").join(names)),
        )
    what = context.word(f"app.{name if name in choices.NAMES else 'choice_of_address'}")
    return context.word("app.not_on_offer", what=what, value=told)


def _short(value: str) -> str:
    return value if len(value) <= MOST_SHOWN else f"{value[:MOST_SHOWN]}…"


def ranges(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Tell beside the figures of a kind the range that the places of homes leave, if any.

    A share of residents that were spread, or that stand in the middles of coarse cells, is one of
    many that the data allow: among the notes below nobody would look for that.

    Parameters
    ----------
    context, result
        What is shown.
    kind
        Whose figures are shown; one of several together has no range of its own.
    group
        Whom the figures count.
    """
    found = wide_ranges(result.range_notes(group), kind)
    remarks(context.labels.finding(each, result.district.kinds) for each in found)


def spread(context: Context, result: Assessment, kinds: Collection[str] | None, group: str) -> None:
    """Tell in a line the ranges of the shares that figures rest on, and that they are no surer.

    Parameters
    ----------
    context, result
        What is shown.
    kinds
        Of which the figures are; None for all.
    group
        Whom the figures count, as for :func:`ranges`.
    """
    remarks(spread_words(result, group, context.labels, kinds))


def remarks(lines: Iterable[str]) -> None:
    """Draw what must be read beside figures, plain texts, a small line each."""
    for line in lines:
        st.caption(f":material/info: {markdown(line)}")


def notes(context: Context, result: Assessment, kind: str | None) -> None:
    """Draw what a reader of the figures must know, and the credits of the data."""
    context = context.counting(result.groups[0])
    labels, district = context.labels, result.district
    rule = result.rule(kind) if kind else None
    lines = [labels.finding(finding, district.kinds) for finding in result.findings]
    if rule is not None and not rule.verified:
        lines.insert(0, context.word("app.unverified", clause=labels.clause(rule)))
    if district.estimated:
        lines.insert(0, context.word("app.estimated_note"))
    if district.synthetic:
        lines.insert(0, context.word("app.synthetic_note"))
    with st.expander(context.word("app.notes", count=len(lines)), icon=":material/info:"):
        st.markdown(bullets(lines))
    credits_line(context, district)


def credits_line(context: Context, district: District) -> None:
    """Draw the credits of the data, nothing where it asks for none."""
    if district.attribution:
        st.caption(
            context.word(
                "app.credits", names=credit_markdown(context.labels.text(district.attribution))
            )
        )


def sentences(context: Context, lines: Iterable[str]) -> str:
    """Return plain sentences as a paragraph in Markdown, places called as its reader does."""
    return context.labels.paragraph(markdown(context.place(line)) for line in lines)


def bullets(lines: Sequence[str]) -> str:
    """Return plain texts as a list in Markdown."""
    return "\n".join(f"- {markdown(line)}" for line in lines)
