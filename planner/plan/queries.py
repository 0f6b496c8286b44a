"""What a plan holds, read: proposals, what was said of them, the trail."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import pandas as pd
from sqlalchemy import Connection, Select, Text, func, select, type_coerce

from planner.errors import Finding, InputError
from planner.plan.proposals.merging import ConflictError
from planner.plan.proposals.one_house import builders_of
from planner.plan.proposals.prices import priced_as
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import AGREED
from planner.plan.store.store import Store
from planner.plan.store.tables import CHILDREN, LAYERS, PROPOSALS, STORE, TARGETS, TRAIL, Json
from planner.plan.store.trail import broken_links, replayed
from planner.plan.withheld import CountedShares, Withheld, everywhere, shown_proposal
from planner.plan.workflow.reviews import (
    Case,
    Comment,
    Consultation,
    Document,
    Review,
    as_cases,
)
from planner.siting.costs import builtin_costs

if TYPE_CHECKING:
    from planner.district import District

_ROWS: dict[str, Any] = {
    "review": Review,
    "consultation": Consultation,
    "comment": Comment,
    "document": Document,
}
assert set(_ROWS) == set(CHILDREN)


@dataclass(frozen=True)
class Wanted:
    """Which proposals are asked for; what is empty does not matter.

    Parameters
    ----------
    status
        Any of these statuses.
    department, workspace, year
        Of this department, workspace or year.
    kind
        About this kind among others.
    put_aside
        Whether those put aside are among them.
    """

    status: tuple[str, ...] = ()
    department: str = ""
    workspace: str = ""
    year: int | None = None
    kind: str = ""
    put_aside: bool = False

    def query(self) -> Select[Any]:
        """Return the question to the database."""
        asked = select(PROPOSALS)
        if not self.put_aside:
            asked = asked.where(PROPOSALS.c.deleted.is_(False))
        if self.status:
            asked = asked.where(PROPOSALS.c.status.in_(self.status))
        for name in ("department", "workspace"):
            if value := getattr(self, name):
                asked = asked.where(PROPOSALS.c[name] == value)
        if self.year is not None:
            asked = asked.where(PROPOSALS.c.year == self.year)
        return asked.order_by(PROPOSALS.c.created_at, PROPOSALS.c.id)


def elsewhere_of(proposals: Iterable[Proposal], workspace: str) -> tuple[str, ...]:
    """Return the workspaces of proposals of which none is about the one that is asked for.

    Parameters
    ----------
    proposals
        Those of a plan.
    workspace
        The one that is asked for; nothing is elsewhere where none is named.

    Returns
    -------
    tuple of str
        One for each proposal, empty for one that names none; nothing where any is about it.
    """
    found = tuple(each.workspace for each in proposals) if workspace else ()
    return () if workspace in found else found


class Queries:
    """What is read of a plan.

    Parameters
    ----------
    store
        Where it is kept.
    withheld
        In which workspaces counts of groups are left out of what is read, see
        :mod:`planner.plan.withheld`; None where they are told.
    """

    def __init__(self, store: Store, withheld: Withheld | None = None) -> None:
        self.store, self.withheld = store, withheld

    def without_groups(self) -> Self:
        """Return the plan as it is told to whom counts of groups are withheld from."""
        told = copy(self)
        told.withheld = everywhere
        return told

    def told_with(self, district: District) -> Self:
        """Return the plan without counts of groups where the district is without small ones."""
        return self if district.withheld is None else self.without_groups()

    def shown(self, proposal: Proposal) -> Proposal:
        """Return a proposal as it is told: without counts of groups where they are withheld."""
        if self.withheld is None or not self.withheld(proposal.workspace):
            return proposal
        return shown_proposal(proposal)

    def shown_conflict(self, error: ConflictError) -> ConflictError:
        """Return a refusal as it is told: without counts of groups where they are withheld.

        Parameters
        ----------
        error
            With what two people changed, and the row as it is kept.
        """
        if self.withheld is None:
            return error
        shares = self._counted_shares()
        told = (shares.shown_conflict(error.row_id, each) for each in error.conflicts)
        theirs = shares.shown_row(error.row_id, error.theirs)
        return ConflictError(error.row_id, [each for each in told if each], theirs)

    def _shown_case(self, case: Case) -> Case:
        told = self.shown(case.proposal)
        return case if told is case.proposal else replace(case, proposal=told)

    def get(self, proposal_id: str) -> Proposal:
        """Return a proposal as it is.

        Raises
        ------
        InputError
            ``plan.no_such_proposal``.
        """
        return self.case(proposal_id).proposal

    def case(self, proposal_id: str) -> Case:
        """Return a proposal with its reviews, consultations, comments and documents.

        Raises
        ------
        InputError
            ``plan.no_such_proposal``.
        """
        with self.store.reading() as connection:
            return self._shown_case(self.case_in(connection, proposal_id))

    def case_in(self, connection: Connection, proposal_id: str) -> Case:
        """Return the same inside a transaction, with all figures as they are kept."""
        asked = select(PROPOSALS).where(PROPOSALS.c.id == proposal_id)
        found = self.proposals_in(connection, asked)
        if not found:
            raise InputError("plan.no_such_proposal", id=proposal_id[:40])
        built, parts = self._built(connection), _children(connection, proposal_id)
        back = self._given_back(connection, found, built)
        return as_cases(found, **parts, given_back=back, built_in=built)[0]

    def gave_back(self, proposal: Proposal) -> Proposal | None:
        """Return the house that ended a proposal and has itself ended unbuilt; None for none."""
        with self.store.reading() as connection:
            built = self._built(connection)
            found = self._given_back(connection, [proposal], built).get(proposal.id)
        return None if found is None else self.shown(found)

    def built_by(self, proposal: Proposal) -> Proposal | None:
        """Return the house that was agreed to and builds a proposal; None for none."""
        with self.store.reading() as connection:
            own = self._built(connection).get(proposal.id)
            return None if own is None else self.shown(self.case_in(connection, own).proposal)

    def _built(self, connection: Connection) -> dict[str, str]:
        """Return the house that was agreed to and builds a proposal, by its id."""
        agreed = PROPOSALS.c.status.in_(AGREED) & (PROPOSALS.c.made_of != "")
        return builders_of(self.proposals_in(connection, select(PROPOSALS).where(agreed)))

    def _given_back(
        self, connection: Connection, proposals: Iterable[Proposal], built: Container[str]
    ) -> dict[str, Proposal]:
        """Return by id of a part the house that ended it and has itself ended unbuilt."""
        parts = [x for x in proposals if x.status == "superseded" and x.superseded_by]
        if not parts:
            return {}
        unbuilt = PROPOSALS.c.status.in_(("withdrawn", "rejected", "superseded"))
        ended = select(PROPOSALS).where(unbuilt)
        houses = {each.id: each for each in self.proposals_in(connection, ended)}
        # what another house that was agreed to builds is not planned a second time
        found = {each.id: houses.get(each.superseded_by) for each in parts if each.id not in built}
        return {own: house for own, house in found.items() if house and own in house.made_of}

    def proposals_in(self, connection: Connection, asked: Select[Any]) -> list[Proposal]:
        """Return the proposals that a question finds, inside a transaction.

        Of thousands, few were written since they were read last, and taking JSON apart is most of
        the work: a row that holds, letter by letter, what it held then is the same proposal.
        """
        known: dict[str, tuple[tuple[Any, ...], Proposal]]
        known = self.store.memory.get("proposals", self.store, dict)
        found = []
        for row in connection.execute(asked.with_only_columns(*_AS_WRITTEN)):
            written = tuple(row)
            kept = known.get(row.id)
            if kept is None or kept[0] != written:
                kept = known[row.id] = written, Proposal.from_row(_read(written))
            found.append(kept[1])
        return found

    def proposals(self, wanted: Wanted | None = None) -> list[Proposal]:
        """Return proposals, the oldest first.

        An agenda asks for the same ones several times: as long as nobody wrote anything, which the
        head of the trail tells, they are read once.
        """
        asked = wanted or Wanted()
        with self.store.reading() as connection:
            head = str(connection.execute(select(STORE.c.head)).scalar_one())
            # the question to the database does not tell kinds
            question = "list", head, replace(asked, kind="")
            found = self.store.memory.get(
                question, self.store, lambda: self.proposals_in(connection, asked.query())
            )
        return [self.shown(x) for x in found if not asked.kind or asked.kind in x.kinds]

    def cases(self, wanted: Wanted | None = None) -> list[Case]:
        """Return proposals with all that was said of them, in one reading of each table."""
        asked = wanted or Wanted()
        with self.store.reading() as connection:
            found = self.proposals_in(connection, asked.query())
            parts = _children(connection)
            built = self._built(connection)
            back = self._given_back(connection, found, built)
        chosen = [each for each in found if not asked.kind or asked.kind in each.kinds]
        found_cases = as_cases(chosen, **parts, given_back=back, built_in=built)
        return [self._shown_case(each) for each in found_cases]

    def elsewhere(self, workspace: str) -> tuple[str, ...]:
        """Return what a plan that has nothing about a workspace is about instead.

        See :func:`elsewhere_of`.
        """
        return elsewhere_of(self.proposals(), workspace)

    def usual_unit(self, workspace: str = "", otherwise: str = "") -> str:
        """Return the unit of prices where nobody says one: that of the proposals' own prices.

        Parameters
        ----------
        workspace
            Only proposals about this one; all where none is given.
        otherwise
            Where they have none, or several; that of the list which ships where none is given.
        """
        there = self.proposals(Wanted(workspace=workspace))
        units = {each.currency for each in there if each.cost is not None} - {""}
        return units.pop() if len(units) == 1 else otherwise or builtin_costs().currency

    def table(self, wanted: Wanted | None = None) -> pd.DataFrame:
        """Return proposals as a table, one row each, those that wait for an answer first.

        Returns
        -------
        DataFrame
            ``id``, ``status``, ``awaits_streets`` (a way that opened and counts in the plan until
            a newer file of streets has it), ``department``, ``action``, ``kinds`` (joined by
            ``;``), ``title``, ``year``, ``cost`` to ``cost_most`` (the same where the price is no
            range), ``currency``, ``gained`` (people of all, summed over kinds, as it was computed;
            NaN where it was not), ``gained_unsure`` (of whom it is not known that they lack it),
            ``gained_more`` (how many more may gain, which is not known),
            ``standard`` by which (gains by several do not compare),
            ``waiting`` (departments whose answer is needed, while it is looked at), ``unanswered``
            (objections and wishes without an answer), and ``version``.
        """
        rows = [
            {
                "id": case.proposal.id,
                "status": case.proposal.status,
                "awaits_streets": case.proposal.awaits_streets,
                "department": case.proposal.department,
                "action": case.proposal.action,
                "kinds": ";".join(case.proposal.kinds),
                "title": case.proposal.title,
                "year": case.proposal.year,
                "cost": case.proposal.cost,
                "cost_most": case.proposal.cost_most,
                "currency": case.proposal.currency,
                "gained": case.proposal.figures.gained() if case.proposal.figures else None,
                "gained_unsure": (
                    case.proposal.figures.gained_unsure() if case.proposal.figures else 0.0
                ),
                "gained_more": (
                    case.proposal.figures.gained_more() if case.proposal.figures else 0.0
                ),
                "standard": case.proposal.figures.standard if case.proposal.figures else "",
                "waiting": ";".join(
                    each.department
                    for each in (case.waiting_for if case.looked_at else ())
                    if each.need == "needed"
                ),
                "unanswered": ";".join(dict.fromkeys(x.department for x in case.unanswered)),
                "version": case.proposal.version,
            }
            for case in sorted(self.cases(wanted), key=lambda case: case.urgency)
        ]
        return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)

    def trail(self, proposal_id: str = "", newest: int | None = None) -> list[dict[str, Any]]:
        """Return the entries of the trail, in their order.

        Parameters
        ----------
        proposal_id
            Only entries about this proposal, target or limit.
        newest
            Only so many, those that were written last.
        """
        entries = self._entries(proposal_id, newest)
        if self.withheld is None:
            return entries
        shares = self._counted_shares()
        return [shares.shown_entry(entry) for entry in entries]

    def _entries(self, proposal_id: str = "", newest: int | None = None) -> list[dict[str, Any]]:
        """Return the entries of the trail as they are."""
        asked = select(TRAIL).order_by(TRAIL.c.number.desc()).limit(newest)
        if proposal_id:
            asked = asked.where(TRAIL.c.proposal_id == proposal_id)
        with self.store.reading() as connection:
            return [dict(row) for row in connection.execute(asked).mappings()][::-1]

    def _counted_shares(self) -> CountedShares:
        """Return which shares of targets were counted."""
        asked = select(TRAIL).where(TRAIL.c.layer == "target")
        with self.store.reading() as connection:
            entries = [dict(row) for row in connection.execute(asked).mappings()]
            groups = connection.execute(select(TARGETS.c.id, TARGETS.c.group)).all()
        return CountedShares(dict(groups), entries)

    def approved_in(self) -> dict[str, tuple[int, int]]:
        """Return the year and month in which each proposal was approved last, by the trail."""
        asked = (
            select(TRAIL.c.proposal_id, func.max(TRAIL.c.at))
            .where(TRAIL.c.layer == "proposal", TRAIL.c.deed == "approve")
            .group_by(TRAIL.c.proposal_id)
        )
        with self.store.reading() as connection:
            return {own: (int(at[:4]), int(at[5:7])) for own, at in connection.execute(asked)}

    def as_of(self, proposal_id: str, version: int) -> Proposal:
        """Return a proposal as it was at a version, by the trail.

        Raises
        ------
        InputError
            ``plan.no_such_version``.
        """
        own = [
            entry
            for entry in self._entries(proposal_id)
            if entry["layer"] == "proposal" and entry["version"] <= version and entry["applies"]
        ]
        if not own or own[-1]["version"] != version:
            raise InputError("plan.no_such_version", id=proposal_id[:40], version=version)
        row = replayed(own)["proposal", proposal_id]
        return self.shown(Proposal.from_row({"id": proposal_id, **row}))

    def priced_as(self, proposal: Proposal) -> Proposal | None:
        """Return a proposal as it was when it had its price, where it is to be another since.

        See :func:`planner.plan.proposals.prices.priced_as`.
        """
        found = priced_as(proposal, self._entries(proposal.id))
        return None if found is None else self.shown(found)

    def verify(self) -> tuple[Finding, ...]:
        """Return what is wrong with the plan, nothing where all is in order.

        The trail must be complete, in order and sealed, and every row must be what the trail leads
        to.
        """
        with self.store.reading() as connection:
            head = connection.execute(select(STORE)).mappings().one()
            entries = [
                dict(row)
                for row in connection.execute(select(TRAIL).order_by(TRAIL.c.number)).mappings()
            ]
            broken = list(broken_links(entries, head["entries"], head["head"]))
            if not all(isinstance(each["after"], dict) for each in entries):
                return tuple(broken)  # to what such a trail leads nobody can say
            return (*broken, *_differing(connection, replayed(entries)))


_COLUMNS = {
    **dict.fromkeys(("id", "status"), "object"),
    "awaits_streets": "bool",
    **dict.fromkeys(("department", "action", "kinds", "title"), "object"),
    "year": "Int64",
    "cost": "float64",
    "cost_most": "float64",
    "currency": "object",
    "gained": "float64",
    "gained_unsure": "float64",
    "gained_more": "float64",
    "standard": "object",
    "waiting": "object",
    "unanswered": "object",
    "version": "int64",
}


_JSON = {each.name for each in PROPOSALS.c if isinstance(each.type, Json)}
_AS_WRITTEN = [
    type_coerce(each, Text()).label(each.name) if each.name in _JSON else each
    for each in PROPOSALS.c
]
"""Columns of a proposal, those of JSON as the text that stands in the database."""


def _read(written: tuple[Any, ...]) -> dict[str, Any]:
    """Return the values of a row whose JSON is text still."""
    return {
        column.name: Json.read(value) if column.name in _JSON else value
        for column, value in zip(PROPOSALS.c, written, strict=True)
    }


def _children(connection: Connection, proposal_id: str = "") -> dict[str, list[Any]]:
    """Return the rows beside proposals by layer, the oldest first; of one where it is named."""
    found: dict[str, list[Any]] = {}
    for layer, kind in _ROWS.items():
        table = LAYERS[layer]
        asked = select(table).where(table.c.deleted.is_(False)).order_by(table.c.at, table.c.id)
        if proposal_id:
            asked = asked.where(table.c.proposal_id == proposal_id)
        rows = connection.execute(asked).mappings()
        found[f"{layer}s"] = [kind.from_row(row) for row in rows]
    return found


def _plain(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {str(name): value for name, value in row.items()}


def _differing(
    connection: Connection, led_to: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Iterator[Finding]:
    """Yield the rows that are not what the trail leads to."""
    left = dict(led_to)
    for layer, table in LAYERS.items():
        for row in _plain(connection.execute(select(table).order_by(table.c.id)).mappings()):
            own = row.pop("id")
            if left.pop((layer, own), None) != row:
                yield Finding("plan.row_differs", {"layer": layer, "id": own})
    for layer, own in left:
        yield Finding("plan.row_missing", {"layer": layer, "id": own})
