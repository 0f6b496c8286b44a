"""A sheet of a workbook that holds the figures that are shown."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose figures are written in as few digits as tell them.

    Usually 16 digits are written, and 84.1, which no binary fraction is, becomes
    84.09999999999999: whoever copies the cell, or reads the file otherwise than with Excel, has
    another figure than the document.
    """

    def _xml_number_element(self, number: float, attributes: Any = ()) -> None:
        told = "".join(f' {name}="{value}"' for name, value in attributes)
        self.fh.write(f"<c{told}><v>{plain(number)}</v></c>")

    def _xml_formula_element(self, formula: str, result: Any, attributes: Any = ()) -> None:
        known = plain(result) if isinstance(result, float) else result
        super()._xml_formula_element(formula, known, attributes)


def plain(number: float) -> str:
    """Return a figure in as few digits as tell it, a whole one without a point.

    Examples
    --------
    >>> plain(84.1), plain(120163.0), plain(-0.5), plain(1e16)
    ('84.1', '120163', '-0.5', '1e+16')
    """
    return repr(float(number)).removesuffix(".0")
