"""Figures of ``--json`` have no noise of floating sums, and integers stay exact."""

import json
from functools import reduce
from operator import add

from planner.cli.shared.console import Console


def test_sums_are_rounded_to_twelve_digits_and_integers_are_not(capsys):
    # one after the other: from Python 3.12 on, sum() makes up for what rounding loses
    people = reduce(add, [0.1] * 14470)
    assert people != 1447
    given = {
        "residents": people,
        "id": 12345678901234567,
        "x": [114.93712345678, -0.0],
        "none": None,
    }
    Console(json=True).give(given)
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "residents": 1447.0, "id": 12345678901234567, "x": [114.937123457, 0.0], "none": None,
    }  # fmt: skip
