"""figures, tasks, meetings and reports of the review; accounts, tombstones

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from data.spatial_ddl import add_append_only, allow_purge, drop_append_only, forbid_purge
from data.tables.base import UtcDateTime


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW_EVENTS = (
    "ward_figures",
    "assigned_shares",
    "ward_scores",
    "meetings",
    "tasks",
    "reports",
    "privacy_exceptions",
    "score_objections",
    "hotspot_shape_changes",
)
#: Events that may be deleted once their time of keeping is over.
PURGEABLE = (
    "premises_status", "hotspot_transitions", "signals", "patrols", "inspections", "findings", "joint_sweeps",
    "alert_events", "premises_changes", "plan_events", "case_papers", "coordination_letters", "complaints",
    "police_handovers", "signal_handovers", *NEW_EVENTS,
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "hotspot_shape_changes",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hotspot_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=600), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hotspot_id"], ["hotspots.id"], name=op.f("fk_hotspot_shape_changes_hotspot_id")
        ),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_hotspot_shape_changes")),
        sa.UniqueConstraint("id", "revision", name="uq_hotspot_shape_changes_revision"),
    )
    op.create_index(
        op.f("ix_hotspot_shape_changes_hotspot_id"), "hotspot_shape_changes", ["hotspot_id"], unique=False
    )
    op.create_index(
        "ix_hotspot_shape_changes_recorded_at", "hotspot_shape_changes", ["recorded_at"], unique=False
    )
    op.create_table(
        "score_objections",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reread_on", sa.Date(), nullable=True),
        sa.Column("reread_by", sa.String(length=80), nullable=True),
        sa.Column("finding", sa.String(length=1000), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_score_objections_premises_id")
        ),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_score_objections")),
        sa.UniqueConstraint("id", "revision", name="uq_score_objections_revision"),
    )
    op.create_index(op.f("ix_score_objections_premises_id"), "score_objections", ["premises_id"], unique=False)
    op.create_index("ix_score_objections_recorded_at", "score_objections", ["recorded_at"], unique=False)
    op.create_table(
        "address_locks",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_address_locks")),
    )
    op.create_table(
        "privacy_exceptions",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=600), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_privacy_exceptions")),
        sa.UniqueConstraint("id", "revision", name="uq_privacy_exceptions_revision"),
    )
    op.create_index(op.f("ix_privacy_exceptions_phrase"), "privacy_exceptions", ["phrase"], unique=False)
    op.create_index("ix_privacy_exceptions_recorded_at", "privacy_exceptions", ["recorded_at"], unique=False)
    op.create_table(
        "text_salts",
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_text_salts")),
    )
    op.create_table(
        "tombstones",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("table_name", sa.String(length=60), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("purged_at", UtcDateTime(), nullable=False),
        sa.Column("purged_by", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("id", name=op.f("uq_tombstones_id")),
        sa.UniqueConstraint("table_name", "event_id", name="uq_tombstones_event"),
    )
    op.create_index(op.f("ix_tombstones_event_id"), "tombstones", ["event_id"], unique=False)
    op.create_table(
        "account_teams",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_teams_account_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_account_teams_team_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_account_teams")),
        sa.UniqueConstraint("id", name=op.f("uq_account_teams_id")),
    )
    op.create_index(op.f("ix_account_teams_account_id"), "account_teams", ["account_id"], unique=False)
    op.create_table(
        "assigned_shares",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assigned_shares_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_assigned_shares")),
        sa.UniqueConstraint("id", "revision", name="uq_assigned_shares_revision"),
    )
    op.create_index("ix_assigned_shares_recorded_at", "assigned_shares", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_assigned_shares_unit_id"), "assigned_shares", ["unit_id"], unique=False)
    op.create_table(
        "meetings",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_meetings_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_meetings")),
        sa.UniqueConstraint("id", "revision", name="uq_meetings_revision"),
    )
    op.create_index(op.f("ix_meetings_held_on"), "meetings", ["held_on"], unique=False)
    op.create_index("ix_meetings_recorded_at", "meetings", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_meetings_unit_id"), "meetings", ["unit_id"], unique=False)
    op.create_table(
        "received_packages",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("received_by", sa.String(length=80), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_received_packages_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_received_packages")),
        sa.UniqueConstraint("checksum", name=op.f("uq_received_packages_checksum")),
        sa.UniqueConstraint("id", name=op.f("uq_received_packages_id")),
    )
    op.create_index(op.f("ix_received_packages_last_day"), "received_packages", ["last_day"], unique=False)
    op.create_index(op.f("ix_received_packages_unit_id"), "received_packages", ["unit_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.Column("hotspot_id", sa.String(length=64), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_by", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("replaces", sa.String(length=64), nullable=True),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_reports")),
        sa.UniqueConstraint("id", "revision", name="uq_reports_revision"),
    )
    op.create_index(op.f("ix_reports_hotspot_id"), "reports", ["hotspot_id"], unique=False)
    op.create_index(op.f("ix_reports_last_day"), "reports", ["last_day"], unique=False)
    op.create_index("ix_reports_recorded_at", "reports", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_reports_replaces"), "reports", ["replaces"], unique=False)
    op.create_index(op.f("ix_reports_unit_id"), "reports", ["unit_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.Column("meeting_id", sa.String(length=64), nullable=True),
        sa.Column("hotspot_id", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_tasks_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_tasks")),
        sa.UniqueConstraint("id", "revision", name="uq_tasks_revision"),
    )
    op.create_index(op.f("ix_tasks_hotspot_id"), "tasks", ["hotspot_id"], unique=False)
    op.create_index(op.f("ix_tasks_meeting_id"), "tasks", ["meeting_id"], unique=False)
    op.create_index("ix_tasks_recorded_at", "tasks", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_tasks_unit_id"), "tasks", ["unit_id"], unique=False)
    op.create_table(
        "ward_figures",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=True),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=600), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_ward_figures_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_ward_figures")),
        sa.UniqueConstraint("id", "revision", name="uq_ward_figures_revision"),
    )
    op.create_index(op.f("ix_ward_figures_last_day"), "ward_figures", ["last_day"], unique=False)
    op.create_index(op.f("ix_ward_figures_measure"), "ward_figures", ["measure"], unique=False)
    op.create_index("ix_ward_figures_recorded_at", "ward_figures", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_ward_figures_unit_id"), "ward_figures", ["unit_id"], unique=False)
    op.create_table(
        "ward_scores",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=True),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("classification", sa.String(length=30), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_ward_scores_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_ward_scores")),
        sa.UniqueConstraint("id", "revision", name="uq_ward_scores_revision"),
    )
    op.create_index("ix_ward_scores_recorded_at", "ward_scores", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_ward_scores_unit_id"), "ward_scores", ["unit_id"], unique=False)
    op.add_column("accounts", sa.Column("must_change", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("accounts", sa.Column("password_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("totp_secret", sa.String(length=200), nullable=True))
    op.add_column("accounts", sa.Column("totp_confirmed_at", UtcDateTime(), nullable=True))
    op.add_column("accounts", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.add_column("accounts", sa.Column("oidc_subject", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_accounts_oidc_subject"), "accounts", ["oidc_subject"], unique=True)
    op.add_column("audit_log", sa.Column("origin", sa.String(length=80), nullable=True))
    op.add_column("login_sessions", sa.Column("origin", sa.String(length=80), nullable=True))
    connection = op.get_bind()
    for table in (*NEW_EVENTS, "tombstones"):
        add_append_only(connection, table)
    for table in PURGEABLE:
        allow_purge(connection, table)


def downgrade() -> None:
    connection = op.get_bind()
    for table in PURGEABLE:
        forbid_purge(connection, table)
    for table in (*NEW_EVENTS, "tombstones"):
        drop_append_only(connection, table)
    op.drop_column("login_sessions", "origin")
    op.drop_column("audit_log", "origin")
    op.drop_index(op.f("ix_accounts_oidc_subject"), table_name="accounts")
    op.drop_column("accounts", "oidc_subject")
    op.drop_column("accounts", "totp_step")
    op.drop_column("accounts", "totp_confirmed_at")
    op.drop_column("accounts", "totp_secret")
    op.drop_column("accounts", "password_at")
    op.drop_column("accounts", "must_change")
    op.drop_index(op.f("ix_ward_scores_unit_id"), table_name="ward_scores")
    op.drop_index("ix_ward_scores_recorded_at", table_name="ward_scores")
    op.drop_table("ward_scores")
    op.drop_index(op.f("ix_ward_figures_unit_id"), table_name="ward_figures")
    op.drop_index("ix_ward_figures_recorded_at", table_name="ward_figures")
    op.drop_index(op.f("ix_ward_figures_measure"), table_name="ward_figures")
    op.drop_index(op.f("ix_ward_figures_last_day"), table_name="ward_figures")
    op.drop_table("ward_figures")
    op.drop_index(op.f("ix_tasks_unit_id"), table_name="tasks")
    op.drop_index("ix_tasks_recorded_at", table_name="tasks")
    op.drop_index(op.f("ix_tasks_meeting_id"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_hotspot_id"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_reports_unit_id"), table_name="reports")
    op.drop_index(op.f("ix_reports_replaces"), table_name="reports")
    op.drop_index("ix_reports_recorded_at", table_name="reports")
    op.drop_index(op.f("ix_reports_last_day"), table_name="reports")
    op.drop_index(op.f("ix_reports_hotspot_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_index(op.f("ix_received_packages_unit_id"), table_name="received_packages")
    op.drop_index(op.f("ix_received_packages_last_day"), table_name="received_packages")
    op.drop_table("received_packages")
    op.drop_index(op.f("ix_meetings_unit_id"), table_name="meetings")
    op.drop_index("ix_meetings_recorded_at", table_name="meetings")
    op.drop_index(op.f("ix_meetings_held_on"), table_name="meetings")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_assigned_shares_unit_id"), table_name="assigned_shares")
    op.drop_index("ix_assigned_shares_recorded_at", table_name="assigned_shares")
    op.drop_table("assigned_shares")
    op.drop_index(op.f("ix_account_teams_account_id"), table_name="account_teams")
    op.drop_table("account_teams")
    op.drop_index(op.f("ix_tombstones_event_id"), table_name="tombstones")
    op.drop_table("tombstones")
    op.drop_table("text_salts")
    op.drop_index("ix_privacy_exceptions_recorded_at", table_name="privacy_exceptions")
    op.drop_index(op.f("ix_privacy_exceptions_phrase"), table_name="privacy_exceptions")
    op.drop_table("privacy_exceptions")
    op.drop_table("address_locks")
    op.drop_index("ix_score_objections_recorded_at", table_name="score_objections")
    op.drop_index(op.f("ix_score_objections_premises_id"), table_name="score_objections")
    op.drop_table("score_objections")
    op.drop_index("ix_hotspot_shape_changes_recorded_at", table_name="hotspot_shape_changes")
    op.drop_index(op.f("ix_hotspot_shape_changes_hotspot_id"), table_name="hotspot_shape_changes")
    op.drop_table("hotspot_shape_changes")
