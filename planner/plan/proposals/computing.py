"""What proposals bring, computed on top of what is decided before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from planner import __version__
from planner.analysis.comparison import Comparison, compare
from planner.analysis.coverage.spacing import wide_ranges
from planner.errors import Finding
from planner.plan.proposals.figures import Figures, KindFigures, LeftOut, signs
from planner.plan.proposals.together import Doing, done, together
from planner.plan.store.writing import now

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


class Counted(Doing, Protocol):
    """A proposal, as far as what it brings turns on it."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of facilities that it is about."""


class Earlier(Doing, Protocol):
    """A decided proposal, as far as what follows it turns on it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def content_sign(self) -> str:
        """The sign of its content."""


def compute(
    assessment: Assessment,
    proposal: Counted,
    before: Sequence[Earlier] = (),
    left_out: Sequence[LeftOut] = (),
) -> Figures:
    """Compute what a proposal brings on top of the decided proposals before it.

    Parameters
    ----------
    assessment
        The workspace as it is.
    proposal
        Kinds that it is not about are told where their coverage changes.
    before
        Decided proposals, in their order.
    left_out
        Those of them that cannot be carried out on the workspace, see
        :func:`planner.plan.coordination.fitting.carried_out`.

    Raises
    ------
    InputError
        Where a change cannot be made, or is about a facility that is another by now.
    """
    return compute_each(assessment, [proposal], before, left_out)[0]


def compute_each(
    assessment: Assessment,
    proposals: Sequence[Counted],
    before: Sequence[Earlier] = (),
    left_out: Sequence[LeftOut] = (),
) -> list[Figures]:
    """Compute for each of several what it alone brings, see :func:`compute`.

    What they have in common, the state before them and the signs of the data, is computed once.
    """
    if not proposals:
        return []
    # each from today: the marks of facilities are those of the data, not of what is decided
    odd = {each.proposal for each in left_out}
    taken = [each for each in before if each.id not in odd]
    start = _after(assessment, "before", taken)
    old, told = _counts(start), signs(assessment)
    base = tuple((each.id, each.content_sign) for each in before)
    found = []
    for each in proposals:
        end = _after(assessment, "after", [*taken, each]) if each.changes else start
        new, both = _counts(end), compare(start, end)
        rows = (*_rows(each, old, new, both), *_untold(each, new, assessment.groups))
        known: dict[str, Any] = {"base": base, "rows": rows, "left_out": tuple(left_out), **told}
        known |= {"computed_at": now(), "planner": __version__, "no_data": _no_data(each, end)}
        figures = Figures(**known, unknown_told=True, ranges=_ranges(assessment, rows))
        if assessment.district.withheld is not None:
            # sums of which small counts were taken out are no counts that a plan keeps
            figures = figures.without_groups()
        found.append(figures)
    return found


def _no_data(proposal: Counted, after: Assessment) -> tuple[str, ...]:
    """Return the kinds without data that a proposal is about; a way is about all."""
    wanted = proposal.kinds or after.kinds_without_data
    return tuple(kind for kind in after.kinds_without_data if kind in wanted)


def _ranges(assessment: Assessment, rows: Iterable[KindFigures]) -> tuple[Finding, ...]:
    """Return the ranges of today's shares of the kinds that figures tell of."""
    kinds = {row.kind for row in rows}
    found = wide_ranges(assessment.range_notes(assessment.groups[0]))
    return tuple(each for each in found if each.params["kind"] in kinds)


def _rows(
    proposal: Counted,
    old: Mapping[tuple[str, str], _Told],
    new: Mapping[tuple[str, str], _Told],
    both: Comparison,
) -> Iterable[KindFigures]:
    """Yield the figures of a proposal's kinds, and of others whose coverage it changes.

    A way has no kinds. Of what nobody can tell whether it changes, since its counts are withheld or
    nothing is judged at all, it has rows without counts: no row at all means that nothing changes.
    Kinds without data are not judged, and have none beside kinds that are.
    """
    wanted = set(proposal.kinds)
    judged = bool(both.after.judged_kinds)
    no_data = set(both.after.kinds_without_data) if judged else set()
    for (kind, group), told in new.items():
        was = old.get((kind, group))
        asked = kind not in no_data and (told["limit_m"] is not None or not judged)
        untold = told["covered"] is None and asked
        if kind in wanted or _differs(was, told) or (untold and not wanted):
            known = told["covered"] is not None and kind in both.kinds
            unsure = (both.unsure, both.perhaps_within, both.perhaps_lost) if known else ()
            yield KindFigures(
                kind, group, *_pair(was, told), *(count(kind, group) for count in unsure)
            )


def _untold(
    proposal: Counted, new: Iterable[tuple[str, str]], groups: Iterable[str]
) -> Iterable[KindFigures]:
    """Yield rows without counts for kinds of a proposal of which the assessment tells nothing.

    Such is a district's own kind without a limit: without a row it would seem to change nothing.
    """
    told = {kind for kind, _ in new}
    for kind in (each for each in proposal.kinds if each not in told):
        for group in groups:
            yield KindFigures(kind, group, *(None for _ in range(6)))


def _after(assessment: Assessment, name: str, proposals: Sequence[Doing]) -> Assessment:
    return done(assessment, together(name, proposals))


_COUNTS = ("covered", "unknown")


_Told = Mapping[str, float | None]


def _counts(assessment: Assessment) -> dict[tuple[str, str], _Told]:
    summary = assessment.summary()
    people = assessment.groups[0]
    found: dict[tuple[str, str], _Told] = {}
    for row in summary.to_dict("records"):
        told = {name: _number(row[name]) for name in (*_COUNTS, "limit_m")}
        if not row["judged"]:
            told |= dict.fromkeys(_COUNTS)
        found[str(row["kind"]), str(row["group"])] = {**told, "people": _number(row[people])}
    return found


def _pair(before: _Told | None, after: _Told) -> tuple[float | None, ...]:
    old: _Told = before or {}
    return (
        after["limit_m"],
        after["people"],
        old.get("covered"),
        after["covered"],
        old.get("unknown"),
        after["unknown"],
    )


def _differs(before: _Told | None, after: _Told) -> bool:
    return before is None or any(before[name] != after[name] for name in _COUNTS)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
