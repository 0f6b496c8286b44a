"""Walking distances from homes to facilities on a district's streets."""
