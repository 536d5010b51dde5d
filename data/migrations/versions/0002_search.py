"""search over the register

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from data.search_ddl import add_search, drop_search


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_search(op.get_bind())


def downgrade() -> None:
    drop_search(op.get_bind())
