"""Streets from files of a planner's own: which of them are there and walked on."""
