"""Many districts: each assessed by itself, their results in one folder that can be asked.

Names are imported when first used; Dask only where a run asks for several processes.
"""

from planner.public_names import on_first_use

__all__, __getattr__, __dir__ = on_first_use(
    __name__,
    {
        "AllottedSites": "planner.batch.allotted_sites",
        "League": "planner.batch.leagues",
        "Results": "planner.batch.results",
        "Cut": "planner.batch.cutting",
        "SitesAsked": "planner.batch.jobs",
        "allot_sites": "planner.batch.allotted_sites",
        "assess_workspace": "planner.batch.workspace",
        "cut": "planner.batch.cutting",
        "find_league": "planner.batch.leagues",
        "league_report": "planner.batch.report",
        "open_results": "planner.batch.results",
        "run": "planner.batch.running",
    },
)
