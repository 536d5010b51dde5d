"""The meetings that were held, what they decided, and the names that a leader reveals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import select

from app.access import Right, may, require
from app.services.free_text import about_places
from app.services.meeting_facts import codes, of_unit, unit_name
from app.services.task_reading import read_tasks
from app.services.task_recording import NewTask, write_task
from data.repositories import places
from data.repositories.frames import columns, current, frame
from data.repositories.scope import within_scope
from data.repositories.signals import own_units
from data.store import Actor, Store, Work
from data.tables import Meeting
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.periods import Period
from geo.review_words import TaskKind

REVEALED = "meeting.reveal"


@dataclass(frozen=True)
class HeldMeeting:
    """A review meeting on record. ``unit_id`` None: of the whole. ``decisions``: how many it took."""

    id: str
    unit_id: str | None
    held_on: date
    first_day: date
    last_day: date
    document: str | None
    decisions: int


@dataclass(frozen=True)
class Revealed:
    """A premises whose name a leader has revealed."""

    code: str
    name: str
    address: str


def meetings_of(store: Store, actor: Actor, unit_id: str | None, *, as_of: date) -> list[HeldMeeting]:
    """The meetings of a unit (None: of the whole) up to a day, newest first.

    Raises InputError ``unknown_unit`` for a unit outside the actor's scope.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        unit_name(work, unit_id, as_of)
        return read_meetings(work, unit_id, as_of)


def read_meetings(work: Work, unit_id: str | None, as_of: date) -> list[HeldMeeting]:
    """``meetings_of`` inside a unit of work."""
    rows = Meeting.__table__.c
    own = rows.unit_id.is_(None) if unit_id is None else rows.unit_id == unit_id
    found = frame(work, current(Meeting).where(own, rows.held_on <= as_of))
    taken = pd.Series([one.meeting_id for one in read_tasks(work, as_of=as_of)], dtype=object).value_counts()
    held = [
        HeldMeeting(
            id=row.id,
            unit_id=unit_id,
            held_on=row.held_on.date(),
            first_day=row.first_day.date(),
            last_day=row.last_day.date(),
            document=row.document if isinstance(row.document, str) else None,
            decisions=int(taken.get(row.id, 0)),
        )
        for row in found.itertuples(index=False)
    ]
    return sorted(held, key=lambda one: one.held_on, reverse=True)


def hold_meeting(
    store: Store,
    actor: Actor,
    unit_id: str | None,
    period: Period,
    *,
    held_on: date,
    as_of: date,
    document: str = "",
    note: str = "",
) -> str:
    """Put a meeting on record and give its id; that of the same unit and day where there is one already, which
    then gets the ``document`` that is given.

    Raises InputError for a unit outside the scope, a day to come or before the period, RuleError for personal
    data.
    """
    require(actor, Right.REPORT)
    number, told = about_places(document)[:200], about_places(note)[:1000]
    if not period.first <= held_on <= as_of:
        raise InputError(
            "held_on",
            msg("Ngày họp phải từ {first} đến {last}.", first=period.first, last=as_of),
        )
    with store.write(actor) as work:
        unit_name(work, unit_id, as_of)
        for one in read_meetings(work, unit_id, as_of):
            if one.held_on == held_on:
                _renumber(work, one, number)
                return one.id
        event = work.event()
        work.session.add(
            Meeting(
                **event,
                unit_id=unit_id,
                held_on=held_on,
                first_day=period.first,
                last_day=period.last,
                document=number or None,
                note=told or None,
            )
        )
        work.note("meeting.hold", event["id"], unit=unit_id, on=held_on.isoformat())
        return str(event["id"])


def _renumber(work: Work, held: HeldMeeting, number: str) -> None:
    """The clerk's number of a meeting on record, as its next revision."""
    if not number or number == held.document:
        return
    row = _meeting(work, held.id)
    kept = {column.name: getattr(row, column.name) for column in columns(Meeting)}
    event = {**work.event(), "id": row.id, "revision": row.revision + 1}
    work.session.add(Meeting(**{**kept, **event, "document": number}))
    work.note("meeting.number", held.id)


def decide(
    store: Store, actor: Actor, meeting_id: str, *, title: str, owner: str, due_on: date, as_of: date
) -> str:
    """Record what a meeting decided: what, which body does it, by when. Gives the task's id.

    Raises InputError for a meeting outside the scope or a deadline before it, RuleError for a person as owner.
    """
    require(actor, Right.REPORT)
    with store.write(actor) as work:
        held = _meeting(work, meeting_id)
        if due_on < held.held_on:
            raise InputError(
                "due_before_meeting", msg("Hạn {due} trước ngày họp {held}.", due=due_on, held=held.held_on)
            )
        new = NewTask(
            TaskKind.DECISION,
            title,
            owner,
            held.unit_id,
            given_on=held.held_on,
            due_on=due_on,
            meeting_id=meeting_id,
        )
        return write_task(work, new, as_of)


def _meeting(work: Work, meeting_id: str) -> Meeting:
    newest = select(Meeting).where(Meeting.id == meeting_id).order_by(Meeting.revision.desc()).limit(1)
    held, units = work.session.scalars(newest).first(), own_units(work)
    if held is None or held.void or (units is not None and held.unit_id not in units):
        raise InputError("unknown_meeting", msg("Không có cuộc họp này trong địa bàn của bạn."))
    return held


def may_reveal(actor: Actor) -> bool:
    """Whether the actor may show names of premises in a meeting."""
    return may(actor, Right.APPROVE) or may(actor, Right.REPORT)


def reveal(
    store: Store, actor: Actor, unit_id: str | None, shown: Collection[str], *, as_of: date
) -> dict[str, Revealed]:
    """Names and addresses of premises by their codes, inside one unit; noted in the audit log, by code.

    Raises RuleError where the actor may not, InputError for a unit outside the scope. Codes of premises
    elsewhere are left out.
    """
    if not may_reveal(actor):
        raise RuleError("not_allowed", msg("Chỉ người chủ trì mới được hiện tên cơ sở."))
    with store.read(actor) as asked:
        unit_name(asked, unit_id, as_of)
    with store.write(of_unit(actor, unit_id)) as work:
        premises, called = within_scope(work, places.premises_on(work, as_of)), codes(work)
        names = {
            called[row.id]: Revealed(called[row.id], row.name, row.address)
            for row in premises.itertuples(index=False)
            if called[row.id] in shown
        }
        # Codes, never names: the log is read by others.
        work.note(REVEALED, unit_id or "", codes=sorted(names))
    return names
