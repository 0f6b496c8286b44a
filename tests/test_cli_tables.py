"""Tables of the terminal, whatever they hold."""

import pandas as pd
from rich.console import Console as Terminal

from planner.cli.shared.tables import rows_table


def test_a_table_without_rows_is_a_heading():
    grid = rows_table("Differences", pd.DataFrame(columns=["Where", "Gained", "Walk (m)"]), 1)
    terminal = Terminal(width=80)
    with terminal.capture() as shown:
        terminal.print(grid)
    text = " ".join(shown.get().split())
    assert all(word in text for word in ("Where", "Gained", "Walk", "(m)"))
