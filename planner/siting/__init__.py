"""Where to build, what to move and who must act in a district, answered with a proof.

The problems on arrays are those of :mod:`planner.location`, and can be had from here too.
"""

from planner.public_names import on_first_use

__all__, __getattr__, __dir__ = on_first_use(
    __name__,
    {
        "Allocation": "planner.location.allocation.allocate",
        "Departments": "planner.siting.departments.departments",
        "Limits": "planner.location.limits",
        "MatchOptions": "planner.siting.matching.options",
        "Matching": "planner.siting.matching.matching",
        "PlaceOptions": "planner.siting.candidates",
        "Proposal": "planner.siting.proposals.proposal",
        "SiteOptions": "planner.siting.proposals.options",
        "before_after": "planner.siting.proposals.answers",
        "budget_curve": "planner.siting.proposals.curves",
        "candidate_sites": "planner.siting.candidates",
        "compare_scenarios": "planner.siting.scenario_comparison",
        "closings": "planner.siting.relocation.curves",
        "coverage_curve": "planner.siting.proposals.curves",
        "match_needs": "planner.siting.matching.matching",
        "phases": "planner.siting.proposals.curves",
        "propose": "planner.siting.proposals.proposing",
        "read_duties": "planner.siting.departments.duties",
        "reasons": "planner.siting.proposals.answers",
        "relocate": "planner.siting.relocation.relocate",
        "relocation_curve": "planner.siting.relocation.curves",
        "Relocation": "planner.siting.relocation.relocation",
        "propose_one_stop": "planner.siting.one_stop_sites.proposals",
        "robustness": "planner.siting.proposals.curves",
        "OneStop": "planner.location.one_stop_sites.one_stop",
        "OneStopProposal": "planner.siting.one_stop_sites.answers",
        "Progress": "planner.location.results",
        "Siting": "planner.location.results",
        "max_coverage": "planner.location.covering.max_coverage",
        "against_links": "planner.siting.proposals.answers",
        "allocate": "planner.location.allocation.allocate",
        "one_stop": "planner.location.one_stop_sites.one_stop",
        "p_center": "planner.location.center",
        "p_median": "planner.location.median.p_median",
        "set_cover": "planner.location.set_covering.set_cover",
        "who_must_act": "planner.siting.departments.departments",
    },
)
