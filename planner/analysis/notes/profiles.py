"""What a reader of figures for a profile of walking must know."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.analysis.distances.profile_streets import ProfileStreets
from planner.analysis.distances.reach import Reach
from planner.errors import Finding

MOST_IDS = 5
LEAST_SHARE = 0.001
"""Share of the street length from which it is told that streets do not tell what a rule asks."""


def profile_notes(reach: Reach) -> Iterator[Finding]:
    """Tell whose walk is measured, on how much street that is not known, and whom it keeps off."""
    walking = reach.district.walking
    if walking is None:
        return
    profile = walking.profile
    named = {"profile": profile.id, "profile_en": profile.en, "profile_zh": profile.zh}
    layer = reach.district.streets
    streets = layer[~layer["link"].to_numpy(dtype=bool)].reset_index(drop=True)
    judged = ProfileStreets.of(profile, streets)
    km = reach.streets.islands.network.edge_length_mm / 1e6
    total = float(km.sum())
    shut = judged.shut(at_best=True)
    longer = ~shut & (judged.factor(at_best=True) > 1)
    yield Finding(
        "profiles.measured",
        {
            **named,
            "shut_km": round(float(km[shut].sum()), 1),
            "longer_km": round(float(km[longer].sum()), 1),
            "km": round(total, 1),
        },
    )
    off = [rule.id for rule in profile.rules if not rule.on]
    if off:
        yield Finding("profiles.rules_off", {**named, "rules": ", ".join(off)})
    assumed = [rule for rule in profile.rules_on if not rule.verified]
    if assumed:
        rules, asks = ([getattr(each, name) for each in assumed] for name in ("id", "asks"))
        told = {"rules": ", ".join(rules), "asks": ", ".join(asks)}
        yield Finding("profiles.unverified", told)
    for code in ("both", "silent"):
        columns = []
        for name in dict.fromkeys(each.rule.asks for each in judged.rules):
            where = np.zeros(len(streets), np.bool_)
            for each in judged.rules:
                if each.rule.asks == name:
                    where |= each.doubt if code == "both" else each.silent
            length = float(km[where & ~shut].sum())
            if length > LEAST_SHARE * total:
                columns.append(f"{name} {length:.1f} km ({100 * length / total:.1f}%)")
        if columns:
            yield Finding(f"profiles.unknown_{code}", {"columns": "; ".join(columns)})
    if reach.kept_off.any():
        params = {"rows": int(reach.kept_off.sum()), **named}
        yield Finding("profiles.homes_kept_off", params)
    counts = reach.district.facilities["facility_id"].isin(
        reach.district.open_facilities()["facility_id"]
    )
    lost = np.asarray(reach.places_kept_off & counts.to_numpy())
    if lost.any():
        ids = reach.district.facilities["facility_id"][lost]
        params = {
            "count": int(lost.sum()),
            **named,
            "ids": ", ".join(ids.head(MOST_IDS)),
        }
        yield Finding("profiles.places_kept_off", params)
