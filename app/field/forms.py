"""Reading what a phone sends: plain fields into reports, with a sentence for what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from app.services.clock import LOCAL_ZONE
from app.services.field_record import MOST_FINDINGS, Report
from app.services.field_work import KeptFinding
from app.services.patrols import PatrolReport
from geo.checklist import Answered
from geo.errors import InputError
from geo.messages import Message, msg
from geo.words import CheckAnswer, CheckCount, CheckItem, FindingKind, SignKind, VisitOutcome

Fields = Mapping[str, str]
Word = TypeVar("Word", bound=StrEnum)


def report_of(fields: Fields) -> Report:
    """The report of a visit's form. Raises InputError where a field cannot be read."""
    outcome = _word(VisitOutcome, fields.get("outcome", ""))
    if outcome is None:
        raise InputError("outcome_missing", msg("Chọn kết quả đến nơi."))
    started = fields.get("started", "").strip()
    return Report(
        client_key=fields.get("client_key", ""),
        outcome=outcome,
        answers={item: _answered(item, fields) for item in CheckItem if f"item-{item.value}" in fields},
        findings=tuple(
            one for number in range(1, MOST_FINDINGS + 2) if (one := _finding(number, fields)) is not None
        ),
        started=moment(started) if started else None,
    )


#: Where each count stands in the form.
_COUNTED = {
    CheckItem.LABOUR: (CheckCount.WORKERS, CheckCount.CONTRACTS),
    CheckItem.HEALTH: (CheckCount.HEALTH_CHECKED,),
}


def _answered(item: CheckItem, fields: Fields) -> Answered:
    counts = {}
    for count in _COUNTED.get(item, ()):
        written = fields.get(f"count-{count.value}", "").strip()
        if written:
            if not (written.isascii() and written.isdigit() and len(written) < 7):
                raise _unreadable(msg("số người"), written)
            counts[count] = int(written)
    return Answered(_word(CheckAnswer, fields.get(f"item-{item.value}", "")), counts)


def _finding(number: int, fields: Fields) -> KeptFinding | None:
    at = f"f{number}"
    kind = _word(FindingKind, fields.get(f"{at}-kind", ""))
    if kind is None:
        if fields.get(f"{at}-text", "").strip():
            raise InputError("kind_missing", msg("Vi phạm {n}: chọn loại vi phạm.", n=number))
        return None
    deadline = fields.get(f"{at}-deadline", "").strip()
    return KeptFinding(
        kind=kind,
        serious=bool(fields.get(f"{at}-serious")),
        text=fields.get(f"{at}-text", ""),
        deadline=_day(deadline) if deadline else None,
    )


def patrol_of(hotspot_id: str, fields: Fields) -> PatrolReport:
    """The report of a patrol's form. Raises InputError where a field cannot be read."""
    result, sign = fields.get("result"), _word(SignKind, fields.get("sign", ""))
    if result not in ("quiet", "sign"):
        raise InputError("result_missing", msg("Bấm “Không có dấu hiệu – ghi” hoặc “Có dấu hiệu – ghi”."))
    if result == "sign" and sign is None:
        raise InputError("sign_missing", msg("Chọn một dấu hiệu."))
    if result == "quiet" and fields.get("sign"):
        raise InputError(
            "sign_chosen",
            msg("Đã chọn một dấu hiệu nên chưa ghi là không có dấu hiệu."),
            hint=msg("Bấm “Có dấu hiệu – ghi”, hoặc chọn “Không chọn dấu hiệu nào” rồi ghi lại."),
        )
    return PatrolReport(
        client_key=fields.get("client_key", ""),
        hotspot_id=hotspot_id,
        at=moment(fields.get("at", "")),
        sign=sign,
        note=fields.get("note", ""),
        lon=_number(fields.get("lon", "")),
        lat=_number(fields.get("lat", "")),
    )


def moment(written: str) -> datetime:
    """A time of the clock on the wall in Hà Nội. Raises InputError where it is none."""
    try:
        return datetime.fromisoformat(written.strip()).replace(tzinfo=LOCAL_ZONE)
    except ValueError as error:
        raise _unreadable(msg("giờ"), written) from error


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise _unreadable(msg("ngày"), written) from error


def _number(written: str) -> float | None:
    try:
        return float(written) if written.strip() else None
    except ValueError:
        return None


def _word(kind: type[Word], written: str) -> Word | None:
    try:
        return kind(written)
    except ValueError:
        return None


def _unreadable(what: Message, written: str) -> InputError:
    return InputError("unreadable", msg("Không đọc được {what} “{written}”.", what=what, written=written[:40]))
