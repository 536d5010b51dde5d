"""the life of plans and their papers, of signals and of alerts; the outbox

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from data.spatial import SpatialType
from data.spatial_ddl import add_append_only, drop_append_only
from data.tables.base import UtcDateTime


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

EVENTS = (
    "plan_events",
    "case_papers",
    "coordination_letters",
    "complaints",
    "police_handovers",
    "signal_handovers",
)


def upgrade() -> None:
    op.create_table(
        "case_papers",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("inspection_id", sa.String(length=64), nullable=False),
        sa.Column("finding_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=True),
        sa.Column("article", sa.String(length=200), nullable=True),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=600), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_case_papers")),
        sa.UniqueConstraint("id", "revision", name="uq_case_papers_revision"),
    )
    op.create_index(op.f("ix_case_papers_finding_id"), "case_papers", ["finding_id"], unique=False)
    op.create_index(op.f("ix_case_papers_inspection_id"), "case_papers", ["inspection_id"], unique=False)
    op.create_index("ix_case_papers_recorded_at", "case_papers", ["recorded_at"], unique=False)
    op.create_table(
        "coordination_letters",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sweep_id", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("from_unit", sa.String(length=200), nullable=False),
        sa.Column("to_unit", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=600), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_coordination_letters")),
        sa.UniqueConstraint("id", "revision", name="uq_coordination_letters_revision"),
    )
    op.create_index(
        "ix_coordination_letters_recorded_at", "coordination_letters", ["recorded_at"], unique=False
    )
    op.create_index(
        op.f("ix_coordination_letters_sweep_id"), "coordination_letters", ["sweep_id"], unique=False
    )
    op.create_table(
        "notice_choices",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_name", sa.String(length=80), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_notice_choices")),
        sa.UniqueConstraint("account_name", name=op.f("uq_notice_choices_account_name")),
        sa.UniqueConstraint("id", name=op.f("uq_notice_choices_id")),
    )
    op.create_table(
        "notices",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("account_name", sa.String(length=80), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("send_after", UtcDateTime(), nullable=False),
        sa.Column("sending_since", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_notices")),
        sa.UniqueConstraint("id", name=op.f("uq_notices_id")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index(op.f("ix_notices_account_name"), "notices", ["account_name"], unique=False)
    op.create_table(
        "police_handovers",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("handed_at", UtcDateTime(), nullable=False),
        sa.Column("receipt_number", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_police_handovers")),
        sa.UniqueConstraint("id", "revision", name="uq_police_handovers_revision"),
    )
    op.create_index("ix_police_handovers_recorded_at", "police_handovers", ["recorded_at"], unique=False)
    op.create_table(
        "scan_runs",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_scan_runs")),
        sa.UniqueConstraint("id", name=op.f("uq_scan_runs_id")),
    )
    op.create_index(op.f("ix_scan_runs_as_of"), "scan_runs", ["as_of"], unique=False)
    op.create_table(
        "signal_handovers",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("signal_id", sa.String(length=64), nullable=False),
        sa.Column("from_unit_id", sa.String(length=64), nullable=True),
        sa.Column("to_unit_id", sa.String(length=64), nullable=True),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("accepted_by", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_signal_handovers")),
        sa.UniqueConstraint("id", "revision", name="uq_signal_handovers_revision"),
    )
    op.create_index("ix_signal_handovers_recorded_at", "signal_handovers", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_signal_handovers_signal_id"), "signal_handovers", ["signal_id"], unique=False)
    op.create_table(
        "complaints",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("premises_id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["premises_id"], ["premises.id"], name=op.f("fk_complaints_premises_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_complaints_team_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_complaints")),
        sa.UniqueConstraint("id", "revision", name="uq_complaints_revision"),
    )
    op.create_index(op.f("ix_complaints_premises_id"), "complaints", ["premises_id"], unique=False)
    op.create_index("ix_complaints_recorded_at", "complaints", ["recorded_at"], unique=False)
    op.create_table(
        "inspection_decisions",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=True),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(length=120), nullable=True),
        sa.Column("basis", sa.String(length=1000), nullable=False),
        sa.Column("content", sa.String(length=1000), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_inspection_decisions_plan_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_inspection_decisions_team_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_inspection_decisions")),
        sa.UniqueConstraint("id", name=op.f("uq_inspection_decisions_id")),
    )
    op.create_index(op.f("ix_inspection_decisions_plan_id"), "inspection_decisions", ["plan_id"], unique=False)
    op.create_index(op.f("ix_inspection_decisions_team_id"), "inspection_decisions", ["team_id"], unique=False)
    op.create_table(
        "plan_events",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_events_plan_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_plan_events")),
        sa.UniqueConstraint("id", "revision", name="uq_plan_events_revision"),
    )
    op.create_index(op.f("ix_plan_events_plan_id"), "plan_events", ["plan_id"], unique=False)
    op.create_index("ix_plan_events_recorded_at", "plan_events", ["recorded_at"], unique=False)
    op.create_table(
        "plan_sweeps",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("segment_id", sa.String(length=120), nullable=False),
        sa.Column("geom", SpatialType("LINESTRING"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("team_ids", sa.JSON(), nullable=False),
        sa.Column("meets", sa.JSON(), nullable=False),
        sa.Column("unit_ids", sa.JSON(), nullable=False),
        sa.Column("lead_team_id", sa.String(length=64), nullable=True),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_sweeps_plan_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_plan_sweeps")),
        sa.UniqueConstraint("id", name=op.f("uq_plan_sweeps_id")),
    )
    op.create_index(op.f("ix_plan_sweeps_plan_id"), "plan_sweeps", ["plan_id"], unique=False)
    op.create_table(
        "plan_versions",
        sa.Column(
            "rid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("plan_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_versions_plan_id")),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("id", name=op.f("uq_plan_versions_id")),
        sa.UniqueConstraint("plan_id", "number", name="uq_plan_versions_number"),
    )
    op.create_index(op.f("ix_plan_versions_plan_id"), "plan_versions", ["plan_id"], unique=False)
    op.add_column("alert_events", sa.Column("assigned_to", sa.String(length=80), nullable=True))
    op.add_column("alert_events", sa.Column("document", sa.String(length=200), nullable=True))
    op.add_column("alerts", sa.Column("updated_on", sa.Date(), nullable=True))
    op.add_column("alerts", sa.Column("detail", sa.JSON(), nullable=True))
    op.add_column("hotspots", sa.Column("patrol_by", sa.String(length=200), nullable=True))
    op.add_column("hotspots", sa.Column("patrol_ordered_for", sa.Date(), nullable=True))
    op.add_column("hotspots", sa.Column("patrol_ordered_at", UtcDateTime(), nullable=True))
    op.add_column("hotspots", sa.Column("source", sa.String(length=300), nullable=True))
    op.add_column("hotspots", sa.Column("split_from", sa.String(length=64), nullable=True))
    op.add_column("hotspots", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("inspections", sa.Column("visit_id", sa.String(length=64), nullable=True))
    op.add_column("inspections", sa.Column("checklist", sa.JSON(), nullable=True))
    op.add_column("inspections", sa.Column("client_key", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_inspections_client_key"), "inspections", ["client_key"], unique=False)
    op.create_index(op.f("ix_inspections_visit_id"), "inspections", ["visit_id"], unique=False)
    op.add_column("patrols", sa.Column("at", UtcDateTime(), nullable=True))
    op.add_column("patrols", sa.Column("sign_kind", sa.String(length=30), nullable=True))
    op.add_column("patrols", sa.Column("client_key", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_patrols_client_key"), "patrols", ["client_key"], unique=False)
    op.add_column("signals", sa.Column("kind", sa.String(length=30), nullable=True))
    op.add_column("signals", sa.Column("topic", sa.String(length=30), nullable=True))
    op.add_column("signals", sa.Column("number", sa.String(length=80), nullable=True))
    op.add_column("signals", sa.Column("assigned_to", sa.String(length=80), nullable=True))
    op.add_column("signals", sa.Column("same_as", sa.String(length=64), nullable=True))
    op.add_column("signals", sa.Column("grew_from", sa.String(length=120), nullable=True))
    op.add_column("signals", sa.Column("result", sa.String(length=1000), nullable=True))
    op.add_column("signals", sa.Column("document", sa.String(length=200), nullable=True))
    op.add_column("signals", sa.Column("receipt_number", sa.String(length=80), nullable=True))
    op.create_index(op.f("ix_signals_grew_from"), "signals", ["grew_from"], unique=False)
    op.create_index(op.f("ix_signals_same_as"), "signals", ["same_as"], unique=False)
    op.add_column("teams", sa.Column("pause_start", sa.Time(), nullable=True))
    op.add_column("teams", sa.Column("pause_end", sa.Time(), nullable=True))
    op.add_column("teams", sa.Column("latest_return", sa.Time(), nullable=True))
    op.add_column("teams", sa.Column("end_depot", SpatialType("POINT"), nullable=True))
    op.add_column("teams", sa.Column("days_off", sa.JSON(), nullable=True))
    op.add_column("teams", sa.Column("weekdays", sa.JSON(), nullable=True))
    op.add_column("visits", sa.Column("value", sa.Double(), nullable=True))
    op.add_column("visits", sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("visits", sa.Column("basis", sa.String(length=600), nullable=True))
    op.add_column("visits", sa.Column("decision_id", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_visits_decision_id"), "visits", ["decision_id"], unique=False)
    for table in EVENTS:
        add_append_only(op.get_bind(), table)


def downgrade() -> None:
    for table in EVENTS:
        drop_append_only(op.get_bind(), table)
    op.drop_index(op.f("ix_visits_decision_id"), table_name="visits")
    op.drop_column("visits", "decision_id")
    op.drop_column("visits", "basis")
    op.drop_column("visits", "locked")
    op.drop_column("visits", "value")
    op.drop_column("teams", "weekdays")
    op.drop_column("teams", "days_off")
    op.drop_column("teams", "end_depot")
    op.drop_column("teams", "latest_return")
    op.drop_column("teams", "pause_end")
    op.drop_column("teams", "pause_start")
    op.drop_index(op.f("ix_signals_same_as"), table_name="signals")
    op.drop_index(op.f("ix_signals_grew_from"), table_name="signals")
    op.drop_column("signals", "receipt_number")
    op.drop_column("signals", "document")
    op.drop_column("signals", "result")
    op.drop_column("signals", "grew_from")
    op.drop_column("signals", "same_as")
    op.drop_column("signals", "assigned_to")
    op.drop_column("signals", "number")
    op.drop_column("signals", "topic")
    op.drop_column("signals", "kind")
    op.drop_index(op.f("ix_patrols_client_key"), table_name="patrols")
    op.drop_column("patrols", "client_key")
    op.drop_column("patrols", "sign_kind")
    op.drop_column("patrols", "at")
    op.drop_index(op.f("ix_inspections_visit_id"), table_name="inspections")
    op.drop_index(op.f("ix_inspections_client_key"), table_name="inspections")
    op.drop_column("inspections", "client_key")
    op.drop_column("inspections", "checklist")
    op.drop_column("inspections", "visit_id")
    op.drop_column("hotspots", "ended_on")
    op.drop_column("hotspots", "split_from")
    op.drop_column("hotspots", "source")
    op.drop_column("hotspots", "patrol_ordered_at")
    op.drop_column("hotspots", "patrol_ordered_for")
    op.drop_column("hotspots", "patrol_by")
    op.drop_column("alerts", "detail")
    op.drop_column("alerts", "updated_on")
    op.drop_column("alert_events", "document")
    op.drop_column("alert_events", "assigned_to")
    op.drop_index(op.f("ix_plan_versions_plan_id"), table_name="plan_versions")
    op.drop_table("plan_versions")
    op.drop_index(op.f("ix_plan_sweeps_plan_id"), table_name="plan_sweeps")
    op.drop_table("plan_sweeps")
    op.drop_index("ix_plan_events_recorded_at", table_name="plan_events")
    op.drop_index(op.f("ix_plan_events_plan_id"), table_name="plan_events")
    op.drop_table("plan_events")
    op.drop_index(op.f("ix_inspection_decisions_team_id"), table_name="inspection_decisions")
    op.drop_index(op.f("ix_inspection_decisions_plan_id"), table_name="inspection_decisions")
    op.drop_table("inspection_decisions")
    op.drop_index("ix_complaints_recorded_at", table_name="complaints")
    op.drop_index(op.f("ix_complaints_premises_id"), table_name="complaints")
    op.drop_table("complaints")
    op.drop_index(op.f("ix_signal_handovers_signal_id"), table_name="signal_handovers")
    op.drop_index("ix_signal_handovers_recorded_at", table_name="signal_handovers")
    op.drop_table("signal_handovers")
    op.drop_index(op.f("ix_scan_runs_as_of"), table_name="scan_runs")
    op.drop_table("scan_runs")
    op.drop_index("ix_police_handovers_recorded_at", table_name="police_handovers")
    op.drop_table("police_handovers")
    op.drop_index(op.f("ix_notices_account_name"), table_name="notices")
    op.drop_table("notices")
    op.drop_table("notice_choices")
    op.drop_index(op.f("ix_coordination_letters_sweep_id"), table_name="coordination_letters")
    op.drop_index("ix_coordination_letters_recorded_at", table_name="coordination_letters")
    op.drop_table("coordination_letters")
    op.drop_index("ix_case_papers_recorded_at", table_name="case_papers")
    op.drop_index(op.f("ix_case_papers_inspection_id"), table_name="case_papers")
    op.drop_index(op.f("ix_case_papers_finding_id"), table_name="case_papers")
    op.drop_table("case_papers")
