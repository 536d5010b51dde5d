"""What rows of the demonstration have in common: ids from the seed, and the columns of an event."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from data.store import LOCAL_ZONE

#: Who "entered" the demonstration's records: nobody real.
RECORDER = "minh-hoa"


def stable_id(seed: int, *parts: object) -> str:
    """A public id of 32 hex digits that depends on nothing but its arguments."""
    text = "|".join(str(part) for part in (seed, *parts))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def generator(seed: int, purpose: str) -> np.random.Generator:
    """Random numbers of one purpose: what another part of the demonstration draws does not change them."""
    return np.random.default_rng([seed, *purpose.encode()])


@dataclass(frozen=True)
class Clock:
    """The time that the demonstration covers: five full years and the current one, up to ``as_of``.

    The last day on which something happened is the day before ``as_of``, so that all of it can have been
    recorded by then.
    """

    seed: int
    as_of: date

    @property
    def first(self) -> date:
        """The first day of the history."""
        return date(self.as_of.year - 5, 1, 1)

    @property
    def last(self) -> date:
        """The last day of the history."""
        return self.as_of - timedelta(days=1)

    def ago(self, days: int) -> date:
        """The day so many days before ``as_of``."""
        return self.as_of - timedelta(days=days)

    def event(self, table: str, key: object, on_date: date, lag_hours: float = 3.0) -> dict[str, Any]:
        """The columns that every event carries. It is recorded some hours after 15:00 of its day, at the
        latest as ``as_of`` begins in Hà Nội."""
        recorded = datetime.combine(on_date, time(15), LOCAL_ZONE) + timedelta(hours=lag_hours)
        latest = datetime.combine(self.as_of, time(0), LOCAL_ZONE)
        return {
            "id": stable_id(self.seed, table, key),
            "revision": 1,
            "recorded_at": min(recorded, latest).astimezone(UTC),
            "recorded_by": RECORDER,
            "why": None,
            "void": False,
        }
