"""A district from files, or tables in memory, of a planner's own."""
