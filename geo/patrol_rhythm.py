"""The rhythm of patrols at one hotspot: when one was due and did not come."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


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


def due_days(patrolled: Iterable[date], start: date, every_days: int, as_of: date) -> tuple[date, ...]:
    """The days on which a patrol was due, each counted from the patrol before, and the next one to come."""
    done = [start, *sorted(day for day in set(patrolled) if start < day <= as_of)]
    due = [day + timedelta(days=every_days) for day in done]
    later = done[1:]
    # A patrol that came before its day moved the day on.
    return tuple(day for day, came in zip(due, [*later, None], strict=True) if came is None or came >= day)
