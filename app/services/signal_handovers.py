"""Sending a signal across a border: it stays with the sender until the other side accepts it, by a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import select

from app.access import Right, require
from app.services import signal_desk as desk
from data.repositories import places
from data.repositories import signals as repository
from data.store import Actor, Store, Work
from data.tables import SignalHandover
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.signal_rules import HANDLED
from geo.words import SignalState


@dataclass(frozen=True)
class Sending:
    """A signal sent to another unit. ``accepted_at`` None: still with the sender; ``days_late``: past its
    deadline, 0 in time. ``mine``: the actor's unit sent it; ``to_me``: it is for the actor's unit to accept;
    ``outside``: sent to a unit that has no account here."""

    id: str
    signal_id: str
    from_name: str
    to_name: str
    sent_at: datetime
    due_on: date
    accepted_at: datetime | None
    days_late: int
    mine: bool
    to_me: bool
    outside: bool


def days_to_accept() -> int:
    """How many days the other side has."""
    return desk.rules().handover.days


def receivers(store: Store, actor: Actor, day: date) -> dict[str, str]:
    """Units of the day to which a signal can be sent, id to name."""
    require(actor, Right.TAKE_SIGNALS)
    with store.read(actor) as work:
        units, own = places.units_on(work, day), repository.own_units(work) or frozenset()
    kept = units[~units["id"].isin(own)].sort_values("name")
    return dict(zip(kept["id"], kept["name"], strict=True))


def send(
    store: Store,
    actor: Actor,
    signal_id: str,
    *,
    to_unit: str | None = None,
    to_name: str = "",
    seen: int,
    as_of: date,
) -> str:
    """Send a signal to a unit of the register, or by name to one outside; gives the sending's id.

    Sent twice to the same unit it is sent once. Raises RuleError for a signal that is at an end, a duplicate,
    or waiting for another unit; InputError for an unknown unit or the actor's own.
    """
    require(actor, Right.TAKE_SIGNALS)
    name = desk.written(to_name, 200)
    with store.write(actor) as work:
        row = desk.own_signal(work, signal_id, seen)
        desk.refuse_duplicate(row)
        if SignalState(row.state) in HANDLED:
            raise RuleError("signal_ended", msg("Tin đã xử lý xong nên không chuyển nữa."))
        shown = desk.seen_signal(work, signal_id)
        name = _receiver(work, to_unit, name, as_of)
        if pd.notna(shown["handover_id"]) and pd.isna(shown["accepted_at"]):
            if shown["to_name"] == name:
                return str(shown["handover_id"])
            raise RuleError(
                "waiting",
                msg("Tin đang chờ {unit} nhận.", unit=shown["to_name"]),
                hint=msg("Rút lại lần chuyển đó trước."),
            )
        made = repository.send(
            work,
            signal_id,
            from_unit_id=_sender(work, shown, as_of),
            to_unit_id=to_unit,
            to_name=name,
            sent_at=work.now,
            due_on=desk.rules().handover.due_on(as_of),
        )
        work.note("signal.send", signal_id, to=work.digest(signal_id, name) if to_unit is None else name)
    return made


def _receiver(work: Work, to_unit: str | None, name: str, day: date) -> str:
    if to_unit is None:
        if not name:
            raise InputError("no_receiver", msg("Chọn phường nhận, hoặc ghi tên đơn vị nhận."))
        return name
    if to_unit in (repository.own_units(work) or frozenset()):
        raise InputError("own_unit", msg("Đơn vị nhận là chính đơn vị của bạn."))
    units = places.units_on(work, day).set_index("id")
    if to_unit not in units.index:
        raise InputError("unknown_unit", msg("Không có phường nhận này."))
    return str(units.at[to_unit, "name"])


def _sender(work: Work, shown: pd.Series, day: date) -> str | None:
    held = desk.holding_unit(shown)
    own = repository.own_units(work)
    if held is not None or own is None:
        return held
    units = places.units_on(work, day)
    return next((str(one) for one in units["id"] if one in own), None)


def accept(store: Store, actor: Actor, handover_id: str, *, receipt: str = "", as_of: date) -> None:
    """Accept a signal for the receiving unit: from here on it is that unit's to handle.

    For a unit outside the register the sender enters the number of its receipt, and the signal is at an end.
    Raises InputError ``unknown_handover`` for who has nothing to do with it; RuleError for who may not accept.
    """
    require(actor, Right.TAKE_SIGNALS)
    number = desk.written(receipt, desk.LONGEST_PAPER)
    with store.write(actor) as work:
        sent = _pending(work, handover_id)
        own = repository.own_units(work)
        row = repository.locked(work, sent.signal_id)
        if row is None:
            raise _unknown()
        if sent.to_unit_id is None:
            _accepted_outside(work, sent, number, as_of)
        else:
            if own is not None and sent.to_unit_id not in own:
                raise RuleError(
                    "not_receiver", msg("Chỉ đơn vị nhận ({unit}) nhận tin này.", unit=sent.to_name)
                )
            if sent.recorded_by == actor.name:
                raise RuleError("own_sending", msg("Người gửi không tự nhận tin mình gửi."))
            repository.revise(work, row, None, assigned_to=None)
        repository.revise(work, sent, None, accepted_at=work.now, accepted_by=actor.name)
        by = sent.to_name if sent.to_unit_id else work.digest(sent.signal_id, sent.to_name)
        work.note("signal.accept", sent.signal_id, by=by)


def _accepted_outside(work: Work, sent: SignalHandover, number: str, as_of: date) -> None:
    shown = desk.seen_signal(work, sent.signal_id)
    row = desk.own_signal(work, sent.signal_id, int(shown["revision"]))
    if not number:
        raise RuleError("signal_receipt", msg("Ghi số văn bản nhận của {unit}.", unit=sent.to_name))
    if SignalState(row.state) in HANDLED:
        raise RuleError("signal_ended", msg("Tin đã xử lý xong nên không chuyển nữa."))
    ended = {"state": SignalState.HANDED_OVER.value, "handled_on": as_of, "text": "", "result": None}
    repository.revise(work, row, None, **ended, receipt_number=number)


def take_back(store: Store, actor: Actor, handover_id: str) -> None:
    """Take back what was sent and not accepted yet. Raises RuleError for who does not have the signal."""
    require(actor, Right.TAKE_SIGNALS)
    with store.write(actor) as work:
        sent = _pending(work, handover_id)
        if not desk.seen_signal(work, sent.signal_id)["ours"]:
            raise RuleError("not_ours", msg("Chỉ đơn vị gửi rút lại được."))
        repository.revise(work, sent, None, void=True)
        work.note("signal.take_back", sent.signal_id)


def _pending(work: Work, handover_id: str) -> SignalHandover:
    """A sending that waits, for who may see its signal; locked, so that it is accepted once."""
    first = select(SignalHandover.rid).where(SignalHandover.id == handover_id, SignalHandover.revision == 1)
    work.session.execute(first.with_for_update())
    sent = repository.handover(work, handover_id)
    if sent is None or repository.signal(work, sent.signal_id) is None:
        raise _unknown()
    if sent.accepted_at is not None:
        raise RuleError("accepted", msg("Tin này đã được {unit} nhận.", unit=sent.to_name))
    return sent


def _unknown() -> InputError:
    return InputError("unknown_handover", msg("Không có lần chuyển tin này."))


def sendings(store: Store, actor: Actor, as_of: date, *, signal_id: str | None = None) -> list[Sending]:
    """What the actor's unit sent and was sent, waiting ones first, latest deadline passed first."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        rows = repository.handovers(work, signal_id=signal_id)
        own, names = repository.own_units(work), places.all_units(work).set_index("id")["name"]
    found = [_sending(row, own, names, as_of) for row in rows.itertuples(index=False)]
    seen = [one for one in found if own is None or one.mine or one.to_me]
    return sorted(seen, key=lambda one: (one.accepted_at is not None, one.due_on, one.id))


def _sending(row: Any, own: frozenset[str] | None, names: pd.Series, as_of: date) -> Sending:
    accepted = None if pd.isna(row.accepted_at) else row.accepted_at
    due = row.due_on.date()
    return Sending(
        id=row.id,
        signal_id=row.signal_id,
        from_name=str(names.get(row.from_unit_id, "")),
        to_name=row.to_name,
        sent_at=row.sent_at,
        due_on=due,
        accepted_at=accepted,
        days_late=max((as_of - due).days, 0) if accepted is None else 0,
        mine=row.from_unit_id in own if own is not None else True,
        to_me=row.to_unit_id in own if own is not None else row.to_unit_id is not None,
        outside=bool(pd.isna(row.to_unit_id)),
    )
