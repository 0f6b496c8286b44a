"""Where to build: covering and median problems on arrays, answered with a proof."""

from importlib import import_module
from typing import Any

_HOMES = {
    "Allocation": "planner.siting.allocation",
    "Matching": "planner.siting.matching",
    "Proposal": "planner.siting.proposals",
    "before_after": "planner.siting.answers",
    "budget_curve": "planner.siting.curves",
    "candidate_sites": "planner.siting.candidates",
    "closings": "planner.siting.relocation",
    "coverage_curve": "planner.siting.curves",
    "match_needs": "planner.siting.matching",
    "phases": "planner.siting.curves",
    "propose": "planner.siting.proposals",
    "reasons": "planner.siting.answers",
    "relocate": "planner.siting.relocation",
    "relocation_curve": "planner.siting.relocation",
    "Relocation": "planner.siting.relocation",
    "propose_one_stop": "planner.siting.one_stop_proposals",
    "robustness": "planner.siting.curves",
    "OneStop": "planner.siting.one_stop_sites",
    "OneStopProposal": "planner.siting.one_stop_answers",
    "Progress": "planner.siting.results",
    "Siting": "planner.siting.results",
    "max_coverage": "planner.siting.coverage",
    "against_links": "planner.siting.answers",
    "allocate": "planner.siting.allocation",
    "one_stop": "planner.siting.one_stop_sites",
    "p_center": "planner.siting.center",
    "p_median": "planner.siting.median",
    "set_cover": "planner.siting.covering",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'planner.siting' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
