"""Where to build: covering and median problems on arrays, answered with a proof."""

from planner.public_names import on_first_use

_HOMES = {
    "Allocation": "planner.location.allocation.allocate",
    "Limits": "planner.location.limits",
    "Matching": "planner.siting.matching.matching",
    "PlaceOptions": "planner.siting.candidates",
    "Proposal": "planner.siting.proposals.proposal",
    "SiteOptions": "planner.siting.proposals.options",
    "before_after": "planner.siting.proposals.answers",
    "budget_curve": "planner.siting.proposals.curves",
    "candidate_sites": "planner.siting.candidates",
    "closings": "planner.siting.relocation.relocation",
    "coverage_curve": "planner.siting.proposals.curves",
    "match_needs": "planner.siting.matching.matching",
    "phases": "planner.siting.proposals.curves",
    "propose": "planner.siting.proposals.proposal",
    "reasons": "planner.siting.proposals.answers",
    "relocate": "planner.siting.relocation.relocation",
    "relocation_curve": "planner.siting.relocation.relocation",
    "Relocation": "planner.siting.relocation.relocation",
    "propose_one_stop": "planner.siting.one_stop.proposals",
    "robustness": "planner.siting.proposals.curves",
    "OneStop": "planner.location.one_stop_sites.one_stop",
    "OneStopProposal": "planner.siting.one_stop.answers",
    "Progress": "planner.location.results",
    "Siting": "planner.location.results",
    "max_coverage": "planner.location.covering.max_coverage",
    "against_links": "planner.siting.proposals.answers",
    "allocate": "planner.location.allocation.allocate",
    "one_stop": "planner.location.one_stop_sites.one_stop",
    "p_center": "planner.location.center",
    "p_median": "planner.location.median.p_median",
    "set_cover": "planner.location.set_covering.set_cover",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]

__getattr__, __dir__ = on_first_use(__name__, _HOMES)
