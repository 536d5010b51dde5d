"""All tables of the database, under one roof."""

from data.tables.base import Base, Edited, Event, Row, new_id
from data.tables.candidates import PremisesCandidate
from data.tables.checks import (
    CasePaper,
    Complaint,
    CoordinationLetter,
    InspectionDecision,
    PoliceHandover,
    ScoreObjection,
)
from data.tables.events import Finding, Inspection, JointSweep, Patrol, Signal, SignalHandover
from data.tables.office import (
    Account,
    AccountScope,
    AccountTeam,
    AddressLock,
    AuditEntry,
    LoginSession,
    PrivacyException,
    Setting,
    TextSalt,
    Tombstone,
)
from data.tables.places import (
    Hotspot,
    HotspotShapeChange,
    HotspotTransition,
    Licence,
    Premises,
    PremisesStatusChange,
    Street,
    Unit,
)
from data.tables.register import ImportBatch, PremisesChange, PremisesDistinct, PremisesMerge
from data.tables.review import (
    AssignedShare,
    Meeting,
    ReceivedPackage,
    Report,
    Task,
    WardFigure,
    WardScore,
)
from data.tables.watch import Alert, AlertEvent, Notice, NoticeChoice, ScanRun
from data.tables.work import Plan, PlanEvent, PlanSweep, PlanVersion, Route, Team, TeamArea, Visit

__all__ = [
    "Account", "AccountScope", "AccountTeam", "AddressLock", "Alert", "AlertEvent", "AssignedShare",
    "AuditEntry", "Base", "CasePaper", "Complaint", "CoordinationLetter", "Edited", "Event", "Finding",
    "Hotspot", "HotspotShapeChange", "HotspotTransition", "ImportBatch", "Inspection", "InspectionDecision",
    "JointSweep", "Licence", "LoginSession", "Meeting", "Notice", "NoticeChoice", "Patrol", "Plan",
    "PlanEvent", "PlanSweep", "PlanVersion", "PoliceHandover", "Premises", "PremisesCandidate",
    "PremisesChange", "PremisesDistinct", "PremisesMerge", "PremisesStatusChange", "PrivacyException",
    "ReceivedPackage", "Report", "Route", "Row", "ScanRun", "ScoreObjection", "Setting", "Signal",
    "SignalHandover", "Street", "Task", "Team", "TeamArea", "TextSalt", "Tombstone", "Unit", "Visit",
    "WardFigure", "WardScore", "new_id",
]  # fmt: skip

#: Tables in which nothing is ever changed or deleted; triggers on both engines see to it.
APPEND_ONLY = (
    "premises_status", "hotspot_transitions", "signals", "patrols", "inspections", "findings",
    "joint_sweeps", "alert_events", "audit_log", "premises_changes", "plan_events", "case_papers",
    "coordination_letters", "complaints", "police_handovers", "signal_handovers", "ward_figures",
    "assigned_shares", "ward_scores", "meetings", "tasks", "reports", "privacy_exceptions", "tombstones",
    "score_objections", "hotspot_shape_changes",
)  # fmt: skip
