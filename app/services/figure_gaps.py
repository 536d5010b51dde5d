"""Which figures the wards still owe for a period, and which they entered late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.access import Right, require
from app.services.figure_entry import QUARTERLY, is_owed, measures_for, of_unit
from data.repositories import places
from data.store import LOCAL_ZONE, Actor, Store
from geo.periods import Period, period_of
from geo.review_words import Measure
from geo.target_entries import STANDING, YEARLY

#: The office's own rule: a month's figures are due on this many days after its end.
DAYS_TO_ENTER = 5
#: What stands at a moment is told anew within this many months.
_HOLDS_MONTHS = 12


@dataclass(frozen=True)
class Gaps:
    """What a ward's offices owe for a period: measures with the months that lack them, and those entered after
    their day, with the day of entry. ``running``: the period has not ended, so nothing is late yet."""

    unit_id: str
    ward: str
    missing: dict[Measure, tuple[Period, ...]]
    late: dict[Measure, date]
    due_on: date
    owed: int

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def gaps(store: Store, actor: Actor, period: Period, today: date) -> list[Gaps]:
    """The wards of the period's last day inside the actor's scope, most missing first.

    A measure is owed for every month of the period that has ended; training and support once in a quarter,
    what stands at a moment once in 12 months, the ward's plan and budget once in the year.
    """
    require(actor, Right.SEE_TIPS)
    months = _ended_months(period, today)
    with store.read(actor) as work:
        units = places.units_on(work, period.last).sort_values("name")
        seen = [
            (unit, name)
            for unit, name in zip(units["id"], units["name"], strict=True)
            if actor.scope is None or unit in actor.scope
        ]
        found = [_gaps(of_unit(work, unit), unit, name, actor, period, months) for unit, name in seen]
    return sorted(found, key=lambda one: (-sum(map(len, one.missing.values())), one.ward))


def _ended_months(period: Period, today: date) -> list[Period]:
    months = [period_of(period.first, 1)]
    while months[-1].last < period.last:
        months.append(period_of(months[-1].last + timedelta(days=1), 1))
    return [month for month in months if month.last < today]


def _gaps(rows: list[Any], unit_id: str, ward: str, actor: Actor, period: Period, months: list[Period]) -> Gaps:
    owed = [one for one in measures_for(actor) if _asked_for(one, months)]
    missing = {}
    for measure in owed:
        own = [row for row in rows if row.measure == measure]
        lacking = tuple(month for month in _asked_for(measure, months) if not _told(own, measure, month))
        if lacking:
            missing[measure] = lacking
    inside = [row for row in rows if period.first <= row.first_day and row.last_day <= period.last]
    late = {Measure(row.measure): _entered_on(row) for row in inside if _entered_on(row) > _due(row.last_day)}
    return Gaps(unit_id, ward, missing, late, _due(period.last), len(owed))


def _asked_for(measure: Measure, months: list[Period]) -> list[Period]:
    if measure in QUARTERLY:
        return [month for month in months if month.last == period_of(month.first, 3).last]
    return months[-1:] if measure in STANDING or measure in YEARLY else months


def _told(own: list[Any], measure: Measure, month: Period) -> bool:
    if measure in STANDING:
        oldest = Period(month.first, _HOLDS_MONTHS).before.first
        return any(oldest <= row.last_day <= month.last for row in own)
    if measure in QUARTERLY:
        return not is_owed(own, measure, month)
    if measure in YEARLY:
        return any(
            row.first_day.year <= month.year <= row.last_day.year and row.first_day <= month.last for row in own
        )
    return any(row.first_day <= month.first and month.last <= row.last_day for row in own)


def _due(last_day: date) -> date:
    return last_day + timedelta(days=DAYS_TO_ENTER)


def _entered_on(row: Any) -> date:
    day: date = row.first_recorded_at.astimezone(LOCAL_ZONE).date()
    return day
