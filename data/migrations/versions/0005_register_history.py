"""the register's own history: imports, changes of premises, merges, pairs that are no duplicates

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from data.spatial_ddl import add_append_only, drop_append_only
from data.tables.base import UtcDateTime


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXED = {
    "premises_changes": ("recorded_at", "premises_id", "batch_id", "kind", "telling"),
    "premises_merges": ("keep_id", "drop_id"),
    "premises_distinct": ("first_id", "second_id"),
}


def _row(*, version: bool = True) -> list[sa.Column]:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    columns = [
        sa.Column("rid", number, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
    ]
    return [*columns, sa.Column("version", sa.Integer(), nullable=False)] if version else columns


def _premises(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["premises.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "import_batches",
        *_row(),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.Column("undone_why", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_import_batches")),
        sa.UniqueConstraint("id", name=op.f("uq_import_batches_id")),
    )
    op.create_table(
        "premises_changes",
        *_row(version=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=False),
        sa.Column("batch_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("telling", sa.Boolean(), nullable=False),
        _premises("premises_changes", "premises_id"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_premises_changes_batch_id")
        ),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_premises_changes")),
        sa.UniqueConstraint("id", "revision", name="uq_premises_changes_revision"),
    )
    op.create_table(
        "premises_merges",
        *_row(),
        sa.Column("keep_id", sa.String(length=64), nullable=False),
        sa.Column("drop_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("absorbed", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("unmerged_at", UtcDateTime(), nullable=True),
        sa.Column("unmerged_by", sa.String(length=80), nullable=True),
        sa.Column("unmerged_why", sa.String(length=400), nullable=True),
        _premises("premises_merges", "keep_id"),
        _premises("premises_merges", "drop_id"),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_premises_merges")),
        sa.UniqueConstraint("id", name=op.f("uq_premises_merges_id")),
    )
    op.create_table(
        "premises_distinct",
        *_row(version=False),
        sa.Column("first_id", sa.String(length=64), nullable=False),
        sa.Column("second_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        _premises("premises_distinct", "first_id"),
        _premises("premises_distinct", "second_id"),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_premises_distinct")),
        sa.UniqueConstraint("id", name=op.f("uq_premises_distinct_id")),
        sa.UniqueConstraint("first_id", "second_id", name="uq_premises_distinct_pair"),
    )
    for table, columns in INDEXED.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    add_append_only(op.get_bind(), "premises_changes")


def downgrade() -> None:
    drop_append_only(op.get_bind(), "premises_changes")
    for table, columns in INDEXED.items():
        for column in columns:
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table in ("premises_distinct", "premises_merges", "premises_changes", "import_batches"):
        op.drop_table(table)
