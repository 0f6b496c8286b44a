"""How the tables of a plan came to be, one file a version (Alembic)."""
