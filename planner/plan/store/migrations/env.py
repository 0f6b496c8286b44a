"""What Alembic runs: all migrations inside the transaction of the connection that it is given."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="plan_version",
    transactional_ddl=True,
)
context.run_migrations()
