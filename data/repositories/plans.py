"""Plans with their visits, routes and sweeps, the steps of their life and how they stood after each change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import func, select

from data.repositories.frames import columns, current, frame
from data.store import Work
from data.tables import AuditEntry, Plan, PlanEvent, PlanSweep, PlanVersion, Premises, Route, Visit
from geo.messages import Message
from geo.words import PlanState, PlanStep

#: States in which a plan's visits are to be carried out.
STANDING = (PlanState.APPROVED.value, PlanState.RUNNING.value)


def plans(work: Work) -> pd.DataFrame:
    """All plans, newest first."""
    wanted = (Plan.id, Plan.first_day, Plan.last_day, Plan.state, Plan.document, Plan.made_at, Plan.made_by)
    return frame(work, select(*(Plan.__table__.c[c.key] for c in wanted)).order_by(Plan.made_at.desc()))


def plan_by_id(work: Work, plan_id: str) -> Plan | None:
    """One plan."""
    return work.session.scalars(select(Plan).where(Plan.id == plan_id)).first()


def visits_of(work: Work, plan_id: str) -> pd.DataFrame:
    """The stops of a plan in order."""
    order = (Visit.on_date, Visit.team_id, Visit.position)
    return frame(work, select(*columns(Visit)).where(Visit.plan_id == plan_id).order_by(*order))


def visit_by_id(work: Work, visit_id: str) -> Visit | None:
    """One stop."""
    return work.session.scalars(select(Visit).where(Visit.id == visit_id)).first()


def places_of(work: Work, premises_ids: list[str]) -> gpd.GeoDataFrame:
    """Points of premises: id, geometry."""
    table = Premises.__table__.c
    return frame(work, select(table.id, table.geom).where(table.id.in_(premises_ids)))


def kinds_by_plan(work: Work) -> gpd.GeoDataFrame:
    """Of every stop of every plan: plan_id, kind, and the point of its premises."""
    stop = Visit.__table__.c
    return frame(
        work,
        select(stop.plan_id, stop.kind, Premises.__table__.c.geom).join(
            Premises.__table__, Premises.__table__.c.id == stop.premises_id
        ),
    )


def routes_of(work: Work, plan_id: str) -> gpd.GeoDataFrame:
    """What each team drives on each day of a plan."""
    order = (Route.on_date, Route.team_id)
    return frame(work, select(*columns(Route)).where(Route.plan_id == plan_id).order_by(*order))


def sweeps_of(work: Work, plan_id: str) -> gpd.GeoDataFrame:
    """The joint sweeps of a plan by time."""
    order = (PlanSweep.starts, PlanSweep.segment_id)
    return frame(work, select(*columns(PlanSweep)).where(PlanSweep.plan_id == plan_id).order_by(*order))


def sweep_by_id(work: Work, sweep_id: str) -> PlanSweep | None:
    """One joint sweep."""
    return work.session.scalars(select(PlanSweep).where(PlanSweep.id == sweep_id)).first()


def standing_visits(work: Work, first: date, last: date) -> pd.DataFrame:
    """Stops between two days of plans that are approved or running."""
    return frame(
        work,
        select(*columns(Visit))
        .join(Plan, Plan.id == Visit.plan_id)
        .where(Plan.state.in_(STANDING))
        .where(Visit.on_date.between(first, last))
        .order_by(Visit.on_date, Visit.position),
    )


def steps_of(work: Work, plan_id: str) -> pd.DataFrame:
    """The life of a plan, oldest step first."""
    rows = PlanEvent.__table__.c
    statement = current(PlanEvent).add_columns(rows.recorded_at, rows.recorded_by)
    return frame(work, statement.where(rows.plan_id == plan_id))


def add_step(
    work: Work,
    plan_id: str,
    step: PlanStep,
    *,
    document: str | None = None,
    reason: str | None = None,
    detail: dict[str, Any] | None = None,
) -> str:
    """Record a step in a plan's life and give its id."""  # fmt: skip
    event = PlanEvent(
        **work.event(), plan_id=plan_id, step=step.value, document=document, reason=reason, detail=detail or {}
    )
    work.session.add(event)
    work.session.flush()
    return event.id


def step_by_id(work: Work, step_id: str) -> PlanEvent | None:
    """One step."""
    return work.session.scalars(select(PlanEvent).where(PlanEvent.id == step_id)).first()


def versions_of(work: Work, plan_id: str) -> list[PlanVersion]:
    """How the plan stood after each change, oldest first."""
    wanted = select(PlanVersion).where(PlanVersion.plan_id == plan_id).order_by(PlanVersion.number)
    return list(work.session.scalars(wanted))


def version(work: Work, plan_id: str, number: int) -> PlanVersion | None:
    """How the plan stood after its change of that number."""
    wanted = select(PlanVersion).where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
    return work.session.scalars(wanted).first()


def version_before(work: Work, plan_id: str, number: int) -> int | None:
    """The version from which that of a number was made, None for the first."""
    parent = PlanVersion.contents["parent"].as_integer()
    return work.session.scalar(
        select(parent).where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
    )


def version_after(work: Work, plan_id: str, number: int) -> int | None:
    """The newest version that was made from that of a number, None where there is none."""
    made_here = PlanVersion.contents["parent"].as_integer() == number
    return work.session.scalar(
        select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan_id, made_here)
    )


def authors_of(work: Work, plan_id: str) -> set[str]:
    """Names of all who changed a plan."""
    wanted = select(PlanVersion.by).where(PlanVersion.plan_id == plan_id).distinct()
    return set(work.session.scalars(wanted))


def add_version(
    work: Work, plan_id: str, what: Message, contents: dict[str, Any], *, by: str | None = None
) -> int:
    """Keep how a plan stands now, and give the number; ``by``: whose change it is, by default the actor's."""
    last = work.session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan_id))
    number = (last or 0) + 1
    work.session.add(
        PlanVersion(
            plan_id=plan_id,
            number=number,
            at=work.now,
            by=by or work.actor.name,
            what=what.to_json(),
            contents=contents,
        )
    )
    work.session.flush()
    return number


def last_opening(work: Work, action: str, subject: str) -> tuple[datetime, dict[str, Any]] | None:
    """When the actor last did something that the log tells, and its detail."""
    row = work.session.execute(
        select(AuditEntry.at, AuditEntry.detail)
        .where(AuditEntry.actor == work.actor.name, AuditEntry.action == action, AuditEntry.subject == subject)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.at, dict(row.detail))
