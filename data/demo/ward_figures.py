"""What the wards' offices entered: monthly and quarterly counts since January two years ago, with gaps.

All counts are drawn and mean nobody. One ward is late: its newest month is missing and the one before came in
after its day. Shares of some targets are given to most wards, not to all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from data.demo.rows import Clock, generator
from data.demo.ward_rows import DemoUnit, system_on
from data.demo.ward_table import (
    HEIR,
    JOINED_QUANG_TRUNG,
    NEW_UNITS,
    OLD_WARDS,
    SECOND_SYSTEM,
    TODAYS_SYSTEM,
    OldWard,
)
from geo.periods import Period, period_of
from geo.review_words import Measure as M

#: The ward whose office is late, by its code in every ward system.
LATE_WARD = "09568"
#: The unit of which only a part lies here: its people, and it got no shares.
_PART, _PART_PEOPLE = "10015", 11_500
_GAP = 0.03
_ON_TIME_HOURS, _LATE_HOURS = 60.0, 20 * 24.0
#: Wards with an industrial zone.
_ZONES = frozenset({"09562", "09568", "09886", "10117"})
#: Counted each month: the mean for 10,000 people.
_MONTHLY = {
    M.COMMUNICATION_ACTIVITIES: 0.55,
    M.REACHED_RESIDENTS: 3.0,
    M.PLAN_ACTIVITIES: 0.35,
    M.INTEGRATED_ACTIVITIES: 0.18,
    M.CRIMINAL_CASES: 0.035,
    M.CASES_TRIED: 0.03,
    M.ADMINISTRATIVE_CASES: 0.12,
}
#: Reached each month, as a share of the group.
_REACHED = {
    M.REACHED_PREMISES_WORKERS: (M.PREMISES_WORKER_HEADS, 0.068),
    M.REACHED_ZONE_WORKERS: (M.ZONE_WORKER_HEADS, 0.052),
    M.REACHED_STUDENTS: (M.STUDENT_HEADS, 0.064),
}
#: Counted each quarter: the mean for 10,000 people.
_QUARTERLY = {
    M.STAFF_TRAINED: 0.18,
    M.VOLUNTEERS_TRAINED: 0.45,
    M.HEALTH_CHECKED: 4.5,
    M.LOANS: 0.4,
    M.VOCATIONAL_SUPPORT: 0.35,
    M.VICTIMS_SUPPORTED: 0.1,
}
_POLICE = frozenset({M.CRIMINAL_CASES, M.ADMINISTRATIVE_CASES})
#: Targets given to the wards for the current year: a share for 10,000 people.
_SHARES = {"T02e": 30.0, "T02g": 500.0, "T09a": 6.0, "T10a": 0.7}


@dataclass(frozen=True)
class _Office:
    """A ward's office: its unit and the heads of its groups."""

    unit: DemoUnit
    people: float

    @property
    def code(self) -> str:
        """The unit's code; every code is read beside its date."""
        return str(self.unit.row["code"])

    @property
    def heads(self) -> dict[M, int]:
        """What stands at a moment."""
        tens = self.people / 10_000
        return {
            M.PREMISES_WORKER_HEADS: round(48 * tens) + 6,
            M.ZONE_WORKER_HEADS: round(900 * tens) if self.code in _ZONES else 0,
            M.STUDENT_HEADS: round(760 * tens),
            M.RUNNING_MODELS: 0 if self.code == _PART else 1 + (self.people > 60_000),
            M.STAFF: 4 + round(0.6 * tens),
            M.VOLUNTEERS: 5 + round(3 * tens),
        }


def figure_rows(clock: Clock) -> list[dict[str, Any]]:
    """Rows of ``ward_figures``."""
    rng = generator(clock.seed, "ward_figures")
    return [
        row
        for month in _months(clock)
        for office in _offices(clock, month)
        for row in _told(clock, office, month, rng)
    ]


def share_rows(clock: Clock) -> list[dict[str, Any]]:
    """Rows of ``assigned_shares``: for the year of ``as_of``, to the units of that day."""
    year = period_of(clock.as_of, 12)
    day = max(year.first, TODAYS_SYSTEM)
    return [
        {
            **clock.event("assigned_share", (office.code, code, year.text), day, 9.0),
            "unit_id": office.unit.row["id"],
            "code": code,
            "first_day": year.first,
            "last_day": year.last,
            "value": float(round(mean * office.people / 10_000)),
            "document": f"Quyết định số 15/{year.text}/QĐ-MH (số giả định)",
        }
        for office in _offices(clock, period_of(clock.as_of, 1))
        if office.code != _PART
        for code, mean in _SHARES.items()
    ]


def _months(clock: Clock) -> list[Period]:
    """The months that have ended, from January two years before the current year on."""
    found = [Period(date(clock.as_of.year - 2, 1, 1), 1)]
    while found[-1].last < clock.last:
        found.append(Period(date.fromordinal(found[-1].last.toordinal() + 1), 1))
    return [month for month in found if month.last <= clock.last]


def _offices(clock: Clock, month: Period) -> list[_Office]:
    return [_Office(unit, _people_of(unit)) for unit in system_on(clock.seed, month.first).units]


def _people_of(unit: DemoUnit) -> float:
    """People of a unit of today as published; of an old ward its part of its heir's people, by area."""
    today = {one.code: one.people or _PART_PEOPLE for one in NEW_UNITS}
    if unit.row["valid_from"] == TODAYS_SYSTEM:
        return today[unit.row["code"]]
    own = _old_wards(unit)
    beside = sum(one.km2 for one in OLD_WARDS if HEIR[one.name] == HEIR[own[0].name])
    return today[HEIR[own[0].name]] * sum(one.km2 for one in own) / beside


def _old_wards(unit: DemoUnit) -> list[OldWard]:
    """The wards of the first system that a unit of the first two is made of."""
    name = unit.name.removeprefix("Phường ")
    joined = JOINED_QUANG_TRUNG if name == "Quang Trung" and unit.row["valid_from"] == SECOND_SYSTEM else ()
    return [one for one in OLD_WARDS if one.name in (name, *joined)]


def _told(clock: Clock, office: _Office, month: Period, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """What an office entered after a month, in the order of the form."""
    newest = period_of(clock.as_of, 1).before
    slow = office.code == LATE_WARD
    hours = _LATE_HOURS if slow and month == newest.before else _ON_TIME_HOURS
    for measure, days, value in _counts(office, month, rng):
        gap = rng.random() < _GAP
        if gap or (slow and month == newest):
            continue
        key = (office.unit.row["id"], measure.value, days.text)
        yield {
            **clock.event("ward_figure", key, month.last, hours),
            "unit_id": office.unit.row["id"],
            "measure": measure.value,
            "first_day": days.first,
            "last_day": days.last,
            "value": value,
            "body": "police" if measure in _POLICE else None,
            "document": f"Báo cáo {month.text}/BC-MH (số giả định)" if measure in _POLICE else None,
            "note": None,
        }


def _counts(office: _Office, month: Period, rng: np.random.Generator) -> Iterator[tuple[M, Period, int]]:
    """Every measure that is entered after this month, with its days."""
    tens, begun = office.people / 10_000, office.unit.row["valid_from"]
    for measure, mean in _MONTHLY.items():
        yield measure, month, int(rng.poisson(mean * tens))
    for measure, (group, share) in _REACHED.items():
        yield measure, month, int(rng.binomial(office.heads[group], share))
    yield M.SPENT_VND, month, 100_000 * int(rng.poisson(14 * tens + 6))
    if month.first.month in (1, 7) or month.first == begun:
        for measure, heads in office.heads.items():
            yield measure, month, heads
    if month.first.month == 1 or month.first == begun:
        yield M.PLANS_ISSUED, period_of(month.first, 12), 1
        yield M.BUDGET_VND, period_of(month.first, 12), 1_000_000 * round(18 * tens + 12)
    if month.first.month % 3 == 0:
        quarter = period_of(month.first, 3)
        for measure, mean in _QUARTERLY.items():
            yield measure, quarter, int(rng.poisson(mean * tens))
        yield M.RESOURCES_VND, quarter, 500_000 * int(rng.poisson(2 * tens + 1))
