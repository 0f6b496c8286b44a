"""A layer of gates of which no column says whether they are open."""

import pandas as pd
import pytest

from planner.sources.files.points import read_gates
from planner.sources.tables.frames import Frame

CODE = "sources.gates_not_told"


@pytest.mark.parametrize(
    ("columns", "told"),
    [({"number": [1, 2]}, [2]), ({}, [2]), ({"open": ["no", "yes"]}, []), ({"locked": [1, 0]}, [])],
)
def test_that_all_are_taken_for_open_is_told(columns, told):
    table = pd.DataFrame({"lon": [114.93, 114.94], "lat": [25.85, 25.85], **columns})
    read = read_gates(Frame(table, "gates"))
    assert [each.params["count"] for each in read.findings if each.code == CODE] == told
