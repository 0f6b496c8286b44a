"""The database of a plan: SQLite beside the workspaces or PostgreSQL, by one code path."""
