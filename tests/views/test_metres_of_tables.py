"""Metres of tables are those that maps and cards tell: rounded up, nobody is nearer than that."""

import math

import pandas as pd
import pytest

from planner import assess, demo_district
from planner.views.tables.analysis.gaps import gaps_table
from planner.views.words.labels import Labels

pytestmark = pytest.mark.usefixtures("small_demo")


@pytest.fixture(scope="module")
def result():
    return assess(demo_district(), "gb50180-2018")


def test_the_table_of_gaps_has_the_metres_of_the_map(result):
    gaps = result.gaps("clinic")
    labels = Labels("en")
    table = gaps_table(result, gaps, "en")
    for name in ("straight_m", "walked_m"):
        told = table[labels.message(f"gaps.col_{name}")]
        for value, shown in zip(gaps[name], told, strict=True):
            known = math.isfinite(value)
            assert (labels.metres(value) if known else None) == (
                labels.metres(shown) if pd.notna(shown) else None
            )
    assert (gaps["straight_m"].round() != table[labels.message("gaps.col_straight_m")]).any()
