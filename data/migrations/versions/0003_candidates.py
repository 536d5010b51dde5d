"""places of an open map that wait for a person's judgement

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from data.spatial import SpatialType
from data.spatial_ddl import add_spatial_index, drop_spatial_index
from data.tables.base import UtcDateTime


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "premises_candidates",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("osm_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("geom", SpatialType("POINT"), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_premises_candidates_premises_id")
        ),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_premises_candidates")),
        sa.UniqueConstraint("id", name=op.f("uq_premises_candidates_id")),
        sa.UniqueConstraint("osm_id", name=op.f("uq_premises_candidates_osm_id")),
    )
    op.create_index(op.f("ix_premises_candidates_state"), "premises_candidates", ["state"])
    add_spatial_index(op.get_bind(), "premises_candidates", "geom", points=True)


def downgrade() -> None:
    drop_spatial_index(op.get_bind(), "premises_candidates", "geom")
    op.drop_index(op.f("ix_premises_candidates_state"), table_name="premises_candidates")
    op.drop_table("premises_candidates")
