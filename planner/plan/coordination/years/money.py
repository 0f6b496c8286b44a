"""What the money of the joint plan buys: residents gained by year, and for each unit of money."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

UNSURE = ("gained_unsure", "gained_more", "lost_unsure")
"""Of those gained who may lack nothing today; of others who may gain, and who may lose."""

COLUMNS = (
    "year",
    "currency",
    "cost",
    "cost_most",
    "unpriced",
    "added",
    "gained",
    *UNSURE,
    "spent",
    "spent_most",
    "spent_currency",
    "gained_per_cost",
    "gained_per_cost_most",
)


def bought(
    coverage: pd.DataFrame,
    costs: pd.DataFrame,
    group: str,
    ahead: Sequence[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Return what each year costs and brings, summed over the judged kinds.

    Parameters
    ----------
    coverage, costs
        Of :class:`planner.plan.coordination.years.years.JointPlan`. Only what the years count is
        told: what has opened is gained by today already, and its money bought nothing of this.
    group
        Whose residents count; each once for every kind.
    ahead
        Years from which something counts, each with the later year that its money is of: in
        between nothing is told of gained for the money.

    Returns
    -------
    DataFrame
        One row for each year after today: ``year``, ``currency``, the range ``cost`` to
        ``cost_most`` of what is done in it, ``unpriced`` proposals without a price, ``added`` by
        that year and ``gained`` in all since today, ``gained_unsure`` of whom it is not known that
        they lack it today, ``gained_more`` and ``lost_unsure`` who may gain or lose besides,
        ``spent`` to ``spent_most`` in all, in
        ``spent_currency``, and ``gained_per_cost`` to ``gained_per_cost_most``, gained for each
        unit spent, at the highest prices and at the lowest. No price is no price of nothing:
        with a proposal without one there is no upper end (NaN), and none of gained for the money;
        nor where prices are in several currencies, which are told joined by ``;`` and not added up.
    """
    costs = costs[costs["state"] == "counted"]
    own = coverage[(coverage["group"] == group) & coverage["judged"].astype(bool)]
    years = list(dict.fromkeys(coverage["year"]))
    # NaN where a kind's count is withheld: a sum without it would be too small
    summed = {
        name: [float(own.loc[own["year"] == year, name].sum(skipna=False)) for year in years]
        for name in ("gained", *UNSURE)
    }
    gained = summed["gained"]
    rows, spent, spent_most, unpriced_yet = [], 0.0, 0.0, 0
    currencies: set[str] = set()
    for number, year in enumerate(years[1:], start=1):
        of_year = costs[costs["year"] == year]
        # an amount of which nobody says in which unit is one all the same
        priced = of_year[(of_year["currency"] != "") | of_year["cost"].notna()]
        currencies |= set(priced["currency"])
        unpriced = int(of_year["unpriced"].sum())
        unpriced_yet += unpriced
        one_unit = priced["currency"].nunique() <= 1
        cost, cost_most = (
            float(priced[name].sum()) if one_unit else np.nan for name in ("cost", "cost_most")
        )
        spent = spent + cost if len(currencies) <= 1 else np.nan
        whole = not unpriced_yet and len(currencies) <= 1
        spent_most = spent_most + cost_most if whole else np.nan
        unpaid = any(years.index(since) <= number < years.index(paid) for since, paid in ahead)
        told = spent_most > 0 and not unpaid
        rows.append(
            {
                "year": year,
                "currency": ";".join(sorted(set(priced["currency"]))),
                "cost": np.nan if unpriced and priced["cost"].isna().all() else cost,
                "cost_most": np.nan if unpriced else cost_most,
                "unpriced": unpriced,
                "added": gained[number] - gained[number - 1],
                "gained": gained[number],
                **{name: summed[name][number] for name in UNSURE},
                "spent": spent,
                "spent_most": spent_most,
                "spent_currency": ";".join(sorted(currencies)),
                "gained_per_cost": gained[number] / spent_most if told else np.nan,
                "gained_per_cost_most": gained[number] / spent if told and spent > 0 else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
