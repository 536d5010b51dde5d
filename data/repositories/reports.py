"""Reports as they were made. A report is edited, issued and replaced by new revisions of its row."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import and_, not_, select

from data.repositories.frames import columns, current, frame
from data.store import Work
from data.tables import Report


def _seen(work: Work) -> Any:
    """Reports of the actor's units; those of the whole are for who sees the whole."""
    scope = work.actor.scope
    return Report.id.is_not(None) if scope is None else Report.unit_id.in_(sorted(scope))


def reports(work: Work) -> pd.DataFrame:
    """Reports inside the actor's scope, the newest period first, without their contents; ``revision`` and who
    wrote it when are among the columns."""
    rows = Report.__table__.c
    shown = [column for column in columns(Report) if column.name != "contents"]
    statement = current(Report).with_only_columns(*shown, rows.revision, rows.recorded_at, rows.recorded_by)
    found = frame(work, statement.where(_seen(work)))
    return found.sort_values(["last_day", "as_of"], ascending=False, kind="stable").reset_index(drop=True)


def report(work: Work, report_id: str) -> Report | None:
    """The newest revision of a report inside the actor's scope."""
    statement = select(Report).where(Report.id == report_id, Report.void.is_(False), _seen(work))
    return work.session.scalars(statement.order_by(Report.revision.desc()).limit(1)).first()


def same_reports(
    work: Work, *, kind: str, period: str, unit_id: str | None, hotspot_id: str | None
) -> list[Report]:
    """The reports of one kind, period and place, newest first, each in its newest revision."""
    rows, newer = Report, Report.__table__.alias()
    later = and_(newer.c.id == rows.id, newer.c.revision > rows.revision)
    statement = select(Report).where(
        rows.kind == kind,
        rows.period == period,
        rows.unit_id.is_(None) if unit_id is None else rows.unit_id == unit_id,
        rows.hotspot_id.is_(None) if hotspot_id is None else rows.hotspot_id == hotspot_id,
        rows.void.is_(False),
        _seen(work),
        not_(select(newer.c.rid).where(later).exists()),
    )
    return list(work.session.scalars(statement.order_by(rows.rid.desc())))


def add_report(work: Work, **values: Any) -> Report:
    """Record a new report."""
    made = Report(**work.event(), **values)
    work.session.add(made)
    work.session.flush()
    return made


def revise(work: Work, kept: Report, why: str | None = None, **changes: Any) -> Report:
    """The next revision of a report, with ``changes``."""
    values = {column.name: getattr(kept, column.name) for column in columns(Report)}
    made = Report(**{**values, **work.event(why), "id": kept.id, "revision": kept.revision + 1, **changes})
    work.session.add(made)
    work.session.flush()
    return made


def issued_periods(work: Work, unit_id: str | None, since: date) -> set[tuple[str, str]]:
    """Kind and period of the reports on one unit (None: the whole) that went out, periods ending before
    ``since`` left aside."""
    statement = select(Report.kind, Report.period).where(
        Report.number.is_not(None),
        Report.void.is_(False),
        Report.last_day >= since,
        Report.unit_id.is_(None) if unit_id is None else Report.unit_id == unit_id,
        _seen(work),
    )
    return {(kind, period) for kind, period in work.session.execute(statement)}
