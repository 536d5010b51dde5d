"""what a licence says of its premises: name, address, rooms

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("licences", sa.Column("stated_name", sa.String(length=300), nullable=True))
    op.add_column("licences", sa.Column("stated_address", sa.String(length=400), nullable=True))
    op.add_column("licences", sa.Column("stated_rooms", sa.Integer(), nullable=True))


def downgrade() -> None:
    for column in ("stated_rooms", "stated_address", "stated_name"):
        op.drop_column("licences", column)
