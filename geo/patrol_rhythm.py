"""The rhythm of patrols at one hotspot: when one was due and did not come, whether an order stands."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Late:
    """Days without the patrol that was due, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it was late."""
        return (self.last - self.first).days + 1


def late_spans(patrolled: Iterable[date], start: date, every_days: int, as_of: date) -> tuple[Late, ...]:
    """The spans from the day after a due day to the next patrol, or to ``as_of``, oldest first.

    ``start``: the watch began; the first patrol is due ``every_days`` later. Patrols before ``start`` and after
    ``as_of`` do not count.
    """
    days = [start, *sorted(day for day in set(patrolled) if start < day <= as_of), as_of + timedelta(days=1)]
    spans = []
    for before, after in itertools.pairwise(days):
        due = before + timedelta(days=every_days)
        if after - timedelta(days=1) > due:
            spans.append(Late(due + timedelta(days=1), after - timedelta(days=1)))
    return tuple(spans)


def order_stands(ordered_at: datetime, patrols: Iterable[tuple[date, datetime | None]], as_of: date) -> bool:
    """Whether an order to patrol still waits on ``as_of``: the first patrol after it answers it.

    ``patrols``: day and, where it was noted, instant of each. One without an instant answers the orders of the
    days before. ``ordered_at`` and the instants know their time zone.
    """
    if ordered_at.date() > as_of:
        return False
    return not any(
        day <= as_of and (day > ordered_at.date() if at is None else at >= ordered_at) for day, at in patrols
    )
