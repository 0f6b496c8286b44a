"""What a proposal brings, as it was computed, and whether that still holds.

Figures are kept together with all that they were made from: the data's sign, the standard's, what
was asked, the decided proposals that came before, and the program's version. Whoever reads them
later can compute them anew, and is told where one of these is another by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.district.fingerprint import data_sign, standard_sign
from planner.district.layers import GROUP_PREFIX
from planner.errors import Finding
from planner.plan.store.tables import canonical

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district import District, Standard

Base = tuple[tuple[str, str], ...]
"""Ids and signs of the contents of the proposals that came before, in their order."""

_LATER = ("left_out", "unknown_told", "ranges", "no_data", "withheld")
"""What older figures do not keep, and others only where there is any."""

_UNSURE = ("gained_unsure", "gained_more", "lost_unsure")
"""Of a row, what older figures do not keep."""

STALE = ("data", "standard", "question", "earlier")
"""Why figures may be others by now."""


@dataclass(frozen=True)
class KindFigures:
    """Coverage of one kind and group before and after, people.

    Parameters
    ----------
    kind, group
        What is counted; `group` is a column of ``demand``.
    limit_m
        Limit of the standard, metres; None where the kind is not judged.
    population
        People of the group.
    covered_before, covered_after
        Those within the limit.
    unknown_before, unknown_after
        Those of whom it is not known.
    gained_unsure
        Those within the limit after of whom it is not known before: they may lack nothing today.
        None where it was not kept, or the counts are not told.
    gained_more
        Those not gained who may be within the limit after, which is not known, and of whom it is
        known before; None as above.
    lost_unsure
        Those beyond the limit after of whom it is not known before: they may lose it.
    """

    kind: str
    group: str
    limit_m: float | None
    population: float | None
    covered_before: float | None
    covered_after: float | None
    unknown_before: float | None
    unknown_after: float | None
    gained_unsure: float | None = None
    gained_more: float | None = None
    lost_unsure: float | None = None

    @property
    def gained(self) -> float | None:
        """People brought within the limit; None where a count is withheld or not judged."""
        if self.covered_before is None or self.covered_after is None:
            return None
        return self.covered_after - self.covered_before

    @property
    def unsure(self) -> float:
        """Those gained of whom it is not known that they lack it today, as far as is kept."""
        if self.gained_unsure is not None:
            return self.gained_unsure
        if self.unknown_before is None or self.unknown_after is None:
            return 0.0
        return max(self.unknown_before - self.unknown_after, 0.0)

    @property
    def more(self) -> float:
        """Those not gained who may be, since it is not known of them then, as far as is kept."""
        if self.gained_more is not None:
            return self.gained_more
        if self.unknown_before is None or self.unknown_after is None:
            return 0.0
        return max(self.unknown_after - self.unknown_before, 0.0)


_OF_PEOPLE = tuple(each.name for each in fields(KindFigures))[3:]
"""What a row counts, after its kind, group and limit."""


@dataclass(frozen=True)
class LeftOut:
    """A decided proposal that was not taken as done, since it no longer fitted the data.

    Parameters
    ----------
    proposal, title
        Its id, and its title then; empty for none.
    reason
        Why, as data.
    """

    proposal: str
    title: str
    reason: Finding

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return {"proposal": self.proposal, "title": self.title, **_finding_json(self.reason)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> LeftOut:
        """Return what JSON keeps."""
        return cls(str(told["proposal"]), str(told["title"]), _finding(told))


def _finding_json(found: Finding) -> dict[str, Any]:
    params = {
        name: value if isinstance(value, int | float | str) else str(value)
        for name, value in found.params.items()
    }
    return {"code": found.code, "params": params}


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(str(told["code"]), dict(told["params"]))


@dataclass(frozen=True)
class Figures:
    """What a proposal brings, and from what that was computed.

    Parameters
    ----------
    computed_at
        When, UTC.
    planner
        Version of this program.
    standard, standard_sign
        Id of the standard, and :func:`planner.district.fingerprint.standard_sign`.
    data_sign
        :func:`planner.district.fingerprint.data_sign` of the workspace.
    asked
        Moment, service, way of measuring, profile of walking, groups, and what the first counts.
    base
        Decided proposals that came before, and were taken as done but for those left out.
    rows
        Coverage by kind and group, of the kinds of the proposal and others that it changes.
    left_out
        Of the base, those that could not be carried out on the data, with the reason.
    unknown_told
        Whether what is not known has a row without counts, so that no row says that nothing
        changes. Figures that were kept before that was so do not tell.
    ranges
        Between which shares the places of homes leave today's share of each kind of the rows, see
        :meth:`planner.analysis.assessment.Assessment.range_notes`; none where they are known one
        by one.
    no_data
        Kinds of which no source tells the facilities, so that nothing is known of them, and no sum
        waits for them: those of the proposal, of a way all that the standard asks.
    withheld
        Whether counts of groups are left out, see :meth:`without_groups`: where they are read, or
        as they were computed, of data without small ones.
    """

    computed_at: str
    planner: str
    standard: str
    standard_sign: str
    data_sign: str
    asked: Mapping[str, Any]
    base: Base
    rows: tuple[KindFigures, ...]
    left_out: tuple[LeftOut, ...] = ()
    unknown_told: bool = False
    ranges: tuple[Finding, ...] = ()
    no_data: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def group(self) -> str:
        """Whom a gain counts: the first of the groups that were asked for."""
        return next(iter([*self._groups(), *(row.group for row in self.rows)]), "")

    @property
    def changes_nothing(self) -> bool:
        """Whether no coverage changes; not known of figures that do not tell what is unknown."""
        return self.unknown_told and not self.rows and not self.is_withheld()

    def to_json(self) -> dict[str, Any]:
        """Return the figures as JSON keeps them; what older figures do not tell is not in it."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        own |= {
            "asked": dict(self.asked),
            "base": [list(each) for each in self.base],
            "rows": [_row_json(row) for row in self.rows],
        }
        own |= {"left_out": [each.to_json() for each in self.left_out]}
        own |= {"ranges": [_finding_json(each) for each in self.ranges]}
        return {name: told for name, told in own.items() if told or name not in _LATER}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Figures:
        """Return the figures that JSON keeps."""
        base = tuple((str(own), str(sign)) for own, sign in told["base"])
        rows = tuple(KindFigures(**row) for row in told["rows"])
        left = tuple(LeftOut.from_json(each) for each in told.get("left_out", ()))
        ranges = tuple(_finding(each) for each in told.get("ranges", ()))
        found = {"base": base, "rows": rows, "left_out": left, "ranges": ranges}
        return cls(**{**told, **found, "no_data": tuple(told.get("no_data", ()))})

    def table(self) -> pd.DataFrame:
        """Return the coverage by kind and group, with ``gained``."""
        rows = [
            {
                **asdict(row),
                "gained": row.gained,
                "gained_unsure": None if row.gained is None else row.unsure,
                "gained_more": None if row.gained is None else row.more,
            }
            for row in self.rows
        ]
        columns = [*KindFigures.__dataclass_fields__, "gained"]
        return pd.DataFrame(rows, columns=columns)

    def without_groups(self) -> Figures:
        """Return the figures without counts of groups, as where small numbers are withheld."""
        nothing: dict[str, Any] = dict.fromkeys(_OF_PEOPLE)
        rows = (
            replace(row, **nothing) if row.group.startswith(GROUP_PREFIX) else row
            for row in self.rows
        )
        # between which shares a group lies tells of its counts as well
        ranges = () if self.group.startswith(GROUP_PREFIX) else self.ranges
        return replace(self, rows=tuple(rows), ranges=ranges, withheld=True)

    def is_withheld(self, group: str | None = None) -> bool:
        """Return whether nothing is told of a group, not even that nothing changes for it.

        Parameters
        ----------
        group
            The first of the groups where none is given.
        """
        return self.withheld and (group or self.group).startswith(GROUP_PREFIX)

    def gained(self, group: str | None = None) -> float | None:
        """Return the people of a group brought within a limit, summed over the judged kinds.

        Parameters
        ----------
        group
            The first of the groups where none is given.

        Returns
        -------
        float or None
            None where no kind is judged, or where that of one of them is not known: what is left
            out would make the sum too small; nor where there is no row of the group and the figures
            do not tell what is unknown. 0 where no coverage changes. Kinds without data are judged
            nowhere, and left out, see :attr:`no_data`.
        """
        groups, first = self._groups(), group or self.group
        if self.is_withheld(first):
            return None
        own = [row for row in self.rows if row.group == first]
        if not own and self.unknown_told and (not groups or first in groups):
            return 0.0  # see _rows in computing.py: what is not known has a row
        told = [row.gained for row in own if self._is_judged(row)]
        known = [each for each in told if each is not None]
        return sum(known) if known and len(known) == len(told) else None

    def gained_unsure(self, group: str | None = None) -> float:
        """Return of how many of :meth:`gained` it is not known that they lack it today."""
        return sum((row.unsure for row in self._judged(group)), 0.0)

    def gained_more(self, group: str | None = None) -> float:
        """Return how many more may gain: what comes near them does not tell its hours, say."""
        return sum((row.more for row in self._judged(group)), 0.0)

    def lost_unsure(self, group: str | None = None) -> float:
        """Return how many may lose what it is not known that they have today."""
        return sum((row.lost_unsure or 0.0 for row in self._judged(group)), 0.0)

    def _judged(self, group: str | None) -> list[KindFigures]:
        """Return the rows that :meth:`gained` sums up; none where it is not told."""
        if self.gained(group) is None:
            return []
        first = group or self.group
        return [row for row in self.rows if row.group == first and self._is_judged(row)]

    def _is_judged(self, row: KindFigures) -> bool:
        return row.limit_m is not None and row.kind not in self.no_data

    def _groups(self) -> list[str]:
        return [str(each) for each in self.asked.get("groups", ())]

    @property
    def basis(self) -> tuple[str, str, str]:
        """By what it was counted: gains of another standard, data or question do not add up."""
        return self.standard_sign, self.data_sign, canonical(dict(self.asked))

    def stale(self, assessment: Assessment, base: Base) -> tuple[str, ...]:
        """Return why the figures may be others by now.

        Parameters
        ----------
        assessment
            The workspace as it is, under the standard that holds.
        base
            The decided proposals that come before by now.

        Returns
        -------
        tuple of str
            Any of :data:`STALE`.
        """
        found = {*self.outdated(assessment.district, assessment.standard, base)}
        if dict(self.asked) != _asked(assessment):
            found.add("question")
        return tuple(each for each in STALE if each in found)

    def is_of_other_data(self, district: District) -> bool:
        """Return whether the data are others than those that they were computed from."""
        return self.data_sign != data_sign(district)

    def outdated(self, district: District, standard: Standard, base: Base) -> tuple[str, ...]:
        """Return the same where no other question is asked: what is asked needs an assessment."""
        reasons = {
            "data": self.is_of_other_data(district),
            "standard": self.standard_sign != standard_sign(standard),
            "earlier": self.base != base,
        }
        return tuple(reason for reason, differs in reasons.items() if differs)


def signs(assessment: Assessment) -> dict[str, Any]:
    """Return what figures are computed from, as :class:`Figures` keeps it."""
    return {
        "standard": assessment.standard.id,
        "standard_sign": standard_sign(assessment.standard),
        "data_sign": data_sign(assessment.district),
        "asked": _asked(assessment),
    }


def _row_json(row: KindFigures) -> dict[str, Any]:
    """Return a row as JSON keeps it: as it was where older figures do not tell what is unsure."""
    own = asdict(row)
    return {name: told for name, told in own.items() if told is not None or name not in _UNSURE}


def _asked(assessment: Assessment) -> dict[str, Any]:
    profile = assessment.profile
    # figures that were kept before new facilities counted as what is asked are of another question
    new = {} if assessment.question.plain else {"new_as_asked": True}
    return {
        **new,
        "at": assessment.question.asked_at,
        "service": assessment.question.service,
        "measure": assessment.reach.measure,
        "profile": "" if profile is None else profile.id,
        "unmapped_m": assessment.unmapped_m,
        "groups": list(assessment.groups),
        "unit": assessment.demand_unit,
    }
