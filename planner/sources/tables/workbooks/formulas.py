"""Formulas of an Excel sheet whose results nobody has computed.

A program that writes a workbook does not calculate: it keeps no result of a formula, or 0, and asks
the spreadsheet to calculate when it opens the file. No spreadsheet did before it came here.
"""

from __future__ import annotations

Place = tuple[int, int]
"""Row and column, counted from 0."""


Results = dict[Place, float | None]
"""By place of a formula the figure that is kept as its result, None where there is none."""


def not_computed(results: Results, *, to_calculate: bool | None) -> list[Place]:
    """Return the formulas without a result: nothing is kept, or a 0 that is none.

    Parameters
    ----------
    results
        Of a sheet.
    to_calculate
        Whether the file asks to be calculated when it is opened, None where it does not tell.

    Examples
    --------
    >>> not_computed({(1, 0): 0.0, (2, 0): 7.0, (3, 0): None}, to_calculate=True)
    [(1, 0), (3, 0)]
    >>> not_computed({(1, 0): 0.0, (2, 0): 7.0, (3, 0): None}, to_calculate=None)
    [(3, 0)]
    """
    empty = (None, 0.0) if to_calculate else (None,)
    return [place for place, result in results.items() if result in empty]


def perhaps_not_computed(results: Results, *, to_calculate: bool | None) -> list[Place]:
    """Return the formulas of a sheet all of whose results are 0, where the file does not tell more.

    A spreadsheet may have calculated them: they are true where the sheet holds differences alone.

    Parameters
    ----------
    results, to_calculate
        As of :func:`not_computed`.

    Examples
    --------
    >>> perhaps_not_computed({(1, 0): 0.0, (2, 0): 0.0}, to_calculate=None)
    [(1, 0), (2, 0)]
    >>> perhaps_not_computed({(1, 0): 0.0, (2, 0): 7.0}, to_calculate=None)
    []
    """
    kept = [place for place, result in results.items() if result is not None]
    zero = all(results[place] == 0 for place in kept)
    return kept if zero and to_calculate is None else []
