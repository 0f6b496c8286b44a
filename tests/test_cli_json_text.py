"""``--json`` is put together row by row, and reads as Python's own encoder would write it."""

import json
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from planner.cli.shared.json_parts import json_parts
from planner.cli.shared.tables import records

DOCUMENT = {
    "name": 'Mill "Lane"\n社区\x7f\u202e',
    "nothing": None,
    "yes": True,
    "no": np.False_,
    "count": np.int64(3),
    "metres": [1.5, -0.0, float("inf"), np.float64("nan"), 1e22, 12345678901234567],
    "empty": {"list": [], "object": {}, "tuple": ()},
    "when": pd.Timestamp("2026-11-30"),
    "never": pd.NaT,
    "rows": [{"ids": ["a", "b"], "deep": {"pair": (1, ["c"])}}, {"ids": []}],
    "frozen": MappingProxyType({1: np.str_("text")}),
    "bare": [],
}
AS_PYTHON_HAS_IT = {
    **DOCUMENT,
    "no": False,
    "count": 3,
    "metres": [1.5, -0.0, None, None, 1e22, 12345678901234567],
    "when": "2026-11-30 00:00:00",
    "never": None,
    "frozen": {"1": "text"},
}


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize(("given", "wanted"), [(DOCUMENT, AS_PYTHON_HAS_IT), ({}, {})])
def test_it_is_what_the_encoder_of_python_writes(given, wanted, ascii_only):
    told = "".join(json_parts(given, ascii_only=ascii_only))
    assert told == json.dumps(wanted, ensure_ascii=ascii_only, indent=2)


def test_a_table_comes_a_row_at_a_time():
    parts = list(json_parts({"rows": [{"id": n} for n in range(1000)]}))
    assert len(parts) > 1000
    assert max(map(len, parts)) < 100


def test_records_hold_what_python_has():
    table = pd.DataFrame(
        {
            "whole": [1, 2],
            "part": [0.5, np.nan],
            "yes": [True, False],
            "text": ["a", None],
            "mixed": np.array([np.float64(1.5), np.int64(2)], dtype=object),
            "maybe": pd.array([1, None], dtype="Int64"),
        }
    )
    rows = records(table)
    wanted = table.astype(object).to_dict("records")
    assert repr(rows) == repr(wanted)
    assert [type(value) for value in rows[0].values()] == [int, float, bool, str, float, int]
