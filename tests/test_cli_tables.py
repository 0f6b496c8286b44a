"""Tables of the terminal, whatever they hold."""

import pandas as pd
import pytest
from rich.console import Console as Terminal

from planner.cli.shared.fitting import fitting
from planner.cli.shared.tables import rows_table


def test_a_table_without_rows_is_a_heading():
    grid = rows_table("Differences", pd.DataFrame(columns=["Where", "Gained", "Walk (m)"]), 1)
    terminal = Terminal(width=80)
    with terminal.capture() as shown:
        terminal.print(grid)
    text = " ".join(shown.get().split())
    assert all(word in text for word in ("Where", "Gained", "Walk", "(m)"))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("heading", ["满负荷设施的居民", "Residents at full facilities", "n"])
@pytest.mark.parametrize("columns", [1, 4, 9, 13])
def test_no_figure_is_torn_and_no_kind_is_cut(width, heading, columns):
    kinds = ["社区服务站", "社区卫生服务站", "Community health station"]
    figures = {f"{heading} {n}": [1_601_667.0 + n, 11_691.4, 0.5] for n in range(columns)}
    grid = rows_table("Load", pd.DataFrame({"类别": kinds, **figures}), 1)
    terminal = Terminal(width=width)
    with terminal.capture() as shown:
        terminal.print(*fitting(grid, width), sep="\n")
    text = shown.get()
    assert text.count("Load") == 1
    assert [f"{1_601_667 + n:,}" for n in range(columns)] == [
        part for part in text.split() if part.startswith("1,60")
    ]
    assert "…" not in text
    assert all(len(each) <= width for each in text.splitlines())
    parts = text.count("社区卫生服务站")
    assert text.count("11,691.4") == columns
    assert parts >= 1
