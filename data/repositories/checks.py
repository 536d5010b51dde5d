"""The paper of checks: inspection decisions, papers of cases, letters between units, complaints about teams."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import select

from data.repositories.frames import current, frame
from data.store import Work
from data.tables import CasePaper, Complaint, CoordinationLetter, Finding, Inspection, InspectionDecision


def decisions_of(work: Work, plan_id: str) -> list[InspectionDecision]:
    """The inspection decisions of a plan, oldest first."""
    wanted = select(InspectionDecision).where(InspectionDecision.plan_id == plan_id)
    return list(work.session.scalars(wanted.order_by(InspectionDecision.rid)))


def decision_by_id(work: Work, decision_id: str) -> InspectionDecision | None:
    """One inspection decision."""
    wanted = select(InspectionDecision).where(InspectionDecision.id == decision_id)
    return work.session.scalars(wanted).first()


def decision_numbered(work: Work, number: str, year: int) -> InspectionDecision | None:
    """The decision that bears a number of a year."""
    days = (date(year, 1, 1), date(year, 12, 31))
    wanted = select(InspectionDecision).where(InspectionDecision.number == number)
    return work.session.scalars(wanted.where(InspectionDecision.on_date.between(*days))).first()


def inspection(work: Work, inspection_id: str) -> dict[str, Any] | None:
    """An inspection as it holds now, with ``recorded``: the names of all who recorded or mended it."""
    return _event(work, Inspection, inspection_id)


def finding(work: Work, finding_id: str) -> dict[str, Any] | None:
    """A finding as it holds now, with ``recorded``: the names of all who recorded or mended it."""
    return _event(work, Finding, finding_id)


def complaint(work: Work, complaint_id: str) -> dict[str, Any] | None:
    """A complaint as it holds now."""
    return _event(work, Complaint, complaint_id)


def paper(work: Work, paper_id: str) -> dict[str, Any] | None:
    """A paper of a case as it holds now."""
    return _event(work, CasePaper, paper_id)


def _event(work: Work, table: Any, event_id: str) -> dict[str, Any] | None:
    rows = list(work.session.scalars(select(table).where(table.id == event_id).order_by(table.revision)))
    if not rows or rows[-1].void:
        return None
    last = {column.key: getattr(rows[-1], column.key) for column in table.__table__.columns}
    return {**last, "recorded": {row.recorded_by for row in rows}, "first_by": rows[0].recorded_by}


def revise(work: Work, table: Any, before: dict[str, Any], why: str | None, **changes: Any) -> None:
    """Record an event anew with the next revision; ``before``: as ``finding`` and its like give it."""
    kept = {column.key: before[column.key] for column in table.__table__.columns if column.key != "rid"}
    event = {**work.event(why), "id": before["id"], "revision": before["revision"] + 1}
    work.session.add(table(**{**kept, **event, **changes}))
    work.session.flush()


def findings_of(work: Work, inspection_id: str) -> pd.DataFrame:
    """Findings of an inspection as they hold."""
    rows = Finding.__table__.c
    return frame(work, current(Finding).where(rows.inspection_id == inspection_id))


def papers_of(work: Work, inspection_ids: list[str] | None = None) -> pd.DataFrame:
    """Papers of inspections as they hold, oldest first; of all where no ids are given."""
    rows = CasePaper.__table__.c
    statement = current(CasePaper).add_columns(rows.recorded_by)
    if inspection_ids is not None:
        statement = statement.where(rows.inspection_id.in_(inspection_ids))
    return frame(work, statement.order_by(None).order_by(rows.on_date, rows.rid))


def add_paper(work: Work, **values: Any) -> str:
    """Record a paper of a case and give its id."""
    return _add(work, CasePaper, values)


def letters_of(work: Work, sweep_id: str | None) -> pd.DataFrame:
    """Papers about a joint sweep, oldest first; with None the rules, which are about none."""
    rows = CoordinationLetter.__table__.c
    about = rows.sweep_id.is_(None) if sweep_id is None else rows.sweep_id == sweep_id
    statement = current(CoordinationLetter).where(about)
    return frame(work, statement.order_by(None).order_by(rows.on_date, rows.rid))


def add_letter(work: Work, **values: Any) -> str:
    """Record a paper between units and give its id."""
    return _add(work, CoordinationLetter, values)


def complaints(work: Work, *, until: date | None = None) -> pd.DataFrame:
    """Complaints about teams as they hold, oldest first."""
    rows = Complaint.__table__.c
    statement = current(Complaint)
    if until is not None:
        statement = statement.where(rows.on_date <= until)
    return frame(work, statement)


def add_complaint(work: Work, **values: Any) -> str:
    """Record a complaint and give its id."""
    return _add(work, Complaint, values)


def inspections_between(work: Work, first: date, last: date) -> gpd.GeoDataFrame:
    """Inspections between two days, as they hold."""
    rows = Inspection.__table__.c
    return frame(work, current(Inspection).where(rows.on_date.between(first, last)))


def _add(work: Work, table: Any, values: dict[str, Any]) -> str:
    event = table(**work.event(), **values)
    work.session.add(event)
    work.session.flush()
    return str(event.id)
