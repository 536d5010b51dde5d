"""Signals (nguồn tin) as an office sees them: the inbox by deadline, one signal with its past, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from app.access import Right, may, require
from app.services import signal_desk as desk
from data.repositories import places
from data.repositories import signals as repository
from data.repositories.frames import matched
from data.store import Actor, Store, Work
from geo.signal_rules import NEXT, timeliness, usual_kind
from geo.units import covering
from geo.words import Role, SignalKind, SignalSource, SignalState, SignalTopic


@dataclass(frozen=True)
class LateCount:
    """What an account's office has let pass: open signals past their deadline, and sendings across a border
    that were not accepted in time, sent by it or to it."""

    signals: int
    handovers: int


@dataclass(frozen=True)
class Revision:
    """What one recording changed: the names of columns with the value before and after; none for the first.

    ``why``: the reason that was given.
    """

    at: datetime
    by: str
    why: str | None
    changes: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class SignalFile:
    """One signal with all that is known of it. ``revision``: to be given back when something is recorded.

    ``ours``: the actor's office has it to handle. ``following``: the states that may follow. ``duplicates``:
    ids of what tells the same, linked to it; ``days_left`` None when it is at an end or has no deadline.
    """

    id: str
    revision: int
    number: str | None
    on_date: date
    source: SignalSource
    kind: SignalKind
    topic: SignalTopic | None
    state: SignalState
    text: str
    rating: str
    due_on: date | None
    days_left: int | None
    late: bool
    handled_on: date | None
    result: str | None
    document: str | None
    receipt_number: str | None
    assigned_to: str | None
    same_as: str | None
    grew_from: str | None
    premises_id: str | None
    premises: str | None
    ward: str | None
    lon: float | None
    lat: float | None
    ours: bool
    law: str
    waits_for: str | None
    moved_to: str | None
    following: tuple[SignalState, ...]
    duplicates: tuple[str, ...]
    history: tuple[Revision, ...]


def inbox(store: Store, actor: Actor, as_of: date, *, since: date | None = None) -> gpd.GeoDataFrame:
    """Signals that the actor may see, those to be done first: late ones, then by deadline, then handled ones
    from the newest.

    ``since``: without handled ones that are older. Columns of ``repositories.signals.every_signal`` and
    ``open``, ``late``, ``days_left``, ``in_time`` (of duplicates none is open or late: they go with the first),
    ``mine``, ``ward`` (name of today's unit) and ``premises`` (name).
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        found = repository.every_signal(work, as_of, since=since)
        found = _with_names(work, found, as_of)
    found = found.join(timeliness(found, as_of))
    first = found["same_as"].isna()
    found["open"] &= first
    found["late"] &= first
    found["mine"] = found["assigned_to"] == actor.name
    found["kind"] = [kind_of(row).value for row in found.itertuples()]
    found["text"] = found["text"].where(found["state"] != SignalState.HANDED_OVER, "")
    return _by_urgency(found)


def _by_urgency(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    newest = -found["on_date"].astype("int64") if len(found) else found["on_date"]
    due = found["days_left"].astype("Float64").fillna(np.inf).where(found["open"], np.inf)
    order = pd.DataFrame(
        {"closed": ~found["open"], "ours": ~found["ours"].astype(bool), "due": due, "new": newest}
    )
    return found.loc[order.sort_values(list(order.columns), kind="stable").index].reset_index(drop=True)


def kind_of(row: Any) -> SignalKind:
    """What a signal is before the law; by its source where nobody said."""
    return SignalKind(row.kind) if isinstance(row.kind, str) else usual_kind(SignalSource(row.source))


def _with_names(work: Work, found: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    units = places.units_on(work, day)
    names = units.set_index("id")["name"]
    found["ward"] = matched(covering(found, units), names).astype(object)
    found["premises"] = matched(found["premises_id"], places.premises_on(work, day).set_index("id")["name"])
    return found


def one(store: Store, actor: Actor, signal_id: str, as_of: date) -> SignalFile:
    """One signal. Raises InputError ``unknown_signal`` also for another ward's."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        shown = desk.seen_signal(work, signal_id)
        frame = _with_names(work, gpd.GeoDataFrame(shown.to_frame().T, geometry="geometry", crs=4326), as_of)
        past = repository.history(work, signal_id)
        linked = repository.linked_to(work, signal_id)
        duplicates = tuple(other for other in linked if repository.signal(work, other) is not None)
    return _file(shown, frame.iloc[0], past, duplicates, as_of)


def _file(
    shown: pd.Series, named: pd.Series, past: pd.DataFrame, duplicates: tuple[str, ...], as_of: date
) -> SignalFile:
    timely = timeliness(shown.to_frame().T, as_of).iloc[0]
    kind, state = kind_of(shown), SignalState(shown["state"])
    waits = pd.notna(shown["handover_id"]) and pd.isna(shown["accepted_at"])
    gone = pd.notna(shown["handover_id"]) and not waits
    police = desk.rules().police(kind)
    # What waits for another unit is not verified meanwhile; the police get it all the same.
    ended_here = (SignalState.VERIFIED, SignalState.UNFOUNDED) if waits else ()
    following = [one for one in SignalState if one in NEXT[state] and one not in ended_here]
    own = shown["same_as"] is None or pd.isna(shown["same_as"])
    point = shown["geometry"]
    return SignalFile(
        id=str(shown["id"]),
        revision=int(shown["revision"]),
        number=_text(shown["number"]),
        on_date=shown["on_date"].date(),
        source=SignalSource(shown["source"]),
        kind=kind,
        topic=SignalTopic(shown["topic"]) if _text(shown["topic"]) else None,
        state=state,
        text="" if state is SignalState.HANDED_OVER else shown["text"],
        rating=f"{shown['reliability']}{shown['credibility']}",
        due_on=_day(shown["due_on"]),
        days_left=None if pd.isna(timely["days_left"]) or not own else int(timely["days_left"]),
        late=bool(timely["late"]) and own,
        handled_on=_day(shown["handled_on"]),
        result=_text(shown["result"]),
        document=_text(shown["document"]),
        receipt_number=_text(shown["receipt_number"]),
        assigned_to=_text(shown["assigned_to"]),
        same_as=_text(shown["same_as"]),
        grew_from=_text(shown["grew_from"]),
        premises_id=_text(shown["premises_id"]),
        premises=_text(named["premises"]),
        ward=_text(named["ward"]),
        lon=None if point is None else float(point.x),
        lat=None if point is None else float(point.y),
        ours=bool(shown["ours"]),
        law=desk.rules().by_kind[kind].law,
        waits_for=_text(shown["to_name"]) if waits else None,
        moved_to=_text(shown["to_name"]) if gone else None,
        following=tuple(one for one in following if not police or one is SignalState.HANDED_OVER)
        if own
        else (),
        duplicates=duplicates,
        history=_revisions(past, state),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value.date()


#: What is told of in the history.
_TOLD = (
    "state", "on_date", "source", "kind", "topic", "reliability", "credibility", "text", "due_on", "handled_on",
    "number", "assigned_to", "same_as", "result", "document", "receipt_number",
)  # fmt: skip


_OF_THE_POLICE = ("state", "handled_on", "receipt_number")


def _revisions(past: pd.DataFrame, state: SignalState) -> tuple[Revision, ...]:
    # What was handed to the police is no longer told here, neither is what stood there before.
    gone = state is SignalState.HANDED_OVER
    told = _OF_THE_POLICE if gone else _TOLD
    rows = past.to_dict("records")
    return tuple(
        Revision(
            at=row["recorded_at"],
            by=row["recorded_by"],
            why=None if gone else _text(row["why"]),
            changes=() if before is None else _changes(before, row, told),
        )
        for before, row in zip([None, *rows], rows, strict=False)
    )


def _changes(
    before: dict[str, Any], row: dict[str, Any], told: Sequence[str]
) -> tuple[tuple[str, Any, Any], ...]:
    pairs = ((name, _plain(before[name]), _plain(row[name])) for name in told)
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if value is None or value is pd.NaT or value != value else value


def late_for(store: Store, actor: Actor, as_of: date) -> LateCount:
    """What is late at the actor's office; nought for who may not see signals. Only open ones are read."""
    if not may(actor, Right.SEE_TIPS):
        return LateCount(0, 0)
    with store.read(actor) as work:
        waiting = repository.open_signals(work, as_of)
        late = timeliness(waiting, as_of)["late"].to_numpy(dtype=bool)
        sent, own = repository.handovers(work), repository.own_units(work)
    overdue = sent[sent["accepted_at"].isna() & (sent["due_on"] < pd.Timestamp(as_of))] if len(sent) else sent
    if own is not None and len(overdue):
        overdue = overdue[overdue["from_unit_id"].isin(own) | overdue["to_unit_id"].isin(own)]
    return LateCount(int((late & waiting["ours"].to_numpy(dtype=bool)).sum()), len(overdue))


def handlers_of(store: Store, actor: Actor, signal_id: str) -> dict[str, Role]:
    """The accounts to which a signal may be given, by name."""
    require(actor, Right.TAKE_SIGNALS)
    with store.read(actor) as work:
        shown = desk.seen_signal(work, signal_id)
        return desk.handlers(work, shown["geometry"], desk.holding_unit(shown))
