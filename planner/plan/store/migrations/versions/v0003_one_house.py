"""The proposals that one house is made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; no proposal before was made of others."""
    op.add_column("plan_proposals", sa.Column("made_of", sa.Text()))
