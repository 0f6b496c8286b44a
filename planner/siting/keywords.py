"""Options given one by one, put into the groups in which they are handed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from planner.location.limits import LimitKeywords
from planner.siting.candidates import PlaceKeywords

__all__ = ["SearchKeywords", "grouped"]


class SearchKeywords(PlaceKeywords, LimitKeywords, total=False):
    """Places to choose from and when to stop, one by one."""


def grouped(function: str, keywords: Mapping[str, Any], *groups: Any) -> tuple[Any, ...]:
    """Return option groups with the keywords in them that are named like their fields.

    Parameters
    ----------
    function
        Whose keywords they are, for the message.
    keywords
        Given one by one; they come before what a group holds.
    groups
        Frozen dataclasses that have no field in common.

    Raises
    ------
    TypeError
        For a keyword that no group has, as Python says it.
    """
    names = [{field.name for field in fields(group)} for group in groups]
    unknown = set(keywords).difference(*names)
    if unknown:
        message = f"{function}() got an unexpected keyword argument {min(unknown)!r}"
        raise TypeError(message)
    return tuple(
        replace(group, **{name: keywords[name] for name in own & set(keywords)})
        for group, own in zip(groups, names, strict=True)
    )
