"""What a sentence about the joint plan calls fields, statuses, steps, roles and departments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from planner.errors import Finding, messages
from planner.views.words.findings import Words

_WORDS = {
    "fields": "plan_words.field",
    "field": "plan_words.field",
    "status": "plan_words.status",
    "roles": "plan_words.role",
    "action": "plan_words.action",
    "step": "app_plan.step",
    "steps": "app_plan.step",
}
"""By parameter, the messages that have a word for each of its ids."""


def plan_names(labels: Words, finding: Finding, department: Callable[[str], str]) -> dict[str, str]:
    """Return the parameters of a sentence about the plan that are ids of ours, in words.

    Those of what nobody knows (``plan.unknown_…``) stay as they were written.

    Parameters
    ----------
    labels
        The language.
    finding
        A finding or an error of the plan.
    department
        Gives the name of a department.
    """
    code, params = finding.code, finding.params
    if not code.startswith("plan.") or code.startswith("plan.unknown_"):
        return {}
    named = {
        name: _each(labels, params[name], partial(_word, labels, group))
        for name, group in _WORDS.items()
        if isinstance(params.get(name), str)
    }
    if isinstance(params.get("departments"), str):
        named["departments"] = _each(labels, params["departments"], department)
    return named


def _word(labels: Words, group: str, own: str) -> str:
    code = f"{group}_{own}"
    return labels.message(code) if code in messages() else own


def _each(labels: Words, joined: str, word: Callable[[str], str]) -> str:
    return labels.message("plan_words.comma").join(word(each) for each in joined.split(", "))
