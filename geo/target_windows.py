"""The days that targets are counted over, and the days that they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

_DAY = timedelta(days=1)
_ABOUT_A_YEAR = 330


@dataclass(frozen=True)
class Window:
    """Days from ``first`` to ``last``, both included: a calendar period, a reporting period or any days.

    ``as_of``: what happened later is not yet known. ``t09_year``: the calendar year that T09 is counted
    over, by default that of ``last``.
    """

    first: date
    last: date
    as_of: date
    t09_year: int | None = None

    @property
    def seen(self) -> date:
        """The last day of which anything can be known."""
        return min(self.last, self.as_of)

    @property
    def running(self) -> bool:
        """Whether the period has begun and not ended."""
        return self.first <= self.as_of < self.last

    @property
    def about_a_year(self) -> bool:
        """Whether it takes a year, cut-offs aside."""
        return (self.last - self.first).days >= _ABOUT_A_YEAR

    @property
    def year(self) -> int:
        """The calendar year of T09."""
        return self.last.year if self.t09_year is None else self.t09_year

    @property
    def whole_year(self) -> Window:
        """The calendar year of T09, known up to the end of this period."""
        end = date(self.year, 12, 31)
        return Window(
            date(self.year, 1, 1), end, min(self.seen, end) if self.year == self.last.year else self.as_of
        )

    @property
    def before(self) -> Window:
        """The whole period of the same length just before: as many months, else as many days."""
        months = self._months
        if months:
            return self._moved(-months)
        days = self.last - self.first
        return Window(self.first - days - _DAY, self.first - _DAY, self.as_of, self._year_of(self.first - _DAY))

    @property
    def year_before(self) -> Window:
        """The same days of last year. Of a period that still runs only as many as have passed of it."""
        moved = self._moved(-12)
        if not self.running:
            return moved
        return Window(moved.first, min(moved.last, _shifted(self.as_of, -12)), self.as_of, moved.t09_year)

    @property
    def _months(self) -> int:
        """How many months it takes; 0 where it does not begin and end on the same day of the month."""
        following = self.last + _DAY
        if following.day != self.first.day:
            return 0
        return (following.year - self.first.year) * 12 + following.month - self.first.month

    def _moved(self, months: int) -> Window:
        last = _shifted(self.last + _DAY, months) - _DAY
        return Window(_shifted(self.first, months), last, self.as_of, self._year_of(last))

    def _year_of(self, last: date) -> int | None:
        """T09's year moves with the period's last day."""
        return None if self.t09_year is None else self.t09_year + last.year - self.last.year


def same_days(first: date, last: date, other_first: date, other_last: date) -> bool:
    """Whether two spans are the same but for a cut-off: nine tenths of the longer lie in both."""
    common = (min(last, other_last) - max(first, other_first)).days + 1
    return common >= 0.9 * (max(last - first, other_last - other_first).days + 1)


def _shifted(day: date, months: int) -> date:
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()  # type: ignore[no-any-return]
