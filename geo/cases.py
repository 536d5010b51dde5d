"""The paper of a case: what follows a check, what is owed next and by when (domain.md, section 9).

Minutes, notice of the result; where there is a violation its record, the sanction, what is sent to other bodies
with their answers; the remedy deadline, the re-check, the end. The deadlines and the law they run by stand in
``cases.toml``. Nothing here decides: a person writes every paper, and only the competent person sanctions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from geo.calendar_vn import working_days
from geo.errors import InputError
from geo.messages import Message, msg
from geo.words import CasePaperKind

_OFFICE_DAYS = frozenset(range(5))
_PAYMENT = "payment"


@dataclass(frozen=True)
class Paper:
    """A paper of a case. ``due_on``: by when it asks for something; ``paid_on``: when the fine was paid."""

    kind: CasePaperKind
    on_date: date
    number: str | None = None
    due_on: date | None = None
    amount_vnd: int | None = None
    paid_on: date | None = None


@dataclass(frozen=True)
class FindingFacts:
    """What a check found: whether it is serious, by when it is to be remedied, when it was closed."""

    serious: bool
    deadline: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class Deadline:
    """So many days for a paper, while the law is in force. ``law`` None: set by the office."""

    paper: str
    days: int
    working: bool
    law: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Owed:
    """What is still to come: the paper (None: a payment or a day to wait for), by when, by which law."""

    kind: CasePaperKind | None
    due_on: date | None
    overdue: bool
    text: Message
    law: str | None = None


@dataclass(frozen=True)
class CaseState:
    """How a case stands on a day. ``owed``: all that is to come, the most urgent first; ``next``, ``due_on``,
    ``overdue`` and ``text`` are of the first. A case with nothing owed is ``closed``."""

    next: CasePaperKind | None
    due_on: date | None
    overdue: bool
    text: Message
    owed: tuple[Owed, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether nothing is to come."""
        return not self.owed


def case_state(
    papers: Iterable[Paper],
    finding: FindingFacts | None,
    day: date,
    *,
    inspected_on: date,
    deadlines: Sequence[Deadline],
    minutes: bool = False,
) -> CaseState:
    """What is owed in a case on a day.

    Parameters
    ----------
    papers : of the inspection and of this finding, in any order; those dated after ``day`` are not looked at.
    finding : None for a check that found nothing.
    minutes : the number of the minutes stands with the inspection itself.
    """
    known = sorted((one for one in papers if one.on_date <= day), key=lambda one: one.on_date)
    book = _Book(known, finding, day, inspected_on, deadlines, minutes)
    if finding is not None and (_past(finding.closed_on, day) or book.last(CasePaperKind.CLOSED)):
        return CaseState(None, None, False, msg("Hồ sơ đã kết thúc."))
    owed = sorted(book.owed(), key=lambda one: (not one.overdue, one.due_on or date.max))
    if not owed:
        if finding is None:
            return CaseState(None, None, False, msg("Đủ văn bản, không có vi phạm."))
        text = msg("Đủ văn bản: có thể kết thúc hồ sơ.")
        owed = [Owed(CasePaperKind.CLOSED, None, False, text)]
    first = owed[0]
    return CaseState(first.kind, first.due_on, first.overdue, first.text, tuple(owed))


@dataclass(frozen=True)
class _Book:
    """Papers up to the day, oldest first."""

    papers: Sequence[Paper]
    finding: FindingFacts | None
    day: date
    inspected_on: date
    deadlines: Sequence[Deadline]
    minutes: bool

    def owed(self) -> list[Owed]:
        found = [self.of_minutes(), self.of_notice()]
        if self.finding is not None:
            found += [
                self.of_record(),
                self.of_sanction(),
                self.of_payment(),
                *self.of_answers(),
                self.of_remedy(),
            ]
        return [one for one in found if one is not None]

    def of_minutes(self) -> Owed | None:
        if self.minutes or self.last(CasePaperKind.MINUTES):
            return None
        text = msg("Cần số biên bản kiểm tra.")
        return self.due(CasePaperKind.MINUTES, self.inspected_on, text)

    def of_notice(self) -> Owed | None:
        written = self.last(CasePaperKind.MINUTES)
        if self.last(CasePaperKind.RESULT_NOTICE):
            return None
        begun = written.on_date if written else self.inspected_on
        by, law = self.until(CasePaperKind.RESULT_NOTICE, begun)
        return self.due(CasePaperKind.RESULT_NOTICE, by, msg("Cần thông báo kết quả kiểm tra."), law)

    def of_record(self) -> Owed | None:
        assert self.finding is not None
        if self.last(CasePaperKind.VIOLATION_RECORD, CasePaperKind.TRANSFER):
            return None
        if self.finding.serious:
            text = msg("Cần biên bản vi phạm hành chính, hoặc phiếu chuyển cơ quan có thẩm quyền.")
            return self.due(CasePaperKind.VIOLATION_RECORD, self.inspected_on, text)
        if self.finding.deadline is None and not self.last(CasePaperKind.RECOMMENDATION):
            text = msg("Cần kiến nghị khắc phục, có thời hạn.")
            return self.due(CasePaperKind.RECOMMENDATION, None, text)
        return None

    def of_sanction(self) -> Owed | None:
        record = self.last(CasePaperKind.VIOLATION_RECORD)
        if record is None or self.since(record, CasePaperKind.SANCTION, CasePaperKind.TRANSFER):
            return None
        by, law = self.until(CasePaperKind.SANCTION, record.on_date)
        text = msg("Chờ quyết định xử phạt của người có thẩm quyền.")
        return self.due(CasePaperKind.SANCTION, by, text, law)

    def of_payment(self) -> Owed | None:
        fine = self.last(CasePaperKind.SANCTION)
        if fine is None or not fine.amount_vnd or _past(fine.paid_on, self.day):
            return None
        by, law = self.until(_PAYMENT, fine.on_date)
        return self.due(None, by, msg("Chờ nộp tiền phạt."), law)

    def of_answers(self) -> list[Owed]:
        """Each paper sent to another body waits for an answer; answers settle them in their order."""
        asked = self.of(CasePaperKind.TRANSFER, CasePaperKind.RECOMMENDATION)
        waiting = asked[len(self.of(CasePaperKind.ANSWER)) :]
        found = []
        for paper in waiting:
            by, law = self.until(CasePaperKind.ANSWER, paper.on_date)
            text = msg("Chờ trả lời {kind} ngày {day}.", kind=paper.kind, day=paper.on_date)
            found.append(self.due(CasePaperKind.ANSWER, paper.due_on or by, text, law))
        return found

    def of_remedy(self) -> Owed | None:
        assert self.finding is not None
        extended = self.last(CasePaperKind.REMEDY_EXTENDED)
        deadline = (extended.due_on if extended else None) or self.finding.deadline
        if deadline is None or self.checked_again(deadline):
            return None
        if self.day <= deadline:
            text = msg("Chờ khắc phục đến hết ngày {day}.", day=deadline)
            return Owed(None, deadline, False, text)
        by, law = self.until(CasePaperKind.RECHECK, deadline)
        text = msg("Hạn khắc phục đã hết ngày {day}: cần phúc tra.", day=deadline)
        return self.due(CasePaperKind.RECHECK, by, text, law)

    def checked_again(self, deadline: date) -> bool:
        extended, again = self.last(CasePaperKind.REMEDY_EXTENDED), self.last(CasePaperKind.RECHECK)
        # A re-check that ended in more time does not settle the matter.
        return again is not None and (extended is None or again.on_date > extended.on_date)

    def due(self, kind: CasePaperKind | None, by: date | None, text: Message, law: str | None = None) -> Owed:
        return Owed(kind, by, by is not None and by < self.day, text, law)

    def until(self, paper: str, begun: date) -> tuple[date | None, str | None]:
        """Last day for a paper that is owed since ``begun``, and the law of that day."""
        for one in self.deadlines:
            if one.paper == paper and one.valid_from <= begun and not _past(one.valid_to, begun - timedelta(1)):
                return (office_day(begun, one.days) if one.working else begun + timedelta(one.days)), one.law
        return None, None

    def of(self, *kinds: CasePaperKind) -> list[Paper]:
        return [one for one in self.papers if one.kind in kinds]

    def last(self, *kinds: CasePaperKind) -> Paper | None:
        found = self.of(*kinds)
        return found[-1] if found else None

    def since(self, paper: Paper, *kinds: CasePaperKind) -> bool:
        return any(one.on_date >= paper.on_date for one in self.of(*kinds))


def office_day(begun: date, days: int) -> date:
    """The day so many working days of an office after ``begun``, which itself does not count."""
    # Holidays and weekends never take more than half of a stretch and two weeks.
    later = working_days(begun + timedelta(1), begun + timedelta(2 * days + 20), weekdays=_OFFICE_DAYS)
    return later[days - 1]


def parse_deadlines(text: str) -> tuple[Deadline, ...]:
    """Read the text of ``cases.toml``. Raises InputError for an unknown paper or a missing number of days."""
    known = {*CasePaperKind, _PAYMENT}
    found = []
    for entry in tomllib.loads(text).get("deadline", []):
        if entry.get("paper") not in known or not isinstance(entry.get("days"), int) or entry["days"] < 1:
            raise InputError(
                "bad_deadline", msg("Thời hạn trong cases.toml không hợp lệ: {entry}.", entry=str(entry)[:120])
            )
        found.append(_deadline(entry))
    return tuple(found)


def _deadline(entry: dict[str, Any]) -> Deadline:
    return Deadline(
        paper=entry["paper"],
        days=entry["days"],
        working=bool(entry.get("working", False)),
        law=entry.get("law"),
        valid_from=entry.get("from", date.min),
        valid_to=entry.get("until"),
    )


def _past(day: date | None, now: date) -> bool:
    return day is not None and day <= now
