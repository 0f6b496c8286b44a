"""Who must act as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.views.words.analysis.gaps import cause_word, place_word
from planner.views.words.labels import Labels
from planner.views.words.money import money_figures
from planner.views.words.places import facility_names
from planner.views.words.siting.departments import (
    building_words,
    currency_word,
    department_word,
    departments_text,
    mend_word,
    price_word,
    rounded_price,
    talk_sentences,
    words_of,
)
from planner.views.words.siting.one_stop import kinds_text

if TYPE_CHECKING:
    from planner.siting.departments.departments import Departments


def departments_table(found: Departments, language: str = "en") -> pd.DataFrame:
    """Return a row for each department, the most people beyond a limit first."""
    labels, rows = words_of(found, language), found.departments
    kinds = found.assessment.district.kinds
    columns: dict[str, Any] = {
        "department": [department_word(each, labels) for each in rows["department"]],
        "beyond": rows["beyond"].round(),
        "not_known": (rows["beyond_high"] - rows["beyond"]).round(),
        # where no kind is judged there is no count of gaps, and not none
        "gaps": rows["gaps"].where(rows["kinds"] != ""),
        "for_others": rows["for_others"],
        "agrees": rows["agrees"],
        **_prices(rows, labels),
        "unpriced": rows["unpriced"],
        "kinds": [kinds_text(each, kinds, labels) if each else "" for each in rows["kinds"]],
        "without_data": [
            kinds_text(each, kinds, labels) if each else "" for each in rows["without_data"]
        ],
    }
    return _named(columns, found, labels)


def kinds_table(found: Departments, language: str = "en") -> pd.DataFrame:
    """Return a row for each department and kind, the most people beyond the limit first."""
    labels, rows = words_of(found, language), found.kinds
    kinds = found.assessment.district.kinds
    causes = [labels.message(f"gaps.cause_{each}") if each else "" for each in rows["cause"]]
    judged = rows["judged"].to_numpy(dtype=np.bool_)
    columns: dict[str, Any] = {
        "department": [department_word(each, labels) for each in rows["department"]],
        "kind": [labels.kind(each, kinds) for each in rows["kind"]],
        "beyond": rows["beyond"].round(),
        "not_known": rows["unknown"].round(),
        "limit_m": rows["limit_m"],
        "gaps": rows["gaps"].where(judged),
        "cause": np.where(judged, causes, labels.value("data_none")),
        **_prices(rows, labels),
        "unpriced": rows["unpriced"].where(judged),
    }
    return _named(columns, found, labels)


def gaps_table(found: Departments, language: str = "en") -> pd.DataFrame:
    """Return a row for each gap, the most people beyond the limit first."""
    labels, district = words_of(found, language), found.assessment.district
    names = facility_names(district)
    gaps = district.shown_areas(found.gaps, "beyond", "unknown")
    rows = list(gaps.itertuples(index=False))
    duties = found.duties.by_name
    columns: dict[str, Any] = {
        "place": [place_word(row, labels) for row in rows],
        "kind": [labels.kind(str(row.kind), district.kinds) for row in rows],
        "beyond": gaps["beyond"].round(),
        "not_known": gaps["unknown"].round(),
        "cause": [cause_word(row, labels) for row in rows],
        "remedy": [mend_word(row, labels) for row in rows],
        **_prices(gaps, labels),
        "actor": [department_word(each, labels) for each in gaps["actor"]],
        "partners": [departments_text(each, labels) for each in gaps["partners"]],
        "department": [department_word(each, labels) for each in gaps["department"]],
        "sites_low": gaps["sites_low"],
        "sites_high": gaps["sites_high"],
        "facility": [names.get(each, "") for each in gaps["facility_id"]],
        "duty": [duties[each].sentence(labels.language) for each in gaps["duty"]],
        "gap_id": gaps["gap_id"],
    }
    return _named(columns, found, labels)


def shared_buildings_table(found: Departments, language: str = "en") -> pd.DataFrame:
    """Return a row for each place where departments could share a building."""
    labels, rows = words_of(found, language), found.buildings
    kinds = found.assessment.district.kinds
    columns: dict[str, Any] = {
        "building": building_words(found, labels),
        "departments": [departments_text(each, labels) for each in rows["departments"]],
        "kinds": [kinds_text(each, kinds, labels) for each in rows["kinds"]],
        "people": rows["residents"].round(),
        "gained": rows["gained"].round(),
        "shared": rows["shared"].round(),
        "cost": money_figures(rows["cost"], 1),
        "saved": money_figures(rows["saved"], 1),
        "needed": rows["needed_m2"].round(),
        "area": rows["floor_area_m2"].round(),
        "origin": [labels.message(f"siting.where_{each}") for each in rows["origin"]],
    }
    return _named(columns, found, labels)


def talks_table(found: Departments, language: str = "en") -> pd.DataFrame:
    """Return who should talk to whom and why, the most people first."""
    labels, rows = words_of(found, language), found.talks
    columns: dict[str, Any] = {
        "department": [department_word(each, labels) for each in rows["department"]],
        "other": [department_word(each, labels) for each in rows["other"]],
        "reason": talk_sentences(found, language),
        "people": rows["people"].round(),
    }
    return _named(columns, found, labels)


def matters_table(found: Departments, language: str = "en") -> pd.DataFrame:
    """Return who has what to settle with whom, the most people first.

    As :func:`talks_table`, short, and a row for all partners of the same gaps: each of them must be
    asked, and the gaps are counted once.
    """
    labels, rows = words_of(found, language), found.talks
    kinds = found.assessment.district.kinds
    same = ["department", "reason", "kinds", "count", "people", "gap_id", "site_id"]
    by_gaps = rows.groupby(same, sort=False, dropna=False)["other"]
    joined: Any = by_gaps.agg(";".join).reset_index()
    columns: dict[str, Any] = {
        "department": [department_word(each, labels) for each in joined["department"]],
        "other": [departments_text(each, labels) for each in joined["other"]],
        "about": [labels.message(f"departments.about_{each}") for each in joined["reason"]],
        "kinds": [kinds_text(each, kinds, labels) for each in joined["kinds"]],
        "matters": joined["count"],
        "people": joined["people"].round(),
    }
    return _named(columns, found, labels)


def _prices(rows: pd.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return the price in words, and both ends of it as figures."""
    ends = list(zip(rows["price_low"], rows["price_high"], strict=True))
    return {
        "price": [
            price_word(low, high, labels) if some else ""
            for (low, high), some in zip(ends, rows.get("gaps", np.ones(len(rows))), strict=True)
        ],
        "price_low": rows["price_low"].map(rounded_price),
        "price_high": rows["price_high"].map(rounded_price),
    }


def _named(columns: dict[str, Any], found: Departments, labels: Labels) -> pd.DataFrame:
    currency = currency_word(found, labels)
    return pd.DataFrame(columns).rename(
        columns=lambda name: labels.message(f"departments.col_{name}", currency=currency)
    )
