"""The departments' shared plan: proposals, their way to the opening, and the trail of it all."""

from planner.public_names import on_first_use

__all__, __getattr__, __dir__ = on_first_use(
    __name__,
    {
        "ACTIONS": "planner.plan.proposals.changes",
        "Actor": "planner.plan.people",
        "Agenda": "planner.plan.coordination.meeting.agenda",
        "Case": "planner.plan.workflow.reviews",
        "Compromise": "planner.plan.coordination.compromise.compromise",
        "ConflictError": "planner.plan.proposals.merging",
        "Figures": "planner.plan.proposals.figures",
        "Limit": "planner.plan.targets.aims",
        "JointPlan": "planner.plan.coordination.years.years",
        "Matter": "planner.plan.coordination.meeting.matters",
        "Plan": "planner.plan.plan",
        "Proposal": "planner.plan.proposals.proposal",
        "STATUSES": "planner.plan.proposals.statuses",
        "STEPS": "planner.plan.workflow.steps",
        "Target": "planner.plan.targets.aims",
        "Wanted": "planner.plan.queries",
        "open_plan": "planner.plan.plan",
    },
)
