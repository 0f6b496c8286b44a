"""The refusal of kinds that the chosen standard does not judge, or of which there is no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.district import builtin_standards
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def no_limit(kind: str) -> InputError:
    """Return the refusal of a kind without a limit; it names the standards that have one.

    Examples
    --------
    >>> no_limit("library").params["standards"]
    '15-minute, td-t-1062-2021'
    """
    known = [name for name, standard in builtin_standards().items() if kind in standard.rules]
    if not known:
        return InputError("siting.no_limit_anywhere", kind=kind)
    return InputError("siting.no_limit", kind=kind, standards=", ".join(known))


def refuse_unjudged(assessment: Assessment) -> None:
    """Refuse to look for remedies where no kind is judged: nobody can be said to lack one.

    Raises
    ------
    InputError
        ``analysis.nothing_judged`` where there is no data on any kind that the standard judges,
        ``analysis.no_limits`` where the standard has no limit.
    """
    if assessment.judged_kinds:
        return
    code = "nothing_judged" if assessment.kinds_without_data else "no_limits"
    raise InputError(f"analysis.{code}", standard=assessment.standard.id)
