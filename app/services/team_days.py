"""Days on which a team is out already for a decided plan: another plan leaves them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select

from app.services.plan_secrecy import whole
from data.repositories import plans as repository
from data.repositories.frames import columns, frame
from data.store import Work
from data.tables import Plan, PlanSweep
from geo.plan_dates import outing_days
from geo.words import VisitKind


def busy_days(work: Work, first: date, last: date, *, but: str | None = None) -> dict[str, set[date]]:
    """By team, the days between two days with stops or joint sweeps of approved or running plans.

    ``but``: a plan that does not count. Of the unannounced stops only those the actor asked for: another
    planner's would show by the team's absence.
    """
    visits = repository.standing_visits(whole(work), first, last)
    asked = pd.Series(
        [(reason or {}).get("asked_by") == work.actor.name for reason in visits["reason"]],
        index=visits.index,
        dtype=bool,
    )
    told = visits[(visits["kind"] != VisitKind.UNANNOUNCED.value) | asked]
    days: dict[str, set[date]] = defaultdict(set)
    for row in told[told["plan_id"] != but].itertuples():
        days[row.team_id].add(row.on_date.date())
    sweeps = frame(
        work,
        select(*columns(PlanSweep))
        .join(Plan, Plan.id == PlanSweep.plan_id)
        .where(Plan.state.in_(repository.STANDING), Plan.id != (but or ""))
        .where(PlanSweep.on_date.between(first, last)),
    )
    for row in sweeps.itertuples():
        for team in row.team_ids:
            days[team["team"] if isinstance(team, Mapping) else team].add(row.on_date.date())
    return dict(days)


def closed_days(busy: set[date], first: date, last: date, per_week: int) -> set[date]:
    """Days that a team with ``busy`` days has not for another plan: these, and so many of each week that both
    plans together stay within ``per_week`` outings."""
    closed = set(busy)
    every = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    for week in {day.isocalendar()[:2] for day in busy}:
        free = [day for day in every if day.isocalendar()[:2] == week and day not in busy and day.weekday() < 6]
        left = max(per_week - sum(day.isocalendar()[:2] == week for day in busy), 0)
        kept = set(outing_days(free, left)) if left and free else set()
        closed |= set(free) - kept
    return closed
