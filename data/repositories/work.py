"""Teams with their areas, plans with visits and routes, alerts with their life."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import or_, select, update

from data.repositories.frames import columns, frame, up_to
from data.repositories.places import all_units
from data.store import Work
from data.tables import Alert, AlertEvent, Plan, Route, Team, TeamArea, Visit
from geo.detection import RaisedAlert
from geo.words import AlertState, PlanState

#: An alert that a person still has to bring to an end.
OPEN_STATES = (AlertState.RAISED, AlertState.ACKNOWLEDGED, AlertState.CONFIRMED)


def teams_between(work: Work, first: date, last: date) -> gpd.GeoDataFrame:
    """Teams valid throughout the period, with the ground of their dated areas."""
    valid = (Team.valid_from <= first, or_(Team.valid_to.is_(None), Team.valid_to >= last))
    teams = frame(work, select(*columns(Team)).where(*valid).order_by(Team.name))
    area = TeamArea.__table__.c
    areas = frame(
        work,
        select(area.team_id, area.unit_id)
        .where(area.valid_from <= first)
        .where(or_(area.valid_to.is_(None), area.valid_to >= first)),
    )
    units = all_units(work)
    # A dict: ``in`` on a series of geometries asks for a geometry.
    ground = dict(zip(units["id"], units.geometry, strict=True))
    by_team = {team: list(group) for team, group in areas.groupby("team_id")["unit_id"]} if len(areas) else {}
    teams["unit_ids"] = [by_team.get(team, []) for team in teams["id"]]
    teams["area"] = [shapely.union_all([ground[u] for u in own if u in ground]) for own in teams["unit_ids"]]
    return teams


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


def routes_of(work: Work, plan_id: str) -> gpd.GeoDataFrame:
    """What each team drives on each day of a plan."""
    order = (Route.on_date, Route.team_id)
    return frame(work, select(*columns(Route)).where(Route.plan_id == plan_id).order_by(*order))


def standing_visits(work: Work, year: int) -> pd.DataFrame:
    """Premises and dates of the visits of approved plans in a year."""
    return frame(
        work,
        select(Visit.__table__.c.premises_id, Visit.__table__.c.on_date)
        .join(Plan, Plan.id == Visit.plan_id)
        .where(Plan.state == PlanState.APPROVED.value)
        .where(Visit.on_date.between(date(year, 1, 1), date(year, 12, 31))),
    )


def alerts_on(work: Work, day: date) -> pd.DataFrame:
    """Alerts raised up to the day with their state, who set it, when and why."""
    raised = frame(work, select(*columns(Alert)).where(Alert.raised_on <= day).order_by(Alert.rid))
    events = alert_events(work)
    last = events.drop_duplicates("alert_id", keep="last").set_index("alert_id")
    for column in ("state", "reason", "recorded_by", "recorded_at"):
        raised[column] = raised["id"].map(last[column]) if len(last) else None
    return raised


def alert_events(work: Work, alert_id: str | None = None) -> pd.DataFrame:
    """Steps in the life of alerts, oldest first."""
    rows = AlertEvent.__table__.c
    statement = up_to(AlertEvent, None).add_columns(rows.recorded_at, rows.recorded_by)
    if alert_id is not None:
        statement = statement.where(rows.alert_id == alert_id)
    return frame(work, statement)


def alert_by_id(work: Work, alert_id: str) -> Alert | None:
    """One alert."""
    return work.session.scalars(select(Alert).where(Alert.id == alert_id)).first()


def update_alert(work: Work, alert_id: str, found: RaisedAlert) -> None:
    """Write what a later scan found into an open alert; its life stays."""
    changes = {
        "score": found.score,
        "text": found.text.to_json(),
        "evidence": [one.to_json() for one in found.evidence],
    }
    work.session.execute(update(Alert).where(Alert.id == alert_id).values(**changes))


def add_alert_event(work: Work, alert_id: str, state: AlertState, reason: str | None) -> None:
    """Record a step in an alert's life."""
    work.session.add(AlertEvent(**work.event(), alert_id=alert_id, state=state.value, reason=reason))
