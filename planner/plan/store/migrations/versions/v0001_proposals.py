"""Proposals, what departments say of them, and the trail."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, NUMBER, ID = sa.Text(), sa.Integer(), sa.String(40)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "plan_store",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        *_columns("store_id created_at", ID),
        *_columns("entries", NUMBER),
        *_columns("head", sa.String(64)),
    )
    op.create_table(
        "plan_trail",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("entry_id", ID, nullable=False, unique=True),
        *_columns("at recorded_at via layer row_id proposal_id deed origin planner", ID),
        *_columns("actor login why before after", TEXT),
        *_columns("version", NUMBER),
        *_columns("applies", sa.Boolean()),
        *_columns("previous hash", sa.String(64)),
    )
    op.create_index("plan_trail_row", "plan_trail", ["layer", "row_id", "number"])
    op.create_index("plan_trail_proposal", "plan_trail", ["proposal_id", "number"])
    _make_layers()


def _make_layers() -> None:
    _layer(
        "proposals",
        *_columns("status department action origin superseded_by created_at changed_at", ID),
        *_columns("workspace title note facility_id crs currency cost_source funding", TEXT),
        *_columns("kinds changes known_by figures opened_source created_by", TEXT),
        *_columns("geometry", sa.LargeBinary()),
        *(sa.Column(name, sa.Float()) for name in ("floor_area_m2", "cost")),
        sa.Column("year", NUMBER),
    )
    op.create_index("plan_proposals_status", "plan_proposals", ["status", "department"])
    op.create_index("plan_proposals_workspace", "plan_proposals", ["workspace"])
    _of_proposal(
        "reviews",
        *_columns("department position content_sign at answered_at", ID),
        *_columns("reason by answer answered_by", TEXT),
    )
    _of_proposal("consultations", *_columns("department need due at", ID), *_columns("by note"))
    _of_proposal("comments", *_columns("department at", ID), *_columns("by text"))
    _of_proposal("documents", *_columns("at", ID), *_columns("by title link"))


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


def _of_proposal(name: str, *columns: sa.Column[Any]) -> None:
    _layer(name, *_columns("proposal_id", ID), *columns)
    op.create_index(f"ix_plan_{name}_proposal_id", f"plan_{name}", ["proposal_id"])
