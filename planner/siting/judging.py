"""The refusal of a kind that the chosen standard does not judge, with those that do."""

from __future__ import annotations

from planner.district import builtin_standards
from planner.errors import InputError


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
