"""Where do residents live too far, on foot, from the facilities they need, and what to do next.

The names below are the notebook interface. They are imported when first used, so that
``import planner`` itself stays fast.
"""

from planner.public_names import on_first_use

__version__ = "0.1.0"

__all__, __getattr__, __dir__ = on_first_use(
    __name__,
    {
        "Assessment": "planner.analysis.assessment",
        "AssessmentResult": "planner.result",
        "District": "planner.district",
        "InputError": "planner.errors",
        "PlannerError": "planner.errors",
        "Residents": "planner.sources",
        "Scenario": "planner.district",
        "WalkProfile": "planner.district",
        "assess": "planner.result",
        "assess_workspace": "planner.batch.workspace",
        "compare": "planner.analysis.comparison",
        "compare_scenarios": "planner.siting",
        "demo_district": "planner.sources",
        "find_profile": "planner.district",
        "from_files": "planner.sources",
        "from_frames": "planner.sources",
        "from_osm": "planner.sources",
        "match_needs": "planner.siting",
        "open_plan": "planner.plan.plan",
        "open_results": "planner.batch.results",
        "progress_bar": "planner.views.notebooks.progress",
        "propose": "planner.siting",
        "propose_one_stop": "planner.siting",
        "read_district": "planner.sources",
        "read_update": "planner.sources",
        "relocate": "planner.siting",
        "undo_update": "planner.sources",
        "with_elevation": "planner.sources",
        "write_district": "planner.sources",
        "write_update": "planner.sources",
    },
)
