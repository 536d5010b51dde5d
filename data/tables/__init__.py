"""All tables of the database, under one roof."""

from data.tables.base import Base, Edited, Event, Row, new_id
from data.tables.candidates import PremisesCandidate
from data.tables.events import Finding, Inspection, JointSweep, Patrol, Signal
from data.tables.office import Account, AccountScope, AuditEntry, LoginSession, Setting
from data.tables.places import (
    Hotspot,
    HotspotTransition,
    Licence,
    Premises,
    PremisesStatusChange,
    Street,
    Unit,
)
from data.tables.register import ImportBatch, PremisesChange, PremisesDistinct, PremisesMerge
from data.tables.work import Alert, AlertEvent, Plan, Route, Team, TeamArea, Visit

__all__ = [
    "Account", "AccountScope", "Alert", "AlertEvent", "AuditEntry", "Base", "Edited", "Event", "Finding",
    "Hotspot", "HotspotTransition", "ImportBatch", "Inspection", "JointSweep", "Licence", "LoginSession",
    "Patrol", "Plan", "Premises", "PremisesCandidate", "PremisesChange", "PremisesDistinct", "PremisesMerge",
    "PremisesStatusChange", "Route", "Row", "Setting", "Signal", "Street", "Team", "TeamArea", "Unit", "Visit",
    "new_id",
]  # fmt: skip

#: Tables in which nothing is ever changed or deleted; triggers on both engines see to it.
APPEND_ONLY = (
    "premises_status", "hotspot_transitions", "signals", "patrols", "inspections", "findings",
    "joint_sweeps", "alert_events", "audit_log", "premises_changes",
)  # fmt: skip
