"""Calendar periods: a year, a half, a quarter, a month, as the interface writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from geo.errors import InputError
from geo.messages import Message, msg

_WRITTEN = re.compile(r"(?P<year>(?:19|20)\d{2})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>\d{2})))?")


@dataclass(frozen=True, order=True)
class Period:
    """Whole months from ``first`` to ``last``, both days included; ``months`` is 1, 3, 6 or 12."""

    first: date
    months: int

    @property
    def last(self) -> date:
        """The last day."""
        return _month(self.first, self.months) - timedelta(days=1)

    @property
    def year(self) -> int:
        """The calendar year that the period lies in."""
        return self.first.year

    @property
    def before(self) -> Period:
        """The period of the same length just before."""
        return Period(_month(self.first, -self.months), self.months)

    @property
    def year_before(self) -> Period:
        """The same period of last year."""
        return Period(_month(self.first, -12), self.months)

    @property
    def text(self) -> str:
        """As the interface writes it: 2026, 2026-H1, 2026-Q3, 2026-09."""
        number = (self.first.month - 1) // self.months + 1
        return {
            12: f"{self.year}",
            6: f"{self.year}-H{number}",
            3: f"{self.year}-Q{number}",
            1: f"{self.year}-{self.first.month:02}",
        }[self.months]

    @property
    def words(self) -> Message:
        """As officers say it."""
        number, year = (self.first.month - 1) // self.months + 1, str(self.year)
        if self.months == 12:
            return msg("năm {year}", year=year)
        if self.months == 6:
            if number == 1:
                return msg("6 tháng đầu năm {year}", year=year)
            return msg("6 tháng cuối năm {year}", year=year)
        if self.months == 3:
            return msg("quý {number} năm {year}", number=str(number), year=year)
        return msg("tháng {number} năm {year}", number=str(self.first.month), year=year)


def parse_period(text: str) -> Period:
    """The period that ``text`` writes. Raises InputError ``bad_period``."""
    found = _WRITTEN.fullmatch(text.strip().upper())
    if found is None or (found["month"] and not 1 <= int(found["month"]) <= 12):
        raise InputError(
            "bad_period",
            msg("Không hiểu kỳ {text}.", text=text),
            hint=msg("Viết như 2026, 2026-H1, 2026-Q3 hoặc 2026-09."),
        )
    year = int(found["year"])
    if found["half"]:
        return Period(date(year, 6 * int(found["half"]) - 5, 1), 6)
    if found["quarter"]:
        return Period(date(year, 3 * int(found["quarter"]) - 2, 1), 3)
    if found["month"]:
        return Period(date(year, int(found["month"]), 1), 1)
    return Period(date(year, 1, 1), 12)


def period_of(day: date, months: int) -> Period:
    """The period of ``months`` (1, 3, 6 or 12) that holds ``day``."""
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), months)


def _month(first: date, ahead: int) -> date:
    number = first.year * 12 + first.month - 1 + ahead
    return date(number // 12, number % 12 + 1, 1)
