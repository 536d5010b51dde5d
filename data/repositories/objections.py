"""Objections of premises to their scores, and who has worked at a premises lately."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
from sqlalchemy import select

from data.repositories.frames import current, frame, matched
from data.repositories.places import premises_on
from data.repositories.register import kept_ids, under_kept
from data.repositories.scope import within_scope
from data.store import Work
from data.tables import Inspection, Plan, ScoreObjection, Visit

_NAMED = ("name", "ward_name", "geometry")


def objections(work: Work, day: date) -> gpd.GeoDataFrame:
    """Objections up to a day as they hold, of premises inside the actor's scope, oldest first.

    Beside the columns of the table: ``name`` and ``ward_name`` of the premises, its point. An objection of a
    premises that was merged stands under the one that was kept.
    """
    rows = ScoreObjection.__table__.c
    statement = current(ScoreObjection).where(rows.on_date <= day)
    found = under_kept(work, frame(work, statement.order_by(None).order_by(rows.on_date, rows.rid)))
    register = premises_on(work, day).set_index("id")
    found = found[found["premises_id"].isin(register.index)].reset_index(drop=True)
    for column in _NAMED:
        found[column] = matched(found["premises_id"], register[column])
    return within_scope(work, gpd.GeoDataFrame(found, geometry="geometry", crs=register.crs))


def authors(work: Work, objection_id: str) -> list[str]:
    """The accounts that recorded the revisions of an objection, oldest first."""
    wanted = select(ScoreObjection.recorded_by).where(ScoreObjection.id == objection_id)
    return list(work.session.scalars(wanted.order_by(ScoreObjection.revision)))


def add_objection(work: Work, **values: Any) -> str:
    """Record an objection and give its id."""
    event = ScoreObjection(**work.event(), **values)
    work.session.add(event)
    work.session.flush()
    return str(event.id)


def revise_objection(work: Work, objection_id: str, **changes: Any) -> None:
    """Record an objection anew with the next revision."""
    wanted = select(ScoreObjection).where(ScoreObjection.id == objection_id)
    last = work.session.scalars(wanted.order_by(ScoreObjection.revision.desc())).first()
    assert last is not None
    kept = {column.key: getattr(last, column.key) for column in ScoreObjection.__table__.columns}
    del kept["rid"]
    event = {**work.event(), "id": last.id, "revision": last.revision + 1}
    work.session.add(ScoreObjection(**{**kept, **event, **changes}))
    work.session.flush()


def worked_at(work: Work, premises_id: str, since: date) -> frozenset[str]:
    """The accounts that recorded a check of a premises, or made a plan with a visit there, since a day."""
    here = [premises_id, *(drop for drop, kept in kept_ids(work).items() if kept == premises_id)]
    checks = select(Inspection.recorded_by).where(Inspection.premises_id.in_(here), Inspection.on_date >= since)
    plans = select(Plan.made_by).join(Visit, Visit.plan_id == Plan.id)
    plans = plans.where(Visit.premises_id.in_(here), Visit.on_date >= since)
    return frozenset(work.session.scalars(checks)) | frozenset(work.session.scalars(plans))
