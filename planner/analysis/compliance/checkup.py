"""The check-up (体检) of each area: a score whose parts add up to it, what is missing, a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.audit import audit
from planner.analysis.compliance.clauses import clause_finding
from planner.analysis.compliance.remedies import remedies, smallest
from planner.analysis.compliance.scores import score_parts, score_range
from planner.analysis.coverage.levels import Level
from planner.analysis.coverage.population_within import MOST_UNKNOWN
from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.people import people_in
from planner.district import known_kinds
from planner.district.layers import GROUP_PREFIX, WEIGHT
from planner.district.weights import Weights, default_weights, read_weights
from planner.errors import Finding, InputError
from planner.own_copies import own_tables


@own_tables("parts", "remedies")
@dataclass(frozen=True)
class Card:
    """The check-up of one area.

    Parameters
    ----------
    area_id, name, subdistrict
        The area.
    residents
        People who live there, of the assessment's first group.
    score, score_low, score_high
        0–100, and its range from what is not known; NaN where nothing can be judged.
    rank, areas
        Place among the areas of its level that have one, the best first, and how many these are;
        None without a score, and where others may be ahead.
    parts
        Rows of :attr:`Checkup.parts`, those that lose most first.
    good, missing, unknown
        Clauses that are met, that are not and by how much, and that cannot be judged for what is
        not known: codes with parameters.
    remedies
        The smallest remedy of each kind that residents lack, those who gain most first; see
        :func:`planner.analysis.compliance.remedies.remedies`.
    """

    area_id: str
    name: str
    subdistrict: str
    residents: float
    score: float
    score_low: float
    score_high: float
    rank: int | None
    areas: int
    parts: pd.DataFrame
    good: tuple[Finding, ...]
    missing: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    remedies: pd.DataFrame


@own_tables("scores", "parts")
@dataclass(frozen=True, eq=False)
class Checkup:
    """The check-up of every area of a level. Made by :func:`checkup`.

    Parameters
    ----------
    assessment, weights, level
        What was judged, what counts how much, and which areas.
    scores
        Index ``area_id``: ``name``, ``subdistrict``, ``residents``, ``score`` (0–100, in tenths),
        ``score_low``, ``score_high``, ``rank`` (nullable integer, equal scores share the better;
        none where others may be ahead since more than a tenth of the points is not known),
        ``met``, ``missed`` and ``open`` clauses.
    parts
        The audit's rows with ``max_points``, ``points`` and ``lost``; see
        :func:`planner.analysis.compliance.scores.score_parts`. In each area ``points`` add up to
        the score.
    """

    assessment: Assessment
    weights: Weights
    level: Level
    scores: pd.DataFrame
    parts: pd.DataFrame
    _found: dict[tuple[str, bool], pd.DataFrame] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What to tell: weights of what no clause here is of, and areas that have no rank."""
        idle = [
            Finding("checkup.idle_weight", {"name": name})
            for table in ("kind", "group")
            for name in getattr(self.weights, table)
            if name not in set(self.parts[table])
        ]
        unranked = int(_open(self.scores).sum())
        no_rank = [Finding("checkup.no_rank", {"count": unranked})] if unranked else []
        return (*idle, *no_rank)

    def remedies(self, *, links: bool = False) -> pd.DataFrame:
        """Return the smallest remedy of each area and kind; with `links` that may take long.

        See :func:`planner.analysis.compliance.remedies.remedies`.
        """
        tables = [self._remedies(kind, None, links=links) for kind in self.assessment.judged_kinds]
        return smallest(pd.concat(tables, ignore_index=True)) if tables else pd.DataFrame()

    def card(self, area_id: str, *, links: bool = True) -> Card:
        """Return the check-up of one area.

        Parameters
        ----------
        area_id
            An id of :attr:`scores`.
        links
            Whether links between streets are tried as remedies.

        Raises
        ------
        InputError
            ``checkup.unknown_area``.
        """
        if area_id not in self.scores.index:
            raise InputError("checkup.unknown_area", area=area_id, level=self.level)
        row: Mapping[Any, Any] = self.scores.loc[area_id].to_dict()
        parts = self.parts[self.parts["area_id"] == area_id]
        parts = parts.sort_values("lost", ascending=False, kind="stable").reset_index(drop=True)
        lacking = parts[(parts["requirement"] == "distance") & (parts["short_by"] > 0)]
        kinds = [kind for kind in self.assessment.judged_kinds if kind in set(lacking["kind"])]
        found = [self._remedies(kind, area_id, links=links) for kind in kinds]
        chosen = smallest(pd.concat(found, ignore_index=True)) if found else pd.DataFrame()
        if len(chosen):
            chosen = chosen.sort_values("gain", ascending=False, kind="stable")
        judged = parts["attained_low"].notna()
        return Card(
            area_id=area_id,
            name=str(row["name"]),
            subdistrict=str(row["subdistrict"]),
            residents=float(row["residents"]),
            score=float(row["score"]),
            score_low=float(row["score_low"]),
            score_high=float(row["score_high"]),
            rank=None if pd.isna(row["rank"]) else int(row["rank"]),
            areas=int(self.scores["rank"].notna().sum()),
            parts=parts,
            good=_findings(parts[parts["met"].fillna(False).astype(bool)], self),
            missing=_findings(parts[parts["met"].eq(False).fillna(False)], self),
            unknown=_findings(parts[parts["met"].isna() & judged], self),
            remedies=chosen.reset_index(drop=True),
        )

    def _remedies(self, kind: str, area_id: str | None, *, links: bool) -> pd.DataFrame:
        whole = self._found.get((kind, links))
        if whole is None:
            areas = None if area_id is None else [area_id]
            whole = remedies(self.assessment, kind, self.level, areas=areas, links=links)
            if area_id is None:
                self._found[kind, links] = whole
        return whole if area_id is None else whole[whole["area_id"] == area_id]


def checkup(
    assessment: Assessment,
    weights: Weights | str | Path | None = None,
    level: Level = "community",
) -> Checkup:
    """Give each area a score of 0 to 100 whose parts add up to it.

    Every clause of the audit is a part: it has points by its weight, of which it keeps what is
    attained. So a score of 80 means that four fifths of what the standard asks, weighted, is
    there. What cannot be judged in an area, or is not known, leaves its points to the rest; the
    range of the score tells how far what is not known could move it.

    Parameters
    ----------
    assessment
        What is judged.
    weights
        What counts how much: weights, a TOML file, or those that ship with the package.
    level
        ``"community"``, ``"subdistrict"`` or ``"district"``.

    Raises
    ------
    InputError
        For weights that cannot be used; ``checkup.unknown_weight`` for one of a kind that nobody
        knows.
    """
    plain_walk_only(assessment.reach)
    if not isinstance(weights, Weights):
        weights = default_weights() if weights is None else read_weights(weights)
    _check_names(weights, assessment)
    audited = audit(assessment, level)
    parts = score_parts(audited, weights)
    return Checkup(assessment, weights, level, _scores(assessment, level, parts, weights), parts)


def _check_names(weights: Weights, assessment: Assessment) -> None:
    """Refuse a weight of a kind that is none, or of what can be no group: it would count nothing.

    A kind that this standard does not judge, or a group that this district does not tell, may
    stand there, since weights are for many districts; :attr:`Checkup.findings` tells it.
    """
    known = {**known_kinds(), **assessment.district.kinds}
    for name in weights.kind:
        if any(kind not in known for kind in name.split(";")):
            raise InputError("checkup.unknown_weight", weights=weights.id, table="kind", name=name)
    for name in weights.group:
        if name not in ("population", WEIGHT) and not name.startswith(GROUP_PREFIX):
            raise InputError("checkup.unknown_weight", weights=weights.id, table="group", name=name)


def _scores(
    assessment: Assessment, level: Level, parts: pd.DataFrame, weights: Weights
) -> pd.DataFrame:
    areas, _ = assessment.areas(level)
    table = areas.copy()
    table["residents"] = people_in(assessment, level)
    sums = parts.groupby("area_id")[["max_points", "points"]].sum().reindex(areas.index)
    judged = sums["max_points"] > 0
    table["score"] = sums["points"].round(1).where(judged)
    table = table.join(score_range(parts, weights).reindex(areas.index))
    # as of shares: where more than a tenth turns on what is not known, nobody can say who is ahead
    settled = table["score"].mask(_open(table))
    table["rank"] = settled.rank(ascending=False, method="min").astype("Int64")
    met = parts["met"]
    for name, chosen in {
        "met": met.eq(True),
        "missed": met.eq(False),
        "open": met.isna() & parts["attained_low"].notna(),
    }.items():
        counts = parts[chosen.fillna(False).astype(bool)].groupby("area_id").size()
        table[name] = counts.reindex(areas.index).fillna(0).astype("int64")
    return table


def _open(scores: pd.DataFrame) -> pd.Series:
    """Return of which areas nobody can say how many are ahead of them.

    More than a tenth of all points turns on what is not known there, and other areas lie between.
    """
    low, high = scores["score_low"], scores["score_high"]
    least, most = (np.sort(each.dropna()) for each in (low, high))
    # ahead for sure is whose least passes an area's most, and perhaps whose most passes its least
    surely = len(least) - np.searchsorted(least, high, side="right")
    perhaps = len(most) - np.searchsorted(most, low, side="right") - (high > low)
    return (high - low > 100 * MOST_UNKNOWN) & (perhaps > surely)


def _findings(rows: pd.DataFrame, made: Checkup) -> tuple[Finding, ...]:
    told = (clause_finding(row, made.assessment) for row in rows.to_dict("records"))
    return tuple(filter(None, told))
