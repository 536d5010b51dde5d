"""Every text that somebody types or brings in a file is held against the rule "places, not people".

A written list of all columns of text: what guards it, or why it is none. A column without a row fails, and
so does a row without its column. Where a use case can be called shortly it is attacked below.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable

import pytest
from sqlalchemy import JSON, String

from app.services import edits, signal_desk
from data.tables import Base
from geo.errors import InputError, RuleError

#: Names that mean the same in every table.
NOT_TYPED = {
    "recorded_by": "an account's name",
    "by": "an account's name",
    "made_by": "an account's name",
    "decided_by": "an account's name",
    "undone_by": "an account's name",
    "unmerged_by": "an account's name",
    "accepted_by": "an account's name",
    "received_by": "an account's name",
    "reread_by": "an account's name",
    "purged_by": "an account's name",
    "assigned_to": "an account's name",
    "account_name": "an account's name",
    "kind": "a word of a vocabulary",
    "type": "a word of a vocabulary",
    "state": "a word of a vocabulary",
    "status": "a word of a vocabulary",
    "level": "a word of a vocabulary",
    "content_key": "a digest",
    "client_key": "made by the phone, checked for its form",
    "folded": "made from the name",
    "evidence": "ids and figures made by the program",
}
GUARDED = {
    "alert_events.document": "app.services.alert_verdicts",
    "alert_events.reason": "app.services.alert_verdicts",
    "assigned_shares.document": "app.services.shares",
    "case_papers.article": "app.services.case_papers",
    "case_papers.body": "app.services.case_papers",
    "case_papers.note": "app.services.case_papers",
    "case_papers.number": "app.services.case_papers",
    "complaints.answer": "app.services.complaints",
    "complaints.document": "app.services.complaints",
    "coordination_letters.from_unit": "app.services.plan_sweeps",
    "coordination_letters.note": "app.services.plan_sweeps",
    "coordination_letters.number": "app.services.plan_sweeps",
    "coordination_letters.to_unit": "app.services.plan_sweeps",
    "findings.document": "app.services.case_papers",
    "findings.text": "app.services.field_record",
    "hotspot_shape_changes.document": "app.services.hotspot_shapes",
    "hotspot_shape_changes.reason": "app.services.hotspot_shapes",
    "hotspot_transitions.document": "app.services.hotspots",
    "hotspot_transitions.reason": "app.services.hotspots",
    "hotspots.name": "app.services.hotspot_shapes",
    "hotspots.patrol_by": "app.services.hotspots",
    "hotspots.source": "app.services.hotspot_shapes",
    "import_batches.file": "app.services.premises_import",
    "import_batches.undone_why": "app.services.register_history",
    "inspection_decisions.number": "app.services.decisions",
    "inspection_decisions.signer": "app.services.decisions",
    "inspections.body": "data.importers.event_rows",
    "inspections.decision_number": "data.importers.event_rows",
    "inspections.grounds": "data.importers.event_rows",
    "inspections.minutes_number": "data.importers.event_rows",
    "joint_sweeps.note": "app.services.plan_sweeps",
    "licences.number": "app.services.edits",
    "licences.stated_address": "app.services.edits",
    "licences.stated_name": "app.services.edits",
    "meetings.document": "app.services.meeting_record",
    "meetings.note": "app.services.meeting_record",
    "patrols.sign": "app.services.patrols",
    "plan_events.document": "app.services.plan_life",
    "plan_events.reason": "app.services.plan_life",
    "plans.document": "app.services.plan_life",
    "police_handovers.receipt_number": "app.services.police_handover",
    "premises.address": "app.services.edits",
    "premises.complex_grounds": "app.services.edits",
    "premises.name": "app.services.edits",
    "premises.registration_number": "data.importers.registration",
    "premises.unregistered_basis": "app.services.edits",
    "premises_candidates.address": "data.importers.osm_elements",
    "premises_candidates.name": "data.importers.osm_elements",
    "premises_candidates.reason": "app.services.osm_import",
    "premises_merges.reason": "app.services.merging",
    "premises_merges.unmerged_why": "app.services.merging",
    "privacy_exceptions.reason": "app.services.privacy_exceptions",
    "received_packages.contents": "data.importers.package",
    "reports.contents": "app.services.reports",
    "reports.number": "app.services.reports",
    "score_objections.about": "app.services.objections",
    "score_objections.answer": "app.services.objections",
    "score_objections.document": "app.services.objections",
    "score_objections.finding": "app.services.objections",
    "signal_handovers.to_name": "app.services.signal_handovers",
    "signals.document": "app.services.signal_handling",
    "signals.number": "app.services.signal_intake",
    "signals.receipt_number": "app.services.signal_handling",
    "signals.result": "app.services.signal_handling",
    "signals.text": "app.services.signal_intake",
    "streets.source": "app.services.imports",
    "tasks.document": "app.services.task_recording",
    "tasks.note": "app.services.task_recording",
    "tasks.owner": "app.services.task_owner",
    "tasks.title": "app.services.task_recording",
    "teams.agencies": "data.importers.teams",
    "teams.founding_decision": "data.importers.teams",
    "teams.name": "data.importers.teams",
    "units.source": "app.services.imports",
    "visits.basis": "app.services.plan_edits",
    "ward_figures.document": "app.services.figure_entry",
    "ward_figures.note": "app.services.figure_entry",
    "ward_scores.reason": "app.services.ward_score",
}
#: Where ``why``, the reason of a correction, can be typed; elsewhere nobody is asked for one.
WHY = {
    "app.services.field_record",
    "app.services.merging",
    "app.services.premises_edit",
    "app.services.signal_handling",
    "app.services.task_recording",
}
NO_FREE_TEXT = {
    "accounts.name": "a name of an office account; accounts.checked_name refuses what looks personal",
    "accounts.oidc_subject": "a keyed hash",
    "accounts.password_hash": "a hash",
    "accounts.role": "a word of a vocabulary",
    "accounts.totp_secret": "made by the program",
    "address_locks.key": "a keyed hash",
    "alerts.detail": "made by the program",
    "alerts.place_id": "an id",
    "alerts.place_kind": "a word of a vocabulary",
    "alerts.text": "made by the program",
    "assigned_shares.code": "a code of the plan",
    "audit_log.action": "a word of the program",
    "audit_log.actor": "an account's name",
    "audit_log.detail": "figures; free text as a digest only",
    "audit_log.hash": "a digest",
    "audit_log.origin": "cut to what is needed by the web layer",
    "audit_log.previous_hash": "a digest",
    "audit_log.subject": "an id, or a file's name that was covered",
    "case_papers.finding_id": "an id",
    "case_papers.inspection_id": "an id",
    "coordination_letters.sweep_id": "an id",
    "findings.inspection_id": "an id",
    "hotspot_shape_changes.action": "a word of the program",
    "hotspots.split_from": "an id",
    "import_batches.counts": "figures",
    "inspection_decisions.basis": "made by the program from the law of the day",
    "inspection_decisions.content": "made by the program",
    "inspections.checklist": "answers by number",
    "inspections.outcome": "a word of a vocabulary",
    "inspections.visit_id": "an id",
    "login_sessions.origin": "cut to what is needed by the web layer",
    "login_sessions.token_hash": "a digest",
    "notice_choices.mode": "a word of a vocabulary",
    "notice_choices.target": "an office address on a host that the operator allows",
    "notices.key": "made by the program",
    "notices.problem": "made by the program",
    "notices.subject_id": "an id",
    "notices.subject_kind": "a word of a vocabulary",
    "notices.target": "as in notice_choices",
    "patrols.result": "a word of a vocabulary",
    "patrols.sign_kind": "a word of a vocabulary",
    "plan_events.detail": "made by the program",
    "plan_events.step": "a word of a vocabulary",
    "plan_sweeps.lead_team_id": "an id",
    "plan_sweeps.meets": "coordinates",
    "plan_sweeps.segment_id": "an id",
    "plan_sweeps.team_ids": "ids",
    "plan_sweeps.unit_ids": "ids",
    "plan_versions.contents": "the plan's own rows",
    "plan_versions.what": "made by the program",
    "plans.sealed_seed": "made by the program",
    "plans.settings": "figures and ids",
    "plans.summary": "made by the program",
    "premises.location_quality": "a word of a vocabulary",
    "premises.registration_hash": "a keyed hash",
    "premises_candidates.osm_id": "an id",
    "premises_changes.after": "the fields of premises, which are guarded there",
    "premises_changes.before": "the fields of premises, which are guarded there",
    "premises_merges.absorbed": "the fields of premises, which are guarded there",
    "premises_merges.moved": "ids",
    "privacy_exceptions.phrase": "what a data steward says is no personal data",
    "received_packages.checksum": "a digest",
    "reports.hotspot_id": "an id",
    "reports.period": "checked for its form",
    "reports.replaces": "an id",
    "scan_runs.counts": "figures",
    "settings.key": "a word of the program",
    "settings.value": "made by the program",
    "signal_handovers.from_unit_id": "an id",
    "signal_handovers.signal_id": "an id",
    "signal_handovers.to_unit_id": "an id",
    "signals.grew_from": "made by the program",
    "signals.reliability": "a letter from A to F",
    "signals.same_as": "an id",
    "signals.source": "a word of a vocabulary",
    "signals.topic": "a word of a vocabulary",
    "streets.name": "names of streets from a map, which may be called after people",
    "streets.street_class": "a word of a vocabulary",
    "tasks.hotspot_id": "an id",
    "tasks.meeting_id": "an id",
    "teams.days_off": "dates",
    "teams.weekdays": "figures",
    "text_salts.salt": "made by the program",
    "text_salts.subject": "an id",
    "tombstones.counts": "month, unit, kind",
    "tombstones.event_id": "an id",
    "tombstones.rule": "a word of a vocabulary",
    "tombstones.table_name": "a word of the program",
    "units.code": "the official code",
    "units.name": "the official name of a ward",
    "visits.decision_id": "an id",
    "visits.joint_with": "ids",
    "visits.reason": "made by the program",
    "ward_figures.body": "a word of a vocabulary",
    "ward_figures.measure": "a word of a vocabulary",
    "ward_scores.classification": "a word of a vocabulary",
    "ward_scores.criterion": "a word of a vocabulary",
}


def text_columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | JSON)
        and not column.foreign_keys
        and column.name not in ("id", "why")
    }


def test_every_column_of_text_is_guarded_or_is_no_free_text() -> None:
    listed = set(GUARDED) | set(NO_FREE_TEXT)
    there = text_columns()
    unlisted = {one for one in there - listed if one.partition(".")[2] not in NOT_TYPED}
    assert unlisted == set()
    assert not (set(GUARDED) & set(NO_FREE_TEXT))


@pytest.mark.parametrize("module", sorted({*GUARDED.values(), *WHY}))
def test_the_module_that_guards_a_column_asks_the_detector(module: str) -> None:
    source = inspect.getsource(importlib.import_module(module))
    asks = ("about_places(", "written(", "masked(", "personal_data(", "without_p", "label(", "cleaned(")
    assert any(one in source for one in asks)


PERSON = "Gặp bà Nguyễn Thị Hòa, số 0912 345 678"
SHORT: dict[str, Callable[[], object]] = {
    "a signal": lambda: signal_desk.written(PERSON, 2000),
    "grounds of a premises": lambda: edits.cleaned("complex_grounds", PERSON),
    "a premises' name": lambda: edits.cleaned("name", "Nhà nghỉ Hoa Sen (bà Trần Thị Bích)"),
}


@pytest.mark.parametrize("what", SHORT)
def test_a_person_is_refused_in(what: str) -> None:
    with pytest.raises(InputError) as refused:
        SHORT[what]()
    assert isinstance(refused.value, RuleError)
    assert "Hòa" not in str(refused.value.message)
