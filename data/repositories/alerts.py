"""Alerts with their life, and the scans that raised them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import select, text, update

from data.repositories.frames import columns, current, frame, matched, up_to
from data.store import Work
from data.tables import Alert, AlertEvent, Hotspot, Premises, ScanRun, Signal, new_id
from geo.detection import RaisedAlert
from geo.words import AlertState

#: One scan at a time on PostgreSQL; on SQLite writers are alone anyway.
_LOCK_KEY = 178_2005
#: A scan for a far day by a clock that ran ahead must not silence the watch for good: of so many scans the
#: latest day counts.
_REMEMBERED_SCANS = 7
_LAST_STEP = ("state", "reason", "document", "recorded_by", "recorded_at")


def alerts(work: Work, *, until: date | None = None, alert_id: str | None = None) -> pd.DataFrame:
    """Alerts in the order they were raised, with the last step of their life (state, reason, document, who and
    when) and the account that has each (``assigned_to``, None for nobody)."""
    statement = select(*columns(Alert)).order_by(Alert.rid)
    if until is not None:
        statement = statement.where(Alert.raised_on <= until)
    if alert_id is not None:
        statement = statement.where(Alert.id == alert_id)
    raised, events = frame(work, statement), alert_events(work, alert_id)
    last = events.drop_duplicates("alert_id", keep="last").set_index("alert_id")
    for column in _LAST_STEP:
        raised[column] = matched(raised["id"], last[column])
    given = events[events["assigned_to"].notna()].drop_duplicates("alert_id", keep="last")
    owner = matched(raised["id"], given.set_index("alert_id")["assigned_to"]).astype(object)
    raised["assigned_to"] = owner.where(owner.notna(), None)
    return raised


def alert_events(work: Work, alert_id: str | None = None) -> pd.DataFrame:
    """Steps in the life of alerts, oldest first."""
    rows = AlertEvent.__table__.c
    statement = up_to(AlertEvent, None).add_columns(rows.recorded_at, rows.recorded_by)
    if alert_id is not None:
        statement = statement.where(rows.alert_id == alert_id)
    return frame(work, statement)


def locked(work: Work, alert_id: str) -> Alert | None:
    """One alert, for the one who writes first; whoever comes second waits and reads anew."""
    return work.session.scalars(select(Alert).where(Alert.id == alert_id).with_for_update()).first()


def add_alert(work: Work, found: RaisedAlert, day: date) -> str:
    """Record a new alert and give its id."""
    alert = Alert(
        id=new_id(), place_kind=found.place_kind, place_id=found.place_id, raised_on=day, **_content(found)
    )
    work.session.add(alert)
    work.session.flush()
    add_alert_event(work, alert.id, AlertState.RAISED)
    return alert.id


def update_alert(work: Work, alert_id: str, found: RaisedAlert, day: date) -> None:
    """Write what a later scan found into an open alert; its life stays."""
    changes = {**_content(found), "updated_on": day}
    work.session.execute(update(Alert).where(Alert.id == alert_id).values(**changes))


def _content(found: RaisedAlert) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "score": found.score,
        "text": found.text.to_json(),
        "evidence": [one.to_json() for one in found.evidence],
        "detail": dict(found.detail),
    }


def add_alert_event(
    work: Work,
    alert_id: str,
    state: AlertState,
    reason: str | None = None,
    *,
    assigned_to: str | None = None,
    document: str | None = None,
) -> str:
    """Record a step in an alert's life and give its id. ``assigned_to`` None: it stays with whoever has it."""
    event = work.event()
    step = AlertEvent(
        **event,
        alert_id=alert_id,
        state=state.value,
        reason=reason,
        assigned_to=assigned_to,
        document=document,
    )
    work.session.add(step)
    work.session.flush()
    return str(event["id"])


def wait_for_turn(work: Work) -> None:
    """Let one scan work at a time: a second one waits here until the first has ended."""
    if work.session.get_bind().dialect.name != "sqlite":
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def last_scan(work: Work) -> date | None:
    """The latest day among the last scans; None before the first."""
    days = work.session.scalars(select(ScanRun.as_of).order_by(ScanRun.rid.desc()).limit(_REMEMBERED_SCANS))
    return max(days.all(), default=None)


def add_scan(work: Work, day: date, counts: dict[str, Any]) -> None:
    """Record that a scan was carried out."""
    work.session.add(ScanRun(as_of=day, at=work.now, by=work.actor.name, counts=counts))
    work.session.flush()


def named_places(work: Work, table: type[Hotspot | Premises], ids: Collection[str]) -> gpd.GeoDataFrame:
    """id, name and geometry of hotspots or premises, whatever has become of them since."""
    return frame(work, select(table.id, table.name, table.geom).where(table.id.in_(ids)))


def signal_places(work: Work, ids: Collection[str]) -> gpd.GeoDataFrame:
    """id, on_date and geometry of signals, those without a point at their premises."""
    rows = Signal.__table__.c
    found = frame(work, current(Signal).where(rows.id.in_(ids)))
    there = named_places(work, Premises, set(found["premises_id"].dropna()))
    points = matched(found["premises_id"], there.set_index("id").geometry)
    found = found.set_geometry(
        gpd.GeoSeries(found.geometry.where(found.geometry.notna(), points), crs=there.crs)
    )
    return found[["id", "on_date", "geometry"]]
