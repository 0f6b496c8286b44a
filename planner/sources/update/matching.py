"""Which rows of a newer file are rows of a layer: by id, by name and kind, by place.

A row is matched only where one row of the layer fits it and it alone fits that one; whatever fits
several is left undecided. Ids count where they are kept: a list numbered anew each year bears the
same numbers for other facilities. A name never makes rows of two kinds the same: what stands in one
house often bears the name of the house.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from planner.arrays import F64, I64, Objects
from planner.district.identity.doubles import ALIKE_M, PLACED_M, SPOT_M
from planner.district.identity.names import names_alike

NAMED_M = 1_000.0
"""A name is sought within so many metres; map services show places up to 700 m off."""

KEPT_IDS = 0.8
"""Ids count where at least this share of those in both tables are of rows alike."""

SIZES = 0.2
"""Lines and areas whose lengths or areas differ by a larger share are not the same."""

_STEPS_M = (1.0, SPOT_M, PLACED_M)


@dataclass(frozen=True, eq=False)
class Side:
    """Rows as far as they tell which they are.

    Parameters
    ----------
    ids
        Id of each row, empty where there is none that counts.
    names
        Plain names, see :func:`planner.district.identity.names.plain_name`; empty where there are
        none.
    kinds
        Kind of each row, empty in layers that have none.
    xy
        (n, 2) a place in metres: the point, the middle of a line or of an area.
    sizes
        Length or area of each row, 0 of points.
    signs
        Equal for rows that are the same in place, name, kind and figure.
    owner
        Number of the row that each is a form of: a row that was corrected has two.
    """

    ids: Objects
    names: Objects
    kinds: Objects
    xy: F64
    sizes: F64
    signs: Objects
    owner: I64


@dataclass(frozen=True)
class Undecided:
    """A row of the file that may be one of several rows of the layer, or another one.

    Parameters
    ----------
    row
        Its number in the file's table.
    others
        Numbers of the rows of the layer.
    why
        ``"several"`` fit, ``"same_id"``: the id is that of a row with another name elsewhere,
        ``"far"``: one of the same kind and name lies farther than :data:`NAMED_M`, ``"added"``:
        one of the kind that was added by hand stands within
        :data:`~planner.district.identity.doubles.ALIKE_M`, whatever it is called;
        ``"other_kind"``: the id is that of a row whose kind was entered by hand, and is another.
    """

    row: int
    others: tuple[int, ...]
    why: str


@dataclass(eq=False)
class Matches:
    """Which row of the layer each row of the file is.

    Parameters
    ----------
    of
        (n,) number of the row of the layer, −1 where it is none or undecided.
    how
        (n,) ``"id"``, ``"equal"``, ``"name"``, ``"place"``, ``"said"`` or empty.
    undecided
        Rows of which somebody has to say.
    ids_in_both, ids_alike
        How many ids stand in both tables, and how many of them for rows alike.
    """

    of: I64
    how: Objects
    undecided: list[Undecided] = field(default_factory=list)
    ids_in_both: int = 0
    ids_alike: int = 0

    @property
    def ids_count(self) -> bool:
        """Whether ids are kept from one file to the next."""
        return self.ids_alike >= KEPT_IDS * self.ids_in_both


def matches(
    old: Side,
    new: Side,
    said: Mapping[int, int | None],
    placed_m: float = PLACED_M,
    *,
    kinds: Collection[str] | None = None,
    ordinal: bool = False,
    added_from: int | None = None,
    kinds_by_hand: Mapping[int, Collection[str]] | None = None,
) -> Matches:
    """Return which row of a layer each row of a file is.

    Parameters
    ----------
    old
        The layer; the first form of each row has the number of the row.
    new
        The file.
    said
        What somebody said of rows of the file: the row of the layer, None for another one.
    placed_m
        Metres within which rows without a name may be one.
    kinds
        Kinds that the file is about: rows of others stay out of it, whatever ids they bear. All
        where none are given.
    ordinal
        Whether the ids of the file only count its rows: then one is no reason that two rows which
        are not alike are the same.
    added_from
        Rows of the layer from this number on were added by hand or by the joint plan, often under
        a working title: a row of the file that nothing else matches and that stands by one of them
        is left undecided. None where there are none.
    kinds_by_hand
        By row of the layer whose kind was entered by hand, the kinds that it is known as: what was
        entered would go before the list's, so an id alone does not make it a row of another kind.
    """
    found = _Search(old, new, said, kinds, kinds_by_hand or {})
    found.by_ids(ordinal=ordinal)
    found.equal_rows()
    for within in _STEPS_M:
        found.by_names(within)
    found.by_names(NAMED_M, last=True)
    steps = [step for step in _STEPS_M if step < placed_m]
    for within in steps:
        found.by_places(within)
    found.by_places(placed_m, last=True)
    if added_from is not None:
        found.beside_added(added_from)
    found.twins_far_away()
    found.ids_of_others()
    return found.result


class _Search:
    def __init__(
        self,
        old: Side,
        new: Side,
        said: Mapping[int, int | None],
        kinds: Collection[str] | None,
        kinds_by_hand: Mapping[int, Collection[str]],
    ) -> None:
        self._old, self._new = old, new
        self._kinds_by_hand = kinds_by_hand
        count = len(new.ids)
        self.result = Matches(np.full(count, -1, np.int64), np.full(count, "", dtype=object))
        self._open = np.ones(count, bool)
        self._free = np.ones(int(old.owner.max(initial=-1)) + 1, bool)
        if kinds is not None:
            about = np.isin(old.kinds.astype(str), list(kinds))
            self._free[:] = False
            self._free[old.owner[about]] = True
        self._forms: dict[int, list[int]] = defaultdict(list)
        for form, owner in enumerate(old.owner.tolist()):
            self._forms[owner].append(form)
        self._owners: dict[tuple[str, str], set[int]] = defaultdict(set)
        for name, kind, owner in zip(old.names, old.kinds, old.owner.tolist(), strict=True):
            if name:
                self._owners[name, kind].add(owner)
        self._same_id: list[tuple[int, int, str]] = []
        for row, other in said.items():
            self._open[row] = False
            if other is not None:
                self._pair(row, other, "said")

    # ---- ids

    def by_ids(self, *, ordinal: bool) -> None:
        """Match rows of one id, where ids are kept; ordinal ones only where the rows are alike."""
        free = self._free[self._old.owner]
        row_of = {
            own: place
            for place, own in reversed(list(enumerate(self._old.ids)))
            if own and free[place]
        }
        both = [
            (row, row_of[own]) for row, own in enumerate(self._new.ids) if own and own in row_of
        ]
        alike = [self._alike(row, form) for row, form in both]
        self.result.ids_in_both, self.result.ids_alike = len(both), sum(alike)
        if not self.result.ids_count:
            return
        for (row, form), fits in zip(both, alike, strict=True):
            owner = int(self._old.owner[form])
            if not (self._open[row] and self._free[owner]):
                continue
            if fits:
                self._pair(row, owner, "id")
            elif ordinal:
                continue
            elif self._entered_otherwise(row, owner):
                self._same_id.append((row, owner, "other_kind"))
            elif self._away(row, form) <= NAMED_M:
                self._pair(row, owner, "id")
            else:
                self._same_id.append((row, owner, "same_id"))

    def _entered_otherwise(self, row: int, owner: int) -> bool:
        """Whether somebody entered that a facility is of another kind than a row."""
        known = self._kinds_by_hand.get(owner)
        return known is not None and self._new.kinds[row] not in known

    def ids_of_others(self) -> None:
        """Leave undecided rows whose id is that of a row unlike them which nothing else matches."""
        for row, owner, why in self._same_id:
            if self._open[row] and self._free[owner]:
                self._leave(row, [owner], why)

    def _alike(self, row: int, form: int) -> bool:
        """Whether a row may be one of the same id: of its kind, and of its name or place.

        Lists of two departments are often numbered alike, and named by the same communities. And
        where the very name stands under another id, the list was numbered anew.
        """
        owner = int(self._old.owner[form])
        forms = self._forms[owner]
        if self._new.kinds[row] not in [self._old.kinds[each] for each in forms]:
            return False
        namesakes = self._owners.get((self._new.names[row], self._new.kinds[row]))
        if namesakes and owner not in namesakes:
            return False
        names = [self._old.names[each] for each in forms]
        if self._new.names[row] and any(names):
            return any(names_alike(self._new.names[row], name) for name in names)
        return any(self._away(row, each) <= PLACED_M for each in forms)

    def _away(self, row: int, form: int) -> float:
        return float(np.hypot(*(self._new.xy[row] - self._old.xy[form])))

    def equal_rows(self) -> None:
        """Match rows that are the same, one after the other where there are several."""
        forms: dict[object, list[int]] = defaultdict(list)
        for form in np.flatnonzero(self._free[self._old.owner])[::-1].tolist():
            forms[self._old.signs[form]].append(form)
        for row in np.flatnonzero(self._open).tolist():
            same = forms.get(self._new.signs[row], [])
            while same:
                owner = int(self._old.owner[same.pop()])
                if self._free[owner]:
                    self._pair(row, owner, "equal")
                    break

    # ---- names

    def by_names(self, within: float, *, last: bool = False) -> None:
        """Match rows of one kind and name within so many metres."""
        self._settle(self._near_namesakes(within), "name", last=last)

    def _near_namesakes(self, within: float) -> dict[int, set[int]]:
        """Return the rows of the layer that share kind and name with each row, and are as near."""
        fitting: dict[int, set[int]] = {}
        for rows, forms in self._namesakes():
            for row, places in zip(rows, self._within(rows, forms, within), strict=True):
                if places:
                    fitting[row] = {int(self._old.owner[forms[place]]) for place in places}
        return fitting

    def _within(self, rows: list[int], forms: list[int], within: float) -> list[list[int]]:
        """Return for each row the places in `forms` that lie as near."""
        from scipy.spatial import cKDTree

        if len(rows) == len(forms) == 1:
            return [[0] if self._away(rows[0], forms[0]) <= within else []]
        near = cKDTree(self._old.xy[forms]).query_ball_point(self._new.xy[rows], within)
        return [sorted(each) for each in near]

    def twins_far_away(self) -> None:
        """Leave undecided rows whose only namesake of the kind lies far away."""
        for rows, forms in self._namesakes():
            owners = {int(self._old.owner[form]) for form in forms}
            if len(rows) == 1 and len(owners) == 1:
                self._leave(rows[0], sorted(owners), "far")

    def _namesakes(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield open rows and free forms that share kind and name."""
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for form in np.flatnonzero(self._free[self._old.owner]).tolist():
            if self._old.names[form]:
                groups[self._old.names[form], self._old.kinds[form]].append(form)
        rows: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in np.flatnonzero(self._open).tolist():
            key = (self._new.names[row], self._new.kinds[row])
            if key in groups:
                rows[key].append(row)
        for key, found in rows.items():
            yield found, groups[key]

    # ---- places

    def by_places(self, within: float, *, last: bool = False) -> None:
        """Match rows of one kind within so many metres."""
        from scipy.spatial import cKDTree

        rows = np.flatnonzero(self._open)
        forms = np.flatnonzero(self._free[self._old.owner])
        if not (rows.size and forms.size):
            return
        tree = cKDTree(self._old.xy[forms])
        near = tree.query_ball_point(self._new.xy[rows], within)
        fitting: dict[int, set[int]] = {}
        for row, places in zip(rows.tolist(), near, strict=True):
            found = {
                int(self._old.owner[form])
                for form in forms[places].tolist()
                if self._may_be(row, form)
            }
            if found:
                fitting[row] = found
        self._settle(fitting, "place", last=last)

    def beside_added(self, first: int) -> None:
        """Leave undecided the rows that stand by one of their kind that was added by hand."""
        from scipy.spatial import cKDTree

        rows = np.flatnonzero(self._open)
        forms = np.flatnonzero(self._free[self._old.owner] & (self._old.owner >= first))
        if not (rows.size and forms.size):
            return
        near = cKDTree(self._old.xy[forms]).query_ball_point(self._new.xy[rows], ALIKE_M)
        # all rows by one facility are asked of: only who knows the place can tell which it is
        for row, places in zip(rows.tolist(), near, strict=True):
            by_it = forms[places]
            of_kind = by_it[self._old.kinds[by_it] == self._new.kinds[row]]
            if of_kind.size:
                self._leave(row, sorted(set(self._old.owner[of_kind].tolist())), "added")

    def _may_be(self, row: int, form: int) -> bool:
        """Whether kind, size and names allow that a row is one that stands near it."""
        old, new = self._old, self._new
        if old.kinds[form] != new.kinds[row]:
            return False
        sizes = (old.sizes[form], new.sizes[row])
        if abs(sizes[0] - sizes[1]) > SIZES * max(sizes):
            return False
        a, b = old.names[form], new.names[row]
        if not a or not b or names_alike(a, b):
            return True
        return self._away(row, form) <= SPOT_M

    # ---- what is decided

    def _settle(self, fitting: Mapping[int, set[int]], how: str, *, last: bool = False) -> None:
        """Match what fits one another alone; of the rest somebody has to say, at the last."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for row, others in fitting.items():
            for other in others:
                wanted[other].add(row)
        unclear = []
        for row, others in fitting.items():
            if len(others) == 1 and len(wanted[next(iter(others))]) == 1:
                self._pair(row, next(iter(others)), how)
            else:
                unclear.append(row)
        if last:
            for row in unclear:
                self._leave(row, sorted(fitting[row]), "several")

    def _pair(self, row: int, other: int, how: str) -> None:
        self.result.of[row], self.result.how[row] = other, how
        self._open[row] = self._free[other] = False

    def _leave(self, row: int, others: Iterable[int], why: str) -> None:
        found = tuple(others)
        self.result.undecided.append(Undecided(row, found, why))
        self._open[row] = False
        self._free[list(found)] = False  # nothing less alike is matched with them
