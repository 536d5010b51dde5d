"""Signals to be handled, with their revisions, and what was sent across a border."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Select, or_, select

from data.repositories.frames import current, frame, up_to
from data.repositories.register import under_kept
from data.repositories.scope import scope_ground
from data.store import Work
from data.tables import Signal, SignalHandover, Unit
from geo.words import SignalState

_OPEN = (SignalState.RECEIVED.value, SignalState.VERIFYING.value)


def own_units(work: Work) -> frozenset[str] | None:
    """Ids of the units of all times that lie on the actor's ground; None for the whole database.

    A ward that has become another one still gets what was sent to it.
    """
    ground = scope_ground(work)
    if ground is None:
        return None
    units = work.session.execute(select(Unit.id, Unit.geom)).all()
    inside = {row.id for row in units if ground.intersects(shapely.point_on_surface(row.geom))}
    return frozenset(inside | (work.actor.scope or frozenset()))


def every_signal(work: Work, day: date, *, since: date | None = None) -> gpd.GeoDataFrame:
    """Signals received up to the day that the actor may see, duplicates and grown ones among them.

    ``since``: without those that somebody has brought to an end and that are older.

    Returns
    -------
    Besides the table's columns ``revision`` and ``recorded_at``; of the last sending across a border
    ``handover_id``, ``from_unit``, ``to_unit``, ``to_name``, ``sent_at``, ``handover_due``, ``accepted_at``;
    ``ours``: the actor's office has it to handle; ``offered``: sent to the actor's office, not accepted yet.
    """
    rows = Signal.__table__.c
    statement = up_to(Signal, day).add_columns(rows.revision, rows.recorded_at)
    if since is not None:
        statement = statement.where(or_(rows.state.in_(_OPEN), rows.on_date >= since))
    return _held(work, under_kept(work, frame(work, statement)))


def open_signals(work: Work, day: date) -> gpd.GeoDataFrame:
    """Those of ``every_signal`` that nobody has brought to an end and that are no duplicates."""
    rows = Signal.__table__.c
    statement = up_to(Signal, day).add_columns(rows.revision, rows.recorded_at)
    return _held(work, frame(work, statement.where(rows.state.in_(_OPEN), rows.same_as.is_(None))))


def signal(work: Work, signal_id: str) -> pd.Series | None:
    """One signal as ``every_signal`` gives it; None when there is none or the actor may not see it."""
    rows = Signal.__table__.c
    statement = current(Signal).add_columns(rows.revision, rows.recorded_at).where(rows.id == signal_id)
    found = _held(work, under_kept(work, frame(work, statement)))
    return None if found.empty else found.iloc[0]


def _held(work: Work, found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """With the last sending of each, and narrowed to what the actor may see."""
    last = handovers(work).drop_duplicates("signal_id", keep="last").set_index("signal_id")
    names = {
        "id": "handover_id",
        "from_unit_id": "from_unit",
        "to_unit_id": "to_unit",
        "due_on": "handover_due",
    }
    sent = last.rename(columns=names)[[*names.values(), "to_name", "sent_at", "accepted_at"]]
    found = found.join(sent, on="id") if len(found) else found.reindex(columns=[*found.columns, *sent.columns])
    pending = found["handover_id"].notna() & found["accepted_at"].isna()
    units, ground = own_units(work), scope_ground(work)
    if units is None or ground is None:
        found["ours"], found["offered"] = True, pending
        return found
    inside = found.geometry.notna() & found.geometry.intersects(ground)
    holder = found["from_unit"].where(pending, found["to_unit"])
    at_home = found["handover_id"].isna() & inside
    found["ours"] = at_home | (found["handover_id"].notna() & holder.isin(units))
    found["offered"] = pending & found["to_unit"].isin(units)
    return found[inside | found["ours"] | found["offered"]].reset_index(drop=True)


def history(work: Work, signal_id: str) -> pd.DataFrame:
    """All revisions of a signal, oldest first, with who recorded them, when and why."""
    rows = Signal.__table__.c
    return frame(work, select(Signal.__table__).where(rows.id == signal_id).order_by(rows.revision))


def locked(work: Work, signal_id: str) -> Signal | None:
    """A signal's last revision, for the one who writes first; whoever comes second waits and reads anew."""
    first = select(Signal.rid).where(Signal.id == signal_id, Signal.revision == 1).with_for_update()
    if work.whole.session.execute(first).first() is None:
        return None
    return work.whole.session.scalars(
        select(Signal).where(Signal.id == signal_id).order_by(Signal.revision.desc()).limit(1)
    ).one()


def add(work: Work, **values: Any) -> str:
    """Record a signal and give its id; ``id`` among the values is kept."""
    event = {**work.event(), **values}
    work.session.add(Signal(**event))
    work.session.flush()
    return str(event["id"])


def revise(work: Work, before: Signal | SignalHandover, why: str | None, **changes: Any) -> None:
    """Record an event anew with the next revision; what is not among the changes stays."""
    table = type(before)
    kept = {
        column.key: getattr(before, column.key) for column in table.__table__.columns if column.key != "rid"
    }
    event = {**work.event(why), "id": before.id, "revision": before.revision + 1}
    work.session.add(table(**{**kept, **event, **changes}))
    work.session.flush()


def linked_to(work: Work, signal_id: str) -> list[str]:
    """Ids of the duplicates of a signal, wherever they lie."""
    rows = Signal.__table__.c
    return [str(one) for one in frame(work.whole, current(Signal).where(rows.same_as == signal_id))["id"]]


def grown_from(work: Work) -> frozenset[str]:
    """Of which records a signal was made, in any revision: what was voided does not come back."""
    return frozenset(work.whole.session.scalars(select(Signal.grew_from).where(Signal.grew_from.is_not(None))))


def handovers(work: Work, *, signal_id: str | None = None) -> pd.DataFrame:
    """What was sent across borders, oldest first, all of it: whoever reads narrows it."""
    rows = SignalHandover.__table__.c
    statement: Select[Any] = current(SignalHandover).add_columns(rows.recorded_by)
    if signal_id is not None:
        statement = statement.where(rows.signal_id == signal_id)
    return frame(work, statement.order_by(None).order_by(rows.sent_at, rows.rid))


def handover(work: Work, handover_id: str) -> SignalHandover | None:
    """A sending as it holds now; None for one that was taken back."""
    found = work.session.scalars(
        select(SignalHandover)
        .where(SignalHandover.id == handover_id)
        .order_by(SignalHandover.revision.desc())
        .limit(1)
    ).first()
    return None if found is None or found.void else found


def send(work: Work, signal_id: str, *, sent_at: datetime, **values: Any) -> str:
    """Record that a signal was sent to another unit, and give the sending's id."""
    event = work.event()
    work.session.add(SignalHandover(**event, signal_id=signal_id, sent_at=sent_at, **values))
    work.session.flush()
    return str(event["id"])
