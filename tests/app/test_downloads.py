"""Buttons that take files away."""

from streamlit.testing.v1 import AppTest


def _table() -> None:
    import pandas as pd

    from planner.app.widgets import downloads

    downloads.file(downloads.table("Scores (CSV)", "scores.csv", pd.DataFrame), "scores")


def test_the_workbook_of_a_table_stays_beside_its_button() -> None:
    app = AppTest.from_function(_table).run()
    assert not app.exception
    (both,) = app.main.children.values()
    assert [each.label for each in app.get("download_button")] == ["Scores (CSV)", "Excel"]
    assert both.proto.width_config.use_content  # else a narrow column parts the two
