"""The inspector's day: the stops of their teams, and one stop opened with what the law asks there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from pyproj import Geod
from sqlalchemy import select

from app.access import Right, require
from app.services.field_visits import (
    Decision,
    checklist,
    decision_of,
    findings_of,
    further_check,
    inspections_at,
    own_visit,
    premises_of,
    visible_visits,
)
from app.services.plan_secrecy import OPENED
from app.text import render
from data.repositories import checks, places
from data.repositories.frames import current
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import CasePaper, Inspection
from geo.checklist import Answered, Asked, from_document
from geo.licences import paper_states
from geo.messages import Message, msg
from geo.words import CasePaperKind, CheckItem, FindingKind, PaperState, PremisesType, VisitKind, VisitOutcome

#: Stops of the last days that nobody has reported on stay in the list.
LOOK_BACK = timedelta(days=7)
#: Streets are longer than the straight line between two stops.
_DETOUR = 1.4
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Place:
    """The premises of a stop, the way to it from the stop before, and why the team goes there."""

    name: str
    type: PremisesType
    address: str
    lon: float | None
    lat: float | None
    reasons: tuple[str, ...]
    distance_m: int | None = None


@dataclass(frozen=True)
class Stop:
    """A stop of the day. ``place`` is None while an unannounced one has not been opened."""

    visit_id: str
    on_date: date
    position: int
    arrive: datetime
    team: str
    kind: VisitKind
    place: Place | None
    decision: Decision
    outcome: VisitOutcome | None


@dataclass(frozen=True)
class KeptFinding:
    """A finding of a check."""

    kind: FindingKind
    serious: bool
    text: str
    deadline: date | None


@dataclass(frozen=True)
class EarlierFinding:
    """An open finding of an earlier check. ``document``: number of the minutes, None where none is kept."""

    finding: KeptFinding
    checked_on: date
    document: str | None


@dataclass(frozen=True)
class KeptReport:
    """What was recorded of a visit. ``correctable``: by this account, no paper of a case follows it yet."""

    inspection_id: str
    revision: int
    on_date: date
    outcome: VisitOutcome
    answers: Mapping[CheckItem, Answered]
    findings: tuple[KeptFinding, ...]
    recorded_at: datetime
    recorded_by: str
    correctable: bool


@dataclass(frozen=True)
class OpenVisit:
    """A stop with all that is needed at the door.

    ``on_record``: how each paper stands in the register. ``refused``: why it may not be checked (rule 1).
    ``deadlines``: of earlier findings that are open. ``earlier``: what a re-check looks at again; empty for
    any other visit.
    """

    stop: Stop
    place: Place
    asked: tuple[Asked, ...]
    on_record: Mapping[CheckItem, str]
    sanctions: Mapping[FindingKind, str]
    basis: str | None
    refused: Message | None
    last_checked_on: date | None
    deadlines: tuple[date, ...]
    earlier: tuple[EarlierFinding, ...]
    report: KeptReport | None


def my_day(store: Store, actor: Actor, now: datetime) -> list[Stop]:
    """Stops of the actor's teams in their order: those of today's shifts, and before them those of the last
    days that nobody has reported on.

    An unannounced stop appears when its team's shift starts, and its place only when it is opened.
    """
    require(actor, Right.INSPECT)
    today = now.astimezone(LOCAL_ZONE).date()
    with store.read(actor) as work:
        rows = visible_visits(work, now, since=today - LOOK_BACK)
        stops = [] if rows.empty else _stops(work, rows)
    # The shift of yesterday that passed midnight is still today's work.
    return [one for one in stops if one.outcome is None or today in (one.on_date, one.arrive.date())]


def open_visit(store: Store, actor: Actor, visit_id: str, now: datetime) -> OpenVisit:
    """One stop of the actor's teams. Raises InputError ``unknown_visit`` for any other, not telling which.

    Opening an unannounced one is logged (domain, rule 4).
    """
    require(actor, Right.INSPECT)
    with store.read(actor) as work:
        row = own_visit(work, visit_id, now)
        opened = _opened(work, row)
    if row.kind == VisitKind.UNANNOUNCED:
        with store.write(actor) as work:
            work.note(OPENED, row.plan_id, visits=[visit_id])
    return opened


def _stops(work: Work, rows: pd.DataFrame) -> list[Stop]:
    named, outcomes = premises_of(work, rows), _outcomes(work, list(rows["id"]))
    found: list[Stop] = []
    before: dict[Any, Any] = {}
    for row in rows[rows["premises_id"].isin(named.index)].itertuples():
        premises, shift = named.loc[row.premises_id], (row.team_id, row.on_date)
        hidden = row.kind == VisitKind.UNANNOUNCED and row.id not in outcomes
        place = None if hidden else _place(row, premises, before.get(shift))
        before[shift] = None if hidden else premises["geometry"]
        found.append(_stop(work, row, place, outcomes.get(row.id)))
    return found


def _stop(work: Work, row: Any, place: Place | None, outcome: VisitOutcome | None) -> Stop:
    return Stop(
        visit_id=row.id,
        on_date=row.on_date.date(),
        position=int(row.position),
        arrive=row.arrive,
        team=row.team,
        kind=VisitKind(row.kind),
        place=place,
        decision=decision_of(work, row),
        outcome=outcome,
    )


def _place(row: Any, premises: Any, before: Any = None) -> Place:
    point = premises["geometry"]
    return Place(
        name=premises["name"],
        type=PremisesType(premises["type"]),
        address=premises["address"],
        lon=None if point is None else point.x,
        lat=None if point is None else point.y,
        reasons=_reasons(row),
        distance_m=None if before is None or point is None else _metres(before, point),
    )


def _metres(start: Any, end: Any) -> int:
    _there, _back, metres = _GEOD.inv(start.x, start.y, end.x, end.y)
    return int(round(metres * _DETOUR, -1))


def _reasons(row: Any) -> tuple[str, ...]:
    """Why the team goes, the strongest first."""
    parts = sorted((row.reason or {}).get("parts", []), key=lambda part: -abs(part.get("points", 0)))
    return tuple(render(part["text"]) for part in parts[:3])


def _outcomes(work: Work, visit_ids: list[str]) -> dict[str, VisitOutcome]:
    done = work.session.execute(current(Inspection).where(Inspection.visit_id.in_(visit_ids)))
    return {row.visit_id: VisitOutcome(row.outcome) for row in done}


def _opened(work: Work, row: Any) -> OpenVisit:
    premises, day = premises_of(work, pd.DataFrame([row._asdict()])).loc[row.premises_id], row.on_date.date()
    report, decision = kept_report(work, row.id), decision_of(work, row)
    laws, required = checklist()
    asked = laws.asked(premises["type"], day, required)
    done = inspections_at(work, [row.premises_id])
    sanctions = {kind: laws.sanction(kind, day) for kind in FindingKind}
    place = _place(row, premises)
    return OpenVisit(
        stop=_stop(work, row, place, report.outcome if report else None),
        place=place,
        asked=asked,
        on_record=_on_record(work, row.premises_id, asked, day),
        sanctions={kind: law for kind, law in sanctions.items() if law},
        basis=row.basis if isinstance(row.basis, str) else None,
        refused=further_check(work, row, decision, day, but=report.inspection_id if report else None),
        last_checked_on=_last_checked(done, day),
        deadlines=_open_deadlines(findings_of(work, done)),
        earlier=_earlier(work, done, day) if row.kind == VisitKind.FOLLOW_UP else (),
        report=report,
    )


def _last_checked(done: pd.DataFrame, day: date) -> date | None:
    if done.empty:
        return None
    before = done[(done["outcome"] == VisitOutcome.CHECKED) & (done["on_date"] < pd.Timestamp(day))]
    return None if before.empty else before["on_date"].max().date()


def _open_deadlines(findings: pd.DataFrame) -> tuple[date, ...]:
    if findings.empty:
        return ()
    still = findings[findings["closed_on"].isna() & findings["deadline"].notna()]
    return tuple(sorted(moment.date() for moment in still["deadline"]))


def _earlier(work: Work, done: pd.DataFrame, day: date) -> tuple[EarlierFinding, ...]:
    """Open findings of checks before the day, oldest first."""
    if done.empty:
        return ()
    before = done[done["on_date"] < pd.Timestamp(day)].sort_values("on_date", kind="stable")
    numbers, found = _minutes(work, before), findings_of(work, before)
    still = found[found["closed_on"].isna()]
    return tuple(
        EarlierFinding(_kept(one), check.on_date.date(), numbers.get(check.id))
        for check in before.itertuples()
        for one in still[still["inspection_id"] == check.id].itertuples()
    )


def _minutes(work: Work, inspections: pd.DataFrame) -> dict[str, str]:
    """Numbers of the minutes by inspection, from the case or as they came with the inspection."""
    papers = checks.papers_of(work, list(inspections["id"]))
    papers = papers[papers["kind"] == CasePaperKind.MINUTES.value]
    rows = [*zip(inspections["id"], inspections["minutes_number"], strict=True)]
    rows += [*zip(papers["inspection_id"], papers["number"], strict=True)]
    return {inspection: number for inspection, number in rows if isinstance(number, str) and number}


def _kept(one: Any) -> KeptFinding:
    deadline = None if pd.isna(one.deadline) else one.deadline.date()
    return KeptFinding(FindingKind(one.kind), bool(one.serious), one.text, deadline)


def _on_record(work: Work, premises_id: str, asked: tuple[Asked, ...], day: date) -> dict[CheckItem, str]:
    papers = places.licences_on(work, day)
    papers = papers[papers["premises_id"] == premises_id]
    states, said = paper_states(papers, day), {}
    for one in asked:
        own = papers[papers["kind"] == one.paper] if one.paper else papers[:0]
        best = min(own.index, key=lambda index: list(PaperState).index(states[index]), default=None)
        if best is None:
            continue
        number, state = own.at[best, "number"], PaperState(states[best])
        numbered = isinstance(number, str) and number
        text = msg("Trong sổ: số {number}, {state}", number=number, state=state)
        said[one.item] = render(text if numbered else msg("Trong sổ: {state}", state=state))
    return said


def kept_report(work: Work, visit_id: str) -> KeptReport | None:
    """What was recorded of a visit, None while nothing is."""
    rows = Inspection.__table__.c
    asked = current(Inspection).add_columns(rows.revision, rows.recorded_at, rows.recorded_by)
    found = work.session.execute(asked.where(rows.visit_id == visit_id)).first()
    if found is None:
        return None
    papers = select(CasePaper.id).where(CasePaper.inspection_id == found.id).limit(1)
    followed = work.session.scalars(papers).first() is not None
    findings = findings_of(work, pd.DataFrame([{"id": found.id, "premises_id": found.premises_id}]))
    return KeptReport(
        inspection_id=found.id,
        revision=found.revision,
        on_date=found.on_date,
        outcome=VisitOutcome(found.outcome),
        answers=from_document(found.checklist),
        findings=tuple(_kept(one) for one in findings.itertuples()),
        recorded_at=found.recorded_at,
        recorded_by=found.recorded_by,
        correctable=not followed and found.recorded_by == work.actor.name,
    )
