"""Targets, limits of budgets, and the most that a proposal may cost."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT, NUMBER, ID, AMOUNT = sa.Text(), sa.Integer(), sa.String(40), sa.Float()


def upgrade() -> None:
    """Add the tables, and the column."""
    op.add_column("plan_proposals", sa.Column("cost_high", AMOUNT))
    _layer(
        "targets",
        *_columns("workspace area note created_by"),
        *_columns("kind group level measure created_at changed_at", ID),
        *_columns("share step reached", AMOUNT),
        *_columns("year years", NUMBER),
    )
    _layer(
        "limits",
        *_columns("workspace currency note created_by"),
        *_columns("department created_at changed_at", ID),
        *_columns("year", NUMBER),
        *_columns("amount", AMOUNT),
    )


def _columns(names: str, kind: Any = TEXT) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names.split()]


def _layer(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        f"plan_{name}",
        sa.Column("id", ID, primary_key=True),
        *_columns("version", NUMBER),
        *_columns("deleted", sa.Boolean()),
        *columns,
    )
