"""When data of a report close and when it is due. A reporting period is not a calendar period.

Decree 09/2019/NĐ-CP, Art. 12: data close on the 14th, so a month runs from the 15th of the month before to the
14th, a half-year from 15 December or 15 June, a year from 15 December to 14 December. Days and deadlines stand
in ``reporting.toml``.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from geo.errors import InputError
from geo.messages import Message, msg
from geo.periods import Period, period_of
from geo.review_words import ReportKind

#: Months of the periods that an office owes reports of.
MONTHS: Mapping[ReportKind, int] = {
    ReportKind.MONTH: 1,
    ReportKind.QUARTER: 3,
    ReportKind.HALF: 6,
    ReportKind.YEAR: 12,
}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class KindRule:
    """Of one kind of report: ``closes_on``, the day of the last month on which data close (31: its end);
    ``due_days`` from then to the day it is due; ``owed``: which of a year's periods, from 1, are owed at all;
    ``law``: who says when it is due, None for the office itself."""

    closes_on: int
    due_days: int
    owed: tuple[int, ...]
    law: str | None


@dataclass(frozen=True)
class ReportRules:
    """The rules by kind; people are reminded ``remind_days`` before a report is due."""

    kinds: Mapping[ReportKind, KindRule]
    remind_days: int
    cutoff_law: str | None


@dataclass(frozen=True)
class ReportingPeriod:
    """The days from ``first`` to ``last``, both included, that a report counts, and the day it is due (None: as
    soon as it can be). ``calendar``: the calendar period it stands for, None for days that somebody chose."""

    kind: ReportKind
    calendar: Period | None
    first: date
    last: date
    due_on: date | None = None

    @property
    def text(self) -> str:
        """What the period is stored under: as the interface writes it, or its two days."""
        return self.calendar.text if self.calendar else f"{self.first:%Y%m%d}-{self.last:%Y%m%d}"

    @property
    def words(self) -> Message:
        """As officers say it."""
        if self.calendar:
            return self.calendar.words
        return msg("từ ngày {first} đến ngày {last}", first=self.first, last=self.last)


class DueState(StrEnum):
    """How a report that is owed stands on a day."""

    DONE = "done"
    LATE = "late"
    SOON = "soon"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Deadline:
    """A report that is owed, and how it stands; ``days`` to the day it is due, negative after it."""

    period: ReportingPeriod
    state: DueState
    days: int

    @property
    def text(self) -> Message:
        """What to tell who has to write it."""
        if self.state is DueState.DONE:
            return msg("đã ban hành")
        if self.days < 0:
            return msg("quá hạn {n} ngày", n=-self.days)
        if self.days == 0:
            return msg("hạn hôm nay")
        return msg("còn {n} ngày", n=self.days)


def parse_rules(text: str) -> ReportRules:
    """Read the rules (TOML). Raises InputError ``bad_reporting`` naming what is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(msg("không đọc được ({detail})", detail=str(error))) from error
    remind = document.get("remind_days", 0)
    if not _whole(remind, 0, 366):
        raise _bad(msg("mục {name} không dùng được", name="remind_days"))
    kinds = {kind: _rule(kind, document.get(kind.value), months) for kind, months in MONTHS.items()}
    return ReportRules(kinds, remind, document.get("cutoff_law"))


def _rule(kind: ReportKind, given: Any, months: int) -> KindRule:
    if not isinstance(given, dict):
        raise _bad(msg("thiếu mục {name}", name=kind.value))
    periods = 12 // months
    owed = given.get("owed", list(range(1, periods + 1)))
    checks = {
        "closes_on": _whole(given.get("closes_on"), 1, 31),
        "due_days": _whole(given.get("due_days"), 0, 366),
        "owed": isinstance(owed, list) and all(_whole(one, 1, periods) for one in owed),
    }
    for name, fits in checks.items():
        if not fits:
            raise _bad(msg("mục {name} không dùng được", name=f"{kind.value}.{name}"))
    return KindRule(given["closes_on"], given["due_days"], tuple(owed), given.get("law"))


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _bad(what: Message) -> InputError:
    return InputError("bad_reporting", msg("Cấu hình kỳ báo cáo: {what}.", what=what))


def reporting_period(kind: ReportKind, period: Period, rules: ReportRules) -> ReportingPeriod:
    """The days that a report of ``kind`` over a calendar period counts.

    An ad hoc report counts the calendar period as it stands. Raises InputError ``wrong_period`` where the kind
    and the length of the period do not fit.
    """
    if kind not in MONTHS:
        return ReportingPeriod(kind, period, period.first, period.last)
    if period.months != MONTHS[kind]:
        raise InputError(
            "wrong_period",
            msg("{kind} không lập cho {period}.", kind=kind, period=period.words),
            hint=msg("Kỳ viết như {example}.", example=Period(period.first, MONTHS[kind]).text),
        )
    rule = rules.kinds[kind]
    last = _closing(period.last, rule.closes_on)
    first = _closing(period.before.last, rule.closes_on) + _DAY
    return ReportingPeriod(kind, period, first, last, last + timedelta(days=rule.due_days))


def _closing(month_end: date, closes_on: int) -> date:
    days = monthrange(month_end.year, month_end.month)[1]
    return month_end.replace(day=min(closes_on, days))


def chosen_days(kind: ReportKind, first: date, last: date) -> ReportingPeriod:
    """A period of days that somebody chose. Raises InputError ``bad_period`` where it ends before it begins."""
    if last < first:
        raise InputError(
            "bad_period", msg("Ngày cuối kỳ {last} trước ngày đầu kỳ {first}.", first=first, last=last)
        )
    return ReportingPeriod(kind, None, first, last)


def period_closing_by(kind: ReportKind, day: date, rules: ReportRules) -> ReportingPeriod:
    """The newest period of ``kind`` whose data have closed by ``day``. KeyError for kinds without one."""
    # The period around a later day: on the last days of a month the next one may run already.
    period = period_of(day + timedelta(days=31), MONTHS[kind])
    while (found := reporting_period(kind, period, rules)).last > day:
        period = period.before
    return found


def deadlines(
    first: date, last: date, day: date, issued: Collection[tuple[ReportKind, str]], rules: ReportRules
) -> list[Deadline]:
    """The reports due from ``first`` to ``last``, soonest first, as they stand on ``day``.

    ``issued``: kind and period (as the interface writes it) of the reports that went out.
    """
    found = []
    for kind, months in MONTHS.items():
        rule = rules.kinds[kind]
        period = period_of(date(first.year - 1, 1, 1), months)
        while (due := reporting_period(kind, period, rules)).due_on <= last:  # type: ignore[operator]
            number = (period.first.month - 1) // months + 1
            if number in rule.owed and due.due_on is not None and due.due_on >= first:
                found.append(_deadline(due, day, (kind, period.text) in issued, rules.remind_days))
            period = Period(period.last + _DAY, months)
    order = list(MONTHS)
    return sorted(found, key=lambda one: (one.period.due_on or last, order.index(one.period.kind)))


def _deadline(period: ReportingPeriod, day: date, issued: bool, remind_days: int) -> Deadline:
    assert period.due_on is not None
    days = (period.due_on - day).days
    if issued:
        state = DueState.DONE
    elif days < 0:
        state = DueState.LATE
    else:
        state = DueState.SOON if days <= remind_days else DueState.AHEAD
    return Deadline(period, state, days)
