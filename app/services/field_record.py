"""Recording what a team met at a stop, once, and correcting it while no paper of a case follows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.access import Right, require
from app.services.field_visits import checklist, decision_of, further_check, own_visit
from app.services.field_work import KeptFinding, KeptReport, kept_report
from app.services.free_text import about_places
from data.repositories.frames import current
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Finding, Inspection, Premises, Visit
from geo.checklist import WITH_FINDINGS, Answered, check_answers, from_document, to_document
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import msg
from geo.words import CheckItem, FindingKind, InspectionBody, VisitKind, VisitOutcome

MOST_FINDINGS = 10
_LONGEST = 1000
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")


@dataclass(frozen=True)
class Report:
    """What a team met. ``client_key``: made by the phone, so that a report sent twice is one inspection.

    ``on_date``: the visit's day by default, or the day after for a shift that passed midnight. ``started``:
    when the check began.
    """

    client_key: str
    outcome: VisitOutcome
    answers: Mapping[CheckItem, Answered] = field(default_factory=dict)
    findings: tuple[KeptFinding, ...] = ()
    on_date: date | None = None
    started: datetime | None = None


@dataclass(frozen=True)
class Recorded:
    """The inspection that stands. ``again``: this very report had arrived before."""

    inspection_id: str
    again: bool


def client_key(key: str) -> str:
    """The key of a phone's form. Raises InputError where it cannot be one."""
    if not _KEY.fullmatch(key):
        raise InputError(
            "client_key", msg("Biểu mẫu thiếu mã gửi."), hint=msg("Tải lại trang rồi gửi lần nữa.")
        )
    return key


def record(store: Store, actor: Actor, visit_id: str, report: Report, now: datetime) -> Recorded:
    """Keep what a team met at a stop, with its findings; the same report sent again changes nothing.

    Raises InputError ``unknown_visit`` for a visit of another team; RuleError without a decision's number, for
    a coming day, for a further check in the year (domain, rule 1), for a stop that was reported on already and
    for personal data; InputError for answers that are missing.
    """
    require(actor, Right.INSPECT)
    key = client_key(report.client_key)
    with store.write(actor) as work:
        row = own_visit(work, visit_id, now)
        # Two phones of a team that send at once: the second waits and then finds the first one's report.
        work.session.scalars(select(Visit.id).where(Visit.id == visit_id).with_for_update()).one()
        known = _sent_before(work, key, visit_id, report)
        if known is not None:
            return Recorded(known, again=True)
        _refuse_second(kept_report(work, visit_id))
        columns, findings = _checked(work, row, report, now, but=None)
        event = work.event()
        work.session.add(Inspection(**event, **columns))
        for one in findings:
            work.session.add(Finding(**work.event(), inspection_id=event["id"], **_columns(one)))
        work.note(
            "inspection.record",
            event["id"],
            visit=visit_id,
            outcome=report.outcome.value,
            findings=len(findings),
        )
        return Recorded(event["id"], again=False)


def correct(
    store: Store, actor: Actor, visit_id: str, report: Report, now: datetime, *, reason: str, seen: int
) -> Recorded:
    """Put a new revision in the place of what this account recorded, with the reason; the old one is kept.

    ``seen``: the revision the person had before their eyes. Raises RuleError where another account recorded it
    or a paper of a case follows it, ConflictError where it was corrected meanwhile.
    """
    require(actor, Right.INSPECT)
    key = client_key(report.client_key)
    with store.write(actor) as work:
        row = own_visit(work, visit_id, now)
        work.session.scalars(select(Visit.id).where(Visit.id == visit_id).with_for_update()).one()
        known = _sent_before(work, key, visit_id, report)
        if known is not None:
            return Recorded(known, again=True)
        kept = _correctable(kept_report(work, visit_id), seen)
        why = about_places(reason)[:400]
        if not why:
            raise RuleError("reason_missing", msg("Cần ghi lý do đính chính."))
        columns, findings = _checked(work, row, report, now, but=kept.inspection_id)
        event = {**work.event(why), "id": kept.inspection_id, "revision": kept.revision + 1}
        work.session.add(Inspection(**event, **columns))
        _revise_findings(work, kept.inspection_id, findings, why)
        work.note("inspection.correct", kept.inspection_id, revision=event["revision"], text=why)
        return Recorded(kept.inspection_id, again=False)


def _sent_before(work: Work, key: str, visit_id: str, report: Report) -> str | None:
    """The inspection that came with this key from this account, in any revision.

    Raises ConflictError where something else came with it: two tabs share the draft of one form.
    """
    own = select(Inspection).where(Inspection.client_key == key, Inspection.recorded_by == work.actor.name)
    known = work.session.scalars(own.limit(1)).first()
    if known is None:
        return None
    if known.visit_id != visit_id or _content_of(work, known) != _content(report):
        raise ConflictError(
            "other_content",
            msg("Lượt này đã được ghi với nội dung khác; xem lại."),
            hint=msg(
                "Nội dung vừa gửi chưa được ghi. Mở lượt này, so với bản đã ghi; cần sửa thì chọn Đính chính."
            ),
        )
    return known.id


def _content(report: Report) -> tuple[Any, ...]:
    """What a report says, without the times of the phone."""
    checked = report.outcome is VisitOutcome.CHECKED
    answers = {item: one for item, one in report.answers.items() if checked and one.answer is not None}
    return report.outcome, answers, _in_order(replace(one, text=one.text.strip()) for one in report.findings)


def _content_of(work: Work, known: Inspection) -> tuple[Any, ...]:
    """The same of what was kept: a report's findings are recorded at the moment of its inspection."""
    rows = select(Finding).where(
        Finding.inspection_id == known.id, Finding.recorded_at == known.recorded_at, Finding.void.is_(False)
    )
    findings = (
        KeptFinding(FindingKind(one.kind), bool(one.serious), one.text or "", one.deadline)
        for one in work.session.scalars(rows)
    )
    return VisitOutcome(known.outcome), from_document(known.checklist), _in_order(findings)


def _in_order(findings: Iterable[KeptFinding]) -> list[KeptFinding]:
    return sorted(findings, key=repr)


def _refuse_second(kept: KeptReport | None) -> None:
    if kept is not None:
        raise RuleError(
            "already_recorded",
            msg(
                "Lượt này đã được ghi lúc {at}, tài khoản {who}.",
                at=kept.recorded_at.astimezone(LOCAL_ZONE),
                who=kept.recorded_by,
            ),
            hint=msg("Muốn sửa thì mở lượt này và chọn Đính chính."),
        )


def _correctable(kept: KeptReport | None, seen: int) -> KeptReport:
    if kept is None:
        raise RuleError("not_recorded", msg("Lượt này chưa được ghi."))
    if not kept.correctable:
        raise RuleError(
            "not_correctable",
            msg("Chỉ tài khoản đã ghi được đính chính, và chỉ khi chưa có giấy tờ xử lý tiếp theo."),
        )
    if kept.revision != seen:
        raise ConflictError(
            "changed_meanwhile",
            msg("Bản ghi đã được đính chính trước đó. Thay đổi của bạn chưa được ghi."),
            hint=msg("Tải lại trang, xem bản mới rồi quyết định có sửa nữa không."),
        )
    return kept


def _checked(
    work: Work, row: Any, report: Report, now: datetime, *, but: str | None
) -> tuple[dict[str, Any], tuple[KeptFinding, ...]]:
    """The inspection's columns and its findings, once every rule has been kept."""
    day, decision = _day_of(row, report, now), decision_of(work, row)
    if decision.problem is not None:
        raise RuleError("no_decision", decision.problem)
    premises = work.session.scalars(select(Premises).where(Premises.id == row.premises_id)).one()
    laws, required = checklist()
    asked = laws.asked(premises.type, day, required)
    answers: Mapping[CheckItem, Answered] = {}
    if report.outcome is VisitOutcome.CHECKED:
        if (why := further_check(work, row, decision, day, but=but)) is not None:
            raise RuleError("capped", why, hint=_CAP_HINT)
        check_answers(asked, report.answers, all_of_them=row.kind != VisitKind.FOLLOW_UP)
        answers = report.answers
    started = {} if report.started is None else {"started": report.started.isoformat(timespec="minutes")}
    return {
        "premises_id": row.premises_id,
        "on_date": day,
        "body": InspectionBody.TEAM178.value,
        "team_id": row.team_id,
        "kind": row.kind,
        "decision_number": decision.number,
        "grounds": row.basis[:400] if isinstance(row.basis, str) else None,
        "outcome": report.outcome.value,
        "selection_probability": float(row.selection_probability),
        "geom": premises.geom,
        "visit_id": row.id,
        "checklist": {**to_document(asked, answers, day), **started},
        "client_key": report.client_key,
    }, _findings(report, day)


_CAP_HINT = msg(
    "Mỗi năm không quá một lần (Nghị quyết 198/2025/QH15, Điều 4), trừ khi có dấu hiệu vi phạm rõ ràng "
    "được ghi lại và quyết định nêu rõ."
)


def _day_of(row: Any, report: Report, now: datetime) -> date:
    """The day of the check: the visit's, or the day after where the shift passed midnight."""
    planned, today = row.on_date.date(), now.astimezone(LOCAL_ZONE).date()
    day = report.on_date or max(planned, min(row.arrive.date(), today))
    if day > today:
        raise RuleError("future", msg("Ngày {date} chưa đến.", date=day))
    if not planned <= day <= planned + timedelta(days=1):
        raise RuleError(
            "other_day",
            msg("Lượt này của ngày {planned}; ngày {date} cần điều chỉnh lịch.", planned=planned, date=day),
        )
    return day


def _findings(report: Report, day: date) -> tuple[KeptFinding, ...]:
    if not report.findings:
        return ()
    if report.outcome not in WITH_FINDINGS:
        raise RuleError(
            "finding_without_check", msg("“{outcome}” thì không có vi phạm để ghi.", outcome=report.outcome)
        )
    if len(report.findings) > MOST_FINDINGS:
        raise InputError("too_many", msg("Ghi nhiều nhất {n} vi phạm một lượt.", n=MOST_FINDINGS))
    return tuple(_finding(one, day) for one in report.findings)


def _finding(one: KeptFinding, day: date) -> KeptFinding:
    text = about_places(one.text)
    if not text:
        raise InputError("text_missing", msg("Vi phạm cần một câu mô tả."))
    if len(text) > _LONGEST:
        raise InputError("too_long", msg("Mô tả vi phạm dài nhất {n} ký tự.", n=_LONGEST))
    if one.deadline is not None and one.deadline < day:
        raise InputError("deadline", msg("Hạn khắc phục {date} trước ngày kiểm tra.", date=one.deadline))
    return KeptFinding(one.kind, one.serious, text, one.deadline)


def _columns(one: KeptFinding) -> dict[str, Any]:
    return {"kind": one.kind.value, "serious": one.serious, "text": one.text, "deadline": one.deadline}


def _revise_findings(work: Work, inspection_id: str, new: tuple[KeptFinding, ...], why: str) -> None:
    """New revisions of the findings in their order; one more is added, one less is voided."""
    rows = Finding.__table__.c
    asked = current(Finding).add_columns(rows.revision).where(rows.inspection_id == inspection_id)
    old = work.session.execute(asked).all()
    for number in range(max(len(old), len(new))):
        event = work.event(why)
        if number < len(old):
            event |= {"id": old[number].id, "revision": old[number].revision + 1}
        event["void"] = number >= len(new)
        columns = _columns(new[number]) if number < len(new) else _as_kept(old[number])
        closed = {} if number >= len(old) else _closing(old[number])
        work.session.add(Finding(**event, inspection_id=inspection_id, **columns, **closed))


def _as_kept(row: Any) -> dict[str, Any]:
    return {"kind": row.kind, "serious": row.serious, "text": row.text, "deadline": row.deadline}


def _closing(row: Any) -> dict[str, Any]:
    return {"closed_on": row.closed_on, "document": row.document}
