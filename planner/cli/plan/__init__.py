"""``planner plan``: the departments' shared plan, its proposals and their way to the opening."""
