"""What is asked of the results of many districts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import cast

import pandas as pd
import streamlit as st

from planner.analysis.coverage.levels import Level
from planner.app.session import choices
from planner.app.session.answers import many_districts
from planner.app.session.answers.many_districts import Dataset, Inside, Offered, place_key
from planner.app.session.context import Context
from planner.app.session.errors import markdown

LEVELS: tuple[Level, ...] = ("district", "subdistrict", "community")

ALL, NONE = "*", "-"
"""Stand in the address for all districts, and for no earlier run."""

AREAS, INSIDE = "areas", "inside"
"""Choices of the page's own: which areas are ranked, and where."""


@dataclass(frozen=True)
class LeagueQuestion:
    """What is chosen.

    Parameters
    ----------
    dataset, before
        Results, and those of an earlier run where one is chosen.
    level, kind, group
        Which areas are ranked by what; the group is None for all who are counted.
    inside
        Province and district (None for a whole province) whose areas are shown; None for all.
    """

    dataset: Dataset
    level: Level
    kind: str
    group: str | None
    before: Dataset | None
    inside: Inside

    @property
    def of(
        self,
    ) -> tuple[Dataset, Level, str, str | None, Dataset | None, Inside]:
        """The arguments of :func:`planner.app.session.answers.many_districts.ranked`."""
        return self.dataset, self.level, self.kind, self.group, self.before, self.inside

    @property
    def is_one_district(self) -> bool:
        """Whether areas of one district alone are shown."""
        return self.inside is not None and self.inside[1] is not None

    @property
    def sign(self) -> str:
        """Tells one question from another on the page."""
        inside = place_key(*self.inside) if self.inside else ""
        names = (self.dataset.name, self.level, self.kind, self.group or "", inside)
        return "_".join([*names, self.before.name if self.before else ""])


def draw(context: Context, offered: dict[str, Dataset]) -> LeagueQuestion:
    """Draw the choices and return them."""
    say, labels = context.word, context.labels
    boxes = st.columns([3, 4, 3, 3, 3, 3], vertical_alignment="bottom")
    with boxes[0]:
        name = choices.pick(
            "results", say("app_districts.results"), offered, next(iter(offered)), str
        )
    dataset = offered[name]
    known = many_districts.offered_by(dataset)
    with boxes[1]:
        kind = choices.pick(
            "kind",
            say("app.kind"),
            known.kinds,
            next(iter(known.kinds)),
            lambda each: known.kinds[each][labels.language],
        )
    groups = known.groups[kind]
    with boxes[2]:
        group = choices.pick("group", say("app.group"), groups, groups[0], labels.group)
    with boxes[3]:
        level = choices.pick(
            AREAS,
            say("app_districts.areas"),
            LEVELS,
            LEVELS[0],
            lambda each: say(f"app_districts.level_{each}"),
        )
    with boxes[4]:
        inside = choices.pick(
            INSIDE,
            say("app_districts.inside"),
            [ALL, *known.places],
            ALL,
            lambda each: say("app_districts.all") if each == ALL else known.places[each],
        )
    with boxes[5]:
        earlier = choices.pick(
            "before",
            say("app_districts.before"),
            [NONE, *(each for each in offered if each != name)],
            NONE,
            lambda each: say("app_districts.no_before") if each == NONE else each,
        )
    _way_up(context, known, inside)
    return LeagueQuestion(
        dataset,
        cast("Level", level),
        kind,
        None if group in known.wholes else group,
        offered.get(earlier),
        known.named.get(inside),
    )


def draw_table(context: Context, question: LeagueQuestion, tables: int, usual: int) -> int:
    """Draw the choice among tables of several units, standards or limits; return what is chosen.

    Parameters
    ----------
    context
        The reader's language.
    question
        What they are of; the choice does not outlast it.
    tables
        How many there are; of one alone nothing is drawn.
    usual
        The one that is shown where none is chosen.
    """
    if tables == 1:
        return usual
    numbers = [str(each) for each in range(1, tables + 1)]
    if not choices.under("table", question.sign, numbers):
        choices.choices().pop("table", None)
    chosen = choices.pick(
        "table",
        context.word("app_districts.table"),
        numbers,
        str(usual),
        lambda each: context.word("app_districts.table_of", table=each, all=tables),
    )
    return int(chosen)


def enter(province: str, district: str) -> None:
    """Look at the communities of a district."""
    _look_at(place_key(province, district), LEVELS[-1])


def districts_of(areas: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the province and district that each area is, or lies in."""
    return list(zip(areas["province"], areas["district"], strict=True))


def _way_up(context: Context, known: Offered, inside: str) -> None:
    """Draw what the place that is looked at lies in, each a button that leads there."""
    if inside == ALL:
        return
    province, district = known.named[inside]
    above = [(ALL, context.word("app_districts.all"))]
    if district is not None and province:
        above.append((place_key(province), province))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for key, name in above:
            st.button(
                markdown(name),
                key=f"districts_up_{key}",
                type="tertiary",
                icon=":material/arrow_upward:",
                on_click=partial(_look_at, key, LEVELS[0]),
            )


def _look_at(inside: str, level: Level) -> None:
    choices.choices().update({INSIDE: inside, AREAS: level})
