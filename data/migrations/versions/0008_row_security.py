"""row-level security on PostgreSQL: a transaction with a scope sees rows of its own ground

Revision ID: 0008
Revises: 0007
"""

from alembic import op

from data.row_security import add_row_security, drop_row_security

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_row_security(op.get_bind())


def downgrade() -> None:
    drop_row_security(op.get_bind())
