"""The figures of a review: what happened between two days on established facts, and what stands."""

from __future__ import annotations

from datetime import date

import pandas as pd

from app.services.meeting_facts import Established
from app.services.task_counts import unexplained
from app.services.task_reading import OPEN, TaskRow
from data.repositories import events
from geo.hotspots import patrols_due
from geo.review import NamedState, ReviewFigures, Talk, grave_papers, to_talk_about
from geo.review_words import TaskState
from geo.words import HotspotState, PatrolResult, PremisesStatus, VisitOutcome

_TROUBLED = (HotspotState.ACTIVE, HotspotState.REACTIVATED)


def figures(
    known: Established,
    first: date,
    last: date,
    *,
    decisions: list[TaskRow],
    late_tips: int,
    border: tuple[str, float] | None,
    coverage: tuple[float, float] | None,
) -> ReviewFigures:
    """What the sentences are made of, for the days from ``first`` to ``last``; what stands is of the known day.

    ``decisions``: of earlier meetings. ``border``: the riskiest strip. ``coverage``: share and target, where it
    is not met.
    """
    met = known.inspections[known.inspections["outcome"] == VisitOutcome.CHECKED.value]
    checks = met[within(met["on_date"], first, last)]
    findings = known.findings.drop_duplicates("id")
    found = findings[within(findings["on_date"], first, last)]
    waiting = findings[findings["closed_on"].isna() & (findings["deadline"] < pd.Timestamp(known.day))]
    patrols = known.patrols.drop_duplicates("id")
    patrols = patrols[within(patrols["on_date"], first, last)]
    premises = known.own_premises
    running = premises[premises["status"] == PremisesStatus.ACTIVE.value]
    shut = premises[premises["status"] == PremisesStatus.CLOSED.value]
    complex_ones = running[running["complex_grounds"].notna()]
    return ReviewFigures(
        checks=len(checks),
        checked=int(checks["premises_id"].nunique()),
        findings=len(found),
        serious=int(found["serious"].astype(bool).sum()),
        changes=_changes(known, first, last),
        troubled=_troubled(known),
        watched=int((known.hotspots["state"] == HotspotState.ELIMINATED.value).sum()),
        tips=_verified(known, first, last),
        patrols=len(patrols),
        patrol_signs=int((patrols["result"] == PatrolResult.SIGN.value).sum()),
        opened=int(within(premises["opened_on"], first, last).sum()),
        closed=int(within(shut["status_since"], first, last).sum()),
        active=len(running),
        sweeps=int(within(known.sweeps["on_date"], first, last).sum()),
        remedied=int(within(findings["closed_on"], first, last).sum()),
        commitments=int(within(premises["commitment_on"], first, last).sum()),
        overdue=len(waiting),
        complex_open=int((~complex_ones["id"].isin(inspected_this_year(known))).sum()),
        papers=int(grave_papers(known.problems)["premises_id"].nunique()),
        late_tips=late_tips,
        late_patrols=_late_patrols(known),
        unexplained=[one.hotspot for one in unexplained(known.work, known.day)],
        border=border,
        coverage=coverage,
        decisions_done=sum(one.state is TaskState.DONE for one in decisions),
        decisions_open=sum(one.state in OPEN and not one.late for one in decisions),
        decisions_late=sum(one.late for one in decisions),
    )


def talks(known: Established) -> list[Talk]:
    """Premises of the scope to talk about."""
    return to_talk_about(
        known.own_premises,
        findings=known.findings,
        signals=known.signals,
        problems=known.problems,
        inspected=inspected_this_year(known),
        as_of=known.day,
    )


def within(days: pd.Series, first: date, last: date) -> pd.Series:
    """Which of the days lie from ``first`` to ``last``, both included."""
    return pd.to_datetime(days).between(pd.Timestamp(first), pd.Timestamp(last))


def inspected_this_year(known: Established) -> frozenset[str]:
    """Premises that any body has inspected this year: nobody is to be sent there again by mistake, so the
    unannounced checks that are over count here, where nothing tells of them."""
    done = events.inspections_until(known.work, known.day)
    year = within(done["on_date"], known.day.replace(month=1, day=1), known.day)
    return frozenset(done.loc[year & (done["outcome"] == VisitOutcome.CHECKED.value), "premises_id"])


def _changes(known: Established, first: date, last: date) -> list[NamedState]:
    names = dict(zip(known.hotspots["id"], known.hotspots["name"], strict=True))
    own = known.transitions[within(known.transitions["on_date"], first, last)]
    told = [
        NamedState(names[row.hotspot_id], HotspotState(row.state), row.on_date.date())
        for row in own.itertuples()
    ]
    return sorted(told, key=lambda one: (one.day, one.name), reverse=True)


def _troubled(known: Established) -> list[NamedState]:
    spots = known.hotspots[known.hotspots["state"].isin([state.value for state in _TROUBLED])]
    return [
        NamedState(row.name, HotspotState(row.state), row.state_since.date())
        for row in spots.itertuples(index=False)
    ]


def _verified(known: Established, first: date, last: date) -> int:
    handled = pd.to_datetime(known.signals["handled_on"])
    return int(within(handled.fillna(pd.to_datetime(known.signals["on_date"])), first, last).sum())


def _late_patrols(known: Established) -> list[tuple[str, int]]:
    names = dict(zip(known.hotspots["id"], known.hotspots["name"], strict=True))
    due = patrols_due(known.hotspots, known.patrols, known.day)
    return [(names[row.hotspot_id], int(row.overdue_days)) for row in due.itertuples() if row.overdue_days > 0]
