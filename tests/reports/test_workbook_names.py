"""Names of a workbook's sheets: each once, and as Excel takes them."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from planner.reports.workbook import _Names

LETTERS = "Abcdefghijklmnopqrstuvw"


@pytest.mark.parametrize(
    "wanted",
    [
        [f"Sites: {LETTERS}'s"],
        [f"Sites: {LETTERS} s"],
        [f"'{LETTERS} of all' [all]"],
        # the number of the second takes the place of what stands behind an apostrophe
        [f"Sites: {LETTERS[:19]}'s {number}" for number in "aaa"],
        ["Gaps", "gaps", "Gaps'"],
    ],
)
def test_a_name_that_is_cut_ends_as_excel_wants(wanted):
    names = _Names()
    given = [names.free(each) for each in wanted]
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        for name in given:
            book.add_worksheet(name)
    assert CalamineWorkbook.from_filelike(BytesIO(buffer.getvalue())).sheet_names == given
    assert len({name.casefold() for name in given}) == len(wanted)
    for name in given:
        assert 0 < len(name) <= 31
        assert name.strip("' ") == name
