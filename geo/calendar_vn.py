"""Vietnam's public holidays and the working days between two dates.

Source: Labour Code 45/2019/QH14, Articles 111 and 112: New Year (1 day), Tết (5 days), Hùng Kings' day on
10/3 of the lunar calendar (1), 30 April (1), 1 May (1), National Day (2 September and the day before or
after); a holiday on the weekly day off moves to the next working day. The lunar dates follow from the new
moons at UTC+7. The government sets the days around Tết and 2 September each autumn for the year after: the
block here, from two days before the lunar New Year to its fifth day, holds every day announced for
2024-2026 that is not a weekend; what it sets otherwise is given as ``days_off``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

#: First day of the lunar year and Hùng Kings' day.
_LUNAR: dict[int, tuple[date, date]] = {
    2024: (date(2024, 2, 10), date(2024, 4, 18)),
    2025: (date(2025, 1, 29), date(2025, 4, 7)),
    2026: (date(2026, 2, 17), date(2026, 4, 26)),
    2027: (date(2027, 2, 6), date(2027, 4, 16)),
    2028: (date(2028, 1, 26), date(2028, 4, 4)),
    2029: (date(2029, 2, 13), date(2029, 4, 23)),
    2030: (date(2030, 2, 2), date(2030, 4, 12)),
}
#: The second day of National Day where it was announced as 1 September; else 3 September.
_BEFORE_NATIONAL_DAY = {2025, 2026}

MONDAY_TO_SATURDAY: frozenset[int] = frozenset(range(6))


def knows_year(year: int) -> bool:
    """Whether the lunar holidays of a year are in the table."""
    return year in _LUNAR


def public_holidays(year: int) -> frozenset[date]:
    """Days on which nobody works, weekly days off apart. Without the lunar ones where the year is unknown."""
    days = {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)}
    days.add(date(year, 9, 1 if year in _BEFORE_NATIONAL_DAY else 3))
    if year in _LUNAR:
        tet, kings = _LUNAR[year]
        days.add(kings)
        days.update(tet + timedelta(days=k) for k in range(-2, 5))
    for day in sorted(days):
        # Sunday is the weekly day off (Art. 111); within Tết the block already takes it in.
        if day.weekday() == 6 and not _in_tet(day):
            days.add(_next_free(day, days))
    return frozenset(days)


def working_days(
    first: date,
    last: date,
    *,
    weekdays: Iterable[int] = MONDAY_TO_SATURDAY,
    days_off: Iterable[date] = (),
) -> list[date]:
    """Days from ``first`` to ``last``, both included, on given weekdays (Monday is 0), holidays left out."""
    off = set(days_off).union(*(public_holidays(year) for year in range(first.year, last.year + 1)))
    wanted = set(weekdays)
    days = (first + timedelta(days=k) for k in range((last - first).days + 1))
    return [day for day in days if day.weekday() in wanted and day not in off]


def _in_tet(day: date) -> bool:
    return day.year in _LUNAR and -2 <= (day - _LUNAR[day.year][0]).days <= 4


def _next_free(day: date, taken: set[date]) -> date:
    while day in taken or day.weekday() == 6:
        day += timedelta(days=1)
    return day
