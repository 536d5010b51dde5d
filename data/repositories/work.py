"""Alerts with their life."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import select, update

from data.repositories.frames import columns, frame, up_to
from data.repositories.teams import teams_between as teams_between
from data.store import Work
from data.tables import Alert, AlertEvent
from geo.detection import RaisedAlert
from geo.words import AlertState

#: An alert that a person still has to bring to an end.
OPEN_STATES = (AlertState.RAISED, AlertState.ACKNOWLEDGED, AlertState.CONFIRMED)


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
