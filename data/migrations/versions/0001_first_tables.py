"""first tables

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from data.spatial import SpatialType
from data.spatial_ddl import add_append_only, add_spatial_index, drop_append_only, drop_spatial_index
from data.tables.base import UtcDateTime


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Written out, not imported: a migration says what it made, whatever the models say later.
SPATIAL = (
    ("units", False),
    ("premises", True),
    ("hotspots", False),
    ("streets", False),
    ("signals", True),
    ("inspections", True),
    ("patrols", True),
    ("joint_sweeps", False),
)
APPEND_ONLY = (
    "premises_status",
    "hotspot_transitions",
    "signals",
    "patrols",
    "inspections",
    "findings",
    "joint_sweeps",
    "alert_events",
    "audit_log",
)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_accounts")),
        sa.UniqueConstraint("id", name=op.f("uq_accounts_id")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "alerts",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("place_kind", sa.String(length=20), nullable=False),
        sa.Column("place_id", sa.String(length=64), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_alerts")),
        sa.UniqueConstraint("id", name=op.f("uq_alerts_id")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alerts_place_id"), ["place_id"], unique=False)

    op.create_table(
        "audit_log",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_log")),
    )
    op.create_table(
        "findings",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("inspection_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("serious", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_findings")),
        sa.UniqueConstraint("id", "revision", name="uq_findings_revision"),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_inspection_id"), ["inspection_id"], unique=False)
        batch_op.create_index("ix_findings_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "hotspots",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("geom", SpatialType("GEOMETRY"), nullable=False),
        sa.Column("catchment_m", sa.Double(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=True),
        sa.Column("watch_months", sa.Integer(), nullable=False),
        sa.Column("patrol_every_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_hotspots")),
        sa.UniqueConstraint("id", name=op.f("uq_hotspots_id")),
    )
    op.create_table(
        "joint_sweeps",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("geom", SpatialType("LINESTRING"), nullable=False),
        sa.Column("note", sa.String(length=600), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_joint_sweeps")),
        sa.UniqueConstraint("id", "revision", name="uq_joint_sweeps_revision"),
    )
    with op.batch_alter_table("joint_sweeps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_joint_sweeps_on_date"), ["on_date"], unique=False)
        batch_op.create_index("ix_joint_sweeps_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "plans",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("sealed_seed", sa.String(length=80), nullable=True),
        sa.Column("seed_given", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_plans")),
        sa.UniqueConstraint("id", name=op.f("uq_plans_id")),
    )
    op.create_table(
        "premises",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=900), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("geom", SpatialType("POINT"), nullable=True),
        sa.Column("location_quality", sa.String(length=20), nullable=False),
        sa.Column("registration_number", sa.String(length=60), nullable=True),
        sa.Column("registration_hash", sa.String(length=64), nullable=True),
        sa.Column("rooms", sa.Integer(), nullable=True),
        sa.Column("workers", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("commitment_on", sa.Date(), nullable=True),
        sa.Column("complex_grounds", sa.String(length=400), nullable=True),
        sa.Column("unregistered_basis", sa.String(length=400), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_premises")),
        sa.UniqueConstraint("id", name=op.f("uq_premises_id")),
    )
    with op.batch_alter_table("premises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_premises_content_key"), ["content_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_premises_folded"), ["folded"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_premises_registration_hash"), ["registration_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_premises_registration_number"), ["registration_number"], unique=False
        )

    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "streets",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("street_class", sa.String(length=20), nullable=False),
        sa.Column("oneway", sa.Boolean(), nullable=False),
        sa.Column("geom", SpatialType("LINESTRING"), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_streets")),
        sa.UniqueConstraint("id", name=op.f("uq_streets_id")),
    )
    op.create_table(
        "teams",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("depot", SpatialType("POINT"), nullable=True),
        sa.Column("shift_start", sa.Time(), nullable=False),
        sa.Column("shift_end", sa.Time(), nullable=False),
        sa.Column("max_visits", sa.Integer(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("founding_decision", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_teams")),
        sa.UniqueConstraint("id", name=op.f("uq_teams_id")),
    )
    op.create_table(
        "units",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("geom", SpatialType("MULTIPOLYGON"), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("schematic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_units")),
        sa.UniqueConstraint("id", name=op.f("uq_units_id")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_code"), ["code"], unique=False)

    op.create_table(
        "account_scopes",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_scopes_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_account_scopes_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_account_scopes")),
        sa.UniqueConstraint("id", name=op.f("uq_account_scopes_id")),
    )
    with op.batch_alter_table("account_scopes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_scopes_account_id"), ["account_id"], unique=False)

    op.create_table(
        "alert_events",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("alert_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_events_alert_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_alert_events")),
        sa.UniqueConstraint("id", "revision", name="uq_alert_events_revision"),
    )
    with op.batch_alter_table("alert_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_events_alert_id"), ["alert_id"], unique=False)
        batch_op.create_index("ix_alert_events_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "hotspot_transitions",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hotspot_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=600), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hotspot_id"], ["hotspots.id"], name=op.f("fk_hotspot_transitions_hotspot_id")
        ),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_hotspot_transitions")),
        sa.UniqueConstraint("id", "revision", name="uq_hotspot_transitions_revision"),
    )
    with op.batch_alter_table("hotspot_transitions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotspot_transitions_hotspot_id"), ["hotspot_id"], unique=False)
        batch_op.create_index("ix_hotspot_transitions_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "inspections",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=True),
        sa.Column("minutes_number", sa.String(length=80), nullable=True),
        sa.Column("grounds", sa.String(length=400), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("selection_probability", sa.Double(), nullable=True),
        sa.Column("geom", SpatialType("POINT"), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_inspections_premises_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_inspections_team_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_inspections")),
        sa.UniqueConstraint("id", "revision", name="uq_inspections_revision"),
    )
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspections_content_key"), ["content_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspections_on_date"), ["on_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspections_premises_id"), ["premises_id"], unique=False)
        batch_op.create_index("ix_inspections_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "licences",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("suspended_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_licences_premises_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_licences")),
        sa.UniqueConstraint("id", name=op.f("uq_licences_id")),
    )
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_licences_premises_id"), ["premises_id"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_login_sessions_account_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("id", name=op.f("uq_login_sessions_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "patrols",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("hotspot_id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("sign", sa.String(length=600), nullable=True),
        sa.Column("geom", SpatialType("POINT"), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["hotspot_id"], ["hotspots.id"], name=op.f("fk_patrols_hotspot_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_patrols")),
        sa.UniqueConstraint("id", "revision", name="uq_patrols_revision"),
    )
    with op.batch_alter_table("patrols", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patrols_content_key"), ["content_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_patrols_hotspot_id"), ["hotspot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patrols_on_date"), ["on_date"], unique=False)
        batch_op.create_index("ix_patrols_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "premises_status",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_premises_status_premises_id")
        ),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_premises_status")),
        sa.UniqueConstraint("id", "revision", name="uq_premises_status_revision"),
    )
    with op.batch_alter_table("premises_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_premises_status_premises_id"), ["premises_id"], unique=False)
        batch_op.create_index("ix_premises_status_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "routes",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("km", sa.Double(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=False),
        sa.Column("geom", SpatialType("LINESTRING"), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_routes_plan_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_routes_team_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_routes")),
        sa.UniqueConstraint("id", name=op.f("uq_routes_id")),
    )
    with op.batch_alter_table("routes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_routes_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "signals",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("reliability", sa.String(length=1), nullable=False),
        sa.Column("credibility", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("geom", SpatialType("POINT"), nullable=True),
        sa.Column("premises_id", sa.String(length=64), nullable=True),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("handled_on", sa.Date(), nullable=True),
        sa.Column("content_key", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_signals_premises_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_signals")),
        sa.UniqueConstraint("id", "revision", name="uq_signals_revision"),
    )
    with op.batch_alter_table("signals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signals_content_key"), ["content_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_signals_on_date"), ["on_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_signals_premises_id"), ["premises_id"], unique=False)
        batch_op.create_index("ix_signals_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "team_areas",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_areas_team_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_team_areas_unit_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_team_areas")),
        sa.UniqueConstraint("id", name=op.f("uq_team_areas_id")),
    )
    with op.batch_alter_table("team_areas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_areas_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_areas_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("arrive", UtcDateTime(), nullable=False),
        sa.Column("leave", UtcDateTime(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("joint_with", sa.JSON(), nullable=False),
        sa.Column("drawn_at_random", sa.Boolean(), nullable=False),
        sa.Column("selection_probability", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_visits_plan_id")),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_visits_premises_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_visits_team_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_visits")),
        sa.UniqueConstraint("id", name=op.f("uq_visits_id")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visits_premises_id"), ["premises_id"], unique=False)

    connection = op.get_bind()
    for table, points in SPATIAL:
        add_spatial_index(connection, table, "geom", points=points)
    for table in APPEND_ONLY:
        add_append_only(connection, table)


def downgrade() -> None:
    connection = op.get_bind()
    for table in APPEND_ONLY:
        drop_append_only(connection, table)
    for table, _points in SPATIAL:
        drop_spatial_index(connection, table, "geom")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_premises_id"))
        batch_op.drop_index(batch_op.f("ix_visits_plan_id"))

    op.drop_table("visits")
    with op.batch_alter_table("team_areas", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_areas_unit_id"))
        batch_op.drop_index(batch_op.f("ix_team_areas_team_id"))

    op.drop_table("team_areas")
    with op.batch_alter_table("signals", schema=None) as batch_op:
        batch_op.drop_index("ix_signals_recorded_at")
        batch_op.drop_index(batch_op.f("ix_signals_premises_id"))
        batch_op.drop_index(batch_op.f("ix_signals_on_date"))
        batch_op.drop_index(batch_op.f("ix_signals_content_key"))

    op.drop_table("signals")
    with op.batch_alter_table("routes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_routes_plan_id"))

    op.drop_table("routes")
    with op.batch_alter_table("premises_status", schema=None) as batch_op:
        batch_op.drop_index("ix_premises_status_recorded_at")
        batch_op.drop_index(batch_op.f("ix_premises_status_premises_id"))

    op.drop_table("premises_status")
    with op.batch_alter_table("patrols", schema=None) as batch_op:
        batch_op.drop_index("ix_patrols_recorded_at")
        batch_op.drop_index(batch_op.f("ix_patrols_on_date"))
        batch_op.drop_index(batch_op.f("ix_patrols_hotspot_id"))
        batch_op.drop_index(batch_op.f("ix_patrols_content_key"))

    op.drop_table("patrols")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_account_id"))

    op.drop_table("login_sessions")
    with op.batch_alter_table("licences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_licences_premises_id"))

    op.drop_table("licences")
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.drop_index("ix_inspections_recorded_at")
        batch_op.drop_index(batch_op.f("ix_inspections_premises_id"))
        batch_op.drop_index(batch_op.f("ix_inspections_on_date"))
        batch_op.drop_index(batch_op.f("ix_inspections_content_key"))

    op.drop_table("inspections")
    with op.batch_alter_table("hotspot_transitions", schema=None) as batch_op:
        batch_op.drop_index("ix_hotspot_transitions_recorded_at")
        batch_op.drop_index(batch_op.f("ix_hotspot_transitions_hotspot_id"))

    op.drop_table("hotspot_transitions")
    with op.batch_alter_table("alert_events", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_events_recorded_at")
        batch_op.drop_index(batch_op.f("ix_alert_events_alert_id"))

    op.drop_table("alert_events")
    with op.batch_alter_table("account_scopes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_scopes_account_id"))

    op.drop_table("account_scopes")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_units_code"))

    op.drop_table("units")
    op.drop_table("teams")
    op.drop_table("streets")
    op.drop_table("settings")
    with op.batch_alter_table("premises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_premises_registration_number"))
        batch_op.drop_index(batch_op.f("ix_premises_registration_hash"))
        batch_op.drop_index(batch_op.f("ix_premises_folded"))
        batch_op.drop_index(batch_op.f("ix_premises_content_key"))

    op.drop_table("premises")
    op.drop_table("plans")
    with op.batch_alter_table("joint_sweeps", schema=None) as batch_op:
        batch_op.drop_index("ix_joint_sweeps_recorded_at")
        batch_op.drop_index(batch_op.f("ix_joint_sweeps_on_date"))

    op.drop_table("joint_sweeps")
    op.drop_table("hotspots")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index("ix_findings_recorded_at")
        batch_op.drop_index(batch_op.f("ix_findings_inspection_id"))

    op.drop_table("findings")
    op.drop_table("audit_log")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alerts_place_id"))

    op.drop_table("alerts")
    op.drop_table("accounts")
